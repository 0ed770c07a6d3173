/** The administration: sections, what is drafted, and the way to apply it. */

import { t } from "../lib/i18n.js";
import { begin } from "../lib/page.js";
import { leave, SignedIn } from "../lib/signin.js";
import { useStore } from "../lib/store.js";
import { Dialog, Empty, LanguagePicker, TopBar } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Agents } from "./agents.js";
import { Calendars } from "./calendars.js";
import { Suggestions } from "./controls.js";
import { Doctor } from "./doctor.js";
import { History } from "./history.js";
import { admin, countOf, discard, load } from "./model.js";
import { Queues } from "./queues.js";
import { Review } from "./review.js";
import { go, usePlace } from "./route.js";
import { Skills, skillCounts } from "./skills.js";
import { Tenant, TenantMap } from "./tenant.js";
import { Tokens } from "./tokens.js";

const SECTIONS = {
  queues: Queues,
  calendars: Calendars,
  agents: Agents,
  skills: Skills,
  dispositions: Queues,
  subjects: () => html`<${TenantMap} name="subjects" />`,
  intake: () => html`<${TenantMap} name="intake" />`,
  channels: () => html`<${TenantMap} name="channels" />`,
  tenant: Tenant,
  history: History,
  tokens: Tokens,
  doctor: Doctor,
};
const ZONES = Intl.supportedValuesOf("timeZone");
const FIRST = "queues";

function Admin({ identity }) {
  const { config, failed, draft } = useStore(admin);
  const { section: named, id, part } = usePlace();
  useEffect(() => {
    load();
  }, []);
  const [isSure, setSure] = useState(false);
  const section = named in SECTIONS || named === "review" ? named : FIRST;
  useEffect(() => {
    const here = document.querySelector(".sections a[aria-current]");
    here?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [section]);
  const Section = section === "review" ? Review : SECTIONS[section];
  const count = countOf(draft);
  return html`<div class="frame" data-section=${section} data-chosen=${Boolean(id)}>
    <${TopBar} title=${t("admin.title")}>
      <span class="tag">${identity.tenant}</span>
      ${config && html`<span class="soft version">${t("admin.version", { version: config.version })}</span>`}
      <span class="grow" />
      <${LanguagePicker} />
      <button class="quiet" onClick=${() => leave()}>${t("admin.leave")}</button>
    <//>
    <nav class="sections" aria-label=${t("admin.sections")}>
      ${Object.keys(SECTIONS).map(
        (name) =>
          html`<a href="#${name}" aria-current=${name === section ? "page" : undefined}>${t(`section.${name}`)}</a>`,
      )}
    </nav>
    <main class="work">
      ${
        failed &&
        html`<div class="single">
        <${Empty} icon="warning">${failed}<//>
        <p class="actions"><button onClick=${load}>${t("admin.again")}</button></p>
      </div>`
      }
      ${config && html`<${Section} id=${id} part=${part} section=${section} />`}
    </main>
    <footer class="draft" role="status">
      ${
        count > 0 &&
        section !== "review" &&
        html`<span class="grow">${t("draft.count", { count })}</span>
        <button type="button" class="quiet" onClick=${() => setSure(true)}>
          ${t("draft.discard")}
        </button>
        <button type="button" class="primary" onClick=${() => go("review")}>${t("draft.review")}</button>`
      }
    </footer>
    ${isSure && html`<${Sure} count=${count} onClose=${() => setSure(false)} />`}
    ${config && html`<${Suggestions} skills=${() => [...skillCounts().keys()]} zones=${ZONES} />`}
  </div>`;
}

function Sure({ count, onClose }) {
  const drop = () => {
    discard();
    onClose();
  };
  return html`<${Dialog} title=${t("draft.sure", { count })} onClose=${onClose}>
    <div class="dialog-body actions">
      <button type="button" onClick=${onClose}>${t("cancel")}</button>
      <button type="button" class="danger" onClick=${drop}>${t("draft.discard")}</button>
    </div>
  <//>`;
}

function Page() {
  return html`<${SignedIn} roles=${["admin"]} title=${t("admin.title")}>
    ${(identity) => html`<${Admin} identity=${identity} />`}
  <//>`;
}

begin("admin", Page, "settings");
