/** What every page is made of: dialogs, fields, messages, marks. */

import { html, useEffect, useRef } from "../vendor/preact.js";
import { currentLocale, hasText, LOCALES, setLocale, t } from "./i18n.js";
import { Icon } from "./icons.js";
import { Problem } from "./problem.js";
import { Store, useStore } from "./store.js";

const TOAST_MS = 8_000;
const toasts = new Store({ shown: [] });
let lastToast = 0;

/**
 * Whether an agent is there, as a shape and a colour.
 * @param {{visible: "available" | "busy" | "offline", label?: boolean}} props
 */
export function Dot({ visible, label = false }) {
  const name = t(`visible.${visible}`);
  return html`<span class="dot" data-visible=${visible} title=${name}>
    <span class=${label ? "" : "unseen"}>${name}</span>
  </span>`;
}

const above = new Store({ Strip: null });

/** What is shown at the top of every dialog: it makes the rest of the page out of reach. */
export function setAboveDialogs(Strip) {
  above.set({ Strip });
}

/** A modal dialog; Escape and the browser's own back gesture close it. */
export function Dialog({ title, onClose, children, wide = false }) {
  const place = useRef(null);
  const { Strip } = useStore(above);
  useEffect(() => {
    const dialog = place.current;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog
    ref=${place}
    class=${wide ? "dialog wide" : "dialog"}
    aria-labelledby="dialog-title"
    onCancel=${cancel}
  >
    ${Strip && html`<${Strip} />`}
    <header>
      <h2 id="dialog-title">${title}</h2>
      <button type="button" class="quiet square" aria-label=${t("close")} onClick=${onClose}>
        <${Icon} name="close" />
      </button>
    </header>
    ${children}
  </dialog>`;
}

/**
 * A labelled input with its hint and what is wrong with it.
 * @param {{label: string, hint?: string, error?: string, children: (ids: object) => any}} props
 *   `children` is given the attributes that tie the input to its label and messages
 */
export function Field({ label, hint, error, id, children }) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const ties = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": error ? "true" : undefined,
  };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children(ties)}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
  </div>`;
}

/** What went wrong, in the reader's words where there are some, else in the router's. */
export function explain(error) {
  if (!(error instanceof Problem)) return t("problem.unreached");
  const key = `problem.${error.kind}`;
  if (error.kind === "bad-input" || !hasText(key)) {
    const fields = error.errors.map(({ field, expected }) => `${field}: ${expected}`);
    return [error.message, ...fields].join(" · ");
  }
  return t(key, error.body);
}

/** Says something for a few seconds. @param {"good" | "bad" | "plain"} kind */
export function toast(text, kind = "plain") {
  lastToast += 1;
  const id = lastToast;
  toasts.set(({ shown }) => ({ shown: [...shown.slice(-3), { id, text, kind }] }));
  setTimeout(() => dismiss(id), TOAST_MS);
}

function dismiss(id) {
  toasts.set(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }));
}

/** Where `toast` speaks; once on a page. */
export function Toasts() {
  const { shown } = useStore(toasts);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${shown.map(
      ({ id, text, kind }) => html`<div class="toast" data-kind=${kind} key=${id}>
        ${kind === "bad" && html`<${Icon} name="warning" />`}
        ${kind === "good" && html`<${Icon} name="check" />`}
        <span class="clamp">${text}</span>
        <button class="quiet square" aria-label=${t("close")} onClick=${() => dismiss(id)}>
          <${Icon} name="close" />
        </button>
      </div>`,
    )}
  </div>`;
}

/** Chooses the language of this browser. */
export function LanguagePicker() {
  return html`<select
    class="quiet"
    aria-label=${t("language")}
    value=${currentLocale()}
    onChange=${(event) => setLocale(event.target.value)}
  >
    ${Object.entries(LOCALES).map(([name, label]) => html`<option value=${name}>${label}</option>`)}
  </select>`;
}

/** What stands at the top of each page. */
export function TopBar({ title, children }) {
  return html`<header class="topbar">
    <a class="brand" href="/" aria-label=${t("home")}><span aria-hidden="true">V</span></a>
    <h1>${title}</h1>
    ${children}
  </header>`;
}

/** Nothing to show, and what that means. */
export function Empty({ icon = "inbox", children }) {
  return html`<div class="empty"><${Icon} name=${icon} /><p>${children}</p></div>`;
}
