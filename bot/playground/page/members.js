/** The list of the members of the open server, beside the button that opens it. */

import { byId, freshId, h } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";
import { userMenu } from "./message.js";
import { avatar, shownName } from "./people.js";

/** Let the button in the header show who is in the open server. */
export function showMembers(session) {
  const button = byId("members");
  button.append(icon("people"));
  let close = null;

  function list() {
    const { guild, recipient } = session.place;
    const found = guild ? guild.members : [{ id: session.me.id }, { id: recipient?.id ?? session.bot.user.id }];
    return found.map((one) => ({ ...one, user: session.user(one.id) })).filter((one) => one.user);
  }

  function row({ user, manager }) {
    return h(
      "button",
      { type: "button", class: "person", data: { user: user.id }, on: { click: () => userMenu(button, user, session) } },
      avatar(user, 30),
      h("span", { class: "person-name" }, shownName(user)),
      user.bot ? h("span", { class: "tag" }, "App") : null,
      manager ? h("span", { class: "tag tag-quiet", title: "May manage the server" }, "Manager") : null,
    );
  }

  function open() {
    if (!session.place) return;
    const titleId = freshId("members-title");
    const found = list();
    const panel = h(
      "div",
      { class: "members", role: "dialog", "aria-labelledby": titleId },
      h("h2", { class: "overline", id: titleId }, `${found.length} ${found.length === 1 ? "member" : "members"}`),
      found.map(row),
    );
    button.setAttribute("aria-expanded", "true");
    close = float(button, panel, {
      align: "end",
      onClose: (reason) => {
        close = null;
        button.setAttribute("aria-expanded", "false");
        if (reason === "escape") button.focus();
      },
    });
    panel.querySelector("button")?.focus({ preventScroll: true });
  }

  button.addEventListener("click", () => (close ? close("done") : open()));
}
