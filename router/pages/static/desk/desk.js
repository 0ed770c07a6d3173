/** One agent's desk at work: the stream, what is known by it, and what he does. */

import { token } from "../lib/session.js";
import { Store } from "../lib/store.js";
import { Stream } from "../lib/stream.js";
import { keep, kept, Reads } from "./kept.js";
import { Outbox } from "./outbox.js";
import { isAfter } from "./position.js";
import { after, begun, filled, his, isForced, NOTHING, roleIn } from "./state.js";
import { Timelines } from "./timeline.js";

/** After a repair the truth is another one; what else happened is told by events of its own. */
const RETOLD = ["repair.made", "contact.lost"];

export class Desk extends EventTarget {
  /** @param {string} session the tab's */
  constructor(session) {
    super();
    this.stream = new Stream({ token, session, queues: "all" });
    /** @type {Store} what the agent has, as `state.js` tells it */
    this.work = new Store(NOTHING);
    /** What is shown: the opened contact, and a contact that is looked at without being his. */
    const { opened = null } = kept("opened");
    this.shown = new Store({ contact: opened, looked: null, status: "connecting", code: null });
    /** Queues with their settings, and why he may be not ready, id -> name. */
    this.queues = new Store({ list: [], reasons: {} });
    this.reads = new Reads();
    this.timelines = new Timelines(() => this._position);
    this.outbox = new Outbox(this.stream);
    this._position = null;
    this.stream.addEventListener("snapshot", ({ detail }) => this._begin(detail));
    this.stream.addEventListener("event", ({ detail }) => this._take(detail));
    this.stream.addEventListener("status", ({ detail }) => this._follow(detail));
  }

  start() {
    this.stream.start();
  }

  stop() {
    this.stream.stop();
  }

  now() {
    return this.stream.now();
  }

  get me() {
    return this.work.value.me;
  }

  /** Carries out a command; a refusal is thrown to who asked. */
  command(name, args) {
    return this.stream.command(name, args);
  }

  /** The settings of a queue, or an empty object. */
  settings(queue) {
    return this.queues.value.list.find((one) => one.queue === queue)?.settings ?? {};
  }

  /** The name of a queue as people call it. */
  queueName(queue) {
    return this.settings(queue).name || queue;
  }

  /** What is known of a contact: his, one that was his, or the one that is looked at. */
  contact(id) {
    const { contacts, past } = this.work.value;
    const { looked } = this.shown.value;
    return (
      contacts[id] ?? (looked?.contact === id ? looked : past.find((one) => one.contact === id))
    );
  }

  /** Opens a contact, his or not. */
  async open(id) {
    this.shown.set({
      contact: id,
      looked: id && this.contact(id) ? this.shown.value.looked : null,
    });
    keep("opened", { opened: id });
    if (!id) return;
    this.timelines.load(id);
    if (!this.work.value.contacts[id]) await this.look(id);
  }

  /** Asks what a contact is now that is not his. */
  async look(id) {
    const looked = await this.command("contact", { contact: id }).catch((error) => ({
      contact: id,
      error,
    }));
    if (this.shown.value.contact === id) this.shown.set({ looked });
  }

  /** Whether the agent has the contact, or takes part in it. */
  isHis(contact) {
    return Boolean(this.me && contact && roleIn(contact, this.me.agent));
  }

  async readQueues() {
    const { queues, not_ready_reasons: reasons } = await this.command("queues");
    this.queues.set({ list: queues, reasons });
  }

  /** Everything anew, where an event tells too little: a snapshot as of now, not behind what is known. */
  async reread() {
    const snapshot = await this.command("snapshot");
    if (isAfter(this._position, snapshot.position)) await this.reread();
    else this.work.set(begun(snapshot, this.work.value));
  }

  _begin(welcome) {
    this._position = welcome.position;
    this.work.set(begun(welcome.snapshot, this.work.value));
    this.timelines.doubt();
    this._loadHis();
    const { contact } = this.shown.value;
    if (contact) this.open(contact);
    this._quietly(this.readQueues());
  }

  _take(message) {
    const before = this.work.value;
    this._position = message.position;
    this.work.set(after(before, message));
    this.timelines.hear(message);
    this.outbox.hear(message);
    const { contact, e } = message.event;
    if (e.startsWith("config.")) this._quietly(this.readQueues());
    if (RETOLD.includes(e) || isForced(message.event)) this._quietly(this.reread());
    if (contact) this._mind(contact);
    this.timelines.keepOnly(this._worthKeeping());
    this.dispatchEvent(new CustomEvent("event", { detail: { message, before } }));
  }

  /** A contact that became his is asked for, and one that is looked at is looked at again. */
  _mind(id) {
    const now = this.work.value.contacts[id];
    if (now?.stub) this._fill(id);
    if (this.isHis(now)) this.timelines.load(id);
    else if (this.shown.value.contact === id && !now) {
      this.look(id);
      this.timelines.refresh(id);
    }
  }

  async _fill(id) {
    const view = await this.command("contact", { contact: id }).catch(() => null);
    if (view) this.work.set((state) => filled(state, view, isAfter));
  }

  _worthKeeping() {
    const { contacts, past } = this.work.value;
    const opened = this.shown.value.contact;
    return [...Object.keys(contacts), ...past.map(({ contact }) => contact), opened];
  }

  _loadHis() {
    const open = his(this.work.value).filter(({ state }) => state === "assigned");
    for (const { contact } of open) this.timelines.load(contact);
  }

  _follow({ status, code }) {
    this.shown.set({ status, code });
    if (status === "online") this._loadHis();
  }

  /** What could not be read now is read after the next snapshot. */
  _quietly(reading) {
    reading.catch(() => {});
  }
}
