/** What a supervisor does: each is told first, asks for a reason, and says why it was refused. */

import { hasText, t } from "../lib/i18n.js";
import { useStore } from "../lib/store.js";
import { Dialog, Field, toast } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { STANDINGS, standing } from "./agents.js";
import { nameOf } from "./limits.js";
import { board, command } from "./watch.js";
import { agentName, refusal } from "./words.js";

const REASON_MAX = 256;
const PRIORITY_MAX = 100;
const REASON = { name: "reason", kind: "text", required: true };
const WITH_OWNER = ["assigned", "waiting_customer"];
const WAITING = ["queued", "offered", "held", "scheduled"];
const TO_QUEUE = { name: "to_queue", kind: "queue", required: true };
const POSITION = {
  name: "position",
  kind: "choice",
  choices: ["", "keep", "front", "back"],
  notIn: "scheduled",
};
const NOTE = { name: "note", kind: "text", required: true };

/**
 * By name of the command: in which states of the contact it makes sense, and what is asked; `about` is the
 * text that says what it does, `always` what is told besides.
 */
export const CONTACT_ACTIONS = [
  {
    name: "assign",
    states: [...WAITING, ...WITH_OWNER],
    fields: [
      { name: "agent", kind: "agent", required: true },
      { name: "not_ready", kind: "check" },
      { name: "over_capacity", kind: "check" },
      REASON,
    ],
  },
  {
    name: "update",
    states: WAITING,
    fields: [{ name: "priority", kind: "number", max: PRIORITY_MAX, required: true }, REASON],
  },
  {
    name: "transfer",
    states: WITH_OWNER,
    fields: [TO_QUEUE, POSITION, NOTE],
  },
  {
    name: "transfer",
    states: WAITING,
    fields: [TO_QUEUE, POSITION, NOTE],
    about: "action.transfer.about_waiting",
    always: { if_waiting: true },
  },
  { name: "release", states: WITH_OWNER, fields: [REASON], isGrave: true },
  {
    name: "monitor",
    states: ["assigned"],
    fields: [
      { name: "mode", kind: "choice", choices: ["listen", "coach", "barge", "stop"] },
      REASON,
    ],
  },
  {
    name: "close",
    states: [...WITH_OWNER, "held", "scheduled"],
    fields: [
      { name: "disposition", kind: "text" },
      { name: "resolved", kind: "choice", choices: ["", "true", "false"] },
      REASON,
    ],
    isGrave: true,
  },
  {
    name: "cancel",
    states: WAITING,
    fields: [{ name: "result", kind: "choice", choices: ["cancelled", "abandoned"] }, REASON],
    isGrave: true,
  },
];

export const AGENT_ACTIONS = [
  {
    name: "set_state",
    fields: [
      { name: "presence", kind: "choice", choices: ["not_ready", "ready", "offline"] },
      { name: "when", kind: "choice", choices: ["now", "idle"] },
      REASON,
    ],
  },
  {
    name: "log_off",
    fields: [{ name: "contacts", kind: "choice", choices: ["keep", "requeue"] }, REASON],
    isGrave: true,
  },
];

/** What can be done with a contact or an agent as it is now. */
export function ActionBar({ actions, about, onDone }) {
  const { status } = useStore(board);
  const [open, setOpen] = useState(null);
  const fitting = actions.filter(({ states }) => !states || states.includes(about.state));
  if (!fitting.length) return null;
  return html`<div class="actions doing" role="group" aria-label=${t("actions.title")}>
    ${fitting.map(
      (action) => html`<button
        key=${action.name}
        class=${action.isGrave ? "danger" : ""}
        disabled=${status !== "online"}
        onClick=${() => setOpen(action)}
      >
        ${t(`action.${action.name}`)}…
      </button>`,
    )}
    ${
      open &&
      html`<${Confirm}
        action=${open}
        about=${about}
        onClose=${() => setOpen(null)}
        onDone=${onDone}
      />`
    }
  </div>`;
}

function Confirm({ action, about, onClose, onDone }) {
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const target = about.contact ? { contact: about.contact } : { agent: about.agent };
  const name = about.contact ? about.subject || about.contact : agentName(about.agent);
  const fields = action.fields.filter(({ notIn }) => !notIn || notIn !== about.state);
  async function submit(event) {
    event.preventDefault();
    const args = { ...target, ...action.always, ...given(new FormData(event.target), fields) };
    setBusy(true);
    setProblem("");
    try {
      toast(done(action.name, await command(action.name, args)), "good");
      onClose();
      onDone();
    } catch (error) {
      setProblem(refusal(error));
      setBusy(false);
    }
  }
  return html`<${Dialog} title=${t(`action.${action.name}.title`)} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${submit}>
      <p><strong>${name}</strong></p>
      <p>${t(action.about ?? `action.${action.name}.about`)}</p>
      ${fields.map(
        (field) =>
          html`<${Asked} key=${field.name} action=${action.name} field=${field} about=${about} />`,
      )}
      ${problem && html`<p class="notice" data-kind="bad" role="alert">${problem}</p>`}
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("actions.leave")}</button>
        <button class=${action.isGrave ? "danger" : "primary"} disabled=${isBusy}>
          ${t(`action.${action.name}`)}
        </button>
      </div>
    </form>
  <//>`;
}

/** What the answer says; some answers are told apart by the state that the contact is in now. */
function done(name, { outcome, state }) {
  if (outcome === "pending") return t("actions.pending");
  const key = `action.${name}.done`;
  return t(hasText(`${key}.${state}`) ? `${key}.${state}` : key);
}

function Asked({ action, field, about }) {
  const id = `action-${field.name}`;
  const label = t(`field.${field.name}`);
  if (field.kind === "check") {
    return html`<label class="row"><input type="checkbox" name=${field.name} />${label}</label>`;
  }
  const own = { name: field.name, required: field.required };
  return html`<${Field} id=${id} label=${label}>
    ${(ties) => {
      switch (field.kind) {
        case "agent":
          return html`<select ...${ties} ...${own}><${AgentOptions} queue=${about.queue} /></select>`;
        case "queue":
          return html`<select ...${ties} ...${own}><${QueueOptions} but=${about.queue} /></select>`;
        case "choice":
          return html`<select ...${ties} ...${own}>
            ${field.choices.map(
              (value) => html`<option value=${value}>
                ${t(`choice.${action}.${value || "default"}`)}
              </option>`,
            )}
          </select>`;
        case "number":
          return html`<input
            ...${ties}
            ...${own}
            type="number"
            min="0"
            max=${field.max}
            defaultValue=${about[field.name]}
          />`;
        default:
          return html`<input ...${ties} ...${own} maxlength=${REASON_MAX} autocomplete="off" />`;
      }
    }}
  <//>`;
}

/** The agents of a queue, those first who could take something. */
function AgentOptions({ queue }) {
  const { agents } = board.value;
  const members = agents
    .filter(({ memberships }) => queue in memberships)
    .map((agent) => ({ agent, how: standing(agent) }))
    .sort((one, other) => STANDINGS.indexOf(one.how) - STANDINGS.indexOf(other.how));
  return html`<option value="">${t("actions.choose")}</option>
    ${members.map(
      ({ agent, how }) => html`<option value=${agent.agent}>
        ${agent.name || agent.agent} · ${t(`standing.${how}`)}
      </option>`,
    )}`;
}

function QueueOptions({ but }) {
  const others = board.value.wall.queues.filter(({ queue }) => queue !== but);
  return html`<option value="">${t("actions.choose")}</option>
    ${others.map(
      (queue) => html`<option value=${queue.queue}>
        ${nameOf(queue)}${queue.hours?.is_open === false ? ` · ${t("hours.closed")}` : ""}
      </option>`,
    )}`;
}

/** The command's arguments as the form has them; what was left empty is left out. */
function given(form, fields) {
  const args = {};
  for (const { name, kind } of fields) {
    const value = form.get(name)?.trim();
    if (!value) continue;
    if (kind === "check") args[name] = true;
    else if (kind === "number") args[name] = Number(value);
    else args[name] = value === "true" || value === "false" ? value === "true" : value;
  }
  return args;
}
