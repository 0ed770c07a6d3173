/** Positions of the journal: "ms-sequence", or "ms-sequence.event" of one event in an entry. */

/** Whether the first position comes after the second; nothing comes before all. */
export function isAfter(one, other) {
  return compare(one, other) > 0;
}

/** Orders positions, the earliest first. */
export function compare(one, other) {
  const [first, second] = [parts(one), parts(other)];
  for (const [index, part] of first.entries()) {
    if (part !== second[index]) return part - second[index];
  }
  return 0;
}

/** An entry's own position stands for all of its events. */
function parts(position) {
  if (!position) return [-1, 0, 0];
  const [ms, sequence, event] = position.split(/[-.]/).map(Number);
  return [ms, sequence, event ?? Number.POSITIVE_INFINITY];
}
