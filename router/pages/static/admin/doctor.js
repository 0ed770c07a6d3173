/** What in the tenant's state breaks a promise, found on demand; and its repair, once confirmed. */

import { ask } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { Dialog, Empty, explain } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { isOver } from "./model.js";

export function Doctor() {
  const [report, setReport] = useState(null);
  const [repairs, setRepairs] = useState({});
  const [chosen, setChosen] = useState([]);
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [isSure, setSure] = useState(false);
  const carefully = async (act) => {
    setBusy(true);
    setError("");
    try {
      await act();
    } catch (refusal) {
      if (!isOver(refusal)) setError(explain(refusal));
    } finally {
      setBusy(false);
    }
  };
  const look = () =>
    carefully(async () => {
      setReport(await ask("/v1/doctor"));
      setRepairs({});
      setChosen([]);
    });
  const repair = (reason) =>
    carefully(async () => {
      setSure(false);
      const body = { findings: chosen, reason };
      const done = await ask("/v1/doctor/repair", { method: "POST", body });
      setRepairs(Object.fromEntries(done.repairs.map((one) => [one.id, one.outcome])));
      setChosen([]);
    });
  const found = report?.findings ?? [];
  const examined = Object.entries(report?.examined ?? {});
  return html`<div class="single">
    <article class="object" aria-label=${t("section.doctor")}>
      <header>
        <h2 class="grow">${t("section.doctor")}</h2>
        <button type="button" disabled=${isBusy} onClick=${look}>
          ${t(report ? "doctor.again" : "doctor.look")}
        </button>
      </header>
      <p class="soft">${t("doctor.about")}</p>
      ${error && html`<p class="notice" data-kind="bad" role="alert">${error}</p>`}
      ${isBusy && html`<p class="soft" role="status">${t("doctor.busy")}</p>`}
      ${
        report &&
        html`<p class="soft">${t("doctor.examined")} ${examined.map(([kind, count]) => `${kind} ${count}`).join(" · ")}</p>
        ${!report.is_whole && html`<p class="notice">${t("doctor.partial")}</p>`}
        ${found.length === 0 && html`<${Empty} icon="check">${t("doctor.healthy")}<//>`}`
      }
      <ul class="changes">
        ${found.map((one) => html`<${Finding} key=${one.id + one.check} ...${{ one, chosen, setChosen, outcome: repairs[one.id] }} />`)}
      </ul>
      ${
        found.length > 0 &&
        html`<div class="actions">
        <button type="button" onClick=${() => setChosen([...new Set(found.map(({ id }) => id))])}>
          ${t("doctor.all")}
        </button>
        <button
          type="button"
          class="danger"
          disabled=${isBusy || chosen.length === 0}
          onClick=${() => setSure(true)}
        >
          ${t("doctor.repair", { count: chosen.length })}
        </button>
      </div>`
      }
      ${isSure && html`<${Sure} count=${chosen.length} onClose=${() => setSure(false)} onRepair=${repair} />`}
    </article>
  </div>`;
}

function Finding({ one, chosen, setChosen, outcome }) {
  const toggle = (event) =>
    setChosen(event.target.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id));
  return html`<li>
    <label class="row">
      <input type="checkbox" checked=${chosen.includes(one.id)} onChange=${toggle} />
      <span class="grow">${one.text}</span>
      <span class="tag">${one.check}</span>
      ${outcome && html`<span class="tag" data-kind=${outcome === "ok" ? "good" : "warn"}>${t(outcome === "healthy" ? "doctor.fine" : `doctor.${outcome}`)}</span>`}
    </label>
  </li>`;
}

/** Nothing is repaired without a second word, and the journal is told why. */
function Sure({ count, onClose, onRepair }) {
  const submit = (event) => {
    event.preventDefault();
    onRepair(new FormData(event.target).get("reason"));
  };
  return html`<${Dialog} title=${t("doctor.repair", { count })} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${submit}>
      <p>${t("doctor.sure")}</p>
      <label for="reason">${t("doctor.reason")}</label>
      <input id="reason" name="reason" maxlength="500" autofocus />
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("cancel")}</button>
        <button class="danger">${t("doctor.go")}</button>
      </div>
    </form>
  <//>`;
}
