/**
 * The contacts of an inbox: what was asked for, page by page, and what has happened to it since.
 *
 * Rows stay where they are until the reader asks for news: a contact that does not fit any more is
 * `isGone`, one that came is counted in `news`. Events that a page has in it already change nothing.
 */

import { Store } from "../lib/store.js";
import { keep, kept } from "./kept.js";
import { askPast } from "./past.js";
import { isAfter } from "./position.js";

const NAME = "inbox";
const PAGE = 50;
const RECENT_MAX = 300;
const COUNTS_MS = 2_000;
const GLANCE_MS = 15_000; // where only the sum is seen
const OWNERS = { mine: "me", nobody: "none", others: "others" };
const OPEN = ["scheduled", "held", "queued", "offered", "assigned", "waiting_customer", "wrap_up"];

/** Everything open, the newest first. */
export const ALL = {
  queue: "",
  whose: "all",
  state: "open",
  waiting: "",
  channel: "",
  origin: "",
  subject: "",
  customer: "",
  address: "",
  text: "",
  sort: "newest",
};

const NONE = { rows: [], cursor: null, status: "new", error: null, news: 0 };

export class InboxList extends Store {
  /** @param {string} me the agent whose inbox it is @param {() => string} position the last that was told */
  constructor(me, position) {
    super({ ...NONE, filters: { ...ALL, ...kept(NAME) }, counts: [] });
    /** Whether the list is looked at: then its counts are as fresh as can be. */
    this.isShown = false;
    this._me = me;
    this._recent = [];
    this._news = new Set();
    this._turn = 0;
    this._position = position;
  }

  /** Other filters, or some of them: the list begins anew. */
  filter(members) {
    const filters = { ...this.value.filters, ...members };
    if (filters.state === "closed" && filters.sort === "due") filters.sort = "newest";
    keep(NAME, filters);
    this.set({ ...NONE, filters });
    this.load();
  }

  /** The first page, as of the last event that was heard. */
  async load() {
    this._turn += 1;
    this._news.clear();
    this.set({ status: "loading", error: null });
    this.count();
    await this._page(this._turn, null);
  }

  /** The page after those that are there. */
  async more() {
    const { cursor, status } = this.value;
    if (!cursor || status === "loading") return;
    this.set({ status: "loading" });
    await this._page(this._turn, cursor);
  }

  /** Something was missed: what is shown is asked for again. */
  doubt() {
    this._recent = [];
    if (this.value.status === "new") this.count();
    else this.load();
  }

  /** Takes an event of the stream. */
  hear(message) {
    const { event } = message;
    if (!event.contact || !CHANGES[event.e]) return;
    this._recent = [...this._recent.slice(1 - RECENT_MAX), message];
    this._countSoon();
    this._apply(message);
  }

  _apply(message) {
    const { event, at, position } = message;
    const { rows, filters } = this.value;
    const index = rows.findIndex((row) => row.contact === event.contact);
    const change = { ...CHANGES[event.e](event, at), changed_at: at };
    if (index >= 0) {
      if (!isAfter(position, rows[index].asOf)) return;
      const row = { ...rows[index], ...change };
      row.isGone = !fits(filters, row, this._me);
      this.set({ rows: rows.with(index, row) });
      return;
    }
    if (this.value.status === "new" || !isAfter(position, this._asOf)) return;
    if (mayFit(filters, { ...told(event), ...change }, this._me)) this._news.add(event.contact);
    else this._news.delete(event.contact);
    this.set({ news: this._news.size });
  }

  async _page(turn, cursor) {
    const query = { ...asked(this.value.filters), limit: PAGE, cursor, after: this._position() };
    try {
      const page = await askPast("/v1/inbox", query);
      if (turn === this._turn) this._take(page, cursor);
    } catch (error) {
      if (turn === this._turn) this.set({ status: "failed", error });
    }
  }

  _take({ contacts, cursor, position }, before) {
    const kept = before ? this.value.rows : [];
    const known = new Set(kept.map(({ contact }) => contact));
    const rows = contacts
      .filter(({ contact }) => !known.has(contact))
      .map((contact) => ({ ...contact, asOf: position }));
    if (!before) {
      this._asOf = position;
      this._news.clear();
    }
    for (const { contact } of rows) this._news.delete(contact);
    this.value = { ...this.value, rows: [...kept, ...rows] };
    this.set({ cursor, status: "whole", error: null, news: this._news.size });
    for (const message of this._recent) this._apply(message);
  }

  _countSoon() {
    this._counting ??= setTimeout(() => this.count(), this.isShown ? COUNTS_MS : GLANCE_MS);
  }

  /** Asks how many there are. */
  async count() {
    clearTimeout(this._counting);
    this._counting = undefined;
    try {
      const { open } = await askPast("/v1/inbox/counts", { after: this._position() });
      this.set({ counts: open });
    } catch {
      // the list itself tells what is wrong; the next event brings the counts
    }
  }
}

const lists = new WeakMap();

/** The inbox of a stream's agent: one, which keeps what was asked for while it is not shown. */
export function inboxOf(stream, agent) {
  if (!lists.has(stream)) {
    const list = new InboxList(agent, () => stream.position);
    stream.addEventListener("event", ({ detail }) => list.hear(detail));
    stream.addEventListener("snapshot", () => list.doubt());
    lists.set(stream, list);
  }
  return lists.get(stream);
}

/** How many open contacts there are, of a queue or of all: {all, nobody, me, others}. */
export function tally(counts, queue) {
  const sums = { all: 0, nobody: 0, me: 0, others: 0 };
  for (const one of counts) {
    if (queue && one.queue !== queue) continue;
    sums.all += one.contacts;
    sums[one.whose] += one.contacts;
  }
  return sums;
}

/** Whose turn it is: "us", "customer" or "nobody". */
export function turnOf({ state }) {
  if (state === "closed" || state === "wrap_up") return "nobody";
  return state === "waiting_customer" ? "customer" : "us";
}

/** The filters as the question that they are. */
function asked({ whose, state, ...rest }) {
  return {
    ...rest,
    state: state === "any" ? "" : state,
    owner: OWNERS[whose],
    participant: whose === "had" ? "me" : undefined,
  };
}

function fits(filters, row, me) {
  const owner = row.owner ?? "";
  const isWhose = { mine: owner === me, nobody: !owner, others: owner && owner !== me };
  if (!(isWhose[filters.whose] ?? true) || !isState(filters.state, row.state)) return false;
  if (filters.waiting && turnOf(row) !== filters.waiting) return false;
  return ["queue", "channel", "origin", "subject", "customer", "address"].every(
    (name) => !filters[name] || row[name] === filters[name],
  );
}

/** Whether something that is known from one event alone is news; what is not known is no news. */
function mayFit(filters, row, me) {
  return filters.whose !== "had" && !filters.text && fits(filters, row, me);
}

function isState(wanted, state) {
  if (wanted === "any") return true;
  return wanted === "open" ? OPEN.includes(state) : wanted.split(",").includes(state);
}

/** What an event tells of its contact besides its change. */
function told({ contact, queue, channel, line, origin, subject, customer, address, state }) {
  const of = channel ?? line?.split("|")[1];
  return { contact, queue, channel: of, origin, subject, customer, address, state };
}

const FREE = { owner: undefined, assigned_at: undefined };

/** What each event that a watched queue tells changes in its contact. */
const CHANGES = {
  "contact.admitted": (event) => ({ state: event.state ?? "queued", ...FREE }),
  "contact.queued": (event, at) => ({
    ...FREE,
    state: "queued",
    queue: event.queue,
    since: event.since ?? at,
  }),
  "contact.held": ({ queue, opens_at }) => ({ ...FREE, state: "held", queue, opens_at }),
  "contact.scheduled": ({ queue, not_before }) => ({
    ...FREE,
    state: "scheduled",
    queue,
    not_before,
  }),
  "contact.updated": ({ subject, priority }) => ({
    ...(subject === undefined ? {} : { subject }),
    ...(priority === undefined ? {} : { priority }),
  }),
  "contact.assigned": (event, at) => ({
    state: "assigned",
    owner: event.agent,
    queue: event.queue,
    assigned_at: at,
  }),
  "contact.waiting_customer": (event, at) => ({
    state: "waiting_customer",
    owner: event.agent,
    asked_at: at,
  }),
  "contact.wrap_up": (event, at) => ({ state: "wrap_up", owner: event.agent, ended_at: at }),
  "contact.closed": (event, at) => ({ state: "closed", closed_at: at, result: event.result }),
};
