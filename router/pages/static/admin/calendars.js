/** Hours: the week of a calendar, its holidays, and the days with hours of their own. */

import { currentLocale, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html, useState } from "../vendor/preact.js";
import { Setting } from "./form.js";
import { ObjectList } from "./list.js";
import { allOf, drafted, errorsOf, isThere, put } from "./model.js";
import { ObjectPage } from "./object.js";
import { Nothing } from "./queues.js";
import { settingsOf } from "./schema.js";
import { withMember } from "./values.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const OFFICE = ["08:00-18:00"];
const MINUTES = 1_440;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** @param {{id: string}} props */
export function Calendars({ id }) {
  const weekly = Object.fromEntries(DAYS.map((day, at) => [day, at < 5 ? OFFICE : []]));
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return html`<${ObjectList}
      kind="calendar"
      section="calendars"
      chosen=${id}
      about=${(own) => own.time_zone}
      fresh=${{ time_zone, weekly }}
    />
    ${
      id && isThere("calendar", id)
        ? html`<${Calendar} id=${id} key=${id} />`
        : html`<${Nothing} id=${id} kind="calendar" section="calendars" />`
    }`;
}

function Calendar({ id }) {
  const object = drafted("calendar", id) ?? {};
  const errors = errorsOf("calendar", id);
  const onChange = (after) => put("calendar", id, after);
  const schema = Object.fromEntries(settingsOf("CalendarSettings")).time_zone;
  const users = allOf("queue").filter(([, own]) => own.calendar === id);
  const weekly = object.weekly ?? {};
  const set = (day, spans) => onChange({ ...object, weekly: { ...weekly, [day]: spans } });
  return html`<${ObjectPage} kind="calendar" id=${id} section="calendars" title=${id}>
    <div class="settings">
      <${Setting}
        struct="CalendarSettings"
        name="time_zone"
        schema=${schema}
        prefix="calendar"
        ...${{ object, errors, onChange }}
      />
      <div class="setting">
        <span class="label">${t("hours.users")}</span>
        <p>
          ${users.length === 0 && html`<span class="soft">${t("hours.unused")}</span>`}
          ${users.map(([queue, own]) => html`<a class="tag" href="#queues/${encodeURIComponent(queue)}">${own.name || queue}</a> `)}
        </p>
      </div>
    </div>
    <section>
      <h3>${t("hours.week")}</h3>
      <p class="hint">${t("hours.hint")}</p>
      <div class="week">
        ${DAYS.map((day, at) => {
          const error = spansError(errors, `weekly.${day}`);
          return html`<${Day}
            key=${day}
            name=${weekday(at)}
            id="day-${day}"
            spans=${weekly[day] ?? []}
            error=${error}
            onChange=${(spans) => set(day, spans)}
            onRepeat=${at > 0 && (() => set(day, weekly[DAYS[at - 1]] ?? []))}
          />`;
        })}
      </div>
    </section>
    <${Holidays} ...${{ object, errors, onChange }} />
    <${Dates} ...${{ object, errors, onChange }} />
  <//>`;
}

function Day({ name, id, spans, error, onChange, onRepeat, children }) {
  const [text, setText] = useState(null);
  return html`<div class="day">
    <label for=${id}>${name}</label>
    <div>
      <input
        id=${id}
        value=${text ?? spans.join(", ")}
        placeholder=${t("hours.closed")}
        aria-invalid=${error ? "true" : undefined}
        aria-describedby=${error ? `${id}-error` : undefined}
        autocomplete="off"
        spellcheck=${false}
        onInput=${(event) => {
          setText(event.target.value);
          onChange(readSpans(event.target.value));
        }}
        onBlur=${() => setText(null)}
      />
      ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    </div>
    <${Strip} spans=${spans} />
    ${
      onRepeat
        ? html`<button type="button" class="quiet square" aria-label=${t("hours.repeat", { day: name })} title=${t("hours.repeat", { day: name })} onClick=${onRepeat}>
          <${Icon} name="fork" />
        </button>`
        : (children ?? html`<span />`)
    }
  </div>`;
}

/** The day from 0 to 24 h, with what is open. */
function Strip({ spans }) {
  const bars = spans.map(minutesOf).filter(Boolean);
  return html`<svg class="strip" viewBox="0 0 ${MINUTES} 20" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width=${MINUTES} height="20" />
    ${bars.map(([from, to]) => html`<rect class="open" x=${from} width=${Math.max(0, to - from)} height="20" />`)}
    ${[360, 720, 1080].map((x) => html`<line x1=${x} x2=${x} y2="20" />`)}
  </svg>`;
}

function Holidays({ object, errors, onChange }) {
  const [day, setDay] = useState("");
  const days = object.holidays ?? [];
  const add = (event) => {
    event.preventDefault();
    if (!day || days.includes(day)) return;
    onChange({ ...object, holidays: [...days, day].sort() });
    setDay("");
  };
  return html`<section>
    <h3>${t("hours.holidays")}</h3>
    <ul class="tags">
      ${days.map(
        (
          one,
          at,
        ) => html`<li class="tag" key=${one} data-kind=${errors[`holidays[${at}]`] ? "bad" : undefined} title=${errors[`holidays[${at}]`]}>
          ${dateText(one)}
          <button type="button" class="quiet" aria-label=${t("levels.remove", { name: dateText(one) })} onClick=${() => onChange({ ...object, holidays: days.filter((other) => other !== one) })}>
            <${Icon} name="close" />
          </button>
        </li>`,
      )}
    </ul>
    <form class="row" onSubmit=${add}>
      <input class="date" type="date" aria-label=${t("hours.holiday.add")} value=${day} onInput=${(event) => setDay(event.target.value)} />
      <button disabled=${!day}>${t("add")}</button>
    </form>
  </section>`;
}

function Dates({ object, errors, onChange }) {
  const [day, setDay] = useState("");
  const dates = object.dates ?? {};
  const set = (name, spans) => onChange({ ...object, dates: withMember(dates, name, spans) });
  const add = (event) => {
    event.preventDefault();
    if (!day || day in dates) return;
    set(day, ["08:00-12:00"]);
    setDay("");
  };
  return html`<section>
    <h3>${t("hours.dates")}</h3>
    <div class="week">
      ${Object.entries(dates)
        .sort(([one], [other]) => one.localeCompare(other))
        .map(
          ([
            name,
            spans,
          ]) => html`<${Day} key=${name} name=${dateText(name)} id="date-${name}" spans=${spans} error=${spansError(errors, `dates.${name}`)} onChange=${(made) => set(name, made)}>
            <button type="button" class="quiet square" aria-label=${t("levels.remove", { name: dateText(name) })} onClick=${() => set(name, undefined)}>
              <${Icon} name="close" />
            </button>
          <//>`,
        )}
    </div>
    <form class="row" onSubmit=${add}>
      <input class="date" type="date" aria-label=${t("hours.date.add")} value=${day} onInput=${(event) => setDay(event.target.value)} />
      <button disabled=${!day}>${t("add")}</button>
    </form>
  </section>`;
}

/** Times as one writes them, as the router takes them: "8-12, 13:00 - 18" is 08:00-12:00, 13:00-18:00. */
export function readSpans(text) {
  return text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const ends = part.split(/\s*[-–]\s*/);
      return ends.length === 2 ? ends.map(clock).join("-") : part;
    });
}

function clock(text) {
  const found = /^(\d{1,2})(?:[:h](\d{2})?)?$/.exec(text.trim());
  return found ? `${found[1].padStart(2, "0")}:${found[2] ?? "00"}` : text.trim();
}

function minutesOf(span) {
  const found = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(span);
  return found && [found[1] * 60 + Number(found[2]), found[3] * 60 + Number(found[4])];
}

function spansError(errors, path) {
  return errors[path] ?? Object.entries(errors).find(([at]) => at.startsWith(`${path}[`))?.[1];
}

function weekday(at) {
  const format = new Intl.DateTimeFormat(currentLocale(), { weekday: "long", timeZone: "UTC" });
  return format.format(MONDAY + at * DAY_MS);
}

function dateText(day) {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return day;
  const format = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(currentLocale(), { ...format, timeZone: "UTC" }).format(at);
}
