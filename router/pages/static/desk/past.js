/** Questions about what the archive has, which is a moment behind what the stream tells. */

import { ask } from "../lib/api.js";

/**
 * Asks as of the last event that was told; of an archive that does not come that far, what it has.
 * @param {string} path
 * @param {Record<string, any>} query with `after`, the position to wait for
 */
export async function askPast(path, { after, ...query }) {
  try {
    return await ask(path, { query: { ...query, after } });
  } catch (error) {
    if (error.kind !== "archive-behind") throw error;
    return await ask(path, { query });
  }
}
