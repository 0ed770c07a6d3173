/** Ready or not: what he is, since when, and what he wants to be next. */

import { useSeconds } from "../lib/clock.js";
import { duration, t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { reasonName } from "../lib/reasons.js";
import { useStore } from "../lib/store.js";
import { explain, toast } from "../lib/ui.js";
import { html, useRef, useState } from "../vendor/preact.js";

export function Presence({ desk, me }) {
  useSeconds();
  const { reasons } = useStore(desk.queues);
  const menu = useRef(null);
  const opener = useRef(null);
  const [isLater, setLater] = useState(false);
  const set = async (presence, reason = "", when = undefined) => {
    menu.current?.hidePopover();
    try {
      await desk.command("set_state", { presence, reason, when });
    } catch (error) {
      toast(explain(error), "bad");
    }
  };
  const isReady = me.presence === "ready";
  return html`<div class="presence">
    <${Declared} desk=${desk} me=${me} onUndo=${() => set(me.presence, me.reason)} />
    ${
      !isReady &&
      html`<button class="primary" onClick=${() => set("ready")}>${t("presence.get_ready")}</button>`
    }
    <button ref=${opener} popovertarget="reasons" class=${isReady ? "" : "square"} title=${t("presence.reasons")}>
      ${
        isReady
          ? t("presence.get_not_ready")
          : html`<span class="unseen">${t("presence.reasons")}</span>`
      }
      <${Icon} name="down" />
    </button>
    <div
      id="reasons"
      class="menu"
      popover="auto"
      ref=${menu}
      aria-label=${t("presence.reasons")}
      onBeforeToggle=${(event) => putBelow(opener.current, event.target)}
    >
      ${Object.keys(reasons).map(
        (reason) => html`<button
          key=${reason}
          class="quiet"
          aria-pressed=${me.presence === "not_ready" && me.reason === reason}
          onClick=${() => set("not_ready", reason, isLater ? "idle" : undefined)}
        >
          ${reasonName(reason, reasons)}
        </button>`,
      )}
      <label class="row">
        <input
          type="checkbox"
          checked=${isLater}
          onChange=${(event) => setLater(event.target.checked)}
        />
        ${t("presence.later")}
      </label>
    </div>
  </div>`;
}

function putBelow(opener, menu) {
  const { bottom, right } = opener.getBoundingClientRect();
  menu.style.top = `${bottom + 4}px`;
  menu.style.right = `${window.innerWidth - right}px`;
}

/** His state with a shape, a word and its age; and the one that comes after the work in hand. */
function Declared({ desk, me, onUndo }) {
  const { reasons } = desk.queues.value;
  const visible = { ready: "available", not_ready: "busy" }[me.presence] ?? "offline";
  const reason = me.presence === "not_ready" && me.reason ? reasonName(me.reason, reasons) : "";
  return html`<span class="declared" role="status">
    <span class="dot" data-visible=${visible}><strong>${t(`presence.${me.presence}`)}</strong></span>
    ${reason && html`<span class="soft">${reason}</span>`}
    <span class="clock soft" aria-hidden="true">${duration(desk.now() - me.since)}</span>
    ${
      me.pending &&
      html`<span class="tag" data-kind="warn">
        ${t("presence.pending", {
          next: reasonName(me.pending.reason, reasons) || t(`presence.${me.pending.presence}`),
        })}
        <button class="quiet square" aria-label=${t("presence.undo")} onClick=${onUndo}>
          <${Icon} name="close" />
        </button>
      </span>`
    }
  </span>`;
}
