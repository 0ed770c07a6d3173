/** The queues in a table: how each stands now, lately and today. */

import { useSeconds } from "../lib/clock.js";
import { currentLocale, duration, roughly, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Empty } from "../lib/ui.js";
import { html, useMemo, useState } from "../vendor/preact.js";
import { arranged, estimate, keep, level, nameOf, prefs, sortBy } from "./limits.js";
import { Clock, count, Judged, Mark, NOTHING, place, share } from "./parts.js";
import { board, now } from "./watch.js";

const COLUMNS = ["alarm", "name", "waiting", "wait", "estimate", "recent", "today"];
const MORE = ["answered", "abandoned", "ready"];
const ONLY = ["all", "waiting", "alarm"];

/** @param {{chosen: string | null}} props the queue that is shown beside */
export function Queues({ chosen }) {
  useSeconds();
  const { wall } = useStore(board);
  const kept = useStore(prefs);
  const [text, setText] = useState("");
  const rows = arranged(wall.queues, now(), kept, text);
  return html`<section class="queues" aria-labelledby="queues-title">
    <header class="bar">
      <h2 id="queues-title">${t("queues.title")}</h2>
      <input
        type="search"
        aria-label=${t("queues.search")}
        placeholder=${t("queues.search")}
        value=${text}
        onInput=${(event) => setText(event.target.value)}
      />
      <div class="choice" role="group" aria-label=${t("queues.only")}>
        ${ONLY.map(
          (only) => html`<button
            key=${only}
            aria-pressed=${kept.only === only ? "true" : "false"}
            onClick=${() => keep({ only })}
          >
            ${t(`only.${only}`)}
          </button>`,
        )}
      </div>
      <${SortPicker} sort=${kept.sort} />
    </header>
    ${
      rows.length
        ? html`<table>
            <thead>
              <tr>
                ${[...COLUMNS, ...MORE].map(
                  (by) => html`<${Head} key=${by} by=${by} sort=${kept.sort} />`,
                )}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (row) => html`<${Row}
                  key=${row.queue.queue}
                  ...${row}
                  isChosen=${row.queue.queue === chosen}
                />`,
              )}
            </tbody>
          </table>`
        : html`<${Empty}>${wall.queues.length ? t("queues.none_fits") : t("queues.none")}<//>`
    }
  </section>`;
}

/** On a small screen, where the table's heads are not shown. */
function SortPicker({ sort }) {
  return html`<select
    class="sort"
    aria-label=${t("queues.sort")}
    value=${sort.by}
    onChange=${(event) => sortBy(event.target.value)}
  >
    ${[...COLUMNS, ...MORE].map((by) => html`<option value=${by}>${t(`column.${by}`)}</option>`)}
  </select>`;
}

function Head({ by, sort }) {
  const isSorted = sort.by === by;
  const order = sort.isDown ? "descending" : "ascending";
  return html`<th
    scope="col"
    class=${by === "name" ? "name" : `${by} number`}
    aria-sort=${isSorted ? order : undefined}
  >
    <button class="quiet" title=${t(`column.${by}.about`)} onClick=${() => sortBy(by)}>
      ${by === "alarm" && html`<${Icon} name="warning" />`}
      <span class=${by === "alarm" ? "unseen" : ""}>${t(`column.${by}`)}</span>
      <span class="arrow" aria-hidden="true">${isSorted ? (sort.isDown ? "↓" : "↑") : ""}</span>
    </button>
  </th>`;
}

/** Drawn anew only where something in it changed. */
function Row({ queue, judged, isChosen }) {
  const { wait, recent, today, people } = judged;
  const locale = currentLocale();
  return useMemo(
    () => html`<tr data-level=${["", "", "warn", "bad"][judged.worst]} data-chosen=${isChosen}>
      <td class="alarm"><${Mark} level=${["", "good", "warn", "bad"][judged.worst]} /></td>
      <th scope="row" class="name">
        <div class="who"><a class="clamp" href=${place("queue", queue.queue)} aria-current=${isChosen ? "true" : undefined}>
          ${nameOf(queue)}
        </a>
        <${Hours} hours=${queue.hours} />
        ${
          queue.unreachable > 0 &&
          html`<span class="tag" data-kind="bad">
          <${Icon} name="warning" />${t("queue.unreachable", { count: queue.unreachable })}
        </span>`
        }</div></th>
      <${Cell} name="waiting"><span class="figure">${count(queue.waiting)}</span><//>
      <${Cell} name="wait">
        <${Judged} level=${wait}>
          ${queue.oldest_since ? html`<${Clock} since=${queue.oldest_since} />` : NOTHING}
        <//>
      <//>
      <${Cell} name="estimate">${expected(estimate(queue))}<//>
      <${Cell} name="recent"><${Judged} level=${recent}>${share(level(queue.recent))}<//><//>
      <${Cell} name="today"><${Judged} level=${today}>${share(level(queue.today))}<//><//>
      <${Cell} name="answered">${count(queue.today?.answered)}<//>
      <${Cell} name="abandoned">${count(queue.today?.abandoned)}<//>
      <${Cell} name="ready">
        <${Judged} level=${people}>
          ${queue.agents.ready}<span class="soft"> / ${there(queue.agents)}</span>
        <//>
      <//>
    </tr>`,
    [queue, wait, recent, today, people, isChosen, locale],
  );
}

function Cell({ name, children }) {
  return html`<td class="number ${name}" data-label=${t(`column.${name}`)}>${children}</td>`;
}

/** Of a queue with a calendar: open until when, or closed and until when. */
export function Hours({ hours }) {
  if (!hours) return null;
  if (hours.missing) {
    return html`<span class="tag" data-kind="warn">${t("hours.missing")}</span>`;
  }
  const change = hours.is_open ? hours.closes_at : hours.opens_at;
  const key = hours.is_open ? "hours.open" : "hours.closed";
  const text = change ? t(`${key}_until`, { time: time(change) }) : t(key);
  return html`<span class="tag" data-kind=${hours.is_open ? "" : "warn"}>${text}</span>`;
}

/** How long somebody who came now would wait. @param {number | null} ms */
export function expected(ms) {
  if (ms === null) return NOTHING;
  return ms < 60_000 ? duration(ms) : roughly(ms);
}

function there({ ready, busy, not_ready: notReady }) {
  return ready + busy + notReady;
}
