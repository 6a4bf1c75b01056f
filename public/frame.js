'use strict';
/*
 * What the frame around every screen does by itself: opens and closes its dialogs, says how the line to the server is, stops and resumes
 * the stream, counts the open alerts, and tells the server how wide the window is. Without it the frame is links and forms.
 *
 * The browser's module says how the line is (`line`), gives what stops the stream (`onPause`), and asks to count again (`recount`).
 * `public/screen.js` hands over the frame of every screen it brings (`take`).
 */
(function () {
  /* Below this many CSS pixels a window is narrow, as in the style sheets (40rem). */
  var NARROW_PX = 640, YEAR_S = 31536000;
  /* What of the frame depends on the screen. */
  var PARTS = ['.rail', '.topbar .crumbs', '.tabbar'];
  var pause = null;

  function all(selector) { return Array.from(document.querySelectorAll(selector)); }

  /* The platform is asked first, because an agent names many things it is not. */
  var hasCommand = /Mac|iPhone|iPad|iPod/.test(navigator.platform || navigator.userAgent);

  function nameChords() {
    if (!hasCommand) { return; }
    all('[data-chord]').forEach(function (key) { key.textContent = '⌘' + key.getAttribute('data-chord'); });
  }

  function tellWidth() {
    var word = window.innerWidth < NARROW_PX ? 'narrow' : 'wide';
    document.cookie = 'width=' + word + '; path=/; max-age=' + YEAR_S + '; samesite=lax';
  }

  /* Dialogs. */

  function turn(dialog) {
    if (!dialog) { return; }
    if (dialog.open) { dialog.close(); return; }
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent('opened'));
  }

  document.addEventListener('click', function (event) {
    if (!event.target.closest) { return; }
    var opens = event.target.closest('[data-opens]'), shuts = event.target.closest('[data-shuts]');
    if (opens) { turn(document.getElementById(opens.getAttribute('data-opens'))); }
    if (shuts) { shuts.closest('dialog').close(); }
    /* A press on the veil has the dialog itself as its target; one inside has something in it. */
    if (event.target.nodeName === 'DIALOG' && event.target.open) { event.target.close(); }
  });

  document.addEventListener('keydown', function (event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) { return; }
    if ((event.ctrlKey || event.metaKey) && String(event.key).toLowerCase() === 'k') {
      event.preventDefault();
      turn(document.getElementById('palette'));
      return;
    }
    var isPlain = window.mimamoriScreen && window.mimamoriScreen.isKey(event);
    if (event.repeat || !isPlain) { return; }
    if (event.key === '?') { event.preventDefault(); turn(document.getElementById('keys')); }
    if (event.key === 'p' && pause) { event.preventDefault(); pause(); }
  });

  document.addEventListener('click', function (event) {
    if (pause && event.target.closest && event.target.closest('.topbar__live')) { pause(); }
  });

  /* The line to the server. */

  function show(toggle, code) {
    toggle.querySelectorAll('[data-line]').forEach(function (sign) {
      var isNow = sign.getAttribute('data-line') === code;
      sign.hidden = !isNow;
      if (isNow) { toggle.querySelector('[data-now]').textContent = sign.getAttribute('data-word'); }
    });
    var isPaused = code === 'paused';
    toggle.setAttribute('data-state', code);
    toggle.setAttribute('aria-pressed', isPaused ? 'false' : 'true');
    toggle.title = toggle.getAttribute(isPaused ? 'data-resume' : 'data-pause');
  }

  function say(strip, code, since) {
    var banner = strip.querySelector('.banner');
    if (code !== 'lost') {
      if (banner) { banner.remove(); }
      return;
    }
    /* Every failed try says "lost" again; the words must be read aloud once. */
    if (banner) { return; }
    banner = strip.querySelector('template').content.firstElementChild.cloneNode(true);
    banner.querySelector('span').textContent = strip.getAttribute('data-says').replace('{time}', since);
    strip.appendChild(banner);
  }

  function line(code, since) {
    all('.topbar__live').forEach(function (toggle) { show(toggle, code); });
    all('.strip').forEach(function (strip) { say(strip, code, since); });
  }

  /* How many alerts are open. */

  function count(number) {
    all('[data-count]').forEach(function (place) { place.textContent = String(number); place.hidden = number === 0; });
  }

  function recount() {
    var headers = window.mimamoriScreen.headers('application/json');
    fetch('/call/alert_tally', { method: 'POST', body: new URLSearchParams(), headers: headers, credentials: 'same-origin' })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (found) { if (found) { count(found.unanswered + found.held); } })
      .catch(function () { /* The last one known stands. */ });
  }

  /* The frame of a screen that was brought: what it marks, counts and names takes the place of what stands. */
  function take(page, mend) {
    PARTS.forEach(function (selector) {
      var old = document.querySelector(selector), made = page.querySelector(selector);
      if (old && made) { mend(old, made); }
    });
  }

  nameChords();
  tellWidth();
  window.mimamoriFrame = { line: line, recount: recount, take: take, onPause: function (stop) { pause = stop; } };
}());
