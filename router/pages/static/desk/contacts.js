/** "My contacts": everything he has, in the order of arrival, with a dot where something is new. */

import { useSeconds } from "../lib/clock.js";
import { duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Empty } from "../lib/ui.js";
import { html, useEffect } from "../vendor/preact.js";
import { channelName } from "./offers.js";
import { his, ringing, roleIn } from "./state.js";
import { unread } from "./timeline.js";

const LATELY = 8;

export function ContactList({ desk }) {
  const state = useStore(desk.work);
  const { contact: opened } = useStore(desk.shown);
  const news = useNews(desk);
  useStore(desk.queues);
  const mine = his(state);
  const row = (contact) => html`<${Row}
    key=${contact.contact}
    desk=${desk}
    contact=${contact}
    isOpened=${contact.contact === opened}
    news=${contact.contact === opened ? 0 : news(contact.contact)}
    isHis=${roleIn(contact, state.me.agent) !== ""}
  />`;
  const past = state.past.slice(0, LATELY);
  const isEmpty = mine.length === 0 && past.length === 0; // what scrolls needs a place for the focus
  return html`<nav
    class="contacts"
    aria-label=${t("contacts.title")}
    tabindex=${isEmpty ? "0" : undefined}
  >
    <h2>${t("contacts.title")} <span class="tag number">${mine.length}</span></h2>
    ${
      mine.length === 0
        ? html`<${Empty}>${t(`contacts.empty.${state.me.presence}`)}<//>`
        : html`<ul>${mine.map(row)}</ul>`
    }
    ${mine.length > 1 && html`<p class="hint keys">${t("contacts.keys")}</p>`}
    ${
      past.length > 0 &&
      html`<details>
        <summary>${t("contacts.past", { count: state.past.length })}</summary>
        <ul>${past.map(row)}</ul>
      </details>`
    }
  </nav>`;
}

function Row({ desk, contact, isOpened, news, isHis }) {
  return html`<li>
    <button
      class="contact"
      aria-current=${isOpened ? "true" : undefined}
      data-past=${isHis ? undefined : "true"}
      onClick=${() => desk.open(contact.contact)}
    >
      <${Icon} name=${contact.channel} />
      <span class="who cut">
        <span class="unseen">${channelName(contact.channel)}: </span>
        ${contact.address || t("desk.no_address")}
      </span>
      ${
        news > 0
          ? html`<span class="news">
            <span class="number" aria-hidden="true">${news}</span>
            <span class="unseen">${t("contacts.news", { count: news })}</span>
          </span>`
          : html`<span class="clock soft"><${Since} desk=${desk} contact=${contact} /></span>`
      }
      <span class="about cut soft">
        ${[contact.subject, desk.queueName(contact.queue)].filter(Boolean).join(" · ")}
      </span>
      <${StateTag} desk=${desk} contact=${contact} />
    </button>
  </li>`;
}

/** How long it has been in its state. */
function Since({ desk, contact }) {
  useSeconds();
  const from = {
    assigned: contact.assigned_at,
    waiting_customer: contact.asked_at,
    wrap_up: contact.ended_at,
    closed: contact.closed_at,
  }[contact.state];
  return duration(desk.now() - (contact.left_at ?? from ?? contact.since));
}

/** The state in a word; a clock that runs out is shown instead. */
export function StateTag({ desk, contact }) {
  if (contact.state === "assigned" && contact.response_by) {
    return html`<${ResponseClock} desk=${desk} contact=${contact} />`;
  }
  const isGuest = contact.consult?.agent === desk.me.agent && contact.owner !== desk.me.agent;
  const name = isGuest ? "consult" : contact.state;
  const kind = KINDS[name];
  return html`<span class="tag" data-kind=${kind}>${t(`state.${name}`)}</span>`;
}

const KINDS = { assigned: "good", consult: "good", wrap_up: "warn" };
const HURRY_MS = 60_000;

/** How long the customer may still wait for an answer, or since when that is over. */
export function ResponseClock({ desk, contact }) {
  useSeconds();
  const left = contact.response_by - desk.now();
  const isLate = left <= 0;
  const isDue = contact.response_told || left < HURRY_MS;
  return html`<span class="tag" data-kind=${isLate ? "bad" : isDue ? "warn" : "good"}>
    ${isLate && html`<${Icon} name="warning" />`}
    <span class="clock">${t(isLate ? "clock.late" : "clock.left", { time: duration(Math.abs(left)) })}</span>
  </span>`;
}

/** @returns {(contact: string) => number} how many of a contact's messages he has not read */
function useNews(desk) {
  const timelines = useStore(desk.timelines);
  const reads = useStore(desk.reads);
  return (id) => (timelines[id] ? unread(timelines[id], reads[id]) : 0);
}

/** The tab says what rings, and how many contacts have news; answers the latter. */
export function useTitle(desk) {
  const state = useStore(desk.work);
  const newsOf = useNews(desk);
  const news = his(state).filter(({ contact }) => newsOf(contact) > 0).length;
  const isRinging = ringing(state).length > 0;
  useEffect(() => {
    const mark = isRinging ? `● ${t("offer.incoming")} · ` : news > 0 ? `(${news}) ` : "";
    document.title = `${mark}${t("desk.title")} · Vez`;
  });
  return news;
}
