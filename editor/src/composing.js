/*
 * Japanese input. While something is being composed, what leaves is held back, whatever waits (previews, highlights) goes on waiting, and
 * everything that is composed becomes one step of undo: the history would otherwise cut it every half second.
 *
 * A composition ends a moment after its event: the editor reads the last change off the document only then.
 */
import { EditorView, ViewPlugin } from '@codemirror/view';

const SETTLES_AFTER_MS = 60;
const NEVER = Number.POSITIVE_INFINITY;

export class Composing {
  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('yjs').UndoManager} history
   */
  constructor(outbox, history) {
    this.outbox = outbox;
    this.history = history;
    this.isActive = false;
    this.pause = history.captureTimeout;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Set<() => void>} */
    this.waiting = new Set();
  }

  begin() {
    this.#settleNow();
    this.isActive = true;
    this.outbox.hold();
    this.history.stopCapturing();
    this.history.captureTimeout = NEVER;
  }

  end() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#settle(), SETTLES_AFTER_MS);
  }

  /** Ends what is under way at once: the editor goes. */
  close() {
    this.waiting.clear();
    this.#settleNow();
  }

  /** Does it now, or once when the composition has ended. */
  whenIdle(/** @type {() => void} */ act) {
    if (this.isActive) {
      this.waiting.add(act);
    } else {
      act();
    }
  }

  #settleNow() {
    clearTimeout(this.timer);
    if (this.isActive) {
      this.#settle();
    }
  }

  #settle() {
    this.isActive = false;
    this.history.captureTimeout = this.pause;
    this.history.stopCapturing();
    this.outbox.release();
    const waiting = [...this.waiting];
    this.waiting.clear();
    waiting.forEach((act) => act());
  }
}

/** Watches an editor's compositions. @returns {import('@codemirror/state').Extension} */
export function followComposition(/** @type {Composing} */ composing) {
  return [
    EditorView.domEventObservers({
      compositionstart: () => composing.begin(),
      compositionend: () => composing.end(),
    }),
    ViewPlugin.define(() => ({ destroy: () => composing.close() })),
  ];
}

/** Whether a key belongs to the input method: the Enter that commits kanji must not send a form. */
export function isComposingKey(/** @type {KeyboardEvent} */ event) {
  return event.isComposing || event.keyCode === 229;
}
