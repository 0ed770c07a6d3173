/**
 * Hands a contact on: to an agent who can take it now, to a queue, to a colleague who takes part, or a part
 * of it to another queue. Who can not take it is shown too, with the reason. What nobody has is moved to a queue.
 */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Dialog, Dot, Field, toast } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Combobox } from "./combobox.js";
import { namesOf, refusal } from "./phrases.js";

const EVERY_MS = 3_000;
const PAGE = 200;
const PAGES_MAX = 5;
const NOTE_MAX = 1_024;
const WAYS = ["transfer", "consult", "fork"];
const TO_AGENTS = ["transfer", "consult"];
const WITH_PLACE = ["transfer", "move"];
const PLACES = ["", "keep", "front", "back"];
const RANK = { available: 0, busy: 1, offline: 2 };

/**
 * @param {{stream: object, me: object, queues: object[], contact: object, way?: string,
 *   nameOf: (agent: string) => string, onDone?: (reply: object) => void, onClose: () => void}} props
 *   `way`: what is shown first, "transfer", "consult" or "fork"; "move", for what nobody has, is the only one
 */
export function Directory({ stream, me, queues, contact, way: first, nameOf, onDone, onClose }) {
  const [way, setWay] = useState(first ?? "transfer");
  const [chosen, setChosen] = useState(null);
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const agents = useAgents(stream, way === "move" ? null : contact.queue);
  const settings = queues.find(({ queue }) => queue === contact.queue)?.settings ?? {};
  const options = [
    ...(TO_AGENTS.includes(way) ? agentOptions(agents.list, me, contact, settings) : []),
    ...(way === "consult" ? [] : queueOptions(queues, contact, way)),
  ];
  const target = options.find(({ id }) => id === chosen);

  const turn = (name) => {
    setWay(name);
    setChosen(null);
    setError("");
  };
  const submit = async (event) => {
    event.preventDefault();
    if (!target) {
      setError(t("directory.choose"));
      return;
    }
    const form = new FormData(event.target);
    setError("");
    setBusy(true);
    try {
      const command = way === "move" ? "transfer" : way;
      const reply = await stream.command(command, args(way, contact, target, form));
      const key = way === "transfer" && target.agent ? "asked" : way;
      toast(t(`directory.done.${key}`, { name: target.name }), "good");
      onDone?.(reply);
      onClose();
    } catch (problem) {
      setError(refusal(problem, { nameOf, now: stream.now() }));
      agents.read();
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t(`directory.${way}`)} onClose=${onClose}>
    <form class="dialog-body directory" onSubmit=${submit}>
      ${
        way !== "move" &&
        html`<div class="inbox-whose" role="group" aria-label=${t("directory.way")}>
        ${WAYS.map(
          (
            name,
          ) => html`<button type="button" key=${name} aria-pressed=${way === name} onClick=${() => turn(name)}>
            ${t(`directory.way.${name}`)}
          </button>`,
        )}
      </div>`
      }
      <p class="hint">${t(`directory.about.${way}`)}</p>
      <${Combobox}
        key=${way}
        id="directory-to"
        label=${t(`directory.to.${way}`)}
        hint=${t("directory.search")}
        empty=${agents.isRead ? t("directory.none") : t("panel.loading")}
        draw=${(option) => html`<${Option} option=${option} isChosen=${option.id === chosen} />`}
        onChoose=${(id) => {
          setChosen(id);
          setError("");
        }}
        ...${{ options, chosen }}
      />
      ${WITH_PLACE.includes(way) && target?.queue && html`<${Place} />`}
      ${way === "fork" && html`<${Subject} contact=${contact} />`}
      <${Field} id="directory-note" label=${t("directory.note")} hint=${t("directory.note.hint")}>
        ${(ties) => html`<textarea ...${ties} name="note" rows="2" maxlength=${NOTE_MAX}></textarea>`}
      <//>
      <p class="error" role="alert">${error}</p>
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("panel.cancel")}</button>
        <button class="primary" disabled=${isBusy || !target}>
          ${target ? t(`directory.do.${way}`, { name: target.name }) : t(`directory.way.${way}`)}
        </button>
      </div>
    </form>
  <//>`;
}

function Option({ option, isChosen }) {
  const { agent, queue, name, why, visible } = option;
  return html`<span class="directory-option">
    ${agent ? html`<${Dot} visible=${visible} />` : html`<${Icon} name="inbox" />`}
    <span class="grow cut">${name} ${(agent ?? queue) !== name && html`<span class="soft">${agent ?? queue}</span>`}</span>
    <span class="soft">${why}</span>
    <span class="directory-mark">${isChosen && html`<${Icon} name="check" />`}</span>
  </span>`;
}

function Place() {
  return html`<${Field} id="directory-place" label=${t("directory.place")}>
    ${(ties) => html`<select ...${ties} name="position">
      ${PLACES.map((name) => html`<option value=${name} key=${name}>${t(`directory.place.${name || "queue"}`)}</option>`)}
    </select>`}
  <//>`;
}

function Subject({ contact }) {
  return html`<${Field} id="directory-subject" label=${t("directory.subject")}>
    ${(ties) => html`<input ...${ties} name="subject" maxlength="256" defaultValue=${contact.subject ?? ""} />`}
  <//>`;
}

/** What is asked of the router. */
function args(way, { contact, subject }, target, form) {
  const told = (name) => form.get(name)?.trim() || undefined;
  const command = { contact, note: told("note") };
  if (target.agent) return { ...command, to_agent: target.agent };
  command.to_queue = target.queue;
  if (way === "move") command.if_waiting = true;
  if (WITH_PLACE.includes(way)) return { ...command, position: told("position") };
  return { ...command, subject: told("subject") ?? subject };
}

function agentOptions(agents, me, contact, settings) {
  return agents
    .filter(({ agent }) => agent !== me.agent)
    .map((one) => {
      const name = one.name || one.agent;
      const why = absence(one, contact, settings);
      const isOff = why !== null;
      return {
        id: `agent:${one.agent}`,
        agent: one.agent,
        name,
        text: `${name} ${one.agent}`,
        visible: one.visible,
        isOff,
        why: t(why ?? "visible.available"),
      };
    })
    .sort(
      (one, other) =>
        one.isOff - other.isOff ||
        RANK[one.visible] - RANK[other.visible] ||
        one.name.localeCompare(other.name),
    );
}

/** Why an agent can not be asked now, as a text's key, or null. */
function absence({ agent, visible, presence, memberships }, contact, settings) {
  if (agent === contact.owner) return "directory.why.owner";
  if (!(contact.queue in memberships)) return "directory.why.foreign";
  if (visible === "offline") return "visible.offline";
  if (visible === "available") return null;
  if (presence === "ready") return "directory.why.full";
  return settings.transfer_requires === "ready" ? "directory.why.not_ready" : null;
}

function queueOptions(queues, contact, way) {
  const nameOf = namesOf(queues);
  return queues
    .filter(
      ({ queue, settings }) => settings.handles && (way === "fork" || queue !== contact.queue),
    )
    .map(({ queue, waiting, members }) => ({
      id: `queue:${queue}`,
      queue,
      name: nameOf(queue),
      text: `${nameOf(queue)} ${queue}`,
      why: [
        t("directory.waiting", { count: waiting }),
        t("directory.ready", { count: members?.ready ?? 0 }),
      ].join(" · "),
    }));
}

/** Who serves a queue, if one is given, read again every few seconds; and who does not, read once. */
function useAgents(stream, queue) {
  const [members, setMembers] = useState(null);
  const [strangers, setStrangers] = useState([]);
  const read = () => everybody(stream, queue).then(setMembers, () => {}); // shown as it was
  useEffect(() => {
    if (queue === null) return undefined;
    read();
    const isStranger = ({ memberships }) => !(queue in memberships);
    const keep = (agents) => setStrangers(agents.filter(isStranger));
    everybody(stream).then(keep, () => {});
    const timer = setInterval(() => document.hidden || read(), EVERY_MS);
    return () => clearInterval(timer);
  }, [stream, queue]);
  return {
    list: [...(members ?? []), ...strangers],
    isRead: queue === null || members !== null,
    read,
  };
}

async function everybody(stream, queue) {
  const list = [];
  let cursor;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await stream.command("agents", { queue, limit: PAGE, cursor });
    list.push(...page.agents);
    cursor = page.cursor;
    if (!cursor) break;
  }
  return list;
}
