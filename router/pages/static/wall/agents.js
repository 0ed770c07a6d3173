/** The agents by how they stand, with how long and what they have in hand. */

import { number, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { Clock, place } from "./parts.js";
import { board } from "./watch.js";
import { reasonOf, word } from "./words.js";

/** How the engine names what an agent has in hand, as the state of the contact. */
const KINDS = { offer: "offered", wrap_up: "wrap_up" };

export const STANDINGS = ["ready", "busy", "not_ready", "offline"];
/** Those who are not there are asked for. */
const CLOSED_FIRST = new Set(["offline"]);

/** How an agent stands: `ready`, he could be offered something; `busy`, with what he has in hand. */
export function standing(agent) {
  if (agent.presence === "offline" || !agent.sessions.length) return "offline";
  if (Object.values(agent.verdicts).includes("ok")) return "ready";
  return Object.keys(agent.work).length ? "busy" : "not_ready";
}

/** @returns {Record<string, object[]>} the agents by standing, the longest in his state first */
export function byStanding(agents) {
  const groups = Object.fromEntries(STANDINGS.map((name) => [name, []]));
  for (const agent of agents) groups[standing(agent)].push(agent);
  for (const group of Object.values(groups)) group.sort((one, other) => one.since - other.since);
  return groups;
}

/** @param {{queue?: string}} props only those of a queue */
export function Agents({ queue }) {
  const { agents } = useStore(board);
  const [text, setText] = useState("");
  const sought = text.trim().toLowerCase();
  const shown = agents.filter(
    (agent) =>
      (!queue || queue in agent.memberships) &&
      `${agent.name} ${agent.agent}`.toLowerCase().includes(sought),
  );
  const groups = byStanding(shown);
  return html`<section class="agents" aria-labelledby="agents-title">
    <header class="bar">
      <h2 id="agents-title">${t("agents.title")}</h2>
      <input
        type="search"
        aria-label=${t("agents.search")}
        placeholder=${t("agents.search")}
        value=${text}
        onInput=${(event) => setText(event.target.value)}
      />
    </header>
    ${STANDINGS.map(
      (name) => html`<details class="group" key=${name} open=${!CLOSED_FIRST.has(name) || sought}>
        <summary>
          <${Standing} name=${name} />
          <span class="grow">${t(`standing.${name}`)}</span>
          <strong class="number">${number(groups[name].length)}</strong>
        </summary>
        <ul>
          ${groups[name].map((agent) => html`<${Agent} key=${agent.agent} agent=${agent} />`)}
        </ul>
      </details>`,
    )}
    ${!shown.length && html`<${Empty} icon="people">${t("agents.none")}<//>`}
  </section>`;
}

/** A shape and a colour for each standing: a disc, a square, bars, a ring. */
export function Standing({ name }) {
  return html`<span class="standing" data-standing=${name} aria-hidden="true"></span>`;
}

function Agent({ agent }) {
  const how = standing(agent);
  return html`<li class="agent">
    <a class="grow cut" href=${place("agent", agent.agent)}>${agent.name || agent.agent}</a>
    ${agent.reason && html`<span class="soft cut">${reasonOf(agent)}</span>`}
    <${InHand} work=${agent.work} />
    ${how !== "offline" && html`<${Clock} since=${agent.since} />`}
  </li>`;
}

/** What an agent has in hand: by channel how many, what rings first. */
function InHand({ work }) {
  const kinds = new Map();
  for (const { ch, k } of Object.values(work)) {
    const key = `${ch}|${KINDS[k] ?? "assigned"}`;
    kinds.set(key, (kinds.get(key) ?? 0) + 1);
  }
  return [...kinds].map(([key, count]) => {
    const [channel, kind] = key.split("|");
    const text = `${number(count)} ${word("channel", channel)}, ${word("state", kind)}`;
    return html`<span class="work" data-kind=${kind} title=${text} key=${key}>
      <${Icon} name=${kind === "offered" ? "bell" : kind === "wrap_up" ? "note" : channel} />
      <span aria-hidden="true">${count > 1 ? number(count) : ""}</span>
      <span class="unseen">${text}</span>
    </span>`;
  });
}
