/**
 * What comes of the interactions this window started.
 *
 * Outcomes come over the live line: perhaps before the server has told the interaction's id,
 * perhaps of another window of the same member, whose forms must not open here.
 */

const PATIENCE = 3600;
const KEPT = 20;

export class Outcomes {
  #ask;
  #onModal;
  #followed = new Map();
  #early = new Map();

  /** `ask(id)` fetches an outcome when no word comes; `onModal(modal)` is told of a form to open. */
  constructor(ask, onModal) {
    this.#ask = ask;
    this.#onModal = onModal;
  }

  /** Tell `listener` every outcome {state, error, …} of an interaction of this window. */
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

  /** An outcome has come. */
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
