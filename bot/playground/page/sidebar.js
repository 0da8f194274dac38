/** The left side: the servers' channels, direct messages, and the choice of the member to act as. */

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, shownName } from "./people.js";

/** Draw the sidebar; `onPlace(id)` opens a channel, `onMember(id)` changes the member. */
export function showSidebar(session, { onPlace, onMember }) {
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

  function drawPlaces() {
    const focus = places.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    byId("server-name").textContent = session.guilds[0]?.name ?? "Playground";
    places.replaceChildren();
    session.guilds.forEach((guild, at) => {
      places.append(h("h2", { class: "overline" }, at === 0 ? "Channels" : guild.name));
      for (const channel of guild.channels) {
        places.append(entry(channel, icon("hash", 18), channel.name, channel.nsfw ? h("span", { class: "tag tag-quiet", title: "Age-restricted" }, "18+") : null));
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
