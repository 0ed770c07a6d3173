/** What he must know at once: no connection, a state that he did not declare, a token that ends. */

import { useSeconds } from "../lib/clock.js";
import { duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { reasonName } from "../lib/reasons.js";
import { claims, keepToken, token } from "../lib/session.js";
import { useStore } from "../lib/store.js";
import { Dialog, explain, Field, toast } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { isForced } from "./state.js";

const SOON_MS = 300_000;

export function Banners({ desk, identity }) {
  const { status } = useStore(desk.shown);
  const { me } = useStore(desk.work);
  return html`<div class="banners" aria-live="assertive">
    ${status !== "online" && html`<${Away} desk=${desk} />`}
    ${isForced(me) && html`<${Forced} desk=${desk} me=${me} />`}
    <${TokenEnds} desk=${desk} identity=${identity} />
  </div>`;
}

function Away({ desk }) {
  const { messages } = useStore(desk.outbox);
  return html`<div class="notice row" data-kind="bad">
    <${Icon} name="warning" />
    <span class="grow">
      <strong>${t("banner.away")}</strong> ${t("banner.away_lead")}${" "}
      ${messages.length > 0 && t("banner.waiting", { count: messages.length })}
    </span>
    <button onClick=${() => desk.stream.retry()}>${t("banner.retry")}</button>
  </div>`;
}

function Forced({ desk, me }) {
  const back = async () => {
    try {
      await desk.command("set_state", { presence: "ready" });
    } catch (error) {
      toast(explain(error), "bad");
    }
  };
  return html`<div class="notice row">
    <${Icon} name="warning" />
    <span class="grow">
      <strong>${t("banner.forced", { reason: reasonName(me.reason) })}</strong>${" "}
      ${t("banner.forced_lead")}${" "}
      ${me.return_at && html`<${ReturnIn} desk=${desk} at=${me.return_at} />`}
    </span>
    <button class="primary" onClick=${back}>${t("banner.ready_again")}</button>
  </div>`;
}

function ReturnIn({ desk, at }) {
  useSeconds();
  return html`<span class="clock" aria-live="off">
    ${t("banner.return", { time: duration(at - desk.now()) })}
  </span>`;
}

/** A token is renewed without leaving; when it has ended, the stream says so and he signs in. */
function TokenEnds({ desk, identity }) {
  useSeconds();
  const [isAsked, setAsked] = useState(false);
  const left = (claims(token() ?? "")?.expires ?? 0) - Date.now();
  if (left > SOON_MS) return null;
  return html`<div class="notice row">
    <${Icon} name="warning" />
    <span class="grow">${t("banner.token")}</span>
    <button onClick=${() => setAsked(true)}>${t("banner.renew")}</button>
    ${isAsked && html`<${Renew} desk=${desk} identity=${identity} onClose=${() => setAsked(false)} />`}
  </div>`;
}

function Renew({ desk, identity, onClose }) {
  const [error, setError] = useState("");
  const renew = (event) => {
    event.preventDefault();
    const text = new FormData(event.target).get("fresh").trim();
    const said = claims(text);
    if (said?.subject !== identity.subject || said.tenant !== identity.tenant) {
      setError(t("renew.not_his", { agent: identity.subject }));
    } else if (said.expires <= Date.now()) setError(t("signin.expired"));
    else {
      keepToken(text);
      desk.stream.renew(text);
      onClose();
    }
  };
  return html`<${Dialog} title=${t("banner.renew")} onClose=${onClose}>
    <form class="dialog-body" onSubmit=${renew}>
      <${Field} id="fresh" label=${t("signin.token")} error=${error}>
        ${(ties) => html`<input ...${ties} name="fresh" type="password" autocomplete="off" required />`}
      <//>
      <div class="actions"><button class="primary">${t("signin.enter")}</button></div>
    </form>
  <//>`;
}
