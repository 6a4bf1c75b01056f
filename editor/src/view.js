/* The editor itself: which extensions it is made of, in the order in which they get keys. */
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, tooltips, ViewPlugin } from '@codemirror/view';
import { deleteLine, indentLess, indentMore, moveLineDown, moveLineUp, standardKeymap } from '@codemirror/commands';
import { search, searchKeymap } from '@codemirror/search';
import { carets } from './carets.js';
import { followComposition, isComposingKey } from './composing.js';
import { historyRules } from './history.js';
import { inputRules } from './input.js';
import { continueList, wrapWith } from './lists.js';
import { markdown } from './markdown.js';
import { menu } from './menu.js';
import { pieces } from './snippets.js';
import { syncing } from './sync.js';
import { look } from './theme.js';
import { threadMarks } from './threads.js';
import { phrasesIn } from './words.js';

/** How long Tab leaves the editor after Escape. */
const LEAVES_FOR_MS = 10_000;

const access = new Compartment();

/**
 * @typedef {object} Parts
 * @property {import('./attributes.js').Wanted} wanted
 * @property {import('./words.js').Words} words
 * @property {import('./room.js').Room} room
 * @property {import('./sync.js').Sync} sync
 * @property {import('yjs').UndoManager} history
 * @property {import('./composing.js').Composing} composing
 * @property {string} nonce
 * @property {string} helpId
 * @property {() => { top: number, bottom: number } | null} margins  what of the window lies under something else
 * @property {() => import('./graphs.js').Graph[]} graphs  those that were kept with the document
 * @property {() => void} comment
 * @property {() => void} suggest
 * @property {(place: number) => void} touched          the caret came to a place, or the text was clicked there
 * @property {(word: 'pasteTooLarge' | 'full') => void} refused
 * @property {() => void} changed                       the text is another one
 */

/** @returns {import('@codemirror/state').Extension} */
function permitted(/** @type {boolean} */ isReadOnly, /** @type {Parts} */ { wanted, helpId }) {
  const attributes = { 'aria-label': wanted.label, 'aria-describedby': helpId, spellcheck: 'false', autocapitalize: 'off' };
  return [
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    // What cannot be edited can still be read and searched with the keyboard.
    EditorView.contentAttributes.of(isReadOnly ? { ...attributes, tabindex: '0', role: 'textbox', 'aria-multiline': 'true', 'aria-readonly': 'true' } : attributes),
  ];
}

/** Escape, when nothing else wanted it: the next Tab goes on in the screen. */
function letGo(/** @type {EditorView} */ view, /** @type {import('./words.js').Words} */ words) {
  view.setTabFocusMode(LEAVES_FOR_MS);
  view.dispatch({ effects: EditorView.announce.of(words.leaving) });
  return true;
}

function tab(/** @type {(view: EditorView) => boolean} */ command) {
  return (/** @type {EditorView} */ view) => !view.state.readOnly && command(view);
}

/** @returns {import('@codemirror/state').Extension} */
function keys(/** @type {Parts} */ { words, comment, suggest }) {
  const ours = (/** @type {() => void} */ act) => () => (act(), true);
  return keymap.of([
    ...searchKeymap.filter(({ key }) => key !== 'Mod-Alt-g'),
    { key: 'Enter', run: continueList },
    { key: 'Mod-b', run: wrapWith('**') },
    { key: 'Mod-i', run: wrapWith('*') },
    { key: 'Mod-Alt-m', run: ours(comment), preventDefault: true },
    { key: 'Mod-Alt-s', run: ours(suggest), preventDefault: true },
    { key: 'Alt-ArrowUp', run: moveLineUp },
    { key: 'Alt-ArrowDown', run: moveLineDown },
    { key: 'Shift-Mod-k', run: deleteLine },
    { key: 'Tab', run: tab(indentMore), shift: tab(indentLess) },
    ...standardKeymap,
    { key: 'Escape', run: (view) => letGo(view, words) },
  ]);
}

/** What of the window a list may stand in: what is seen of it, without what the tools cover. */
function spaceOf(/** @type {{ top: number, bottom: number } | null} */ covered) {
  const seen = globalThis.visualViewport, bottom = seen ? seen.offsetTop + seen.height : innerHeight;
  return { left: 0, right: document.documentElement.clientWidth, top: covered?.top ?? 0, bottom: bottom - (covered?.bottom ?? 0) };
}

/** @returns {import('@codemirror/state').Extension[]} */
function extensions(/** @type {Parts} */ parts) {
  const { wanted, room, sync, history, composing, nonce } = parts;
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.phrases.of(phrasesIn(wanted.locale)),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    // A caret that the keyboard brings into sight is not under the tools.
    EditorView.scrollMargins.of(() => parts.margins()),
    tooltips({ tooltipSpace: () => spaceOf(parts.margins()) }),
    followComposition(composing),
    inputRules(parts.refused),
    historyRules(history, sync),
    syncing(sync, composing),
    carets(room, sync, composing, !wanted.readOnly),
    markdown(),
    threadMarks(),
    search({ top: true }),
    menu(() => pieces(wanted.locale, wanted.incident, parts.graphs()), parts.words.insert),
    keys(parts),
    look(),
    access.of(permitted(wanted.readOnly, parts)),
    EditorView.domEventHandlers({
      keydown(event) {
        // What the input method takes is nobody's shortcut, in the screen around the editor either.
        if (isComposingKey(event)) { event.stopPropagation(); }
        return false;
      },
    }),
    ViewPlugin.define(() => ({
      update(update) {
        if (update.docChanged) { parts.changed(); }
        if (update.selectionSet) { parts.touched(update.state.selection.main.head); }
      },
    })),
  ];
}

/** @returns {EditorView} */
export function viewOf(/** @type {HTMLElement} */ parent, /** @type {Parts} */ parts) {
  const state = EditorState.create({ doc: parts.room.text.toString(), extensions: extensions(parts) });
  return new EditorView({ state, parent });
}

/** Takes the right to write away, or gives it back. */
export function setReadOnly(/** @type {EditorView} */ view, /** @type {boolean} */ isReadOnly, /** @type {Parts} */ parts) {
  view.dispatch({ effects: access.reconfigure(permitted(isReadOnly, parts)) });
}
