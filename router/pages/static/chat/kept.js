/**
 * What this browser keeps between two visits: who it is, its ticket, what has not been sent yet.
 *
 * A page inside another site may be kept from its storage; then it lives as long as the page.
 */

import { randomId } from "../lib/session.js";

const NAMES = {
  browser: "vez.chat.browser",
  ticket: "vez.chat.ticket",
  over: "vez.chat.over",
  person: "vez.chat.person",
};
const UNSENT = "vez.chat.unsent";
const memory = new Map();

/** @returns {string} chosen by chance; what begins under the same one goes on in what is open */
export function browserId() {
  const known = read(NAMES.browser);
  if (known) return known;
  const fresh = randomId();
  write(NAMES.browser, fresh);
  return fresh;
}

/** @returns {string} what opens his conversation; "" without one */
export function ticket() {
  return read(NAMES.ticket) ?? "";
}

export function keepTicket(text) {
  write(NAMES.ticket, text);
}

/** Whether the conversation is over, as last told. */
export function keepOver(isOver) {
  write(NAMES.over, isOver ? "1" : null);
}

/** Forgets the conversation. After one that is over the next is another one, else it goes on in it. */
export function forgetTicket() {
  write(NAMES.ticket, null);
  if (read(NAMES.over)) write(NAMES.browser, null);
  write(NAMES.over, null);
  write(UNSENT, null);
}

/** @returns {{name: string, reach: string}} what he said of himself last time */
export function person() {
  return parsed(NAMES.person) ?? { name: "", reach: "" };
}

export function keepPerson({ name, reach }) {
  write(NAMES.person, JSON.stringify({ name, reach }));
}

/** @returns {{id: string, text: string}[]} messages that the gateway has not answered yet */
export function unsent() {
  return parsed(UNSENT) ?? [];
}

export function keepUnsent(messages) {
  const plain = messages.map(({ id, text }) => ({ id, text }));
  write(UNSENT, plain.length ? JSON.stringify(plain) : null);
}

function parsed(name) {
  try {
    return JSON.parse(read(name));
  } catch {
    return null;
  }
}

function read(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, value) {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // it is in memory
  }
}
