'use strict';
/*
 * What was just done, as a toast. The server writes it above the screen that a form comes back to (`data-toast`); there it stays where
 * this file is not. Here it moves to the region at the foot, goes away by itself unless somebody is at it, and can be closed.
 */
(function () {
  /* The way back stands open longer: long enough to read it, notice the mistake and reach the button. */
  var PLAIN_FOR_MS = 6000, UNDO_FOR_MS = 10000, MOST = 3;

  function said(toast) { return toast.querySelector('.toast__text').textContent; }

  function goLater(toast, afterMs) {
    setTimeout(function () {
      if (!toast.isConnected) { return; }
      if (toast.matches(':hover, :focus-within')) { goLater(toast, afterMs); } else { toast.remove(); }
    }, afterMs);
  }

  function show(toast) {
    var region = document.querySelector('.toasts');
    if (!region) { return; }
    Array.from(region.children).filter(function (one) { return said(one) === said(toast); }).forEach(function (one) { one.remove(); });
    toast.classList.remove('toast--told');
    toast.querySelector('[data-dismiss]').hidden = false;
    region.append(toast);
    while (region.children.length > MOST) { region.firstElementChild.remove(); }
    goLater(toast, toast.getAttribute('data-toast') === 'undo' ? UNDO_FOR_MS : PLAIN_FOR_MS);
  }

  /* Takes what was done out of a screen that came, and shows it if it has just been done. */
  function take(page, isFresh) {
    page.querySelectorAll('[data-toast]').forEach(function (toast) {
      toast.remove();
      if (isFresh) { show(document.importNode(toast, true)); }
    });
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest ? event.target.closest('[data-dismiss]') : null;
    if (button) { button.closest('.toast').remove(); }
  });
  /* Taken back: what becomes of that is a toast of its own. */
  document.addEventListener('submit', function (event) {
    var toast = event.target.closest('.toasts > .toast');
    if (toast) { setTimeout(function () { toast.remove(); }, 0); }
  });

  window.mimamoriToasts = { take: take };
}());
