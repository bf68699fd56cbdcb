// What the page remembers: in this tab only, until it is closed or forgotten. Works without storage too.

const NAME = "whatnow";
const fresh = () => ({ token: null, talk: [], draft: "", pending: null, ticks: {} });
let now = read();

function read() {
  try {
    return { ...fresh(), ...JSON.parse(sessionStorage.getItem(NAME) ?? "{}") };
  } catch {
    return fresh(); // storage is blocked, full of something else, or broken: begin anew
  }
}

/** What is remembered just now. */
export const remembered = () => now;

/** Remember changes. */
export function remember(changes) {
  now = { ...now, ...changes };
  try {
    sessionStorage.setItem(NAME, JSON.stringify(now));
  } catch {
    // no room or no permission: the page still holds it
  }
}

/** Remember nothing of the conversation; a draft that is being typed stays. */
export function forgetAll() {
  remember({ ...fresh(), draft: now.draft });
}
