/** The WebSocket that keeps the page current, opened again whenever it is lost. */

const FIRST_WAIT = 400;
const LONGEST_WAIT = 5000;

/**
 * Receive the events for one member.
 *
 * `onEvent` gets every event. `onLink(up, again)` is called when the connection opens or closes.
 * `again` is true if the connection was open before; events may then have been missed, and the state
 * must be fetched. Returns a function that closes the connection for good.
 */
export function listen(as, onEvent, onLink) {
  let socket = null;
  let timer = 0;
  let wait = FIRST_WAIT;
  let opened = false;
  let closed = false;

  function open() {
    const url = new URL(`/api/live?as=${encodeURIComponent(as)}`, location.origin);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      if (closed) return;
      wait = FIRST_WAIT;
      onLink(true, opened);
      opened = true;
    });
    socket.addEventListener("message", (event) => {
      if (!closed) onEvent(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (closed) return;
      onLink(false, opened);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}
