/*
 * What to do when the server does not want the connection any more (close codes 4400 to 4499; it is not tried again by itself).
 *
 * Where the right or the document is gone, nothing of it stays in this browser; but what was typed and not saved is offered first.
 */

const SIGNED_OUT = 4401, FORBIDDEN = 4403, UNKNOWN = 4404, DELETED = 4410, TOO_LARGE = 4413;

/** @param {any} editor see mount.js @param {number} code */
export function endings(editor, code) {
  if (code === SIGNED_OUT) {
    signedOut(editor);
  } else if (code === FORBIDDEN || code === UNKNOWN || code === DELETED) {
    takenAway(editor, code);
  } else {
    refused(editor, code);
  }
}

/** @param {any} editor */
function signedOut(editor) {
  const { words, wanted, room } = editor;
  const connect = () => room.isClosed || room.connect();
  editor.notices.show('door', words.signedOut, [{ word: words.signIn, href: wanted.signIn }, { word: words.again, act: connect }]);
  // Whoever signed in elsewhere comes back to this tab.
  const comes = () => {
    if (document.visibilityState === 'visible') {
      document.removeEventListener('visibilitychange', comes);
      connect();
    }
  };
  document.addEventListener('visibilitychange', comes);
  editor.endings.push(() => document.removeEventListener('visibilitychange', comes));
}

/** @param {any} editor @param {number} code */
function takenAway(editor, code) {
  const { words, wanted } = editor;
  const sentence = code === FORBIDDEN ? words.forbidden : code === DELETED ? words.deleted : words.gone;
  const back = wanted.back && code === FORBIDDEN ? [{ word: words.back, act: () => location.assign(wanted.back) }] : [];
  const end = () => {
    editor.destroy(true);
    editor.notices.show('ended', sentence, back);
  };
  // What an earlier visit left unsent is in the text too, once it is in the database.
  if (!editor.room.saving.isUnsaved() && !editor.room.hasLeftovers()) {
    end();
    return;
  }
  editor.setReadOnly(true);
  editor.notices.show('door', `${sentence} ${words.unsent}`, [
    { word: words.download, act: () => { editor.download(); end(); } },
    { word: words.discard, act: end },
  ]);
}

/** The server will not have what was written: it stays here, readable, until the reader has taken it. @param {any} editor @param {number} code */
function refused(editor, code) {
  const { words } = editor;
  editor.setReadOnly(true);
  editor.notices.show('door', code === TOO_LARGE ? words.tooLarge : words.malformed, [
    { word: words.download, act: () => editor.download() },
    { word: words.reload, act: () => location.reload() },
  ]);
}
