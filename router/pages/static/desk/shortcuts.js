/** Keys that work wherever the focus is; none of them writes anything, and browsers leave them free. */

import { useEffect } from "../vendor/preact.js";
import { accept, decline } from "./offers.js";
import { his, ringing } from "./state.js";

/** F8 accepts what rings first, F9 declines it; Alt with the arrows goes through his contacts. */
export function useShortcuts(desk) {
  useEffect(() => {
    const act = (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const done = event.altKey ? go(desk, event.key) : answer(desk, event.key);
      if (done) event.preventDefault();
    };
    window.addEventListener("keydown", act);
    return () => window.removeEventListener("keydown", act);
  }, [desk]);
}

function answer(desk, key) {
  const act = { F8: accept, F9: decline }[key];
  const [first] = act && desk.me ? ringing(desk.work.value) : [];
  if (first) act(desk, first);
  return Boolean(first);
}

function go(desk, key) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (!step || !desk.me) return false;
  const mine = his(desk.work.value);
  if (mine.length === 0) return false;
  const at = mine.findIndex(({ contact }) => contact === desk.shown.value.contact);
  const next = at < 0 ? 0 : (at + step + mine.length) % mine.length;
  desk.open(mine[next].contact);
  return true;
}
