/** Small pictures, drawn in the text's colour; they repeat what the words say, so no reader speaks them. */

import { html } from "../vendor/preact.js";

const PATHS = {
  attach:
    "M13 6.5 7.5 12a2 2 0 0 1-3-3L10 3.5a3.2 3.2 0 0 1 4.6 4.6l-6 6a4.6 4.6 0 0 1-6.5-6.5L7 2.7",
  back: "M10 3 5 8l5 5",
  bell: "M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4zM6.5 13.5a1.6 1.6 0 0 0 3 0",
  chat: "M2 3h12v8H7l-3 3v-3H2z",
  check: "m3 8.5 3.5 3.5L13 5",
  close: "m4 4 8 8m0-8-8 8",
  down: "m4 6 4 4 4-4",
  download: "M8 2v8m-3.5-3L8 10.5 11.5 7M3 13.5h10",
  email: "M2 4h12v8.5H2zm0 .5 6 4.5 6-4.5",
  expand: "M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10",
  filter: "M2 4h12M4.5 8h7M7 12h2",
  fork: "M4 2.5v5.5a3 3 0 0 0 3 3h5m-2.5-2.5L12 11l-2.5 2.5M4 8v5.5",
  inbox: "M2 9 4 3h8l2 6v4H2zm0 0h4l1 2h2l1-2h4",
  leave: "M6.5 3H3v10h3.5M7 8h6.5m-3-3 3 3-3 3",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  mute: "M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4zM6.5 13.5a1.6 1.6 0 0 0 3 0M2 2l12 12",
  note: "M3 2.5h10v7.5L9.5 13.5H3zM9.5 13.5V10H13",
  people:
    "M6 7.5a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM1.8 13c.3-2.4 2-3.8 4.2-3.8s3.9 1.4 4.2 3.8m.5-10a2.3 2.3 0 0 1 0 4.2m1.3 2.3c1.3.5 2 1.7 2.2 3.5",
  person:
    "M8 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.5c.3-2.7 2.3-4.2 5-4.2s4.7 1.5 5 4.2",
  phone: "M4 2.5 6.5 3l.7 2.8-1.5 1.3a8 8 0 0 0 3.2 3.2l1.3-1.5 2.8.7.5 2.5c-5.5 1-11-4.5-9.5-9.5z",
  print: "M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  replies: "M2 3h12v8H7l-3 3v-3H2zM5 6h6M5 8.5h4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm3.3-1.2L14 14",
  send: "M2 8 14 2.5 10.5 14 8 9.5zM8 9.5 14 2.5",
  settings:
    "M8 10.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM8 1.5v2m0 9v2M1.5 8h2m9 0h2M3.4 3.4l1.4 1.4m6.4 6.4 1.4 1.4m0-9.2-1.4 1.4M4.8 11.2l-1.4 1.4",
  star: "m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z",
  task: "M3 3h10v10H3zm2.5 5 2 2 3.5-4",
  transfer: "M2.5 5.5h10m-3-3 3 3-3 3M13.5 10.5h-10m3-3-3 3 3 3",
  voice: "M4 2.5 6.5 3l.7 2.8-1.5 1.3a8 8 0 0 0 3.2 3.2l1.3-1.5 2.8.7.5 2.5c-5.5 1-11-4.5-9.5-9.5z",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5m0 1.8v.2",
};

/** @param {{name: string}} props one of the names above; another one is drawn as a task */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d=${PATHS[name] ?? PATHS.task} />
  </svg>`;
}
