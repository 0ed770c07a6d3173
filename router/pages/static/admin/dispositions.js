/** The codes that a queue's contacts are closed with, as a table. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { Setting } from "./form.js";
import { allOf } from "./model.js";
import { settingsOf } from "./schema.js";

const ASKED = ["disposition_at", "disposition_required", "resolved_required"];

/** @param {{id: string, object: object, errors: object, onChange: (object: object) => void}} props */
export function Dispositions({ id, object, errors, onChange, prefix }) {
  const codes = object.dispositions ?? [];
  const schemas = Object.fromEntries(settingsOf("QueueSettings"));
  const set = (dispositions) => onChange({ ...object, dispositions });
  const change = (at, members) =>
    set(codes.map((one, i) => (i === at ? { ...one, ...members } : one)));
  const swap = (at) =>
    set(codes.map((one, i) => (i === at ? codes[at - 1] : i === at - 1 ? codes[at] : one)));
  return html`<div class="settings">
      ${ASKED.map(
        (name) => html`<${Setting}
          key=${name}
          struct="QueueSettings"
          schema=${schemas[name]}
          ...${{ name, object, errors, onChange, prefix }}
        />`,
      )}
    </div>
    ${errors.dispositions && html`<p class="error">${errors.dispositions}</p>`}
    ${
      codes.length === 0
        ? html`<${Empty} icon="check">${t("codes.none")}<//>`
        : html`<table class="codes">
          <caption class="unseen">${t("part.dispositions")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("codes.code")}</th>
              <th scope="col">${t("codes.label")}</th>
              <th scope="col">${t("codes.active")}</th>
              <th><span class="unseen">${t("codes.order")}</span></th>
            </tr>
          </thead>
          <tbody>
            ${codes.map((one, at) => html`<${Code} ...${{ one, at, errors, change, swap }} drop=${() => set(codes.filter((_, i) => i !== at))} />`)}
          </tbody>
        </table>`
    }
    <${Add} onAdd=${(made) => set([...codes, ...made])} />
    <${Copy} id=${id} onCopy=${set} />`;
}

function Code({ one, at, errors, change, swap, drop }) {
  const error = errors[`dispositions[${at}].code`] ?? errors[`dispositions[${at}].label`];
  return html`<tr data-off=${one.active === false}>
    <td>
      <input
        aria-label=${t("codes.code")}
        aria-invalid=${error ? "true" : undefined}
        value=${one.code}
        spellcheck=${false}
        onInput=${(event) => change(at, { code: event.target.value })}
      />
      ${error && html`<p class="error">${error}</p>`}
    </td>
    <td>
      <input
        aria-label=${t("codes.label.of", { code: one.code })}
        value=${one.label ?? ""}
        placeholder=${one.code}
        onInput=${(event) => change(at, { label: event.target.value })}
      />
    </td>
    <td>
      <input
        type="checkbox"
        aria-label=${t("codes.active.of", { code: one.code })}
        checked=${one.active ?? true}
        onChange=${(event) => change(at, { active: event.target.checked })}
      />
    </td>
    <td class="tools">
      <button type="button" class="quiet square up" disabled=${at === 0} aria-label=${t("codes.up", { code: one.code })} onClick=${() => swap(at)}>
        <${Icon} name="back" />
      </button>
      <button type="button" class="quiet square" aria-label=${t("levels.remove", { name: one.code })} onClick=${drop}>
        <${Icon} name="close" />
      </button>
    </td>
  </tr>`;
}

/** One code, or many that are pasted: a line each, as `code; label`. */
function Add({ onAdd }) {
  const [text, setText] = useState("");
  const add = (event) => {
    event.preventDefault();
    const lines = text.split("\n").map((line) => line.split(/[;\t]/).map((part) => part.trim()));
    const made = lines
      .filter(([code]) => code)
      .map(([code, label]) => (label ? { code, label } : { code }));
    if (made.length > 0) onAdd(made);
    setText("");
  };
  return html`<form class="bar" onSubmit=${add}>
    <textarea
      class="grow"
      rows=${Math.min(8, text.split("\n").length)}
      aria-label=${t("codes.add")}
      placeholder=${t("codes.add")}
      value=${text}
      onInput=${(event) => setText(event.target.value)}
      onKeyDown=${(event) => event.key === "Enter" && !event.shiftKey && add(event)}
    />
    <button disabled=${!text.trim()}>${t("add")}</button>
  </form>`;
}

function Copy({ id, onCopy }) {
  const others = allOf("queue").filter(([name, own]) => name !== id && own.dispositions?.length);
  if (others.length === 0) return null;
  const copy = (event) => {
    onCopy(others.find(([name]) => name === event.target.value)[1].dispositions);
    event.target.value = "";
  };
  return html`<select class="quiet" aria-label=${t("codes.copy")} value="" onChange=${copy}>
    <option value="" disabled>${t("codes.copy")}</option>
    ${others.map(([name, own]) => html`<option value=${name}>${own.name || name}</option>`)}
  </select>`;
}
