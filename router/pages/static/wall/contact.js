/** A contact: where it stands and why, why its offers went to whom, and what a supervisor can do with it. */

import { dateTime, duration, t, time } from "../lib/i18n.js";
import { html, useState } from "../vendor/preact.js";
import { ActionBar, CONTACT_ACTIONS } from "./actions.js";
import { useAnswer } from "./asker.js";
import { sinceOf } from "./panels.js";
import { Answered, Clock, Facts, Panel, place } from "./parts.js";
import { expected } from "./queues.js";
import { command, events } from "./watch.js";
import {
  agentName,
  becauseOfContact,
  becauseOfOffer,
  lineName,
  queueName,
  remaining,
  word,
} from "./words.js";

const WHY_IDLE_MS = 5_000;
const CANDIDATES = 200;

/** @param {{id: string, onClose: () => void}} props */
export function ContactPanel({ id, onClose }) {
  const found = useAnswer(id, () => command("why", { contact: id, limit: CANDIDATES }), {
    idleMs: WHY_IDLE_MS,
    events,
    concerns: (event) => event === null || event.contact === id || event.e === "agent.state",
  });
  const contact = found.answer?.contact;
  const title = contact?.subject || contact?.address || id;
  return html`<${Panel} id=${id} title=${title} kicker=${t("contact.kicker")} onClose=${onClose}>
    <${Answered} ...${found}>
      ${(why) => html`<${Because} text=${becauseOfContact(why)} heading=${t(heading(why))} />
        <${ActionBar} actions=${CONTACT_ACTIONS} about=${why.contact} onDone=${found.again} />
        <${Standing} why=${why} />
        <${Candidates} why=${why} />
        <${Offers} key=${id} contact=${why.contact} />`}
    <//>
  <//>`;
}

export function Because({ heading: title, text }) {
  return html`<section class="because" aria-live="polite">
    <h3>${title}</h3>
    <p>${text}</p>
  </section>`;
}

function heading({ contact }) {
  return contact.state === "queued" ? "why.title" : "why.title_other";
}

function Standing({ why }) {
  const { contact } = why;
  const wait = why.estimated_wait_ms;
  const isOver = contact.state === "closed";
  return html`<${Facts}
    rows=${[
      [t("contact.state"), word("state", contact.state)],
      [t("contact.for"), !isOver && html`<${Clock} since=${sinceOf(contact)} />`],
      [
        t("contact.place"),
        why.rank && t("contact.place_of", { place: why.rank, all: why.waiting }),
      ],
      [
        t("contact.estimate"),
        wait && t("contact.estimate_of", { p50: expected(wait.p50), p80: expected(wait.p80) }),
      ],
      [
        t("contact.queue"),
        html`<a href=${place("queue", contact.queue)}>${queueName(contact.queue)}</a>`,
      ],
      [t("contact.owner"), contact.owner && html`<${AgentLink} id=${contact.owner} />`],
      [t("contact.channel"), word("channel", contact.channel)],
      [t("contact.asks"), asked(contact)],
      [t("contact.priority"), contact.priority],
      [t("contact.due"), contact.due && time(contact.due)],
      [t("contact.not_before"), contact.not_before && dateTime(contact.not_before)],
      [t("contact.address"), contact.address],
      [t("contact.customer"), contact.customer],
      [t("contact.id"), contact.contact],
    ]}
  />`;
}

/** `english ≥ 40, network ≥ 10 or german ≥ 5` */
function asked({ requirements, any_of: anyOf = [] }) {
  const each = (skills) =>
    Object.entries(skills ?? {}).map(([skill, least]) => `${skill} ≥ ${least}`);
  const clauses = anyOf.map((clause) => each(clause).join(` ${t("or")} `));
  return [...each(requirements), ...clauses].join(", ");
}

function AgentLink({ id }) {
  return html`<a href=${place("agent", id)}>${agentName(id)}</a>`;
}

function Candidates({ why }) {
  const { candidates, tally, row } = why;
  if (!candidates?.length) return null;
  const more = Object.values(tally).reduce((all, one) => all + one, 0) - candidates.length;
  return html`<section>
    <h3>${t("candidates.title")}</h3>
    ${
      row &&
      html`<p class="hint">
        ${t("candidates.row", { count: row.ready, strategy: word("strategy", row.strategy) })}
      </p>`
    }
    <div class="scroll" tabindex="0" role="group" aria-label=${t("candidates.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("candidates.agent")}</th>
            <th scope="col">${t("candidates.verdict")}</th>
            <th scope="col" class="number">${t("candidates.rank")}</th>
          </tr>
        </thead>
        <tbody>
          ${candidates.map(
            (each) => html`<tr key=${each.agent}>
              <td><${AgentLink} id=${each.agent} /></td>
              <td>${verdict(each)}</td>
              <td class="number">${each.rank ?? ""}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="hint">${t("candidates.more", { count: more })}</p>`}
  </section>`;
}

function verdict({ verdict: told, missing, until }) {
  const text = word("verdict", told);
  if (missing?.length) return `${text}: ${missing.join(", ").replaceAll(">=", " ≥ ")}`;
  return until ? t("candidates.until", { verdict: text, time: remaining(until) }) : text;
}

/** What was offered so far, the last first; each tells why on request. */
function Offers({ contact }) {
  const [asked, setAsked] = useState(null);
  const made = contact.offers_made;
  if (!made) return null;
  const numbers = Array.from({ length: Math.min(made, 20) }, (_, place) => made - place);
  return html`<section>
    <h3>${t("offers.title")}</h3>
    <p class="row wrap">
      ${numbers.map(
        (offer) => html`<button
          key=${offer}
          aria-expanded=${asked === offer ? "true" : "false"}
          onClick=${() => setAsked(asked === offer ? null : offer)}
        >
          ${t("offers.one", { number: offer })}
        </button>`,
      )}
    </p>
    ${asked !== null && html`<${Offer} contact=${contact.contact} number=${asked} />`}
  </section>`;
}

function Offer({ contact, number }) {
  const ask = () => command("why_offer", { contact, offer: number });
  const found = useAnswer(`${contact} ${number}`, ask, {
    idleMs: WHY_IDLE_MS * 2,
    events,
    concerns: (event) => event?.contact === contact && event.e.startsWith("offer."),
  });
  return html`<${Answered} ...${found}>
    ${(offer) => html`<div class="offer">
      <p>${offer.found ? becauseOfOffer(offer) : t("offers.forgotten")}</p>
      ${
        offer.found &&
        html`<${Facts}
        rows=${[
          [t("offers.made"), dateTime(offer.at)],
          [t("offers.waited"), offer.wait_ms && duration(offer.wait_ms)],
          [t("contact.line"), offer.line && lineName(offer.line)],
          [t("candidates.rank"), offer.rank],
          [t("offers.end"), ending(offer.end)],
        ]}
      />`
      }
    </div>`}
  <//>`;
}

function ending(end) {
  if (!end) return t("offers.pending");
  const text = word("ending", end.outcome);
  const why = end.reason || end.cause;
  return why ? `${text}: ${word("reason", why)} · ${time(end.at)}` : `${text} · ${time(end.at)}`;
}
