/** Skills: who has which, at what level; a change is drafted at each agent. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { plain, Typed } from "./controls.js";
import { allOf, drafted, errorsOf, put } from "./model.js";
import { go } from "./route.js";
import { ID, readInteger, withMember } from "./values.js";

/** Each skill that an agent has, with how many have it. @returns {Map<string, number>} */
export function skillCounts() {
  const counts = new Map();
  for (const [, own] of allOf("agent")) {
    for (const skill of Object.keys(own.skills ?? {}))
      counts.set(skill, (counts.get(skill) ?? 0) + 1);
  }
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other)));
}

/** @param {{id: string}} props */
export function Skills({ id }) {
  const [search, setSearch] = useState("");
  const counts = skillCounts();
  const found = [...counts].filter(([name]) => name.toLowerCase().includes(search.toLowerCase()));
  const isNew = ID.test(search) && !counts.has(search);
  return html`<nav class="list" aria-label=${t("section.skills")}>
      <div class="search">
        <${Icon} name="search" />
        <input
          type="search"
          aria-label=${t("list.search")}
          placeholder=${t("list.search.skill")}
          value=${search}
          onInput=${(event) => setSearch(event.target.value)}
          onKeyDown=${(event) => event.key === "Enter" && ID.test(search) && go("skills", search)}
        />
      </div>
      ${isNew && html`<button class="add" onClick=${() => go("skills", search)}>${t("list.add.skill", { id: search })}</button>`}
      <ul>
        ${found.map(
          ([name, count]) => html`<li key=${name}>
            <a href="#skills/${encodeURIComponent(name)}" aria-current=${name === id ? "true" : undefined}>
              <strong class="cut">${name}</strong>
              <span class="soft">${t("queue.members", { count })}</span>
            </a>
          </li>`,
        )}
      </ul>
      <p class="foot soft">${t("list.count", { count: found.length })}</p>
    </nav>
    ${id ? html`<${Skill} id=${id} key=${id} />` : html`<div class="object none"><${Empty}>${t("choose.skills")}<//></div>`}`;
}

function Skill({ id }) {
  const [text, setText] = useState("");
  const having = allOf("agent").filter(
    ([agent, own]) => own.skills?.[id] !== undefined && drafted("agent", agent),
  );
  const set = (agent, level) => {
    const own = drafted("agent", agent);
    put("agent", agent, { ...own, skills: withMember(own.skills ?? {}, id, level) });
  };
  const add = (event) => {
    event.preventDefault();
    if (!drafted("agent", text.trim())) return;
    set(text.trim(), 50);
    setText("");
  };
  return html`<article class="object" aria-label=${id}>
    <header>
      <a class="button quiet square back" href="#skills" aria-label=${t("object.back")}><${Icon} name="back" /></a>
      <h2 class="grow">${id}</h2>
    </header>
    <form class="bar" onSubmit=${add}>
      <input class="grow" list="ids-agent" aria-label=${t("members.add")} placeholder=${t("members.add")} value=${text} autocomplete="off" onInput=${(event) => setText(event.target.value)} />
      <button disabled=${!drafted("agent", text.trim())}>${t("add")}</button>
    </form>
    ${having.length === 0 && html`<${Empty} icon="people">${t("skills.none")}<//>`}
    <ul class="levels">
      ${having.map(([agent, own]) => {
        const error = errorsOf("agent", agent)[`skills.${id}`];
        return html`<li key=${agent}>
          <a class="grow cut" href="#agents/${encodeURIComponent(agent)}">${own.name || agent}</a>
          ${error && html`<span class="error">${error}</span>`}
          <${Typed} class="small" aria-label=${t("levels.of", { name: own.name || agent })} aria-invalid=${error ? "true" : undefined} value=${own.skills[id]} onChange=${(level) => set(agent, level ?? "")} write=${plain} parse=${readInteger} mode="numeric" />
          <button type="button" class="quiet square" aria-label=${t("levels.remove", { name: own.name || agent })} onClick=${() => set(agent, undefined)}>
            <${Icon} name="close" />
          </button>
        </li>`;
      })}
    </ul>
  </article>`;
}
