// Whatnow on any page: <script src="https://.../widget.js" defer></script>. A button, and a frame from Whatnow's own
// origin that opens on it: the page around it can read neither what is typed nor what is answered, and sends it nothing.
// Themable by CSS custom properties on whatnow-widget: --whatnow-accent, --whatnow-on-accent, --whatnow-font,
// --whatnow-radius, --whatnow-width, --whatnow-height, --whatnow-edge, --whatnow-layer.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const STYLE = `
    :host { position: fixed; z-index: var(--whatnow-layer, 2147483000); inset: auto var(--whatnow-edge, 1rem) var(--whatnow-edge, 1rem) auto;
      font: 1rem/1.5 var(--whatnow-font, system-ui, sans-serif); color-scheme: light dark; }
    :host([hidden]), [hidden] { display: none !important; }
    button { font: inherit; font-weight: 600; min-height: 3rem; padding: .5rem 1.1rem; cursor: pointer; border-radius: var(--whatnow-radius, 1.5rem);
      color: var(--whatnow-on-accent, #fff); background: var(--whatnow-accent, #1d4f91); border: 2px solid var(--whatnow-on-accent, #fff); }
    button:focus-visible { outline: 3px solid var(--whatnow-accent, #1d4f91); outline-offset: 2px; }
    .panel { position: fixed; inset: auto var(--whatnow-edge, 1rem) var(--whatnow-edge, 1rem) auto; display: flex; flex-direction: column;
      width: min(var(--whatnow-width, 26rem), calc(100vw - 2rem)); height: min(var(--whatnow-height, 40rem), calc(100vh - 2rem));
      border: 2px solid var(--whatnow-accent, #1d4f91); border-radius: .75rem; overflow: hidden; background: Canvas; }
    .bar { display: flex; justify-content: flex-end; padding: .25rem; background: var(--whatnow-accent, #1d4f91); }
    .bar button { min-height: 2.5rem; padding: .2rem .9rem; }
    .bar button:focus-visible { outline-color: var(--whatnow-on-accent, #fff); outline-offset: -6px; }
    iframe { flex: 1; width: 100%; border: 0; background: Canvas; }
    @media (max-width: 480px) { .panel { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; } }
    @media print { :host { display: none; } }
  `;

  function make(tag, attributes, text = "") {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  class WhatnowWidget extends HTMLElement {
    #opener = make("button", { type: "button", part: "button", "aria-expanded": "false", "aria-haspopup": "dialog" });
    #panel = make("div", { class: "panel", part: "panel", role: "dialog", "aria-label": "Whatnow" });
    #frame = null;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      const style = new CSSStyleSheet(); // not a style element: a page's own strict policy may forbid those
      style.replaceSync(STYLE);
      root.adoptedStyleSheets = [style];
      const bar = make("div", { class: "bar" });
      const closer = make("button", { type: "button", part: "close" }, "Close");
      bar.append(closer);
      this.#panel.append(bar);
      this.#panel.hidden = true;
      root.append(this.#opener, this.#panel);
      this.#opener.addEventListener("click", () => this.open());
      closer.addEventListener("click", () => this.close());
      root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
      addEventListener("message", (event) => this.#hear(event));
    }

    connectedCallback() {
      this.#opener.textContent = this.getAttribute("label") || script.dataset.label || "What now?";
    }

    /** Open the frame, made at the first opening: a page that nobody asks on loads nothing. */
    open() {
      this.#panel.hidden = false;
      this.#opener.hidden = true;
      this.#opener.setAttribute("aria-expanded", "true");
      if (this.#frame) return this.#greet();
      this.#frame = make("iframe", { title: "Whatnow", src: `${home}/embed`, allow: "clipboard-write", referrerpolicy: "no-referrer" });
      this.#frame.addEventListener("load", () => this.#greet());
      this.#panel.append(this.#frame);
    }

    /** Close it; the focus goes back to the button. The conversation stays in the frame. */
    close() {
      if (this.#panel.hidden) return;
      this.#panel.hidden = true;
      this.#opener.hidden = false;
      this.#opener.setAttribute("aria-expanded", "false");
      this.#opener.focus();
    }

    #greet() {
      this.#frame.focus();
      this.#frame.contentWindow.postMessage({ whatnow: "opened" }, home);
    }

    #hear(event) {
      if (event.source === this.#frame?.contentWindow && event.origin === home && event.data?.whatnow === "close") this.close();
    }
  }

  if (!customElements.get("whatnow-widget")) customElements.define("whatnow-widget", WhatnowWidget);
  const place = () => document.querySelector("whatnow-widget") ?? document.body.append(document.createElement("whatnow-widget"));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
