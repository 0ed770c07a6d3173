/** A customer's visit: what he may choose, his conversation, and what is on its way to the gateway. */

import { ask } from "../lib/api.js";
import { currentLocale } from "../lib/i18n.js";
import { Problem } from "../lib/problem.js";
import { randomId } from "../lib/session.js";
import { Store } from "../lib/store.js";
import * as kept from "./kept.js";
import { Line } from "./line.js";

const AGAIN_MS = 3_000;
const GONE = 4106;

/**
 * `view`: loading, begin, or talk. `sending`: his messages that are not in `entries` yet. `hasBegun`: he
 * has come from the form.
 */
export const visit = new Store({
  view: "loading",
  options: null,
  notice: "",
  isAway: false,
  hasBegun: false,
  entries: [],
  status: null,
  sending: [],
});

let line = null;
let epoch = "";
let isSending = false;
let timer = 0;
let begun = { content: "", key: "" };

/** Goes on where this browser left, or shows what can be chosen. */
export async function enter() {
  if (kept.ticket()) listen();
  else await choose();
}

/** The form, with what is there now. @param {string} [notice] why it is shown, as a key */
export async function choose(notice = "") {
  leaveLine();
  visit.set({ view: "begin", notice, entries: [], status: null, sending: [] });
  await refresh();
}

/** Asks what may be chosen now; again after a while when nobody answers. */
export async function refresh() {
  clearTimeout(timer);
  try {
    visit.set({ options: await call("GET", "options") });
  } catch {
    timer = setTimeout(refresh, AGAIN_MS);
  }
}

/**
 * Begins a conversation.
 * @param {{name: string, reach: string, department: string, subject: string, message: string}} form
 * @throws {Problem | Error} why it could not begin; the same form again is no second conversation
 */
export async function begin(form) {
  const content = JSON.stringify(form);
  if (begun.content !== content) begun = { content, key: randomId() };
  const given = Object.entries(form).filter(([, value]) => value !== "");
  const body = { ...Object.fromEntries(given), key: begun.key };
  const own = { browser: kept.browserId(), language: currentLocale() };
  const answer = await call("POST", "start", { ...body, ...own });
  begun = { content: "", key: "" };
  kept.keepPerson(form);
  kept.keepTicket(answer.ticket);
  listen();
  visit.set({ hasBegun: true });
}

/** Says something; it is sent until the gateway has it. */
export function say(text) {
  visit.set(({ sending }) => ({ sending: [...sending, { id: randomId(), text }] }));
  send();
}

/** Tries again what was refused. */
export function resend(id) {
  mark(id, { why: undefined });
  send();
}

/** Lets go of what was refused. */
export function discard(id) {
  keepSending(visit.value.sending.filter((message) => message.id !== id));
}

/** The customer leaves. @throws {Problem | Error} */
export async function end() {
  await call("POST", "end", {});
}

/** @param {number} score 0 to 10 @throws {Problem | Error} */
export async function rate(score, comment) {
  await call("POST", "rating", { score, comment });
}

/** Lets this conversation be, and offers the form for another one. */
export async function startAgain() {
  kept.forgetTicket();
  await choose();
}

function call(method, path, body) {
  return ask(`/chat/${path}`, { method, body, bearer: kept.ticket() });
}

function leaveLine() {
  line?.end();
  line = null;
  epoch = "";
}

function listen() {
  leaveLine();
  clearTimeout(timer);
  visit.set({ view: "talk", notice: "", entries: [], status: null, sending: kept.unsent() });
  line = new Line(hello, {
    onMessage: take,
    onAway: (isAway) => {
      visit.set({ isAway });
      if (!isAway) send();
    },
    onOver: lose,
  });
}

function hello() {
  const last = visit.value.entries.at(-1);
  return { ticket: kept.ticket(), epoch, after: last?.position };
}

function take(message) {
  if (message.type === "welcome") {
    epoch = message.epoch;
    if (message.ticket) kept.keepTicket(message.ticket);
    add(message.whole ? [] : visit.value.entries, message.entries);
    stand(message.status);
  } else if (message.type === "entry") {
    add(visit.value.entries, [message.entry]);
    if (message.entry.author !== "customer") window.parent.postMessage({ vez: "news" }, "*");
  } else if (message.type === "status") {
    stand(message.status);
  }
}

function stand(status) {
  visit.set({ status });
  kept.keepOver(status.phase === "ended");
}

/** What is in the transcript is not on its way any more. */
function add(known, fresh) {
  const there = new Set(fresh.map((entry) => entry.id));
  visit.set({ entries: [...known, ...fresh] });
  keepSending(visit.value.sending.filter((message) => !there.has(message.id)));
}

function lose(code) {
  if (code === 4105) {
    visit.set({ isAway: true });
    return;
  }
  if (code === GONE) kept.keepOver(true);
  kept.forgetTicket();
  choose(code === GONE ? "chat.notice.gone" : "chat.notice.expired");
}

/** Sends what waits, one after another; what was not answered is sent again under the same id. */
async function send() {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  keepSending(visit.value.sending);
  try {
    for (let next = waiting(); next; next = waiting()) {
      await call("POST", "messages", { id: next.id, text: next.text });
      mark(next.id, { isSent: true });
    }
  } catch (error) {
    const again = error instanceof Problem ? error.body.retry_after_s : AGAIN_MS / 1_000;
    const next = waiting();
    if (again) timer = setTimeout(send, again * 1_000);
    else if (next) mark(next.id, { why: error.kind });
  } finally {
    isSending = false;
  }
}

function waiting() {
  return visit.value.sending.find((message) => !message.isSent && !message.why);
}

function mark(id, members) {
  const marked = (message) => (message.id === id ? { ...message, ...members } : message);
  keepSending(visit.value.sending.map(marked));
}

function keepSending(sending) {
  visit.set({ sending });
  kept.keepUnsent(sending);
}
