/**
 * What was said and done in each contact: the archive's part and what came live since, each exactly once.
 *
 * The archive is a moment behind the journal, so it is asked for all up to the last position that the
 * stream has told (`after`); what the stream tells later is put beside it, by its position.
 */

import { ask } from "../lib/api.js";
import { Store } from "../lib/store.js";
import { compare } from "./position.js";

const PAGE = 500;
const AGAIN_MS = 3_000;
const HELD_MAX = 100;

/** @typedef {{entries: object[], status: "new" | "loading" | "whole" | "failed", error?: Error}} Timeline */

/** @type {Timeline} */
const NEW = { entries: [], status: "new" };

export class Timelines extends Store {
  /** @param {() => string} position the last that the stream told */
  constructor(position) {
    super({});
    this._position = position;
  }

  /** @returns {Timeline} */
  of(contact) {
    return this.value[contact] ?? NEW;
  }

  /** Takes an event of the stream; of contacts that nobody has asked for, the archive will tell. */
  hear({ position, at, event }) {
    if (event.contact in this.value) this._put(event.contact, [{ position, at, event }]);
  }

  /** Forgets all but these, when there are many. @param {string[]} contacts */
  keepOnly(contacts) {
    const held = Object.keys(this.value);
    if (held.length <= HELD_MAX) return;
    const kept = contacts.filter((contact) => contact in this.value);
    this.value = Object.fromEntries(kept.map((contact) => [contact, this.value[contact]]));
  }

  /** Asks for what the archive has, unless it is here or under way. */
  async load(contact) {
    const { status } = this.of(contact);
    if (status === "whole" || status === "loading") return;
    this._note(contact, { status: "loading", error: undefined });
    try {
      const query = { limit: PAGE, after: this._position() };
      do {
        const page = await ask(`/v1/contacts/${encodeURIComponent(contact)}/timeline`, { query });
        this._put(contact, page.entries);
        query.cursor = page.cursor;
      } while (query.cursor);
      this._note(contact, { status: "whole" });
    } catch (error) {
      this._note(contact, { status: "failed", error });
      if (error.kind === "archive-behind") setTimeout(() => this.load(contact), AGAIN_MS);
    }
  }

  /** What was missed is not known: everything is asked for again when it is looked at. */
  doubt() {
    const doubted = ([contact, line]) => [contact, { ...line, status: "new" }];
    this.set(Object.fromEntries(Object.entries(this.value).map(doubted)));
  }

  /** Asks again for one contact, of which the stream does not tell everything. */
  async refresh(contact) {
    if (this.of(contact).status === "loading") return;
    this._note(contact, { status: "new" });
    await this.load(contact);
  }

  _put(contact, arrived) {
    const line = this.of(contact);
    const known = new Set(line.entries.map(({ position }) => position));
    const news = arrived.filter(({ position }) => !known.has(position));
    if (news.length === 0) return;
    const entries = [...line.entries, ...news].sort((one, other) =>
      compare(one.position, other.position),
    );
    this.set({ [contact]: { ...line, entries } });
  }

  _note(contact, members) {
    this.set({ [contact]: { ...this.of(contact), ...members } });
  }
}

/** How many of the customer's messages came after a position. */
export function unread({ entries }, position) {
  return entries.filter(
    (entry) => entry.event.author === "customer" && compare(entry.position, position) > 0,
  ).length;
}
