/** A list to search and choose from by keyboard: the pattern "combobox with a listbox" that is always open. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";

/**
 * @param {{id: string, label: string, hint: string, options: {id: string, text: string, isOff?: boolean}[],
 *   chosen: string | null, onChoose: (id: string) => void, onType?: (text: string) => void, empty: string,
 *   draw: (option: object) => any}} props `options` in their order; those that are off can be read, not chosen
 */
export function Combobox({ id, label, hint, options, chosen, onChoose, onType, empty, draw }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(null);
  const place = useRef(null);
  const shown = options.filter((option) => matches(option.text, text));
  const at = shown.findIndex((option) => option.id === active);
  const current = shown[at] ? active : null;
  useEffect(() => {
    place.current?.querySelector("[data-active=true]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const go = (index) =>
    setActive(shown[Math.max(0, Math.min(shown.length - 1, index))]?.id ?? null);
  const choose = (option) => {
    setActive(option.id);
    if (!option.isOff) onChoose(option.id);
  };
  const press = (event) => {
    const keys = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at < 0 ? shown.length - 1 : at - 1),
      Home: () => go(0),
      End: () => go(shown.length - 1),
      Enter: () => shown[at] && choose(shown[at]),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  const type = (event) => {
    setText(event.target.value);
    setActive(null);
    onType?.(event.target.value);
  };
  return html`<div class="field combobox">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      role="combobox"
      autocomplete="off"
      aria-expanded="true"
      aria-autocomplete="list"
      aria-controls=${`${id}-list`}
      aria-activedescendant=${current ? `${id}-${current}` : undefined}
      placeholder=${hint}
      value=${text}
      onInput=${type}
      onKeyDown=${press}
      autofocus
    />
    <ul class="combobox-list" id=${`${id}-list`} role="listbox" aria-label=${label} ref=${place}>
      ${shown.map(
        (option) => html`<li
          key=${option.id}
          id=${`${id}-${option.id}`}
          role="option"
          aria-selected=${option.id === chosen ? "true" : "false"}
          aria-disabled=${option.isOff ? "true" : undefined}
          data-active=${option.id === current}
          onMouseDown=${(event) => event.preventDefault()}
          onClick=${() => choose(option)}
        >
          ${draw(option)}
        </li>`,
      )}
      ${shown.length === 0 && html`<li class="soft" role="option" aria-disabled="true" aria-selected="false">${empty}</li>`}
    </ul>
  </div>`;
}

/** Whether a text has each of the typed words in it, without case and accents. */
export function matches(text, typed) {
  const whole = bare(text);
  return bare(typed)
    .split(/\s+/)
    .every((part) => whole.includes(part));
}

function bare(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
