'use strict';
/*
 * The list of alerts by keyboard: j and k move from row to row, Enter opens the alert, a takes it on. Without this file the rows are reached
 * by the tab key, as links and buttons.
 *
 * The row the keys stand on is the one whose link has the focus. So it is read aloud, Enter needs nothing of us, and a refresh, which
 * leaves what has the focus alone, loses nothing: a mark set here would be undressed by the next answer of the server.
 */
(function () {
  /* The alert that was stood on last: j goes on from there when the focus was elsewhere meanwhile. */
  var last = '';

  function rows() { return Array.from(document.querySelectorAll('[data-alert-keys] li[id^="alert-"]')); }

  function link(row) { return row.querySelector('a[href]'); }

  /* The row that has the focus itself, by its link. */
  function stoodOn(all) { return all.findIndex(function (row) { return link(row) === document.activeElement; }); }

  function step(by) {
    var all = rows();
    if (!all.length) { return; }
    var at = stoodOn(all);
    if (at < 0) { at = all.findIndex(function (row) { return row.id === last; }); }
    var next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
    last = all[next].id;
    link(all[next]).focus({ preventScroll: true });
    all[next].scrollIntoView({ block: 'nearest' });
  }

  function takeOn() {
    var all = rows(), at = stoodOn(all);
    var button = at < 0 ? null : all[at].querySelector('button[type="submit"]');
    if (button) { button.click(); }
  }

  var KEYS = { j: function () { step(1); }, k: function () { step(-1); }, a: takeOn };

  document.addEventListener('keydown', function (event) {
    var run = KEYS[event.key];
    var isOurs = run && window.mimamoriScreen && window.mimamoriScreen.isKey(event) && document.querySelector('[data-alert-keys]');
    if (!isOurs) { return; }
    event.preventDefault();
    run();
  });
}());
