'use strict';
/*
 * Toasts: what was just done, at the foot of the screen, with the way back where there is one. They are made of the notes that a screen
 * brings with it (`data-said`, `failed` where something was not done) and of what the browser's module says. Nothing here moves the focus.
 *
 * Without this file the notes stay where the server wrote them. A toast looks like the one that stands hidden in the region
 * (`data-toast`). What somebody points at or has the focus in stays, and so does what is under way.
 */
(function () {
  var PLAIN_MS = 6000, UNDO_MS = 10000, MOST = 3;
  var timers = new WeakMap();

  function region() { return document.querySelector('.toasts'); }

  function part(toast, selector) { return toast.querySelector(selector); }

  /* How long it stays. A failure stays until it is closed; the way back stands open long enough to read it, notice the mistake and reach
     the button. */
  function stay(toast) {
    if (toast.classList.contains('toast--failed')) { return 0; }
    return isUndoable(toast) ? UNDO_MS : PLAIN_MS;
  }

  function isUndoable(toast) { return part(toast, 'form, [data-undo]') !== null; }

  function isInUse(toast) { return toast.matches(':hover, :focus-within') || part(toast, '[aria-busy="true"]') !== null; }

  function leaveLater(toast) {
    clearTimeout(timers.get(toast));
    var ms = stay(toast);
    if (!ms) { return; }
    timers.set(toast, setTimeout(function () { if (isInUse(toast)) { leaveLater(toast); } else { toast.remove(); } }, ms));
  }

  /* What is said again is counted; what may be taken back is not, as each has a way back of its own. */
  function again(list, made) {
    var same = shown(list).find(function (toast) {
      return !isUndoable(toast) && toast.className === made.className
        && part(toast, '.toast__text').textContent === part(made, '.toast__text').textContent;
    });
    if (!same || isUndoable(made)) { return; }
    part(made, '.toast__times').textContent = '×' + (Number(part(same, '.toast__times').textContent.slice(1) || 1) + 1);
    same.remove();
  }

  function shown(list) { return Array.from(list.children).filter(function (toast) { return !toast.hasAttribute('data-toast'); }); }

  /* More than a few would cover the sheet: first goes what goes by itself and offers nothing, then the oldest. */
  function makeRoom(list) {
    var all = shown(list);
    while (all.length > MOST) {
      var older = all.slice(0, -1);
      var first = older.find(function (toast) { return stay(toast) === PLAIN_MS; }) || older[0];
      first.remove();
      all = shown(list);
    }
  }

  function add(list, text, acts, isFailure, undo) {
    var made = part(list, '[data-toast]').cloneNode(true);
    made.removeAttribute('data-toast');
    made.hidden = false;
    if (isFailure) { made.classList.add('toast--failed'); }
    part(made, isFailure ? '[data-good]' : '[data-bad]').remove();
    var words = part(made, '.toast__text'), back = part(made, '[data-undo]');
    words.append.apply(words, text);
    back.before.apply(back, acts);
    if (undo) { back.addEventListener('click', function () { undo(); made.remove(); }); } else { back.remove(); }
    part(made, '[data-close]').addEventListener('click', function () { made.remove(); });
    again(list, made);
    list.append(made);
    makeRoom(list);
    leaveLater(made);
  }

  function inside(note, selector) { var found = part(note, selector); return found ? Array.from(found.childNodes) : []; }

  /* Takes the notes out of `root`. They become toasts where they are news (`isNews`): drawn anew, a screen says the same once more. What a
     form says of itself is not said again. */
  function take(root, isNews) {
    var list = region();
    if (!list || !root) { return; }
    var isSaidThere = root.querySelector('.form__refused, .field__error, [aria-invalid="true"]') !== null;
    root.querySelectorAll('[data-said]').forEach(function (note) {
      var isFailure = note.getAttribute('data-said') === 'failed', around = note.parentElement;
      note.remove();
      if (around && around.matches('.told')) { around.remove(); }
      if (!isNews || (isFailure && isSaidThere)) { return; }
      var text = part(note, '.callout__text') ? inside(note, '.callout__text') : [note.textContent];
      add(list, text, inside(note, '.callout__acts'), isFailure, null);
    });
  }

  function say(text, isFailure, undo) {
    var list = region();
    if (list) { add(list, [text], [], isFailure, undo); }
  }

  window.mimamoriToasts = { take: take, say: say };
}());
