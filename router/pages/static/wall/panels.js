/** A queue and who waits in it, beside the table of all. */

import { currentLocale, dateTime, duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Empty } from "../lib/ui.js";
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { useAnswer } from "./asker.js";
import { estimate, judge, level, limitsOf, nameOf, prefs } from "./limits.js";
import {
  Answered,
  away,
  Clock,
  count,
  Facts,
  Judged,
  NOTHING,
  Panel,
  place,
  share,
} from "./parts.js";
import { expected, Hours } from "./queues.js";
import { board, events, now, question } from "./watch.js";
import { agentName, word } from "./words.js";

const LIST_IDLE_MS = 10_000;
const SHOWN_MAX = 200;
const PART = 20;
const STATES = [
  "queued",
  "offered",
  "assigned",
  "waiting_customer",
  "wrap_up",
  "held",
  "scheduled",
];

/** @param {{id: string, onClose: () => void}} props */
export function QueuePanel({ id, onClose }) {
  const { wall } = useStore(board);
  const { limits } = useStore(prefs);
  const queue = wall.queues.find((each) => each.queue === id);
  if (!queue) {
    return html`<${Panel} id=${id} title=${id} kicker=${t("queue.kicker")} onClose=${onClose}>
      <${Empty}>${t("queue.unknown")}<//>
    <//>`;
  }
  return html`<${Panel} id=${id} title=${nameOf(queue)} kicker=${t("queue.kicker")} onClose=${onClose}>
    <p class="row wrap"><${Hours} hours=${queue.hours} />
      ${
        queue.unreachable > 0 &&
        html`<span class="tag" data-kind="bad">
        <${Icon} name="warning" />${t("queue.unreachable", { count: queue.unreachable })}
      </span>`
      }
    </p>
    <${Figures} queue=${queue} judged=${judge(queue, now(), limits)} limits=${limitsOf(queue, limits)} />
    <${List} key=${id} queue=${queue} />
  <//>`;
}

function Figures({ queue, judged, limits }) {
  const oldest = queue.oldest_since ? html`<${Clock} since=${queue.oldest_since} />` : NOTHING;
  const { today } = queue;
  return html`<${Facts}
    rows=${[
      [t("column.waiting"), count(queue.waiting)],
      [t("column.wait"), html`<${Judged} level=${judged.wait}>${oldest}<//>`],
      [t("column.estimate"), expected(estimate(queue))],
      [
        t("column.recent"),
        html`<${Judged} level=${judged.recent}>${share(level(queue.recent))}<//>`,
      ],
      [t("column.today"), html`<${Judged} level=${judged.today}>${share(level(queue.today))}<//>`],
      [
        t("queue.limits"),
        t("queue.limit", { time: duration(limits.wait_ms), goal: share(limits.goal) }),
      ],
      [t("queue.answered"), today && t("queue.of", { part: today.answered, all: today.offered })],
      [t("queue.abandoned"), today && t("queue.of", { part: today.abandoned, all: today.offered })],
      [t("queue.asa"), today?.asa_ms && duration(today.asa_ms)],
      [t("queue.aht"), today?.aht_ms && duration(today.aht_ms)],
    ]}
  />`;
}

/** The contacts of a queue in one state, the longest there first. */
function List({ queue }) {
  const id = queue.queue;
  const [state, setState] = useState("queued");
  const ask = () => question("/v1/contacts", { queue: id, state, limit: SHOWN_MAX });
  const found = useAnswer(`${id} ${state}`, ask, {
    idleMs: LIST_IDLE_MS,
    events,
    concerns: (event) => event === null || event.queue === id || event.from === id,
  });
  const counts = { ...queue, queued: queue.waiting };
  return html`<section class="list">
    <header class="bar">
      <h3 id="list-title">${t("queue.contacts")}</h3>
      <select
        aria-labelledby="list-title"
        value=${state}
        onChange=${(event) => setState(event.target.value)}
      >
        ${STATES.map(
          (name) => html`<option value=${name} key=${name}>
            ${t("queue.state", { state: word("state", name), number: counts[name] ?? 0 })}
          </option>`,
        )}
      </select>
    </header>
    <${Answered} ...${found}>
      ${({ contacts }) => html`<${Contacts} contacts=${contacts} state=${state} total=${counts[state]} />`}
    <//>
  </section>`;
}

function Contacts({ contacts, state, total }) {
  return useMemo(() => drawn(contacts, state, total), [contacts, state, total, currentLocale()]);
}

function drawn(contacts, state, total) {
  if (!contacts.length) return html`<${Empty}>${t("queue.empty")}<//>`;
  const parts = [];
  for (let at = 0; at < contacts.length; at += PART) parts.push(contacts.slice(at, at + PART));
  return html`<div class="contacts" role="list">
      ${parts.map((part, at) => html`<${Part} key=${at} contacts=${part} state=${state} />`)}
    </div>
    ${total > contacts.length && html`<p class="hint">${t("queue.more", { count: total - contacts.length })}</p>`}`;
}

function Part({ contacts, state }) {
  const place = useRef(null);
  useEffect(() => {
    const own = place.current;
    away.observe(own);
    return () => away.unobserve(own);
  }, []);
  return html`<div ref=${place}>
    ${contacts.map(
      (contact) => html`<${Contact} key=${contact.contact} contact=${contact} state=${state} />`,
    )}
  </div>`;
}

function Contact({ contact, state }) {
  const who = contact.subject || contact.address || contact.contact;
  const owner = contact.owner ?? contact.offers[0]?.agent;
  return html`<div role="listitem">
    <a class="contact" href=${place("contact", contact.contact)}>
      <${Icon} name=${contact.channel} />
      <span class="unseen">${word("channel", contact.channel)}</span>
      <span class="grow cut">${who}</span>
      ${contact.unreachable && html`<span class="tag" data-kind="bad">${t("contact.unreachable")}</span>`}
      ${contact.priority > 0 && html`<span class="tag">${t("contact.priority_tag", { priority: contact.priority })}</span>`}
      ${owner && html`<span class="soft cut">${agentName(owner)}</span>`}
      ${
        state === "scheduled"
          ? html`<time>${dateTime(contact.not_before)}</time>`
          : html`<${Clock} since=${sinceOf(contact)} />`
      }
    </a>
  </div>`;
}

/** Since when a contact is where it is: at its agent, or waiting. */
export function sinceOf({ state, assigned_at: assignedAt, since }) {
  return state === "assigned" && assignedAt ? assignedAt : since;
}
