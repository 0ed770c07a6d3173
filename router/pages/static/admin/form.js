/** The settings of an object as a form: the common ones first, the rest under headings of their own. */

import { currentLocale, hasText, t } from "../lib/i18n.js";
import { html } from "../vendor/preact.js";
import { Control } from "./controls.js";
import { controlOf, limits, settingsOf } from "./schema.js";
import { alike, withMember } from "./values.js";

/** A setting's name as people say it. */
export function labelOf(struct, name) {
  const key = `${struct}.${name}`;
  return hasText(key) ? t(key) : name.replaceAll("_", " ");
}

function hintOf(struct, name, schema) {
  const key = `${struct}.${name}.hint`;
  const about = hasText(key) ? t(key) : currentLocale() === "en" ? schema.description : "";
  return [about, limits(name, schema)].filter(Boolean).join(" · ");
}

/**
 * One setting with label, hint, default and error.
 * @param {{struct: string, name: string, schema: object, object: object, prefix: string,
 *   path?: string, errors: Record<string, string>, onChange: (object: object) => void}} props
 */
export function Setting({ struct, name, schema, object, prefix, path, errors, onChange }) {
  const id = `${prefix}-${name}`;
  const value = object[name] ?? schema.default ?? empty(name, schema);
  const at = path ? `${path}.${name}` : name;
  const error = errors[at] ?? inner(errors, at);
  const hint = hintOf(struct, name, schema);
  const isCheck = controlOf(name, schema) === "check";
  const isOwn = object[name] !== undefined && !alike(object[name], schema.default);
  const ties = {
    id,
    "aria-describedby":
      [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined,
    "aria-invalid": error ? "true" : undefined,
  };
  const control = html`<${Control}
    name=${name}
    schema=${schema}
    value=${value}
    ties=${ties}
    onChange=${(given) => onChange(withMember(object, name, given))}
  />`;
  return html`<div class=${isCheck ? "setting check" : "setting"} data-own=${isOwn}>
    ${isCheck && control}
    <label for=${id} id="${id}-label">${labelOf(struct, name)}</label>
    ${!isCheck && control}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

function empty(name, schema) {
  return { ids: [], choices: [], rows: [], map: {}, check: false, text: "" }[
    controlOf(name, schema)
  ];
}

function inner(errors, path) {
  const found = Object.entries(errors).find(
    ([at]) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`),
  );
  return found ? `${found[0].slice(path.length).replace(/^\./, "")}: ${found[1]}` : undefined;
}

/**
 * The form of a struct. `groups` names settings by heading; those that no group names and that are
 * not `without` stand under the last heading, so that every setting can be set.
 * @param {{struct: string, groups: [string, string[]][], common: string[], without?: string[]}} props
 */
export function SettingsForm({
  struct,
  common,
  groups,
  without = [],
  object,
  prefix,
  path,
  errors,
  onChange,
}) {
  const settings = settingsOf(struct);
  const named = new Set([...common, ...without, ...groups.flatMap(([, names]) => names)]);
  const others = settings.map(([name]) => name).filter((name) => !named.has(name));
  const schemas = Object.fromEntries(settings);
  const draw = (names) =>
    names
      .filter((name) => schemas[name])
      .map(
        (name) => html`<${Setting}
          key=${name}
          ...${{ struct, name, schema: schemas[name], object, prefix, path, errors, onChange }}
        />`,
      );
  return html`<div class="settings">${draw(common)}</div>
    ${[...groups, ["others", others]].map(([heading, names]) => {
      if (names.length === 0) return null;
      const own = names.filter(
        (n) => schemas[n] && object[n] !== undefined && !alike(object[n], schemas[n].default),
      );
      const at = (name) => (path ? `${path}.${name}` : name);
      const isWrong = names.some((name) => errors[at(name)] ?? inner(errors, at(name)));
      return html`<details class="more" key=${heading} open=${isWrong || undefined}>
        <summary>
          <h3>${t(`group.${heading}`)}</h3>
          ${own.length > 0 && html`<span class="tag">${t("form.own", { count: own.length })}</span>`}
          <span class="soft cut">${names.map((name) => labelOf(struct, name)).join(", ")}</span>
        </summary>
        <div class="settings">${draw(names)}</div>
      </details>`;
    })}`;
}
