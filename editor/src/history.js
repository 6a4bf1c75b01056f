/* Undo of one's own edits, never of another's. The selection comes back with the text. */
import * as Y from 'yjs';
import { Prec } from '@codemirror/state';
import { EditorView, keymap, ViewPlugin } from '@codemirror/view';
import { AFTER, placeOf } from './anchors.js';
import { shared } from './sync.js';

/**
 * @param {Y.Text} text
 * @param {import('./sync.js').Sync} sync  the origin of what is typed here
 */
export function historyOf(text, sync) {
  return new Y.UndoManager(text, { trackedOrigins: new Set([sync]) });
}

/**
 * Keeps the selection from before a step with the step.
 * @param {EditorView} view @param {Y.UndoManager} history @param {import('./sync.js').Sync} sync
 */
function selections(view, history, sync) {
  const key = Symbol('selection');
  const at = (/** @type {number} */ place) => Y.createRelativePositionFromTypeIndex(sync.text, sync.toShared(place), AFTER);
  const selected = () => ({ anchor: at(view.state.selection.main.anchor), head: at(view.state.selection.main.head) });
  let before = selected();
  const added = (/** @type {any} */ { stackItem }) => stackItem.meta.set(key, before);
  const popped = (/** @type {any} */ { stackItem }) => {
    const kept = stackItem.meta.get(key);
    const anchor = kept && placeOf(sync.text, kept.anchor), head = kept && placeOf(sync.text, kept.head);
    if (typeof anchor === 'number' && typeof head === 'number') {
      view.dispatch({ selection: { anchor: sync.toShown(anchor), head: sync.toShown(head) }, scrollIntoView: true });
    }
  };
  history.on('stack-item-added', added);
  history.on('stack-item-popped', popped);
  return {
    update(/** @type {import('@codemirror/view').ViewUpdate} */ update) {
      const isRemote = update.transactions.some((transaction) => transaction.annotation(shared));
      // The text has the change only after this update: what stands here is where the caret was when it last moved by itself.
      if (update.selectionSet && !update.docChanged && !isRemote) {
        before = selected();
      } else if (update.docChanged && !isRemote) {
        queueMicrotask(() => { before = selected(); });
      }
    },
    destroy() {
      history.off('stack-item-added', added);
      history.off('stack-item-popped', popped);
    },
  };
}

/** @returns {import('@codemirror/state').Extension} */
export function historyRules(/** @type {Y.UndoManager} */ history, /** @type {import('./sync.js').Sync} */ sync) {
  const undo = () => (history.undo(), true), redo = () => (history.redo(), true);
  return [
    ViewPlugin.define((view) => selections(view, history, sync)),
    Prec.high(keymap.of([
      { key: 'Mod-z', run: undo, preventDefault: true },
      { key: 'Mod-y', mac: 'Mod-Shift-z', run: redo, preventDefault: true },
      { key: 'Mod-Shift-z', run: redo, preventDefault: true },
    ])),
    EditorView.domEventHandlers({
      beforeinput(event) {
        const isUndo = event.inputType === 'historyUndo';
        const isOurs = isUndo || event.inputType === 'historyRedo';
        if (isOurs) {
          (isUndo ? undo : redo)();
          event.preventDefault();
        }
        return isOurs;
      },
    }),
  ];
}
