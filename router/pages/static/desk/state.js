/**
 * The model of a desk: what an agent has, from a snapshot and the events after it. Pure.
 *
 * This is the reference for who builds a desktop of his own: `begun` takes the welcome's snapshot, `after`
 * takes one event at a time, and everything that is shown is asked of the value that they answer. Nothing is
 * changed in place, so two values are equal when they are the same.
 *
 * A contact here is what `GET /v1/contacts/{contact}` answers. One that came by an event which tells
 * little of it (it was handed over) is a `stub` until `filled` has brought the rest.
 */

const PAST_MAX = 30; // contacts that were his, and are not any more
const FORCED = ["no_answer", "declines", "unreachable"];
const OWNED = ["assigned", "waiting_customer", "wrap_up"];

/** @typedef {{me: object, contacts: Record<string, object>, past: object[]}} State */

/** Before anything is known. @type {State} */
export const NOTHING = { me: null, contacts: {}, past: [] };

/** The state as a snapshot tells it; what was over before stays in `past`. */
export function begun(snapshot, before = NOTHING) {
  const contacts = Object.fromEntries(snapshot.work.map((contact) => [contact.contact, contact]));
  const past = before.past.filter((one) => !(one.contact in contacts));
  return { me: snapshot.agent, contacts, past };
}

/** The state after one message `event` of the stream. */
export function after(state, message) {
  const { event } = message;
  if (!event.contact) {
    const me = meAfter(state.me, message);
    return me === state.me ? state : { ...state, me };
  }
  const change = CHANGES[event.e];
  const known = state.contacts[event.contact];
  if (!change || (!known && !bringsIt(event, state.me.agent))) return state;
  const contact = known ?? { contact: event.contact, stub: true, offers: [] };
  const changed = { ...contact, ...change(contact, event, message), changed: message.position };
  return settled(state, changed, message);
}

/** A contact with what was asked about it; what came by events meanwhile counts more. */
export function filled(state, view, isNewer) {
  const stub = state.contacts[view.contact];
  if (!stub?.stub) return state;
  const { stub: _, ...told } = stub;
  const whole = isNewer(stub.changed, view.position) ? { ...view, ...told } : { ...told, ...view };
  return { ...state, contacts: { ...state.contacts, [view.contact]: whole } };
}

/** The offer that rings him, or undefined: `n`, `deadline`, `made`, `kind`. */
export function offerTo(contact, agent) {
  return contact.offers?.find((offer) => offer.agent === agent);
}

/** Offers that ring him, the one that ends first before the others. */
export function ringing({ me, contacts }) {
  return Object.values(contacts)
    .map((contact) => ({ contact, offer: offerTo(contact, me.agent) }))
    .filter(({ offer }) => offer)
    .sort((one, other) => one.offer.deadline - other.offer.deadline);
}

/** Contacts that he has: in hand, with the customer, to write up, or as a guest; as they arrived. */
export function his({ me, contacts }) {
  return Object.values(contacts)
    .filter((contact) => roleIn(contact, me.agent))
    .sort((one, other) => came(one) - came(other) || (one.contact < other.contact ? -1 : 1));
}

/** What he is in a contact: "owner", "guest" of a consult, or "" when he has no part in it. */
export function roleIn(contact, agent) {
  if (contact.owner === agent && OWNED.includes(contact.state)) return "owner";
  return contact.consult?.agent === agent ? "guest" : "";
}

/** How many contacts of each channel hold a slot of his, and how many may: [{channel, used, slots}]. */
export function slots(state) {
  const held = his(state).filter((contact) => !contact.freed);
  return Object.entries(state.me.slots)
    .filter(([, slots]) => slots > 0)
    .map(([channel, slots]) => {
      const used = held.filter((contact) => contact.channel === channel).length;
      return { channel, used, slots };
    })
    .sort((one, other) => (one.channel < other.channel ? -1 : 1));
}

/** Whether the engine made him not ready, because offers failed at him. */
export function isForced(me) {
  return me.presence === "not_ready" && FORCED.includes(me.reason);
}

function came(contact) {
  return contact.arrived ?? contact.since ?? 0;
}

function bringsIt(event, me) {
  if (event.e === "offer.made" || event.e === "contact.consulted") return event.agent === me;
  return event.agent === me && OWNING.includes(event.e);
}

/** Keeps a contact where it belongs now: with him, or in the past. */
function settled(state, contact, message) {
  const { me, contacts, past } = state;
  const rest = { ...contacts };
  delete rest[contact.contact];
  const others = past.filter((one) => one.contact !== contact.contact);
  if (roleIn(contact, me.agent) || offerTo(contact, me.agent)) {
    return { me, contacts: { ...rest, [contact.contact]: contact }, past: others };
  }
  const was = contacts[contact.contact];
  if (!was || !roleIn(was, me.agent)) return { ...state, contacts: rest };
  const left = { ...contact, left_at: message.at };
  return { me, contacts: rest, past: [left, ...others].slice(0, PAST_MAX) };
}

function meAfter(me, { event, at }) {
  if (event.agent !== me.agent) return me;
  switch (event.e) {
    case "agent.state": {
      const { presence, reason, pending } = event;
      const since = event.was === presence ? me.since : at;
      return { ...me, presence, reason, pending, since, return_at: undefined };
    }
    case "agent.put": {
      const { name, memberships, skills, slots, capacity } = event;
      return { ...me, name, memberships, skills, slots, capacity };
    }
    case "session.opened":
      return {
        ...me,
        sessions: [...me.sessions.filter((id) => id !== event.session), event.session],
      };
    case "session.closed":
      return { ...me, sessions: me.sessions.filter((id) => id !== event.session) };
    default:
      return me;
  }
}

const OWNING = ["contact.assigned", "contact.waiting_customer", "contact.wrap_up"];
const CLOCK_OVER = { response_by: undefined, response_told: undefined };
const WITH_NOBODY = {
  owner: undefined,
  assigned_at: undefined,
  freed: undefined,
  offers: [],
  consult: undefined,
};

function without(contact, { offer }) {
  return { offers: contact.offers.filter((one) => one.n !== offer) };
}

/** What each event changes in its contact; those that are not here change nothing that is shown. */
const CHANGES = {
  "offer.made": (contact, event, { at }) => {
    const { agent, agents, deadline, kind, queue, channel, since, card } = event;
    const made = deadline - event.ring_ms || at;
    const offer = {
      n: event.offer,
      agent,
      made,
      deadline,
      kind,
      from: agents?.[0],
      note: card.note,
    };
    const offers = [...contact.offers.filter((one) => one.n !== offer.n), offer];
    const asker = agents ? { state: "assigned", owner: agents[0] } : { state: "offered" };
    return { ...card, ...asker, queue, channel, since, offers };
  },
  "offer.accepted": without,
  "offer.declined": without,
  "offer.expired": without,
  "offer.revoked": without,
  "contact.assigned": (contact, event, { at }) => ({
    ...WITH_NOBODY,
    state: "assigned",
    owner: event.agent,
    queue: event.queue,
    assigned_at: at,
    note: event.note ?? contact.note,
    wrap_until: undefined,
    no_answer_at: undefined,
    ended_at: undefined,
  }),
  "contact.queued": (_, { queue, since, customer_since }) => ({
    ...WITH_NOBODY,
    state: "queued",
    queue,
    since,
    customer_since,
  }),
  "contact.held": (_, { queue }) => ({ ...WITH_NOBODY, ...CLOCK_OVER, state: "held", queue }),
  "contact.scheduled": (_, { queue }) => ({
    ...WITH_NOBODY,
    ...CLOCK_OVER,
    state: "scheduled",
    queue,
  }),
  "contact.waiting_customer": (_, { agent, until, freed }, { at }) => ({
    ...CLOCK_OVER,
    state: "waiting_customer",
    owner: agent,
    freed,
    assigned_at: undefined,
    asked_at: at,
    no_answer_at: until,
    customer_since: undefined,
  }),
  "contact.wrap_up": (_, { agent, until, mode, disposition, resolved }, { at }) => ({
    ...CLOCK_OVER,
    state: "wrap_up",
    owner: agent,
    freed: undefined,
    wrap_until: until,
    wrap_up: mode,
    ended_at: at,
    disposition,
    resolved,
  }),
  "contact.closed": (_, { result, reason, disposition, resolved }, { at }) => ({
    ...CLOCK_OVER,
    state: "closed",
    closed_at: at,
    result,
    reason,
    disposition,
    resolved,
    customer_since: undefined,
  }),
  "contact.consulted": (_, { agent, offer }, { at }) => ({ consult: { agent, since: at, offer } }),
  "contact.consult_ended": () => ({ consult: undefined }),
  "contact.activity": (_, { customer_since }) => ({
    customer_since,
    ...(customer_since === undefined ? CLOCK_OVER : {}),
  }),
  "contact.response_clock": (_, { response_by }) => ({ response_by, response_told: undefined }),
  "contact.response_due": (_, { response_by }) => ({ response_by, response_told: "due" }),
  "contact.response_late": (_, { response_by }) => ({ response_by, response_told: "late" }),
  "contact.updated": (contact, { subject, attributes, priority }) => ({
    subject: subject ?? contact.subject,
    attributes: attributes ?? contact.attributes,
    priority: priority ?? contact.priority,
  }),
  "contact.forked": (_, { links }) => ({ links }),
  "contact.scored": (_, { score, comment }) => ({ rating: { score, comment } }),
  "work.interrupted": (_, { by }) => ({ interrupted: by ?? true }),
  "work.resumed": () => ({ interrupted: undefined }),
};
