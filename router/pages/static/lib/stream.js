/**
 * The protocol's WebSocket as a desktop uses it: hello, snapshot, events, commands, resume.
 *
 * Commands outlive a lost connection: each has a key, and is sent again with it after the resume, so that
 * what was done already is not done twice. `docs/protocol.md` is the protocol for people.
 *
 * Events of this object: `status` (see {@link Stream#status}), `snapshot` (detail: the welcome; forget what
 * was known before) and `event` (detail: one event of the journal, in order, each exactly once).
 */

import { Problem, Unreached } from "./problem.js";
import { randomId } from "./session.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const HELLO_MS = 10_000;
const COMMAND_MS = 15_000;
const BYE = 1000;
const [REFUSED_FROM, REFUSED_TO] = [4100, 4199];
const UNKNOWN = "outcome-unknown";

export class Stream extends EventTarget {
  /**
   * @param {{token: () => string | null, session?: string, queues?: string[] | "all", url?: string}} options
   */
  constructor({ token, session, queues, url = defaultUrl() }) {
    super();
    this._token = token;
    this._session = session;
    this._queues = queues;
    this._url = url;
    this._socket = null;
    this._position = null;
    this._commands = new Map();
    this._lastId = 0;
    this._failures = 0;
    this._offset = 0;
    /** "connecting", "online", "offline" (comes back by itself) or "ended" (does not) */
    this.status = "offline";
    /** The close code that ended it, or null. */
    this.code = null;
    this._onLine = () => this._retry(0);
    this._offLine = () => this._drop();
  }

  /** Connects, and stays connected until `stop`. */
  start() {
    window.addEventListener("online", this._onLine);
    window.addEventListener("offline", this._offLine);
    this._connect();
  }

  /** Leaves: the session ends at once, its offers go to others. */
  stop() {
    window.removeEventListener("online", this._onLine);
    window.removeEventListener("offline", this._offLine);
    clearTimeout(this._timer);
    clearInterval(this._beat);
    const socket = this._socket;
    this._socket = null;
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "bye" }));
    socket?.close(BYE);
    this._end(BYE);
  }

  /** The tenant's clock, in ms. */
  now() {
    return Date.now() + this._offset;
  }

  /** The journal's place of the last event that was told: what asks with `after` this misses nothing. */
  get position() {
    return this._position?.id;
  }

  /** Connects anew at once, as after a wait that a person does not want to sit through. */
  retry() {
    if (this.status === "offline") this._retry(0);
  }

  /** A fresh token of the same caller, before the old one expires. */
  renew(text) {
    if (this.status === "online") this._send({ type: "token", token: text });
  }

  /**
   * Carries out a command, or asks a question of the stream.
   * @param {string} name
   * @param {Record<string, any>} [args]
   * @returns {Promise<any>} the reply; of a question its `result`
   * @throws {Problem | Unreached}
   */
  command(name, args = {}) {
    return new Promise((resolve, reject) => {
      if (this.status === "ended") {
        reject(new Unreached("the stream has ended"));
        return;
      }
      this._lastId += 1;
      const id = this._lastId;
      const timer = setTimeout(() => {
        this._commands.delete(id);
        reject(new Unreached("no answer in time"));
      }, COMMAND_MS);
      const message = { type: "command", id, name, args, key: randomId() };
      this._commands.set(id, { message, resolve, reject, timer });
      if (this.status === "online") this._send(message);
    });
  }

  _connect() {
    this._say("connecting");
    const socket = new WebSocket(this._url, ["acd.json"]);
    this._socket = socket;
    this._heard = Date.now();
    const hello = setTimeout(() => socket.close(), HELLO_MS);
    socket.onopen = () => {
      const message = { type: "hello", protocol: 1, token: this._token() };
      if (this._session) message.session = this._session;
      if (this._queues) message.queues = this._queues;
      if (this._position) message.position = this._position;
      socket.send(JSON.stringify(message));
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(hello);
      if (this._socket === socket) this._take(JSON.parse(data));
    };
    socket.onclose = ({ code }) => {
      clearTimeout(hello);
      if (this._socket === socket) this._lost(code);
    };
  }

  _take(message) {
    this._heard = Date.now();
    switch (message.type) {
      case "welcome":
        this._welcomed(message);
        break;
      case "event":
        this._position = { ...this._position, id: message.position };
        this.dispatchEvent(new CustomEvent("event", { detail: message }));
        break;
      case "reply":
      case "problem":
        this._answered(message);
        break;
      case "reconnect":
        this._wait = message.delay_ms;
        break;
      default: // a heartbeat: it was heard
    }
  }

  _welcomed(welcome) {
    this._failures = 0;
    this._offset = welcome.now - Date.now();
    this._position = { epoch: welcome.epoch, id: welcome.position };
    this._lease = welcome.lease_ms;
    this._asked = 0;
    clearInterval(this._beat);
    this._beat = setInterval(() => this._listen(), welcome.heartbeat_ms);
    if (!welcome.recovered) {
      this.dispatchEvent(new CustomEvent("snapshot", { detail: welcome }));
    }
    this._say("online");
    for (const { message } of this._commands.values()) this._send(message);
  }

  /** A connection that has been silent for a whole lease is lost, whatever the browser says. */
  _listen() {
    const silent = Date.now() - this._heard;
    if (this._asked && this._asked > this._heard && silent > this._lease) {
      this._drop();
      return;
    }
    this._asked = Date.now();
    this._send({ type: "heartbeat" });
  }

  _answered(message) {
    const command = this._commands.get(message.id);
    if (!command) return;
    if (message.type === "problem" && message.problem.type.endsWith(UNKNOWN)) {
      this._send(command.message); // with the same key: it happens once
      return;
    }
    this._commands.delete(message.id);
    clearTimeout(command.timer);
    if (message.type === "problem") {
      command.reject(new Problem(message.problem));
      return;
    }
    if (message.now) this._offset = message.now - Date.now();
    command.resolve(message.result ?? message);
  }

  /** Gives a connection up and makes another one. */
  _drop() {
    const socket = this._socket;
    if (!socket) return;
    this._socket = null;
    socket.close();
    this._lost(0);
  }

  _lost(code) {
    clearInterval(this._beat);
    this._socket = null;
    if (code >= REFUSED_FROM && code <= REFUSED_TO) {
      this._end(code);
      return;
    }
    this._failures += 1;
    const growing = FIRST_WAIT_MS * 2 ** (this._failures - 1);
    const wait = this._wait ?? Math.min(growing, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    this._wait = undefined;
    this._say("offline");
    this._retry(wait);
  }

  _retry(wait) {
    clearTimeout(this._timer);
    if (this._socket || this.status === "ended") return;
    this._timer = setTimeout(() => this._connect(), wait);
  }

  _end(code) {
    this.code = code;
    this._say("ended");
    for (const { reject, timer } of this._commands.values()) {
      clearTimeout(timer);
      reject(new Unreached("the stream has ended"));
    }
    this._commands.clear();
  }

  /** What can not be sent on a socket that closes is sent on the next one. */
  _send(message) {
    if (this._socket?.readyState === WebSocket.OPEN) this._socket.send(JSON.stringify(message));
  }

  _say(status) {
    if (this.status === status) return;
    this.status = status;
    this.dispatchEvent(new CustomEvent("status", { detail: { status, code: this.code } }));
  }
}

function defaultUrl() {
  return `${location.origin.replace(/^http/, "ws")}/v1/stream`;
}
