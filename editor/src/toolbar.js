/* The row of buttons over the text: for thumbs, which have no shortcuts, and for everybody who does not know them. */
import { openSearchPanel } from '@codemirror/search';
import { beginWith, wrapWith } from './lists.js';
import { offer } from './menu.js';

/**
 * @typedef {object} Tools
 * @property {import('@codemirror/view').EditorView} view
 * @property {import('yjs').UndoManager} history
 * @property {import('./words.js').Words} words
 * @property {((isOpen: boolean) => void) | null} preview  null: there is none
 * @property {(() => void) | null} comment
 * @property {(() => void) | null} suggest
 * @property {boolean} isWriting
 */

/** The text keeps its focus and its selection while something is pressed that is about them. Not every browser takes both at the first event. */
export function keepChoice(/** @type {EventTarget} */ pressed, isAbout = (/** @type {Event} */ _event) => true) {
  const keep = (/** @type {Event} */ event) => { if (isAbout(event)) { event.preventDefault(); } };
  pressed.addEventListener('pointerdown', keep);
  pressed.addEventListener('mousedown', keep);
  return () => {
    pressed.removeEventListener('pointerdown', keep);
    pressed.removeEventListener('mousedown', keep);
  };
}

/** @returns {HTMLButtonElement} */
function button(/** @type {string} */ word, /** @type {(button: HTMLButtonElement) => void} */ act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button button--quiet';
  made.textContent = word;
  keepChoice(made);
  made.addEventListener('click', () => act(made));
  return made;
}

function flip(/** @type {HTMLButtonElement} */ pressed) {
  const isOpen = pressed.getAttribute('aria-pressed') !== 'true';
  pressed.setAttribute('aria-pressed', String(isOpen));
  return isOpen;
}

/** @returns {HTMLElement} */
export function toolbar(/** @type {Tools} */ { view, history, words, preview, comment, suggest, isWriting }) {
  const bar = document.createElement('div');
  bar.dataset.tools = '';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', words.tools);
  const command = (/** @type {(view: any) => unknown} */ act) => () => {
    act(view);
    view.focus();
  };
  const writing = isWriting ? [
    button(words.bold, command(wrapWith('**'))),
    button(words.heading, command(beginWith('## '))),
    button(words.list, command(beginWith('- '))),
    button(words.task, command(beginWith('- [ ] '))),
    button(words.insert, () => offer(view)),
    button(words.undo, command(() => history.undo())),
    button(words.redo, command(() => history.redo())),
  ] : [];
  bar.append(...writing, button(words.find, () => openSearchPanel(view)));
  if (comment) { bar.append(button(words.comment, comment)); }
  if (suggest) { bar.append(button(words.suggest, suggest)); }
  if (preview) {
    const toggle = button(words.preview, (pressed) => preview(flip(pressed)));
    toggle.setAttribute('aria-pressed', 'false');
    bar.append(toggle);
  }
  return bar;
}
