/** An agent's own prepared replies, as this browser keeps them. */

import { randomId } from "../lib/session.js";
import { Store } from "../lib/store.js";

const KEPT = "vez.canned";
const PLACE = /\{([^{}\n]{1,64})\}/g;
export const NAME_MAX = 80;
export const TEXT_MAX = 4_000;

/** @typedef {{id: string, name: string, text: string}} Reply */

class Replies extends Store {
  constructor() {
    super({ list: read() });
    window.addEventListener("storage", ({ key }) => key === KEPT && super.set({ list: read() }));
  }

  /** Adds a reply, or changes the one with its id. */
  put({ id = randomId(), name, text }) {
    const others = this.value.list.filter((one) => one.id !== id);
    this._keep([...others, { id, name, text }]);
  }

  drop(id) {
    this._keep(this.value.list.filter((one) => one.id !== id));
  }

  /** As a file to give to others. */
  written() {
    return JSON.stringify(
      this.value.list.map(({ name, text }) => ({ name, text })),
      null,
      2,
    );
  }

  /**
   * Takes those of a file; one with a name that is there already replaces it.
   * @returns {number} how many there were; throws a RangeError with the number of the first faulty one, or
   *   a SyntaxError where it is no list at all
   */
  take(json) {
    const given = JSON.parse(json);
    if (!Array.isArray(given)) throw new SyntaxError("no list");
    const faulty = given.findIndex((one) => !isReply(one));
    if (faulty >= 0) throw new RangeError(String(faulty + 1));
    const names = new Set(given.map(({ name }) => name));
    const others = this.value.list.filter(({ name }) => !names.has(name));
    this._keep([...others, ...given.map(({ name, text }) => ({ id: randomId(), name, text }))]);
    return given.length;
  }

  _keep(list) {
    const sorted = list.sort((one, other) => one.name.localeCompare(other.name));
    localStorage.setItem(KEPT, JSON.stringify(sorted));
    this.set({ list: [...sorted] });
  }
}

function isReply(one) {
  const isText = (text, most) => typeof text === "string" && text.trim() && text.length <= most;
  return Boolean(one) && isText(one.name, NAME_MAX) && isText(one.text, TEXT_MAX);
}

/** What cannot be read is as if there were nothing. */
function read() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT)) ?? [];
    return list.filter((one) => one?.id && isReply(one));
  } catch {
    return [];
  }
}

export const replies = new Replies();

/** A text with its `{name}` parts filled in; those that are not known stay as they are. */
export function filled(text, values) {
  return text.replace(PLACE, (whole, name) => {
    const value = values[name.trim()];
    return value === undefined || value === null || value === "" ? whole : String(value);
  });
}

/** The names in a text that there is nothing for. */
export function missing(text, values) {
  const names = [...filled(text, values).matchAll(PLACE)].map(([, name]) => name.trim());
  return [...new Set(names)];
}
