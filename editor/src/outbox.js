/*
 * What leaves for the others: every change of one's own at once, except while something holds it back (a composition). What was held is
 * merged and leaves as one change, so that nobody sees half-typed kana.
 *
 * A change that is larger than the server takes as an edit leaves as an answer of a synchronisation, for which the frame is the limit.
 * What cannot be sent is forgotten here: on the next connection the synchronisation brings it.
 */
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';

export const MESSAGE_SYNC = 0;
const SYNC_STEP_2 = 1, SYNC_UPDATE = 2;
/** The server's limit is 256 KiB; the frame around a change is smaller than the difference. */
const LARGEST_EDIT = 240 * 1024;
/** A composition that lasts longer is shown as it is: the others must not wait forever. */
export const LONGEST_HOLD_MS = 10_000;

/** @returns {Uint8Array} */
export function frameOf(/** @type {Uint8Array} */ change) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  encoding.writeVarUint(encoder, change.length > LARGEST_EDIT ? SYNC_STEP_2 : SYNC_UPDATE);
  encoding.writeVarUint8Array(encoder, change);
  return encoding.toUint8Array(encoder);
}

export class Outbox {
  /**
   * @param {(frame: Uint8Array) => boolean} send  whether it left
   * @param {() => void} sent                      called after changes left, or were left to the next synchronisation
   */
  constructor(send, sent) {
    this.send = send;
    this.sent = sent;
    /** @type {Uint8Array[]} */
    this.held = [];
    this.isHolding = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  put(/** @type {Uint8Array} */ change) {
    this.held.push(change);
    if (!this.isHolding) {
      this.flush();
    }
  }

  hold() {
    if (this.isHolding) {
      return;
    }
    this.isHolding = true;
    this.timer = setInterval(() => this.flush(), LONGEST_HOLD_MS);
  }

  release() {
    if (!this.isHolding) {
      return;
    }
    this.isHolding = false;
    clearInterval(this.timer);
    this.flush();
  }

  flush() {
    if (this.held.length === 0) {
      return;
    }
    const changes = this.held;
    this.held = [];
    this.send(frameOf(changes.length === 1 ? changes[0] : Y.mergeUpdates(changes)));
    this.sent();
  }
}
