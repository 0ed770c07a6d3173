/** Words and dates that only the desk needs. */

import { currentLocale, hasText } from "../lib/i18n.js";

export { hasText };

/** A day in words, as "Thursday, 5 March". @param {number} ms */
export function longDate(ms) {
  const parts = { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(currentLocale(), parts).format(ms);
}
