/** The prepared replies of this browser: write them, give them away, take those of others. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Dialog, Empty, Field, toast } from "../lib/ui.js";
import { html, useRef, useState } from "../vendor/preact.js";
import { NAME_MAX, replies, TEXT_MAX } from "./canned_list.js";

const FILE = "replies.json";

/** @param {{list: object[], onBack: () => void, onClose: () => void}} props */
export function Manager({ list, onBack, onClose }) {
  const [edited, setEdited] = useState(null); // a reply, or {} for a new one
  if (edited) return html`<${Editor} reply=${edited} onDone=${() => setEdited(null)} />`;
  return html`<${Dialog} title=${t("canned.manage")} wide onClose=${onClose}>
    <div class="dialog-body">
      ${list.length === 0 && html`<${Empty} icon="chat">${t("canned.none")}<//>`}
      <ul class="canned-list">
        ${list.map(
          (reply) => html`<li key=${reply.id}>
            <span class="grow canned-option">
              <strong>${reply.name}</strong>
              <span class="soft canned-text">${reply.text}</span>
            </span>
            <button type="button" class="quiet" aria-label=${t("canned.edit.one", reply)} onClick=${() => setEdited(reply)}>
              ${t("canned.edit")}
            </button>
            <button
              type="button"
              class="quiet square"
              aria-label=${t("canned.drop.one", reply)}
              onClick=${() => replies.drop(reply.id)}
            >
              <${Icon} name="close" />
            </button>
          </li>`,
        )}
      </ul>
      <div class="actions">
        <${Files} hasAny=${list.length > 0} />
        <span class="grow"></span>
        ${list.length > 0 && html`<button type="button" onClick=${onBack}>${t("canned.back")}</button>`}
        <button type="button" class="primary" autofocus onClick=${() => setEdited({})}>${t("canned.new")}</button>
      </div>
    </div>
  <//>`;
}

function Files({ hasAny }) {
  const place = useRef(null);
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([replies.written()], { type: "application/json" }));
    link.download = FILE;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const take = async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    try {
      const count = replies.take(await file.text());
      toast(t("canned.taken", { count }), "good");
    } catch (error) {
      const key = error instanceof RangeError ? "canned.faulty" : "canned.nolist";
      toast(t(key, { item: error.message }), "bad");
    }
  };
  return html`<button type="button" onClick=${() => place.current.click()}>${t("canned.import")}</button>
    <input ref=${place} type="file" accept="application/json,.json" hidden aria-label=${t("canned.import")} onChange=${take} />
    ${hasAny && html`<button type="button" onClick=${save}><${Icon} name="download" /> ${t("canned.export")}</button>`}`;
}

function Editor({ reply, onDone }) {
  const save = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    replies.put({ id: reply.id, name: form.get("name").trim(), text: form.get("text").trim() });
    onDone();
  };
  return html`<${Dialog} title=${t(reply.id ? "canned.edit" : "canned.new")} onClose=${onDone}>
    <form class="dialog-body" onSubmit=${save}>
      <${Field} id="canned-name" label=${t("canned.name")}>
        ${(ties) => html`<input
          ...${ties}
          name="name"
          maxlength=${NAME_MAX}
          pattern=".*\\S.*"
          defaultValue=${reply.name ?? ""}
          required
          autofocus
          autocomplete="off"
        />`}
      <//>
      <${Field} id="canned-text" label=${t("canned.text")} hint=${t("canned.text.hint")}>
        ${(ties) => html`<textarea
          ...${ties}
          name="text"
          rows="6"
          maxlength=${TEXT_MAX}
          defaultValue=${reply.text ?? ""}
          required
        ></textarea>`}
      <//>
      <div class="actions">
        <button type="button" onClick=${onDone}>${t("panel.cancel")}</button>
        <button class="primary">${t("canned.save")}</button>
      </div>
    </form>
  <//>`;
}
