/** What the router refuses, and what could not be asked. */

const URN = "urn:vez:problem:";

/** A refusal as the router tells it (RFC 9457): nothing was changed. */
export class Problem extends Error {
  /** @param {Record<string, any>} body the problem's members */
  constructor(body) {
    super(body.detail || body.title);
    this.body = body;
    this.status = body.status;
    /** The last part of the type, as "gone" or "bad-input". */
    this.kind = String(body.type).replace(URN, "");
    /** @type {{field: string, value: any, expected: string}[]} */
    this.errors = body.errors ?? [];
  }
}

/** The router can not be reached, or has not answered in time. */
export class Unreached extends Error {}
