/*
 * A document that is open: its shared text, the socket, who else is there, and what is kept offline.
 *
 * The provider is the unmodified one; two of its handlers are replaced. Changes go through the outbox, which can hold them back. Of what is
 * known about people only one's own is sent: the original repeats everybody's.
 */
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import { Outbox } from './outbox.js';
import { Saving } from './saving.js';
import { IndexeddbPersistence } from 'y-indexeddb';
import { isMarked, keep, mark } from './keeping.js';

const MESSAGE_AWARENESS = 1, MESSAGE_PROBE = 102;
export const BODY = 'body';

/**
 * @typedef {object} RoomWanted
 * @property {string} server
 * @property {string} room
 * @property {{ name: string, colour: number } | null} user   null: nobody is told that we are here
 * @property {string} database                                 empty: nothing is kept offline
 * @property {typeof WebSocket} [socket]                       for tests
 * @property {(state: import('./saving.js').SaveState) => void} onSaving
 * @property {() => void} onSynced                             each time a connection is synchronised
 * @property {(code: number) => void} onClosed                 the server does not want us any more
 */

/** @returns {Uint8Array} */
function awarenessFrame(/** @type {any} */ awareness) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
  encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
  return encoding.toUint8Array(encoder);
}

/** @returns {Uint8Array} */
function probeFrame(/** @type {number} */ version) {
  const proof = encoding.createEncoder();
  encoding.writeVarUint(proof, version);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_PROBE);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(proof));
  return encoding.toUint8Array(encoder);
}

export class Room {
  /** @param {RoomWanted} wanted */
  constructor(wanted) {
    this.wanted = wanted;
    this.doc = new Y.Doc();
    this.text = this.doc.getText(BODY);
    this.provider = this.#provider();
    this.awareness = this.provider.awareness;
    this.outbox = new Outbox((frame) => this.#send(frame), () => this.saving.sent());
    this.saving = new Saving((version) => this.#send(probeFrame(version)), (state) => this.#savingBecame(state));
    /** @type {import('y-indexeddb').IndexeddbPersistence | null} */
    this.kept = null;
    this.isClosed = false;
    this.isLeft = Boolean(wanted.database) && isMarked(wanted.database);
    /** @type {boolean | undefined} */
    this.isMarked = undefined;
    this.#listen();
    this.awareness.setLocalState(wanted.user ? { user: wanted.user } : null);
  }

  /** Reads what was kept, then connects. Never fails: without storage it only connects. */
  async open() {
    if (this.wanted.database) {
      this.kept = await keep(this.wanted.database, this.doc).catch(() => null);
    }
    if (!this.isClosed) {
      this.provider.connect();
    }
  }

  connect() {
    this.provider.connect();
  }

  /** A fresh connection, and with it everything that was not confirmed. */
  reconnect() {
    this.provider.disconnect();
    this.provider.connect();
  }

  /** Whether an earlier visit left something unsent that no connection has confirmed since. */
  hasLeftovers() {
    return this.isLeft && this.saving.state !== 'saved';
  }

  /** Ends it. What is kept stays, unless it is to be forgotten. */
  async close(isForgotten = false) {
    if (this.isClosed) {
      return;
    }
    this.isClosed = true;
    this.outbox.release();
    this.saving.close();
    this.awareness.setLocalState(null);
    this.provider.destroy();
    if (isForgotten) {
      mark(this.wanted.database, false);
      await this.kept?.clearData();
    }
    this.doc.destroy();
  }

  #provider() {
    const provider = new WebsocketProvider(this.wanted.server, this.wanted.room, this.doc, {
      connect: false,
      // Tabs of one browser would show each other what is not on disk yet.
      disableBc: true,
      ...(this.wanted.socket ? { WebSocketPolyfill: this.wanted.socket } : {}),
    });
    this.doc.off('update', provider._updateHandler);
    provider.awareness.off('update', provider._awarenessUpdateHandler);
    return provider;
  }

  #listen() {
    const { doc, provider, awareness } = this;
    doc.on('update', (/** @type {Uint8Array} */ change, /** @type {unknown} */ origin) => {
      if (origin !== provider && !(origin instanceof IndexeddbPersistence)) {
        this.saving.edited();
        this.#mark();
        this.outbox.put(change);
      }
    });
    awareness.on('update', (/** @type {any} */ { added, updated, removed }) => {
      if ([...added, ...updated, ...removed].includes(doc.clientID)) {
        this.#send(awarenessFrame(awareness));
      }
    });
    provider.on('sync', (isSynced) => (isSynced ? this.#synced() : this.saving.offline()));
    provider.on('closed', ({ code }) => this.wanted.onClosed(code));
    provider.messageHandlers[MESSAGE_PROBE] = (_encoder, decoder) => {
      this.saving.proved(decoding.readVarUint(decoding.createDecoder(decoding.readVarUint8Array(decoder))));
    };
  }

  #synced() {
    // The server asks for our part before it sends its own; the answer leaves when this handler is done, and the probe must follow it.
    setTimeout(() => {
      if (this.provider.synced) {
        this.saving.online();
      }
    }, 0);
    this.wanted.onSynced();
  }

  #savingBecame(/** @type {import('./saving.js').SaveState} */ state) {
    this.#mark();
    this.wanted.onSaving(state);
  }

  /** Remembers beyond this visit whether something is unsent. What an earlier visit left is unsent until a probe has come back. */
  #mark() {
    const isUnsent = this.saving.isUnsaved();
    if (this.wanted.database && isUnsent !== this.isMarked && (isUnsent || this.saving.state === 'saved')) {
      this.isMarked = isUnsent;
      mark(this.wanted.database, isUnsent);
    }
  }

  #send(/** @type {Uint8Array} */ frame) {
    const socket = this.provider.ws;
    if (this.provider.wsconnected && socket !== null && socket.readyState === socket.OPEN) {
      socket.send(/** @type {any} */ (frame));
      return true;
    }
    return false;
  }
}
