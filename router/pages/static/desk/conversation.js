/** One contact: who it is, what was said, and what he can do about it. */

import { useSeconds } from "../lib/clock.js";
import { dateTime, duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Empty, explain, toast } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { RepliesTool } from "./beside.js";
import { Closing, WrapUp } from "./closing.js";
import { Composer } from "./composer.js";
import { StateTag } from "./contacts.js";
import { Entries } from "./entries.js";
import { useNames } from "./names.js";
import { sayLost } from "./notices.js";
import { channelName } from "./offers.js";
import { roleIn } from "./state.js";

/** @param {{tools?: (contact: object) => any}} props `tools`: more buttons of the toolbar */
export function Conversation({ desk, tools }) {
  const { contact: id } = useStore(desk.shown);
  useStore(desk.work);
  useStore(desk.queues);
  const contact = id && desk.contact(id);
  if (!id) {
    return html`<main class="conversation"><${Empty} icon="chat">${t("conversation.none")}<//></main>`;
  }
  if (!contact || contact.error) {
    return html`<main class="conversation">
      <${Empty} icon="chat">
        ${contact ? explain(contact.error) : t("desk.loading")}
        <button onClick=${() => desk.open(null)}>${t("conversation.back")}</button>
      <//>
    </main>`;
  }
  return html`<${Opened} desk=${desk} contact=${contact} tools=${tools} />`;
}

function Opened({ desk, contact, tools }) {
  const [isClosing, setClosing] = useState(false);
  const role = roleIn(contact, desk.me.agent);
  const place = useRef(null);
  useEffect(() => {
    if (document.activeElement === document.body) place.current.focus(); // what had it is gone
  }, [role, contact.state, isClosing]);
  return html`<main
    class="conversation"
    aria-label=${t("conversation.label")}
    tabindex="-1"
    ref=${place}
  >
    <${Head} desk=${desk} contact=${contact} />
    <${Tools} desk=${desk} contact=${contact} role=${role} onClose=${() => setClosing(true)}>
      ${tools?.(contact)}
    <//>
    ${contact.note && html`<p class="note"><${Icon} name="note" />${contact.note}</p>`}
    <${Entries} desk=${desk} contact=${contact} />
    <${Foot}
      desk=${desk}
      contact=${contact}
      role=${role}
      isClosing=${isClosing}
      onClose=${() => setClosing(true)}
      onKept=${() => setClosing(false)}
    />
  </main>`;
}

/** What stands at the end: the script of the close, the wrap-up, the answer, or the way to have it. */
function Foot({ desk, contact, role, isClosing, onClose, onKept }) {
  if (isClosing && isOpen(contact))
    return html`<${Closing} desk=${desk} contact=${contact} onDone=${onKept} />`;
  if (role === "owner" && contact.state === "wrap_up") {
    return html`<${WrapUp} desk=${desk} contact=${contact} key=${contact.contact} />
      <${Composer} desk=${desk} contact=${contact} noteOnly key="note" />`;
  }
  if (role) {
    const extra = (insert) => html`<${RepliesTool} ...${{ desk, contact, insert }} />`;
    return html`<${Composer} key=${contact.contact} ...${{ desk, contact, extra }} />`;
  }
  return html`<${NotHis} desk=${desk} contact=${contact} onClose=${onClose} />`;
}

function Head({ desk, contact }) {
  useSeconds();
  return html`<header class="talk-head">
    <button
      class="quiet square back"
      aria-label=${t("conversation.back")}
      onClick=${() => desk.open(null)}
    >
      <${Icon} name="back" />
    </button>
    <${Icon} name=${contact.channel} />
    <div class="grow">
      <h2 class="cut">${contact.address || t("desk.no_address")}</h2>
      <p class="soft cut">
        ${[channelName(contact.channel), desk.queueName(contact.queue), contact.subject].filter(Boolean).join(" · ")}
      </p>
    </div>
    ${contact.interrupted && html`<span class="tag" data-kind="warn">${t("state.interrupted")}</span>`}
    <${StateTag} desk=${desk} contact=${contact} />
    <span class="clock soft" title=${t("conversation.since", { time: dateTime(contact.arrived ?? contact.since) })}>
      ${duration(desk.now() - (contact.arrived ?? contact.since))}
    </span>
  </header>`;
}

/** What can be done with it now. */
function Tools({ desk, contact, role, onClose, children }) {
  const act = (name, args = {}) => doing(desk, name, { contact: contact.contact, ...args });
  const ringing = contact.offers?.find(
    (offer) => offer.kind !== "queue" && offer.kind !== "direct",
  );
  return html`<div class="tools">
    ${
      role === "owner" &&
      isOpen(contact) &&
      html`
      <button
        class="square"
        aria-label=${t("tool.release")}
        title="${t("tool.release")}: ${t("tool.release.about")}"
        onClick=${() => act("release")}
      >
        <${Icon} name="inbox" />
      </button>`
    }
    ${
      role === "owner" &&
      contact.consult &&
      html`
      <${Guest} contact=${contact} />
      <button onClick=${() => act("complete_consult")}>${t("tool.complete_consult")}</button>
      <button onClick=${() => act("leave_consult")}>${t("tool.end_consult")}</button>`
    }
    ${
      role === "guest" &&
      html`
      <button onClick=${() => act("complete_consult")}>${t("tool.take_on")}</button>
      <button onClick=${() => act("leave_consult")}>${t("tool.leave_consult")}</button>`
    }
    ${ringing && html`<${Asked} offer=${ringing} />`}
    ${
      role === "owner" &&
      ringing?.kind === "consult" &&
      html`<button onClick=${() => act("leave_consult")}>${t("tool.stop_consult")}</button>`
    }
    ${children}
    <span class="grow"></span>
    ${
      role === "owner" &&
      isOpen(contact) &&
      html`
      <button class="primary" onClick=${onClose}><${Icon} name="check" />${t("tool.close")}</button>`
    }
  </div>`;
}

function Guest({ contact }) {
  const nameOf = useNames();
  return html`<span class="tag" data-kind="good">
    ${t("tool.guest", { name: nameOf(contact.consult.agent) })}
  </span>`;
}

function Asked({ offer }) {
  const nameOf = useNames();
  return html`<span class="tag" data-kind="warn" role="status">
    ${t(`tool.asked.${offer.kind}`, { name: nameOf(offer.agent) })}
  </span>`;
}

/** Somebody else's, nobody's, or over: the way to have it. */
function NotHis({ desk, contact, onClose }) {
  const nameOf = useNames();
  const { state, owner } = contact;
  const settings = desk.settings(contact.queue);
  const way = wayTo(contact, desk.me, settings);
  const isWith = owner && state !== "closed";
  const mayClose = isOpen(contact) && settings.close_by === "members";
  return html`<footer class="not-his row">
    <p class="grow soft">
      ${t(`state.about.${state}`)} ${isWith && t("conversation.with", { name: nameOf(owner) })}
    </p>
    ${mayClose && html`<button onClick=${onClose}>${t("tool.close")}</button>`}
    ${
      way &&
      html`<button class="primary" onClick=${() => doing(desk, way, { contact: contact.contact })}>
        ${t(`tool.${way}`)}
      </button>`
    }
  </footer>`;
}

/** How he may get a contact that is not his, as its queue has it; nothing is promised by that. */
function wayTo({ state, queue }, me, { distribution, take_over: mode, reopen, reopen_by = [] }) {
  const member = me.memberships[queue];
  if (!member) return null;
  const mayTakeOver =
    mode === "members" || (mode === "supervisors" && member.role === "supervisor");
  const mayReopen = reopen !== "locked" && reopen_by.includes("agent");
  const ways = {
    queued: distribution !== "push" && "claim",
    offered: distribution !== "push" && "claim",
    held: distribution !== "push" && "claim",
    assigned: mayTakeOver && "take_over",
    waiting_customer: mayTakeOver && "take_over",
    closed: mayReopen && "reopen",
  };
  return ways[state] || null;
}

function isOpen({ state }) {
  return state === "assigned" || state === "waiting_customer";
}

/** A command of his about a contact; a refusal is said, and a new id is followed. */
export async function doing(desk, name, args) {
  try {
    const { contact } = await desk.command(name, args);
    await desk.open(contact ?? args.contact);
    return true;
  } catch (error) {
    if (error.body?.taken_by) sayLost(desk, error, args.contact);
    else toast(explain(error), "bad");
    return false;
  }
}
