/** What was said and done: the customer left, agents and the system right, days between. */

import { dateTime, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { decoded } from "../lib/page.js";
import { useStore } from "../lib/store.js";
import { Empty, explain } from "../lib/ui.js";
import { html, useEffect, useRef } from "../vendor/preact.js";
import { keepDraft } from "./kept.js";
import { useNames } from "./names.js";
import { hasText, longDate } from "./words.js";

const NEAR_END = 80; // px

/** Movements that are told in a line; the others are the engine's own business. */
const TOLD = [
  "contact.admitted",
  "contact.assigned",
  "contact.queued",
  "contact.held",
  "contact.scheduled",
  "contact.not_reached",
  "contact.waiting_customer",
  "contact.consulted",
  "contact.consult_ended",
  "contact.forked",
  "contact.reopened",
  "contact.wrap_up",
  "contact.closed",
  "contact.scored",
  "contact.response_late",
];

export function Entries({ desk, contact }) {
  const id = contact.contact;
  const timelines = useStore(desk.timelines);
  useStore(desk.outbox);
  const line = timelines[id] ?? desk.timelines.of(id);
  const shown = line.entries.filter(
    ({ event }) => event.e === "contact.activity" || TOLD.includes(event.e),
  );
  const said = new Set(line.entries.map(({ event }) => event.id));
  const waiting = desk.outbox.of(id).filter((message) => !said.has(message.id));
  const place = useRef(null);
  useReading(desk, id, line.entries);
  useEnd(place, id, shown.length + waiting.length);
  return html`<div class="entries" ref=${place} tabindex="0" role="log" aria-label=${t("entries.title")}>
    ${
      line.status === "failed" &&
      html`<p class="notice row">
      <span class="grow">${t("entries.failed")} ${explain(line.error)}</span>
      <button onClick=${() => desk.timelines.load(id)}>${t("banner.retry")}</button>
    </p>`
    }
    ${line.status === "loading" && shown.length === 0 && html`<p class="soft">${t("desk.loading")}</p>`}
    ${line.status === "whole" && shown.length === 0 && html`<${Empty} icon="chat">${t("entries.none")}<//>`}
    ${shown.map(
      (entry, index) => html`
      <${Day} key=${`day ${entry.position}`} at=${entry.at} before=${shown[index - 1]?.at} />
      <${Entry} key=${entry.position} desk=${desk} entry=${entry} contact=${contact} />`,
    )}
    ${waiting.map((message) => html`<${Waiting} key=${message.id} desk=${desk} message=${message} />`)}
  </div>`;
}

function Day({ at, before }) {
  const day = longDate(at);
  if (before !== undefined && longDate(before) === day) return null;
  return html`<h3 class="day"><span>${day}</span></h3>`;
}

function Entry({ desk, entry, contact }) {
  return entry.event.e === "contact.activity"
    ? html`<${Message} entry=${entry} contact=${contact} />`
    : html`<${Movement} desk=${desk} entry=${entry} />`;
}

function Message({ entry: { at, event }, contact }) {
  const nameOf = useNames();
  const { author, visibility } = event;
  const name = {
    customer: contact.address || t("author.customer"),
    agent: nameOf(event.agent),
    system: t("author.system"),
  }[author];
  return html`<article class="message" data-author=${author} data-visibility=${visibility}>
    <header>
      <strong>${name}</strong>
      ${visibility === "internal" && html`<span class="tag" data-kind="warn"><${Icon} name="note" />${t("entries.internal")}</span>`}
      <time datetime=${new Date(at).toISOString()} title=${dateTime(at)}>${time(at)}</time>
    </header>
    ${event.text && html`<p class="text">${event.text}</p>`}
    <${Attachments} references=${event.attachments} />
  </article>`;
}

/** References that a browser may follow are links; others are told as they are. */
function Attachments({ references = [] }) {
  if (references.length === 0) return null;
  return html`<ul class="attachments">
    ${references.map(
      (reference) => html`<li key=${reference}>
      <${Icon} name="attach" />
      ${
        isLink(reference)
          ? html`<a href=${reference} target="_blank" rel="noopener noreferrer">${fileName(reference)}</a>`
          : html`<span>${reference}</span>`
      }
    </li>`,
    )}
  </ul>`;
}

/** Whether a text is an address of the web; nothing else becomes a link. */
export function isLink(text) {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}

function fileName(reference) {
  const { hostname, pathname } = new URL(reference);
  const last = pathname.split("/").filter(Boolean).at(-1);
  return last ? decoded(last) : hostname;
}

/** One movement in a line: what happened, who did it, when. */
function Movement({ desk, entry: { at, event } }) {
  const nameOf = useNames();
  const keys = [
    `moved.${event.e}.${event.how ?? event.reason ?? event.result}`,
    `moved.${event.e}`,
  ];
  const key = keys.find(hasText) ?? keys[1];
  const text = t(key, {
    name: nameOf(event.agent ?? event.from),
    queue: desk.queueName(event.queue ?? event.to ?? ""),
    score: event.score,
  });
  return html`<p class="moved"><span>${text}</span><time datetime=${new Date(at).toISOString()}>${time(at)}</time></p>`;
}

/** What he wrote and the router does not have yet, or would not take. */
function Waiting({ desk, message }) {
  const { error } = message;
  const change = () => {
    keepDraft(message.contact, { text: message.text, isNote: message.visibility === "internal" });
    desk.outbox.drop(message.id);
    desk.dispatchEvent(new CustomEvent("draft", { detail: message.contact }));
  };
  return html`<article
    class="message"
    data-author="agent"
    data-visibility=${message.visibility}
    data-waits=${error ? "refused" : "true"}
  >
    <header>
      <span class="tag" data-kind=${error ? "bad" : "warn"} role="status">
        ${error ? t("outbox.refused", { why: error.title }) : t("outbox.waits")}
      </span>
    </header>
    <p class="text">${message.text}</p>
    ${
      error &&
      html`<footer class="row">
      <button onClick=${() => desk.outbox.retry(message.id)}>${t("banner.retry")}</button>
      <button onClick=${change}>${t("outbox.change")}</button>
    </footer>`
    }
  </article>`;
}

/** What is shown in a tab that is seen is read. */
function useReading(desk, id, entries) {
  const last = entries.at(-1)?.position;
  useEffect(() => {
    const mark = () => {
      if (!document.hidden) desk.reads.mark(id, last);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [id, last]);
}

/** Stays at the end while its reader is there; who reads further up is left in peace. */
function useEnd(place, id, count) {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const box = place.current;
    const look = () => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    };
    const watch = new ResizeObserver(() => isAtEnd.current && toEnd(box));
    isAtEnd.current = true;
    box.addEventListener("scroll", look);
    watch.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      watch.disconnect();
    };
  }, [id]);
  useEffect(() => {
    if (isAtEnd.current) toEnd(place.current);
  }, [id, count]);
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}
