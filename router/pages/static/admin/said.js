/** The router's sentences on obstacles and remarks, in the reader's language where they are known. */

import { t } from "../lib/i18n.js";

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
];

/** @param {string} sentence as the router says it */
export function said(sentence) {
  for (const [pattern, key, names] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return t(key, Object.fromEntries(names.map((name, at) => [name, found[at + 1]])));
  }
  return sentence;
}
