/** One ticking for everything on a page that counts. */

import { useEffect, useState } from "../vendor/preact.js";

const SECOND = 1_000;
const readers = new Set();
let timer = null;

/** Draws the component anew each second while the page is seen. */
export function useSeconds() {
  const [, draw] = useState(0);
  useEffect(() => everySecond(() => draw((count) => count + 1)), []);
}

/** Calls `tell` each second while the page is seen. @returns {() => void} ends it */
export function everySecond(tell) {
  readers.add(tell);
  timer ??= setInterval(tick, SECOND);
  return () => {
    readers.delete(tell);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = null;
  };
}

function tick() {
  if (document.hidden) return;
  for (const tell of readers) tell();
}

document.addEventListener("visibilitychange", tick);
