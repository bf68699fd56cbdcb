// Hide: blanks the screen at once, title included. Esc twice does it too; in the widget's frame, Esc closes the widget.

const TWICE = 600; // milliseconds between two Escs
const whole = document.getElementById("whole");
const blank = document.getElementById("blank");
const embedded = document.body.dataset.embedded === "yes";
const title = document.title;
let before = null;
let last = -TWICE;

function hide() {
  before = document.activeElement;
  whole.hidden = true;
  blank.hidden = false;
  document.title = "New tab";
  if (embedded) close();
}

function show() {
  blank.hidden = true;
  whole.hidden = false;
  document.title = title;
  before?.focus();
}

/** Ask the page around the frame to close the widget. It is told this and nothing else. */
function close() {
  parent.postMessage({ whatnow: "close" }, "*");
}

function escape(event) {
  if (event.key !== "Escape") return;
  if (embedded) return close();
  if (event.timeStamp - last < TWICE) hide();
  last = event.timeStamp;
}

/** Listen for the button, Esc, and the widget's opening. */
export function listenToHide() {
  document.getElementById("hide").addEventListener("click", hide);
  document.getElementById("back").addEventListener("click", show);
  document.addEventListener("keydown", escape);
  if (!embedded) return;
  addEventListener("message", (event) => {
    if (event.source === parent && event.data?.whatnow === "opened") (blank.hidden ? document.getElementById("box") : document.getElementById("back")).focus();
  });
}
