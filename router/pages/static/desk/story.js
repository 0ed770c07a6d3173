/** What was said and done in a contact, to read: its timeline, drawn. */

import { ask } from "../lib/api.js";
import { dateTime, hasText, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { askPast } from "./past.js";

const PAGE = 500;
const SOON_MS = 300;

/**
 * A contact and its timeline, read again when something happens to it.
 * @returns {{view: object | null, entries: object[] | null, error: Error | null}}
 */
export function useStory(stream, id) {
  const [story, setStory] = useState({ view: null, entries: null, error: null });
  useEffect(() => {
    let isOver = false;
    let timer = null;
    const read = async () => {
      timer = null;
      try {
        const found = await whole(id, stream.position);
        if (!isOver) setStory({ ...found, error: null });
      } catch (error) {
        if (!isOver) setStory((known) => ({ ...known, error }));
      }
    };
    const hear = ({ detail }) => {
      if (detail.event.contact === id) timer ??= setTimeout(read, SOON_MS);
    };
    stream.addEventListener("event", hear);
    read();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stream.removeEventListener("event", hear);
    };
  }, [stream, id]);
  return story;
}

/** Everything that is kept of one contact. */
export async function whole(id, after) {
  const path = `/v1/contacts/${encodeURIComponent(id)}`;
  const query = { limit: PAGE, after };
  const entries = [];
  do {
    const page = await askPast(`${path}/timeline`, query);
    entries.push(...page.entries);
    query.cursor = page.cursor;
  } while (query.cursor);
  return { entries, view: await ask(path) };
}

/**
 * @param {{entries: object[], nameOf: (agent: string) => string, queueName: (queue: string) => string,
 *   customer?: string}} props
 */
export function Story({ entries, nameOf, queueName, customer }) {
  const told = entries.map((entry) => ({ ...entry, line: line(entry, nameOf, queueName) }));
  return html`<ol class="story" aria-label=${t("story.title")}>
    ${told
      .filter(({ event, line: text }) => text || event.e === "contact.activity")
      .map(({ position, at, event, line: text }) =>
        event.e === "contact.activity"
          ? html`<${Said} key=${position} ...${{ at, event, nameOf, customer }} />`
          : html`<li class="story-line" key=${position}>
              <time datetime=${new Date(at).toISOString()}>${time(at)}</time>
              <span>${text}</span>
            </li>`,
      )}
  </ol>`;
}

function Said({ at, event, nameOf, customer }) {
  const { author, agent, visibility, text, attachments = [] } = event;
  const names = { customer: customer || t("story.customer"), system: t("story.system") };
  const isNote = visibility === "internal";
  return html`<li class="story-said" data-author=${author} data-note=${isNote}>
    <p class="story-head">
      <strong>${names[author] ?? nameOf(agent)}</strong>
      ${isNote && html`<span class="tag" data-kind="warn"><${Icon} name="note" /> ${t("story.note")}</span>`}
      <time datetime=${new Date(at).toISOString()} title=${dateTime(at)}>${time(at)}</time>
    </p>
    ${text && html`<p class="story-text">${text}</p>`}
    ${attachments.map(
      (name) => html`<p class="story-file" key=${name}><${Icon} name="attach" /> ${name}</p>`,
    )}
  </li>`;
}

/** A movement in words, or "" for what only machines care about. */
export function line({ at, event }, nameOf, queueName) {
  const { e, how, agent, queue, to_queue: to, reason, by } = event;
  const key = how && hasText(`story.${e}.${how}`) ? `story.${e}.${how}` : `story.${e}`;
  if (!hasText(key)) return "";
  const said = t(key, {
    agent: nameOf(agent ?? event.owner ?? by),
    from: nameOf(event.from ?? ""),
    queue: queueName(queue ?? to ?? ""),
    contact: event.fork ?? event.other ?? "",
    at: dateTime(event.not_before ?? event.until ?? at),
    score: event.score ?? "",
  });
  const why = reason && hasText(`story.why.${reason}`) ? t(`story.why.${reason}`) : reason;
  return why ? `${said} (${why})` : said;
}
