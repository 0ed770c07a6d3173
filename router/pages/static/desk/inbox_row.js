/** One contact of the inbox: what it is, who has it, and what the reader may do about it. */

import { useSeconds } from "../lib/clock.js";
import { dateTime, duration, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useState } from "../vendor/preact.js";
import { turnOf } from "./inbox_list.js";
import { atTime, channelName, refusal, whoIs } from "./phrases.js";

const WAITING = ["queued", "offered", "held"];
const HAD = ["assigned", "waiting_customer", "wrap_up"];
const KINDS = { queued: "warn", offered: "warn", assigned: "good", wrap_up: "good" };

/**
 * What an agent may do about a contact that he sees: {act, why}. `act` is "open", "claim", "takeOver",
 * "reopen" or null, and then `why` is the text's key that says why not.
 */
export function mayDo(contact, me, settings = {}) {
  const { state, owner } = contact;
  const role = me.memberships[contact.queue]?.role ?? (me.memberships[contact.queue] && "agent");
  if (owner === me.agent && HAD.includes(state)) return { act: "open" };
  if (WAITING.includes(state)) {
    if (!role) return { act: null, why: "inbox.why.foreign" };
    return settings.distribution === "push"
      ? { act: null, why: "inbox.why.push" }
      : { act: "claim" };
  }
  if (state === "assigned") {
    if (settings.take_over === "members" && role) return { act: "takeOver" };
    if (settings.take_over === "supervisors" && role === "supervisor") return { act: "takeOver" };
    return { act: null, why: `inbox.why.${settings.take_over ?? "nobody"}` };
  }
  if (state === "closed") {
    if (settings.reopen === "locked") return { act: null, why: "inbox.why.locked" };
    const isTheirs = (settings.reopen_by ?? []).includes("agent") || role === "supervisor";
    return isTheirs ? { act: "reopen" } : { act: null, why: "inbox.why.locked" };
  }
  return { act: null, why: state === "scheduled" ? "inbox.why.scheduled" : null };
}

/** Whether the reader may move it to another queue: nobody has it, and he supervises its queue. */
export function mayMove({ state, queue }, me) {
  return [...WAITING, "scheduled"].includes(state) && me.memberships[queue]?.role === "supervisor";
}

/**
 * Carries out what `mayDo` allows but taking over, which wants a reason first.
 * @returns {Promise<string>} the contact to open: another one where a closed one goes on in a new one
 */
export async function act(kind, contact, stream) {
  if (kind === "open") return contact;
  const reply = await stream.command(kind === "claim" ? "claim" : "reopen", { contact });
  return reply.contact ?? contact;
}

/** Who has it and since when, or since when it waits. */
export function Standing({ contact, nameOf, now }) {
  const { state, owner, assigned_at: since, closed_at: closed, not_before: later } = contact;
  if (state === "closed") {
    const at = atTime(closed, now);
    return owner ? t("inbox.closed.by", { agent: nameOf(owner), at }) : t("inbox.closed", { at });
  }
  if (state === "scheduled") return later ? t("inbox.comes", { at: dateTime(later) }) : "";
  if (state === "held") return t("inbox.held");
  if (owner) {
    const agent = nameOf(owner);
    return since
      ? t("inbox.started", { agent, at: atTime(since, now) })
      : t("inbox.has", { agent });
  }
  return html`<${Waits} since=${contact.customer_since ?? contact.since} now=${now} />`;
}

function Waits({ since, now }) {
  useSeconds();
  const begin = now - Date.now(); // how far the tenant's clock is ahead
  return since ? t("inbox.waits", { time: duration(Date.now() + begin - since) }) : "";
}

/** What a contact is, in a line; its states are words and colours. */
export function Marks({ contact, queueName }) {
  const turn = turnOf(contact);
  return html`<span class="marks">
    <span class="tag" data-kind=${KINDS[contact.state]}>${t(`inbox.tag.${contact.state}`)}</span>
    ${turn === "us" && contact.owner && html`<span class="tag">${t("inbox.turn.us")}</span>`}
    <span class="soft cut">${queueName(contact.queue)} · ${channelName(contact.channel)}</span>
  </span>`;
}

/** @param {{row: object, may: object, onAct: (kind: string) => Promise<void>}} props */
export function Row({ row, may, now, nameOf, queueName, isOpened, onLook, onAct }) {
  const [refused, setRefused] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const doIt = async () => {
    setRefused(null);
    setBusy(true);
    try {
      await onAct(may.act);
    } catch (problem) {
      setRefused({ problem, now: now() });
    } finally {
      setBusy(false);
    }
  };
  const arrived = row.arrived ?? row.entered;
  return html`<li class="inbox-row" data-gone=${row.isGone} data-opened=${isOpened}>
    <button class="inbox-main" data-row onClick=${onLook} aria-haspopup="dialog">
      <${Icon} name=${row.channel} />
      <span class="inbox-what">
        <span class="inbox-subject">
          <strong class="cut">${row.subject || t("inbox.nosubject")}</strong>
          <time datetime=${new Date(arrived).toISOString()}>${time(arrived, now())}</time>
        </span>
        <span class="inbox-who">
          <span class="cut">${whoIs(row)}</span>
          <${Marks} contact=${row} queueName=${queueName} />
          <span class="soft cut"><${Standing} contact=${row} nameOf=${nameOf} now=${now()} /></span>
        </span>
      </span>
    </button>
    <div class="inbox-act">
      ${
        may.act &&
        html`<button
        class="inbox-do"
        data-act=${may.act}
        disabled=${isBusy}
        aria-label=${`${t(`inbox.act.${may.act}`)}: ${row.subject || whoIs(row)}`}
        onClick=${doIt}
      >
        ${t(`inbox.act.${may.act}`)}
      </button>`
      }
      ${!may.act && may.why && html`<span class="hint">${t(may.why)}</span>`}
    </div>
    ${
      refused &&
      html`<p class="error inbox-error" role="alert">
      <${Icon} name="warning" /> ${refusal(refused.problem, { nameOf, now: refused.now })}
    </p>`
    }
  </li>`;
}
