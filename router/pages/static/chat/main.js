/** The customer's page: a form to begin, a conversation, and the way back to it. */

import { currentLocale, LOCALES, setLocale, t, useLocale } from "../lib/i18n.js";
import { begin } from "../lib/page.js";
import { useStore } from "../lib/store.js";
import { LanguagePicker } from "../lib/ui.js";
import { html } from "../vendor/preact.js";
import { Begin } from "./begin.js";
import { Leave, Talk } from "./talk.js";
import { enter, refresh, visit } from "./visit.js";

function Chat() {
  useLocale();
  const { view, status } = useStore(visit);
  const title = view === "talk" && status?.department ? status.department : t("chat.title");
  return html`<main class="chat">
    <header class="chat-head">
      <span class="brand" aria-hidden="true">V</span>
      <h1 class="grow cut">${title}</h1>
      ${view === "talk" ? html`<${Leave} />` : html`<${LanguagePicker} />`}
    </header>
    ${view === "begin" && html`<${Begin} />`}
    ${view === "talk" && html`<${Talk} />`}
  </main>`;
}

await begin("chat", Chat);
const wished = new URLSearchParams(location.search).get("lang");
if (wished in LOCALES && wished !== currentLocale()) await setLocale(wished);
await enter();
if (visit.value.view === "talk") refresh();
