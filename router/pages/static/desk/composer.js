/** Writing to the customer, or a note that only colleagues see. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Field } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { isLink } from "./entries.js";
import { draft, keepDraft } from "./kept.js";
import { roleIn } from "./state.js";

const TEXT_MAX = 4_000;
const ATTACHMENTS_MAX = 10;
const LINK_MAX = 256;

/**
 * @param {{extra?: (insert: (text: string) => void) => any, noteOnly?: boolean}} props
 *   `extra`: more buttons, given what puts a text where the caret is; `noteOnly`: the talk is over
 */
export function Composer({ desk, contact, extra, noteOnly = false }) {
  const id = contact.contact;
  const [written, setWritten] = useState(() => draft(id));
  const [links, setLinks] = useState([]);
  const [isAttaching, setAttaching] = useState(false);
  const area = useRef(null);
  const { text = "", isNote = noteOnly } = noteOnly ? { ...written, isNote: true } : written;
  const write = (change) => {
    const next = { ...written, ...change };
    setWritten(next);
    keepDraft(id, next);
  };
  useEffect(() => {
    if (!noteOnly) area.current.focus();
  }, [id]);
  useEffect(() => {
    const back = ({ detail }) => detail === id && setWritten(draft(id));
    desk.addEventListener("draft", back);
    return () => desk.removeEventListener("draft", back);
  }, [id]);
  const isOwner = roleIn(contact, desk.me.agent) === "owner";
  const send = (wait = false) => {
    const said = text.trim();
    if (!said && links.length === 0) return;
    const visibility = isNote ? "internal" : "public";
    desk.outbox.say({ contact: id, text: said, attachments: links, visibility, wait });
    setLinks([]);
    write({ text: "" });
    area.current.focus();
  };
  const onKey = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send(event.ctrlKey && isOwner && !isNote);
  };
  const insert = (more) => {
    const { selectionStart: from, selectionEnd: to } = area.current;
    write({ text: text.slice(0, from) + more + text.slice(to) });
    area.current.focus();
  };
  const attach = (link) => {
    if (link) setLinks([...links, link]);
    setAttaching(false);
    area.current.focus();
  };
  const isEmpty = !text.trim() && links.length === 0;
  return html`<form
    class="composer"
    data-note=${isNote ? "true" : undefined}
    onSubmit=${(event) => {
      event.preventDefault();
      send();
    }}
  >
    <div class="row" role="group" aria-label=${t("composer.kind")}>
      ${(noteOnly ? [true] : [false, true]).map(
        (note) => html`<button
        type="button"
        key=${note}
        class="quiet"
        aria-pressed=${isNote === note}
        onClick=${() => write({ isNote: note })}
      >
        ${t(note ? "composer.note" : "composer.reply")}
      </button>`,
      )}
      <span class="grow"></span>
      <button
        type="button"
        class="quiet square"
        disabled=${links.length >= ATTACHMENTS_MAX}
        aria-expanded=${isAttaching}
        aria-label=${t("composer.attach")}
        title=${t("composer.attach")}
        onClick=${() => setAttaching(!isAttaching)}
      >
        <${Icon} name="attach" />
      </button>
      ${extra?.(insert)}
    </div>
    ${isAttaching && html`<${Attach} onLink=${attach} />`}
    <${Attached} links=${links} onLinks=${setLinks} />
    <textarea
      ref=${area}
      rows=${noteOnly ? 1 : 3}
      maxlength=${TEXT_MAX}
      aria-label=${t(isNote ? "composer.note" : "composer.reply")}
      placeholder=${t(isNote ? "composer.note.about" : "composer.reply.about")}
      value=${text}
      onInput=${(event) => write({ text: event.target.value })}
      onKeyDown=${onKey}
    ></textarea>
    <div class="row">
      <span class="hint grow">${t("composer.keys")}</span>
      ${
        isOwner &&
        !isNote &&
        html`<button
          type="button"
          disabled=${isEmpty}
          title=${t("composer.wait.about")}
          aria-keyshortcuts="Control+Enter"
          onClick=${() => send(true)}
        >
          ${t("composer.wait")}
        </button>`
      }
      <button class="primary" disabled=${isEmpty}>
        <${Icon} name=${isNote ? "note" : "send"} />${t(isNote ? "composer.keep" : "composer.send")}
      </button>
    </div>
  </form>`;
}

/** References to files that are elsewhere: the engine carries none. */
function Attached({ links, onLinks }) {
  if (links.length === 0) return null;
  return html`<ul class="row attached">
    ${links.map(
      (link) => html`<li class="tag" key=${link}>
        <${Icon} name="attach" /><span class="cut">${link}</span>
        <button
          type="button"
          class="quiet square"
          aria-label=${t("composer.attach.drop")}
          onClick=${() => onLinks(links.filter((one) => one !== link))}
        >
          <${Icon} name="close" />
        </button>
      </li>`,
    )}
  </ul>`;
}

/** Asks for one more reference; what is no address of the web is not taken. */
function Attach({ onLink }) {
  const [error, setError] = useState("");
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const add = () => {
    const link = field.current.value.trim();
    if (isLink(link)) onLink(link);
    else setError(t("composer.attach.wrong"));
  };
  const onKey = (event) => {
    if (event.key === "Escape") onLink(null);
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return html`<div class="attach">
    <${Field} id="attach" label=${t("composer.attach.address")} error=${error}>
      ${(ties) => html`<input
        ...${ties}
        ref=${field}
        type="url"
        maxlength=${LINK_MAX}
        onKeyDown=${onKey}
      />`}
    <//>
    <button type="button" onClick=${add}>${t("composer.attach.add")}</button>
  </div>`;
}
