/*
 * What may come into the text. Lines end with LF alone: a carriage return in the shared text would be counted differently by the editor and
 * by the document. One paste is limited, and so is the whole.
 */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { shared } from './sync.js';

export const LARGEST_PASTE = 200 * 1024;
/** The server's limit, in bytes of UTF-8. */
export const LARGEST_TEXT = 1024 * 1024;
/** A UTF-16 unit is at most this many bytes of UTF-8. */
const MOST_BYTES_A_UNIT = 3;

/** What is not wanted in a text: NUL, and line ends other than LF. */
const UNWANTED = /\r\n?|\0/g;

/** @returns {string} */
export function clean(/** @type {string} */ text) {
  return text.replace(UNWANTED, (found) => (found === '\0' ? '' : '\n'));
}

/** @returns {number} */
export function bytesOf(/** @type {string} */ text) {
  return new TextEncoder().encode(text).length;
}

/** Whether a text is too long, without counting where it cannot be. */
export function isTooLarge(/** @type {{ length: number, toString(): string }} */ text, /** @type {number} */ limit) {
  return text.length * MOST_BYTES_A_UNIT > limit && bytesOf(text.toString()) > limit;
}

function isOurs(/** @type {import('@codemirror/state').Transaction} */ transaction) {
  return transaction.docChanged && !transaction.annotation(shared);
}

function needsCleaning(/** @type {import('@codemirror/state').Transaction} */ transaction) {
  let isUnwanted = false;
  transaction.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    isUnwanted ||= /[\r\0]/.test(inserted.sliceString(0));
  });
  return isUnwanted;
}

/** The same change with clean text. The caret goes to the end of what was inserted. */
function cleaned(/** @type {import('@codemirror/state').Transaction} */ transaction) {
  /** @type {{ from: number, to: number, insert: string }[]} */
  const changes = [];
  transaction.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    changes.push({ from: fromA, to: toA, insert: clean(inserted.sliceString(0)) });
  });
  const state = transaction.startState, last = changes[changes.length - 1].to;
  const anchor = state.changes(changes).mapPos(transaction.selection ? last : state.selection.main.head, 1);
  return { changes, selection: { anchor }, effects: transaction.effects, scrollIntoView: transaction.scrollIntoView };
}

/**
 * @param {(word: 'pasteTooLarge' | 'full') => void} refused
 * @returns {import('@codemirror/state').Extension}
 */
export function inputRules(refused) {
  const isRefused = (/** @type {string} */ text) => {
    const isLarge = isTooLarge(text, LARGEST_PASTE);
    if (isLarge) {
      refused('pasteTooLarge');
    }
    return isLarge;
  };
  const dropped = (/** @type {ClipboardEvent | DragEvent} */ event, /** @type {DataTransfer | null} */ data) => {
    const isLarge = data !== null && isRefused(data.getData('text/plain'));
    if (isLarge) {
      event.preventDefault();
    }
    return isLarge;
  };
  return [
    // Anything else than LF is then no line end but a letter, so that both count alike whatever a peer wrote.
    EditorState.lineSeparator.of('\n'),
    EditorView.clipboardInputFilter.of((text) => clean(text)),
    EditorState.transactionFilter.of((transaction) => (isOurs(transaction) && needsCleaning(transaction) ? cleaned(transaction) : transaction)),
    EditorState.changeFilter.of((transaction) => {
      const isFull = isOurs(transaction) && transaction.newDoc.length > transaction.startState.doc.length && isTooLarge(transaction.newDoc, LARGEST_TEXT);
      if (isFull) {
        refused('full');
      }
      return !isFull;
    }),
    EditorView.domEventHandlers({
      paste: (event) => dropped(event, event.clipboardData),
      drop: (event) => dropped(event, event.dataTransfer),
    }),
  ];
}
