/** From when on a queue is in trouble, and how the queues are sorted: kept in this browser. */

import { Store } from "../lib/store.js";

const KEPT = "vez.wall";
const GOAL = 0.8;
const FAR_BELOW = 0.2;
const TWICE = 2;
const WORST_FIRST = { by: "alarm", isDown: true };
/** Columns that are read from A to Z, or the smallest first, when they are chosen. */
const UP_FIRST = new Set(["name", "recent", "today"]);
export const LEVELS = ["none", "good", "warn", "bad"];

export const prefs = new Store({ limits: {}, sort: WORST_FIRST, only: "all", ...kept() });

/** Changes what this browser keeps. */
export function keep(change) {
  prefs.set(change);
  localStorage.setItem(KEPT, JSON.stringify(prefs.value));
}

/** A column is chosen to sort by; a second time, the other way round. */
export function sortBy(by) {
  keep(({ sort }) => ({
    sort: { by, isDown: sort.by === by ? !sort.isDown : !UP_FIRST.has(by) },
  }));
}

/** The limits of a queue: what was set here, else by its target. */
export function limitsOf(queue, limits) {
  return { wait_ms: queue.service_level_ms, goal: GOAL, ...limits[queue.queue] };
}

/**
 * What is in trouble in a queue.
 * @returns {{wait: string, recent: string, today: string, people: string, worst: number}} levels: "bad", "warn",
 *   "good", or "none" where there is nothing to judge
 */
export function judge(queue, now, limits) {
  const { wait_ms, goal } = limitsOf(queue, limits);
  const wait = queue.oldest_since ? byWait(now - queue.oldest_since, wait_ms) : "none";
  const recent = judgeShare(level(queue.recent), goal);
  const today = judgeShare(level(queue.today), goal);
  const people = byPeople(queue);
  const reach = queue.unreachable > 0 ? "bad" : "none";
  const worst = Math.max(...[wait, recent, people, reach].map((each) => LEVELS.indexOf(each)));
  return { wait, recent, today, people, worst };
}

/** Answered in time of all whose wait ended, or null. @param {object | undefined} figures */
export function level(figures) {
  return figures?.service_level_strict ?? null;
}

/** The estimated wait of somebody who came now, the longest over the channels; null where unknown. */
export function estimate(queue) {
  const known = Object.values(queue.estimated_wait_ms ?? {}).map(({ p80 }) => p80);
  return known.length ? Math.max(...known) : null;
}

/** All queues together. */
export function total(queues) {
  const sum = (find) => queues.reduce((all, queue) => all + (find(queue) ?? 0), 0);
  const share = (when) => {
    const ended = sum((queue) => queue[when]?.answered) + sum((queue) => queue[when]?.abandoned);
    return ended ? sum((queue) => queue[when]?.answered_in_time) / ended : null;
  };
  const begun = queues.map((queue) => queue.oldest_since).filter(Boolean);
  const offered = sum((queue) => queue.today?.offered);
  const abandoned = sum((queue) => queue.today?.abandoned);
  return {
    waiting: sum((queue) => queue.waiting),
    oldest_since: begun.length ? Math.min(...begun) : null,
    answered: sum((queue) => queue.today?.answered),
    abandoned,
    abandonment: offered ? abandoned / offered : null,
    recent: share("recent"),
    today: share("today"),
  };
}

/** Those that fit the filter, in their order, each with its judgement. */
export function arranged(queues, now, { limits, sort, only }, text) {
  const sought = text.trim().toLowerCase();
  const found = queues
    .map((queue) => ({ queue, judged: judge(queue, now, limits) }))
    .filter(({ queue, judged }) => fits(queue, judged, only) && names(queue).includes(sought));
  const value = VALUES[sort.by] ?? VALUES.alarm;
  const sign = sort.isDown ? -1 : 1;
  return found.sort(
    (one, other) =>
      sign * compare(value(one), value(other)) ||
      compare(-VALUES.waiting(one), -VALUES.waiting(other)) ||
      compare(VALUES.name(one), VALUES.name(other)),
  );
}

export function nameOf(queue) {
  return queue.name || queue.queue;
}

const VALUES = {
  alarm: ({ judged }) => judged.worst,
  name: ({ queue }) => nameOf(queue).toLowerCase(),
  waiting: ({ queue }) => queue.waiting,
  wait: ({ queue }) => (queue.oldest_since ? -queue.oldest_since : Number.NEGATIVE_INFINITY),
  estimate: ({ queue }) => estimate(queue) ?? -1,
  recent: ({ queue }) => level(queue.recent) ?? TWICE,
  today: ({ queue }) => level(queue.today) ?? TWICE,
  answered: ({ queue }) => queue.today?.answered ?? -1,
  abandoned: ({ queue }) => queue.today?.abandoned ?? -1,
  ready: ({ queue }) => queue.agents.ready,
};

function names(queue) {
  return `${queue.name} ${queue.queue}`.toLowerCase();
}

function fits(queue, judged, only) {
  if (only === "alarm") return judged.worst >= LEVELS.indexOf("warn");
  return only !== "waiting" || queue.waiting > 0;
}

function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

function byWait(wait, limit) {
  if (wait >= limit * TWICE) return "bad";
  return wait >= limit ? "warn" : "good";
}

/** @param {number | null} share of those answered in time */
export function judgeShare(share, goal = GOAL) {
  if (share === null) return "none";
  if (share < goal - FAR_BELOW) return "bad";
  return share < goal ? "warn" : "good";
}

/** Whether somebody is there for who waits. */
function byPeople({ waiting, agents }) {
  const there = agents.ready + agents.busy + agents.not_ready;
  if (there > 0) return "good";
  return waiting > 0 ? "bad" : "none";
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}
