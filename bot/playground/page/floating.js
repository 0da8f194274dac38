/**
 * Things that float next to what opened them: menus, lists, pickers.
 *
 * One floats at a time. It lies in the browser's top layer, keeps inside the window, and closes on
 * Escape, on a press outside and when its anchor leaves the page.
 */

const MARGIN = 8;
const GAP = 6;

let current = null;

/**
 * Show `panel` beside `anchor` (an element, or {x, y}).
 *
 * `align`: "start" or "end"; `prefer`: "below" or "above"; `matchWidth`: at least as wide as the
 * anchor. `onClose(reason)` gets "escape", "outside", "done" or "gone". Returns the closing function.
 */
export function float(anchor, panel, { align = "start", prefer = "below", matchWidth = false, onClose = () => {} } = {}) {
  current?.("outside");
  const element = anchor instanceof Element ? anchor : null;
  const home = element?.closest("dialog") ?? document.body;
  panel.classList.add("floating");
  panel.setAttribute("popover", "manual");
  home.append(panel);
  panel.showPopover();

  const place = () => {
    if (element && !element.isConnected) return close("gone");
    const box = element?.getBoundingClientRect() ?? { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y, width: 0 };
    const wide = document.documentElement.clientWidth;
    const high = window.visualViewport?.height ?? window.innerHeight;
    if (matchWidth) panel.style.minWidth = `${Math.min(box.width, wide - 2 * MARGIN)}px`;
    panel.style.maxHeight = "";
    const size = panel.getBoundingClientRect();
    const below = high - box.bottom - GAP - MARGIN;
    const above = box.top - GAP - MARGIN;
    const under = prefer === "below" ? size.height <= below || below >= above : !(size.height <= above || above >= below);
    const room = Math.max(120, under ? below : above);
    panel.style.maxHeight = `${room}px`;
    const height = Math.min(size.height, room);
    const left = align === "start" ? box.left : box.right - size.width;
    panel.style.left = `${Math.max(MARGIN, Math.min(left, wide - size.width - MARGIN))}px`;
    panel.style.top = `${Math.max(MARGIN, under ? box.bottom + GAP : box.top - GAP - height)}px`;
    return undefined;
  };

  const onPress = (event) => {
    const inside = panel.contains(event.target) || element?.contains(event.target);
    if (!inside) close("outside");
  };
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close("escape");
  };
  const onScroll = (event) => {
    if (!panel.contains(event.target)) place();
  };
  const watcher = new MutationObserver(() => element && !element.isConnected && close("gone"));

  function close(reason = "done") {
    if (current !== close) return;
    current = null;
    document.removeEventListener("pointerdown", onPress, true);
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("scroll", onScroll, true);
    window.removeEventListener("resize", place);
    watcher.disconnect();
    panel.remove();
    onClose(reason);
  }

  document.addEventListener("pointerdown", onPress, true);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("scroll", onScroll, true);
  window.addEventListener("resize", place);
  watcher.observe(document.body, { childList: true, subtree: true });
  current = close;
  place();
  return close;
}
