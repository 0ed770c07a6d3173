/** The draft before it is applied: its plan, what somebody else changed meanwhile, the way on. */

import { t } from "../lib/i18n.js";
import { Empty } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Changes, Named } from "./changes.js";
import { admin, apply, countOf, parted, revert, review, STEP_MAX } from "./model.js";
import { pathLabel } from "./paths.js";
import { Plan } from "./plan.js";
import { go } from "./route.js";
import { shown } from "./schema.js";

export function Review() {
  const { draft, plan, told, busy, meanwhile } = admin.value;
  const count = countOf(draft);
  useEffect(() => {
    if (count > 0 && !plan && !busy) review();
  }, [draft]);
  const [note, setNote] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    if (await apply(note)) {
      setNote("");
      if (countOf(admin.value.draft) === 0) go("history");
    }
  };
  const isBlocked = !plan || plan.problems.some(({ level }) => level === "error");
  return html`<div class="single">
    <article class="object" aria-label=${t("review.title")}>
      <header>
        <h2 class="grow">${t("review.title")}</h2>
        ${plan && html`<span class="soft">${t("review.base", { base: plan.base })}</span>`}
      </header>
      ${meanwhile && html`<${Meanwhile} ...${meanwhile} />`}
      ${count === 0 && html`<${Empty} icon="check">${t("review.empty")}<//>`}
      ${count > STEP_MAX && html`<p class="notice">${t("review.steps", { count, max: STEP_MAX })}</p>`}
      <${Told} told=${told} />
      ${count > 0 && busy && !plan && html`<p class="soft" role="status">${t("review.asking")}</p>`}
      ${count > 0 && plan && html`<${Plan} plan=${plan} onUndo=${undo} />`}
      ${
        count > 0 &&
        html`<form class="apply" onSubmit=${submit}>
        <label class="unseen" for="note">${t("review.note")}</label>
        <input id="note" class="grow" maxlength="500" placeholder=${t("review.note")} value=${note} onInput=${(event) => setNote(event.target.value)} />
        ${!plan && html`<button type="button" disabled=${busy} onClick=${review}>${t("review.again")}</button>`}
        <button class="primary" disabled=${busy || isBlocked}>${t("review.apply")}</button>
      </form>
      <p class="hint">${t("review.file")}</p>`
      }
    </article>
  </div>`;
}

function undo(kind, id) {
  revert(kind, id);
}

/** What the router refused, each with the way to its field. */
function Told({ told }) {
  const entries = Object.entries(told).flatMap(([key, fields]) =>
    Object.entries(fields).map(([field, text]) => ({ key, field, text })),
  );
  if (entries.length === 0) return null;
  return html`<section class="notice" data-kind="bad" role="alert">
    <h3>${t("plan.errors", { count: entries.length })}</h3>
    <ul class="troubles">
      ${entries.map(({ key, field, text }) => {
        const [kind, id] = parted(key);
        return html`<li>
          <span><${Named} kind=${kind} id=${id} />${field && key && html` · ${pathLabel(kind, field)}`}: ${text}</span>
        </li>`;
      })}
    </ul>
  </section>`;
}

/** Somebody else was quicker: what he changed, and where both changed the same. */
function Meanwhile({ versions, clashes }) {
  return html`<section class="notice meanwhile">
    <h3>${t("meanwhile.title")}</h3>
    <p>${t("meanwhile.about")}</p>
    ${clashes.map(({ key, field }) => {
      const [kind, id] = parted(key);
      return html`<p class="clash">
        <strong><${Named} kind=${kind} id=${id} />${field && ` · ${pathLabel(kind, field)}`}</strong>: ${t("meanwhile.clash", { theirs: theirs(key, field), yours: yours(key, field) })}
      </p>`;
    })}
    ${versions.map(
      ({ version, actor, note, changes }) => html`<details key=${version}>
        <summary>${t("meanwhile.version", { version, actor })}${note && ` · ${note}`}</summary>
        <${Changes} changes=${changes} />
      </details>`,
    )}
    <button type="button" class="quiet" onClick=${() => admin.set({ meanwhile: null })}>${t("meanwhile.seen")}</button>
  </section>`;
}

const theirs = (key, field) => clashing("before", key, field);
const yours = (key, field) => clashing("after", key, field);

function clashing(side, key, field) {
  let value = admin.value.draft.changes[key]?.[side];
  if (value === null) return t("mark.removed");
  if (!field) return t("mark.changed");
  for (const name of field.split(".")) value = value?.[name];
  return shown(field.split(".").at(-1), value);
}
