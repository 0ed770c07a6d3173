/** Many agents at once: a table is pasted, read, and drafted; nothing is applied. */

import { t } from "../lib/i18n.js";
import { Dialog } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { COLUMNS, combined, readAgents, writeAgents } from "./csv.js";
import { allOf, drafted, putMany } from "./model.js";
import { alike } from "./values.js";

const FAULTS_SHOWN = 6;

export function Bulk({ onClose }) {
  const [text, setText] = useState("");
  const { agents, faults } = readAgents(text);
  const made = agents
    .map(([id, said]) => [id, drafted("agent", id), said])
    .map(([id, before, said]) => [id, before, combined(before, said)])
    .filter(([, before, after]) => !alike(before, after));
  const fresh = made.filter(([, before]) => before === null).length;
  const take = () => {
    putMany(made.map(([id, , after]) => ["agent", id, after]));
    onClose();
  };
  return html`<${Dialog} title=${t("bulk.title")} onClose=${onClose} wide>
    <div class="dialog-body">
      <p class="soft">${t("bulk.about")}</p>
      <p><code>${COLUMNS.join(",")}</code></p>
      <p><code>ann,Ann Lee,sales:80 billing,english:90,voice:1 chat:3,4</code></p>
      <textarea
        class="paste"
        rows="10"
        aria-label=${t("bulk.title")}
        aria-describedby="bulk-says"
        autofocus
        spellcheck=${false}
        value=${text}
        onInput=${(event) => setText(event.target.value)}
      />
      <div id="bulk-says" role="status">
        ${faults
          .slice(0, FAULTS_SHOWN)
          .map(
            ({ line, key, values }) =>
              html`<p class="error">${t("bulk.line", { line })}: ${t(key, values)}</p>`,
          )}
        ${text && faults.length === 0 && html`<p>${t("bulk.count", { fresh, changed: made.length - fresh, same: agents.length - made.length })}</p>`}
      </div>
      <div class="actions">
        <button type="button" class="quiet" onClick=${() => setText(writeAgents(allOf("agent")))}>
          ${t("bulk.present")}
        </button>
        <span class="grow" />
        <button type="button" class="primary" disabled=${made.length === 0 || faults.length > 0} onClick=${take}>
          ${t("bulk.take", { count: made.length })}
        </button>
      </div>
    </div>
  <//>`;
}
