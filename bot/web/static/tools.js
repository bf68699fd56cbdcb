// What can be done with an answer: copy it, print it on one page, prepare a message to the manager. Nothing is sent.

import { make, word } from "./dom.js";

const FOR_MANAGER = ["inform_manager", "declare_contact", "give_justification"];

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = make("textarea", { "aria-hidden": "true", class: "unseen" }); // no clipboard without https: the old way
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
    button.focus();
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

function print(card) {
  const closed = [...card.querySelectorAll("details:not([open])")];
  const done = () => {
    closed.forEach((each) => (each.open = false));
    card.classList.remove("chosen");
    document.body.classList.remove("printing");
  };
  closed.forEach((each) => (each.open = true));
  card.classList.add("chosen");
  document.body.classList.add("printing");
  addEventListener("afterprint", done, { once: true });
  window.print();
}

/** The message says what is due and asks to speak: what happened does not belong in a mail. */
function mail(reply) {
  const due = (reply.do ?? []).filter((each) => FOR_MANAGER.includes(each.code));
  if (!due.length) return null;
  const manager = (reply.contacts ?? []).find((each) => each.role === "line_manager")?.email ?? "";
  const clauses = [...new Set(due.map((each) => each.clause))].join(", ");
  const filled = { subject: word("mail-subject"), body: word("mail-body").replace("{clauses}", clauses) };
  const query = Object.entries(filled).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const to = encodeURIComponent(manager).replace("%40", "@");
  return make("a", { class: "control mail", href: `mailto:${to}?${query}`, title: word("mail-note") }, "Write to my manager");
}

/** Return the row of tools under a card. */
export function tools(reply, card) {
  const copying = make("button", { type: "button", class: "control", click: () => copy(reply.text, copying) }, "Copy");
  const printing = make("button", { type: "button", class: "control", click: () => print(card) }, "Print");
  const written = mail(reply);
  const note = written && make("p", { class: "source" }, word("mail-note"));
  return make("div", { class: "tools" }, copying, printing, written, note);
}
