// Draw a reply object as a card. It draws what is there, changes no word, and adds none of the policy's.

import { make, word } from "./dom.js";
import { tools } from "./tools.js";
import { training } from "./training.js";

const TITLES = {
  advice: "What to do",
  emergency: "Emergency",
  question: "One question first",
  policy_text: "What the policy says",
  out_of_scope: "Not in this policy",
  training: "Practice",
  record: "Your result",
};
const URGENCY = {
  immediate: "Do this now",
  today: "Do this today",
  routine: "Not urgent: do this in the normal way",
};
const embedded = document.body.dataset.embedded === "yes";
let cards = 0;

/** A clause is cited by a link to it; general advice says in its own words that it is that. */
function citation(number) {
  if (!number) return null;
  const elsewhere = embedded ? { target: "_blank", rel: "noopener" } : {};
  return make("a", { class: "cite", href: `/policy#${encodeURIComponent(number)}`, ...elsewhere }, `clause ${number}`);
}

function step(each, place, ticks) {
  const box = make("input", { type: "checkbox", change: () => ticks.set(place, box.checked) });
  box.checked = ticks.get(place);
  const label = make("label", { class: "step" }, box, make("span", { class: "text" }, each.text));
  const call = each.code === "call_999" && make("a", { class: "main", href: "tel:999" }, "Call 999");
  return make("li", {}, label, citation(each.clause), " ", call);
}

function list(title, tag, kind, rows) {
  return rows.length ? [make("h3", {}, title), make(tag, { class: kind }, rows)] : [];
}

const warning = (each) => make("li", {}, each.text, " ", citation(each.clause));

/** Whom to tell: a name, a number to tap, an address to write to; plainly said where none has been set. */
function person(each) {
  const ways = [
    each.name,
    each.phone && make("a", { href: `tel:${each.phone.replace(/[^+\d]/g, "")}` }, `Call ${each.phone}`),
    each.email && make("a", { href: `mailto:${encodeURIComponent(each.email).replace("%40", "@")}` }, each.email),
  ].filter(Boolean);
  const known = ways.length ? ways.flatMap((way, n) => (n ? [" · ", way] : [way])) : [word("unset")];
  return make("li", {}, make("strong", {}, each.title), ": ", ...known);
}

function clause(each, open) {
  const title = make("summary", {}, `${each.number} ${each.heading}`);
  return make("details", { open }, title, make("blockquote", {}, each.quote), make("p", {}, citation(each.number)));
}

function source(policy) {
  const late = policy.overdue ? `; its review was due by ${policy.review_due} and is overdue` : "";
  return make("p", { class: "source" }, `${policy.title}, ${policy.version}${late}.`);
}

const quotes = (reply) =>
  list("The policy, word for word", "div", "quotes", (reply.clauses ?? []).map((each) => clause(each, reply.type === "policy_text")));

function body(reply, ticks) {
  if (reply.training) return training(reply, quotes(reply));
  const full = ["advice", "emergency", "question", "policy_text"].includes(reply.type);
  if (!full) return [make("p", { class: "plain" }, reply.text), ...list("Who to ask", "ul", "people", [reply.refer_to].filter(Boolean).map(person))];
  return [
    reply.real && make("p", { class: "real" }, word("real")),
    reply.urgency && make("p", { class: "urgency" }, URGENCY[reply.urgency]),
    reply.lead && !reply.question && make("p", { class: "lead" }, reply.lead),
    reply.question && make("p", { class: "plain" }, reply.question.text),
    ...list("Do", "ol", "steps", (reply.do ?? []).map((each, n) => step(each, n, ticks))),
    ...list("Do not", "ul", "never", (reply.dont ?? []).map(warning)),
    ...list("Until we know", "ul", "never", (reply.meanwhile ?? []).map(warning)),
    reply.note && make("p", { class: "note" }, reply.note),
    ...list("Who to tell", "ul", "people", (reply.contacts ?? []).map(person)),
    ...quotes(reply),
    reply.why && make("details", {}, make("summary", {}, "Why this answer?"), make("p", { class: "plain" }, reply.why)),
    reply.policy && source(reply.policy),
  ];
}

function choices(buttons, click) {
  if (!buttons.length) return null;
  const drawn = buttons.map((each) =>
    make("button", { type: "button", class: "control choice", click: () => click(each) }, each.title),
  );
  return make("div", { class: "choices", role: "group", "aria-label": "Answers to choose from" }, drawn);
}

/** Return the card of an answer ({reply, buttons}). `ticks` keeps ticked steps; `click` is called with a chosen button. */
export function card({ reply, buttons }, ticks, click) {
  cards += 1;
  const title = make("h2", { id: `card-${cards}` }, TITLES[reply.type] ?? "Whatnow");
  const drawn = make("article", { class: `card ${reply.urgency ?? ""} ${reply.type}`, "aria-labelledby": title.id }, title, body(reply, ticks));
  drawn.append(...[choices(buttons, click), reply.clauses && !reply.training && tools(reply, drawn)].filter(Boolean));
  return drawn;
}

/** Return what a screen reader says when an answer has come. */
export function summary({ reply, buttons }) {
  const urgency = URGENCY[reply.urgency];
  const steps = reply.do?.length ? `${reply.do.length} ${reply.do.length === 1 ? "step" : "steps"}` : null;
  const asked = reply.question && `${reply.question.text} ${buttons.map((each) => each.title).join(", ")}`;
  const plain = !reply.do && !reply.question && !reply.clauses && reply.text;
  return [reply.real && word("real"), TITLES[reply.type], urgency, steps, asked, plain].filter(Boolean).join(". ");
}
