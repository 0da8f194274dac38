/** Starts the page: one session, and everything that shows it. */

import { showClock } from "./clock.js";
import { createComposer } from "./composer.js";
import { byId, h } from "./dom.js";
import { showEvents } from "./events.js";
import { showHeader, showTheme, showToasts } from "./header.js";
import { showLog } from "./log.js";
import { showMembers } from "./members.js";
import { openModal } from "./modal.js";
import { showPollEnds } from "./polls.js";
import { Session } from "./session.js";
import { showSidebar } from "./sidebar.js";
import { showSwitcher } from "./switcher.js";
import { showTrouble } from "./trouble.js";
import { showWelcome } from "./welcome.js";

const RETRY = 1500;

const session = new Session();
let log = { toEnd() {} };

const composer = createComposer(session, () => log.toEnd());
const startCommand = (name) => composer.start(name);

showTheme();
showToasts(session);
showHeader(session);
showClock(session);
showTrouble(session);
showMembers(session);
showPollEnds(session);
log = showLog(session, startCommand);
const go = (id) => {
  session.open(id);
  composer.focus();
};
showSwitcher(session, go);
showSidebar(session, {
  onEvents: showEvents(session),
  onPlace: go,
  onMember: (id) => enter(id, session.channelId),
});
showWelcome({ onCommand: startCommand, onClock: () => byId("clock").click() });

session.addEventListener("modal", (event) => openModal(event.detail.modal, session));
session.addEventListener("place", () => {
  const where = new URLSearchParams({ as: session.me.id, channel: session.channelId ?? "" });
  history.replaceState(null, "", `#${where}`);
});

/** Becomes a member; tries again until the playground answers. */
async function enter(as, channel) {
  const empty = byId("empty");
  try {
    await session.enter(as, channel);
    document.body.dataset.ready = session.me.id;
  } catch (error) {
    if (as && error.status >= 400 && error.status < 500) {
      await enter(undefined, channel);
      return;
    }
    empty.hidden = false;
    empty.replaceChildren(h("h2", {}, "Waiting for the playground"), h("p", {}, error.message));
    setTimeout(enter, RETRY, as, channel);
  }
}

const wanted = new URLSearchParams(location.hash.slice(1));
enter(wanted.get("as") ?? undefined, wanted.get("channel") ?? undefined);
