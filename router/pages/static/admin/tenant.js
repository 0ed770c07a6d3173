/** What holds for the whole tenant: subjects, intake by origin, channels, limits and times. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { labelOf, SettingsForm } from "./form.js";
import { Cell } from "./members.js";
import { drafted, errorsOf, put } from "./model.js";
import { ObjectPage } from "./object.js";
import { settingsOf } from "./schema.js";
import { withMember } from "./values.js";

const LIMITS = [
  "default_queue",
  "default_subject",
  "grace_ms",
  "max_misses",
  "max_declines",
  "max_unreachable",
  "return_ms",
  "wrap_up_max_ms",
  "not_ready_reasons",
];
const GROUPS = [
  ["desktops", ["lease_ms", "max_sessions"]],
  [
    "keeping",
    ["held_max_ms", "closed_ttl_ms", "journal_max", "config_history", "line_idle_ms", "line_max"],
  ],
];
/** The maps of the tenant's settings: their structs, and what is common in each. */
const MAPS = {
  subjects: { struct: "SubjectSettings", common: ["queue", "priority", "origins"], max: 256 },
  intake: {
    struct: "IntakeSettings",
    common: ["required", "external", "listed_subjects", "lease_ms"],
    max: 64,
  },
  channels: {
    struct: "ChannelSettings",
    common: ["cost", "exclusive", "auto_accept", "interrupts"],
    max: 64,
  },
};
const SHOWN_MAX = 100;

export function Tenant() {
  const object = drafted("tenant", "");
  return html`<div class="single">
    <${ObjectPage} kind="tenant" id="" section="tenant" title=${t("section.tenant")}>
      <${SettingsForm}
        struct="TenantSettings"
        common=${LIMITS}
        groups=${GROUPS}
        without=${Object.keys(MAPS)}
        object=${object}
        errors=${errorsOf("tenant", "")}
        prefix="tenant"
        onChange=${(after) => put("tenant", "", after)}
      />
    <//>
  </div>`;
}

/** One of the tenant's tables. @param {{name: "subjects" | "intake" | "channels"}} props */
export function TenantMap({ name }) {
  const [search, setSearch] = useState("");
  const { struct, common, max } = MAPS[name];
  const object = drafted("tenant", "");
  const entries = object[name] ?? {};
  const errors = errorsOf("tenant", "");
  const set = (key, after) =>
    put("tenant", "", { ...object, [name]: withMember(entries, key, after) });
  const wanted = search.trim();
  const found = Object.entries(entries).filter(([key]) =>
    key.toLowerCase().includes(wanted.toLowerCase()),
  );
  const isNew = wanted && !(wanted in entries);
  const add = (event) => {
    event.preventDefault();
    if (!isNew) return;
    set(wanted, {});
    setSearch("");
  };
  return html`<div class="single">
    <${ObjectPage} kind="tenant" id="" section=${name} title=${t(`section.${name}`)}>
      <p class="soft">${t(`about.${name}`)}</p>
      <form class="bar" onSubmit=${add}>
        <input
          type="search"
          class="grow"
          aria-label=${t(`list.search.${name}`)}
          placeholder=${t(`list.search.${name}`)}
          maxlength=${max}
          value=${search}
          onInput=${(event) => setSearch(event.target.value)}
        />
        <button disabled=${!isNew}>${t("add")}</button>
      </form>
      ${errors[name] && html`<p class="error">${errors[name]}</p>`}
      ${found.length === 0 && html`<${Empty}>${t("list.empty")}<//>`}
      ${name === "subjects" && found.length > 0 && html`<${Subjects} entries=${found.slice(0, SHOWN_MAX)} errors=${errors} set=${set} />`}
      ${
        name !== "subjects" &&
        found.slice(0, SHOWN_MAX).map(
          ([key, own]) => html`<fieldset class="step" key=${key}>
          <legend>${key}</legend>
          ${errors[`${name}.${key}`] && html`<p class="error">${errors[`${name}.${key}`]}</p>`}
          <${SettingsForm}
            struct=${struct}
            common=${common}
            groups=${[]}
            object=${own}
            path="${name}.${key}"
            errors=${errors}
            prefix="${name}-${key.replaceAll(/\W/g, "_")}"
            onChange=${(after) => set(key, after)}
          />
          <button
            type="button"
            class="quiet square corner"
            aria-label=${t("levels.remove", { name: key })}
            onClick=${() => set(key, undefined)}
          >
            <${Icon} name="close" />
          </button>
        </fieldset>`,
        )
      }
      <p class="foot soft">
        ${
          found.length > SHOWN_MAX
            ? t("list.cut", { shown: SHOWN_MAX, count: found.length })
            : t("list.count", { count: found.length })
        }
      </p>
    <//>
  </div>`;
}

/** Subjects are many and each says little: a table. */
function Subjects({ entries, errors, set }) {
  const settings = settingsOf("SubjectSettings");
  return html`<div class="wide">
    <table class="codes">
      <thead>
        <tr>
          <th scope="col">${t("subject")}</th>
          ${settings.map(([name]) => html`<th scope="col">${labelOf("SubjectSettings", name)}</th>`)}
          <th><span class="unseen">${t("remove")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          ([key, own]) => html`<tr key=${key}>
            <th scope="row">${key}</th>
            ${settings.map(
              ([name, schema]) => html`<td>
                <${Cell}
                  name=${name}
                  schema=${schema}
                  label="${labelOf("SubjectSettings", name)}: ${key}"
                  error=${errors[`subjects.${key}.${name}`]}
                  value=${own[name] ?? schema.default ?? (schema.type === "integer" ? undefined : "")}
                  onChange=${(value) => set(key, withMember(own, name, value))}
                />
              </td>`,
            )}
            <td class="tools">
              <button
                type="button"
                class="quiet square"
                aria-label=${t("levels.remove", { name: key })}
                onClick=${() => set(key, undefined)}
              >
                <${Icon} name="close" />
              </button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
