/** One conversation's socket: it comes back by itself, and tells what was missed. */

const FIRST_MS = 500;
const LAST_MS = 10_000;
const ASK_MS = 20_000;
const SILENT_MS = 45_000;

/** Follows one conversation until `end`. */
export class Line {
  /**
   * @param {() => object} hello what is said first, without its type
   * @param {{onMessage: (message: any) => void, onAway: (isAway: boolean) => void, onOver: (code: number) => void}} tell
   *   `onOver`: it will not come back
   */
  constructor(hello, tell) {
    this._hello = hello;
    this._tell = tell;
    this._wait = FIRST_MS;
    this._isEnded = false;
    this._look = () => this._comeBack();
    window.addEventListener("online", this._look);
    document.addEventListener("visibilitychange", this._look);
    this._pulse = setInterval(() => this._beat(), ASK_MS);
    this._connect();
  }

  end() {
    this._isEnded = true;
    clearTimeout(this._timer);
    clearInterval(this._pulse);
    window.removeEventListener("online", this._look);
    document.removeEventListener("visibilitychange", this._look);
    this._socket?.close(1000);
  }

  _connect() {
    clearTimeout(this._timer);
    const url = new URL("/chat/stream", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this._socket = socket;
    this._heard = Date.now();
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...this._hello() }));
    socket.onmessage = ({ data }) => {
      if (socket !== this._socket) return;
      this._heard = Date.now();
      const message = JSON.parse(data);
      if (message.type === "welcome") {
        this._wait = FIRST_MS;
        this._tell.onAway(false);
      }
      this._tell.onMessage(message);
    };
    socket.onclose = ({ code }) => {
      if (socket === this._socket && !this._isEnded) this._lose(code);
    };
  }

  _lose(code) {
    this._socket = null;
    if (code >= 4100 && code < 4200) {
      this.end();
      this._tell.onOver(code);
      return;
    }
    this._tell.onAway(true);
    this._timer = setTimeout(() => this._connect(), this._wait * (0.5 + Math.random()));
    this._wait = Math.min(this._wait * 2, LAST_MS);
  }

  /** The network or the reader is back: not later than now. */
  _comeBack() {
    if (this._isEnded || document.hidden) return;
    if (this._socket) this._beat();
    else this._connect();
  }

  /** A network can go without a word: who says nothing for long is gone. */
  _beat() {
    const socket = this._socket;
    if (!socket) return;
    if (Date.now() - this._heard > SILENT_MS) {
      socket.onclose = null;
      socket.close();
      this._lose(1006);
    } else if (socket.readyState === WebSocket.OPEN) {
      socket.send('{"type":"heartbeat"}');
    }
  }
}
