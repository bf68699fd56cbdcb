// Make elements. Text is always text: nothing here, or anywhere in the page, writes HTML.

/** Return a new element with its attributes (functions become listeners) and children (strings become text). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Return the fixed words of the page that stand under a name in page.html. */
export function word(name) {
  return document.querySelector(`[data-word="${name}"]`).textContent;
}
