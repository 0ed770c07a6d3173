/** The top of the desk: his state, what he has in hand, the two fixed views, sound and language. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { leave } from "../lib/signin.js";
import { useStore } from "../lib/store.js";
import { Dialog, LanguagePicker, TopBar } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { alarm, toggleSound } from "./alarm.js";
import { useTitle } from "./contacts.js";
import { InboxCount } from "./inbox_count.js";
import { channelName } from "./offers.js";
import { Presence } from "./presence.js";
import { his, slots } from "./state.js";

/** @param {{tabs: string[], tab: string, onTab: (name: string) => void}} props */
export function Header({ desk, tabs, tab, onTab }) {
  const state = useStore(desk.work);
  const { isMuted } = useStore(alarm);
  const news = useTitle(desk);
  const [isAsked, setAsked] = useState(false);
  const held = his(state).filter((contact) => contact.state !== "waiting_customer").length;
  const onLeave = () => (held > 0 ? setAsked(true) : leave());
  const sound = t(isMuted ? "header.sound_on" : "header.sound_off");
  return html`<${TopBar} title=${t("desk.title")}>
    <nav class="tabs" aria-label=${t("header.views")}>
      ${tabs.map(
        (name) => html`<button
          key=${name}
          class="quiet"
          aria-current=${tab === name ? "page" : undefined}
          onClick=${() => onTab(name)}
        >
          ${t(`tab.${name}`)}
          ${name === "conversations" && html`<${News} count=${news} />`}
          ${name === "inbox" && html`<${InboxCount} desk=${desk} />`}
        </button>`,
      )}
    </nav>
    <${Slots} slots=${slots(state)} />
    <span class="grow"></span>
    <${Presence} desk=${desk} me=${state.me} />
    <button class="quiet square" aria-label=${sound} title=${sound} onClick=${toggleSound}>
      <${Icon} name=${isMuted ? "mute" : "bell"} />
    </button>
    <${LanguagePicker} />
    <button class="quiet" title=${t("header.leave")} onClick=${onLeave}>
      <span class="who cut">${state.me.name || state.me.agent}</span><${Icon} name="leave" />
      <span class="unseen">${t("header.leave")}</span>
    </button>
    ${isAsked && html`<${Leaving} held=${held} onClose=${() => setAsked(false)} />`}
  <//>`;
}

/** Who goes while he has somebody in hand is told what becomes of that. */
function Leaving({ held, onClose }) {
  return html`<${Dialog} title=${t("header.leave")} onClose=${onClose}>
    <div class="dialog-body">
      <p>${t("leaving.held", { count: held })}</p>
      <div class="actions">
        <button onClick=${onClose}>${t("leaving.stay")}</button>
        <button class="danger" onClick=${() => leave()}>${t("header.leave")}</button>
      </div>
    </div>
  <//>`;
}

/** How many of his contacts have something new, wherever he looks. */
function News({ count }) {
  if (count === 0) return null;
  return html`<span class="news">
    <span class="number" aria-hidden="true">${count}</span>
    <span class="unseen">${t("header.news", { count })}</span>
  </span>`;
}

/** What he has in hand of each channel, of what he may have. */
function Slots({ slots }) {
  return html`<ul class="slots" aria-label=${t("header.in_hand")}>
    ${slots.map(
      ({ channel, used, slots }) => html`<li
        key=${channel}
        class="tag"
        data-kind=${used >= slots ? "warn" : undefined}
        title=${t("header.slots", { channel: channelName(channel), used, slots })}
      >
        <${Icon} name=${channel} /><span class="number">${used}/${slots}</span>
        <span class="unseen">${channelName(channel)}</span>
      </li>`,
    )}
  </ul>`;
}
