/** Small things that the wall's parts share: clocks that count, marks of trouble, panels, links. */

import { everySecond } from "../lib/clock.js";
import { duration, number, percent, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty, explain } from "../lib/ui.js";
import { html, useEffect, useLayoutEffect, useRef } from "../vendor/preact.js";
import { now } from "./watch.js";

/** What is missing is shown as this. */
export const NOTHING = "–";

/** Marks the parts of a long list that are far from the screen: their clocks do not count. */
export const away = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.toggleAttribute("data-away", !isIntersecting);
    }
  },
  { rootMargin: "400px", scrollMargin: "400px" },
);

/** How long something has lasted; it counts without drawing anything else. */
export function Clock({ since }) {
  const place = useRef(null);
  useLayoutEffect(() => {
    const face = place.current;
    const show = () => {
      if (face.closest("[data-away]")) return;
      const text = duration(now() - since);
      if (face.textContent === text) return;
      // Its width changes with the number of letters only: nothing around it moves as it counts.
      face.parentNode.style.width = `${text.length}ch`;
      face.textContent = text;
    };
    show();
    return everySecond(show);
  }, [since]);
  return html`<span class="clock"><span ref=${place}></span></span>`;
}

const SHAPES = {
  good: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
  warn: "M8 1.5 15 14H1z",
  bad: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
};
const SIGNS = { good: "m5 8.2 2.2 2.2L11.2 6", warn: "M8 6v4m0 1.9v.1", bad: "M8 4v5m0 2.4v.2" };

/** Trouble as a shape and a colour, and a word for who sees neither: a disc, a triangle, an octagon. */
export function Mark({ level }) {
  if (!SHAPES[level]) return null;
  return html`<span class="mark" data-level=${level} title=${t(`level.${level}`)}>
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path class="shape" d=${SHAPES[level]} />
      <path class="sign" d=${SIGNS[level]} />
    </svg>
    <span class="unseen">${t(`level.${level}`)}</span>
  </span>`;
}

/** A value with its mark where it is in trouble. */
export function Judged({ level, children }) {
  const isTrouble = level === "warn" || level === "bad";
  return html`<span class="judged" data-level=${level}>
    ${isTrouble && html`<${Mark} level=${level} />`}${children}
  </span>`;
}

export function share(value) {
  return value === null || value === undefined ? NOTHING : percent(value);
}

export function count(value) {
  return value === null || value === undefined ? NOTHING : number(value);
}

/** Where something of the wall is shown; a fragment, so that the browser's back leads back. */
export function place(kind, ...ids) {
  return `#/${[kind, ...ids].map(encodeURIComponent).join("/")}`;
}

/** The panel beside the queues; it takes the focus when it shows something else, Escape closes it. */
export function Panel({ id, title, kicker, onClose, children }) {
  const heading = useRef(null);
  useEffect(() => {
    heading.current.focus({ preventScroll: true });
    heading.current.closest("aside").scrollTop = 0;
    scrollTo(0, 0);
  }, [id]);
  const leave = (event) => {
    if (event.key !== "Escape" || event.target.closest("dialog")) return;
    event.preventDefault();
    onClose();
  };
  return html`<section class="panel" aria-labelledby="panel-title" onKeyDown=${leave}>
    <header>
      <button class="quiet square" aria-label=${t("back")} onClick=${() => history.back()}>
        <${Icon} name="back" />
      </button>
      <div class="grow">
        <p class="kicker">${kicker}</p>
        <h2 class="clamp" id="panel-title" tabindex="-1" ref=${heading}>${title}</h2>
      </div>
      <button class="quiet square" aria-label=${t("close")} onClick=${onClose}>
        <${Icon} name="close" />
      </button>
    </header>
    <div class="panel-body">${children}</div>
  </section>`;
}

/** What a question has answered so far: nothing yet, why not, or the children. */
export function Answered({ answer, error, children }) {
  if (answer) {
    return html`${error && html`<p class="notice" data-kind="bad">${explain(error)}</p>`}
    ${children(answer)}`;
  }
  if (error) return html`<${Empty} icon="warning">${explain(error)}<//>`;
  return html`<p class="loading" aria-busy="true">${t("loading")}</p>`;
}

/** Names and values, one a line; those without a value are left out. */
export function Facts({ rows }) {
  const known = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) => html`<div key=${name}>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
    )}
  </dl>`;
}
