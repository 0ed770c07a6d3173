/** How a page begins: its texts first, then what it shows; a fault is told instead of an empty page. */

import { html, render } from "../vendor/preact.js";
import { loadTexts, t } from "./i18n.js";
import { Toasts } from "./ui.js";

/** What a part of an address says; the part itself where it is none that was made here. */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * @param {string} name the page's catalogue of texts, as "desk"
 * @param {() => any} Page what it shows
 * @param {...string} more further catalogues
 */
export async function begin(name, Page, ...more) {
  const place = document.getElementById("page");
  await loadTexts(name, ...more);
  document.title = `${t(`${name}.title`)} · Vez`;
  render(html`<${Page} /><${Toasts} />`, place);
}
