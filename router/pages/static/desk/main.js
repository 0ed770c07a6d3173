/** The agent's desk: offers, his contacts, conversations. */

import { t } from "../lib/i18n.js";
import { begin } from "../lib/page.js";
import { ownSession } from "../lib/session.js";
import { leave, SignedIn } from "../lib/signin.js";
import { useStore } from "../lib/store.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Banners } from "./banners.js";
import { Beside, Tools } from "./beside.js";
import { ContactList } from "./contacts.js";
import { Conversation } from "./conversation.js";
import { Desk } from "./desk.js";
import { Ended, LEAVING } from "./ended.js";
import { Header } from "./header.js";
import { Inbox } from "./inbox.js";
import { useNames } from "./names.js";
import { watchNotices } from "./notices.js";
import { Offers } from "./offers.js";
import { useShortcuts } from "./shortcuts.js";

const TABS = ["conversations", "inbox"];
const WIDE = 1100; // px, from where the customer stands beside

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
  const [isBeside, setBeside] = useState(window.innerWidth >= WIDE);
  useShortcuts(desk);
  const turn = () => setBeside(!isBeside);
  const tools = (shown) =>
    html`<${Tools} contact=${shown} onBeside=${turn} ...${{ desk, isBeside }} />`;
  useEffect(() => {
    if (status === "ended" && code in LEAVING) leave(LEAVING[code]);
  }, [status, code]);
  if (status === "ended") return html`<${Ended} code=${code} onAgain=${onAgain} />`;
  if (!me) return html`<p class="loading" role="status">${t("desk.connecting")}</p>`;
  return html`<div class="desk" data-opened=${contact ? "true" : undefined}>
    <${Header} desk=${desk} tabs=${TABS} tab=${tab} onTab=${setTab} />
    <${Banners} desk=${desk} identity=${identity} />
    <${Offers} desk=${desk} onAccepted=${() => setTab("conversations")} />
    ${
      tab === "inbox"
        ? html`<${Choices} desk=${desk} onTab=${setTab} />`
        : html`<div class="columns" data-side=${contact && isBeside ? "true" : undefined}>
          <${ContactList} desk=${desk} />
          <${Conversation} desk=${desk} key=${contact} tools=${tools} />
          ${contact && isBeside && html`<${Beside} desk=${desk} id=${contact} onClose=${turn} />`}
        </div>`
    }
  </div>`;
}

function Choices({ desk, onTab }) {
  const nameOf = useNames();
  const { list: queues } = useStore(desk.queues);
  const onOpen = (id) => {
    onTab("conversations");
    desk.open(id);
  };
  return html`<${Inbox} stream=${desk.stream} me=${desk.me} ...${{ queues, nameOf, onOpen }} />`;
}

begin("desk", Page);
