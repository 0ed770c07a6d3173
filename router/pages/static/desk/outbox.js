/**
 * Messages on their way: each is sent until the router has it, and is said once however often it is sent.
 *
 * A message has an id of its own, by which the engine knows it again; it is kept in the tab, so that
 * neither a lost connection nor a reload loses what an agent has written.
 */

import { Problem } from "../lib/problem.js";
import { randomId } from "../lib/session.js";
import { Store } from "../lib/store.js";
import { keep, kept } from "./kept.js";

const NAME = "outbox";
const AGAIN_MS = 3_000;

export class Outbox extends Store {
  /** @param {import("../lib/stream.js").Stream} stream */
  constructor(stream) {
    super({ messages: kept(NAME).messages ?? [] });
    this._stream = stream;
    this._under = new Set(); // those whose answer is awaited
    stream.addEventListener("status", () => this.flush());
  }

  /** Says something in a contact. @param {{contact: string, text: string, visibility: string}} said */
  say({ contact, text, attachments = [], visibility = "public", wait = false }) {
    const message = {
      id: randomId(),
      contact,
      text,
      attachments,
      visibility,
      wait,
      at: this._now(),
    };
    this._keep([...this.value.messages, message]);
    this.flush();
  }

  /** Those of a contact that the router does not have yet, or refused (`error`). */
  of(contact) {
    return this.value.messages.filter((message) => message.contact === contact);
  }

  /** Takes one back, as to change it. */
  drop(id) {
    this._keep(this.value.messages.filter((message) => message.id !== id));
  }

  /** Tries one again that was refused. */
  retry(id) {
    this._change(id, { error: undefined });
    this.flush();
  }

  /** The journal has it. */
  hear({ event }) {
    if (event.e === "contact.activity" && event.id) this.drop(event.id);
  }

  /** Sends what waits, in its order; nothing is sent while there is no connection. */
  flush() {
    for (const message of this.value.messages) this._send(message);
  }

  async _send({ id, contact, text, attachments, visibility, wait, error }) {
    if (error || this._stream.status !== "online" || this._under.has(id)) return;
    this._under.add(id);
    const said = { contact, author: "agent", text, attachments, visibility, wait, id };
    try {
      const { repeated } = await this._stream.command("report", said);
      if (repeated) this.drop(id);
      else this._change(id, { isSaid: true });
    } catch (refusal) {
      if (refusal instanceof Problem && refusal.status < 500 && refusal.status !== 429) {
        this._change(id, { error: refusal.body });
      } else {
        setTimeout(() => this.flush(), AGAIN_MS);
      }
    } finally {
      this._under.delete(id);
    }
  }

  _now() {
    return this._stream.now();
  }

  _change(id, members) {
    this._keep(
      this.value.messages.map((message) =>
        message.id === id ? { ...message, ...members } : message,
      ),
    );
  }

  _keep(messages) {
    this.set({ messages });
    keep(NAME, { messages });
  }
}
