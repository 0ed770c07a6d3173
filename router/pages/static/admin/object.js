/** What stands around the form of any object: its name, what the draft does with it, its parts. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Dialog, Field } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { Filed } from "./filed.js";
import { drafted, errorsOf, isThere, markOf, put, revert } from "./model.js";
import { go } from "./route.js";
import { ID } from "./values.js";

/**
 * @param {{kind: string, id: string, section: string, title: string, parts?: string[], part?: string,
 *   children: any}} props
 */
export function ObjectPage({ kind, id, section, title, parts = [], part = "", children }) {
  const mark = markOf(kind, id);
  const errors = errorsOf(kind, id);
  const back = () => {
    revert(kind, id);
    if (mark === "added") go(section);
  };
  const remove = () => {
    put(kind, id, null);
    if (mark === "added") go(section);
  };
  const [isCopying, setCopying] = useState(false);
  return html`<article class="object" aria-label=${title}>
    <header>
      ${
        id &&
        html`<a class="button quiet square back" href="#${section}" aria-label=${t("object.back")}>
        <${Icon} name="back" />
      </a>`
      }
      <div class="grow">
        <h2>${title}</h2>
        ${id && title !== id && html`<p class="soft">${id}</p>`}
      </div>
      ${mark && html`<span class="tag" data-kind="warn">${t(`mark.${mark}`)}</span>`}
      ${mark && html`<button type="button" class="quiet" onClick=${back}>${t("object.revert")}</button>`}
      ${
        id &&
        section !== "dispositions" &&
        drafted(kind, id) &&
        html`<button type="button" class="quiet" onClick=${() => setCopying(true)}>${t("object.copy")}</button>
        <button type="button" class="quiet" onClick=${remove}>${t("object.remove")}</button>`
      }
    </header>
    ${
      parts.length > 0 &&
      html`<nav class="parts" aria-label=${t("object.parts")}>
      ${parts.map(
        (name) => html`<a
          href="#${section}/${encodeURIComponent(id)}${name ? `/${name}` : ""}"
          aria-current=${name === part ? "page" : undefined}
          >${t(`part.${name || "settings"}`)}</a
        >`,
      )}
    </nav>`
    }
    ${errors[""] && html`<p class="notice" data-kind="bad" role="alert">${errors[""]}</p>`}
    <${Filed} kind=${kind} id=${id} />
    ${mark === "removed" ? html`<p class="notice">${t("object.removed")}</p>` : children}
    ${isCopying && html`<${Copy} ...${{ kind, id, section }} onClose=${() => setCopying(false)} />`}
  </article>`;
}

/** Another object like this one, under an id of its own. */
function Copy({ kind, id, section, onClose }) {
  const [error, setError] = useState("");
  const submit = (event) => {
    event.preventDefault();
    const fresh = new FormData(event.target).get("id").trim();
    if (!ID.test(fresh)) setError(t("fault.id"));
    else if (isThere(kind, fresh)) setError(t("object.taken"));
    else {
      const { name, ...rest } = drafted(kind, id);
      put(kind, fresh, name === undefined ? rest : { ...rest, name: "" });
      onClose();
      go(section, fresh);
    }
  };
  return html`<${Dialog} title=${t("object.copying", { id })} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${submit}>
      <${Field} id="copy-id" label=${t("object.id")} error=${error}>
        ${(ties) => html`<input ...${ties} name="id" autocomplete="off" spellcheck=${false} autofocus />`}
      <//>
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("cancel")}</button>
        <button class="primary">${t("object.copy")}</button>
      </div>
    </form>
  <//>`;
}
