/** What the engine says of why, in the reader's words. */

import { currentLocale, duration, hasText, t, time } from "../lib/i18n.js";
import { reasonName } from "../lib/reasons.js";
import { explain } from "../lib/ui.js";
import { nameOf } from "./limits.js";
import { board, now } from "./watch.js";

/** Verdicts of agents who could never take the contact. */
const NOT_ELIGIBLE = new Set(["lacks_skill", "direct_to_another", "not_member"]);

/** A word of the engine in the reader's; one that is not known here stands as it is. */
export function word(kind, value) {
  const key = `${kind}.${value}`;
  return hasText(key) ? t(key) : String(value).replaceAll("_", " ");
}

/** Why an agent is not ready. */
export function reasonOf({ reason }) {
  return reasonName(reason, board.value.wall?.not_ready_reasons);
}

export function agentName(id) {
  return board.value.agents.find((agent) => agent.agent === id)?.name || id;
}

export function queueName(id) {
  const queue = board.value.wall?.queues.find((each) => each.queue === id);
  return queue ? nameOf(queue) : id;
}

/** A line as `sales · voice · english ≥ 40`. @param {string} id */
export function lineName(id) {
  const [queue, channel, asked] = id.split("|");
  const place = `${queueName(queue)} · ${word("channel", channel)}`;
  return asked ? `${place} · ${asked.replaceAll("=", " ≥ ")}` : place;
}

export function listed(parts) {
  return new Intl.ListFormat(currentLocale(), { type: "conjunction" }).format(parts);
}

/** Why a contact stands where it stands, in one sentence. */
export function becauseOfContact({ contact, tally, tally_partial: isPartial, opens_at: opensAt }) {
  const queue = queueName(contact.queue);
  switch (contact.state) {
    case "queued":
      return becauseItWaits(queue, tally, isPartial);
    case "offered":
      return t("why.offered", {
        agents: listed(contact.offers.map(({ agent }) => agentName(agent))),
      });
    case "assigned":
    case "wrap_up":
    case "waiting_customer":
      return t(`why.${contact.state}`, { agent: agentName(contact.owner) });
    case "held":
      return opensAt
        ? t("why.held_until", { queue, time: time(opensAt) })
        : t("why.held", { queue });
    default:
      return word("why", contact.state);
  }
}

function becauseItWaits(queue, tally, isPartial) {
  const told = Object.entries(tally).sort(([, one], [, other]) => other - one);
  const sum = (list) => list.reduce((all, [, count]) => all + count, 0);
  if (!told.length) return t("why.nobody_serves", { queue });
  const eligible = told.filter(([verdict]) => !NOT_ELIGIBLE.has(verdict));
  if (!eligible.length) {
    return t("why.none_may", { count: sum(told), queue, list: counted(told) });
  }
  if (tally.may_claim) return t("why.may_claim", { count: tally.may_claim, queue });
  const text = t("why.nobody_free", { count: sum(eligible), list: counted(eligible) });
  return isPartial ? `${text} ${t("why.partly")}` : text;
}

/** `7 not ready, 5 with no free slot`. */
function counted(tally) {
  return listed(tally.map(([verdict, count]) => `${count} ${word("verdict", verdict)}`));
}

/** Why an agent gets nothing, in one sentence. */
export function becauseOfAgent({ verdicts, lines, not_offered: seen }) {
  if (!lines.length) {
    return seen.length
      ? t("why.only_sees", { queues: listed(seen.map(queueName)) })
      : t("why.no_line");
  }
  const said = Object.entries(verdicts);
  if (!said.some(([, verdict]) => verdict === "ok")) {
    const kinds = new Set(Object.values(verdicts));
    if (kinds.size === 1) return t("why.takes_nothing", { verdict: word("verdict", said[0][1]) });
    const each = said.map(([ch, verdict]) => `${word("channel", ch)}: ${word("verdict", verdict)}`);
    return t("why.takes_nothing", { verdict: each.join(", ") });
  }
  const cooling = lines.filter(({ verdict }) => verdict === "cooling");
  if (cooling.length) {
    const soonest = cooling.reduce((one, other) => (one.until <= other.until ? one : other));
    return t("why.cools", { line: lineName(soonest.line), time: remaining(soonest.until) });
  }
  const open = lines.filter(({ verdict }) => verdict === "nobody_waits");
  const next = open.filter(({ rank }) => rank).sort((one, other) => one.rank - other.rank)[0];
  const text = t("why.nobody_waits", { count: open.length });
  if (!next) return text;
  const line = lineName(next.line);
  return next.rank === 1
    ? `${text} ${t("why.is_next", { line })}`
    : `${text} ${t("why.is_number", { line, rank: next.rank, first: agentName(next.first) })}`;
}

/** Why an offer went to its agent, in one sentence. */
export function becauseOfOffer(offer) {
  const agent = agentName(offer.agent);
  if (["consult", "transfer", "direct"].includes(offer.kind)) {
    return t(`why.offer_${offer.kind}`, { agent });
  }
  if (offer.side === "agent") return t("why.offer_room", { agent });
  const strategy = word("strategy", offer.strategy);
  const passed = (offer.passed ?? []).map((other) => agentName(other.agent));
  const text = passed.length
    ? t("why.offer_after", { agent, strategy, passed: listed(passed) })
    : t("why.offer_first", { agent, strategy });
  return offer.next
    ? `${text} ${t("why.offer_else", { agent: agentName(offer.next.agent) })}`
    : text;
}

/** How long until an instant of the tenant's clock. */
export function remaining(instant) {
  return duration(instant - now());
}

/** Why the router refused, with what stood in the way. */
export function refusal(error) {
  const { verdict, state } = error.body ?? {};
  const said = [explain(error)];
  if (verdict) said.push(word("verdict", verdict));
  else if (state) said.push(t("refusal.state", { state: word("state", state) }));
  return said.join(" · ");
}
