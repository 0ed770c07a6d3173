/** The agent's desk: offers, his contacts, conversations. */

import { t } from "../lib/i18n.js";
import { begin } from "../lib/page.js";
import { ownSession } from "../lib/session.js";
import { leave, SignedIn } from "../lib/signin.js";
import { useStore } from "../lib/store.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Banners } from "./banners.js";
import { ContactList } from "./contacts.js";
import { Conversation } from "./conversation.js";
import { Desk } from "./desk.js";
import { Ended, LEAVING } from "./ended.js";
import { Header } from "./header.js";
import { watchNotices } from "./notices.js";
import { Offers } from "./offers.js";
import { useShortcuts } from "./shortcuts.js";

const TABS = ["conversations"];

function Page() {
  return html`<${SignedIn} roles=${["agent"]} title=${t("desk.title")}>
    ${(identity) => html`<${Entry} key=${identity.subject} identity=${identity} />`}
  <//>`;
}

/** Opens the desk in the tab's session, and again when it was ended and is to go on. */
function Entry({ identity }) {
  const [session, setSession] = useState(null);
  const [desk, setDesk] = useState(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    ownSession().then(setSession);
  }, []);
  useEffect(() => {
    if (!session) return undefined;
    const opened = new Desk(session);
    watchNotices(opened);
    opened.start();
    setDesk(opened);
    return () => opened.stop();
  }, [session, turn]);
  if (!desk) return null;
  return html`<${Whole} desk=${desk} identity=${identity} onAgain=${() => setTurn(turn + 1)} />`;
}

function Whole({ desk, identity, onAgain }) {
  const { status, code, contact } = useStore(desk.shown);
  const { me } = useStore(desk.work);
  const [tab, setTab] = useState("conversations");
  useShortcuts(desk);
  useEffect(() => {
    if (status === "ended" && code in LEAVING) leave(LEAVING[code]);
  }, [status, code]);
  if (status === "ended") return html`<${Ended} code=${code} onAgain=${onAgain} />`;
  if (!me) return html`<p class="loading" role="status">${t("desk.connecting")}</p>`;
  return html`<div class="desk" data-opened=${contact ? "true" : undefined}>
    <${Header} desk=${desk} tabs=${TABS} tab=${tab} onTab=${setTab} />
    <${Banners} desk=${desk} identity=${identity} />
    <${Offers} desk=${desk} onAccepted=${() => setTab("conversations")} />
    <div class="columns">
      <${ContactList} desk=${desk} />
      <${Conversation} desk=${desk} key=${contact} />
    </div>
  </div>`;
}

begin("desk", Page);
