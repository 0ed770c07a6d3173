/** Tokens taken back before they end: which ones were, and one subject's, or one token, more. */

import { ask } from "../lib/api.js";
import { dateTime, t } from "../lib/i18n.js";
import { Dialog, explain } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { isOver } from "./model.js";
import { expects } from "./said.js";

const WHOSE = ["subject", "id"];

export function Revoked() {
  const [found, setFound] = useState([]);
  const [error, setError] = useState("");
  const [asked, setAsked] = useState({ whose: "subject", name: "" });
  const [isSure, setSure] = useState(false);
  const carefully = async (act) => {
    try {
      await act();
      setError("");
    } catch (refusal) {
      const [fault] = refusal.errors ?? [];
      const said = fault ? expects(fault.expected) : explain(refusal);
      if (!isOver(refusal)) setError(said);
    }
  };
  const read = async () => setFound((await ask("/v1/tokens/revoked")).revoked);
  useEffect(() => {
    carefully(read);
  }, []);
  const name = asked.name.trim();
  const revoke = (reason) => {
    setSure(false);
    carefully(async () => {
      await ask("/v1/tokens/revoke", { method: "POST", body: { [asked.whose]: name, reason } });
      setAsked({ ...asked, name: "" });
      await read();
    });
  };
  const submit = (event) => {
    event.preventDefault();
    setSure(true);
  };
  return html`<section class="revoked" aria-label=${t("revoked.title")}>
    <h3>${t("revoked.title")}</h3>
    <p class="soft">${t("revoked.about")}</p>
    <form class="token" onSubmit=${submit}>
      <div class="setting">
        <label for="revoke-whose">${t("revoked.whose")}</label>
        <select
          id="revoke-whose"
          value=${asked.whose}
          onChange=${(event) => setAsked({ ...asked, whose: event.target.value })}
        >
          ${WHOSE.map((one) => html`<option value=${one}>${t(`revoked.whose.${one}`)}</option>`)}
        </select>
      </div>
      <div class="setting">
        <label for="revoke-name">${t(`revoked.name.${asked.whose}`)}</label>
        <input
          id="revoke-name"
          list=${asked.whose === "subject" ? "ids-agent" : undefined}
          value=${asked.name}
          maxlength="256"
          autocomplete="off"
          spellcheck=${false}
          onInput=${(event) => setAsked({ ...asked, name: event.target.value })}
        />
      </div>
      <button class="danger" disabled=${!name}>${t("revoked.go")}</button>
    </form>
    ${error && html`<p class="notice" data-kind="bad" role="alert">${error}</p>`}
    ${found.length > 0 && html`<${List} found=${found} />`}
    ${isSure && html`<${Sure} whose=${asked.whose} name=${name} onClose=${() => setSure(false)} onRevoke=${revoke} />`}
  </section>`;
}

function List({ found }) {
  return html`<div class="wide">
    <table class="codes">
      <thead>
        <tr>
          ${["at", "what", "before", "by", "reason"].map((name) => html`<th scope="col">${t(`revoked.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${found.map(
          ({ id, subject, before, at, by, reason }) => html`<tr key="${id} ${subject}">
            <td>${dateTime(at)}</td>
            <th scope="row">${subject ?? id}</th>
            <td>${before !== undefined && dateTime(before)}</td>
            <td>${by}</td>
            <td>${reason}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Who is connected is disconnected: nothing is revoked without a second word. */
function Sure({ whose, name, onClose, onRevoke }) {
  const submit = (event) => {
    event.preventDefault();
    onRevoke(new FormData(event.target).get("reason").trim());
  };
  return html`<${Dialog} title=${t(`revoked.sure.${whose}`, { name })} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${submit}>
      <p>${t("revoked.sure")}</p>
      <label for="reason">${t("doctor.reason")}</label>
      <input id="reason" name="reason" maxlength="256" autocomplete="off" autofocus />
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("cancel")}</button>
        <button class="danger">${t("revoked.go")}</button>
      </div>
    </form>
  <//>`;
}
