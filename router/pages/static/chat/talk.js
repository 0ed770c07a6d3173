/** The conversation: what was said, where it stands, and what the customer says next. */

import { roughly, t, time } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { useStore } from "../lib/store.js";
import { explain, toast } from "../lib/ui.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { Rating } from "./rating.js";
import { discard, end, resend, say, startAgain, visit } from "./visit.js";

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'])/;
const NEAR_PX = 80;

export function Talk() {
  const { entries, sending, status, isAway, hasBegun, options } = useStore(visit);
  const [writes, setWrites] = useState(false);
  const phase = status?.phase;
  useEffect(() => setWrites(false), [phase]);
  const isOver = phase === "ended" && sending.length === 0 && !writes;
  return html`<section class="chat-talk">
    <${Log} entries=${entries} sending=${sending} />
    <footer class="chat-foot">
      ${isAway && html`<p class="notice" role="status">${t("chat.away")}</p>`}
      ${status && html`<${Standing} status=${status} />`}
      ${isOver && html`<${Over} status=${status} onWrite=${() => setWrites(true)} />`}
      ${status && !isOver && html`<${Composer} most=${options?.limits.message ?? 2_000} isFirst=${writes || hasBegun} />`}
      ${
        phase === "ended" &&
        !isOver &&
        html`<div class="chat-choices">
          <button class="quiet" onClick=${startAgain}>${t("chat.anew")}</button>
        </div>`
      }
    </footer>
  </section>`;
}

/** What was said; who reads at its end stays there. */
function Log({ entries, sending }) {
  const place = useRef(null);
  const isAtEnd = useRef(true);
  const count = entries.length + sending.length;
  useLayoutEffect(() => {
    const box = place.current;
    if (isAtEnd.current || sending.length > 0) box.scrollTop = box.scrollHeight;
  }, [count]);
  useEffect(() => {
    const box = place.current;
    const keep = () => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight;
    };
    const watch = new ResizeObserver(keep);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  const look = ({ target }) => {
    isAtEnd.current = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_PX;
  };
  return html`<div class="chat-log" ref=${place} role="log" aria-live="polite" aria-label=${t("chat.log")} tabindex="0" onScroll=${look}>
    <ol>
      ${entries.map((entry) => html`<${Entry} key=${entry.position} entry=${entry} />`)}
      ${sending.map((message) => html`<${Sending} key=${message.id} message=${message} />`)}
    </ol>
  </div>`;
}

function Entry({ entry }) {
  if (entry.kind !== "message") {
    return html`<li class="chat-event"><span>${eventText(entry)}</span> <${When} at=${entry.at} /></li>`;
  }
  const { author, text, attachments = [], at } = entry;
  return html`<li class="chat-message" data-author=${author}>
    <span class="unseen">${t(`chat.author.${author}`)}:</span>
    ${text && html`<p>${linked(text)}</p>`}
    ${attachments.length > 0 && html`<ul class="chat-files">${attachments.map((one) => html`<${Attachment} reference=${one} />`)}</ul>`}
    <${When} at=${at} />
  </li>`;
}

function Sending({ message: { id, text, why, isSent } }) {
  return html`<li class="chat-message" data-author="customer" data-sending>
    <span class="unseen">${t("chat.author.customer")}:</span>
    <p>${text}</p>
    ${
      why
        ? html`<div class="chat-refused" role="alert">
            <span><${Icon} name="warning" /> ${t(why === "locked" ? "chat.refused.locked" : "chat.refused")}</span>
            ${
              why !== "locked" &&
              html`<button class="quiet" onClick=${() => resend(id)}>${t("chat.again")}</button>`
            }
            <button class="quiet" onClick=${() => discard(id)}>${t("chat.discard")}</button>
          </div>`
        : html`<span class="soft chat-time">${t(isSent ? "chat.sent" : "chat.sending")}</span>`
    }
  </li>`;
}

function Attachment({ reference }) {
  const name = reference.split(/[?#]/)[0].split("/").filter(Boolean).at(-1) ?? reference;
  if (!/^https?:\/\//.test(reference)) {
    return html`<li><${Icon} name="attach" /> ${name}</li>`;
  }
  return html`<li>
    <a href=${reference} target="_blank" rel="noopener noreferrer"><${Icon} name="attach" /> ${name}</a>
  </li>`;
}

function When({ at }) {
  return html`<time class="chat-time" datetime=${new Date(at).toISOString()}>${time(at)}</time>`;
}

/** Addresses in what was said can be followed; nothing else in it means anything. */
function linked(text) {
  return text
    .split(LINK)
    .map((part, nth) =>
      nth % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part}</a>` : part,
    );
}

function eventText({ kind, result, opens_at: opensAt }) {
  if (kind === "ended") return t(`chat.ended.${result || "handled"}`);
  if (kind === "held" && opensAt) return t("chat.event.held.until", { time: time(opensAt) });
  return t(`chat.event.${kind}`);
}

/** Where it stands, in one line. */
function Standing({ status }) {
  const text = standingText(status);
  if (!text) return null;
  return html`<p class="chat-standing" data-phase=${status.phase} role="status">
    <span class="chat-mark" aria-hidden="true"></span><span>${text}</span>
  </p>`;
}

function standingText(status) {
  const { phase, place, estimated_wait_ms: wait, agent, opens_at: opensAt } = status;
  if (phase === "waiting") {
    const parts = [place ? t("chat.place", { place }) : t("chat.waits")];
    if (wait?.p80 !== undefined) parts.push(t("chat.estimate", { time: roughly(wait.p80) }));
    return parts.join(" ");
  }
  if (phase === "held") {
    return opensAt ? t("chat.held.until", { time: time(opensAt) }) : t("chat.held");
  }
  if (phase === "talking") return agent ? t("chat.with", { agent }) : t("chat.with.somebody");
  return phase === "asked" ? t("chat.asked") : "";
}

function Composer({ most, isFirst }) {
  const [text, setText] = useState("");
  const place = useRef(null);
  useEffect(() => {
    if (isFirst) place.current.focus();
  }, [isFirst]);
  const submit = (event) => {
    event.preventDefault();
    if (!text.trim()) return;
    say(text.trim());
    setText("");
    place.current.focus();
  };
  const press = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  return html`<form class="chat-composer" onSubmit=${submit}>
    <label class="unseen" for="words">${t("chat.write")}</label>
    <textarea id="words" ref=${place} rows="1" value=${text} maxlength=${most} placeholder=${t("chat.write")} onInput=${(event) => setText(event.target.value)} onKeyDown=${press}></textarea>
    <button class="primary square" aria-label=${t("chat.send")} disabled=${!text.trim()}>
      <${Icon} name="send" />
    </button>
  </form>`;
}

function Over({ status, onWrite }) {
  return html`<div class="chat-over">
    <p><strong>${t("chat.over")}</strong></p>
    ${status.rating && html`<${Rating} isGiven=${status.rating === "given"} />`}
    <div class="chat-choices">
      ${status.may_reopen && html`<button onClick=${onWrite}>${t("chat.reopen")}</button>`}
      <button class=${status.rating === "asked" ? "" : "primary"} onClick=${startAgain}>
        ${t("chat.anew")}
      </button>
    </div>
  </div>`;
}

/** Ends the conversation, after one question. */
export function Leave() {
  const [isAsked, setAsked] = useState(false);
  const { status } = useStore(visit);
  if (!status || status.phase === "ended") return null;
  const leave = async () => {
    setAsked(false);
    try {
      await end();
    } catch (error) {
      toast(explain(error), "bad");
    }
  };
  if (!isAsked)
    return html`<button class="quiet" onClick=${() => setAsked(true)}>${t("chat.leave")}</button>`;
  return html`<span class="row" role="group" aria-label=${t("chat.leave.sure")}>
    <button class="danger" onClick=${leave}>${t("chat.leave.yes")}</button>
    <button class="quiet" onClick=${() => setAsked(false)}>${t("chat.leave.no")}</button>
  </span>`;
}
