/** What stands around a conversation: the ways to hand it on, and its customer. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { html, useState } from "../vendor/preact.js";
import { Canned } from "./canned.js";
import { Customer } from "./customer.js";
import { Directory } from "./directory.js";
import { useNames } from "./names.js";
import { Print } from "./print.js";
import { roleIn } from "./state.js";

const WAYS = { transfer: "transfer", consult: "people", fork: "fork" };
const OPEN = ["assigned", "waiting_customer"];

/** More buttons of a conversation. @param {{isBeside: boolean, onBeside: () => void}} props */
export function Tools({ desk, contact, isBeside, onBeside }) {
  const nameOf = useNames();
  const { list: queues } = useStore(desk.queues);
  const [way, setWay] = useState(null);
  const [isPrinting, setPrinting] = useState(false);
  const { stream, me } = desk;
  const isOwner = roleIn(contact, me.agent) === "owner" && OPEN.includes(contact.state);
  const isAsking = contact.consult || contact.offers?.length > 0;
  return html`
    ${
      isOwner &&
      Object.entries(WAYS).map(
        ([name, icon]) => html`<button
          key=${name}
          disabled=${isAsking && name !== "fork"}
          aria-label=${t(`directory.way.${name}`)}
          title=${t(`directory.about.${name}`)}
          onClick=${() => setWay(name)}
        >
          <${Icon} name=${icon} /><span class="tool-text">${t(`directory.way.${name}`)}</span>
        </button>`,
      )
    }
    <button class="quiet square" aria-label=${t("print.title")} title=${t("print.title")} onClick=${() => setPrinting(true)}>
      <${Icon} name="print" />
    </button>
    <button
      class="quiet square"
      aria-label=${t("customer.title")}
      title=${t("customer.title")}
      aria-pressed=${isBeside}
      onClick=${onBeside}
    >
      <${Icon} name="person" />
    </button>
    ${way && html`<${Directory} onClose=${() => setWay(null)} ...${{ stream, me, queues, contact, way, nameOf }} />`}
    ${
      isPrinting &&
      html`<${Print}
        id=${contact.contact}
        queueName=${(queue) => desk.queueName(queue)}
        onClose=${() => setPrinting(false)}
        ...${{ stream, nameOf }}
      />`
    }`;
}

/** The customer of the contact that is shown. */
export function Beside({ desk, id, onClose }) {
  const nameOf = useNames();
  const { list: queues } = useStore(desk.queues);
  useStore(desk.work);
  useStore(desk.shown);
  const contact = desk.contact(id);
  if (!contact || contact.error) return null;
  return html`<${Customer} stream=${desk.stream} me=${desk.me} ...${{ queues, contact, nameOf, onClose }} />`;
}

/** Prepared replies for the composer. @param {{insert: (text: string) => void}} props */
export function RepliesTool({ desk, contact, insert }) {
  const { list: queues } = useStore(desk.queues);
  return html`<${Canned} me=${desk.me} ...${{ queues, contact, insert }} />`;
}
