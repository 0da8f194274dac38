/** The playground's HTTP calls. Every failure is an `ApiError` whose message can be shown. */

export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const LOST = "The playground does not answer. Is it still running? Start it again with “make run”.";

async function call(method, path, { query, body } = {}) {
  const url = new URL(path, location.origin);
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(key, value);
  }
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new ApiError(LOST);
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    if (response.ok) throw new ApiError("The playground answered something that is no JSON.", response.status);
  }
  if (!response.ok) {
    throw new ApiError(answer?.error ?? `The playground refused (${response.status}).`, response.status);
  }
  return answer;
}

/** One function for each route; the shapes are in `bot/playground/web/`. */
export const api = {
  state: (as) => call("GET", "/api/state", { query: { as } }),
  messages: (as, channel, before, limit) =>
    call("GET", "/api/messages", { query: { as, channel, before, limit } }),
  command: (body) => call("POST", "/api/commands", { body }),
  file: (body) => call("POST", "/api/files", { body }),
  autocomplete: (body) => call("POST", "/api/autocomplete", { body }),
  component: (body) => call("POST", "/api/components", { body }),
  modal: (body) => call("POST", "/api/modals", { body }),
  react: (body) => call("POST", "/api/reactions", { body }),
  unreact: (body) => call("DELETE", "/api/reactions", { body }),
  clearReactions: (body) => call("DELETE", "/api/reactions/all", { body }),
  say: (body) => call("POST", "/api/messages", { body }),
  remove: (body) => call("DELETE", "/api/messages", { body }),
  dismiss: (body) => call("POST", "/api/dismiss", { body }),
  vote: (body) => call("POST", "/api/polls/vote", { body }),
  endPoll: (body) => call("POST", "/api/polls/end", { body }),
  joinVoice: (body) => call("POST", "/api/voice", { body }),
  leaveVoice: (body) => call("DELETE", "/api/voice", { body }),
  event: (body) => call("POST", "/api/events", { body }),
  faults: (as) => call("GET", "/api/faults", { query: { as } }),
  fault: (body) => call("POST", "/api/faults", { body }),
  settings: (as, channel) => call("GET", "/api/settings", { query: { as, channel } }),
  setting: (body) => call("POST", "/api/settings", { body }),
  guild: (body) => call("POST", "/api/guild", { body }),
  clock: (body) => call("POST", "/api/clock", { body }),
  interaction: (id, as, wait) => call("GET", `/api/interactions/${id}`, { query: { as, wait } }),
};
