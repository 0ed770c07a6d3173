/**
 * What a desk keeps in the browser: drafts and what could not be sent yet, in the tab; how far each contact
 * was read, for all tabs of the agent. Each agent has his own.
 */

import { identity } from "../lib/session.js";
import { Store } from "../lib/store.js";
import { isAfter } from "./position.js";

const READS_MAX = 300;

function key(name) {
  const { tenant, subject } = identity() ?? {};
  return `vez.${name}.${tenant}.${subject}`;
}

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(key(name))) ?? {};
  } catch {
    return {};
  }
}

/** Keeps a value in the tab; what is empty is forgotten. */
export function keep(name, value) {
  sessionStorage.setItem(key(name), JSON.stringify(value));
}

/** @returns {any} what was kept in the tab under the name, or an empty object */
export function kept(name) {
  return read(sessionStorage, name);
}

/** The text that is being written to a contact. */
export function draft(contact) {
  return kept("drafts")[contact] ?? {};
}

/** @param {{text?: string, isNote?: boolean}} written */
export function keepDraft(contact, written) {
  const drafts = { ...kept("drafts"), [contact]: written };
  if (!written.text) delete drafts[contact];
  keep("drafts", drafts);
}

/** Up to which position he has read each contact; other tabs hear of it. */
export class Reads extends Store {
  constructor() {
    super(read(localStorage, "reads"));
    window.addEventListener("storage", (event) => {
      if (event.key === key("reads")) this.set(read(localStorage, "reads"));
    });
  }

  mark(contact, position) {
    if (!position || !isAfter(position, this.value[contact])) return;
    const rest = Object.entries({ ...read(localStorage, "reads"), ...this.value });
    const newest = rest.filter(([name]) => name !== contact).slice(1 - READS_MAX);
    const reads = Object.fromEntries([...newest, [contact, position]]);
    localStorage.setItem(key("reads"), JSON.stringify(reads));
    this.set(reads);
  }
}
