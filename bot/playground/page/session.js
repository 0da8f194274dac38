/**
 * What the page knows: the member, the open channel, the messages. It sends the member's acts to the
 * server and reports changes to its listeners; it draws nothing.
 *
 * Events: `state` (members, channels, commands, bot), `place` (another channel is open), `messages`
 * (the whole list), `message` {id} (one came or changed), `gone` {ids}, `reactions` {id}, `pending`,
 * `clock`, `bot`, `link`, `typing`, `unread`, `modal` {modal}, `reply` {message}, `go` {id} (show a message), `notice` {text, tone}.
 */

import { api } from "./api.js";
import { listen } from "./live.js";
import { Outcomes } from "./outcomes.js";
import { shownName } from "./people.js";
import { WorldTime } from "./time.js";

const PAGE = 50;

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

export const isEphemeral = (message) => Boolean((message.flags ?? 0) & EPHEMERAL);
export const isLoading = (message) => Boolean((message.flags ?? 0) & LOADING);

export class Session extends EventTarget {
  me = null;
  members = [];
  guilds = [];
  dms = [];
  bot = { user: { id: "0", username: "The bot", bot: true }, online: false };
  commands = [];
  time = new WorldTime();
  linked = false;
  channelId = null;
  messages = new Map();
  hasEarlier = false;
  loading = false; // true while the messages of the open channel are fetched for the first time
  pending = new Map();
  busy = new Set();
  failures = new Map();
  chosen = new Map();
  unread = new Set();
  typingUntil = 0;
  #close = () => {};
  #turn = 0;
  #refreshes = 0;
  #refreshAll = false;
  #gone = new Set();
  #ephemerals = new Set(); // which came since the page was loaded; Discord forgets the others too
  #fresh = new Set();
  #votes = new Map(); // message -> the votes in its poll that are being sent: their answers, and a promise of the end
  #outcomes = new Outcomes((id) => api.interaction(id, this.me.id, 3), (modal) => this.tell("modal", { modal }));

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  notice(text, tone = "error") {
    this.tell("notice", { text, tone });
  }

  /** Becomes a member and opens a channel; without an argument, the first one. */
  async enter(as, channelId) {
    this.#turn += 1;
    const turn = this.#turn;
    const first = await api.state(as);
    if (turn !== this.#turn) return;
    this.#close();
    this.pending.clear();
    this.unread.clear();
    this.#forget();
    await new Promise((resolve) => {
      const told = (up, again) => {
        this.#link(up, again);
        resolve();
      };
      this.#close = listen(first.me.id, (event) => this.#take(event), told);
    });
    const state = await api.state(first.me.id); // for changes before the live connection was open
    if (turn !== this.#turn) return;
    this.#show(state);
    const places = this.places();
    const wanted = places.find((place) => place.id === channelId) ?? places[0];
    await this.open(wanted?.id ?? null);
  }

  /** Every channel this member can open. */
  places() {
    return [...this.guilds.flatMap((guild) => guild.channels.map((channel) => ({ ...channel, guild }))), ...this.dms];
  }

  get place() {
    return this.places().find((place) => place.id === this.channelId) ?? null;
  }

  get own() {
    return this.members.find((member) => member.id === this.me?.id) ?? this.me;
  }

  /** The user behind an id, as far as the page knows. */
  user(id) {
    if (this.bot.user.id === id) return this.bot.user;
    const member = this.members.find((other) => other.id === id);
    if (member) return member;
    for (const message of this.messages.values()) {
      const found = [message.author, ...(message.mentions ?? [])].find((user) => user.id === id);
      if (found) return found;
    }
    return null;
  }

  /** What markdown needs to know. */
  words(onCommand) {
    const named = (id) => {
      const user = this.user(id);
      return user && shownName(user);
    };
    const channel = (id) => this.places().find((place) => place.id === id)?.name;
    return { user: named, channel, me: this.me?.id, now: () => this.time.now(), onCommand };
  }

  /** The commands of a kind (1 slash, 2 member, 3 message) usable in the open channel. */
  usable(kind) {
    const place = this.place;
    if (!place) return [];
    const direct = !place.guild;
    return this.commands.filter((command) => {
      if ((command.type ?? 1) !== kind) return false;
      const kinds = command.integration_types ?? [0];
      const anywhere = this.me.installed && kinds.includes(1);
      if (!direct && !anywhere && !(place.guild.has_bot && kinds.includes(0))) return false;
      if (command.guild_id && (direct || command.guild_id !== place.guild.id)) return false;
      if (command.nsfw && !direct && !place.nsfw) return false;
      if (Array.isArray(command.contexts)) return command.contexts.includes(direct ? 1 : 0);
      return !direct || command.dm_permission !== false;
    });
  }

  async open(channelId) {
    this.channelId = channelId;
    this.loading = channelId !== null;
    this.#forget();
    this.unread.delete(channelId);
    this.typingUntil = 0;
    this.tell("place");
    this.tell("unread");
    if (channelId !== null) await this.#fetchMessages();
  }

  async earlier() {
    const first = this.messages.keys().next().value;
    if (first === undefined) return;
    const channel = this.channelId;
    const older = await api.messages(this.me.id, channel, first, PAGE);
    if (channel !== this.channelId) return;
    this.hasEarlier = older.length >= PAGE;
    const kept = older.filter((message) => !isEphemeral(message) || this.#ephemerals.has(message.id));
    this.messages = new Map([...kept.map((message) => [message.id, message]), ...this.messages]);
    this.tell("messages", { kept: first });
  }

  // --- acts -------------------------------------------------------------------------------------

  #here(more) {
    return { as: this.me.id, channel: this.channelId, ...more };
  }

  /** Use a command. Rejects with an `ApiError` when the server does not take it. */
  async command(name, { type = 1, options, target, label = name } = {}) {
    const { interaction } = await api.command(this.#here({ name, type, options, target }));
    const entry = { id: interaction, name: label, channel: this.channelId, state: "waiting", error: null };
    if (!this.#answered(interaction)) {
      this.pending.set(interaction, entry);
      this.tell("pending");
    }
    this.#outcomes.follow(interaction, (outcome) => {
      entry.state = outcome.state;
      entry.error = outcome.error;
      if (outcome.state === "done" || outcome.message) this.pending.delete(interaction);
      else if (outcome.state === "failed") this.pending.set(interaction, entry);
      this.tell("pending");
    });
    return interaction;
  }

  #answered(interaction) {
    return [...this.messages.values()].some((message) => message.interaction_metadata?.id === interaction);
  }

  dismissPending(id) {
    this.pending.delete(id);
    this.tell("pending");
  }

  autocomplete(name, options) {
    return api.autocomplete(this.#here({ name, options }));
  }

  /** Send a file for an option of a command; resolves to its id and name. */
  upload(filename, content) {
    return api.file({ as: this.me.id, filename, content });
  }

  /** Press a button (no values) or choose in a select. */
  async press(message, customId, values) {
    const key = `${message.id}:${customId}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    this.failures.delete(message.id);
    if (values) this.chosen.set(key, values);
    this.tell("message", { id: message.id });
    const end = (failure) => {
      this.busy.delete(key);
      if (failure) this.failures.set(message.id, failure);
      this.tell("message", { id: message.id });
    };
    try {
      const { interaction } = await api.component(this.#here({ message: message.id, custom_id: customId, values }));
      this.#outcomes.follow(interaction, (outcome) => end(outcome.state === "failed" ? outcome.error : null));
    } catch (error) {
      end(error.message);
    }
  }

  /** Submit a modal; resolves to its outcome {state, error}. */
  async submit(modalId, components) {
    const { interaction } = await api.modal({ as: this.me.id, modal: modalId, components });
    return new Promise((resolve) => this.#outcomes.follow(interaction, resolve));
  }

  /** Add or remove a reaction; `burst` makes it a super reaction. */
  async react(message, emoji, on, burst = false) {
    const body = this.#here({ message: message.id, emoji, burst });
    await this.#act(() => (on ? api.react(body) : api.unreact(body)));
  }

  clearReactions(message, emoji) {
    return this.#act(() => api.clearReactions(this.#here({ message: message.id, emoji })));
  }

  /**
   * Press an answer of a poll: this votes for it, or takes the vote back. `mine` are the numbers of the answers that the
   * page shows as the member's votes. While an earlier press is being sent, that press counts instead.
   */
  async vote(message, answer, mine) {
    const before = this.#votes.get(message.id)?.answers ?? mine;
    const others = message.poll.allow_multiselect ? before.filter((one) => one !== answer) : [];
    const answers = before.includes(answer) ? others : [...others, answer];
    const body = this.#here({ message: message.id, answers });
    const earlier = this.#votes.get(message.id)?.sent;
    const sent = (async () => {
      await earlier; // so that votes arrive in the order of the presses
      await this.#act(() => api.vote(body));
    })();
    this.#votes.set(message.id, { answers, sent });
    await sent;
    if (this.#votes.get(message.id)?.sent === sent) this.#votes.delete(message.id);
  }

  endPoll(message) {
    return this.#act(() => api.endPoll(this.#here({ message: message.id })));
  }

  joinVoice(channel) {
    return this.#act(() => api.joinVoice({ as: this.me.id, channel: channel.id }));
  }

  leaveVoice(guild) {
    return this.#act(() => api.leaveVoice({ as: this.me.id, guild: guild.id }));
  }

  /** Do something with a scheduled event; `todo`: see `bot/playground/web/gatherings.py`. */
  event(event, todo) {
    return this.#act(() => api.event({ as: this.me.id, event: event.id, do: todo }));
  }

  remove(message) {
    return this.#act(() => api.remove(this.#here({ message: message.id })));
  }

  async dismiss(message) {
    await this.#act(() => api.dismiss({ as: this.me.id, message: message.id }));
    if (this.messages.delete(message.id)) this.tell("gone", { ids: [message.id] });
  }

  /** Send a message; `reply` is the message that it answers. */
  async say(content, reply = null) {
    this.#keep(await api.say(this.#here({ content, reply: reply?.id })));
  }

  /** Begin an answer to a message; null to stop. */
  reply(message) {
    this.tell("reply", { message });
  }

  async setClock(body) {
    await this.#act(async () => this.#takeClock(await api.clock(body)));
  }

  async #act(act) {
    try {
      return await act();
    } catch (error) {
      this.notice(error.message);
      return null;
    }
  }

  // --- what comes in ----------------------------------------------------------------------------

  #forget() {
    this.messages = new Map();
    this.hasEarlier = false;
    this.busy.clear();
    this.failures.clear();
    this.chosen.clear();
    this.tell("messages");
  }

  #show(state) {
    this.me = state.me;
    this.members = state.members ?? [];
    this.guilds = state.guilds ?? [];
    this.dms = state.dms ?? [];
    this.bot = state.bot;
    this.commands = state.commands ?? [];
    this.#takeClock(state.clock);
    this.tell("state");
    this.tell("bot");
  }

  async #fetchMessages() {
    const channel = this.channelId;
    this.#gone.clear();
    this.#fresh.clear();
    const list = (await this.#act(() => api.messages(this.me.id, channel, undefined, PAGE))) ?? [];
    if (channel !== this.channelId) return;
    const kept = (message) => !this.#gone.has(message.id) && (!isEphemeral(message) || this.#ephemerals.has(message.id));
    const found = new Map(list.filter(kept).map((message) => [message.id, message]));
    for (const [id, message] of this.messages) if (this.#fresh.has(id)) found.set(id, message);
    this.messages = found;
    this.hasEarlier = list.length >= PAGE;
    this.loading = false;
    this.tell("messages");
  }

  #takeClock(clock) {
    this.time.take(clock);
    this.tell("clock");
  }

  async #link(up, again) {
    this.linked = up;
    this.tell("link");
    if (up && again) await this.refresh({ all: true });
  }

  /** Fetches again what may have changed: the state, and with `all` the messages too. */
  async refresh({ all = false } = {}) {
    const turn = this.#turn;
    this.#refreshAll ||= all;
    this.#refreshes += 1;
    const refresh = this.#refreshes;
    const state = await this.#act(() => api.state(this.me.id));
    if (!state || turn !== this.#turn || refresh !== this.#refreshes) return; // a later answer is newer
    const whole = this.#refreshAll;
    this.#refreshAll = false;
    this.#show(state);
    if (!this.place) await this.open(this.places()[0]?.id ?? null);
    else if (whole) await this.#fetchMessages();
    else this.tell("place", { same: true });
  }

  #keep(message) {
    if (message.channel_id !== this.channelId) {
      if (this.places().some((place) => place.id === message.channel_id)) {
        this.unread.add(message.channel_id);
        this.tell("unread");
      }
      return;
    }
    const fresh = !this.messages.has(message.id);
    if (message.author?.id === this.bot.user.id) this.typingUntil = 0;
    this.messages.set(message.id, message);
    this.#fresh.add(message.id);
    if (message.interaction_metadata && this.pending.delete(message.interaction_metadata.id)) this.tell("pending");
    this.tell("message", { id: message.id, fresh });
    this.tell("typing");
  }

  #take(event) {
    if (event.type === "message" && isEphemeral(event.message)) this.#ephemerals.add(event.message.id);
    if (event.type === "message") this.#keep(event.message);
    else if (event.type === "message_update") {
      const message = event.message;
      if (!this.messages.has(message.id)) return;
      for (const key of this.chosen.keys()) if (key.startsWith(`${message.id}:`)) this.chosen.delete(key);
      this.messages.set(message.id, message);
      this.tell("message", { id: message.id });
    } else if (event.type === "message_delete") {
      event.ids.forEach((id) => this.#gone.add(id));
      const ids = event.ids.filter((id) => this.messages.delete(id));
      if (ids.length) this.tell("gone", { ids });
    } else if (event.type === "reactions") {
      const message = this.messages.get(event.message);
      if (!message) return;
      message.reactions = event.reactions;
      this.tell("reactions", { id: message.id });
    } else if (event.type === "interaction") this.#outcomes.settle(event.id, event);
    else if (event.type === "clock") this.#takeClock(event);
    else if (event.type === "bot") {
      this.bot = { ...this.bot, online: event.online };
      this.tell("bot");
    } else if (event.type === "typing") {
      if (event.channel !== this.channelId) return;
      this.typingUntil = Date.now() + 10000;
      this.tell("typing");
    } else if (event.type === "commands" || event.type === "channels") this.refresh();
  }
}
