/** What agents are called, for everything on the desk that names one. */

import { ask } from "../lib/api.js";
import { Store, useStore } from "../lib/store.js";

/** An agent's name by his id, asked once. */
class Names extends Store {
  constructor() {
    super({});
    this._asked = new Map(); // by id, the question under way or answered
  }

  /** What is known now; the rest is asked for. */
  of(agent) {
    if (agent && !this._asked.has(agent)) this.find(agent);
    return this.value[agent] ?? agent ?? "";
  }

  /** @returns {Promise<string>} the name, or the id where there is none */
  async find(agent) {
    if (!this._asked.has(agent)) this._asked.set(agent, this._ask(agent));
    await this._asked.get(agent);
    return this.value[agent] ?? agent;
  }

  async _ask(agent) {
    try {
      const { name } = await ask(`/v1/agents/${encodeURIComponent(agent)}`);
      if (name) this.set({ [agent]: name });
    } catch {
      this._asked.delete(agent);
    }
  }
}

export const names = new Names();

/** @returns {(agent: string) => string} the name by the id; drawn anew when one becomes known */
export function useNames() {
  useStore(names);
  return (agent) => names.of(agent);
}
