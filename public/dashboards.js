'use strict';
/*
 * Changing a dashboard by hand: a panel is dragged by its handle, resized by its corner and moved by keys, and shown while its form is
 * written. All of it sends the forms that stand on the screen; without this file there are buttons for every step.
 *
 * Panels are `[data-panel]` with `data-wide` and `data-tall`, rows of them `[data-panels]`; `form[data-place]` is sent for a drag,
 * `form[data-panel-form]` is shown in `#panel-preview`. Links with `data-line` lead into the field of a source.
 */
(function () {
  var FAR_ENOUGH = 4, COLUMNS = 24, LEAST_ROWS = 2, MOST_ROWS = 30, ROW_PX = 40, PAUSE_MS = 600, MOST_TRIES = 3, REMEMBERED_MS = 5000;
  var MOVES = { ArrowLeft: 'earlier', ArrowUp: 'earlier', ArrowRight: 'later', ArrowDown: 'later' };
  var SIZES = { ArrowLeft: 'narrower', ArrowUp: 'shorter', ArrowRight: 'wider', ArrowDown: 'taller' };
  var drag = null, wanted = null, waiting = 0, turn = 0;

  function near(target, selector) { return target && target.closest ? target.closest(selector) : null; }

  function clamp(number, least, most) { return Math.min(Math.max(number, least), most); }

  function panelsOf(list) { return Array.from(list.querySelectorAll('[data-panel]')); }

  function nColumns(list) { return getComputedStyle(list).gridTemplateColumns.split(' ').length; }

  /* Sends where a panel went or how large it became; what is not said is not sent. */
  function send(panel, said) {
    var form = document.querySelector('form[data-place]');
    if (!form) { return; }
    form.elements.namedItem('panel').value = panel.getAttribute('data-panel');
    ['row', 'index', 'width', 'height'].forEach(function (name) {
      var field = form.elements.namedItem(name);
      field.disabled = said[name] === undefined;
      field.value = field.disabled ? '' : String(said[name]);
    });
    form.requestSubmit();
  }

  function begin(event) {
    var handle = near(event.target, '[data-grip], [data-corner]');
    var panel = near(handle, '[data-panel]');
    if (!panel || event.button !== 0) { return; }
    event.preventDefault();
    panel.focus({ preventScroll: true });
    drag = {
      panel: panel, list: near(panel, '[data-panels]'), isSize: handle.hasAttribute('data-corner'), x: event.clientX, y: event.clientY,
      look: panel.className, wide: Number(panel.getAttribute('data-wide')), tall: Number(panel.getAttribute('data-tall')), moves: false, drop: null, size: null
    };
  }

  function move(event) {
    if (!drag) { return; }
    var dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!drag.moves && Math.abs(dx) + Math.abs(dy) < FAR_ENOUGH) { return; }
    if (!drag.moves) {
      drag.moves = true;
      drag.panel.setAttribute('data-dragged', drag.isSize ? 'size' : 'place');
    }
    event.preventDefault();
    if (drag.isSize) { resize(dx, dy); } else { hover(event.clientX, event.clientY); }
  }

  /* Where the board is not drawn in all its columns, a panel is as wide as it can be. */
  function resize(dx, dy) {
    var list = drag.list, isWide = nColumns(list) === COLUMNS;
    var columnPx = list.getBoundingClientRect().width / COLUMNS, rowPx = parseFloat(getComputedStyle(list).gridAutoRows) || ROW_PX;
    var wide = isWide ? clamp(Math.round(drag.wide + dx / columnPx), 1, COLUMNS) : drag.wide;
    var tall = clamp(Math.round(drag.tall + dy / rowPx), LEAST_ROWS, MOST_ROWS);
    drag.size = { wide: wide, tall: tall };
    drag.panel.className = drag.look.replace(/tile--w\d+/, 'tile--w' + wide).replace(/tile--h\d+/, 'tile--h' + tall);
  }

  /* The place under the pointer: before or behind the panel there, or the end of the row there. */
  function hover(x, y) {
    var under = document.elementFromPoint(x, y);
    var list = near(under, '[data-panels]'), over = near(under, '[data-panel]');
    unmark();
    drag.drop = null;
    if (!list || over === drag.panel) { return; }
    var others = panelsOf(list).filter(function (panel) { return panel !== drag.panel; });
    var index = others.length, isBehind = true;
    if (over) {
      var box = over.getBoundingClientRect();
      isBehind = nColumns(list) === 1 ? y > box.top + box.height / 2 : x > box.left + box.width / 2;
      index = others.indexOf(over) + (isBehind ? 1 : 0);
    }
    (over || list).setAttribute('data-drop', isBehind ? 'after' : 'before');
    drag.drop = { list: list, row: Number(list.getAttribute('data-panels')), index: index };
  }

  function unmark() {
    document.querySelectorAll('[data-drop]').forEach(function (marked) { marked.removeAttribute('data-drop'); });
  }

  function clear() {
    var done = drag;
    drag = null;
    unmark();
    done.panel.removeAttribute('data-dragged');
    return done;
  }

  function cancel() {
    var done = clear();
    done.panel.className = done.look;
  }

  function end() {
    if (!drag) { return; }
    var done = clear();
    if (done.size && (done.size.wide !== done.wide || done.size.tall !== done.tall)) {
      send(done.panel, { width: done.size.wide, height: done.size.tall });
    } else if (done.drop && (done.drop.list !== done.list || done.drop.index !== panelsOf(done.list).indexOf(done.panel))) {
      send(done.panel, { row: done.drop.row, index: done.drop.index });
    }
  }

  function isWritten(target) { return Boolean(near(target, 'input, textarea, select')); }

  function key(event) {
    if (drag && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      cancel();
      return;
    }
    if (event.key === 'Tab') { wanted = null; }
    var step = event.altKey && !event.ctrlKey && !event.metaKey ? (event.shiftKey ? SIZES : MOVES)[event.key] : undefined;
    var panel = step && !isWritten(event.target) ? near(event.target, '[data-panel]') : null;
    var button = panel ? panel.querySelector('button[name="step"][value="' + step + '"]') : null;
    if (!button) { return; }
    event.preventDefault();
    event.stopPropagation();
    /* One step after the other: the next is taken from where the last one led. */
    if (!document.querySelector('[data-board] [aria-busy="true"]')) { button.form.requestSubmit(button); }
  }

  /* What had the focus gets it again where the panel stands then, also when it came into another row. */
  function remember(event) {
    var focused = document.activeElement, panel = near(event.target, '[data-board]') ? near(focused, '[data-panel]') : null;
    if (!panel) { return; }
    var next = panel.nextElementSibling || panel.previousElementSibling;
    wanted = { id: panel.id, label: focused === panel ? '' : focused.getAttribute('aria-label') || '', next: next ? next.id : '', until: Date.now() + REMEMBERED_MS };
  }

  function restore() {
    var isLost = !document.activeElement || document.activeElement === document.body;
    if (!wanted || !isLost || Date.now() > wanted.until) { return; }
    var panel = document.getElementById(wanted.id) || (wanted.next && document.getElementById(wanted.next));
    if (!panel) { return; }
    var inside = Array.from(panel.querySelectorAll('button, a')).find(function (one) { return wanted.label && one.getAttribute('aria-label') === wanted.label; });
    /* What lies in a closed menu can't have it. */
    (inside && inside.offsetParent ? inside : panel).focus({ preventScroll: true });
    panel.scrollIntoView({ block: 'nearest' });
  }

  /* Shows a panel as its form has it. An answer that comes too late changes nothing; where none comes it is asked again, a few times. */
  function preview(form, nTries) {
    var mine = turn += 1;
    var said = Array.from(new FormData(form)).filter(function (pair) { return typeof pair[1] === 'string' && pair[1] !== ''; });
    fetch(location.pathname + '?' + new URLSearchParams(said), { headers: { Accept: 'text/html' }, credentials: 'same-origin' })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ''; })
      .then(function (text) {
        var made = text && new DOMParser().parseFromString(text, 'text/html').getElementById('panel-preview');
        var shown = document.getElementById('panel-preview');
        if (!shown || mine !== turn || !form.isConnected) { return; }
        if (!made) { throw new Error('no preview came'); }
        shown.replaceChildren.apply(shown, Array.from(made.childNodes, function (node) { return document.importNode(node, true); }));
      })
      .catch(function () {
        if (mine === turn && nTries > 1) { waiting = setTimeout(function () { preview(form, nTries - 1); }, PAUSE_MS); }
      });
  }

  function written(event) {
    var form = near(event.target, 'form[data-panel-form]');
    if (!form) { return; }
    clearTimeout(waiting);
    waiting = setTimeout(function () { if (form.isConnected) { preview(form, MOST_TRIES); } }, PAUSE_MS);
  }

  /* Leads into a source, to the place of a mistake. */
  function lead(event) {
    var link = near(event.target, 'a[data-line]');
    var field = link ? document.getElementById(link.hash.slice(1)) : null;
    if (!field) { return; }
    event.preventDefault();
    var lines = field.value.split('\n'), line = clamp(Number(link.getAttribute('data-line')), 1, lines.length);
    var start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    var at = start + Array.from(lines[line - 1]).slice(0, Number(link.getAttribute('data-column')) - 1).join('').length;
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, start + lines[line - 1].length);
    field.scrollIntoView({ block: 'nearest' });
    var share = (line - 1) / lines.length, box = field.getBoundingClientRect();
    field.scrollTop = share * field.scrollHeight - field.clientHeight / 2;
    window.scrollBy(0, box.top + share * box.height - window.innerHeight / 2);
  }

  document.addEventListener('pointerdown', begin);
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', function () { if (drag) { cancel(); } });
  document.addEventListener('pointerdown', function () { wanted = null; }, true);
  document.addEventListener('keydown', key, true);
  document.addEventListener('submit', remember, true);
  document.addEventListener('input', written);
  document.addEventListener('change', written);
  document.addEventListener('click', lead);

  function watch() { new MutationObserver(restore).observe(document.body, { childList: true, subtree: true }); }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', watch); } else { watch(); }
}());
