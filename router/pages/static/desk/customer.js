/** Who a contact is about, how it has gone so far, and what there was before with the same customer. */

import { useSeconds } from "../lib/clock.js";
import { dateTime, duration, hasText, number, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { explain } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { askPast } from "./past.js";
import { channelName, namesOf, plain } from "./phrases.js";
import { Preview } from "./preview.js";

const PAGE = 20;
const SOON_MS = 400;

/**
 * @param {{stream: object, me: object, queues: object[], contact: object,
 *   nameOf: (agent: string) => string, onClose?: () => void}} props `contact` as the router tells it
 */
export function Customer({ stream, me, queues, contact, nameOf, onClose }) {
  const [looked, setLooked] = useState(null);
  const queueName = namesOf(queues);
  const { customer, address, attributes, links } = contact;
  return html`<aside class="customer" aria-label=${t("customer.title")}>
    <header class="customer-who">
      ${
        onClose &&
        html`<button class="quiet square" aria-label=${t("close")} onClick=${onClose}>
          <${Icon} name="close" />
        </button>`
      }
      ${customer && html`<p class="customer-id">${customer}</p>`}
      ${address && html`<p class="soft">${address}</p>`}
      ${!customer && !address && html`<p class="soft">${t("customer.unknown")}</p>`}
    </header>
    <${Facts} title=${t("customer.attributes")} facts=${Object.entries(attributes ?? {}).map(([name, value]) => [name, plain(value)])} />
    <${Details} ...${{ stream, contact, nameOf, queueName }} />
    ${
      links?.length > 0 &&
      html`<section>
        <h3>${t("customer.links")}</h3>
        <ul class="customer-links">
          ${links.map(
            ({ kind, contact: other }) => html`<li key=${kind + other}>
              <button class="quiet" aria-haspopup="dialog" onClick=${() => setLooked(other)}>
                <${Icon} name="fork" /> <span class="soft">${t(`link.${kind}`)}</span> ${other}
              </button>
            </li>`,
          )}
        </ul>
      </section>`
    }
    <${History} key=${contact.contact} onLook=${setLooked} ...${{ stream, contact, queueName }} />
    ${looked && html`<${Preview} id=${looked} onClose=${() => setLooked(null)} ...${{ stream, queues, me, nameOf, queueName }} />`}
  </aside>`;
}

function Facts({ title, facts }) {
  const told = facts.filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (told.length === 0) return null;
  return html`<section>
    <h3>${title}</h3>
    <dl class="customer-facts">
      ${told.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  </section>`;
}

function Details({ stream, contact, nameOf, queueName }) {
  const { arrived, entered, assigned_at: taken, owner, priority, episode, note } = contact;
  const now = stream.now();
  const facts = [
    ["contact", contact.contact],
    ["queue", queueName(contact.queue)],
    ["channel", channelName(contact.channel)],
    ["origin", contact.origin],
    ["arrived", arrived && time(arrived, now)],
    ["waited", taken && entered && duration(taken - entered)],
    ["owner", owner && (taken ? `${nameOf(owner)}, ${time(taken, now)}` : nameOf(owner))],
    [
      "duration",
      taken &&
        html`<${Since} at=${taken} until=${contact.ended_at ?? contact.closed_at} now=${() => stream.now()} />`,
    ],
    ["offers", contact.offers_made ? number(contact.offers_made) : ""],
    ["answer_by", contact.response_by && time(contact.response_by, now)],
    ["priority", priority ? number(priority) : ""],
    ["episode", episode > 1 ? number(episode) : ""],
    ["note", note],
    ["closed", contact.closed_at && dateTime(contact.closed_at)],
    ["disposition", contact.disposition],
    ["score", contact.rating && number(contact.rating.score)],
  ];
  return html`<${Facts} title=${t("customer.details")} facts=${facts.map(([name, value]) => [t(`details.${name}`), value])} />`;
}

function Since({ at, until, now }) {
  useSeconds();
  return html`<span class="clock">${duration((until ?? now()) - at)}</span>`;
}

/** Contacts of the same customer, or from the same address, the newest first. */
function History({ stream, contact, queueName, onLook }) {
  const ways = ["customer", "address"].filter((name) => contact[name]);
  const [chosen, setWay] = useState(null);
  const way = ways.includes(chosen) ? chosen : ways[0];
  const { list, cursor, error, more } = useHistory(stream, way, contact[way]);
  if (!way) return null;
  const others = list?.filter((one) => one.contact !== contact.contact);
  return html`<section>
    <h3>${t("history.title")}</h3>
    ${
      ways.length > 1 &&
      html`<div class="inbox-whose" role="group" aria-label=${t("history.by")}>
        ${ways.map(
          (
            name,
          ) => html`<button key=${name} aria-pressed=${way === name} onClick=${() => setWay(name)}>
            ${t(`history.by.${name}`)}
          </button>`,
        )}
      </div>`
    }
    ${error && html`<p class="notice" data-kind="bad" role="alert">${explain(error)}</p>`}
    ${!list && !error && html`<p class="soft" role="status">${t("panel.loading")}</p>`}
    ${others?.length === 0 && !cursor && html`<p class="soft">${t("history.none")}</p>`}
    <ul class="history">
      ${others?.map(
        (one) => html`<li key=${one.contact}>
          <button class="inbox-main" aria-haspopup="dialog" onClick=${() => onLook(one.contact)}>
            <${Icon} name=${one.channel} />
            <span class="inbox-what">
              <strong class="cut">${one.subject || t("inbox.nosubject")}</strong>
              <span class="soft cut">${dateTime(one.arrived)} · ${queueName(one.queue)}</span>
              <span class="soft cut">${[t(`inbox.tag.${one.state}`), one.disposition ?? resultOf(one)].filter(Boolean).join(" · ")}</span>
            </span>
          </button>
        </li>`,
      )}
    </ul>
    ${cursor && html`<button onClick=${more}>${t("panel.more")}</button>`}
  </section>`;
}

function resultOf({ result }) {
  return result && hasText(`story.why.${result}`) ? t(`story.why.${result}`) : result;
}

function useHistory(stream, way, value) {
  const [found, setFound] = useState({ list: null, cursor: undefined, error: null });
  const read = async (before, cursor, isOver = () => false) => {
    try {
      const query = { [way]: value, limit: PAGE, cursor, after: stream.position };
      const page = await askPast("/v1/history", query);
      const list = [...before, ...page.contacts];
      if (!isOver()) setFound({ list, cursor: page.cursor, error: null });
    } catch (error) {
      if (!isOver()) setFound((known) => ({ ...known, error }));
    }
  };
  useEffect(() => {
    if (!value) return undefined;
    let isOver = false;
    let timer = null;
    setFound({ list: null, cursor: undefined, error: null });
    read([], undefined, () => isOver);
    const hear = ({ detail: { event } }) => {
      if (event.e !== "contact.admitted" || event[way] !== value) return;
      timer ??= setTimeout(() => {
        timer = null;
        read([], undefined, () => isOver);
      }, SOON_MS);
    };
    stream.addEventListener("event", hear);
    return () => {
      isOver = true;
      clearTimeout(timer);
      stream.removeEventListener("event", hear);
    };
  }, [stream, way, value]);
  return { ...found, more: () => read(found.list, found.cursor) };
}
