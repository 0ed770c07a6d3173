/** Ringing: a sound, the browser's own message while the tab is hidden, and the tab's title. */

import { t } from "../lib/i18n.js";
import { Store } from "../lib/store.js";
import { useEffect } from "../vendor/preact.js";

const MUTED = "vez.muted";
const EVERY_MS = 2_000;
const [HIGH, LOW, NOTE_S, LOUD] = [880, 660, 0.18, 0.18];

export const alarm = new Store({ isMuted: localStorage.getItem(MUTED) === "yes" });

let audio = null;

/** Sound on or off; turning it on asks for the browser's own messages as well. */
export function toggleSound() {
  const isMuted = !alarm.value.isMuted;
  localStorage.setItem(MUTED, isMuted ? "yes" : "no");
  alarm.set({ isMuted });
  if (!isMuted) {
    wake();
    chime();
    if (globalThis.Notification?.permission === "default") Notification.requestPermission();
  }
}

/** Rings while there are offers, and tells of each once where the tab is not seen. */
export function useAlarm(desk, offers) {
  const count = offers.length;
  useEffect(() => {
    if (count === 0) return undefined;
    const ring = () => !alarm.value.isMuted && chime();
    ring();
    const timer = setInterval(ring, EVERY_MS);
    return () => clearInterval(timer);
  }, [count > 0]);
  const shown = offers.map(({ contact, offer }) => `${contact.contact} ${offer.n}`).join();
  useEffect(() => {
    const messages = offers.map(({ contact }) => message(desk, contact)).filter(Boolean);
    return () => {
      for (const one of messages) one.close();
    };
  }, [shown]);
}

function message(desk, contact) {
  if (!document.hidden || globalThis.Notification?.permission !== "granted") return null;
  const body = [desk.queueName(contact.queue), contact.subject].filter(Boolean).join(" · ");
  const title = `${t("offer.incoming")}: ${contact.address || contact.channel}`;
  const shown = new Notification(title, { body, tag: contact.contact, requireInteraction: true });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
  return shown;
}

/** A browser plays nothing before its user has done something on the page. */
function wake() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

function chime() {
  if (!audio || audio.state !== "running") return;
  for (const [index, pitch] of [HIGH, LOW].entries()) {
    const from = audio.currentTime + index * NOTE_S;
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUD, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + NOTE_S);
  }
}

for (const name of ["pointerdown", "keydown"]) {
  window.addEventListener(name, wake, { once: true, capture: true });
}
