/** Where one is on the page: a section, an object of it, a part of that; kept in the address. */

import { decoded } from "../lib/page.js";
import { useEffect, useState } from "../vendor/preact.js";

/** @returns {{section: string, id: string, part: string}} */
export function place() {
  const [section = "", id = "", part = ""] = location.hash.slice(1).split("/").map(decoded);
  return { section, id, part };
}

export function go(...parts) {
  location.hash = parts.filter(Boolean).map(encodeURIComponent).join("/");
}

export function usePlace() {
  const [, draw] = useState(0);
  useEffect(() => {
    const tell = () => draw((count) => count + 1);
    addEventListener("hashchange", tell);
    return () => removeEventListener("hashchange", tell);
  }, []);
  return place();
}
