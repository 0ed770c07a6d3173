/** Settings by their dotted paths, as changes and errors name them. */

import { labelOf } from "./form.js";
import { STRUCTS } from "./schema.js";

/** The structs of settings that are tables of others. */
export const NESTED_STRUCTS = {
  memberships: "Membership",
  subjects: "SubjectSettings",
  intake: "IntakeSettings",
  channels: "ChannelSettings",
};

/** A path in words, as "Queues · sales · Level". @param {string} path */
export function pathLabel(kind, path) {
  const [first, ...rest] = path.split(".");
  const label = labelOf(STRUCTS[kind], first);
  if (rest.length === 0) return label;
  if (first === "weekly") return `${label} · ${labelOf("Week", rest.join("."))}`;
  const struct = NESTED_STRUCTS[first];
  const last = rest.at(-1);
  if (!struct || rest.length === 1) return `${label} · ${rest.join(".")}`;
  return `${label} · ${rest.slice(0, -1).join(".")} · ${labelOf(struct, last)}`;
}
