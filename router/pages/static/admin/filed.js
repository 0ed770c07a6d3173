/** Where the configuration in force is not as the router's file says, and the way back to its words. */

import { t } from "../lib/i18n.js";
import { html } from "../vendor/preact.js";
import { Changes } from "./changes.js";
import { admin, keyOf, put } from "./model.js";

/** What differs of one object, with the way to draft the file's words; nothing where nothing does. */
export function Filed({ kind, id }) {
  const found = differing().filter((one) => one.kind === kind && one.id === id);
  return html`<${Differences} found=${found} />`;
}

/** All that differs. */
export function AllFiled() {
  return html`<${Differences} found=${differing()} />`;
}

function Differences({ found }) {
  if (found.length === 0) return null;
  return html`<details class="notice filed">
    <summary>${t("filed.title", { count: found.length })}</summary>
    <p>${t("filed.about")}</p>
    <${Changes} changes=${found} onUndo=${restore} undo=${t("filed.restore")} />
  </details>`;
}

/** The objects that differ and are not drafted. */
function differing() {
  const { config, draft } = admin.value;
  return config.file.filter(({ kind, id }) => !(keyOf(kind, id) in draft.changes));
}

function restore(kind, id) {
  const found = admin.value.config.file.find((one) => one.kind === kind && one.id === id);
  put(kind, id, found.settings);
}
