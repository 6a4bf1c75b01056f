/*
 * The editor's text and the shared one, kept equal. What is typed goes into the shared text at once, and what others write comes into the
 * editor at once, with one exception: while something is being composed, nobody's change may touch the line it is composed in, because the
 * browser cancels a composition whose letters are moved by script. Such changes wait until it has ended, and with them all that come after.
 *
 * Meanwhile the two texts differ by what waits. Places and changes are carried over by the editor's own algebra of changes: for what waits `W`
 * and a change of ours `L`, `W ∘ L.map(W)` is `L ∘ W.map(L, true)`.
 */
import * as Y from 'yjs';
import { Annotation, ChangeSet } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';

/** On changes that come from the shared text: somebody else's, and what undo brings back. */
export const shared = Annotation.define();

/** What stands for a thing in the text that is no text. It has the length of one, as there. */
const NO_TEXT = '\uFFFC';

/** @returns {ChangeSet} */
export function changesOf(/** @type {any[]} */ delta, /** @type {number} */ length) {
  /** @type {{ from: number, to?: number, insert?: string }[]} */
  const changes = [];
  let at = 0;
  for (const { insert, delete: deleted, retain } of delta) {
    if (insert !== undefined) {
      changes.push({ from: at, insert: typeof insert === 'string' ? insert : NO_TEXT });
    } else {
      if (deleted) { changes.push({ from: at, to: at + deleted }); }
      at += deleted ?? retain;
    }
  }
  return ChangeSet.of(changes, length, '\n');
}

/** Writes a change into the shared text. */
export function write(/** @type {Y.Text} */ text, /** @type {ChangeSet} */ changes, /** @type {unknown} */ origin) {
  Y.transact(/** @type {Y.Doc} */ (text.doc), () => {
    let moved = 0;
    changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
      const insert = inserted.sliceString(0, inserted.length, '\n');
      if (fromA !== toA) { text.delete(fromA + moved, toA - fromA); }
      if (insert.length > 0) { text.insert(fromA + moved, insert); }
      moved += insert.length - (toA - fromA);
    });
  }, origin);
}

/** Whether a change reaches into a span, its ends included. */
function touches(/** @type {ChangeSet} */ changes, /** @type {{ from: number, to: number }} */ span) {
  return changes.touchesRange(span.from, span.to) !== false;
}

/** What is typed here has this as its origin. */
export class Sync {
  constructor(/** @type {Y.Text} */ text) {
    this.text = text;
    /** @type {ChangeSet | null} */
    this.waiting = null;
  }

  /** A place of the editor in the shared text. */
  toShared(/** @type {number} */ place) {
    return this.waiting ? this.waiting.mapPos(place, 1) : place;
  }

  /** A place of the shared text in the editor. */
  toShown(/** @type {number} */ place) {
    return this.waiting ? this.waiting.invertedDesc.mapPos(Math.min(place, this.waiting.newLength), 1) : place;
  }

  /** A change of ours, carried over what waits. @returns {ChangeSet} */
  typed(/** @type {ChangeSet} */ change) {
    const carried = this.waiting ? change.map(this.waiting) : change;
    this.waiting = this.waiting ? this.waiting.map(change, true) : null;
    return carried;
  }

  wait(/** @type {ChangeSet} */ change) {
    this.waiting = this.waiting ? this.waiting.compose(change) : change;
  }
}

class Syncing {
  /** @param {import('@codemirror/view').EditorView} view @param {Sync} sync @param {import('./composing.js').Composing} composing */
  constructor(view, sync, composing) {
    this.view = view;
    this.sync = sync;
    this.composing = composing;
    this.came = (/** @type {any} */ event, /** @type {any} */ transaction) => transaction.origin === sync || this.#came(event.delta);
    this.catchUp = () => this.#catchUp();
    sync.text.observe(this.came);
  }

  update(/** @type {import('@codemirror/view').ViewUpdate} */ update) {
    for (const transaction of update.transactions) {
      if (transaction.docChanged && !transaction.annotation(shared)) {
        write(this.sync.text, this.sync.typed(transaction.changes), this.sync);
      }
    }
  }

  destroy() {
    this.sync.text.unobserve(this.came);
  }

  #came(/** @type {any[]} */ delta) {
    const { doc, selection } = this.view.state, { sync, composing } = this;
    const changes = changesOf(delta, sync.waiting ? sync.waiting.newLength : doc.length);
    if (sync.waiting || (composing.isActive && touches(changes, doc.lineAt(selection.main.head)))) {
      sync.wait(changes);
      composing.whenIdle(this.catchUp);
    } else {
      this.#show(changes);
    }
  }

  #catchUp() {
    const { waiting } = this.sync;
    if (waiting) {
      this.sync.waiting = null;
      this.#show(waiting);
    }
  }

  #show(/** @type {ChangeSet} */ changes) {
    this.view.dispatch({ changes, annotations: shared.of(true) });
  }
}

/** @returns {import('@codemirror/state').Extension} */
export function syncing(/** @type {Sync} */ sync, /** @type {import('./composing.js').Composing} */ composing) {
  return ViewPlugin.define((view) => new Syncing(view, sync, composing));
}
