/** What becomes of a contact that waits: steps in the order of time, each with its own form. */

import { t } from "../lib/i18n.js";
import { Empty } from "../lib/ui.js";
import { html } from "../vendor/preact.js";
import { SettingsForm } from "./form.js";

const COMMON = ["after_ms", "when", "to_queue", "tier", "drop", "lower", "notify", "hand_back"];
const FRESH = { after_ms: 60_000 };

/** @param {{object: object, errors: object, onChange: (object: object) => void, prefix: string}} props */
export function Steps({ object, errors, onChange, prefix }) {
  const steps = object.steps ?? [];
  const set = (made) => onChange({ ...object, steps: made });
  return html`${steps.length === 0 && html`<${Empty} icon="filter">${t("steps.none")}<//>`}
    ${errors.steps && html`<p class="error">${errors.steps}</p>`}
    ${steps.map((step, at) => {
      const path = `steps[${at}]`;
      const change = (after) => set(steps.map((one, i) => (i === at ? after : one)));
      return html`<fieldset class="step" key=${at}>
        <legend>${t("steps.number", { number: at + 1 })}</legend>
        ${errors[path] && html`<p class="error">${errors[path]}</p>`}
        <${SettingsForm}
          struct="Step"
          common=${COMMON}
          groups=${[]}
          object=${step}
          prefix="${prefix}-${at}"
          path=${path}
          errors=${errors}
          onChange=${change}
        />
        <button type="button" class="quiet" onClick=${() => set(steps.filter((_, i) => i !== at))}>
          ${t("steps.remove")}
        </button>
      </fieldset>`;
    })}
    <div class="bar">
      <button type="button" onClick=${() => set([...steps, FRESH])}>${t("steps.add")}</button>
    </div>`;
}
