/** What happens besides: lost races, contacts taken away, states that somebody else has set. */

import { duration, t } from "../lib/i18n.js";
import { Problem } from "../lib/problem.js";
import { explain, toast } from "../lib/ui.js";
import { names } from "./names.js";
import { offerTo, roleIn } from "./state.js";

const SECOND = 1_000;
const ONCE_MS = 5_000;

/** Follows a desk's events and says what its agent has not done himself. */
export function watchNotices(desk) {
  desk.addEventListener("event", ({ detail }) => notice(desk, detail));
}

/** How long ago an instant of the tenant's clock was. */
export function ago(desk, at) {
  const passed = desk.now() - at;
  return passed < SECOND ? t("ago.now") : t("ago", { time: duration(passed) });
}

/** Why his answer to an offer, or his claim, came too late; of an offer it is said once. */
export async function sayLost(desk, error, contact) {
  const { body } = error instanceof Problem ? error : {};
  if (!body?.taken_by) toast(explain(error), "bad");
  else if (isNews(contact, body.taken_by)) {
    await sayTaken(desk, body.taken_by, body.since ?? desk.now());
  }
}

const said = new Set();

/** The refusal and the event tell the same: the first of them is shown. */
function isNews(contact, agent) {
  const key = `${contact} ${agent}`;
  if (said.has(key)) return false;
  said.add(key);
  setTimeout(() => said.delete(key), ONCE_MS);
  return true;
}

async function sayTaken(desk, agent, at) {
  const name = await names.find(agent);
  toast(t("notice.taken", { name, ago: ago(desk, at) }), "plain");
}

function notice(desk, { message, before }) {
  const { event, at } = message;
  const me = desk.me.agent;
  const was = before.contacts[event.contact];
  if (event.e === "agent.state" && event.agent === me) {
    if (event.forced) toast(t("notice.forced", { presence: t(`presence.${event.presence}`) }));
  } else if (event.agent === me && event.auto) {
    toast(t("notice.auto", { address: addressOf(was) }), "good");
    if (!desk.shown.value.contact) desk.open(event.contact);
  } else if (event.agent === me && event.e === "offer.expired") {
    toast(t("notice.missed", { address: addressOf(was) }), "bad");
  } else if (event.agent === me && event.e === "offer.revoked" && offerTo(was ?? {}, me)) {
    if (event.taken_by && isNews(event.contact, event.taken_by)) sayTaken(desk, event.taken_by, at);
    else if (!event.taken_by) {
      const key = event.reason === "transferred" ? "notice.revoked.transferred" : "notice.revoked";
      toast(t(key, { address: addressOf(was) }));
    }
  } else if (was && roleIn(was, me) === "owner") {
    lost(desk, was, message);
  }
}

/** A contact that was his. */
async function lost(desk, was, { event, at }) {
  const address = addressOf(was);
  if (event.e === "contact.assigned" && event.agent !== desk.me.agent) {
    const name = await names.find(event.agent);
    toast(t(`notice.left.${event.how}`, { name, address, ago: ago(desk, at) }));
  } else if (event.e === "contact.queued") {
    toast(t("notice.left.queued", { address, queue: desk.queueName(event.queue) }));
  } else if (["offer.declined", "offer.expired"].includes(event.e)) {
    const name = await names.find(event.agent);
    toast(t(`notice.${event.kind}.${event.e.split(".")[1]}`, { name, address }), "bad");
  } else if (event.e === "contact.response_late") {
    toast(t("notice.late", { address }), "bad");
  }
}

function addressOf(contact) {
  return contact?.address || contact?.contact || "";
}
