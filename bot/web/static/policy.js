// The policy's page: search (clauses without the words are put aside, words are marked), print, and links to a clause.

const clauses = [...document.querySelectorAll(".clause")];
const wanted = document.getElementById("wanted");
const found = document.getElementById("found");
const quotes = new Map(clauses.map((each) => [each, each.querySelector("blockquote").textContent]));

/** Mark the words in a quote; the text stays what it is. */
function mark(clause, text) {
  const quote = clause.querySelector("blockquote");
  const whole = quotes.get(clause);
  const parts = [];
  let from = 0;
  for (let at = text ? whole.toLowerCase().indexOf(text) : -1; at >= 0; at = whole.toLowerCase().indexOf(text, from)) {
    const marked = document.createElement("mark");
    marked.textContent = whole.slice(at, at + text.length);
    parts.push(whole.slice(from, at), marked);
    from = at + text.length;
  }
  quote.replaceChildren(...parts, whole.slice(from));
}

function search() {
  const text = wanted.value.trim().toLowerCase();
  let count = 0;
  for (const clause of clauses) {
    const holds = !text || clause.textContent.toLowerCase().includes(text);
    clause.hidden = !holds;
    count += holds;
    mark(clause, text);
  }
  document.querySelectorAll("#policy > section").forEach((each) => (each.hidden = !each.querySelector(".clause:not([hidden])")));
  found.textContent = text ? `${count} of ${clauses.length} clauses hold “${wanted.value.trim()}”.` : "";
}

function goToClause() {
  const clause = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!clause?.matches(".clause")) return;
  wanted.value = "";
  search();
  clause.focus();
}

wanted.addEventListener("input", search);
document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("print").addEventListener("click", () => window.print());
addEventListener("hashchange", goToClause);
goToClause();
