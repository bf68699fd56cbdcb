// Draw a step of training: what came of the last choice, where the course is, the story, the question, the result.

import { make } from "./dom.js";

const VERDICTS = { right: "Right", partly: "Partly right", wrong: "Not what the policy asks", harmful: "That would do harm" };

function feedback(given) {
  const verdict = make("p", { class: `verdict ${given.verdict}` }, VERDICTS[given.verdict]);
  return make("section", { class: "feedback", "aria-label": "What came of your choice" }, verdict, make("p", { class: "plain" }, given.text));
}

function place(training) {
  if (!training.of) return null;
  const text = `${training.at} of ${training.of}: ${training.title}`;
  return make("p", { class: "place" }, text, make("progress", { value: training.at - 1, max: training.of, "aria-label": "Stories done" }));
}

/** Return the parts of a training reply, with the clause behind the last choice (`quotes`) under what came of it. */
export function training(reply, quotes) {
  const step = reply.training;
  const said = step.story ?? (step.feedback ? null : reply.question ? reply.lead : reply.text);
  return [
    step.feedback && feedback(step.feedback),
    ...quotes,
    place(step),
    said && make("p", { class: "plain story" }, said),
    reply.question && reply.question.text !== said && make("p", { class: "lead" }, reply.question.text),
    step.certificate && make("p", {}, make("a", { class: "main", href: step.certificate, download: true }, "Download the certificate (PDF)")),
  ];
}
