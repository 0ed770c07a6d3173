/** What the wall knows: the stream tells that something changed, questions tell what it is now. */

import { ask } from "../lib/api.js";
import { token } from "../lib/session.js";
import { Store } from "../lib/store.js";
import { Stream } from "../lib/stream.js";
import { Asker } from "./asker.js";

const WALL_IDLE_MS = 10_000;
const AGENTS_SOON_MS = 2_000;
const AGENTS_IDLE_MS = 20_000;
const DIRECTORY_PAGE = 200;
const DIRECTORY_MAX = 2_000;
const SAMPLE_MS = 5_000;
const SAMPLES_MAX = 2_880;
const OLD_MS = 15_000;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** Kinds of events that move agents though they name none. */
const MOVES_AGENTS = /^(agent|session|config|repair)\./;

export const board = new Store({ status: "connecting", code: null, wall: null, agents: [] });

/** How many waited, every few seconds since the page was opened: `at` and by queue. */
export const samples = [];

const listeners = new Set();
let stream = null;
let wallAsker = null;
let agentsAsker = null;
let heardAt = 0;

/** Connects, until `close`. */
export function open() {
  stream = new Stream({ token });
  wallAsker = new Asker(askWall, takeWall, { idleMs: WALL_IDLE_MS });
  agentsAsker = new Asker(askAgents, takeAgents, {
    idleMs: AGENTS_IDLE_MS,
    soonMs: AGENTS_SOON_MS,
  });
  stream.addEventListener("status", ({ detail }) => {
    board.set(detail);
    if (detail.status === "online") refresh();
  });
  stream.addEventListener("event", ({ detail }) => {
    wallAsker.touch();
    const { e, agent, agents, from } = detail.event;
    if (agent || agents || from || MOVES_AGENTS.test(e)) agentsAsker.touch();
    for (const tell of listeners) tell(detail.event);
  });
  stream.start();
}

export function close() {
  for (const asker of [wallAsker, agentsAsker]) asker.end();
  stream.stop();
}

/** Asks for everything now. */
export function refresh() {
  wallAsker.now();
  agentsAsker.now();
  for (const tell of listeners) tell(null);
}

/** Connects now instead of after the wait. */
export function retry() {
  stream.retry();
}

/** Tells each event of the tenant; null: whatever was known may be old. @returns ends it */
export function events(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** A command or a question on the stream. */
export function command(name, args) {
  return stream.command(name, args);
}

/** A question over HTTP. */
export function question(path, query) {
  return ask(path, { query });
}

/** The tenant's clock; it stands still while what is shown is old, so that nothing seems to wait on. */
export function now() {
  const moment = stream?.now() ?? Date.now();
  return isOld() ? moment - age() : moment;
}

/** How old what is shown is, in ms. */
export function age() {
  return heardAt ? performance.now() - heardAt : 0;
}

export function isOld() {
  return age() > OLD_MS;
}

export function zone() {
  return ZONE;
}

async function askWall() {
  if (stream.status !== "online") return undefined;
  return stream.command("wall", { time_zone: ZONE });
}

function takeWall(wall) {
  const last = new Map(board.value.wall?.queues.map((queue) => [queue.queue, queue]));
  heardAt = performance.now();
  const queues = wall.queues.map((queue) => settled(last.get(queue.queue), queue));
  board.set({ wall: { ...wall, queues } });
  sample(wall);
}

async function askAgents() {
  if (stream.status !== "online") return undefined;
  const found = [];
  let cursor;
  do {
    const page = await stream.command("agents", {
      limit: DIRECTORY_PAGE,
      ...(cursor && { cursor }),
    });
    found.push(...page.agents);
    cursor = page.cursor;
  } while (cursor && found.length < DIRECTORY_MAX);
  return found;
}

function takeAgents(found) {
  const last = new Map(board.value.agents.map((agent) => [agent.agent, agent]));
  board.set({ agents: found.map((agent) => settled(last.get(agent.agent), agent)) });
}

/** The object that was shown already, where nothing in it changed: so it need not be drawn again. */
function settled(before, after) {
  return before && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

function sample(wall) {
  const at = wall.now;
  if (samples.length && at - samples.at(-1).at < SAMPLE_MS) return;
  samples.push({
    at,
    waiting: Object.fromEntries(wall.queues.map(({ queue, waiting }) => [queue, waiting])),
  });
  if (samples.length > SAMPLES_MAX) samples.shift();
}
