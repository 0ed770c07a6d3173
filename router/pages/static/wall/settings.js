/** The limits of this browser: from when on a queue's waits and service level are in trouble. */

import { percent, t } from "../lib/i18n.js";
import { useStore } from "../lib/store.js";
import { Dialog } from "../lib/ui.js";
import { html } from "../vendor/preact.js";
import { keep, limitsOf, nameOf, prefs } from "./limits.js";
import { board } from "./watch.js";

const SECOND_MS = 1_000;
const WHOLE = 100;
const WAIT_MAX_S = 86_400;

/** @param {{onClose: () => void}} props */
export function Settings({ onClose }) {
  const { queues } = useStore(board).wall;
  const { limits } = useStore(prefs);
  function save(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const own = {};
    for (const queue of queues) {
      const given = {
        wait_ms: Math.round(Number(form.get(`wait ${queue.queue}`)) * SECOND_MS),
        goal: Number(form.get(`goal ${queue.queue}`)) / WHOLE,
      };
      const usual = limitsOf(queue, {});
      const differs = Object.entries(given).filter(([name, value]) => value !== usual[name]);
      if (differs.length) own[queue.queue] = Object.fromEntries(differs);
    }
    keep({ limits: own });
    onClose();
  }
  function reset() {
    keep({ limits: {} });
    onClose();
  }
  return html`<${Dialog} title=${t("settings.title")} onClose=${onClose} wide>
    <form class="dialog-body" onSubmit=${save}>
      <p class="hint">${t("settings.about", { below: percent(0.2) })}</p>
      <div class="scroll limits" tabindex="0" role="group" aria-label=${t("settings.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("column.name")}</th>
              <th scope="col">${t("settings.wait")}</th>
              <th scope="col">${t("settings.goal")}</th>
            </tr>
          </thead>
          <tbody>
            ${queues.map((queue) => {
              const { wait_ms: wait, goal } = limitsOf(queue, limits);
              return html`<tr key=${queue.queue}>
                <th scope="row">${nameOf(queue)}</th>
                <td>
                  <input
                    type="number"
                    name="wait ${queue.queue}"
                    aria-label=${t("settings.wait_of", { name: nameOf(queue) })}
                    min="1"
                    max=${WAIT_MAX_S}
                    required
                    defaultValue=${wait / SECOND_MS}
                  />
                </td>
                <td>
                  <input
                    type="number"
                    name="goal ${queue.queue}"
                    aria-label=${t("settings.goal_of", { name: nameOf(queue) })}
                    min="0"
                    max=${WHOLE}
                    required
                    defaultValue=${Math.round(goal * WHOLE)}
                  />
                </td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <div class="actions">
        <button type="button" onClick=${reset}>${t("settings.reset")}</button>
        <button class="primary">${t("settings.save")}</button>
      </div>
    </form>
  <//>`;
}
