'use strict';
/*
 * Small conveniences of the incident screens. Without it the handle of time is a form with a button, and the figure of how long an incident
 * has been going on is right when it was drawn.
 *
 * 1. The scrubber: `data-scrubber` holds a form with one range (`t`, epoch milliseconds) and `data-picture`, what changes with it. Moving the
 *    handle says the time at once, and fetches the picture of that second once the hand rests; the address follows without filling the
 *    history. `data-zone` and `data-locale` say how the time is written.
 * 2. Ticking figures: `data-ticks` is since when, `data-now` what the server's clock said as it was drawn, `data-units` the words of units.
 *
 * It listens on the document, because `screen.js` puts screens in and takes them away.
 */
(function () {
  var REST_MS = 150, TICK_MS = 1000;
  /* Seconds of a day, an hour, a minute, a second: `data-units` names them in this order. */
  var WORTH = [86400, 3600, 60, 1];
  var waiting = 0, turn = 0;

  function scrubber(element) { return element.closest ? element.closest('[data-scrubber]') : null; }

  function isHandle(element) { return element.type === 'range' && element.name === 't' && scrubber(element); }

  function spoken(holder, ms) {
    var how = { timeZone: holder.getAttribute('data-zone') || 'UTC', dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' };
    return new Intl.DateTimeFormat(holder.getAttribute('data-locale') || 'ja', how).format(new Date(ms));
  }

  function clock(holder, ms) {
    var how = { timeZone: holder.getAttribute('data-zone') || 'UTC', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
    return new Intl.DateTimeFormat(holder.getAttribute('data-locale') || 'ja', how).format(new Date(ms));
  }

  /* The time is said at once; the rest of the picture is still of the second before, and says that it is busy. */
  function say(holder, handle) {
    var ms = Number(handle.value), time = holder.querySelector('[data-picture] time');
    handle.setAttribute('aria-valuetext', spoken(holder, ms));
    if (time) { time.textContent = clock(holder, ms); time.dateTime = new Date(ms).toISOString(); }
  }

  function address(handle) {
    var path = new URL(handle.form.action, location.href).pathname;
    return path + '?t=' + encodeURIComponent(handle.value);
  }

  function put(holder, page) {
    var made = page.querySelector('[data-picture]'), old = holder.querySelector('[data-picture]');
    if (!made || !old) { return false; }
    old.replaceChildren.apply(old, Array.from(document.importNode(made, true).childNodes));
    old.removeAttribute('aria-busy');
    document.title = page.title;
    return true;
  }

  function fetchPicture(holder, handle) {
    var mine = turn += 1, to = address(handle), old = holder.querySelector('[data-picture]');
    if (old) { old.setAttribute('aria-busy', 'true'); }
    fetch(to, { headers: { Accept: 'text/html' }, credentials: 'same-origin' }).then(function (answer) {
      return answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer);
    }).then(function (text) {
      if (mine !== turn || !holder.isConnected) { return; }
      if (!put(holder, new DOMParser().parseFromString(text, 'text/html'))) { location.assign(to); return; }
      history.replaceState(history.state, '', to);
    }).catch(function () {
      /* The line broke, or the sign-in is over: the browser asks in the open, and says what it finds. */
      if (mine === turn && holder.isConnected) { location.assign(to); }
    });
  }

  function rest(holder, handle, ms) {
    clearTimeout(waiting);
    waiting = setTimeout(function () { fetchPicture(holder, handle); }, ms);
  }

  document.addEventListener('input', function (event) {
    if (!isHandle(event.target)) { return; }
    var holder = scrubber(event.target);
    say(holder, event.target);
    rest(holder, event.target, REST_MS);
  });

  document.addEventListener('change', function (event) {
    if (isHandle(event.target)) { rest(scrubber(event.target), event.target, 0); }
  });

  /* The button is for those without this script. */
  function enliven() {
    document.querySelectorAll('[data-scrubber]:not([data-live])').forEach(function (holder) { holder.setAttribute('data-live', ''); });
  }

  /* How far the server's clock was ahead when the figure was drawn, kept with the element it belongs to. */
  function ahead(figure) {
    var said = figure.getAttribute('data-now');
    if (figure.scrubberSaid !== said) { figure.scrubberSaid = said; figure.scrubberAhead = Number(said) - Date.now(); }
    return figure.scrubberAhead;
  }

  /* A length of time as the server writes it (`figures::duration`): the two largest parts, the second only where it is one. */
  function parts(ms, units) {
    var seconds = Math.floor(ms / 1000), first = Math.max(WORTH.findIndex(function (worth) { return seconds >= worth; }), 0);
    if (seconds < 1) { first = WORTH.length - 1; }
    var rest = first + 1 < WORTH.length ? Math.floor(seconds % WORTH[first] / WORTH[first + 1]) : 0;
    var written = [[String(Math.floor(seconds / WORTH[first])), units[first]]];
    if (rest > 0) { written.push([String(rest).padStart(first > 0 ? 2 : 1, '0'), units[first + 1]]); }
    return written;
  }

  function tick(figure) {
    var since = Number(figure.getAttribute('data-ticks')), units = (figure.getAttribute('data-units') || '').split(' ');
    if (units.length !== WORTH.length) { return; }
    var written = parts(Math.max(0, Date.now() + ahead(figure) - since), units);
    if (figure.textContent === written.map(function (part) { return part.join(''); }).join('')) { return; }
    figure.replaceChildren.apply(figure, written.reduce(function (all, part) {
      var unit = document.createElement('small');
      unit.textContent = part[1];
      return all.concat(part[0], unit);
    }, []));
  }

  setInterval(function () {
    enliven();
    if (!document.hidden) { document.querySelectorAll('[data-ticks]').forEach(tick); }
  }, TICK_MS);
  enliven();
}());
