/** What settings there are, from the schemas that the router serves: defaults, ranges, faults. */

import { number, t } from "../lib/i18n.js";
import { isObject, written } from "./values.js";

/** The schema of each kind of object. */
export const STRUCTS = {
  tenant: "TenantSettings",
  calendar: "CalendarSettings",
  queue: "QueueSettings",
  agent: "AgentDefinition",
};

let schemas = {};

/** @param {Record<string, object>} found `components.schemas` of the OpenAPI document */
export function keepSchemas(found) {
  schemas = found;
}

/** A schema without references; of one that may be null, the other. */
export function resolved(schema) {
  if (schema.$ref) return schemas[schema.$ref.split("/").at(-1)];
  if (!schema.anyOf) return schema;
  const { anyOf, ...rest } = schema;
  const inner = anyOf.find(({ type }) => type !== "null");
  return { ...resolved(inner), ...rest, isOptional: true };
}

/** A struct's settings with their schemas. @returns {[string, object][]} */
export function settingsOf(struct) {
  const entries = Object.entries(schemas[struct]?.properties ?? {});
  return entries.map(([name, own]) => [name, resolved(own)]);
}

export function isDuration(name, schema) {
  return schema.type === "integer" && name.endsWith("_ms");
}

/** What kind of control a setting has. */
export function controlOf(name, schema) {
  if (schema.enum) return "choice";
  if (schema.type === "boolean") return "check";
  if (schema.type === "integer") return isDuration(name, schema) ? "duration" : "integer";
  if (schema.type === "array") {
    const items = resolved(schema.items);
    if (items.enum) return "choices";
    return items.type === "object" ? "rows" : "ids";
  }
  if (schema.type === "object") return "map";
  return "text";
}

/** A value as a person reads it. */
export function shown(name, value) {
  if (value === undefined || value === null) return t("value.none");
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number") return name.endsWith("_ms") ? written(value) : number(value);
  if (value === "") return t("value.empty");
  if (Array.isArray(value)) {
    if (value.length === 0) return t("value.nothing");
    return value.map((item) => (isObject(item) ? shownObject(item) : shown("", item))).join(", ");
  }
  if (isObject(value)) return Object.keys(value).length ? shownObject(value) : t("value.nothing");
  return choice(value);
}

/** A word that the router uses for a choice, in the reader's language. */
export function choice(value) {
  const key = `choice.${value}`;
  const text = t(key);
  return text === key ? String(value) : text;
}

function shownObject(object) {
  const parts = Object.entries(object).map(([name, value]) => `${name} ${shown(name, value)}`);
  return parts.join(", ");
}

/** From where to where a number goes, and what it is when nothing is said. */
export function limits(name, schema) {
  const say = (value) => (isDuration(name, schema) ? written(value) : number(value));
  const parts = [];
  if (schema.type === "integer" && "minimum" in schema) {
    parts.push(t("field.range", { from: say(schema.minimum), to: say(schema.maximum) }));
  }
  const isEmpty = schema.default === "" || Object.keys(schema.default ?? {}).length === 0;
  if (typeof schema.default === "boolean" || typeof schema.default === "number" || !isEmpty) {
    parts.push(t("field.default", { value: shown(name, schema.default) }));
  }
  return parts.join(" · ");
}

/** Everything that is wrong with an object by its struct's schema. @returns {[string, string][]} */
export function faults(kind, value) {
  return [...faultsOf({ $ref: `/${STRUCTS[kind]}` }, value, "", "")];
}

/** What is wrong with a name that is to be added to an object of names; "" if nothing is. */
export function faultOfName(schema, name) {
  const [found] = faultsOf({ type: "string", ...schema.propertyNames }, name, "", "");
  return found ? found[1] : "";
}

function* faultsOf(given, value, path, name) {
  const schema = resolved(given);
  if (value === undefined || (value === null && schema.isOptional)) return;
  const say = (key, values) => [path, t(`fault.${key}`, values)];
  if (schema.enum) {
    if (!schema.enum.includes(value)) yield say("choice");
  } else if (schema.type === "integer") {
    yield* faultsOfNumber(schema, value, name, say);
  } else if (schema.type === "string") {
    yield* faultsOfText(schema, value, say);
  } else if (schema.type === "array") {
    if (value.length > schema.maxItems) yield say("many", { max: schema.maxItems });
    for (const [at, item] of value.entries())
      yield* faultsOf(schema.items, item, `${path}[${at}]`, "");
  } else if (schema.type === "object") {
    yield* faultsOfObject(schema, value, path, say);
  }
}

function* faultsOfNumber(schema, value, name, say) {
  const isTime = isDuration(name, schema);
  const from = isTime ? written(schema.minimum) : number(schema.minimum);
  const to = isTime ? written(schema.maximum) : number(schema.maximum);
  if (!Number.isInteger(value)) yield say(isTime ? "duration" : "number", { from, to });
  else if (value < schema.minimum || value > schema.maximum) yield say("range", { from, to });
}

function* faultsOfText(schema, value, say) {
  if (value.length > schema.maxLength) yield say("long", { max: schema.maxLength });
  else if (value.length < schema.minLength) yield say("needed");
  else if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
    if (schema.pattern.startsWith("^[A-Za-z")) yield say("id");
    else if (schema.pattern.startsWith("^[0-9]{4}")) yield say("date");
    else yield say("hours");
  }
}

function* faultsOfObject(schema, value, path, say) {
  const inner = (name) => (path ? `${path}.${name}` : name);
  if (schema.properties) {
    for (const name of schema.required ?? []) {
      if (value[name] === undefined) yield [inner(name), t("fault.needed")];
    }
    for (const [name, own] of Object.entries(schema.properties)) {
      yield* faultsOf(own, value[name], inner(name), name);
    }
    return;
  }
  const count = Object.keys(value).length;
  if (count > schema.maxProperties) yield say("many", { max: schema.maxProperties });
  if (count < schema.minProperties) yield say("few", { min: schema.minProperties });
  for (const [name, item] of Object.entries(value)) {
    const names = { type: "string", ...schema.propertyNames };
    for (const [, text] of faultsOf(names, name, inner(name), "")) yield [inner(name), text];
    yield* faultsOf(schema.additionalProperties, item, inner(name), "");
  }
}
