/** What stands around the form of any object: its name, what the draft does with it, its parts. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { html } from "../vendor/preact.js";
import { errorsOf, markOf, put, revert } from "./model.js";
import { go } from "./route.js";

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
        mark !== "removed" &&
        html`<button type="button" class="quiet" onClick=${remove}>
        ${t("object.remove")}
      </button>`
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
    ${mark === "removed" ? html`<p class="notice">${t("object.removed")}</p>` : children}
  </article>`;
}
