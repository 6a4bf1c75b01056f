'use strict';
/*
 * Single keys on screens that the server draws. The module hears them, knows when they are silent (while something is written, in a
 * dialog, switched off), and hands on what it does not know itself.
 *
 * Rows of a list (`[data-rows] > li`, each with an id): j and k move, Enter opens, and a key of the row's own presses that button in it.
 * Elsewhere a key presses what bears it (`aria-keyshortcuts`).
 */
(function () {
  var CHOSEN = 'is-chosen';
  var chosen = '';

  function rows() { return Array.from(document.querySelectorAll('[data-served] [data-rows] > li[id]')); }

  function current() { return chosen ? rows().find(function (row) { return row.id === chosen; }) : undefined; }

  /* A screen that is drawn anew knows nothing of what was chosen on it. */
  function renew() {
    rows().forEach(function (row) { row.classList.toggle(CHOSEN, row.id === chosen); });
  }

  function step(by) {
    var all = rows(), at = all.indexOf(current());
    if (all.length === 0) { return false; }
    var next = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
    chosen = next.id;
    renew();
    next.scrollIntoView({ block: 'nearest' });
    return true;
  }

  function push(element) {
    if (!element || element.disabled || element.getAttribute('aria-disabled') === 'true') { return false; }
    element.click();
    return true;
  }

  function own(within, name) { return within ? within.querySelector('[aria-keyshortcuts="' + CSS.escape(name) + '"]') : null; }

  /* Whether a key did something. */
  function press(name) {
    var row = current();
    if (name === 'j') { return step(1); }
    if (name === 'k') { return step(-1); }
    if (name === 'Enter') { return push(row && row.querySelector('a[href]')); }
    if (row) { return push(own(row, name)); }
    /* In a list a key belongs to the chosen row, and none is. */
    var found = own(document.querySelector('[data-served]'), name);
    return found && !found.closest('[data-rows]') ? push(found) : false;
  }

  window.mimamoriKeys = { press: press, renew: renew };
}());
