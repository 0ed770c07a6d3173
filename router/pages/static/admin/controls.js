/** The control of one setting, chosen by its schema. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useMemo, useState } from "../vendor/preact.js";
import { admin, allOf } from "./model.js";
import { choice, controlOf, faultOfName, resolved } from "./schema.js";
import { read, readIds, readInteger, withMember, written } from "./values.js";

/** Settings that name another object, and of which kind. */
const NAMES = {
  escalate_to: "queue",
  overflow_to: "queue",
  closed_to: "queue",
  to_queue: "queue",
  queue: "queue",
  default_queue: "queue",
  calendar: "calendar",
};

/**
 * @param {{name: string, schema: object, value: any, onChange: (value: any) => void, ties: object}} props
 *   `ties` are the attributes that tie the control to its label and messages
 */
export function Control({ name, schema, value, onChange, ties }) {
  switch (controlOf(name, schema)) {
    case "choice":
      return html`<select ...${ties} value=${value} onChange=${(e) => onChange(e.target.value)}>
        ${schema.enum.map((one) => html`<option value=${one}>${choice(one)}</option>`)}
      </select>`;
    case "check":
      return html`<input
        ...${ties}
        type="checkbox"
        role="switch"
        checked=${value}
        onChange=${(e) => onChange(e.target.checked)}
      />`;
    case "choices":
      return html`<${Choices} schema=${schema} value=${value} onChange=${onChange} ties=${ties} />`;
    case "duration":
      return typed({ value, onChange, ties, write: written, parse: read, mode: "text" });
    case "integer":
      return typed({ value, onChange, ties, write: plain, parse: readInteger, mode: "numeric" });
    case "ids":
      return typed({ value, onChange, ties, write: listed, parse: readIds, mode: "text" });
    case "map":
      return html`<${Levels} schema=${schema} value=${value} onChange=${onChange} ties=${ties} />`;
    default:
      return html`<input
        ...${ties}
        value=${value}
        maxlength=${schema.maxLength}
        list=${NAMES[name] && `ids-${NAMES[name]}`}
        spellcheck=${false}
        autocomplete="off"
        onInput=${(e) => onChange(e.target.value)}
      />`;
  }
}

function typed(props) {
  return html`<${Typed} ...${props} />`;
}

/** An input whose text is read at each key, and written neatly once one leaves it. */
export function Typed({ value, onChange, ties, write, parse, mode, ...more }) {
  const [text, setText] = useState(null);
  const input = (event) => {
    const given = event.target.value;
    setText(given);
    onChange(given.trim() === "" && mode === "numeric" ? undefined : parse(given));
  };
  return html`<input
    ...${ties}
    ...${more}
    inputmode=${mode}
    autocomplete="off"
    spellcheck=${false}
    value=${text ?? write(value)}
    onInput=${input}
    onBlur=${() => setText(null)}
  />`;
}

export const plain = (value) => (value === undefined || value === null ? "" : String(value));
const listed = (value) => (Array.isArray(value) ? value.join(", ") : plain(value));

function Choices({ schema, value, onChange, ties }) {
  const all = resolved(schema.items).enum;
  const toggle = (one) => (event) =>
    onChange(all.filter((name) => (name === one ? event.target.checked : value.includes(name))));
  return html`<div class="choices" role="group" aria-labelledby="${ties.id}-label">
    ${all.map(
      (one, at) => html`<label class="check">
        <input
          type="checkbox"
          id=${at === 0 ? ties.id : undefined}
          checked=${value.includes(one)}
          onChange=${toggle(one)}
        />
        ${choice(one)}
      </label>`,
    )}
  </div>`;
}

/**
 * Names with a whole number each, as skills with levels; or with a text, as reasons.
 * @param {{names?: string, value: Record<string, number>, fresh?: number}} props `names` is the
 *   datalist of names that may be added, `fresh` the number of a new one
 */
export function Levels({ schema, value, onChange, ties, names, fresh = 50, errors = {} }) {
  const own = schema.additionalProperties;
  const isText = own.type === "string";
  const say = isText ? "names.of" : "levels.of";
  const [fault, setFault] = useState("");
  const add = (event) => {
    const name = event.target.value.trim();
    const wrong = name && faultOfName(schema, name);
    setFault(wrong);
    if (!name || wrong || Object.hasOwn(value, name)) return;
    event.target.value = "";
    onChange({ ...value, [name]: isText ? "" : Math.min(fresh, own.maximum) });
  };
  return html`<ul class="levels">
    ${Object.entries(value).map(
      ([name, level]) => html`<li key=${name}>
        <span class="grow cut">${name}</span>
        <${Typed}
          value=${level}
          onChange=${(number) => onChange(withMember(value, name, number ?? ""))}
          write=${plain}
          parse=${isText ? String : readInteger}
          mode=${isText ? "text" : "numeric"}
          maxlength=${own.maxLength}
          aria-label=${t(say, { name })}
          aria-invalid=${errors[name] ? "true" : undefined}
          title=${errors[name]}
          class=${isText ? "grow" : "small"}
        />
        <button
          type="button"
          class="quiet square"
          aria-label=${t("levels.remove", { name })}
          onClick=${() => onChange(withMember(value, name, undefined))}
        >
          <${Icon} name="close" />
        </button>
      </li>`,
    )}
    <li>
      <input
        ...${ties}
        class="grow"
        list=${names}
        placeholder=${t("levels.add")}
        autocomplete="off"
        spellcheck=${false}
        aria-invalid=${fault ? "true" : undefined}
        onChange=${add}
        onKeyDown=${(event) => event.key === "Enter" && add(event)}
      />
    </li>
    ${fault && html`<li class="error" role="alert">${fault}</li>`}
  </ul>`;
}

/** The ids that inputs suggest; once on the page, and drawn anew only where there are others. */
export function Suggestions({ skills, zones }) {
  const { config, draft } = admin.value;
  const lists = () => ({
    "ids-queue": allOf("queue"),
    "ids-agent": allOf("agent"),
    "ids-calendar": allOf("calendar"),
    "ids-skill": skills().map((name) => [name, {}]),
    "ids-zone": zones.map((name) => [name, {}]),
  });
  return useMemo(
    () =>
      html`${Object.entries(lists()).map(
        ([id, objects]) => html`<datalist id=${id}>
          ${objects.map(([name, own]) => html`<option value=${name}>${own.name ?? ""}</option>`)}
        </datalist>`,
      )}`,
    [config, Object.keys(draft.changes).length],
  );
}
