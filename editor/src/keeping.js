/*
 * What is kept in this browser, so that typing survives a closed tab and a lost line: one database a person and document, and a mark while
 * something in it has not been confirmed. It goes when the right to the document goes, and when the person signs out.
 */
import * as Y from 'yjs';
import { IndexeddbPersistence } from 'y-indexeddb';

export const PREFIX = 'mimamori-document/';
const UNSENT = 'mimamori-unsent/';

export function databaseOf(/** @type {string} */ account, /** @type {string} */ room) {
  return `${PREFIX}${account}/${room}`;
}

/** Whether this browser keeps anything; a private window may refuse. */
async function canKeep() {
  if (!globalThis.indexedDB) {
    return false;
  }
  return new Promise((resolve) => {
    const asked = indexedDB.open(`${PREFIX}trial`);
    asked.onsuccess = () => {
      asked.result.close();
      indexedDB.deleteDatabase(`${PREFIX}trial`);
      resolve(true);
    };
    asked.onerror = () => resolve(false);
  });
}

/**
 * Fills the document with what was kept, and keeps what comes.
 * @param {string} name @param {Y.Doc} doc
 * @returns {Promise<IndexeddbPersistence | null>}
 */
export async function keep(name, doc) {
  if (!(await canKeep())) {
    return null;
  }
  const kept = new IndexeddbPersistence(name, doc);
  await kept.whenSynced;
  return kept;
}

/** Remembers, beyond this visit, that a database holds something unsent. */
export function mark(/** @type {string} */ name, /** @type {boolean} */ isUnsent) {
  try {
    if (isUnsent) {
      localStorage.setItem(UNSENT + name, '1');
    } else {
      localStorage.removeItem(UNSENT + name);
    }
  } catch {
    // Without storage nothing is remembered, and the warning at closing time is all there is.
  }
}

/** Whether an earlier visit left something unsent. */
export function isMarked(/** @type {string} */ name) {
  try {
    return localStorage.getItem(UNSENT + name) !== null;
  } catch {
    return false;
  }
}

/** Hands a text to the reader as a file. */
export function download(/** @type {string} */ text, /** @type {string} */ name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Downloads what a database holds: for the moment before it is cleared. */
export async function rescue(/** @type {string} */ name) {
  const doc = new Y.Doc();
  const kept = await keep(name, doc);
  download(doc.getText('body').toString(), `${name.split('/').pop()}.md`);
  await kept?.destroy();
  doc.destroy();
}
