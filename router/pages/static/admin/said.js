/** The router's sentences on obstacles, remarks and faults, in the reader's language where they are known. */

import { t } from "../lib/i18n.js";
import { choice } from "./schema.js";
import { written } from "./values.js";

/** What the router says, the text's key, and the names of its parts. */
const SENTENCES = [
  [/^there is no such \w+ to remove$/, "said.gone", []],
  [/^is not offline$/, "said.offline", []],
  [/^holds (\d+) contacts$/, "said.holds", ["contacts"]],
  [/^a contact waits for him alone$/, "said.awaited", []],
  [/^memberships\.(.+): no queue of this name; /, "said.queue", ["name"]],
  [/^slots\.(.+): no channel of this name; /, "said.channel", ["name"]],
  [/^is used by (.+)$/, "said.used", ["users"]],
  [/^is named by (.+)$/, "said.used", ["users"]],
  [/^is the default queue$/, "said.default", []],
  [
    /^has (\d+) waiting contacts, (\d+) with agents and (\d+) for later$/,
    "said.busy",
    ["waiting", "served", "later"],
  ],
  [/^contacts would go in a circle: (.+)$/, "said.circle", ["path"]],
  [/^calendar names (.+), which does not exist: it is always open$/, "said.hours", ["name"]],
  [/^(\S+) names (.+), which does not exist$/, "said.names", ["setting", "name"]],
  [
    /^one (.+) contact costs (\d+), his capacity is (\d+)$/,
    "said.costs",
    ["channel", "cost", "capacity"],
  ],
  [/^nobody could serve its (.+) contacts any more$/, "said.nobody", ["channel"]],
  // What a field is expected to be:
  [/^above 0 with wrap_up = "(\w+)"$/, "said.wrap_up", ["choice"]],
  [/^a queue with closed = "divert"$/, "said.divert", []],
  [/^each code once$/, "said.codes", []],
  [/^an active code with disposition_required = true$/, "said.active", []],
  [/^no reason of the engine's own: (.+)$/, "said.reasons", ["names"]],
  [/^a channel of this tenant: (.+)$/, "said.channels", ["names"]],
  [/^no circle: (\S+) interrupts (\S+) in turn$/, "said.interrupts", ["one", "other"]],
  [/^no circle: (.+)$/, "said.no_circle", ["path"]],
  [/^(queue|channel|agent|calendar) (.+) to exist$/, "said.exist", ["kind", "name"]],
  [/^to be named once$/, "said.once", []],
  [/^to stay: it is the default queue$/, "said.stay", []],
  [/^to be without contacts$/, "said.empty", []],
  [
    /^to be named by no other: (queue|subject|agent) (.+) names it$/,
    "said.unnamed",
    ["kind", "name"],
  ],
  [/^to be used by no queue: (.+)$/, "said.unused", ["users"]],
  [/^to be offline$/, "said.be_offline", []],
  [/^to be awaited by no contact$/, "said.unawaited", []],
  [/^no time zone of this name; the nearest known one is (.+)$/, "said.zone", ["name"]],
  [/^no time zone of this name; /, "said.iana", []],
  [/^expected a date that there is$/, "said.date", []],
  [/^expected at most (\d+) dates$/, "fault.many", ["max"]],
  [/^expected to close after it opens, on the same day$/, "said.span", []],
  [/^overlaps (.+)$/, "said.overlaps", ["span"]],
  [/^at most (\d+) changes together$/, "said.changes", ["max"]],
  [
    /^at most (\d+) with the role admin: no longer than your own token$/,
    "said.admin",
    ["duration"],
  ],
  [
    /^an integer from (\d+) to (\d+) \(its life, in whole seconds\)$/,
    "fault.range",
    ["from", "to"],
  ],
  [/^text \(an agent's id; /, "fault.id", []],
];
/** How a part of a sentence is said; the others stand as they are. */
const PARTS = {
  kind: t,
  choice,
  duration: (ms) => written(Number(ms)),
  from: (ms) => written(Number(ms)),
  to: (ms) => written(Number(ms)),
};

/** @param {string} sentence as the router says it */
export function said(sentence) {
  for (const [pattern, key, names] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) {
      const parts = names.map((name, at) => [name, PARTS[name]?.(found[at + 1]) ?? found[at + 1]]);
      return t(key, Object.fromEntries(parts));
    }
  }
  return sentence;
}

/** What the router expects of a field. */
export function expects(expected) {
  return t("fault.told", { expected: said(expected) });
}
