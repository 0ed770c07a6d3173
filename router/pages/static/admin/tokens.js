/** Tokens for people and programs of this tenant: made, shown once, never kept. */

import { ask } from "../lib/api.js";
import { dateTime, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { explain } from "../lib/ui.js";
import { html, useRef, useState } from "../vendor/preact.js";
import { drafted, isOver } from "./model.js";
import { Revoked } from "./revoked.js";
import { expects } from "./said.js";
import { settingsOf } from "./schema.js";
import { read, written } from "./values.js";

const ROLES = ["agent", "supervisor", "gateway", "admin"];
const FRESH = { role: "agent", subject: "", ttl: "8 h" };

export function Tokens() {
  const [asked, setAsked] = useState(FRESH);
  const [made, setMade] = useState(null);
  const [error, setError] = useState({});
  const [isBusy, setBusy] = useState(false);
  const ttl = read(asked.ttl);
  const most = settingsOf("TokenBody").find(([name]) => name === "ttl_ms")[1].maximum;
  const isStranger = asked.role === "agent" && asked.subject && !drafted("agent", asked.subject);
  const set = (members) => {
    setAsked({ ...asked, ...members });
    setError({});
  };
  const submit = async (event) => {
    event.preventDefault();
    setMade(null);
    setBusy(true);
    try {
      const body = { role: asked.role, subject: asked.subject.trim(), ttl_ms: ttl };
      setMade(await ask("/v1/tokens", { method: "POST", body }));
      setError({});
    } catch (refusal) {
      if (!isOver(refusal)) setError(sorted(refusal));
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="single">
    <article class="object" aria-label=${t("section.tokens")}>
      <header><h2 class="grow">${t("section.tokens")}</h2></header>
      <p class="soft">${t("tokens.about")}</p>
      <form class="token" onSubmit=${submit}>
        <div class="setting">
          <label for="token-role">${t("tokens.role")}</label>
          <select
            id="token-role"
            value=${asked.role}
            onChange=${(event) => set({ role: event.target.value })}
          >
            ${ROLES.map((role) => html`<option value=${role}>${t(`role.${role}`)}</option>`)}
          </select>
        </div>
        <${Line}
          name="subject"
          list=${asked.role === "agent" ? "ids-agent" : undefined}
          value=${asked.subject}
          error=${error.subject}
          hint=${isStranger ? t("tokens.stranger") : t(`tokens.subject.${asked.role === "agent" ? "agent" : "name"}`)}
          onInput=${(subject) => set({ subject })}
        />
        <${Line}
          name="ttl"
          value=${asked.ttl}
          error=${error.ttl_ms}
          hint=${t("tokens.ttl.hint", { most: written(most) })}
          onInput=${(text) => set({ ttl: text })}
        />
        <button class="primary" disabled=${isBusy || !asked.subject.trim()}>${t("tokens.make")}</button>
      </form>
      ${error[""] && html`<p class="notice" data-kind="bad" role="alert">${error[""]}</p>`}
      ${made && html`<${Made} key=${made.token} made=${made} onClose=${() => setMade(null)} />`}
      <${Revoked} />
    </article>
  </div>`;
}

function Line({ name, value, hint, error, onInput, list }) {
  const id = `token-${name}`;
  return html`<div class="setting">
    <label for=${id}>${t(`tokens.${name}`)}</label>
    <input
      id=${id}
      list=${list}
      value=${value}
      aria-invalid=${error ? "true" : undefined}
      aria-describedby=${error ? `${id}-error ${id}-hint` : `${id}-hint`}
      autocomplete="off"
      spellcheck=${false}
      onInput=${(event) => onInput(event.target.value)}
    />
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    <p class="hint" id="${id}-hint">${hint}</p>
  </div>`;
}

/** The token, as long as it stands here: it is in this component alone. */
function Made({ made, onClose }) {
  const [isCopied, setCopied] = useState(false);
  const place = useRef(null);
  const copy = async () => {
    place.current.select();
    try {
      await navigator.clipboard.writeText(made.token);
    } catch {
      document.execCommand("copy"); // without HTTPS a page has no clipboard
    }
    setCopied(true);
  };
  const values = {
    role: t(`role.${made.role}`),
    subject: made.subject,
    until: dateTime(made.expires),
  };
  return html`<section class="card made" role="status">
    <p><strong>${t("tokens.made", values)}</strong></p>
    <p class="soft">${t("tokens.once")} ${t("tokens.id", { id: made.id })}</p>
    <textarea ref=${place} readonly rows="4" aria-label=${t("tokens.token")} value=${made.token} />
    <div class="actions">
      <button type="button" class="primary" onClick=${copy}>
        ${isCopied && html`<${Icon} name="check" />`} ${t(isCopied ? "tokens.copied" : "tokens.copy")}
      </button>
      <button type="button" onClick=${onClose}>${t("tokens.hide")}</button>
    </div>
  </section>`;
}

function sorted(refusal) {
  if (!refusal.errors?.length) return { "": explain(refusal) };
  return Object.fromEntries(
    refusal.errors.map(({ field, expected }) => [field, expects(expected)]),
  );
}
