/** The end of a contact: why the customer got in touch, whether it is solved, and the writing up. */

import { useSeconds } from "../lib/clock.js";
import { duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { explain, Field, toast } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";

const FEW = 6;
const CHOSEN = { yes: true, no: false };

/** The script before the close. */
export function Closing({ desk, contact, onDone }) {
  const settings = desk.settings(contact.queue);
  const asks = ["optional", "on_request"].includes(settings.wrap_up) && settings.wrap_up_ms > 0;
  const [wrapUp, setWrapUp] = useState(settings.wrap_up === "optional");
  const [survey, setSurvey] = useState(settings.survey ?? false);
  const title = useRef(null);
  useEffect(() => title.current.focus(), []);
  const close = (told) => {
    const wish = asks && contact.state === "assigned" ? { wrap_up: wrapUp } : {};
    const asked = survey === settings.survey ? {} : { survey };
    return desk.command("close", { contact: contact.contact, ...told, ...wish, ...asked });
  };
  return html`<section class="closing" aria-labelledby="closing-title">
    <h2 id="closing-title" tabindex="-1" ref=${title}>${t("closing.title")}</h2>
    <${Script}
      settings=${settings}
      contact=${contact}
      isDue=${settings.disposition_at !== "wrap_up"}
      label=${t("tool.close")}
      onTold=${close}
      onDone=${onDone}
      onBack=${onDone}
    >
      ${
        asks &&
        contact.state === "assigned" &&
        html`<label class="row">
          <input type="checkbox" checked=${wrapUp} onChange=${(event) => setWrapUp(event.target.checked)} />
          ${t("closing.wrap_up", { time: duration(settings.wrap_up_ms) })}
        </label>`
      }
      <label class="row">
        <input type="checkbox" checked=${survey} onChange=${(event) => setSurvey(event.target.checked)} />
        ${t("closing.survey")}
      </label>
    <//>
  </section>`;
}

/** What is left to be told while it is written up, and how long that may take. */
export function WrapUp({ desk, contact }) {
  useSeconds();
  const settings = desk.settings(contact.queue);
  const left = contact.wrap_until - desk.now();
  const isForced = contact.wrap_up === "forced_limit";
  const end = (told) => desk.command("end_wrap_up", { contact: contact.contact, ...told });
  return html`<section class="closing" aria-label=${t("state.wrap_up")}>
    <p class="row">
      <strong class="grow">${t("wrap_up.title")}</strong>
      <span class="tag clock" data-kind="warn" role="timer" aria-live="off">
        ${t("wrap_up.left", { time: duration(left) })}
      </span>
    </p>
    ${
      isForced
        ? html`<p class="soft">${t("wrap_up.forced")}</p>`
        : html`<${Script}
          settings=${settings}
          contact=${contact}
          isDue
          label=${t("wrap_up.done")}
          onTold=${end}
          onDone=${() => desk.open(null)}
        />`
    }
  </section>`;
}

function Script({ settings, contact, isDue, label, onTold, onDone, onBack, children }) {
  const [code, setCode] = useState(contact.disposition ?? "");
  const [resolved, setResolved] = useState({ true: "yes", false: "no" }[contact.resolved] ?? "");
  const [errors, setErrors] = useState({});
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const told = {};
    if (code) told.disposition = code;
    if (resolved) told.resolved = CHOSEN[resolved];
    setBusy(true);
    setErrors({});
    try {
      await onTold(told);
      onDone();
    } catch (error) {
      const known = (error.errors ?? []).filter(({ field }) =>
        ["disposition", "resolved"].includes(field),
      );
      setErrors(
        Object.fromEntries(known.map(({ field }) => [field, t(`closing.wanted.${field}`)])),
      );
      if (known.length === 0) toast(explain(error), "bad");
      setBusy(false);
    }
  };
  return html`<form onSubmit=${submit} noValidate>
    <${Reason}
      settings=${settings}
      code=${code}
      isDue=${isDue}
      error=${errors.disposition}
      onCode=${(chosen) => {
        setCode(chosen);
        setErrors({ ...errors, disposition: undefined });
      }}
    />
    <fieldset aria-describedby=${errors.resolved ? "resolved-error" : undefined}>
      <legend>${t("closing.resolved")}${settings.resolved_required && isDue ? " *" : ""}</legend>
      <div class="row">
        ${Object.keys(CHOSEN).map(
          (name) => html`<label class="choice" key=${name}>
          <input
            type="radio"
            name="resolved"
            checked=${resolved === name}
            onChange=${() => {
              setResolved(name);
              setErrors({ ...errors, resolved: undefined });
            }}
          />${t(`closing.${name}`)}
        </label>`,
        )}
      </div>
      ${errors.resolved && html`<p class="error" id="resolved-error" role="alert">${errors.resolved}</p>`}
    </fieldset>
    ${children}
    <div class="actions">
      ${onBack && html`<button type="button" onClick=${onBack}>${t("closing.back")}</button>`}
      <button class="primary" disabled=${isBusy}><${Icon} name="check" />${label}</button>
    </div>
  </form>`;
}

/** The reasons of the queue's catalogue, as a few choices or a list; without one, a text. */
function Reason({ settings, code, isDue, error, onCode }) {
  const codes = (settings.dispositions ?? []).filter(({ active }) => active !== false);
  const label = t("closing.reason") + (settings.disposition_required && isDue ? " *" : "");
  if (codes.length > 0 && codes.length <= FEW) {
    return html`<fieldset aria-describedby=${error ? "reason-error" : undefined}>
      <legend>${label}</legend>
      <div class="choices">
        ${codes.map(
          (one) => html`<label class="choice" key=${one.code}>
          <input
            type="radio"
            name="reason"
            checked=${code === one.code}
            onChange=${() => onCode(one.code)}
          />${one.label || one.code}
        </label>`,
        )}
      </div>
      ${error && html`<p class="error" id="reason-error" role="alert">${error}</p>`}
    </fieldset>`;
  }
  return html`<${Field} id="reason" label=${label} error=${error}>
    ${(ties) =>
      codes.length > 0
        ? html`<select ...${ties} value=${code} onChange=${(event) => onCode(event.target.value)}>
          <option value="">${t("closing.choose")}</option>
          ${codes.map((one) => html`<option value=${one.code}>${one.label || one.code}</option>`)}
        </select>`
        : html`<input ...${ties} value=${code} onInput=${(event) => onCode(event.target.value.trim())} />`}
  <//>`;
}
