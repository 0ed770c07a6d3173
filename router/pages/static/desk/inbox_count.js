/** How many contacts there are to choose from, beside the inbox's name. */

import { number, t } from "../lib/i18n.js";
import { useStore } from "../lib/store.js";
import { html, useEffect } from "../vendor/preact.js";
import { inboxOf, tally } from "./inbox_list.js";

/** Those of his queues that nobody has; where all is handed out there is nothing to choose. */
export function InboxCount({ desk }) {
  useStore(desk.queues);
  const isChosen = (queue) => desk.settings(queue).distribution !== "push";
  const own = Object.keys(desk.me.memberships).filter(isChosen);
  return own.length > 0 && html`<${Count} desk=${desk} own=${own} />`;
}

function Count({ desk, own }) {
  const list = inboxOf(desk.stream, desk.me.agent);
  const counts = useStore(list, countsOf);
  useEffect(() => {
    list.count();
  }, [list]);
  const { nobody } = tally(counts.filter(({ queue }) => own.includes(queue)));
  return (
    nobody > 0 &&
    html`<span class="tag" data-kind="warn">
      <span class="number">${number(nobody)}</span>
      <span class="unseen">${t("inbox.count.nobody")}</span>
    </span>`
  );
}

function countsOf({ counts }) {
  return counts;
}
