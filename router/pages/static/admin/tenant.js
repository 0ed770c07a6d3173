/** What holds for the whole tenant: subjects, intake by origin, channels, limits and times. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { labelOf, SettingsForm } from "./form.js";
import { drafted, errorsOf, put } from "./model.js";
import { ObjectPage } from "./object.js";
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
      ${found.slice(0, SHOWN_MAX).map(
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
      )}
      <p class="foot soft">
        ${t("list.count", { count: found.length })}
      </p>
    <//>
  </div>`;
}

/** The label of a setting by its dotted path, as changes name it. */
export function pathLabel(kind, path) {
  const struct = {
    tenant: "TenantSettings",
    queue: "QueueSettings",
    agent: "AgentDefinition",
    calendar: "CalendarSettings",
  }[kind];
  const [first, ...rest] = path.split(".");
  return [
    labelOf(struct, first),
    ...rest.map((part, at) => (at === rest.length - 1 ? lastLabel(first, part, rest) : part)),
  ].join(" · ");
}

function lastLabel(first, part, rest) {
  const struct = {
    memberships: "Membership",
    weekly: "Week",
    ...Object.fromEntries(Object.entries(MAPS).map(([name, map]) => [name, map.struct])),
  }[first];
  return struct && (rest.length > 1 || first === "weekly") ? labelOf(struct, part) : part;
}
