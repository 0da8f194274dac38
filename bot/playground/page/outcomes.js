/**
 * The outcomes of the interactions this window started.
 *
 * Outcomes come over the live connection. An outcome may come before the server's answer to the call
 * that started the interaction, so before its id is known. It may also belong to another window of
 * the same member, and the forms of that window must not open here.
 */

const PATIENCE = 3600;
const KEPT = 20;

export class Outcomes {
  #ask;
  #onModal;
  #followed = new Map();
  #early = new Map();

  /** `ask(id)` fetches an outcome that has not come in time; `onModal(modal)` opens a form. */
  constructor(ask, onModal) {
    this.#ask = ask;
    this.#onModal = onModal;
  }

  /** Calls `listener` with every outcome {state, error, …} of an interaction of this window. */
  follow(id, listener) {
    const entry = { listener, heard: false };
    this.#followed.set(id, entry);
    const known = this.#early.get(id);
    this.#early.delete(id);
    if (known) this.settle(id, known);
    setTimeout(async () => {
      if (entry.heard) return;
      try {
        this.settle(id, await this.#ask(id));
      } catch (error) {
        this.settle(id, { state: "failed", error: error.message });
      }
    }, PATIENCE);
  }

  /** Handles an outcome. */
  settle(id, outcome) {
    if (outcome.state === "waiting") return;
    const entry = this.#followed.get(id);
    if (!entry) {
      this.#early.set(id, outcome);
      if (this.#early.size > KEPT) this.#early.delete(this.#early.keys().next().value);
      return;
    }
    entry.heard = true;
    if (outcome.state !== "thinking") this.#followed.delete(id);
    if (outcome.modal) this.#onModal(outcome.modal);
    entry.listener(outcome);
  }
}
