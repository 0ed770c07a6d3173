/** A contact to read without having it: what it is, what was said, and what one may do about it. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Dialog, explain } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { Marks, mayMove, Standing } from "./inbox_row.js";
import { refusal, whoIs } from "./phrases.js";
import { Print } from "./print.js";
import { Story, useStory } from "./story.js";

/**
 * @param {{id: string, stream: object, mayDo?: (contact: object) => {act: string, why: string},
 *   onAct?: (kind: string, contact: object) => Promise<void>, onClose: () => void}} props
 */
export function Preview({ id, stream, queues, me, mayDo, onAct, onClose, ...shared }) {
  const { nameOf, queueName } = shared;
  const { view, entries, error } = useStory(stream, id);
  const [refused, setRefused] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const may = view && mayDo ? mayDo(view) : {};
  const doIt = async () => {
    setRefused(null);
    setBusy(true);
    try {
      await onAct(may.act, view);
    } catch (problem) {
      setRefused({ problem, now: stream.now() });
    } finally {
      setBusy(false);
    }
  };
  if (isPrinting) {
    const back = () => setPrinting(false);
    return html`<${Print} onClose=${back} ...${{ stream, id, ...shared }} />`;
  }
  return html`<${Dialog} title=${view?.subject || t("inbox.nosubject")} wide onClose=${onClose}>
    <div class="dialog-body preview">
      ${
        view &&
        html`<div class="preview-head">
        <p><strong>${whoIs(view)}</strong> ${view.customer && view.address && html`<span class="soft">${view.address}</span>`}</p>
        <${Marks} contact=${view} queueName=${queueName} />
        <p class="soft"><${Standing} contact=${view} nameOf=${nameOf} now=${stream.now()} /></p>
      </div>`
      }
      ${error && html`<p class="notice" data-kind="bad" role="alert">${explain(error)}</p>`}
      ${
        entries
          ? html`<div class="preview-story" tabindex="0" role="region" aria-label=${t("story.title")}>
              <${Story} entries=${entries} customer=${view.customer} ...${{ nameOf, queueName }} />
            </div>`
          : !error && html`<p class="soft" role="status">${t("panel.loading")}</p>`
      }
      ${refused && html`<p class="error" role="alert">${refusal(refused.problem, { nameOf, now: refused.now })}</p>`}
      <div class="actions">
        ${!may.act && may.why && html`<span class="hint grow">${t(may.why)}</span>`}
        ${
          entries &&
          html`<button onClick=${() => setPrinting(true)}>
            <${Icon} name="print" /> ${t("print.title")}
          </button>`
        }
        ${
          mayDo &&
          view &&
          mayMove(view, me) &&
          html`<button onClick=${() => onAct("move", view)}>
            <${Icon} name="transfer" /> ${t("directory.way.move")}
          </button>`
        }
        ${
          may.act &&
          html`<button class="primary" disabled=${isBusy} onClick=${doIt}>
            ${t(`inbox.act.${may.act}`)}
          </button>`
        }
      </div>
    </div>
  <//>`;
}
