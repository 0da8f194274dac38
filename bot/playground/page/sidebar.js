/** The left side: the servers' channels, direct messages, and the choice of the member to act as. */

import { byId, h } from "./dom.js";
import { icon, signOf } from "./icons.js";
import { avatar, shownName } from "./people.js";

const VOICE = 2;

/**
 * Draw the sidebar; `onPlace(id)` opens a channel, `onMember(id)` changes the member, and
 * `onEvents(guildId, back)` shows a server's events and calls `back()` afterwards.
 */
export function showSidebar(session, { onPlace, onMember, onEvents }) {
  const places = byId("places");
  const people = byId("people");
  const sidebar = byId("sidebar");
  const scrim = byId("scrim");
  const opener = byId("open-sidebar");
  const closer = byId("close-sidebar");
  opener.append(icon("menu"));
  closer.append(icon("close"));

  function shift(open) {
    sidebar.classList.toggle("is-open", open);
    scrim.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) closer.focus();
    else if (sidebar.contains(document.activeElement)) opener.focus();
  }
  opener.addEventListener("click", () => shift(true));
  closer.addEventListener("click", () => shift(false));
  scrim.addEventListener("click", () => shift(false));
  sidebar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shift(false);
  });

  function entry(place, sign, name, extra = null) {
    const here = place.id === session.channelId;
    const unread = session.unread.has(place.id) && !here;
    return h(
      "button",
      { type: "button", class: `place${unread ? " is-unread" : ""}`, "aria-current": here ? "page" : null, data: { channel: place.id }, on: { click: () => (shift(false), onPlace(place.id)) } },
      sign,
      h("span", { class: "place-name" }, name),
      extra,
      unread ? h("span", { class: "dot" }, h("span", { class: "unseen" }, "unread")) : null,
    );
  }

  /** The line that opens a server's scheduled events. */
  function eventsEntry(guild) {
    const count = guild.events.length;
    const key = `events-${guild.id}`;
    const back = () => places.querySelector(`[data-channel="${key}"]`)?.focus();
    return h(
      "button",
      { type: "button", class: "place", "aria-haspopup": "dialog", data: { channel: key }, on: { click: () => onEvents(guild.id, back) } },
      icon("calendar", 18),
      h("span", { class: "place-name" }, "Events"),
      count ? h("span", { class: "tag tag-quiet" }, String(count), h("span", { class: "unseen" }, count === 1 ? " event" : " events")) : null,
    );
  }

  /** A voice channel: its place, joining and leaving, and who is there. */
  function voiceEntry(guild, channel) {
    const inside = channel.people.includes(session.me.id);
    const full = channel.user_limit > 0 && channel.people.length >= channel.user_limit;
    const label = `${inside ? "Leave" : "Join"} ${channel.name}`;
    const press = () => (inside ? session.leaveVoice(guild) : session.joinVoice(channel));
    const can = inside || channel.can_connect;
    return h(
      "div",
      { class: "voice", data: { voice: channel.id } },
      h(
        "div",
        { class: "voice-head" },
        entry(channel, icon("speaker", 18), channel.name),
        h("button", { type: "button", class: "button button-secondary button-small voice-join", disabled: !can || (full && !inside), title: full && !inside ? "This voice channel is full" : can ? null : "You may not connect here", "aria-label": label, data: { channel: `voice-${channel.id}` }, on: { click: press } }, inside ? "Leave" : "Join"),
      ),
      channel.people.length
        ? h("ul", { class: "voice-people", "aria-label": `In ${channel.name}` }, channel.people.map((id) => session.user(id)).filter(Boolean).map((user) => h("li", { data: { person: user.id } }, avatar(user, 22), h("span", { class: "place-name" }, shownName(user)))))
        : null,
    );
  }

  function drawPlaces() {
    const focus = places.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    byId("server-name").textContent = session.guilds[0]?.name ?? "Playground";
    places.replaceChildren();
    session.guilds.forEach((guild, at) => {
      places.append(h("h2", { class: "overline" }, at === 0 ? "Channels" : guild.name));
      places.append(eventsEntry(guild));
      for (const channel of guild.channels) {
        if (channel.type === VOICE) {
          places.append(voiceEntry(guild, channel));
          continue;
        }
        places.append(entry(channel, icon(signOf(channel), 18), channel.name, channel.nsfw ? h("span", { class: "tag tag-quiet", title: "Age-restricted" }, "18+") : null));
      }
    });
    if (session.dms.length) {
      places.append(h("h2", { class: "overline" }, "Direct messages"));
      for (const direct of session.dms) {
        const user = direct.recipient ?? session.bot.user;
        places.append(entry(direct, avatar(user, 24), shownName(user)));
      }
    }
    if (focus) places.querySelector(`[data-channel="${CSS.escape(focus)}"]`)?.focus();
  }

  function drawPeople() {
    const focused = people.contains(document.activeElement);
    people.replaceChildren(
      ...session.members.map((member) => {
        const own = member.id === session.me.id;
        return h(
          "button",
          { type: "button", role: "radio", class: "person", "aria-checked": String(own), tabindex: own ? 0 : -1, data: { member: member.id, username: member.username }, on: { click: () => own || onMember(member.id) } },
          avatar(member, 30),
          h("span", { class: "person-name" }, shownName(member)),
          member.manager ? h("span", { class: "tag tag-quiet", title: "May manage the server" }, "Manager") : null,
        );
      }),
    );
    if (focused) people.querySelector("[aria-checked=true]")?.focus();
  }

  people.addEventListener("keydown", (event) => {
    const all = [...people.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    const to = all[(at + step + all.length) % all.length];
    to.focus();
    onMember(to.dataset.member);
  });
  places.addEventListener("keydown", (event) => {
    const all = [...places.querySelectorAll(".place")];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });

  session.addEventListener("state", () => {
    drawPlaces();
    drawPeople();
  });
  session.addEventListener("place", drawPlaces);
  session.addEventListener("unread", drawPlaces);
}
