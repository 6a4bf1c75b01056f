/*
 * The carets of the others, drawn in layers over and under the text. Nothing of them stands in the text itself, so they neither move lines
 * nor touch what is being composed.
 */
import * as Y from 'yjs';
import { EditorSelection, StateEffect } from '@codemirror/state';
import { layer, RectangleMarker, ViewPlugin } from '@codemirror/view';
import { AFTER, BEFORE, placeOf } from './anchors.js';
import { peerOf } from './people.js';
import { shared } from './sync.js';

/** The server takes twenty a second. */
const TELLS_EVERY_MS = 100;
/** However many move, and however often. */
const SHOWS_EVERY_MS = 100;
/** More are not drawn: nobody can tell them apart, and each costs time at every key. The list of who is here says how many there are. */
export const MOST_CARETS = 20;

const moved = StateEffect.define();

class Caret {
  /** @param {import('@codemirror/view').RectangleMarker} box @param {import('./people.js').Peer} peer */
  constructor(box, peer) {
    this.box = box;
    this.peer = peer;
  }

  eq(/** @type {Caret} */ other) {
    return this.box.eq(other.box) && this.peer.name === other.peer.name && this.peer.colour === other.peer.colour;
  }

  draw() {
    const caret = this.box.draw(), name = document.createElement('span');
    caret.dataset.colour = String(this.peer.colour);
    name.textContent = this.peer.name;
    caret.append(name);
    return caret;
  }

  update(/** @type {HTMLElement} */ caret, /** @type {Caret} */ before) {
    const isSame = before.peer.client === this.peer.client && before.peer.name === this.peer.name && before.peer.colour === this.peer.colour;
    return isSame && this.box.update(caret, before.box);
  }
}

/** @typedef {{ peer: import('./people.js').Peer, range: import('@codemirror/state').SelectionRange }} Shown */

/** The few that are nearest to a place. @returns {Shown[]} */
export function nearest(/** @type {Shown[]} */ all, /** @type {number} */ place, most = MOST_CARETS) {
  const away = (/** @type {Shown} */ { range }) => Math.abs(range.head - place);
  return all.length <= most ? all : [...all].sort((one, other) => away(one) - away(other)).slice(0, most);
}

/** Stays with the letter that the peer's own position stays with. */
function sideOf(/** @type {any} */ position) {
  return position?.assoc < 0 ? -1 : 1;
}

/**
 * Where the others are. A place in the shared text is looked up only when its owner moved, since that walks through the text; what is
 * written meanwhile carries the places that are known along.
 */
class Others {
  /** @param {import('@codemirror/view').EditorView} view @param {import('./room.js').Room} room @param {import('./sync.js').Sync} sync */
  constructor(view, room, sync) {
    this.view = view;
    this.room = room;
    this.sync = sync;
    /** @type {Map<number, { peer: import('./people.js').Peer, range: import('@codemirror/state').SelectionRange | null }>} */
    this.known = new Map();
    /** @type {Set<number>} those who moved since it was drawn */
    this.moved = new Set(room.awareness.getStates().keys());
    this.shownAt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.changed = (/** @type {any} */ { added, updated, removed }) => this.#noted([...added, ...updated, ...removed]);
    room.awareness.on('change', this.changed);
    this.#look();
  }

  update(/** @type {import('@codemirror/view').ViewUpdate} */ update) {
    if (!update.docChanged) {
      return;
    }
    const isRemote = update.transactions.some((transaction) => transaction.annotation(shared));
    for (const entry of this.known.values()) {
      if (entry.range) {
        const to = (/** @type {number} */ place, /** @type {any} */ position) => update.changes.mapPos(Math.min(place, update.changes.length), sideOf(position));
        entry.range = EditorSelection.range(to(entry.range.anchor, entry.peer.cursor.anchor), to(entry.range.head, entry.peer.cursor.head));
      } else if (isRemote) {
        // Its letter may have come now.
        entry.range = this.#rangeOf(entry.peer);
      }
    }
  }

  /** Those to be drawn: the nearest of those who are where the reader looks. @returns {Shown[]} */
  shown() {
    const { viewport, state } = this.view, { head } = state.selection.main;
    const place = viewport.from <= head && head <= viewport.to ? head : Math.round((viewport.from + viewport.to) / 2);
    /** @type {Shown[]} */
    const seen = [];
    for (const { peer, range } of this.known.values()) {
      if (range && range.to <= state.doc.length && range.to >= viewport.from && range.from <= viewport.to) { seen.push({ peer, range }); }
    }
    return nearest(seen, place);
  }

  destroy() {
    clearTimeout(this.timer);
    this.room.awareness.off('change', this.changed);
  }

  #noted(/** @type {number[]} */ clients) {
    const others = clients.filter((client) => client !== this.room.awareness.clientID);
    others.forEach((client) => this.moved.add(client));
    if (others.length > 0) {
      this.timer ??= setTimeout(() => this.#show(), Math.max(0, this.shownAt + SHOWS_EVERY_MS - Date.now()));
    }
  }

  #show() {
    this.timer = undefined;
    this.shownAt = Date.now();
    this.#look();
    this.view.dispatch({ effects: moved.of(null) });
  }

  #look() {
    const states = this.room.awareness.getStates();
    for (const client of this.moved) {
      const peer = client === this.room.awareness.clientID ? null : peerOf(client, states.get(client));
      if (peer?.cursor) { this.known.set(client, { peer, range: this.#rangeOf(peer) }); } else { this.known.delete(client); }
    }
    this.moved.clear();
  }

  /** Where a peer's selection is now; null when that is nowhere, or nowhere yet. */
  #rangeOf(/** @type {import('./people.js').Peer} */ peer) {
    const { sync } = this;
    try {
      const anchor = placeOf(sync.text, Y.createRelativePositionFromJSON(peer.cursor.anchor));
      const head = placeOf(sync.text, Y.createRelativePositionFromJSON(peer.cursor.head));
      return anchor === null || head === null ? null : EditorSelection.range(sync.toShown(anchor), sync.toShown(head));
    } catch {
      // A state may hold anything.
      return null;
    }
  }
}

function isMoved(/** @type {import('@codemirror/view').ViewUpdate} */ update) {
  return update.docChanged || update.geometryChanged || update.viewportChanged || update.transactions.some((one) => one.effects.some((effect) => effect.is(moved)));
}

/**
 * Tells the others where our caret is, at most ten times a second, and not while something is being composed: they do not have those
 * letters yet.
 * @param {import('@codemirror/view').EditorView} view @param {import('./room.js').Room} room @param {import('./sync.js').Sync} sync
 * @param {import('./composing.js').Composing} composing
 */
function teller(view, room, sync, composing) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tell = () => {
    timer = undefined;
    if (room.awareness.getLocalState() === null) {
      return;
    }
    const { anchor, head } = view.state.selection.main;
    const at = (/** @type {number} */ shown) => {
      const place = sync.toShared(shown);
      return Y.createRelativePositionFromTypeIndex(room.text, place, place === room.text.length ? BEFORE : AFTER);
    };
    room.awareness.setLocalStateField('cursor', view.hasFocus ? { anchor: at(anchor), head: at(head) } : null);
  };
  const soon = () => {
    timer ??= setTimeout(() => composing.whenIdle(tell), TELLS_EVERY_MS);
  };
  return {
    update(/** @type {import('@codemirror/view').ViewUpdate} */ update) {
      if (update.selectionSet || update.docChanged || update.focusChanged) {
        soon();
      }
    },
    destroy() {
      clearTimeout(timer);
    },
  };
}

/**
 * @param {import('./room.js').Room} room @param {import('./sync.js').Sync} sync @param {import('./composing.js').Composing} composing
 * @param {boolean} isTelling
 * @returns {import('@codemirror/state').Extension}
 */
export function carets(room, sync, composing, isTelling) {
  const others = ViewPlugin.define((view) => new Others(view, room, sync));
  const shown = (/** @type {import('@codemirror/view').EditorView} */ view) => view.plugin(others)?.shown() ?? [];
  return [
    others,
    layer({
      above: true, class: 'cm-others', update: isMoved,
      markers: (view) => shown(view).flatMap(({ peer, range }) =>
        RectangleMarker.forRange(view, 'cm-other', EditorSelection.cursor(range.head)).map((box) => new Caret(box, peer))),
    }),
    layer({
      above: false, class: 'cm-others-chosen', update: isMoved,
      markers: (view) => shown(view).filter(({ range }) => !range.empty).flatMap(({ peer, range }) =>
        RectangleMarker.forRange(view, `cm-other-chosen cm-other-chosen-${peer.colour}`, range)),
    }),
    isTelling ? ViewPlugin.define((view) => teller(view, room, sync, composing)) : [],
  ];
}
