/** Who serves a queue: its agents in one table; a change is drafted at each agent. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { Control } from "./controls.js";
import { labelOf } from "./form.js";
import { allOf, drafted, errorsOf, put } from "./model.js";
import { settingsOf } from "./schema.js";
import { withMember } from "./values.js";

const STRUCT = "Membership";

/** @param {{queue: string}} props */
export function Members({ queue }) {
  const [search, setSearch] = useState("");
  const members = allOf("agent").filter(
    ([id, own]) => own.memberships?.[queue] && drafted("agent", id),
  );
  const words = search.toLowerCase();
  const found = members.filter(([id, own]) =>
    `${id} ${own.name ?? ""}`.toLowerCase().includes(words),
  );
  const settings = settingsOf(STRUCT);
  return html`<div class="bar">
      <input
        type="search"
        class="grow"
        aria-label=${t("list.search")}
        placeholder=${t("list.search")}
        value=${search}
        onInput=${(event) => setSearch(event.target.value)}
      />
      <${AddAgent} queue=${queue} />
    </div>
    ${
      members.length === 0
        ? html`<${Empty} icon="people">${t("members.none")}<//>`
        : html`<div class="wide">
          <table>
            <caption class="unseen">${t("part.members")}</caption>
            <thead>
              <tr>
                <th scope="col">${t("agent")}</th>
                ${settings.map(([name]) => html`<th scope="col">${labelOf(STRUCT, name)}</th>`)}
                <th><span class="unseen">${t("remove")}</span></th>
              </tr>
            </thead>
            <tbody>
              ${found.map(([id, own]) => html`<${Member} key=${id} ...${{ id, own, queue, settings }} />`)}
            </tbody>
          </table>
        </div>`
    }
    <p class="foot soft">${t("list.count", { count: found.length })}</p>`;
}

function Member({ id, own, queue, settings }) {
  const membership = own.memberships[queue];
  const errors = errorsOf("agent", id);
  const change = (after) =>
    put("agent", id, { ...own, memberships: withMember(own.memberships, queue, after) });
  return html`<tr>
    <th scope="row"><a href="#agents/${encodeURIComponent(id)}">${own.name || id}</a></th>
    ${settings.map(([name, schema]) => {
      const error = errors[`memberships.${queue}.${name}`];
      const label = `${labelOf(STRUCT, name)}: ${own.name || id}`;
      return html`<td>
        <${Cell}
          name=${name}
          schema=${schema}
          label=${label}
          error=${error}
          value=${membership[name] ?? schema.default}
          onChange=${(value) => change(withMember(membership, name, value))}
        />
      </td>`;
    })}
    <td>
      <button
        type="button"
        class="quiet square"
        aria-label=${t("members.remove", { agent: own.name || id })}
        onClick=${() => change(undefined)}
      >
        <${Icon} name="close" />
      </button>
    </td>
  </tr>`;
}

/** A setting as a cell of a table; its label is the column's with the row's. */
export function Cell({ label, error, schema, ...rest }) {
  const ties = { "aria-label": label, "aria-invalid": error ? "true" : undefined };
  if (schema.type === "integer") ties.class = "small";
  return html`<${Control} ...${rest} schema=${schema} ties=${ties} />
    ${error && html`<p class="error">${error}</p>`}`;
}

function AddAgent({ queue }) {
  const [text, setText] = useState("");
  const own = drafted("agent", text.trim());
  const add = (event) => {
    event.preventDefault();
    if (!own) return;
    put("agent", text.trim(), { ...own, memberships: { ...own.memberships, [queue]: {} } });
    setText("");
  };
  return html`<form class="row" onSubmit=${add}>
    <input
      aria-label=${t("members.add")}
      placeholder=${t("members.add")}
      list="ids-agent"
      value=${text}
      autocomplete="off"
      spellcheck=${false}
      onInput=${(event) => setText(event.target.value)}
    />
    <button disabled=${!own}>${t("add")}</button>
  </form>`;
}
