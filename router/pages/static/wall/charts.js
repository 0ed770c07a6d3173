/** The day in pictures: what came and what became of it, in quarters of an hour; and who waits since the page is open. */

import { currentLocale, number, percent, t } from "../lib/i18n.js";
import { useStore } from "../lib/store.js";
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import uPlot from "../vendor/uplot.js";
import { useAnswer } from "./asker.js";
import { limitsOf, nameOf, prefs } from "./limits.js";
import { board, question, samples, zone } from "./watch.js";

const DAY_IDLE_MS = 60_000;
const LIVE_MS = 10_000;
const LIVE_LEAST_S = 600;
const QUARTER_S = 900;
const HEIGHT = 170;
const SECOND_MS = 1_000;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @param {{queue: string | null}} props one queue, or all of them */
export function Charts({ queue }) {
  const wall = useStore(board, (value) => value.wall);
  const { limits } = useStore(prefs);
  const queues = wall.queues.filter((each) => !queue || each.queue === queue);
  const name = queue && queues.length ? nameOf(queues[0]) : t("charts.all");
  const today = wall.figures.today;
  const day = useAnswer(`${queue} ${today?.from}`, () => askDay(queue), {
    idleMs: DAY_IDLE_MS,
    events: never,
    concerns: () => false,
  });
  const goal = queue && queues.length ? limitsOf(queues[0], limits).goal : undefined;
  const found = day.answer?.level ?? EMPTY;
  const levels = useMemo(() => withGoal(found, goal), [found, goal]);
  return html`<section class="charts" aria-labelledby="charts-title">
    <h2 id="charts-title">${t("charts.title", { name })}</h2>
    <div class="grid">
      <${Live} queue=${queue} />
      ${
        today &&
        html`<${Chart}
            title=${t("charts.contacts")}
            lines=${COUNTS}
            isStepped
            format=${number}
            data=${day.answer?.counts ?? EMPTY}
          />
          <${Chart}
            title=${t("charts.level")}
            lines=${goal === undefined ? LEVEL : WITH_GOAL}
            format=${percent}
            top=${1}
            data=${levels}
          />`
      }
    </div>
    ${!today && html`<p class="notice">${t(`figures.${wall.figures.missing}`)}</p>`}
  </section>`;
}

const EMPTY = [[]];
const LEVEL = ["level"];
const WITH_GOAL = ["level", "goal"];
const COUNTS = ["offered", "answered", "abandoned"];

function withGoal(data, goal) {
  return goal === undefined ? data : [...data, data[0].map(() => goal)];
}

function never() {
  return () => {};
}

/** The day so far by quarters of an hour, of one queue or of all together. */
async function askDay(queue) {
  const wall = await question("/v1/wall", { series: "15m", time_zone: zone(), queue });
  if (wall.figures.missing) return undefined;
  const sums = new Map();
  for (const { series } of wall.queues) for (const part of series) add(sums, part);
  const parts = [...sums].sort(([one], [other]) => one - other);
  const seconds = parts.map(([from]) => from / SECOND_MS);
  const column = (find) => parts.map(([, sum]) => find(sum));
  return {
    counts: [seconds, ...COUNTS.map((name) => column((sum) => sum[name]))],
    level: [seconds, column(share)],
  };
}

function nothing() {
  return { offered: 0, answered: 0, abandoned: 0, answered_in_time: 0 };
}

function add(sums, part) {
  const sum = sums.get(part.from) ?? nothing();
  for (const name of Object.keys(sum)) sum[name] += part[name];
  sums.set(part.from, sum);
}

function share({ answered, abandoned, answered_in_time: inTime }) {
  return answered + abandoned ? inTime / (answered + abandoned) : null;
}

/** Who waits, as the page saw it. */
function Live({ queue }) {
  const [data, set] = useState(() => waitingOf(queue));
  useEffect(() => {
    const look = () => set(waitingOf(queue));
    look();
    const timer = setInterval(look, LIVE_MS);
    return () => clearInterval(timer);
  }, [queue]);
  return html`<${Chart}
    title=${t("charts.waiting")}
    lines=${["waiting"]}
    format=${number}
    isLive
    data=${data}
  />`;
}

function waitingOf(queue) {
  const all = (waiting) => Object.values(waiting).reduce((sum, one) => sum + one, 0);
  // One moment alone would be no line.
  const seen =
    samples.length === 1 ? [{ ...samples[0], at: samples[0].at - 1 }, ...samples] : samples;
  return [
    seen.map(({ at }) => at / SECOND_MS),
    seen.map(({ waiting }) => (queue ? (waiting[queue] ?? null) : all(waiting))),
  ];
}

/** Each line of a chart: its colour, and a pattern for who does not see the colour. */
const STYLES = {
  offered: { colour: "--soft", dash: [2, 4], width: 2 },
  answered: { colour: "--good", width: 2, fill: true },
  abandoned: { colour: "--bad", dash: [7, 4], width: 2 },
  level: { colour: "--accent", width: 2, points: true },
  goal: { colour: "--soft", dash: [6, 5], width: 1 },
  waiting: { colour: "--accent", width: 2, fill: true },
};

/** A picture for those who see it, and the same as a table for everybody. */
function Chart({ data, ...form }) {
  const { title, lines, format, isLive = false, isStepped = false } = form;
  const drawn = useMemo(() => (isStepped ? closed(data) : data), [data, isStepped]);
  const place = useRef(null);
  const plot = useRef(null);
  const [scheme, setScheme] = useState(dark.matches);
  const locale = currentLocale();
  const key = `${lines} ${locale} ${scheme}`;
  useEffect(() => {
    const turn = () => setScheme(dark.matches);
    dark.addEventListener("change", turn);
    return () => dark.removeEventListener("change", turn);
  }, []);
  useEffect(() => {
    const made = new uPlot(options(place.current, form), drawn, place.current);
    const canvas = made.root.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    plot.current = made;
    const fit = new ResizeObserver(() => {
      made.setSize({ width: place.current.clientWidth, height: HEIGHT });
    });
    fit.observe(place.current);
    return () => {
      fit.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [key]);
  useEffect(() => plot.current?.setData(drawn), [drawn]);
  return html`<figure class="chart card">
    <figcaption>
      <h3>${title}</h3>
      ${
        lines.length > 1 &&
        html`<ul class="legend">
          ${lines.map((name) => html`<li key=${name}><${Swatch} name=${name} />${t(`chart.${name}`)}</li>`)}
        </ul>`
      }
    </figcaption>
    <div class="plot" ref=${place}></div>
    <${Table} title=${title} lines=${lines} data=${data} format=${format} isLive=${isLive} />
  </figure>`;
}

/** With the end of the last part, so that it is as wide as the others. */
function closed([times, ...values]) {
  if (!times.length) return [times, ...values];
  const ends = [...times, times.at(-1) + QUARTER_S];
  return [ends, ...values.map((each) => [...each, each.at(-1)])];
}

function Swatch({ name }) {
  const { colour, dash = [], width } = STYLES[name];
  return html`<svg class="swatch" viewBox="0 0 18 8" aria-hidden="true" focusable="false">
    <path
      d="M0 4h18"
      style=${{ stroke: `var(${colour})`, strokeWidth: `${width}px`, strokeDasharray: dash.join(" ") }}
    />
  </svg>`;
}

/** Opened by who wants it; so it costs nothing before. */
function Table({ title, ...form }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details onToggle=${(event) => setOpen(event.target.open)}>
    <summary>${t("charts.table")}</summary>
    ${
      isOpen &&
      html`<div class="scroll" tabindex="0" role="group" aria-label=${title}>
        <${Rows} ...${form} />
      </div>`
    }
  </details>`;
}

/** The latest first. */
function Rows({ lines, data, format, isLive }) {
  const [times, ...values] = data;
  const clock = new Intl.DateTimeFormat(currentLocale(), {
    timeStyle: isLive ? "medium" : "short",
  });
  const known = times.map((_, at) => at).filter((at) => values.some((each) => each[at] != null));
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t("charts.time")}</th>
        ${lines.map((name) => html`<th scope="col" class="number">${t(`chart.${name}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${known.reverse().map(
        (at) => html`<tr key=${times[at]}>
          <td>${clock.format(times[at] * SECOND_MS)}</td>
          ${values.map(
            (each) => html`<td class="number">${each[at] == null ? "" : format(each[at])}</td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function options(place, { lines, format, top, isLive, isStepped }) {
  const colours = getComputedStyle(place);
  const colour = (name) => colours.getPropertyValue(name);
  const axis = {
    stroke: resolved(place, "--soft"),
    grid: { stroke: resolved(place, "--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${colour("--font")}`,
  };
  const clock = new Intl.DateTimeFormat(currentLocale(), { timeStyle: "short" });
  return {
    width: place.clientWidth,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    fmtDate: () => (date) => clock.format(date),
    scales: {
      x: isLive ? { range: (_, min, max) => [Math.min(min, max - LIVE_LEAST_S), max] } : {},
      y: { range: (_, __, max) => [0, top ?? Math.max(4, Math.ceil(max * 1.1))] },
    },
    axes: [
      {
        ...axis,
        space: 60,
        size: 28,
        values: (_, ticks) => ticks.map((tick) => clock.format(tick * SECOND_MS)),
      },
      {
        ...axis,
        size: 48,
        incrs: top ? [0.25, 0.5] : WHOLE,
        values: (_, ticks) => ticks.map(format),
      },
    ],
    series: [
      {},
      ...lines.map((name) => {
        const { colour: own, dash, width, fill, points } = STYLES[name];
        const stroke = resolved(place, own);
        return {
          label: t(`chart.${name}`),
          stroke,
          width,
          dash,
          fill: fill && `color-mix(in srgb, ${stroke} 16%, transparent)`,
          points: { show: Boolean(points), size: 5 },
          paths: isStepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
        };
      }),
    ],
  };
}

/** Steps of an axis that counts. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000];

/** A colour as it is now: the canvas knows no variables and no `light-dark`. */
function resolved(place, name) {
  place.style.color = `var(${name})`;
  const found = getComputedStyle(place).color;
  place.style.color = "";
  return found;
}
