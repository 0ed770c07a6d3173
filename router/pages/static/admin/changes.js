/** Changes in words: which objects, which settings, from what to what. */

import { t } from "../lib/i18n.js";
import { html, useState } from "../vendor/preact.js";
import { labelOf } from "./form.js";
import { NESTED_STRUCTS, pathLabel } from "./paths.js";
import { settingsOf, shown } from "./schema.js";
import { alike, isObject } from "./values.js";

export const SECTIONS = {
  tenant: "tenant",
  calendar: "calendars",
  queue: "queues",
  agent: "agents",
};
const FIELDS_SHOWN = 30;
const OBJECTS_SHOWN = 40;
const NESTED = /^((?:memberships|subjects|intake|channels)\..+)\.([a-z_]+)$/;

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
 *   onUndo?: (kind: string, id: string) => void, undo?: string}} props `undo` is the word for it
 */
export function Changes({ changes, onUndo, undo = t("object.revert") }) {
  const [isWhole, setWhole] = useState(false);
  const rest = isWhole ? 0 : changes.length - OBJECTS_SHOWN;
  return html`<ul class="changes">
      ${changes.slice(0, isWhole ? undefined : OBJECTS_SHOWN).map(
        ({ kind, id, what, fields = [] }) => html`<li key="${kind}/${id}" data-what=${what}>
          <header class="row">
            <span class="tag" data-kind=${{ added: "good", removed: "bad" }[what] ?? "warn"}>${t(`mark.${what}`)}</span>
            <span class="grow"><${Named} kind=${kind} id=${id} /></span>
            ${onUndo && html`<button type="button" class="quiet" onClick=${() => onUndo(kind, id)}>${undo}</button>`}
          </header>
          ${fields.length > 0 && html`<${Fields} kind=${kind} fields=${fields} what=${what} />`}
        </li>`,
      )}
    </ul>
    ${rest > 0 && html`<button type="button" class="rest" onClick=${() => setWhole(true)}>${t("changes.rest", { count: rest })}</button>`}`;
}

function Fields({ kind, fields, what }) {
  const told = folded(fields.filter((one) => !isShell(one.old) || !isShell(one.new)));
  return html`<dl>
    ${told.slice(0, FIELDS_SHOWN).map(({ field, members, old: before, new: now }) => {
      const name = field.split(".").at(-1);
      const say = (value) => (members && value ? membersText(field, value) : shown(name, value));
      return html`<div key=${field}>
        <dt>${pathLabel(kind, field)}</dt>
        <dd>
          ${what === "changed" && html`<del>${say(before)}</del><span class="unseen"> ${t("changes.to")} </span><span aria-hidden="true"> → </span>`}
          <ins>${say(now)}</ins>
        </dd>
      </div>`;
    })}
    ${told.length > FIELDS_SHOWN && html`<p class="soft">${t("changes.more", { count: told.length - FIELDS_SHOWN })}</p>`}
  </dl>`;
}

/** What comes or goes as a whole, as a membership, in one line instead of one for each member. */
function folded(fields) {
  const lines = [];
  const found = new Map();
  for (const one of fields) {
    const [, path, member] = NESTED.exec(one.field) ?? [];
    const isWhole = path && (isMissing(one.old) || isMissing(one.new));
    if (!isWhole) {
      lines.push(one);
      continue;
    }
    const side = isMissing(one.old) ? "new" : "old";
    if (!found.has(path + side)) {
      found.set(path + side, { field: path, members: true, [side]: {} });
      lines.push(found.get(path + side));
    }
    found.get(path + side)[side][member] = one[side];
  }
  return lines;
}

/** The members that are not as by default. */
function membersText(path, members) {
  const struct = NESTED_STRUCTS[path.split(".", 1)[0]];
  const schemas = Object.fromEntries(settingsOf(struct));
  const parts = Object.entries(members)
    .filter(([name, value]) => !alike(value, schemas[name]?.default))
    .map(([name, value]) => `${labelOf(struct, name)} ${shown(name, value)}`);
  return parts.join(", ") || t("changes.default");
}

const isMissing = (value) => value === undefined || value === null;

/** An empty table, told beside what it holds; or nothing at all. */
function isShell(value) {
  return isMissing(value) || (isObject(value) && Object.keys(value).length === 0);
}
