// No files: what is dropped or pasted is refused in words and never read.

import { word } from "./dom.js";

const holdsFiles = (transfer) => Array.from(transfer?.types ?? []).includes("Files");

/** Refuse every file; `object` says why. */
export function refuseFiles(object) {
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (kind === "drop") object(word("files"));
    });
  }
  document.addEventListener("paste", (event) => {
    if (!holdsFiles(event.clipboardData)) return;
    event.preventDefault();
    object(word("files"));
  });
}
