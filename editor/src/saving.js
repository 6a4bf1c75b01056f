/*
 * Whether what was typed is safe. After every change a probe follows (message 102, see the server's protocol): it comes back when
 * everything that was sent before it is on disk. One probe is under way at a time.
 *
 *   offline   no synchronised connection; what is typed is kept here
 *   saving    something is under way
 *   stuck     connected, but the probe has not come back for long: the server may have refused what was written
 *   saved     everything is on disk
 */

/** @typedef {'offline' | 'saving' | 'stuck' | 'saved'} SaveState */

export const STUCK_AFTER_MS = 10_000;

export class Saving {
  /**
   * @param {(version: number) => void} probe
   * @param {(state: SaveState) => void} show
   */
  constructor(probe, show) {
    this.probe = probe;
    this.show = show;
    this.version = 0;
    this.saved = 0;
    /** The version that the probe under way will prove, or 0. */
    this.asked = 0;
    this.isOnline = false;
    /** @type {SaveState} */
    this.state = 'offline';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Whether something was typed that nobody has confirmed. */
  isUnsaved() {
    return this.saved < this.version;
  }

  /** Something was typed. It may still be held back. */
  edited() {
    this.version += 1;
    this.#tell();
  }

  /** What was typed has left. */
  sent() {
    this.#ask();
  }

  /** Connected and synchronised: what was written meanwhile has been sent with it. */
  online() {
    this.isOnline = true;
    this.asked = 0;
    // Asked even when nothing is known to be unsaved: what an earlier visit left behind has just been sent too.
    this.version = Math.max(this.version, 1);
    this.#ask();
    this.#tell();
  }

  offline() {
    this.isOnline = false;
    this.asked = 0;
    this.#watch(false);
    this.#tell();
  }

  /** A probe came back. */
  proved(/** @type {number} */ version) {
    if (version !== this.asked) {
      return;
    }
    this.asked = 0;
    this.saved = Math.max(this.saved, version);
    this.#watch(false);
    if (this.isUnsaved()) {
      this.#ask();
      this.#become('saving');
    }
    this.#tell();
  }

  close() {
    this.#watch(false);
  }

  #ask() {
    if (!this.isOnline || this.asked !== 0) {
      return;
    }
    this.asked = this.version;
    this.#watch(true);
    this.probe(this.version);
  }

  #watch(/** @type {boolean} */ isAsking) {
    clearTimeout(this.timer);
    if (isAsking) {
      this.timer = setTimeout(() => this.#become('stuck'), STUCK_AFTER_MS);
    }
  }

  #tell() {
    if (!this.isOnline) {
      this.#become('offline');
    } else if (!this.isUnsaved()) {
      this.#become('saved');
    } else if (this.state !== 'stuck' || this.asked === 0) {
      this.#become('saving');
    }
  }

  #become(/** @type {SaveState} */ state) {
    if (state !== this.state) {
      this.state = state;
      this.show(state);
    }
  }
}
