/** What several panels of the desk say alike: of queues, owners, instants, refusals. */

import { dateTime, duration, hasText, t, time } from "../lib/i18n.js";
import { Problem } from "../lib/problem.js";
import { explain } from "../lib/ui.js";

/** @returns {(queue: string) => string} what people call a queue, by its id */
export function namesOf(queues) {
  const known = Object.fromEntries(queues.map(({ queue, settings }) => [queue, settings.name]));
  return (queue) => known[queue] || queue;
}

/** Who it is about: the customer, else his address, else the contact's own id. */
export function whoIs({ customer, address, contact }) {
  return customer || address || contact;
}

export function channelName(channel) {
  return hasText(`channel.${channel}`) ? t(`channel.${channel}`) : channel;
}

/** "at 10:32", or the day too where it was not today. */
export function atTime(ms, now = Date.now()) {
  const isToday = new Date(ms).toDateString() === new Date(now).toDateString();
  return isToday ? t("phrase.at", { time: time(ms, now) }) : t("phrase.on", { time: dateTime(ms) });
}

/** A value of an attribute as people read it. */
export function plain(value) {
  if (value === true) return t("phrase.yes");
  if (value === false) return t("phrase.no");
  return String(value ?? "");
}

/**
 * Why a command was refused, with names instead of ids and the time since when.
 * @param {Error} error
 * @param {{nameOf: (agent: string) => string, now: number}} known
 */
export function refusal(error, { nameOf, now }) {
  if (!(error instanceof Problem)) return explain(error);
  const { taken_by: taker, since, verdict, why } = error.body;
  if (taker) {
    const agent = nameOf(taker);
    return since
      ? t("refusal.taken.since", { agent, ago: duration(now - since) })
      : t("refusal.taken", { agent });
  }
  for (const detail of [verdict, why]) {
    const key = `refusal.${error.kind}.${detail}`;
    if (detail && hasText(key)) return t(key);
  }
  return hasText(`refusal.${error.kind}`) ? t(`refusal.${error.kind}`) : explain(error);
}
