/** What rings him: cards that can not be missed, answered by pointer or by key. */

import { useSeconds } from "../lib/clock.js";
import { duration, hasText, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { setAboveDialogs } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { useAlarm } from "./alarm.js";
import { useNames } from "./names.js";
import { sayLost } from "./notices.js";
import { ringing } from "./state.js";

const SECOND = 1_000;
const HURRY_MS = 5_000;
const SHOWN_MAX = 8;
const EDITABLE = "input, textarea, select, [contenteditable], dialog[open] *";

/** Says yes to an offer; the contact is opened once it is his. */
export async function accept(desk, { contact, offer }) {
  try {
    await desk.command("accept", { contact: contact.contact, offer: offer.n });
    desk.dispatchEvent(new Event("accepted"));
    await desk.open(contact.contact);
  } catch (error) {
    sayLost(desk, error, contact.contact);
  }
}

/** Says no to an offer: it goes to somebody else. */
export async function decline(desk, { contact, offer }) {
  try {
    const args = { contact: contact.contact, offer: offer.n, cause: "declined" };
    await desk.command("decline", args);
  } catch (error) {
    sayLost(desk, error, contact.contact);
  }
}

/** What a channel is called. */
export function channelName(channel) {
  return hasText(`channel.${channel}`) ? t(`channel.${channel}`) : channel;
}

/**
 * All that rings him; the first one is the one that the keys answer.
 * @param {{onAccepted: () => void}} props `onAccepted`: he has said yes to one, wherever he was
 */
export function Offers({ desk, onAccepted }) {
  const offers = ringing(useStore(desk.work));
  useStore(desk.queues);
  const place = useRef(null);
  useAlarm(desk, offers);
  useFocus(place, offers);
  useEffect(() => {
    desk.addEventListener("accepted", onAccepted);
    return () => desk.removeEventListener("accepted", onAccepted);
  }, [desk, onAccepted]);
  useEffect(() => {
    setAboveDialogs(() => html`<${Strip} desk=${desk} />`);
    return () => setAboveDialogs(null);
  }, [desk]);
  const [latest] = [...offers].sort((one, other) => other.offer.made - one.offer.made);
  return html`<section class="offers" aria-label=${t("desk.offers")} ref=${place}>
    <p class="unseen" role="alert" aria-live="assertive">${latest && announced(desk, latest)}</p>
    ${offers.map(
      (one, index) => html`<${Card}
        key=${`${one.contact.contact} ${one.offer.n}`}
        desk=${desk}
        one=${one}
        hasKeys=${index === 0}
      />`,
    )}
  </section>`;
}

/** What rings first, in a line: over a dialog, which covers the cards. */
function Strip({ desk }) {
  useSeconds();
  const [first] = ringing(useStore(desk.work));
  if (!first) return null;
  const { contact, offer } = first;
  return html`<section class="strip row" aria-label=${t("desk.offers")}>
    <${Icon} name=${contact.channel} />
    <span class="grow cut">
      <strong>${contact.address || t("desk.no_address")}</strong> ${desk.queueName(contact.queue)}
    </span>
    <span class="clock">${secondsLeft(desk, offer)}</span>
    <button class="primary" onClick=${() => accept(desk, first)}>${t("offer.accept")}</button>
    <button onClick=${() => decline(desk, first)}>${t("offer.decline")}</button>
  </section>`;
}

/** How long it still rings; clocks that differ a little never make it more than it is. */
function leftOf(desk, { deadline, made }) {
  return Math.max(0, Math.min(deadline - desk.now(), deadline - made));
}

function secondsLeft(desk, offer) {
  const left = leftOf(desk, offer);
  return t("offer.seconds", { seconds: String(Math.ceil(left / SECOND)) });
}

function Card({ desk, one, hasKeys }) {
  useSeconds();
  const nameOf = useNames();
  const [isAnswered, setAnswered] = useState(false);
  const { contact, offer } = one;
  const left = leftOf(desk, offer);
  const answer = async (act) => {
    setAnswered(true);
    await act(desk, one);
    setAnswered(false);
  };
  const from = offer.from ?? contact.owner;
  const id = `offer-${contact.contact}`;
  return html`<article
    class="offer"
    tabindex="-1"
    aria-labelledby=${id}
    data-hurry=${left <= HURRY_MS ? "true" : undefined}
  >
    <header>
      <${Icon} name=${contact.channel} />
      <h2 id=${id} class="grow">
        ${kindName(offer, from && nameOf(from))}
        <span class="address clamp">${contact.address || t("desk.no_address")}</span>
      </h2>
      <span class="left clock" aria-label=${t("offer.left")}>${secondsLeft(desk, offer)}</span>
    </header>
    <dl>
      <div><dt>${t("offer.channel")}</dt><dd>${channelName(contact.channel)}</dd></div>
      <div><dt>${t("offer.queue")}</dt><dd class="clamp">${desk.queueName(contact.queue)}</dd></div>
      <div><dt>${t("offer.subject")}</dt><dd class="clamp">${contact.subject || t("desk.no_subject")}</dd></div>
      <div>
        <dt>${t("offer.wait")}</dt>
        <dd class="clock">${duration(desk.now() - contact.since)}</dd>
      </div>
    </dl>
    <${Attributes} attributes=${contact.attributes} />
    ${offer.note && html`<p class="note"><${Icon} name="note" /><span class="clamp">${offer.note}</span></p>`}
    <div class="row">
      <button
        class="primary grow"
        disabled=${isAnswered}
        aria-keyshortcuts=${hasKeys ? "F8" : undefined}
        onClick=${() => answer(accept)}
      >
        ${t("offer.accept")}${hasKeys && html`<kbd>F8</kbd>`}
      </button>
      <button
        disabled=${isAnswered}
        aria-keyshortcuts=${hasKeys ? "F9" : undefined}
        onClick=${() => answer(decline)}
      >
        ${t("offer.decline")}${hasKeys && html`<kbd>F9</kbd>`}
      </button>
    </div>
    <div class="ring" aria-hidden="true">
      <div style=${{ transform: `scaleX(${share(offer, left)})` }}></div>
    </div>
  </article>`;
}

/** What a source told of a contact, in words. */
export function Attributes({ attributes }) {
  const told = Object.entries(attributes ?? {}).filter(([, value]) => value !== null);
  if (told.length === 0) return null;
  const rest = told.length - SHOWN_MAX;
  return html`<ul class="attributes">
    ${told.slice(0, SHOWN_MAX).map(([name, value]) => {
      const text = typeof value === "boolean" ? t(`value.${value}`) : String(value);
      return html`<li class="tag" title=${`${name}: ${text}`}>
        <span class="cut">${name}</span><strong class="cut">${text}</strong>
      </li>`;
    })}
    ${rest > 0 && html`<li class="tag">${t("attributes.rest", { count: rest })}</li>`}
  </ul>`;
}

function kindName({ kind }, from) {
  if (kind === "transfer") return t("offer.transfer", { from });
  if (kind === "consult") return t("offer.consult", { from });
  return null;
}

function share(offer, left) {
  return left / Math.max(1, offer.deadline - offer.made);
}

function announced(desk, { contact }) {
  return t("offer.announced", {
    channel: channelName(contact.channel),
    address: contact.address || t("desk.no_address"),
    queue: desk.queueName(contact.queue),
    subject: contact.subject || t("desk.no_subject"),
  });
}

/** A new card has the focus, unless he is writing; when it goes, the focus is where it was. */
function useFocus(place, offers) {
  const before = useRef(null);
  const [first] = offers;
  const shown = first ? `${first.contact.contact} ${first.offer.n}` : "";
  useEffect(() => {
    const had = document.activeElement;
    if (!shown) {
      if (before.current?.isConnected && (!had || had === document.body)) before.current.focus();
      return;
    }
    if (had?.closest(EDITABLE) || place.current.contains(had)) return;
    if (had && had !== document.body) before.current = had;
    place.current.querySelector(".offer")?.focus({ preventScroll: true });
  }, [shown]);
}
