// The line to the gateway: a token in a header, a key with every message so that sending it again says nothing twice.

import { remember, remembered } from "./memory.js";

const PATIENCE = 20000;
const AGAIN = [400, 1200]; // milliseconds before a message is sent again

/** Why a message was not taken: `name` as the gateway gives it ("down" where there is no line), `text` for the person. */
export class Refused extends Error {
  constructor(name, text = "") {
    super(name);
    this.name = name;
    this.text = text;
  }
}

async function post(path, body) {
  const token = remembered().token;
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  let response, found;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal, credentials: "omit" });
    found = await response.json();
  } catch {
    throw new Refused("down");
  }
  if (!response.ok) throw new Refused(found.error, found.text);
  return found;
}

async function open() {
  if (!remembered().token) remember({ token: (await post("/api/session", {})).token });
}

/** Send one message ({key, text} or {key, button}); return the answer. Sends it again, under its key, while the line is down. */
export async function say(message) {
  for (let tries = 0; ; tries += 1) {
    try {
      await open();
      return await post("/api/say", message);
    } catch (refused) {
      if (refused.name !== "down" || tries >= AGAIN.length) throw refused;
      await new Promise((resolve) => setTimeout(resolve, AGAIN[tries]));
    }
  }
}

/** Drop the token: the next message begins a new conversation. */
export function startAnew() {
  remember({ token: null });
}

/** Ask the gateway to forget the conversation. */
export async function forget() {
  if (remembered().token) await post("/api/forget", {});
}

/** Return a key for a new message. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
