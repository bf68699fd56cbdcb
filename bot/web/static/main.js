// The conversation: what is typed or clicked goes out once, the answer comes back as a card, nothing typed is lost.

import { card, summary } from "./card.js";
import { make, word } from "./dom.js";
import { refuseFiles } from "./files.js";
import { listenToHide } from "./hide.js";
import { forget, newKey, say, startAnew } from "./line.js";
import { forgetAll, remember, remembered } from "./memory.js";

const TYPING = 300; // milliseconds before it is said that an answer is on its way
const at = (id) => document.getElementById(id);
const [talk, box, waiting, aloud, objection, examples] = ["talk", "box", "waiting", "aloud", "objection", "examples"].map(at);
const limit = Number(document.body.dataset.limit);
let busy = false;

function object(text) {
  objection.textContent = text;
  objection.hidden = !text;
}

const ticks = (n) => ({
  get: (place) => Boolean(remembered().ticks[`${n}.${place}`]),
  set: (place, ticked) => remember({ ticks: { ...remembered().ticks, [`${n}.${place}`]: ticked } }),
});

function drawn(item, n) {
  if (item.answer) return card(item.answer, ticks(n), (button) => send({ key: newKey(), button: button.id }, button.title));
  if (item.notice) return make("p", { class: "notice" }, item.notice);
  return make("div", { class: "you" }, make("h2", {}, "You"), item.you);
}

function draw(item) {
  const element = drawn(item, remembered().talk.length);
  if (item.answer?.closes) talk.querySelectorAll(".choice").forEach((each) => (each.disabled = true));
  talk.append(element);
  examples.hidden = true;
  return element;
}

function add(item) {
  const element = draw(item);
  remember({ talk: [...remembered().talk, item] });
  return element;
}

/** Say that something has come, and bring it into view. */
function present(element, text) {
  aloud.textContent = text;
  element.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Send a message ({key, text} or {key, button}); `shown` is what the person sees as said. */
async function send(message, shown) {
  if (busy) return;
  object("");
  add({ you: shown });
  remember({ pending: { message, shown } });
  await deliver(message, shown);
}

async function deliver(message, shown) {
  busy = true;
  const sign = setTimeout(() => (waiting.hidden = false), TYPING);
  try {
    const answer = await say(message);
    remember({ pending: null });
    present(add({ answer }), summary(answer));
  } catch (refused) {
    await recover(refused, message, shown);
  } finally {
    clearTimeout(sign);
    waiting.hidden = true;
    busy = false;
  }
}

async function recover(refused, message, shown) {
  if (refused.name === "down") return offerAgain(message, shown);
  remember({ pending: null });
  if (["expired", "no_session", "forgotten"].includes(refused.name)) startAnew();
  if (message.text && !box.value) keepDraft((box.value = message.text));
  const notice = refused.name === "expired" ? word("expired") : refused.text || word("safe");
  present(add({ notice }), notice);
}

/** The line is down: the safe words, and a button that sends the same message again under its key. */
function offerAgain(message, shown) {
  const again = make("button", { type: "button", class: "main", click: () => retry() }, "Send again");
  const element = make("div", { class: "notice", id: "down" }, `${word("safe")}\n\n${word("down")}\n`, again);
  const retry = async () => {
    if (busy) return;
    element.remove();
    await deliver(message, shown);
  };
  talk.append(element);
  present(element, element.textContent);
}

function keepDraft(text) {
  remember({ draft: text });
}

function submit(event) {
  event?.preventDefault();
  const text = box.value.trim();
  if (busy) return;
  if (!text) return object(word("empty"));
  if (text.length > limit) return object(word("long"));
  box.value = "";
  keepDraft("");
  send({ key: newKey(), text }, text);
}

async function forgetTalk() {
  try {
    await forget();
  } catch {
    // where the line is down the token is dropped here, and nobody can use it again
  }
  forgetAll();
  talk.replaceChildren();
  examples.hidden = false;
  present(box, word("forgotten"));
  box.focus();
}

function restore() {
  const { talk: said, draft, pending } = remembered();
  remember({ talk: [] });
  said.forEach(add);
  box.value ||= draft; // somebody may have typed before this script was here
  if (pending) deliver(pending.message, pending.shown);
  else talk.lastElementChild?.scrollIntoView();
}

at("ask").addEventListener("submit", submit);
box.addEventListener("input", () => (keepDraft(box.value), object("")));
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
at("forget").addEventListener("click", forgetTalk);
examples.addEventListener("click", (event) => {
  if (event.target.matches("button")) send({ key: newKey(), text: event.target.textContent }, event.target.textContent);
});
at("practise").addEventListener("click", () => send({ key: newKey(), text: word("practise") }, word("practise")));
listenToHide();
refuseFiles(object);
restore();
