/** An agent: what he has in hand, why he gets nothing, and what a supervisor can do. */

import { duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { html } from "../vendor/preact.js";
import { ActionBar, AGENT_ACTIONS } from "./actions.js";
import { Standing, standing } from "./agents.js";
import { useAnswer } from "./asker.js";
import { Because } from "./contact.js";
import { sinceOf } from "./panels.js";
import { Answered, Clock, Facts, Panel, place } from "./parts.js";
import { board, command, events, question } from "./watch.js";
import {
  agentName,
  becauseOfAgent,
  lineName,
  queueName,
  reasonOf,
  remaining,
  word,
} from "./words.js";

const IDLE_MS = 5_000;
const LINES = 50;

/** @param {{id: string, onClose: () => void}} props */
export function AgentPanel({ id, onClose }) {
  useStore(board, ({ agents }) => agents.find((agent) => agent.agent === id));
  const ask = async () => {
    const [agent, why] = await Promise.all([
      question(`/v1/agents/${encodeURIComponent(id)}`),
      command("why_agent", { agent: id, limit: LINES }),
    ]);
    return { agent, why };
  };
  const found = useAnswer(id, ask, {
    idleMs: IDLE_MS,
    events,
    concerns: (event) =>
      event === null || event.agent === id || event.from === id || event.owner === id,
  });
  return html`<${Panel} id=${id} title=${agentName(id)} kicker=${t("agent.kicker")} onClose=${onClose}>
    <${Answered} ...${found}>
      ${({ agent, why }) => html`<${State} agent=${agent} />
        <${ActionBar} actions=${AGENT_ACTIONS} about=${agent} onDone=${found.again} />
        <${Because} heading=${t("why.title_agent")} text=${becauseOfAgent(why)} />
        <${Hands} work=${agent.work} />
        <${Channels} agent=${agent} />
        <${Lines} why=${why} />`}
    <//>
  <//>`;
}

function State({ agent }) {
  const how = standing({
    ...agent,
    work: Object.fromEntries(agent.work.map((each) => [each.contact, each])),
  });
  const queues = Object.keys(agent.memberships).map(queueName);
  const skills = Object.entries(agent.skills ?? {}).map(([skill, level]) => `${skill} ${level}`);
  return html`<p class="now">
      <${Standing} name=${how} /><strong>${t(`standing.${how}`)}</strong>
      ${agent.reason && html`<span class="soft">${reasonOf(agent)}</span>`}
      <span class="grow"></span><${Clock} since=${agent.since} />
    </p>
    ${
      agent.pending &&
      html`<p class="notice">
      ${t("agent.pending", { presence: word("presence", agent.pending.presence ?? agent.pending) })}
    </p>`
    }
    <${Facts}
      rows=${[
        [t("agent.presence"), word("presence", agent.presence)],
        [t("agent.desktops"), agent.sessions.length],
        [t("agent.queues"), queues.join(", ")],
        [t("agent.skills"), skills.join(", ")],
        [t("agent.id"), agent.agent],
      ]}
    />`;
}

function Hands({ work }) {
  if (!work.length) return null;
  return html`<section>
    <h3>${t("agent.hands")}</h3>
    <ul class="contacts">
      ${work.map(
        (contact) => html`<li key=${contact.contact}>
          <a class="contact" href=${place("contact", contact.contact)}>
            <${Icon} name=${contact.channel} />
            <span class="unseen">${word("channel", contact.channel)}</span>
            <span class="grow cut">${contact.subject || contact.address || contact.contact}</span>
            <span class="soft">${word("state", contact.state)}</span>
            <${Clock} since=${sinceOf(contact)} />
          </a>
        </li>`,
      )}
    </ul>
  </section>`;
}

function Channels({ agent }) {
  return html`<section>
    <h3>${t("agent.channels")}</h3>
    <table>
      <tbody>
        ${Object.entries(agent.verdicts).map(
          ([channel, verdict]) => html`<tr key=${channel}>
            <th scope="row">${word("channel", channel)}</th>
            <td>${word("verdict", verdict)}</td>
            <td class="number">${t("agent.slots", { count: agent.slots[channel] })}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function Lines({ why }) {
  if (!why.lines.length) return null;
  const more = why.lines_total - why.lines.length;
  return html`<section>
    <h3>${t("lines.title")}</h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${t("lines.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("lines.line")}</th>
            <th scope="col" class="number">${t("column.waiting")}</th>
            <th scope="col">${t("candidates.verdict")}</th>
            <th scope="col">${t("lines.first")}</th>
          </tr>
        </thead>
        <tbody>
          ${why.lines.map(
            (line) => html`<tr key=${line.line}>
              <td>${lineName(line.line)}</td>
              <td class="number">${line.waiting}</td>
              <td>${said(line)}</td>
              <td>${line.first ? agentName(line.first) : ""}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="hint">${t("lines.more", { count: more })}</p>`}
  </section>`;
}

/** The verdict of one line, with whom it is about and how long he waits. */
function said({ verdict, contact, waited_ms: waited, until }) {
  const text = until
    ? t("candidates.until", { verdict: word("verdict", verdict), time: remaining(until) })
    : word("verdict", verdict);
  if (!contact) return text;
  return html`${text} · <a href=${place("contact", contact)}>${contact}</a> ${duration(waited)}`;
}
