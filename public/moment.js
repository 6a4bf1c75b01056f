'use strict';
/*
 * The menu at a moment of a chart: its time and values can be copied, what the chart shows can be asked anew around it, and it can be
 * held. A press or Enter opens it; what it says and where comes from app/ui/src/chart/moment.rs. It stands above everything else, so
 * that no edge of a panel cuts it, and is gone again once it is closed: a chart that nobody presses has none.
 *
 * The address around the moment is the one in `data-around` of the chart's figure, where `{from}` and `{to}` stand for the ends of the
 * span. A figure without one has no such row.
 */
(function () {
  var ROOM_PX = 8, SEPARATOR = '\u001f';
  var STEPS = { ArrowDown: 1, ArrowUp: -1 };
  /* What is open: the menu, its chart, and whom to tell once it is closed. */
  var shown = null;

  function rows() { return Array.from(shown.menu.querySelectorAll('[role="menuitem"]')); }

  function row(name, words, act) {
    var made = document.createElement(name);
    made.setAttribute('role', 'menuitem');
    made.tabIndex = -1;
    made.textContent = words;
    if (name === 'button') { made.type = 'button'; }
    made.addEventListener('click', act);
    return made;
  }

  function say(words, isFailure) { if (window.mimamoriToasts) { window.mimamoriToasts.say(words, isFailure); } }

  /* Without a secure origin there is no clipboard. */
  function copy(text, done, failed) {
    var copying = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
    copying.then(function () { say(done, false); }, function () { say(failed, true); });
  }

  /* Behind a point where there is room, else before it, and never outside of the window. */
  function beside(point, length, room) {
    var behind = point + ROOM_PX, before = point - ROOM_PX - length;
    var wanted = behind + length + ROOM_PX <= room || before < ROOM_PX ? behind : before;
    return Math.max(ROOM_PX, Math.min(wanted, room - ROOM_PX - length));
  }

  /* All is measured before anything is moved: a question after a move has the browser lay the screen out once more. */
  function place(menu, left, top) {
    var root = document.documentElement;
    var x = beside(left, menu.offsetWidth, root.clientWidth), y = beside(top, menu.offsetHeight, root.clientHeight);
    menu.style.left = x + 'px';
    menu.style.top = y + 'px';
  }

  /* `isBack`: the reader goes on at the chart. Whoever pressed elsewhere is there already. */
  function close(doesHold, isBack) {
    var done = shown;
    if (!done) { return; }
    shown = null;
    if (isBack) { done.stage.focus({ preventScroll: true }); }
    done.menu.remove();
    done.ended(doesHold, isBack);
  }

  function around(stage, from, to) {
    var figure = stage.closest('[data-around]');
    return figure ? figure.getAttribute('data-around').replace('{from}', from).replace('{to}', to) : '';
  }

  /* A link is followed before the menu is taken away: what no longer stands in the document leads nowhere. */
  function link(words, address) {
    var made = row('a', words, function () { setTimeout(function () { close(false, true); }, 0); });
    made.href = address;
    return made;
  }

  function made(words, address) {
    var menu = document.createElement('div');
    menu.className = 'chart-figure__menu';
    menu.setAttribute('role', 'menu');
    menu.setAttribute('aria-label', words[0]);
    menu.setAttribute('popover', 'manual');
    menu.append(row('button', words[1], function () { close(false, true); copy(words[2], words[3], words[4]); }));
    if (address) { menu.append(link(words[5], address)); }
    menu.append(row('button', words[6], function () { close(true, true); }));
    menu.addEventListener('keydown', key);
    menu.addEventListener('focusout', function (event) {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) { close(false, false); }
    });
    return menu;
  }

  /* `x` and `y` are where in the chart, `said` the words and the text to copy, `from` and `to` the span around the moment. */
  function open(stage, x, y, said, from, to, ended) {
    close(false, false);
    var menu = made(said.split(SEPARATOR), around(stage, from, to)), box = stage.getBoundingClientRect();
    stage.parentElement.append(menu);
    /* Where browsers know it: over everything that cuts or covers. */
    if (menu.showPopover) { menu.showPopover(); }
    place(menu, box.left + x, box.top + y);
    shown = { menu: menu, stage: stage, left: box.left, top: box.top, ended: ended };
    rows()[0].focus({ preventScroll: true });
  }

  function walk(event) {
    var all = rows(), here = all.indexOf(document.activeElement);
    if (event.key === 'Home') { return all[0]; }
    if (event.key === 'End') { return all[all.length - 1]; }
    var step = STEPS[event.key];
    return step ? all[(here + step + all.length) % all.length] : null;
  }

  /* The key that opened it may still be down: it chooses nothing. Tab leaves, which closes it. */
  function key(event) {
    var next = walk(event), isPress = event.key === 'Enter' || event.key === ' ';
    if (event.key === 'Escape') {
      close(false, true);
    } else if (next) {
      next.focus({ preventScroll: true });
    } else if (event.key === ' ' && !event.repeat && event.target.nodeName === 'A') {
      event.target.click();
    } else if (!isPress || !event.repeat) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  document.addEventListener('pointerdown', function (event) {
    if (shown && !shown.menu.contains(event.target)) { close(false, false); }
  }, true);
  /* It would stay where its chart no longer is. Word of a scroll that was over before it opened comes late, and moves nothing. */
  document.addEventListener('scroll', function () {
    if (!shown) { return; }
    var box = shown.stage.getBoundingClientRect();
    if (box.left !== shown.left || box.top !== shown.top) { close(false, true); }
  }, { capture: true, passive: true });
  window.addEventListener('resize', function () { close(false, true); });

  window.mimamoriMoment = { open: open };
}());
