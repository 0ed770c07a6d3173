/** Prepared replies: search one and insert it, or edit them. */

import { currentLocale, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { Dialog } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { filled, missing, replies } from "./canned_list.js";
import { Manager } from "./canned_manager.js";
import { Combobox } from "./combobox.js";
import { namesOf, plain } from "./phrases.js";

/**
 * A button of the composer; "/" in its empty text opens the same.
 * @param {{contact: object, me: object, queues: object[], insert: (text: string) => void}} props
 */
export function Canned({ contact, me, queues, insert }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef(null);
  useEffect(() => {
    const form = place.current.closest("form") ?? document;
    const press = (event) => {
      const { tagName, value } = event.target;
      if (event.key !== "/" || tagName !== "TEXTAREA" || value) return;
      if (event.target.closest("dialog")) return;
      event.preventDefault();
      setOpen(true);
    };
    form.addEventListener("keydown", press);
    return () => form.removeEventListener("keydown", press);
  }, []);
  const take = (text) => {
    setOpen(false);
    insert(text);
  };
  return html`<button
      ref=${place}
      type="button"
      class="quiet square"
      aria-label=${t("canned.title")}
      title=${t("canned.shortcut")}
      onClick=${() => setOpen(true)}
    >
      <${Icon} name="replies" />
    </button>
    ${
      isOpen &&
      html`<div onSubmit=${(event) => event.stopPropagation()}>
        <${Replies}
          values=${valuesOf(contact, me, queues)}
          onTake=${take}
          onClose=${() => setOpen(false)}
        />
      </div>`
    }`;
}

/** What may stand in a reply: five words of its own, and every attribute of the contact. */
function valuesOf(contact, me, queues) {
  const date = new Intl.DateTimeFormat(currentLocale(), { dateStyle: "long" }).format(Date.now());
  const attributes = Object.entries(contact.attributes ?? {});
  return {
    ...Object.fromEntries(attributes.map(([name, value]) => [name, plain(value)])),
    customer: contact.customer || contact.address,
    agent: me.name || me.agent,
    queue: namesOf(queues)(contact.queue),
    contact: contact.contact,
    date,
  };
}

function Replies({ values, onTake, onClose }) {
  const { list } = useStore(replies);
  const [isManaging, setManaging] = useState(list.length === 0);
  if (isManaging)
    return html`<${Manager} list=${list} onBack=${() => setManaging(false)} onClose=${onClose} />`;
  const options = list.map((reply) => ({
    ...reply,
    said: reply.text,
    text: `${reply.name} ${reply.text}`,
  }));
  const choose = (id) => onTake(filled(list.find((one) => one.id === id).text, values));
  return html`<${Dialog} title=${t("canned.title")} onClose=${onClose}>
    <div class="dialog-body canned">
      <${Combobox}
        id="canned"
        label=${t("canned.search")}
        hint=${t("canned.search.hint")}
        empty=${t("canned.nothing")}
        chosen=${null}
        onChoose=${choose}
        draw=${(option) => html`<${Option} option=${option} values=${values} />`}
        ...${{ options }}
      />
      <div class="actions">
        <button type="button" onClick=${() => setManaging(true)}>${t("canned.manage")}</button>
      </div>
    </div>
  <//>`;
}

function Option({ option, values }) {
  const unknown = missing(option.said, values);
  return html`<span class="canned-option">
    <strong>${option.name}</strong>
    <span class="soft canned-text">${filled(option.said, values)}</span>
    ${
      unknown.length > 0 &&
      html`<span class="tag" data-kind="warn">${t("canned.missing", { names: unknown.join(", ") })}</span>`
    }
  </span>`;
}
