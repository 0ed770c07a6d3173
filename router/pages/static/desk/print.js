/** A conversation on paper: who it was with above everything, then what was said, and notes if wanted. */

import { dateTime, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Dialog, explain } from "../lib/ui.js";
import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { channelName, plain } from "./phrases.js";
import { Story, useStory } from "./story.js";

/**
 * @param {{stream: object, id: string, nameOf: (agent: string) => string,
 *   queueName: (queue: string) => string, onClose: () => void}} props
 */
export function Print({ stream, id, nameOf, queueName, onClose }) {
  const { view: contact, entries, error } = useStory(stream, id);
  const [withNotes, setNotes] = useState(false);
  const draw = () => {
    if (!entries) return null;
    const shown = entries.filter((entry) => withNotes || isPublic(entry));
    return html`<${Sheet} ...${{ contact, entries: shown, nameOf, queueName }} />`;
  };
  usePaper(draw());
  return html`<${Dialog} title=${t("print.title")} wide onClose=${onClose}>
    <div class="dialog-body">
      <label class="row">
        <input type="checkbox" checked=${withNotes} onChange=${() => setNotes(!withNotes)} />
        <span>${t("print.notes")}</span>
      </label>
      <div class="preview-story sheet" tabindex="0" role="region" aria-label=${t("print.sheet")}>
        ${error ? html`<p class="error" role="alert">${explain(error)}</p>` : draw()}
      </div>
      <div class="actions">
        <button onClick=${onClose}>${t("panel.cancel")}</button>
        <button class="primary" disabled=${!entries} onClick=${() => window.print()}>
          <${Icon} name="print" /> ${t("print.now")}
        </button>
      </div>
    </div>
  <//>`;
}

/** The same outside of the page, where only the printer sees it: a dialog is cut at its border. */
function usePaper(sheet) {
  const place = useRef(null);
  useEffect(() => {
    const paper = document.createElement("div");
    paper.className = "paper sheet";
    document.body.append(paper);
    place.current = paper;
    return () => {
      render(null, paper);
      paper.remove();
    };
  }, []);
  useEffect(() => render(sheet, place.current));
}

function isPublic({ event, visibility }) {
  return (event.visibility ?? visibility) !== "internal";
}

function Sheet({ contact, entries, nameOf, queueName }) {
  const { customer, address, subject, owner, attributes } = contact;
  const facts = [
    [t("details.contact"), contact.contact],
    [t("details.queue"), queueName(contact.queue)],
    [t("details.channel"), channelName(contact.channel)],
    [t("details.origin"), contact.origin],
    [t("details.owner"), owner && nameOf(owner)],
    [t("details.arrived"), dateTime(contact.arrived)],
    [t("details.closed"), contact.closed_at && dateTime(contact.closed_at)],
    ...Object.entries(attributes ?? {}).map(([name, value]) => [name, plain(value)]),
  ].filter(([, value]) => value);
  return html`<article>
    <header>
      <p class="sheet-who">${[customer, address].filter(Boolean).join(" · ")}</p>
      <h2>${subject || t("inbox.nosubject")}</h2>
      <dl class="facts">
        ${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
    </header>
    <${Story} customer=${customer} ...${{ entries, nameOf, queueName }} />
  </article>`;
}
