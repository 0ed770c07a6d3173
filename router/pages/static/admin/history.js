/** The versions of the configuration: who changed what when, and the way back. */

import { ask } from "../lib/api.js";
import { dateTime, t } from "../lib/i18n.js";
import { Empty, explain } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Changes } from "./changes.js";
import { AllFiled } from "./filed.js";
import { admin, countOf, goBack, isOver } from "./model.js";
import { Plan } from "./plan.js";
import { go } from "./route.js";

const PAGE = 10;

/** @param {{id: string}} props `id` is the version to go back to, or "" for the list */
export function History({ id }) {
  return id ? html`<${WayBack} version=${Number(id)} key=${id} />` : html`<${Versions} />`;
}

function Versions() {
  const [found, setFound] = useState({ versions: null, below: undefined, error: "" });
  const { version: current } = admin.value.config;
  const read = async (before, below) => {
    try {
      const query = { limit: PAGE, fields: true, below };
      const { versions } = await ask("/v1/config/versions", { query });
      const last = versions.at(-1)?.version;
      setFound({
        versions: [...before, ...versions],
        below: versions.length === PAGE ? last : null,
        error: "",
      });
    } catch (error) {
      if (!isOver(error)) setFound({ versions: before, below, error: explain(error) });
    }
  };
  useEffect(() => {
    read([]);
  }, [current]);
  return html`<div class="single">
    <article class="object" aria-label=${t("section.history")}>
      <header><h2 class="grow">${t("section.history")}</h2></header>
      ${found.error && html`<p class="notice" data-kind="bad" role="alert">${found.error}</p>`}
      <${AllFiled} />
      ${found.versions?.length === 0 && html`<${Empty}>${t("history.none")}<//>`}
      <ol class="versions">
        ${(found.versions ?? []).map((one) => html`<${Version} key=${one.version} one=${one} current=${current} />`)}
      </ol>
      ${found.below > 1 && html`<button type="button" onClick=${() => read(found.versions, found.below)}>${t("history.more")}</button>`}
    </article>
  </div>`;
}

function Version({ one, current }) {
  const { version, at, actor, note, changes } = one;
  const names = changes.map(({ kind, id }) => (kind === "tenant" ? t("section.tenant") : id));
  return html`<li>
    <details>
      <summary>
        <strong class="number">${version}</strong>
        <span class="grow">
          <span class="cut">${note || names.slice(0, 4).join(", ")}</span>
          <span class="soft">${actor} · <time>${dateTime(at)}</time> · ${t("plan.changes", { count: changes.length })}</span>
        </span>
        ${version === current && html`<span class="tag" data-kind="good">${t("history.current")}</span>`}
      </summary>
      <${Changes} changes=${changes} />
      ${
        version !== current &&
        html`<button type="button" onClick=${() => go("history", String(version))}>${t("history.back", { version })}</button>`
      }
    </details>
  </li>`;
}

/** What going back would do, and the way to do it. */
function WayBack({ version }) {
  const [plan, setPlan] = useState(null);
  const [error, setError] = useState("");
  const [note, setNote] = useState("");
  const { busy, draft, config } = admin.value;
  useEffect(() => {
    const foretell = async () => {
      try {
        const asked = { method: "POST", body: { version } };
        setPlan(await ask("/v1/config/rollback/plan", asked));
      } catch (refusal) {
        if (!isOver(refusal)) setError(explain(refusal));
      }
    };
    foretell();
  }, [config.version]);
  const submit = async (event) => {
    event.preventDefault();
    if (await goBack(version, plan.base, note)) go("history");
  };
  const isBlocked =
    !plan || plan.changes.length === 0 || plan.problems.some(({ level }) => level === "error");
  return html`<div class="single">
    <article class="object" aria-label=${t("history.back", { version })}>
      <header>
        <h2 class="grow">${t("history.back", { version })}</h2>
        ${plan && html`<span class="soft">${t("review.base", { base: plan.base })}</span>`}
      </header>
      ${error && html`<p class="notice" data-kind="bad" role="alert">${error}</p>`}
      ${countOf(draft) > 0 && html`<p class="notice">${t("history.draft")}</p>`}
      ${!plan && !error && html`<p class="soft" role="status">${t("review.asking")}</p>`}
      ${plan && html`<${Plan} plan=${plan} />`}
      <form class="apply" onSubmit=${submit}>
        <label class="unseen" for="note">${t("review.note")}</label>
        <input id="note" class="grow" maxlength="500" placeholder=${t("review.note")} value=${note} onInput=${(event) => setNote(event.target.value)} />
        <a class="button" href="#history">${t("cancel")}</a>
        <button class="primary" disabled=${busy || isBlocked}>${t("history.go")}</button>
      </form>
    </article>
  </div>`;
}
