/** A question that is asked again and again: soon after something changed, else now and then. */

import { useEffect, useRef, useState } from "../vendor/preact.js";

const SOON_MS = 1_000;
const SPARING = 10;

export class Asker {
  /**
   * @param {() => Promise<any>} ask is not called again before it has answered; an answer of undefined is none
   * @param {(answer: any) => void} take
   * @param {{idleMs: number, soonMs?: number, fail?: (error: Error) => void}} options how long without a change;
   *   how soon after the last answer when something changed
   */
  constructor(ask, take, { idleMs, soonMs = SOON_MS, fail = () => {} }) {
    this._ask = ask;
    this._take = take;
    this._fail = fail;
    this._idleMs = idleMs;
    this._soonMs = soonMs;
    this._notBefore = 0;
    this._isBusy = false;
    this._isOver = false;
    this._isDirty = false;
  }

  /** Something changed. */
  touch() {
    this._isDirty = true;
    if (!this._isBusy && !this._isOver) this._in(this._notBefore - performance.now());
  }

  /** Asks at once. */
  now() {
    this._notBefore = 0;
    this.touch();
  }

  end() {
    this._isOver = true;
    clearTimeout(this._timer);
  }

  _in(ms) {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._go(), Math.max(0, ms));
  }

  async _go() {
    this._isBusy = true;
    this._isDirty = false;
    const began = performance.now();
    try {
      const answer = await this._ask();
      if (!this._isOver && answer !== undefined) this._take(answer);
    } catch (error) {
      if (!this._isOver) this._fail(error);
    }
    this._isBusy = false;
    if (this._isOver) return;
    const ended = performance.now();
    // A question that takes long is asked the more seldom.
    const rest = Math.max(this._soonMs, (ended - began) * SPARING);
    this._notBefore = ended + rest;
    this._in(this._isDirty ? rest : Math.max(rest, this._idleMs));
  }
}

/**
 * The latest answer to a question, asked again when an event concerns it.
 * @param {string} key another one is another question
 * @param {() => Promise<any>} ask
 * @param {{idleMs: number, events: (tell: (event: object) => void) => () => void,
 *   concerns: (event: object) => boolean}} options
 * @returns {{answer: any, error: Error | null, again: () => void}}
 */
export function useAnswer(key, ask, { idleMs, events, concerns }) {
  const [found, set] = useState({ key, answer: null, error: null });
  const asker = useRef(null);
  useEffect(() => {
    const own = new Asker(ask, (answer) => set({ key, answer, error: null }), {
      idleMs,
      fail: (error) =>
        set((last) => ({ key, answer: last.key === key ? last.answer : null, error })),
    });
    asker.current = own;
    const leave = events((event) => {
      if (concerns(event)) own.touch();
    });
    own.now();
    return () => {
      leave();
      own.end();
    };
  }, [key]);
  const again = () => asker.current?.now();
  return found.key === key ? { ...found, again } : { answer: null, error: null, again };
}
