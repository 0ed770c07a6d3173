/** Agents as a table of text: one line each, columns by their names in the first line. Pure. */

import { ID, isObject } from "./values.js";

export const COLUMNS = ["agent", "name", "queues", "skills", "slots", "capacity"];

/**
 * Reads a table; commas, semicolons or tabs divide it, quotes hold a value together.
 * @returns {{agents: [string, object][], faults: {line: number, key: string, values: object}[]}}
 *   of each agent only what the table's columns say
 */
export function readAgents(text) {
  const rows = readRows(text);
  const agents = [];
  const faults = [];
  if (rows.length === 0) return { agents, faults };
  const names = rows[0].cells.map((cell) => cell.trim().toLowerCase());
  for (const name of names.filter((one) => !COLUMNS.includes(one))) {
    faults.push({ line: rows[0].line, key: "bulk.column", values: { name } });
  }
  if (!names.includes("agent")) faults.push({ line: rows[0].line, key: "bulk.header", values: {} });
  if (faults.length > 0) return { agents, faults };
  const seen = new Set();
  for (const { cells, line } of rows.slice(1)) {
    const row = Object.fromEntries(names.map((name, at) => [name, (cells[at] ?? "").trim()]));
    const fault = faultOf(row, seen);
    if (fault) faults.push({ line, ...fault });
    else agents.push([row.agent, definition(row)]);
    seen.add(row.agent);
  }
  return { agents, faults };
}

function faultOf(row, seen) {
  if (!ID.test(row.agent)) return { key: "bulk.id", values: { value: row.agent } };
  if (seen.has(row.agent)) return { key: "bulk.twice", values: { value: row.agent } };
  if (row.capacity && !/^\d+$/.test(row.capacity)) {
    return { key: "bulk.number", values: { value: row.capacity } };
  }
  for (const name of ["queues", "skills", "slots"]) {
    for (const part of parts(row[name])) {
      const wrong = !/^[A-Za-z0-9_.-]{1,64}(:\d{1,3})?$/.test(part);
      if (wrong) return { key: "bulk.part", values: { value: part, column: name } };
    }
  }
  return null;
}

function definition(row) {
  const made = {};
  if (row.name !== undefined) made.name = row.name;
  if (row.queues !== undefined) {
    const levels = numbered(row.queues);
    made.memberships = Object.fromEntries(
      Object.entries(levels).map(([queue, level]) => [queue, level === null ? {} : { level }]),
    );
  }
  if (row.skills !== undefined) made.skills = filled(numbered(row.skills), 50);
  if (row.slots !== undefined) made.slots = filled(numbered(row.slots), 1);
  if (row.capacity) made.capacity = Number(row.capacity);
  return made;
}

/** What a table says of an agent, on top of what he is: a membership keeps what it does not say. */
export function combined(before, said) {
  const memberships = said.memberships && { ...said.memberships };
  for (const [queue, given] of Object.entries(memberships ?? {})) {
    const own = before?.memberships?.[queue];
    if (isObject(own)) memberships[queue] = { ...own, ...given };
  }
  return { ...before, ...said, ...(memberships && { memberships }) };
}

/** Agents as such a table. @param {[string, object][]} agents */
export function writeAgents(agents) {
  const pairs = (object) => Object.entries(object ?? {}).map(([name, value]) => `${name}:${value}`);
  const lines = agents.map(([id, own]) => {
    const levels = Object.fromEntries(
      Object.entries(own.memberships ?? {}).map(([queue, { level = 50 }]) => [queue, level]),
    );
    const cells = [
      id,
      own.name ?? "",
      pairs(levels),
      pairs(own.skills),
      pairs(own.slots),
      own.capacity ?? "",
    ];
    return cells
      .map((cell) => quoted(Array.isArray(cell) ? cell.join(" ") : String(cell)))
      .join(",");
  });
  return [COLUMNS.join(","), ...lines].join("\n");
}

function quoted(text) {
  return /[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const parts = (text) => (text ?? "").split(/[\s|]+/).filter(Boolean);

function numbered(text) {
  return Object.fromEntries(
    parts(text).map((part) => {
      const [name, value] = part.split(":");
      return [name, value === undefined ? null : Number(value)];
    }),
  );
}

function filled(object, value) {
  return Object.fromEntries(Object.entries(object).map(([name, own]) => [name, own ?? value]));
}

function readRows(text) {
  const head = text.trimStart().split("\n", 1)[0];
  const divider = ["\t", ";", ","].find((one) => head.includes(one)) ?? ",";
  const rows = [];
  let cells = [];
  let cell = "";
  let isQuoted = false;
  let line = 1;
  let begun = 1;
  const end = () => {
    cells.push(cell);
    if (cells.some((one) => one.trim())) rows.push({ cells, line: begun });
    cells = [];
    cell = "";
    begun = line + 1;
  };
  const letters = text.replaceAll("\r\n", "\n");
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    if (isQuoted && letter === '"' && letters[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (isQuoted || cell === "")) {
      isQuoted = !isQuoted;
    } else if (!isQuoted && letter === divider) {
      cells.push(cell);
      cell = "";
    } else if (!isQuoted && letter === "\n") {
      end();
      line += 1;
    } else {
      cell += letter;
      if (letter === "\n") line += 1;
    }
  }
  end();
  return rows;
}
