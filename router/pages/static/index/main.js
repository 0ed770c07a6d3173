/** The first page: the way to the others. */

import { t, useLocale } from "../lib/i18n.js";
import { begin } from "../lib/page.js";
import { LanguagePicker } from "../lib/ui.js";
import { html } from "../vendor/preact.js";

const PAGES = ["desk", "wall", "admin", "chat"];

function Index() {
  useLocale();
  return html`<main class="index">
    <header class="row">
      <div class="brand" aria-hidden="true">V</div>
      <h1 class="grow">${t("index.title")}</h1>
      <${LanguagePicker} />
    </header>
    <p class="soft">${t("index.lead")}</p>
    <ul>
      ${PAGES.map(
        (name) => html`<li>
          <a class="card" href="/${name}">
            <strong>${t(`index.${name}`)}</strong>
            <span class="soft">${t(`index.${name}.about`)}</span>
          </a>
        </li>`,
      )}
    </ul>
  </main>`;
}

begin("index", Index);
