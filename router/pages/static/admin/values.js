/** Settings as plain data: alike or not, merged, and as a person reads and writes them. Pure. */

/** What an id looks like. */
export const ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
  ["ms", 1],
];
const PART = /(\d+(?:[.,]\d+)?)\s*(ms|min|m|s|h|d)?/gy;

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Whether two settings are the same; a member that is undefined is not there. */
export function alike(one, other) {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => alike(item, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => alike(one[name], other[name]));
}

/**
 * What I changed, on top of what somebody else made of the same object meanwhile.
 * @returns {{value: any, clashes: string[]}} `clashes` are the settings that both changed; mine stay
 */
export function merge(before, mine, theirs, path = "") {
  if (alike(before, mine)) return { value: theirs, clashes: [] };
  if (alike(before, theirs) || alike(mine, theirs)) return { value: mine, clashes: [] };
  if (!isObject(mine) || !isObject(theirs)) return { value: mine, clashes: [path] };
  const old = isObject(before) ? before : {};
  const value = {};
  const clashes = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const inner = path ? `${path}.${name}` : name;
    const merged = merge(old[name], mine[name], theirs[name], inner);
    if (merged.value !== undefined) value[name] = merged.value;
    clashes.push(...merged.clashes);
  }
  return { value, clashes };
}

/** A duration as one writes it: "1 min 30 s"; "0" is none. @param {number} ms */
export function written(ms) {
  if (!Number.isInteger(ms)) return String(ms ?? "");
  if (ms === 0) return "0";
  let rest = Math.abs(ms);
  const parts = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  return (ms < 0 ? "-" : "") + parts.join(" ");
}

/** The milliseconds of a duration as one writes it; the text itself where it is none. */
export function read(text) {
  const trimmed = text.trim().toLowerCase();
  const sign = trimmed.startsWith("-") ? -1 : 1;
  const body = sign < 0 ? trimmed.slice(1).trim() : trimmed;
  if (/^0+$/.test(body)) return 0;
  let total = 0;
  let at = 0;
  while (at < body.length) {
    PART.lastIndex = at;
    const found = PART.exec(body);
    if (!found?.[2]) return text;
    const unit = found[2] === "m" ? "min" : found[2];
    total += Number(found[1].replace(",", ".")) * UNITS.find(([name]) => name === unit)[1];
    at = PART.lastIndex;
    while (body[at] === " " || body[at] === ",") at += 1;
  }
  return body ? sign * Math.round(total) : text;
}

/** A whole number as it was typed; the text itself where it is none. */
export function readInteger(text) {
  return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}

/** Ids with commas or spaces between, as a list. */
export function readIds(text) {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** The object with a member set, or without it. */
export function withMember(object, name, value) {
  const made = { ...object };
  if (value === undefined) delete made[name];
  else made[name] = value;
  return made;
}
