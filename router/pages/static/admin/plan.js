/** What changes would do, in words: obstacles first, then the changes, then who is affected. */

import { number, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html } from "../vendor/preact.js";
import { Changes, Named } from "./changes.js";
import { said } from "./said.js";

const SHOWN_MAX = 12;

/** @param {{plan: object, onUndo?: (kind: string, id: string) => void}} props */
export function Plan({ plan, onUndo }) {
  const errors = plan.problems.filter(({ level }) => level === "error");
  const warnings = plan.problems.filter(({ level }) => level === "warning");
  return html`<${Troubles} troubles=${errors} kind="bad" title="plan.errors" />
    <${Troubles} troubles=${warnings} kind="warn" title="plan.warnings" />
    <section>
      <h3>${t("plan.changes", { count: plan.changes.length })}</h3>
      ${plan.changes.length === 0 && html`<p class="soft">${t("plan.nothing")}</p>`}
      <${Changes} changes=${plan.changes} onUndo=${onUndo} />
    </section>
    <${Effects} plan=${plan} />`;
}

function Troubles({ troubles, kind, title }) {
  if (troubles.length === 0) return null;
  return html`<section class="notice" data-kind=${kind}>
    <h3>${t(title, { count: troubles.length })}</h3>
    <ul class="troubles">
      ${troubles.map(
        (one) =>
          html`<li><${Icon} name="warning" /><span><${Named} kind=${one.kind} id=${one.id} />: ${said(one.text)}</span></li>`,
      )}
    </ul>
  </section>`;
}

/** Agents, queues and waiting contacts to which it makes a difference. */
function Effects({ plan }) {
  const lines = [...linesOf(plan)];
  return html`<section>
    <h3>${t("plan.effects")}</h3>
    ${lines.length === 0 && html`<p class="soft">${t("plan.none")}</p>`}
    <ul class="effects">
      ${lines.slice(0, SHOWN_MAX * 4).map(([kind, text]) => html`<li data-kind=${kind}>${text}</li>`)}
    </ul>
    ${plan.partial && html`<p class="soft">${t("plan.partial")}</p>`}
  </section>`;
}

function* linesOf(plan) {
  const { unreachable } = plan;
  if (unreachable.count > 0) {
    const contacts = unreachable.contacts.slice(0, SHOWN_MAX).join(", ");
    yield [
      "bad",
      t("plan.unreachable", { count: unreachable.count, fresh: unreachable.new, contacts }),
    ];
  }
  for (const { line, waiting, before, after, effect } of plan.waiting) {
    const kind = effect === "none" ? "bad" : effect === "fewer" ? "warn" : "plain";
    yield [kind, t("plan.waiting", { line, count: waiting, before, after })];
  }
  for (const { queue, channel, before, after } of plan.staffing) {
    yield [after === 0 ? "warn" : "plain", t("plan.staffing", { queue, channel, before, after })];
  }
  for (const { queue, calendar, before, after } of plan.hours) {
    const now = before === after ? "plan.hours" : after ? "plan.opens" : "plan.closes";
    yield [
      before && !after ? "warn" : "plain",
      t(now, { queue, calendar: calendar || t("value.empty") }),
    ];
  }
  for (const { agent, what, holds, limit } of plan.overloaded) {
    yield ["warn", t("plan.overloaded", { agent, what, holds, limit })];
  }
  for (const { queue, waiting } of plan.kept_due) {
    yield ["plain", t("plan.kept", { queue, count: waiting })];
  }
  for (const { agent, gained, lost } of plan.eligibility) {
    if (gained.length > 0) yield ["plain", t("plan.gained", { agent, lines: some(gained) })];
    if (lost.length > 0) yield ["plain", t("plan.lost", { agent, lines: some(lost) })];
  }
}

function some(lines) {
  const rest = lines.length - SHOWN_MAX;
  return lines.slice(0, SHOWN_MAX).join(", ") + (rest > 0 ? ` + ${number(rest)}` : "");
}
