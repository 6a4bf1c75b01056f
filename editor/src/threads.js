/*
 * Comments and suggestions: what they hang on is marked in the text, and a new one takes its anchor from what is chosen. The threads
 * themselves stand in the screen, which also holds the forms; here their hidden fields are filled. What an open form is about stays marked:
 * the browser shows no selection in the text while one types into the form.
 */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import { anchorsOf, spanOf } from './anchors.js';

/** What of the text a form carries along. */
const LONGEST_QUOTE = 2000;

/**
 * @typedef {object} Thread
 * @property {string} id
 * @property {string} start      anchors, see anchors.js
 * @property {string} end
 * @property {'comment' | 'suggestion'} [kind]
 * @property {boolean} [resolved]
 */

/** @type {import('@codemirror/state').StateEffectType<import('@codemirror/view').DecorationSet>} */
const marked = StateEffect.define();

const marks = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    const given = transaction.effects.find((effect) => effect.is(marked));
    return given ? given.value : value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** What the screen knows, however wrongly it may be written. @returns {Thread[]} */
export function threadsIn(/** @type {string} */ json) {
  try {
    const read = JSON.parse(json || '[]');
    return Array.isArray(read) ? read.filter((one) => one && typeof one.id === 'string' && typeof one.start === 'string' && typeof one.end === 'string') : [];
  } catch {
    return [];
  }
}

/** @returns {import('@codemirror/view').Decoration} */
function markOf(/** @type {Thread} */ thread, /** @type {string} */ active, /** @type {import('./words.js').Words} */ words) {
  const isSuggested = thread.kind === 'suggestion';
  return Decoration.mark({
    class: `cm-thread${isSuggested ? ' cm-suggested' : ''}${thread.id === active ? ' cm-thread-active' : ''}`,
    attributes: { 'data-thread': thread.id, title: isSuggested ? words.suggestionHere : words.threadHere },
  });
}

/** What an open form is about. */
const asked = Decoration.mark({ class: 'cm-thread cm-thread-active cm-asked' });

export class Threads {
  /**
   * @param {EditorView} view @param {import('yjs').Text} text @param {import('./words.js').Words} words
   * @param {import('./composing.js').Composing} composing
   */
  constructor(view, text, words, composing) {
    this.view = view;
    this.text = text;
    this.words = words;
    this.composing = composing;
    /** @type {Thread[]} */
    this.threads = [];
    this.active = '';
    /** @type {{ start: string, end: string } | null} */
    this.asked = null;
  }

  /** Marks what these hang on, where it is now. @returns {string[]} those that hang on nothing any more */
  set(/** @type {Thread[]} */ threads) {
    this.threads = threads.filter((thread) => !thread.resolved);
    this.#draw();
    return this.threads.filter((thread) => spanOf(this.text, thread) === null).map((thread) => thread.id);
  }

  activate(/** @type {string} */ id) {
    if (this.active !== id) {
      this.active = id;
      this.#draw();
    }
  }

  /** Marks what a form is about; null: no form is open. */
  ask(/** @type {{ start: string, end: string } | null} */ anchors) {
    if (this.asked?.start !== anchors?.start || this.asked?.end !== anchors?.end) {
      this.asked = anchors;
      this.#draw();
    }
  }

  /** Shows what a thread hangs on. */
  goTo(/** @type {string} */ id) {
    const thread = this.threads.find((one) => one.id === id), span = thread && spanOf(this.text, thread);
    if (span) {
      this.activate(id);
      this.view.dispatch({ selection: { anchor: span.from, head: span.to }, effects: EditorView.scrollIntoView(span.from, { y: 'center' }) });
      this.view.focus();
    }
  }

  /** The thread under a place in the text, or an empty string. Asked at every key: what is marked answers it, not the shared text. */
  at(/** @type {number} */ place) {
    let found = '';
    this.view.state.field(marks).between(place, place, (_from, _to, mark) => {
      found ||= mark.spec.attributes?.['data-thread'] ?? '';
    });
    return found;
  }

  #draw() {
    // A mark in the line that is being composed would part the letters.
    this.composing.whenIdle(() => {
      const length = this.view.state.doc.length;
      const found = this.threads.flatMap((thread) => {
        const span = spanOf(this.text, thread);
        return span && span.to <= length ? [markOf(thread, this.active, this.words).range(span.from, span.to)] : [];
      });
      const about = this.asked && spanOf(this.text, this.asked);
      if (about && about.to <= length) { found.push(asked.range(about.from, about.to)); }
      this.view.dispatch({ effects: marked.of(Decoration.set(found, true)) });
    });
  }
}

/** @returns {import('@codemirror/state').Extension} */
export function threadMarks() {
  return marks;
}

/** What a comment on the chosen text carries; null when nothing is chosen. */
export function chosen(/** @type {EditorView} */ view, /** @type {import('./sync.js').Sync} */ sync) {
  const { from, to, empty } = view.state.selection.main;
  return empty ? null : { ...anchorsOf(sync.text, sync.toShared(from), sync.toShared(to)), quoted: view.state.sliceDoc(from, Math.min(to, from + LONGEST_QUOTE)) };
}

/** Shows a form, however the screen folds it away. */
function unfold(/** @type {HTMLElement} */ form) {
  const holder = /** @type {HTMLElement | null} */ (form.closest('dialog, details, [popover]'));
  if (holder instanceof HTMLDialogElement) {
    if (!holder.open) {
      holder.showModal();
    }
  } else if (holder instanceof HTMLDetailsElement) {
    holder.open = true;
  } else if (holder && !holder.matches(':popover-open')) {
    holder.showPopover();
  }
  form.hidden = false;
}

/** @returns {HTMLInputElement | HTMLTextAreaElement | null} */
function fieldOf(/** @type {HTMLElement} */ form, /** @type {string} */ name) {
  return form.querySelector(`[data-anchor="${name}"]`);
}

/** What a form is about, as far as its fields say so; null when it is about nothing in particular. */
export function anchorsIn(/** @type {HTMLElement} */ form) {
  const start = fieldOf(form, 'start')?.value ?? '', end = fieldOf(form, 'end')?.value ?? '';
  return start !== '' && end !== '' ? { start, end } : null;
}

/** Whether a form is in sight, however the screen folds it away. */
export function isUnfolded(/** @type {HTMLElement} */ form) {
  const holder = form.closest('dialog, details, [popover]');
  return !form.hidden && (!holder || holder.matches('[open], :popover-open'));
}

/** The quotation in a form is what its field says: a screen that is drawn anew keeps the field, and empties the quotation. */
export function showQuote(/** @type {HTMLElement} */ form) {
  const quote = form.querySelector('[data-quote]'), quoted = fieldOf(form, 'quoted')?.value ?? '';
  if (quote && quote.textContent !== quoted) {
    quote.textContent = quoted;
  }
}

/**
 * Fills the fields of a form with what is chosen.
 * @param {HTMLElement} form @param {{ start: string, end: string, quoted: string }} choice
 * @param {boolean} isTyped what stands in the field for the replacement stays
 */
export function fillForm(form, choice, isTyped) {
  for (const [name, value] of [['start', choice.start], ['end', choice.end], ['quoted', choice.quoted], ['replacement', choice.quoted]]) {
    const field = fieldOf(form, name);
    if (field && !(isTyped && name === 'replacement' && field.value !== '')) { field.value = value; }
  }
  showQuote(form);
}

/** Opens a form and puts the caret into it. */
export function openForm(/** @type {HTMLElement} */ form) {
  unfold(form);
  /** @type {HTMLElement | null} */ (form.querySelector('textarea:not([hidden]), input:not([type="hidden"])'))?.focus();
}
