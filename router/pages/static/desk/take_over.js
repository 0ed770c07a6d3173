/** Takes a contact from the one who has it, with a reason that is told to him. */

import { t } from "../lib/i18n.js";
import { Dialog, Field } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { refusal, whoIs } from "./phrases.js";

const REASON_MAX = 256;

/** @param {{contact: object, stream: object, onDone: (id: string) => void}} props */
export function TakeOver({ contact, stream, nameOf, onDone, onClose }) {
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const reason = new FormData(event.target).get("reason").trim();
    setBusy(true);
    try {
      await stream.command("take_over", { contact: contact.contact, reason: reason || undefined });
      onDone(contact.contact);
    } catch (problem) {
      setError(refusal(problem, { nameOf, now: stream.now() }));
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t("takeover.title")} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${submit}>
      <p>${t("takeover.what", { agent: nameOf(contact.owner), who: whoIs(contact) })}</p>
      <${Field} id="takeover-reason" label=${t("takeover.reason")} hint=${t("takeover.told")} error=${error}>
        ${(ties) => html`<input
          ...${ties}
          name="reason"
          maxlength=${REASON_MAX}
          required
          autofocus
          autocomplete="off"
        />`}
      <//>
      <div class="actions">
        <button type="button" onClick=${onClose}>${t("panel.cancel")}</button>
        <button class="primary" disabled=${isBusy}>${t("takeover.title")}</button>
      </div>
    </form>
  <//>`;
}
