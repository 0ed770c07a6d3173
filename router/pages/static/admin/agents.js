/** Agents: where they serve, what they can, how much at once; many of them from a table that is pasted. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useState } from "../vendor/preact.js";
import { Bulk } from "./bulk.js";
import { Levels, plain, Typed } from "./controls.js";
import { labelOf, SettingsForm } from "./form.js";
import { ObjectList } from "./list.js";
import { Cell } from "./members.js";
import { admin, drafted, errorsOf, isThere, put } from "./model.js";
import { ObjectPage } from "./object.js";
import { Nothing } from "./queues.js";
import { settingsOf } from "./schema.js";
import { readInteger, withMember } from "./values.js";

const FRESH = { slots: { voice: 1 } };

/** @param {{id: string}} props */
export function Agents({ id }) {
  const [isPasting, setPasting] = useState(false);
  const about = (own) => Object.keys(own.memberships ?? {}).join(", ") || t("agent.idle");
  const channels = Object.keys(admin.value.config.tenant.channels);
  const fresh = { slots: { [channels[0]]: 1, ...(channels.includes("voice") && FRESH.slots) } };
  return html`<${ObjectList} kind="agent" section="agents" chosen=${id} about=${about} fresh=${fresh}>
      <button class="bulk" onClick=${() => setPasting(true)}>
        <${Icon} name="people" /> ${t("bulk.open")}
      </button>
    <//>
    ${
      id && isThere("agent", id)
        ? html`<${Agent} id=${id} key=${id} />`
        : html`<${Nothing} id=${id} kind="agent" section="agents" />`
    }
    ${isPasting && html`<${Bulk} onClose=${() => setPasting(false)} />`}`;
}

function Agent({ id }) {
  const object = drafted("agent", id) ?? {};
  const errors = errorsOf("agent", id);
  const onChange = (after) => put("agent", id, after);
  const schemas = Object.fromEntries(settingsOf("AgentDefinition"));
  const within = (name) =>
    Object.fromEntries(
      Object.entries(errors)
        .filter(([path]) => path.startsWith(`${name}.`))
        .map(([path, text]) => [path.slice(name.length + 1), text]),
    );
  return html`<${ObjectPage} kind="agent" id=${id} section="agents" title=${object.name || id}>
    <${SettingsForm}
      struct="AgentDefinition"
      common=${["name", "capacity"]}
      groups=${[]}
      without=${["memberships", "skills", "slots"]}
      prefix="agent"
      ...${{ object, errors, onChange }}
    />
    <section>
      <h3>${labelOf("AgentDefinition", "slots")}</h3>
      <${Slots} object=${object} errors=${within("slots")} onChange=${onChange} />
    </section>
    <section>
      <h3>${labelOf("AgentDefinition", "memberships")}</h3>
      <${Memberships} object=${object} errors=${errors} onChange=${onChange} />
    </section>
    <section>
      <h3>${labelOf("AgentDefinition", "skills")}</h3>
      <${Levels}
        schema=${schemas.skills}
        value=${object.skills ?? {}}
        errors=${within("skills")}
        names="ids-skill"
        ties=${{ "aria-label": t("agent.skill.add") }}
        onChange=${(skills) => onChange({ ...object, skills })}
      />
      ${errors.skills && html`<p class="error">${errors.skills}</p>`}
    </section>
  <//>`;
}

/** How many contacts of each of the tenant's channels he takes at once; empty is none. */
function Slots({ object, errors, onChange }) {
  const slots = object.slots ?? {};
  const channels = new Set([...Object.keys(drafted("tenant", "").channels), ...Object.keys(slots)]);
  return html`<div class="slots">
    ${[...channels].map((channel) => {
      const ties = { id: `slot-${channel}`, "aria-invalid": errors[channel] ? "true" : undefined };
      return html`<div class="setting" key=${channel}>
        <label for=${ties.id}>${channel}</label>
        <${Typed}
          ties=${ties}
          value=${slots[channel]}
          onChange=${(count) => onChange({ ...object, slots: withMember(slots, channel, count) })}
          write=${plain}
          parse=${readInteger}
          mode="numeric"
          placeholder="0"
        />
        ${errors[channel] && html`<p class="error">${errors[channel]}</p>`}
      </div>`;
    })}
  </div>`;
}

function Memberships({ object, errors, onChange }) {
  const own = object.memberships ?? {};
  const settings = settingsOf("Membership");
  const change = (queue, after) =>
    onChange({ ...object, memberships: withMember(own, queue, after) });
  const add = (event) => {
    const queue = event.target.value.trim();
    if (!queue || queue in own || drafted("queue", queue) === null) return;
    event.target.value = "";
    change(queue, {});
  };
  return html`<div class="wide">
      <table hidden=${Object.keys(own).length === 0}>
        <thead>
          <tr>
            <th scope="col">${t("queue")}</th>
            ${settings.map(([name]) => html`<th scope="col">${labelOf("Membership", name)}</th>`)}
            <th><span class="unseen">${t("remove")}</span></th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(own).map(
            ([queue, membership]) => html`<tr key=${queue}>
              <th scope="row"><a class="cut" href="#queues/${encodeURIComponent(queue)}">${queue}</a></th>
              ${settings.map(([name, schema]) => {
                const error = errors[`memberships.${queue}.${name}`];
                return html`<td>
                  <${Cell}
                    name=${name}
                    schema=${schema}
                    label="${labelOf("Membership", name)}: ${queue}"
                    error=${error}
                    value=${membership[name] ?? schema.default}
                    onChange=${(value) => change(queue, withMember(membership, name, value))}
                  />
                </td>`;
              })}
              <td>
                <button type="button" class="quiet square" aria-label=${t("levels.remove", { name: queue })} onClick=${() => change(queue, undefined)}>
                  <${Icon} name="close" />
                </button>
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <input
      class="adder"
      list="ids-queue"
      aria-label=${t("agent.queue.add")}
      placeholder=${t("agent.queue.add")}
      autocomplete="off"
      spellcheck=${false}
      onChange=${add}
      onKeyDown=${(event) => event.key === "Enter" && add(event)}
    />`;
}
