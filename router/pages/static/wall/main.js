/** The wallboard: how every queue stands, who is there, and what a supervisor can do about it. */

import { useSeconds } from "../lib/clock.js";
import { duration, t, time, useLocale } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { begin, decoded } from "../lib/page.js";
import { leave, SignedIn } from "../lib/signin.js";
import { useStore } from "../lib/store.js";
import { LanguagePicker, TopBar } from "../lib/ui.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { AgentPanel } from "./agent.js";
import { Agents, byStanding, STANDINGS, Standing } from "./agents.js";
import { Big } from "./big.js";
import { Charts } from "./charts.js";
import { ContactPanel } from "./contact.js";
import { judge, judgeShare, LEVELS, prefs, total } from "./limits.js";
import { QueuePanel } from "./panels.js";
import { Clock, count, Judged, NOTHING, share } from "./parts.js";
import { Queues } from "./queues.js";
import { Settings } from "./settings.js";
import { age, board, close, isOld, now, open, retry } from "./watch.js";

const ROLES = ["supervisor", "admin"];
const EXPIRED = 4104;
const SOON_MS = 300_000;
const PANELS = { queue: QueuePanel, contact: ContactPanel, agent: AgentPanel };

function Page() {
  return html`<${SignedIn} roles=${ROLES} title=${t("wall.title")}>
    ${(identity) => html`<${Wall} identity=${identity} />`}
  <//>`;
}

function Wall({ identity }) {
  useLocale();
  useEffect(() => {
    open();
    return close;
  }, []);
  const { wall } = useStore(board);
  const shown = useShown();
  const [isBig, setBig] = useState(location.hash === "#/big");
  const [isSetting, setSetting] = useState(false);
  if (wall && isBig) {
    return html`<${Big} onClose=${() => setBig(false)}><${Freshness} identity=${identity} /><//>`;
  }
  const Shown = PANELS[shown.kind];
  const back = () => {
    const { kind, id } = shown;
    location.hash = "";
    requestAnimationFrame(() => document.querySelector(`a[href="#/${kind}/${id}"]`)?.focus());
  };
  return html`<div class="wall" data-panel=${Shown ? "open" : "closed"}>
    <${TopBar} title=${t("wall.title")}>
      <span class="grow"></span>
      <${Freshness} identity=${identity} />
      <button class="quiet" aria-label=${t("settings.open")} title=${t("settings.open")} onClick=${() => setSetting(true)}>
        <${Icon} name="settings" /><span class="label">${t("settings.open")}</span>
      </button>
      <button class="quiet" aria-label=${t("big.open")} title=${t("big.open")} onClick=${() => setBig(true)}>
        <${Icon} name="expand" /><span class="label">${t("big.open")}</span>
      </button>
      <${LanguagePicker} />
      <button class="quiet" onClick=${() => leave()}>${t("wall.sign_out")}</button>
    <//>
    <${Trouble} identity=${identity} />
    ${
      wall
        ? html`<main class="board">
              <div class="main">
                <${Summary} wall=${wall} />
                <${Queues} chosen=${shown.kind === "queue" ? shown.id : null} />
                <${Charts} queue=${shown.kind === "queue" ? shown.id : null} />
              </div>
              <aside aria-label=${t("wall.aside")}>
                ${Shown ? html`<${Shown} key=${shown.kind} id=${shown.id} onClose=${back} />` : html`<${Agents} />`}
              </aside>
            </main>
            ${isSetting && html`<${Settings} onClose=${() => setSetting(false)} />`}`
        : html`<main class="board waiting"><p class="loading" aria-busy="true">${t("loading")}</p></main>`
    }
  </div>`;
}

/** What the address says is shown beside the queues: `#/queue/sales`. */
function useShown() {
  const [hash, set] = useState(location.hash);
  useEffect(() => {
    const look = () => set(location.hash);
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  const [, kind = "", id = ""] = hash.split("/");
  return { kind, id: decoded(id) };
}

/** Whether what is shown is true now, else how old it is. */
function Freshness() {
  useSeconds();
  const { status, wall } = useStore(board);
  const isLive = status === "online" && !isOld();
  if (!wall) return html`<span class="tag" role="status">${t(`live.${status}`)}</span>`;
  const text = isLive ? t("live.online") : t("live.old", { age: duration(age()) });
  return html`<span class="tag live" data-kind=${isLive ? "good" : "bad"} title=${t("live.as_of", { time: time(wall.now) })}>
    ${!isLive && html`<${Icon} name="warning" />`}${text}
  </span>`;
}

/** What stands between the reader and the present: no connection, a token that has expired or will soon. */
function Trouble({ identity }) {
  useSeconds();
  const { status, code } = useStore(board);
  const left = identity.expires - Date.now();
  if (status === "ended" || left <= 0) {
    const key = code === EXPIRED || left <= 0 ? "trouble.expired" : "trouble.ended";
    return html`<div class="notice trouble" data-kind="bad" role="alert">
      <span class="grow">${t(key)}</span>
      <button class="primary" onClick=${() => leave("signin.expired")}>${t("trouble.sign_in")}</button>
    </div>`;
  }
  if (status === "offline" || (status === "connecting" && age() > 0)) {
    return html`<div class="notice trouble" data-kind="bad" role="alert">
      <span class="grow">${t("trouble.offline")}</span>
      <button onClick=${retry}>${t("trouble.retry")}</button>
    </div>`;
  }
  if (left < SOON_MS) {
    return html`<div class="notice trouble" role="status">
      <span class="grow">${t("trouble.soon", { time: time(identity.expires) })}</span>
      <button onClick=${() => leave()}>${t("trouble.sign_in")}</button>
    </div>`;
  }
  return null;
}

function Summary({ wall }) {
  const { limits } = useStore(prefs);
  const { agents } = useStore(board);
  const sum = total(wall.queues);
  const judged = wall.queues.map((queue) => judge(queue, now(), limits));
  const worst = (of) => LEVELS[Math.max(0, ...judged.map((each) => LEVELS.indexOf(each[of])))];
  const groups = byStanding(agents);
  const missing = wall.figures.missing;
  return html`<section class="summary" aria-label=${t("summary.title")}>
    <${Tile} label=${t("column.waiting")} value=${count(sum.waiting)} />
    <${Tile} label=${t("column.wait")} level=${worst("wait")}
      value=${sum.oldest_since ? html`<${Clock} since=${sum.oldest_since} />` : NOTHING} />
    <${Tile} label=${t("column.recent")} value=${share(sum.recent)} level=${judgeShare(sum.recent)} />
    <${Tile} label=${t("column.today")} value=${share(sum.today)} level=${judgeShare(sum.today)} />
    <${Tile} label=${t("column.answered")} value=${missing ? NOTHING : count(sum.answered)} />
    <${Tile} label=${t("column.abandoned")} value=${missing ? NOTHING : count(sum.abandoned)}
      more=${sum.abandonment === null ? "" : share(sum.abandonment)} />
    <div class="tile people">
      <h3>${t("agents.title")}</h3>
      <ul>
        ${STANDINGS.map(
          (name) => html`<li key=${name} title=${t(`standing.${name}`)}>
            <${Standing} name=${name} />
            <span class="unseen">${t(`standing.${name}`)}</span>
            <strong class="number">${count(groups[name].length)}</strong>
          </li>`,
        )}
      </ul>
    </div>
  </section>`;
}

function Tile({ label, value, level: how = "none", more = "" }) {
  return html`<div class="tile" data-level=${how}>
    <h3>${label}</h3>
    <p><${Judged} level=${how}><span class="figure">${value}</span><//>
      ${more && html`<span class="soft">${more}</span>`}</p>
  </div>`;
}

begin("wall", Page);
