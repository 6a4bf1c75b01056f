/*
 * The list that `/` at the beginning of a line opens. A full-width slash does too, since that is what an input method gives. The text keeps
 * the focus; the list is told to those who hear it by `aria-activedescendant`.
 */
import { Prec, StateEffect, StateField } from '@codemirror/state';
import { EditorView, keymap, showTooltip } from '@codemirror/view';
import { expanded, fitting } from './snippets.js';

const OPENS = /^[ \t]*(?:[-*+] )?([/／・])([\p{L}\p{N}_-]*)$/u;
let n_lists = 0;

/** @typedef {{ from: number, at: number, active: number, found: import('./snippets.js').Piece[] }} Open */

/** @type {import('@codemirror/state').StateEffectType<number>} */
const choose = StateEffect.define();
const close = StateEffect.define();

/** What stands before the caret opens. @returns {Open | null} */
export function opened(/** @type {import('@codemirror/state').EditorState} */ state, /** @type {() => import('./snippets.js').Piece[]} */ all) {
  const at = state.selection.main.head, line = state.doc.lineAt(at);
  const word = state.selection.main.empty ? OPENS.exec(line.text.slice(0, at - line.from)) : null;
  const found = word ? fitting(all(), word[2]) : [];
  return word && found.length > 0 ? { from: at - word[2].length - 1, at, active: 0, found } : null;
}

/** @returns {Open | null} */
function stepped(/** @type {Open | null} */ open, /** @type {import('@codemirror/state').Transaction} */ transaction, /** @type {() => import('./snippets.js').Piece[]} */ all) {
  if (transaction.isUserEvent('input.type') || (open && transaction.isUserEvent('delete'))) {
    return opened(transaction.state, all);
  }
  if (!open || transaction.effects.some((effect) => effect.is(close)) || transaction.selection) {
    return null;
  }
  const chosen = transaction.effects.find((effect) => effect.is(choose));
  const moved = transaction.docChanged ? { ...open, from: transaction.changes.mapPos(open.from), at: transaction.changes.mapPos(open.at) } : open;
  return chosen ? { ...moved, active: chosen.value } : moved;
}

function insert(/** @type {EditorView} */ view, /** @type {Open} */ open, /** @type {number} */ n) {
  if (open.found[n].template === '') {
    return;
  }
  const { text, from, to } = expanded(open.found[n].template);
  view.dispatch({
    changes: { from: open.from, to: open.at, insert: text }, selection: { anchor: open.from + from, head: open.from + to },
    userEvent: 'input.complete', scrollIntoView: true,
  });
  view.focus();
}

/**
 * @param {Open} open @param {string} id @param {string} label @param {(n: number) => void} picked
 * @returns {HTMLElement}
 */
function listOf(open, id, label, picked) {
  const list = document.createElement('ul');
  list.className = 'cm-pieces';
  list.id = id;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', label);
  // It scrolls, and what scrolls can be reached. It is not on the way: Tab takes what is chosen.
  list.tabIndex = 0;
  open.found.forEach(({ title, hint, template }, n) => {
    const item = document.createElement('li'), word = document.createElement('span'), beside = document.createElement('small');
    item.id = `${id}-${n}`;
    item.setAttribute('role', 'option');
    if (template === '') { item.setAttribute('aria-disabled', 'true'); }
    word.textContent = title;
    beside.textContent = hint;
    item.append(word, beside);
    item.addEventListener('pointerdown', (event) => { event.preventDefault(); picked(n); });
    list.append(item);
  });
  return list;
}

function mark(/** @type {HTMLElement} */ list, /** @type {number} */ active) {
  [...list.children].forEach((item, n) => item.setAttribute('aria-selected', String(n === active)));
  list.children[active]?.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {() => import('./snippets.js').Piece[]} all what is offered, asked whenever the list opens @param {string} label what the list is called
 * @returns {import('@codemirror/state').Extension}
 */
export function menu(all, label) {
  const id = `pieces-${n_lists += 1}`;
  /** @type {StateField<Open | null>} */
  const field = StateField.define({
    create: () => null,
    update: (open, transaction) => stepped(open, transaction, all),
    provide: (own) => [
      showTooltip.computeN([own], (state) => tooltips(state.field(own))),
      EditorView.contentAttributes.compute([own], (state) => attributes(state.field(own), id)),
    ],
  });
  const tooltips = tipOf(field, id, label);
  const whileOpen = (/** @type {(view: EditorView, open: Open) => void} */ act) => (/** @type {EditorView} */ view) => {
    const open = view.state.field(field);
    if (open) {
      act(view, open);
    }
    return open !== null;
  };
  const move = (/** @type {number} */ by) => whileOpen((view, { active, found }) =>
    view.dispatch({ effects: choose.of((active + by + found.length) % found.length) }));
  const take = whileOpen((view, open) => insert(view, open, open.active));
  const left = EditorView.focusChangeEffect.of((_state, isFocused) => (isFocused ? null : close.of(null)));
  return [field, left, Prec.highest(keymap.of([
    { key: 'ArrowDown', run: move(1) },
    { key: 'ArrowUp', run: move(-1) },
    { key: 'Enter', run: take },
    { key: 'Tab', run: take },
    { key: 'Escape', run: whileOpen((view) => view.dispatch({ effects: close.of(null) })) },
  ]))];
}

/** A tooltip stays the same one for as long as it offers the same, so that it is not drawn anew at every step. */
function tipOf(/** @type {StateField<Open | null>} */ field, /** @type {string} */ id, /** @type {string} */ label) {
  /** @type {{ found: import('./snippets.js').Piece[], pos: number, tip: import('@codemirror/view').Tooltip } | null} */
  let last = null;
  return (/** @type {Open | null} */ open) => {
    if (open && (last?.found !== open.found || last.pos !== open.from)) {
      last = { found: open.found, pos: open.from, tip: { pos: open.from, create: (view) => drawn(view, field, id, label) } };
    }
    return open && last ? [last.tip] : [];
  };
}

/**
 * @param {EditorView} view @param {StateField<Open | null>} field @param {string} id @param {string} label
 * @returns {import('@codemirror/view').TooltipView}
 */
function drawn(view, field, id, label) {
  const now = () => view.state.field(field);
  const open = now();
  const dom = open ? listOf(open, id, label, (n) => { const current = now(); if (current) { insert(view, current, n); } }) : document.createElement('ul');
  const draw = () => mark(dom, now()?.active ?? 0);
  draw();
  return { dom, update: draw };
}

/** @returns {Record<string, string>} */
function attributes(/** @type {Open | null} */ open, /** @type {string} */ id) {
  return open ? { 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-activedescendant': `${id}-${open.active}` } : {};
}

/** Opens the list where the caret is, on a line of its own. */
export function offer(/** @type {EditorView} */ view) {
  const { state } = view, line = state.doc.lineAt(state.selection.main.head), isAlone = line.text.trim() === '';
  const insert = isAlone ? '/' : '\n/', from = isAlone ? state.selection.main.head : line.to;
  view.focus();
  view.dispatch({ changes: { from, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.type', scrollIntoView: true });
}
