/** The way into a page: a token is given, checked with the router, and kept in the tab. */

import { html, useState } from "../vendor/preact.js";
import { ask } from "./api.js";
import { t, useLocale } from "./i18n.js";
import { claims, dropToken, identity, keepToken, signOut, token } from "./session.js";
import { Store, useStore } from "./store.js";
import { explain, Field, LanguagePicker } from "./ui.js";

const signedIn = new Store({ identity: null });

/** Signs out; with a reason to be shown (a text's key such as "signin.expired") he is to come back. */
export function leave(reason = "") {
  if (reason) dropToken();
  else signOut();
  signedIn.set({ identity: null, reason });
}

/**
 * Shows its child once somebody with one of the roles has signed in.
 * @param {{roles: string[], title: string, children: (identity: object) => any}} props
 */
export function SignedIn({ roles, title, children }) {
  useLocale();
  const { identity: known, reason } = useStore(signedIn);
  const stored = identity();
  const is = known ?? (token() && stored && roles.includes(stored.role) ? stored : null);
  if (is && is.expires > Date.now()) return children(is);
  return html`<${SignIn} roles=${roles} title=${title} reason=${reason} />`;
}

function SignIn({ roles, title, reason }) {
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  async function submit(event) {
    event.preventDefault();
    const given = new FormData(event.target).get("token").trim();
    setError("");
    const problem = wrong(given, roles);
    if (problem) {
      setError(problem);
      return;
    }
    setBusy(true);
    try {
      await ask("/v1/queues", { bearer: given });
      keepToken(given);
      signedIn.set({ identity: claims(given), reason: "" });
    } catch (refusal) {
      setError(refusal.status === 401 ? t("signin.refused") : explain(refusal));
    } finally {
      setBusy(false);
    }
  }
  return html`<main class="signin">
    <form onSubmit=${submit} class="card">
      <div class="brand" aria-hidden="true">V</div>
      <h1>${title}</h1>
      ${reason && html`<p class="notice" role="status">${t(reason)}</p>`}
      <${Field} id="token" label=${t("signin.token")} hint=${t("signin.hint")} error=${error}>
        ${(ties) => html`<input
          ...${ties}
          name="token"
          type="password"
          autocomplete="off"
          spellcheck=${false}
          required
          autofocus
        />`}
      <//>
      <button class="primary" disabled=${isBusy}>${t("signin.enter")}</button>
      <footer><${LanguagePicker} /></footer>
    </form>
  </main>`;
}

function wrong(given, roles) {
  const said = claims(given);
  if (!said) return t("signin.malformed");
  if (!roles.includes(said.role)) {
    const wanted = roles.map((role) => t(`role.${role}`)).join(", ");
    return t("signin.role", { role: t(`role.${said.role}`), wanted });
  }
  if (said.expires <= Date.now()) return t("signin.expired");
  return "";
}
