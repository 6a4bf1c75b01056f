'use strict';
/*
 * Dragging over a timetable fills the form of an override: the same form that a link in a cell fills in, and that is sent in the same way.
 * Without this file the cells are links, and the form is filled in by hand.
 *
 * A week is a table marked `data-week`; its days are `th[data-day][data-hours]`, the rows that can be dragged over `tr[data-role]`.
 */
(function () {
  var DAY_MS = 86400000, FAR_ENOUGH = 6;
  var drag = null, swallow = false;

  function two(number) { return (number < 10 ? '0' : '') + number; }

  function wall(day, hour) {
    // Days are counted, not clocks: a day has its own length, and 24 o'clock is the next day's midnight.
    var date = new Date(Date.parse(day + 'T00:00:00Z') + (hour >= 24 ? DAY_MS : 0));
    return date.toISOString().slice(0, 10) + 'T' + two(hour >= 24 ? 0 : hour) + ':00';
  }

  /* The hour under a point: the wall clock of the day it lies in, rounded to the hour. */
  function moment(week, x) {
    var days = Array.from(week.querySelectorAll('th[data-day]'));
    var found = days.find(function (day) { return x < day.getBoundingClientRect().right; }) || days[days.length - 1];
    var box = found.getBoundingClientRect();
    var share = Math.min(Math.max((x - box.left) / box.width, 0), 1);
    var hours = Number(found.getAttribute('data-hours'));
    var hour = Math.round(share * hours);
    return wall(found.getAttribute('data-day'), hour >= hours ? 24 : Math.min(hour, 23));
  }

  /* Where a week is read as a list there is nothing to drag over. */
  function isDrawn(week) { return getComputedStyle(week).display === 'table'; }

  function begin(event) {
    var row = event.target.closest ? event.target.closest('tr[data-role]') : null;
    var week = row ? row.closest('table[data-week]') : null;
    var isOverTime = week && !event.target.closest('th');
    if (!isOverTime || event.button !== 0 || event.pointerType === 'touch' || !isDrawn(week) || !form()) { return; }
    drag = { week: week, row: row, from: event.clientX, to: event.clientX, moves: false };
  }

  function form() { return document.getElementById('override'); }

  function move(event) {
    if (!drag) { return; }
    drag.to = event.clientX;
    if (!drag.moves && Math.abs(drag.to - drag.from) >= FAR_ENOUGH) {
      drag.moves = true;
      drag.row.setAttribute('data-dragged', '');
    }
    if (drag.moves) { event.preventDefault(); }
  }

  function end() {
    if (!drag) { return; }
    var done = drag;
    drag = null;
    done.row.removeAttribute('data-dragged');
    if (!done.moves) { return; }
    swallow = true;
    setTimeout(function () { swallow = false; }, 0);
    var from = moment(done.week, Math.min(done.from, done.to)), until = moment(done.week, Math.max(done.from, done.to));
    if (from !== until) { fill(done.row.getAttribute('data-role'), from, until); }
  }

  function fill(role, from, until) {
    var details = form();
    details.open = true;
    set(details, 'wish[role]', role);
    set(details, 'wish[from]', from);
    set(details, 'wish[until]', until);
    var person = details.querySelector('[name="wish[person]"]');
    details.scrollIntoView({ block: 'nearest' });
    if (person) { person.focus(); }
  }

  function set(details, name, value) {
    var field = details.querySelector('[name="' + name + '"]');
    if (field) { field.value = value; }
  }

  document.addEventListener('pointerdown', begin);
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', function () {
    if (drag) { drag.row.removeAttribute('data-dragged'); }
    drag = null;
  });
  // A drag that ends on a link is no visit, and a link is not dragged as a link.
  document.addEventListener('click', function (event) { if (swallow) { event.preventDefault(); event.stopPropagation(); } }, true);
  document.addEventListener('dragstart', function (event) { if (drag) { event.preventDefault(); } });
}());
