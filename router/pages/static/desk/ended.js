/** A desk that does not come back by itself: why, and the way on. */

import { t } from "../lib/i18n.js";
import { html } from "../vendor/preact.js";

/** Close codes after which he signs in again, with what is said then. */
export const LEAVING = {
  4103: "signin.refused",
  4104: "signin.expired",
  4106: "desk.ended.4106",
};

const TOLD = [4105, 4107, 4108, 4109];

/** @param {{code: number, onAgain: () => void}} props */
export function Ended({ code, onAgain }) {
  if (code === 1000 || code in LEAVING) return null;
  const name = TOLD.includes(code) ? `desk.ended.${code}` : "desk.ended.code";
  return html`<main class="signin">
    <div class="card ended" role="alert">
      <div class="brand" aria-hidden="true">V</div>
      <h1>${t(name, { code: String(code) })}</h1>
      <p class="soft">${t("desk.ended.kept")}</p>
      <button class="primary" autofocus onClick=${onAgain}>
        ${t(code === 4105 ? "desk.ended.here" : "desk.ended.again")}
      </button>
    </div>
  </main>`;
}
