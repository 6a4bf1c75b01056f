/*
 * The graphs that were kept with the document, as the screen around the editor lists them: an element `data-graph` each. The list is read when
 * it is needed, since the screen may have been drawn anew with another one.
 */

/** Anything else would break out of the fence that names it. */
const ID = /^[\w-]{1,128}$/;

/**
 * @typedef {object} Graph
 * @property {string} id
 * @property {string} title
 * @property {string} moment  when it was kept, as the reader writes it
 */

/** @returns {string} */
function line(/** @type {string | undefined} */ text) {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

/** Each once, in the order of the screen. @returns {Graph[]} */
export function graphsIn(/** @type {Iterable<{ dataset: DOMStringMap }>} */ elements) {
  /** @type {Map<string, Graph>} */
  const found = new Map();
  for (const { dataset } of elements) {
    const id = dataset.graph ?? '';
    if (ID.test(id) && !found.has(id)) {
      found.set(id, { id, title: line(dataset.title) || id.slice(0, 12), moment: line(dataset.moment) });
    }
  }
  return [...found.values()];
}
