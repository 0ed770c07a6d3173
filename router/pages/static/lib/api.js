/** Questions and commands over HTTP. */

import { Problem, Unreached } from "./problem.js";
import { randomId, token } from "./session.js";

const WITHIN_MS = 15_000;

/**
 * Asks the router; a command carries a key, so that it can be repeated safely.
 * @param {string} path as "/v1/contacts"
 * @param {{method?: string, query?: Record<string, any>, body?: any, key?: string, bearer?: string}} [options]
 * @returns {Promise<any>} the answer's content; a text where it is no JSON
 * @throws {Problem | Unreached}
 */
export async function ask(path, { method = "GET", query = {}, body, key, bearer } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  const headers = { Accept: "application/json", Authorization: `Bearer ${bearer ?? token()}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = key ?? randomId();
  const request = { method, headers, signal: AbortSignal.timeout(WITHIN_MS) };
  if (body !== undefined) request.body = JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(url, request);
  } catch (error) {
    throw new Unreached(String(error));
  }
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content = isJson ? await answer.json() : await answer.text();
  if (!answer.ok) {
    throw isJson ? new Problem(content) : new Unreached(`status ${answer.status}`);
  }
  return content;
}
