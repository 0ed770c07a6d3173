/** Queues: their settings, who serves them, the codes that their contacts are closed with. */

import { t } from "../lib/i18n.js";
import { Empty } from "../lib/ui.js";
import { html } from "../vendor/preact.js";
import { Dispositions } from "./dispositions.js";
import { SettingsForm } from "./form.js";
import { ObjectList } from "./list.js";
import { Members } from "./members.js";
import { allOf, drafted, errorsOf, isThere, put } from "./model.js";
import { ObjectPage } from "./object.js";
import { choice } from "./schema.js";
import { Steps } from "./steps.js";
import { written } from "./values.js";

const COMMON = [
  ...["name", "handles", "external", "distribution", "strategy", "target_ms", "ring_ms"],
  ...["wrap_up", "wrap_up_ms", "calendar", "closed", "closed_to"],
];
const GROUPS = [
  [
    "offers",
    [
      "broadcast_to",
      "broadcast_step_ms",
      "broadcast_add",
      "offers_max",
      "escalate_to",
      "decline_ms",
      "miss_ms",
      "unreachable_ms",
      "cooldown_max_ms",
    ],
  ],
  ["order", ["priority_credit_ms", "idle_since", "seed", "credit_ms"]],
  [
    "waiting",
    [
      "join_when",
      "length_max",
      "estimated_wait_max_ms",
      "overflow_to",
      "wait_max_ms",
      "leave_when",
      "resume_ms",
    ],
  ],
  [
    "agents",
    [
      "take_over",
      "transfer_position",
      "transfer_requires",
      "sticky",
      "sticky_wait_ms",
      "sticky_memory_ms",
      "orphan",
    ],
  ],
  ["callback", ["callback_retry_ms", "callback_attempts_max"]],
  [
    "talk",
    [
      "waiting_frees",
      "waiting_customer_ms",
      "return_position",
      "first_response_ms",
      "next_response_ms",
      "response_warn_pct",
    ],
  ],
  ["end", ["close_by", "survey", "reopen", "reopen_by", "reopen_window_ms"]],
];
/** Settings with a place of their own. */
const ELSEWHERE = [
  "steps",
  "dispositions",
  "disposition_required",
  "resolved_required",
  "disposition_at",
];

/** @param {{id: string, part: string, section: "queues" | "dispositions"}} props */
export function Queues({ id, part, section }) {
  const isCodes = section === "dispositions";
  const members = memberCounts();
  const about = (own, queue) =>
    isCodes
      ? t("queue.codes", { count: own.dispositions?.length ?? 0 })
      : [
          choice(own.distribution ?? "push"),
          written(own.target_ms ?? 20_000),
          t("queue.members", { count: members[queue] ?? 0 }),
        ].join(" · ");
  return html`<${ObjectList}
      kind="queue"
      section=${section}
      chosen=${id}
      about=${about}
      fresh=${isCodes ? undefined : {}}
    />
    ${
      id && isThere("queue", id)
        ? html`<${Queue} id=${id} part=${part} section=${section}/>`
        : html`<${Nothing} id=${id} kind="queue" section=${section} />`
    }`;
}

function Queue({ id, part, section }) {
  const object = drafted("queue", id) ?? {};
  const errors = errorsOf("queue", id);
  const onChange = (after) => put("queue", id, after);
  const shared = { object, errors, onChange, prefix: `queue-${id}` };
  const isCodes = section === "dispositions";
  return html`<${ObjectPage}
    kind="queue"
    id=${id}
    section=${section}
    title=${object.name || id}
    parts=${isCodes ? [] : ["", "members", "steps", "dispositions"]}
    part=${part}
  >
    ${
      isCodes || part === "dispositions"
        ? html`<${Dispositions} id=${id} ...${shared} />`
        : part === "members"
          ? html`<${Members} queue=${id} />`
          : part === "steps"
            ? html`<${Steps} ...${shared} />`
            : html`<${SettingsForm}
              struct="QueueSettings"
              common=${COMMON}
              groups=${GROUPS}
              without=${ELSEWHERE}
              ...${shared}
            />`
    }
  <//>`;
}

/** What stands beside a list where nothing is chosen, or what is chosen is not there. */
export function Nothing({ id, kind, section }) {
  if (!id) return html`<div class="object none"><${Empty}>${t(`choose.${section}`)}<//></div>`;
  return html`<${ObjectPage} kind=${kind} id=${id} section=${section} title=${id}>
    <${Empty}>${t("object.unknown")}<//>
  <//>`;
}

function memberCounts() {
  const counts = {};
  for (const [, own] of allOf("agent")) {
    for (const queue of Object.keys(own.memberships ?? {}))
      counts[queue] = (counts[queue] ?? 0) + 1;
  }
  return counts;
}
