/** The inbox: contacts of the agent's queues to choose from, and what he may do about each. */

import { number, t } from "../lib/i18n.js";
import { useStore } from "../lib/store.js";
import { Empty, explain } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { Directory } from "./directory.js";
import { Filters, QueueList } from "./inbox_filters.js";
import { inboxOf } from "./inbox_list.js";
import { act, mayDo, Row } from "./inbox_row.js";
import { namesOf } from "./phrases.js";
import { Preview } from "./preview.js";
import { TakeOver } from "./take_over.js";

/**
 * @param {{stream: object, me: object, queues: object[], nameOf: (agent: string) => string,
 *   onOpen: (contact: string) => void}} props `stream` must watch the queues; `me` and `queues` as the
 *   router tells them; `onOpen` shows a contact that is the agent's own
 */
export function Inbox({ stream, me, queues, nameOf, onOpen }) {
  const list = inboxOf(stream, me.agent);
  const { rows, filters, status, error, cursor, news, counts } = useStore(list);
  const [looked, setLooked] = useState(null);
  const [taking, setTaking] = useState(null);
  const [moving, setMoving] = useState(null);
  const [subjects, setSubjects] = useState([]);
  const place = useRef(null);
  useEffect(() => {
    list.isShown = true;
    list.load();
    const take = ({ subjects: catalogue }) => setSubjects(Object.keys(catalogue));
    stream.command("subjects").then(take, () => {}); // only a help in typing
    return () => {
      list.isShown = false;
    };
  }, [list]);
  const own = queues.filter(({ queue }) => queue in me.memberships);
  const queueName = namesOf(queues);
  const settings = (queue) => queues.find((one) => one.queue === queue)?.settings;
  const onFilter = (members) => list.filter(members);
  const now = () => stream.now();

  const onAct = async (kind, contact) => {
    const ask = { takeOver: setTaking, move: setMoving }[kind];
    if (ask) {
      setLooked(null);
      ask(contact);
      return;
    }
    const id = await act(kind, contact.contact, stream);
    setLooked(null);
    onOpen(id);
  };
  const taken = (id) => {
    setTaking(null);
    setLooked(null);
    onOpen(id);
  };
  const showNews = async () => {
    await list.load();
    place.current?.querySelector("[data-row]")?.focus();
  };
  const shared = { nameOf, queueName, now };
  return html`<section class="inbox" aria-label=${t("inbox.title")}>
    <${QueueList} queues=${own} value=${filters.queue} ...${{ counts, queueName, onFilter }} />
    <div class="inbox-body">
      <${Filters}
        queues=${own}
        channels=${channelsOf(me)}
        subjects=${subjects}
        ...${{ filters, counts, queueName, onFilter }}
      />
      <div class="inbox-news" aria-live="polite">
        ${
          news > 0 &&
          html`<button class="primary" onClick=${showNews}>${t("inbox.news", { count: news })}</button>`
        }
      </div>
      <ul class="inbox-list" ref=${place} aria-label=${t("inbox.list")} onKeyDown=${walk}>
        ${rows.map(
          (row) => html`<${Row}
            key=${row.contact}
            row=${row}
            may=${mayDo(row, me, settings(row.queue))}
            isOpened=${looked === row.contact}
            onLook=${() => setLooked(row.contact)}
            onAct=${(kind) => onAct(kind, row)}
            ...${shared}
          />`,
        )}
      </ul>
      <${End} ...${{ status, error, cursor, rows, list }} />
    </div>
    ${
      looked &&
      html`<${Preview}
      key=${looked}
      id=${looked}
      mayDo=${(contact) => mayDo(contact, me, settings(contact.queue))}
      onAct=${onAct}
      onClose=${() => setLooked(null)}
      ...${{ stream, queues, me, ...shared }}
    />`
    }
    ${
      taking &&
      html`<${TakeOver}
      contact=${taking}
      onDone=${taken}
      onClose=${() => setTaking(null)}
      ...${{ stream, nameOf }}
    />`
    }
    ${
      moving &&
      html`<${Directory}
      way="move"
      contact=${moving}
      onClose=${() => setMoving(null)}
      ...${{ stream, me, queues, nameOf }}
    />`
    }
  </section>`;
}

/** What comes after the rows: more of them, nothing, or what is wrong. */
function End({ status, error, cursor, rows, list }) {
  const place = useRef(null);
  useEffect(() => {
    if (!place.current || !cursor) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && list.more());
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [cursor, list]);
  if (status === "failed") {
    return html`<p class="notice" data-kind="bad" role="alert">
      ${explain(error)} <button onClick=${() => list.load()}>${t("panel.again")}</button>
    </p>`;
  }
  if (status === "loading" && rows.length === 0) {
    return html`<p class="soft inbox-end" role="status">${t("panel.loading")}</p>`;
  }
  if (cursor) {
    return html`<p class="inbox-end">
      <button ref=${place} onClick=${() => list.more()}>${t("panel.more")}</button>
    </p>`;
  }
  if (rows.length === 0) return html`<${Empty} icon="inbox">${t("inbox.empty")}<//>`;
  return html`<p class="soft inbox-end">${t("inbox.whole", { count: rows.length, shown: number(rows.length) })}</p>`;
}

/** Arrows go from row to row. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isEdge = event.key === "Home" || event.key === "End";
  const row = event.target.closest("[data-row]");
  if (!row || (!step && !isEdge)) return;
  const all = [...event.currentTarget.querySelectorAll("[data-row]")];
  const edge = event.key === "Home" ? 0 : all.length - 1;
  const next = all[isEdge ? edge : all.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function channelsOf(me) {
  return Object.keys(me.slots ?? {}).sort();
}
