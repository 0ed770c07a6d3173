/** What the inbox is asked for: queues with their counts, whose, in which state, and the rest on demand. */

import { number, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { ALL, tally } from "./inbox_list.js";
import { channelName } from "./phrases.js";

const WHOSE = ["all", "mine", "nobody", "others", "had"];
const STATES = [
  "open",
  "queued,offered",
  "assigned",
  "waiting_customer",
  "wrap_up",
  "held",
  "scheduled",
  "closed",
  "any",
];
const TURNS = ["", "us", "customer"];
const SORTS = ["newest", "oldest", "due"];
const EXACT = ["customer", "address", "subject", "origin"];
const TYPING_MS = 300;

/** The agent's queues, each with how many contacts are open and how many of them nobody has. */
export function QueueList({ queues, counts, value, queueName, onFilter }) {
  const all = ["", ...queues.map(({ queue }) => queue)];
  return html`<nav class="inbox-queues" aria-label=${t("inbox.queues")}>
    <h3 class="row">
      <span class="grow">${t("inbox.queue")}</span>
      <span title=${t("inbox.count.nobody")}>${t("inbox.head.nobody")}</span>
      <span title=${t("inbox.count.open")}>${t("inbox.head.open")}</span>
    </h3>
    <ul>
      ${all.map((queue) => {
        const sums = tally(counts, queue);
        return html`<li key=${queue}>
          <button
            class="quiet"
            aria-current=${queue === value ? "true" : undefined}
            onClick=${() => onFilter({ queue })}
          >
            <span class="grow cut">${queue ? queueName(queue) : t("inbox.queue.all")}</span>
            <span class="number count" data-any=${sums.nobody > 0}>
              ${number(sums.nobody)}<span class="unseen"> ${t("inbox.count.nobody")}</span>
            </span>
            <span class="number count">
              ${number(sums.all)}<span class="unseen"> ${t("inbox.count.open")}</span>
            </span>
          </button>
        </li>`;
      })}
    </ul>
  </nav>`;
}

/** @param {{filters: object, onFilter: (members: object) => void}} props */
export function Filters({ filters, counts, queues, channels, subjects, queueName, onFilter }) {
  const isSet = EXACT.some((name) => filters[name]);
  const [isMore, setMore] = useState(isSet);
  const changed = Object.keys(ALL).filter((name) => filters[name] !== ALL[name]);
  const sums = tally(counts, filters.queue);
  const how = { all: sums.all, mine: sums.me, nobody: sums.nobody, others: sums.others };
  const isOpen = filters.state !== "closed" && filters.state !== "any";
  return html`<div class="inbox-filters" data-more=${isMore}>
    <div class="inbox-first">
    <div class="inbox-whose" role="group" aria-label=${t("inbox.whose")}>
      ${WHOSE.map(
        (whose) => html`<button
          key=${whose}
          aria-pressed=${filters.whose === whose}
          onClick=${() => onFilter({ whose })}
        >
          ${t(`inbox.whose.${whose}`)}
          ${isOpen && whose in how && html`<span class="count number">${number(how[whose])}</span>`}
        </button>`,
      )}
    </div>
    <div class="inbox-search">
      <${Icon} name="search" />
      <${Typed} name="text" label=${t("inbox.text")} ...${{ filters, onFilter }} />
    </div>
    </div>
    <div class="inbox-selects">
      <div class="inbox-pick-queue">
        <${Pick}
          name="queue"
          values=${["", ...queues.map(({ queue }) => queue)]}
          labels=${(queue) => (queue ? queueName(queue) : t("inbox.queue.all"))}
          ...${{ filters, onFilter }}
        />
      </div>
      <${Pick} name="state" values=${STATES} ...${{ filters, onFilter }} />
      <${Pick} isRest name="waiting" values=${TURNS} ...${{ filters, onFilter }} />
      <${Pick}
        isRest
        name="channel"
        values=${["", ...channels]}
        labels=${(channel) => (channel ? channelName(channel) : t("inbox.channel.all"))}
        ...${{ filters, onFilter }}
      />
      <${Pick}
        isRest
        name="sort"
        values=${filters.state === "closed" ? SORTS.slice(0, 2) : SORTS}
        ...${{ filters, onFilter }}
      />
      <button aria-expanded=${isMore} aria-controls="inbox-more" onClick=${() => setMore(!isMore)}>
        <${Icon} name="filter" /> ${t("inbox.more.filters")}
      </button>
      ${
        changed.length > 0 &&
        html`<button class="quiet" onClick=${() => onFilter(ALL)}>${t("inbox.clear")}</button>`
      }
    </div>
    <div class="inbox-exact" id="inbox-more" hidden=${!isMore}>
      ${EXACT.map(
        (name) => html`<label class="field" key=${name}>
          <span>${t(`inbox.${name}`)}</span>
          <${Typed}
            name=${name}
            list=${name === "subject" ? "inbox-subjects" : undefined}
            ...${{ filters, onFilter }}
          />
        </label>`,
      )}
      <datalist id="inbox-subjects">
        ${subjects.map((subject) => html`<option key=${subject} value=${subject}></option>`)}
      </datalist>
    </div>
  </div>`;
}

function Pick({ name, values, filters, onFilter, labels, isRest = false }) {
  const label = labels ?? ((value) => t(`inbox.${name}.${value || "all"}`));
  return html`<select
    class=${isRest ? "inbox-rest" : ""}
    aria-label=${t(`inbox.${name}`)}
    value=${filters[name]}
    data-set=${filters[name] !== ALL[name]}
    onChange=${(event) => onFilter({ [name]: event.target.value })}
  >
    ${values.map((value) => html`<option key=${value} value=${value}>${label(value)}</option>`)}
  </select>`;
}

/** A text that is asked for when the typing rests. */
function Typed({ name, label, list, filters, onFilter }) {
  const timer = useRef(null);
  const field = useRef(null);
  const value = filters[name];
  useEffect(() => {
    if (field.current.value.trim() !== value) field.current.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = (event) => {
    clearTimeout(timer.current);
    const text = event.target.value.trim();
    timer.current = setTimeout(() => onFilter({ [name]: text }), TYPING_MS);
  };
  return html`<input
    ref=${field}
    type="search"
    list=${list}
    maxlength="256"
    autocomplete="off"
    aria-label=${label}
    placeholder=${label}
    onInput=${typed}
  />`;
}
