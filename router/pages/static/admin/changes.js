/** Changes in words: which objects, which settings, from what to what. */

import { t } from "../lib/i18n.js";
import { html } from "../vendor/preact.js";
import { shown } from "./schema.js";
import { pathLabel } from "./tenant.js";

export const SECTIONS = {
  tenant: "tenant",
  calendar: "calendars",
  queue: "queues",
  agent: "agents",
};
const FIELDS_SHOWN = 30;

/** An object's name with what it is, as "queue sales"; it leads there. */
export function Named({ kind, id }) {
  if (kind === "tenant") return html`<a href="#tenant">${t("section.tenant")}</a>`;
  if (!(kind in SECTIONS)) return html`<span>${[kind, id].filter(Boolean).join(" ")}</span>`;
  return html`<a href="#${SECTIONS[kind]}/${encodeURIComponent(id)}">
    <span class="soft">${t(kind)}</span> <strong>${id}</strong>
  </a>`;
}

/**
 * Changes as the router tells them, of a plan or of a version.
 * @param {{changes: {kind: string, id: string, what: string, fields?: object[]}[],
 *   onUndo?: (kind: string, id: string) => void}} props
 */
export function Changes({ changes, onUndo }) {
  return html`<ul class="changes">
    ${changes.map(
      ({ kind, id, what, fields = [] }) => html`<li key="${kind}/${id}" data-what=${what}>
        <header class="row">
          <span class="tag" data-kind=${{ added: "good", removed: "bad" }[what] ?? "warn"}>${t(`mark.${what}`)}</span>
          <span class="grow"><${Named} kind=${kind} id=${id} /></span>
          ${onUndo && html`<button type="button" class="quiet" onClick=${() => onUndo(kind, id)}>${t("object.revert")}</button>`}
        </header>
        ${fields.length > 0 && html`<${Fields} kind=${kind} fields=${fields} what=${what} />`}
      </li>`,
    )}
  </ul>`;
}

function Fields({ kind, fields, what }) {
  const told = fields.filter(({ old: before, new: now }) => !isShell(before) || !isShell(now));
  return html`<dl>
    ${told.slice(0, FIELDS_SHOWN).map(({ field, old: before, new: now }) => {
      const name = field.split(".").at(-1);
      return html`<div key=${field}>
        <dt>${pathLabel(kind, field)}</dt>
        <dd>
          ${what === "changed" && html`<del>${shown(name, before)}</del><span class="unseen"> ${t("changes.to")} </span><span aria-hidden="true"> → </span>`}
          <ins>${shown(name, now)}</ins>
        </dd>
      </div>`;
    })}
    ${told.length > FIELDS_SHOWN && html`<p class="soft">${t("changes.more", { count: told.length - FIELDS_SHOWN })}</p>`}
  </dl>`;
}

/** An empty table, told beside what it holds; or nothing at all. */
function isShell(value) {
  return (
    value === undefined ||
    value === null ||
    (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0)
  );
}
