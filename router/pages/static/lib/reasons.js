/** Why an agent is not ready, in words: the tenant's, the pages' own, or the code as it is. */

import { hasText, t } from "./i18n.js";

/** @param {Record<string, string>} [listed] the tenant's reasons, id -> name */
export function reasonName(reason, listed = {}) {
  const keys = [`not_ready.${reason}`, `reason.${reason}`];
  const key = keys.find(hasText);
  return listed[reason] || (key ? t(key) : reason);
}
