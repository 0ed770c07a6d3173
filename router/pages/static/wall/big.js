/** The wall across a room: a tile for each queue, the worst first, and as large as there is place. */

import { useSeconds } from "../lib/clock.js";
import { number, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { html, useEffect } from "../vendor/preact.js";
import { byStanding, STANDINGS, Standing } from "./agents.js";
import { arranged, level, nameOf, prefs } from "./limits.js";
import { Clock, count, Judged, Mark, NOTHING, share } from "./parts.js";
import { Hours } from "./queues.js";
import { board, now } from "./watch.js";

const TILES_MAX = 24;
const WORST_FIRST = { by: "alarm", isDown: true };
/** A tile is wider than it is high. */
const SHAPE = 1.2;

/** @param {{onClose: () => void, children: any}} props `children` stand in its head */
export function Big({ onClose, children }) {
  useSeconds();
  const { wall, agents } = useStore(board);
  const { limits } = useStore(prefs);
  useEffect(() => {
    document.documentElement.requestFullscreen?.().catch(() => {}); // the same without it
    const leave = () => document.fullscreenElement || onClose();
    const onKey = (event) => event.key === "Escape" && onClose();
    document.addEventListener("fullscreenchange", leave);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("fullscreenchange", leave);
      document.removeEventListener("keydown", onKey);
      if (document.fullscreenElement) document.exitFullscreen();
    };
  }, []);
  const rows = arranged(wall.queues, now(), { limits, sort: WORST_FIRST, only: "all" }, "");
  const shown = rows.slice(0, TILES_MAX);
  const groups = byStanding(agents);
  return html`<main class="big">
    <header>
      <div class="brand" aria-hidden="true">V</div>
      <h1>${t("wall.title")}</h1>
      <ul class="row standings">
        ${STANDINGS.map(
          (name) => html`<li key=${name}>
            <${Standing} name=${name} />${t(`standing.${name}`)}
            <strong class="number">${number(groups[name].length)}</strong>
          </li>`,
        )}
      </ul>
      <span class="grow"></span>
      ${children}
      <button onClick=${onClose}><${Icon} name="close" />${t("big.leave")}</button>
    </header>
    <ul class="tiles" style=${{ "--across": across(shown.length) }}>
      ${shown.map((row) => html`<${Tile} key=${row.queue.queue} ...${row} />`)}
    </ul>
    ${
      rows.length > shown.length &&
      html`<p class="soft">${t("big.more", { count: rows.length - shown.length })}</p>`
    }
  </main>`;
}

/** How many tiles stand side by side, so that they are as large as they can be. */
function across(tiles) {
  const { innerWidth: width, innerHeight: height } = window;
  const size = (count) => Math.min(width / count / SHAPE, height / Math.ceil(tiles / count));
  const counts = Array.from({ length: Math.max(1, tiles) }, (_, at) => at + 1);
  return counts.reduce((best, count) => (size(count) > size(best) ? count : best));
}

function Tile({ queue, judged }) {
  const worst = ["", "good", "warn", "bad"][judged.worst];
  return html`<li class="tile" data-level=${worst}>
    <h2><span class="cut grow">${nameOf(queue)}</span><${Mark} level=${worst} /></h2>
    <dl class="most">
      <div>
        <dt>${t("column.waiting")}</dt>
        <dd class="figure">${count(queue.waiting)}</dd>
      </div>
      <div>
        <dt>${t("column.wait")}</dt>
        <dd>
          <${Judged} level=${judged.wait}>
            ${queue.oldest_since ? html`<${Clock} since=${queue.oldest_since} />` : NOTHING}
          <//>
        </dd>
      </div>
    </dl>
    <dl>
      <div>
        <dt>${t("column.recent")}</dt>
        <dd><${Judged} level=${judged.recent}>${share(level(queue.recent))}<//></dd>
      </div>
      <div>
        <dt>${t("column.today")}</dt>
        <dd><${Judged} level=${judged.today}>${share(level(queue.today))}<//></dd>
      </div>
      <div>
        <dt>${t("column.ready")}</dt>
        <dd>${number(queue.agents.ready)}</dd>
      </div>
    </dl>
    <${Hours} hours=${queue.hours} />
  </li>`;
}
