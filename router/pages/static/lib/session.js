/**
 * Who uses this page: his token, and the session of his desktop.
 *
 * Both live in the tab (sessionStorage): they survive a reload, are never in a URL, and end with the tab.
 */

const TOKEN = "vez.token";
const SESSION = "vez.session";
const ASK_MS = 150;

/** @returns {string | null} the token, as it was given */
export function token() {
  return sessionStorage.getItem(TOKEN);
}

/** @returns {{role: string, subject: string, tenant: string, expires: number} | null} */
export function identity() {
  return claims(token() ?? "");
}

/** What a token says of itself; the router alone says whether it is true. */
export function claims(text) {
  try {
    const part = text.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    const { role, sub, tenant, exp } = JSON.parse(new TextDecoder().decode(bytes));
    return { role, subject: sub, tenant, expires: exp * 1000 };
  } catch {
    return null;
  }
}

export function keepToken(text) {
  sessionStorage.setItem(TOKEN, text);
}

/** Forgets who was here. */
export function signOut() {
  dropToken();
  sessionStorage.removeItem(SESSION);
}

/** Forgets the token alone: who comes back soon finds his session, and what rings in it. */
export function dropToken() {
  sessionStorage.removeItem(TOKEN);
}

/** A random id; `crypto.randomUUID` is missing where pages come over plain HTTP. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The session of this tab: the same after a reload, and never that of another tab.
 *
 * A tab that was duplicated has a copy of the first one's id, so it asks whether somebody uses it.
 * @returns {Promise<string>}
 */
export async function ownSession() {
  const channel = new BroadcastChannel(SESSION);
  let id = sessionStorage.getItem(SESSION);
  if (id !== null && (await isUsed(channel, id))) id = null;
  id ??= `desk-${randomId()}`;
  sessionStorage.setItem(SESSION, id);
  channel.onmessage = ({ data }) => {
    if (data.ask === id) channel.postMessage({ used: id });
  };
  return id;
}

function isUsed(channel, id) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ASK_MS);
    channel.onmessage = ({ data }) => {
      if (data.used !== id) return;
      clearTimeout(timer);
      resolve(true);
    };
    channel.postMessage({ ask: id });
  });
}
