/** The configuration, the draft of changes on top of it, and what the router says of them. */

import { ask } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { Problem } from "../lib/problem.js";
import { identity } from "../lib/session.js";
import { leave } from "../lib/signin.js";
import { Store } from "../lib/store.js";
import { explain, toast } from "../lib/ui.js";
import { expects } from "./said.js";
import { faults, keepSchemas } from "./schema.js";
import { alike, merge } from "./values.js";

export const KINDS = ["tenant", "calendar", "queue", "agent"];
export const PLURALS = { calendar: "calendars", queue: "queues", agent: "agents" };
/** Changes that the router makes in one step. */
export const STEP_MAX = 200;
const KEPT = "vez.admin.draft";
const collator = new Intl.Collator(undefined, { numeric: true });
let listed = {}; // the lists of the configuration and draft that were asked for last
const NO_DRAFT = { base: null, changes: {} };

/**
 * `config` is what is in force; `draft.changes` has by "queue/sales" what it was before the change
 * and what it is to be (null: not there). `told` are the router's errors by the same key and field.
 */
export const admin = new Store({
  config: null,
  failed: null,
  draft: NO_DRAFT,
  told: {},
  plan: null,
  busy: false,
  meanwhile: null,
});

export const keyOf = (kind, id) => `${kind}/${id}`;
export const parted = (key) => [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];

/** Reads schemas and configuration, and takes the draft of this tab up again. */
export async function load() {
  admin.set({ failed: null });
  try {
    const [document, config] = await Promise.all([ask("/v1/openapi.json"), ask("/v1/config")]);
    keepSchemas(document.components.schemas);
    const kept = keptDraft();
    admin.set({ config, draft: kept ?? { ...NO_DRAFT, base: config.version } });
    if (kept && kept.base !== config.version) await catchUp();
  } catch (error) {
    if (!isOver(error)) admin.set({ failed: explain(error) });
  }
}

/** What is in force. @returns {object | null} null where there is no such object */
export function inForce(kind, id) {
  const { config } = admin.value;
  if (kind === "tenant") return config.tenant;
  return config[PLURALS[kind]][id] ?? null;
}

/** An object as the draft has it; null where it is none. */
export function drafted(kind, id) {
  const change = admin.value.draft.changes[keyOf(kind, id)];
  return change ? change.after : inForce(kind, id);
}

/** Whether there is such an object, in force or in the draft. */
export function isThere(kind, id) {
  return keyOf(kind, id) in admin.value.draft.changes || inForce(kind, id) !== null;
}

/** All objects of a kind as the draft has them, and those to be removed. @returns {[string, object][]} */
export function allOf(kind) {
  const { config, draft } = admin.value;
  if (listed.config !== config || listed.draft !== draft) listed = { config, draft };
  listed[kind] ??= gathered(kind, config, draft);
  return listed[kind];
}

function gathered(kind, config, draft) {
  const made = { ...config[PLURALS[kind]] };
  for (const [key, { before, after }] of Object.entries(draft.changes)) {
    const [other, id] = parted(key);
    if (other === kind) made[id] = after ?? before;
  }
  return Object.entries(made).sort(([one], [other]) => collator.compare(one, other));
}

/** "added", "changed" or "removed" in the draft, or "". */
export function markOf(kind, id) {
  const change = admin.value.draft.changes[keyOf(kind, id)];
  if (!change) return "";
  if (change.after === null) return "removed";
  return change.before === null ? "added" : "changed";
}

/** Drafts an object; null removes it. */
export function put(kind, id, after) {
  putMany([[kind, id, after]]);
}

/** Drafts many objects at once. @param {[string, string, object | null][]} objects */
export function putMany(objects) {
  const { draft, told } = admin.value;
  const changes = { ...draft.changes };
  const stillTold = { ...told };
  for (const [kind, id, after] of objects) {
    const key = keyOf(kind, id);
    const before = changes[key] ? changes[key].before : inForce(kind, id);
    if (alike(before, after)) delete changes[key];
    else changes[key] = { before, after };
    delete stillTold[key];
  }
  keep({ ...draft, changes });
  admin.set({ told: stillTold, plan: null });
}

/** Forgets what was drafted of an object. */
export function revert(kind, id) {
  const { before } = admin.value.draft.changes[keyOf(kind, id)] ?? {};
  if (before !== undefined) put(kind, id, before);
}

export function discard() {
  keep({ ...NO_DRAFT, base: admin.value.config.version });
  admin.set({ told: {}, plan: null, meanwhile: null });
}

export function countOf(draft) {
  return Object.keys(draft.changes).length;
}

/** What is wrong with a drafted object, by field: by its schema, and what the router said of it. */
export function errorsOf(kind, id) {
  const value = drafted(kind, id);
  const told = admin.value.told[keyOf(kind, id)] ?? {};
  if (value === null || !markOf(kind, id)) return told;
  return { ...told, ...Object.fromEntries(faults(kind, value).reverse()) };
}

/** Asks what the draft would do. */
export async function review() {
  await carefully(plan);
}

async function plan() {
  admin.set({ plan: await ask("/v1/config/plan", { method: "POST", body: body() }), told: {} });
}

/** Makes the draft's changes, as many as one step takes. @returns {Promise<boolean>} */
export function apply(note) {
  return carefully(async () => {
    const keys = stepOf(admin.value.draft);
    const done = await ask("/v1/config/apply", { method: "POST", body: { ...body(), note } });
    const config = await ask("/v1/config");
    const rest = Object.entries(admin.value.draft.changes).filter(([key]) => !keys.includes(key));
    admin.set({ config, plan: null, told: {}, meanwhile: null });
    keep({ base: done.version, changes: Object.fromEntries(rest) });
    if (config.version !== done.version) await catchUp();
    toast(t("admin.applied", { version: done.version }), "good");
  });
}

/** Goes back to an earlier version. @returns {Promise<boolean>} */
export function goBack(version, base, note) {
  return carefully(async () => {
    const asked = { method: "POST", body: { version, base, note } };
    const done = await ask("/v1/config/rollback", asked);
    await catchUp();
    toast(t("admin.applied", { version: done.version }), "good");
  });
}

/** The keys of the changes that go into one step, what is named before what names it. */
export function stepOf(draft) {
  const rank = (key) => KINDS.indexOf(parted(key)[0]);
  return Object.keys(draft.changes)
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, STEP_MAX);
}

/** Reads what is in force now, and puts the draft on top of it. */
export async function catchUp() {
  const { draft } = admin.value;
  const config = await ask("/v1/config");
  if (config.version === draft.base) return;
  const versions = await since(draft.base);
  admin.set({ config });
  const changes = {};
  const clashes = [];
  for (const [key, { before, after }] of Object.entries(draft.changes)) {
    const now = inForce(...parted(key));
    const merged = merge(before, after, now);
    if (!alike(now, merged.value)) changes[key] = { before: now, after: merged.value };
    clashes.push(...merged.clashes.map((field) => ({ key, field })));
  }
  keep({ base: config.version, changes });
  admin.set({ plan: null, meanwhile: countOf(draft) > 0 ? { versions, clashes } : null });
}

async function since(base) {
  const asked = { query: { limit: 10, fields: true } };
  const { versions } = await ask("/v1/config/versions", asked);
  return versions.filter(({ version }) => version > base);
}

function body() {
  const { draft } = admin.value;
  const made = { base: draft.base };
  for (const key of stepOf(draft)) {
    const [kind, id] = parted(key);
    const { after } = draft.changes[key];
    if (kind === "tenant") {
      made.tenant = after;
    } else {
      made[PLURALS[kind]] = { ...made[PLURALS[kind]], [id]: after };
    }
  }
  return made;
}

/** Does something with the router; its refusals go where they belong. */
async function carefully(act) {
  admin.set({ busy: true });
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Problem && error.kind === "stale") await again();
    else if (error.errors?.length > 0) admin.set({ told: sorted(error) });
    else if (!isOver(error)) toast(explain(error), "bad");
    return false;
  } finally {
    admin.set({ busy: false });
  }
}

/** Somebody was quicker: the draft is put on top of what is in force now, and planned anew. */
async function again() {
  await carefully(async () => {
    await catchUp();
    if (countOf(admin.value.draft) > 0) await plan();
  });
}

/** Whether the token was refused: then one has to sign in anew. */
export function isOver(error) {
  if (error.status !== 401) return false;
  leave("signin.expired");
  return true;
}

/** The router's errors by object and field; what belongs to no object stands under "". */
function sorted(problem) {
  const found = {};
  for (const { field, expected } of problem.errors) {
    const [key, inner] = placed(field);
    found[key] = { ...found[key], [inner]: expects(expected) };
  }
  return found;
}

function placed(field) {
  for (const key of Object.keys(admin.value.draft.changes)) {
    const [kind, id] = parted(key);
    const plural = PLURALS[kind];
    const names = plural ? [`${plural}.${id}`, `${plural}."${id}"`] : ["tenant"];
    for (const name of names) {
      if (field === name) return [key, ""];
      if (field.startsWith(`${name}.`)) return [key, field.slice(name.length + 1)];
    }
  }
  return ["", field];
}

function keep(draft) {
  const tenant = identity()?.tenant;
  if (countOf(draft) > 0) sessionStorage.setItem(KEPT, JSON.stringify({ tenant, ...draft }));
  else sessionStorage.removeItem(KEPT);
  admin.set({ draft });
}

function keptDraft() {
  try {
    const { tenant, ...draft } = JSON.parse(sessionStorage.getItem(KEPT));
    return tenant === identity()?.tenant && draft.changes ? draft : null;
  } catch {
    return null;
  }
}
