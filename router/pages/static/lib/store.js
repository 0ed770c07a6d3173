/** State that several components show. */

import { useEffect, useRef, useState } from "../vendor/preact.js";

/** Holds one value that is replaced, never changed in place. */
export class Store {
  constructor(value) {
    this.value = value;
    this._readers = new Set();
  }

  /** @param {any} change the members that change, or a function of the value that gives them */
  set(change) {
    const members = typeof change === "function" ? change(this.value) : change;
    if (!members) return;
    this.value = { ...this.value, ...members };
    if (this._due) return;
    this._due = true; // many changes of one moment are drawn once
    queueMicrotask(() => {
      this._due = false;
      for (const tell of this._readers) tell();
    });
  }

  subscribe(tell) {
    this._readers.add(tell);
    return () => this._readers.delete(tell);
  }
}

/** The store's value, or a part of it; drawn anew when that part is another one. */
export function useStore(store, part = whole) {
  const [, draw] = useState(0);
  const last = useRef();
  last.current = { part, seen: part(store.value) };
  useEffect(() => {
    const look = () => {
      const { part: own, seen } = last.current;
      if (own(store.value) !== seen) draw((count) => count + 1);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return last.current.seen;
}

function whole(value) {
  return value;
}
