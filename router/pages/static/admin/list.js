/** A list of objects to choose from: searched as one types, walked with the arrow keys. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { Empty } from "../lib/ui.js";
import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { allOf, markOf, put } from "./model.js";
import { go } from "./route.js";
import { ID } from "./values.js";

const SHOWN_MAX = 400;

/**
 * @param {{kind: string, section: string, chosen: string, about: (own: object, id: string) => string,
 *   fresh?: object, children?: any}} props `about` is the second line of an entry; `fresh` a new object
 */
export function ObjectList({ kind, section, chosen, about, fresh, children }) {
  const [search, setSearch] = useState("");
  const place = useRef(null);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = allOf(kind).filter(([id, own]) => {
    const text = `${id} ${own.name ?? ""} ${about(own, id)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  useSearchKey(place);
  useLayoutEffect(() => {
    place.current.querySelector("a[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [chosen, section]);
  const isNew = fresh && ID.test(search) && !allOf(kind).some(([id]) => id === search);
  const add = () => {
    put(kind, search, fresh);
    go(section, search);
    setSearch("");
  };
  const enter = () => {
    if (isNew && found.length === 0) add();
    else if (found.length > 0) go(section, found[0][0]);
  };
  return html`<nav class="list" aria-label=${t(`section.${section}`)} ref=${place} onKeyDown=${walk}>
    <div class="search">
      <${Icon} name="search" />
      <input
        type="search"
        aria-label=${t("list.search")}
        placeholder=${fresh ? t(`list.search.${kind}`) : t("list.search")}
        value=${search}
        autocomplete="off"
        spellcheck=${false}
        onInput=${(event) => setSearch(event.target.value)}
        onKeyDown=${(event) => event.key === "Enter" && enter()}
      />
    </div>
    ${isNew && html`<button class="add" onClick=${add}>${t(`list.add.${kind}`, { id: search })}</button>`}
    ${children}
    <ul>
      ${found.slice(0, SHOWN_MAX).map(([id, own]) => {
        const mark = markOf(kind, id);
        return html`<li key=${id}>
          <a
            href="#${section}/${encodeURIComponent(id)}"
            aria-current=${id === chosen ? "true" : undefined}
            data-mark=${mark}
          >
            <span class="row">
              <strong class="grow cut">${own.name || id}</strong>
              ${mark && html`<span class="tag" data-kind="warn">${t(`mark.${mark}`)}</span>`}
            </span>
            <span class="soft cut">${own.name ? `${id} · ` : ""}${about(own, id)}</span>
          </a>
        </li>`;
      })}
    </ul>
    ${found.length === 0 && !isNew && html`<${Empty} icon="search">${t("list.empty")}<//>`}
    <p class="foot soft">
      ${
        found.length > SHOWN_MAX
          ? t("list.cut", { shown: SHOWN_MAX, count: found.length })
          : t("list.count", { count: found.length })
      }
    </p>
  </nav>`;
}

/** "/" goes to the search, as long as one does not write. */
function useSearchKey(place) {
  useLayoutEffect(() => {
    const hear = (event) => {
      if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
      event.preventDefault();
      place.current?.querySelector("input[type=search]").focus();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

function walk(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps)) return;
  const stops = [...event.currentTarget.querySelectorAll("input[type=search], ul a")];
  const next = stops[stops.indexOf(document.activeElement) + steps[event.key]];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
