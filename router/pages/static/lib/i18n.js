/** The words of the pages in the reader's language; dates, numbers and durations as he writes them. */

import { useEffect, useState } from "../vendor/preact.js";

export const LOCALES = { en: "English", "pt-BR": "Português (Brasil)" };
const KEPT = "vez.locale";
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

let texts = {};
let parts = [];
let locale = chosen();
let formats = made(locale);
const readers = new Set();

/** @returns {string} "en" or "pt-BR" */
export function currentLocale() {
  return locale;
}

/**
 * Loads the texts of a page in the reader's language.
 * @param {...string} names catalogues besides the base, as "desk"
 */
export async function loadTexts(...names) {
  parts = ["base", ...names];
  await fetchTexts();
}

/** Changes the language of this browser, at once. */
export async function setLocale(name) {
  locale = name;
  keep(name);
  formats = made(name);
  await fetchTexts();
  for (const tell of readers) tell();
}

/** A component that uses it is drawn anew when the language changes. */
export function useLocale() {
  const [, draw] = useState(0);
  useEffect(() => {
    const tell = () => draw((count) => count + 1);
    readers.add(tell);
    return () => readers.delete(tell);
  }, []);
  return locale;
}

/**
 * A text with its `{name}` parts filled in. With `count` the form for that number is taken: `key.one`,
 * `key.other` …
 * @param {string} key
 * @param {Record<string, any>} [values]
 */
export function t(key, values = {}) {
  let text = texts[key];
  if ("count" in values) {
    text = texts[`${key}.${formats.plural.select(values.count)}`] ?? texts[`${key}.other`] ?? text;
  }
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** Whether there is such a text, for values that the router may have made up lately. */
export function hasText(key) {
  return key in texts;
}

export function number(value) {
  return formats.number.format(value);
}

/** @param {number} share 0 to 1 */
export function percent(share) {
  return formats.percent.format(share);
}

/** An instant as date and time. @param {number} ms */
export function dateTime(ms) {
  return formats.dateTime.format(ms);
}

/** An instant of today as time, of another day as date and time. */
export function time(ms, now = Date.now()) {
  const isToday = formats.date.format(ms) === formats.date.format(now);
  return (isToday ? formats.time : formats.dateTime).format(ms);
}

/** A duration as a clock: 0:07, 12:30, 1:02:03; of days, 2 d 4 h. @param {number} ms */
export function duration(ms) {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  if (ms >= DAY) {
    return `${number(Math.floor(ms / DAY))} d ${Math.floor((ms % DAY) / HOUR)} h`;
  }
  const seconds = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(ms / MINUTE) % 60;
  if (ms < HOUR) return `${Math.max(0, minutes)}:${seconds}`;
  return `${Math.floor(ms / HOUR)}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** A duration in words, to the minute, as for a wait that is estimated. */
export function roughly(ms) {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  return formats.minutes.format(minutes);
}

/** A page inside another site may be kept from its storage; then the choice lasts as long as the page. */
function keep(name) {
  try {
    localStorage.setItem(KEPT, name);
  } catch {
    return; // it is chosen all the same
  }
}

function keptName() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function chosen() {
  const kept = keptName();
  if (kept in LOCALES) return kept;
  return navigator.languages.some((name) => name.startsWith("pt")) &&
    !navigator.languages[0].startsWith("en")
    ? "pt-BR"
    : "en";
}

async function fetchTexts() {
  const found = await Promise.all(
    parts.map(async (part) => (await fetch(`/static/locale/${part}.${locale}.json`)).json()),
  );
  texts = Object.assign({}, ...found);
  document.documentElement.lang = locale;
}

function made(name) {
  return {
    plural: new Intl.PluralRules(name),
    number: new Intl.NumberFormat(name),
    percent: new Intl.NumberFormat(name, { style: "percent", maximumFractionDigits: 0 }),
    date: new Intl.DateTimeFormat(name, { dateStyle: "short" }),
    time: new Intl.DateTimeFormat(name, { timeStyle: "short" }),
    dateTime: new Intl.DateTimeFormat(name, { dateStyle: "short", timeStyle: "short" }),
    minutes: new Intl.NumberFormat(name, { style: "unit", unit: "minute", unitDisplay: "short" }),
  };
}
