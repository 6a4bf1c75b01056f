/*
 * Places in the shared text that stay with their letters whatever is written around them: Yjs' relative positions. On paper (forms, the
 * database) they are base64 of Yjs' binary form, which yrs reads as a `StickyIndex`.
 */
import * as Y from 'yjs';

/** Stays with the letter behind it, or with the one before it. */
export const AFTER = 0, BEFORE = -1;

/** @returns {string} */
function toBase64(/** @type {Uint8Array} */ bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @returns {Uint8Array} */
function fromBase64(/** @type {string} */ text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @returns {string} */
export function anchorAt(/** @type {Y.Text} */ text, /** @type {number} */ at, /** @type {number} */ side) {
  return toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, at, side)));
}

/** Where a relative position is now; null when its letter has not come here yet, or it is of another document. */
export function placeOf(/** @type {Y.Text} */ text, /** @type {any} */ position) {
  const found = text.doc && Y.createAbsolutePositionFromRelativePosition(position, text.doc);
  return found && found.type === text ? Math.min(found.index, text.length) : null;
}

/** The same from its written form; null for what is no such form. */
export function placeOfAnchor(/** @type {Y.Text} */ text, /** @type {string} */ anchor) {
  try {
    return placeOf(text, Y.decodeRelativePosition(fromBase64(anchor)));
  } catch {
    return null;
  }
}

/** Both ends of a span: it grows with what is written inside, and not with what is written beside it. */
export function anchorsOf(/** @type {Y.Text} */ text, /** @type {number} */ from, /** @type {number} */ to) {
  return { start: anchorAt(text, from, AFTER), end: anchorAt(text, to, BEFORE) };
}

/** Where a span is now; null when it is nowhere, or nothing of it is left. */
export function spanOf(/** @type {Y.Text} */ text, /** @type {{ start: string, end: string }} */ anchors) {
  const from = placeOfAnchor(text, anchors.start), to = placeOfAnchor(text, anchors.end);
  return from !== null && to !== null && from < to ? { from, to } : null;
}
