'use strict';
/*
 * Screens: goes from one to the next without a reload, sends their forms, keeps them fresh, and brings their small conveniences (copying,
 * menus that close, keys). Without it they are ordinary documents with ordinary links and forms.
 *
 * A screen stands in its holder, the element marked `data-served`; around it is the frame (`public/frame.js`). The browser's module calls
 * `refresh` when something changed and `turn` when a chart is zoomed, and gives `onPut` what takes over the charts of a screen.
 */
(function () {
  var SAID_FOR_MS = 2000, LEAST_EVERY_MS = 5000, JUDGED_AFTER_MS = 500;
  var FIELDS = 'input:not([type="hidden"]), select, textarea', WRONG = '.form__refused, [aria-invalid="true"]';
  var REFUSED = WRONG + ', .field__error';
  /* What is asked for within this time of a touch is asked for by the person: a slow screen, a second try. */
  var PERSON_MS = 5000, BACKGROUND = 'x-mimamori-background';
  /* What hands do. `popstate` is the browser's own way back, which no key or pointer inside the sheet tells of. */
  var HANDS = ['pointerdown', 'keydown', 'click', 'input', 'wheel', 'touchstart', 'popstate'];
  var holder = document.querySelector('[data-served]'), putDown = null;
  var turns = 0, asked = 0, shown = 0, sending = 0, due = 0, judging = 0, touched = Date.now();
  /* Forms that are judged while somebody writes them, once something is written. */
  var written = new WeakSet();
  /* The address of what is shown. */
  var routed = '';
  /* The path of what stands in the holder. */
  var standing = location.pathname;
  /* How far down each step of the history was read, by the number in its state. */
  var depths = {}, step = 0;
  /* Whether a refresh was left out because somebody was about to use what stands there. */
  var isMissed = false;

  function served(page) { return page.querySelector('[data-served]'); }

  function here() { return location.pathname + location.search; }

  function addressOf(url) { var made = new URL(url, location.href); return made.pathname + made.search; }

  /* The document an answer carries; null when it is no screen of this kind. */
  function read(answer) {
    var kind = answer.headers.get('content-type') || '';
    if (kind.indexOf('text/html') !== 0) { return Promise.resolve(null); }
    return answer.text().then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html');
      return served(page) ? page : null;
    });
  }

  /* By attribute: of a form with a field called `id`, `form.id` is that field. */
  function key(node) {
    return node.nodeType === 1 ? node.getAttribute('id') || node.getAttribute('data-key') || node.getAttribute('data-own') || '' : '';
  }

  /* What a script of its own fills, such as the editor of documents, is left to it. */
  function isOwned(old, made) { return old.hasAttribute('data-own') && old.getAttribute('data-own') === made.getAttribute('data-own'); }

  function isLike(one, other) { return one.nodeType === other.nodeType && one.nodeName === other.nodeName && key(one) === key(other); }

  /* What a reader did to an element outlives a refresh: what is typed, chosen, and folded open. */
  function isKept(element, name, isFresh) {
    if (isFresh) { return false; }
    return (name === 'open' && element.nodeName === 'DETAILS') || name === 'value' || name === 'checked' || name === 'selected';
  }

  function dress(old, made, isFresh) {
    Array.from(made.attributes).forEach(function (attribute) {
      if (!isKept(old, attribute.name, isFresh) && old.getAttribute(attribute.name) !== attribute.value) {
        old.setAttribute(attribute.name, attribute.value);
      }
    });
    Array.from(old.attributes).forEach(function (attribute) {
      if (!made.hasAttribute(attribute.name) && !isKept(old, attribute.name, isFresh)) { old.removeAttribute(attribute.name); }
    });
    if (!isFresh) { return; }
    if (old.nodeName === 'INPUT') { old.value = made.getAttribute('value') || ''; old.checked = made.hasAttribute('checked'); }
    if (old.nodeName === 'TEXTAREA') { old.value = made.value; }
  }

  function repaper(old, made) {
    var paper = old.querySelector('.chart-figure__paper'), fresh = made.querySelector('.chart-figure__paper');
    if (paper && fresh) { paper.innerHTML = fresh.innerHTML; }
  }

  /* Makes `old` what `made` is with as few changes as it takes, so that focus and selection stay. */
  function mend(old, made, isFresh) {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== made.nodeValue) { old.nodeValue = made.nodeValue; }
      return;
    }
    if (isOwned(old, made) && (!made.hasAttribute('data-figure') || old.firstElementChild)) {
      /* A chart that the module draws gets its new data, and draws them itself; beneath it lies the picture that is printed. */
      if (made.hasAttribute('data-figure')) { dress(old, made, true); repaper(old, made); }
      return;
    }
    dress(old, made, isFresh);
    if (old.nodeName === 'TEXTAREA' && !isFresh) { return; }
    mendChildren(old, made, isFresh);
    if (old.nodeName === 'SELECT' && isFresh) { old.selectedIndex = made.selectedIndex; }
  }

  /* Comments say nothing, and one more or less must not put everything behind it out of step. */
  function isSaying(node) { return node.nodeType !== 8; }

  function mendChildren(old, made, isFresh) {
    Array.from(old.childNodes).forEach(function (node) { if (!isSaying(node)) { node.remove(); } });
    var at = old.firstChild;
    Array.from(made.childNodes).filter(isSaying).forEach(function (wanted) {
      var found = at;
      if (key(wanted)) { while (found && !isLike(found, wanted)) { found = found.nextSibling; } }
      if (found && isLike(found, wanted)) {
        if (found === at) { at = at.nextSibling; } else { old.insertBefore(found, at); }
        mend(found, wanted, isFresh);
      } else {
        old.insertBefore(document.importNode(wanted, true), at);
      }
    });
    while (at) { var next = at.nextSibling; old.removeChild(at); at = next; }
  }

  /* What has the focus keeps it when it is moved; where it is gone, as the button of what was taken, the row it stood in has it, so that
     nobody who works by keyboard begins at the top again. */
  function keepFocus(element, change) {
    var had = element.contains(document.activeElement) ? document.activeElement : null;
    var row = had && had.closest('li[id], tr[id]');
    change();
    if (!had || document.activeElement === had) { return; }
    var heir = had.isConnected ? had : row && row.isConnected ? row.querySelector('a[href], button') : null;
    if (heir) { heir.focus({ preventScroll: true }); }
  }

  function notes(root, isNews) { if (window.mimamoriToasts) { window.mimamoriToasts.take(root, isNews); } }

  function put(page, isFresh) {
    document.title = page.title;
    if (isFresh) { written = new WeakSet(); isMissed = false; }
    notes(served(page), isFresh);
    if (window.mimamoriFrame) { window.mimamoriFrame.take(page, function (old, made) { mend(old, made, false); }); }
    if (standing === location.pathname) {
      keepFocus(holder, function () { mendChildren(holder, served(page), isFresh); });
    } else {
      /* Another screen, which has nothing in common with this one. */
      standing = location.pathname;
      holder.replaceChildren.apply(holder, Array.from(served(page).childNodes).map(function (node) { return document.importNode(node, true); }));
    }
    holder.removeAttribute('aria-busy');
    if (putDown) { putDown(); }
    awaitTurn();
  }

  /* A screen may ask to be drawn anew every so many milliseconds (`data-every`): while somebody looks at it, and has not paused the console. */
  function awaitTurn() {
    clearTimeout(due);
    var asks = holder.querySelector('[data-every]');
    if (!asks) { return; }
    due = setTimeout(function () {
      if (!document.hidden && !document.querySelector('.topbar__live[aria-pressed="false"]')) { refresh(); }
      awaitTurn();
    }, Math.max(Number(asks.getAttribute('data-every')) || 0, LEAST_EVERY_MS));
  }

  /* What was just done is said once: `done` leaves the address, so that neither a reload nor a link that is passed on says it again. So does
     the number of a form that was refused, where no form of the screen says so: such a screen is live again at once. */
  function shorten() {
    var address = here(), isRefused = holder.querySelector(REFUSED) !== null;
    var bare = address.replace(isRefused ? /([?&])done=[^&]*&?/g : /([?&])(?:done|kept)=[^&]*&?/g, '$1').replace(/[?&]$/, '');
    if (bare === address) { return; }
    routed = bare;
    history.replaceState(history.state, '', bare + location.hash);
  }

  /* A link that leads to a part of a screen leads there; to a form, or to a field of one, with the focus, as the browser does by itself. */
  function lead() {
    var part = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!part) { return; }
    part.scrollIntoView();
    var field = part.matches(FIELDS) ? part : part.matches('form, details[open]') ? part.querySelector(FIELDS) : null;
    if (!field) { return; }
    for (var fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) { fold.open = true; }
    field.scrollIntoView({ block: 'nearest' });
    field.focus({ preventScroll: true });
  }

  /* A screen is asked for again by timers and by what the stream says. Such requests keep no sign-in alive in front of an empty chair. A click
     that a program makes is no hand. */
  HANDS.forEach(function (name) {
    window.addEventListener(name, function (event) { if (event.isTrusted) { touched = Date.now(); } }, { capture: true, passive: true });
  });

  function headers(kind) {
    var made = { Accept: kind };
    if (Math.abs(Date.now() - touched) > PERSON_MS) { made[BACKGROUND] = '1'; }
    return made;
  }

  function get(address) { return fetch(address, { headers: headers('text/html'), credentials: 'same-origin' }); }

  /* Asks for the screen at `address` and hands it to `arrived`, with the address where it was found. Until then the one before stays in sight. */
  function bring(address, arrived) {
    var mine = turns += 1;
    holder.setAttribute('aria-busy', 'true');
    get(address).then(function (answer) {
      return read(answer).then(function (page) {
        if (mine !== turns) { return; }
        if (page) { arrived(page, answer.redirected ? addressOf(answer.url) : address); } else { location.assign(answer.url); }
      });
    }).catch(function () { if (mine === turns) { location.assign(address); } });
  }

  /* Shows a screen whose address the browser's own is already. */
  function show(page) {
    routed = here();
    put(page, true);
    shorten();
  }

  /* What a form says, as the part of an address behind the question mark: only what was filled in. */
  function filledIn(form, button) {
    var fields = Array.from(new FormData(form, button)).filter(function (pair) { return typeof pair[1] === 'string' && pair[1] !== ''; });
    return new URLSearchParams(fields).toString();
  }

  /* Where the form that is being written leads, if the screen has one that is judged meanwhile (`data-judged`). */
  function draft() {
    var form = holder.querySelector('form[data-judged]');
    return form && written.has(form) ? location.pathname + '?' + filledIn(form) : '';
  }

  function isTouched(field) {
    if (field.type === 'checkbox' || field.type === 'radio') { return field.checked !== field.defaultChecked; }
    if (field.nodeName === 'SELECT') { return Array.from(field.options).some(function (one) { return one.defaultSelected && !one.selected; }); }
    return 'defaultValue' in field && field.type !== 'hidden' && field.value !== field.defaultValue;
  }

  /* Somebody is about to use a form that is marked `data-hold`: its fold is open, or one of its fields, wherever that stands, is not as it
     came. Meanwhile nothing may move under their hand. */
  function isHeld() {
    return Array.from(holder.querySelectorAll('form[data-hold]')).some(function (form) {
      return form.closest('details[open]') !== null || Array.from(form.elements).some(isTouched);
    });
  }

  /* Draws the screen anew where it stands. A screen whose form is under way waits for that instead; a lost line is told elsewhere. */
  function refresh() {
    if (isHeld()) {
      isMissed = true;
      if (window.mimamoriFrame) { window.mimamoriFrame.recount(); }
      return;
    }
    isMissed = false;
    var judged = draft();
    /* What came back with a refusal comes once: it stays until the reader writes on, sends it again or leaves. */
    if (sending || holder.getAttribute('aria-busy') || (!judged && /[?&]kept=/.test(location.search))) { return; }
    var mine = turns, number = asked += 1, address = here();
    get(judged || address).then(function (answer) {
      return answer.ok && !answer.redirected ? read(answer) : null;
    }).then(function (page) {
      var isNewer = mine === turns && number > shown && address === here();
      if (!page || !isNewer || sending) { return; }
      if (isHeld()) { isMissed = true; return; }
      shown = number;
      put(page, false);
    }).catch(function () { /* The next change asks again. */ });
  }

  /* Makes a screen that is there the one on show. `isReplaced`: its address takes the place of the one that is left. `isStill`: the page does
     not scroll. The address changes with what is seen, not before it. */
  function land(page, address, isReplaced, isStill) {
    depths[step] = window.scrollY;
    if (!isReplaced) { step = Date.now(); }
    history[isReplaced ? 'replaceState' : 'pushState']({ step: step }, '', address);
    show(page);
    if (isReplaced || isStill) { return; }
    window.scrollTo(0, 0);
    /* What had the focus went with the screen that was left: a screen reader goes on at what has come. */
    var main = document.getElementById('main');
    if (main && document.activeElement === document.body) { main.focus({ preventScroll: true }); }
    lead();
  }

  /* Goes to an address of ours. */
  function travel(address, isStill) {
    var parts = address.split('#');
    bring(parts[0], function (page, found) {
      land(page, parts.length > 1 ? found + '#' + parts[1] : found, found === here(), isStill);
    });
  }

  window.addEventListener('popstate', function (event) {
    step = (event.state && event.state.step) || 0;
    /* Only the part behind the hash is another one. */
    if (here() === routed) { return; }
    var depth = depths[step] || 0, wanted = here();
    bring(wanted, function (page, found) {
      if (found !== wanted) { history.replaceState(history.state, '', found); }
      show(page);
      window.scrollTo(0, depth);
    });
  });

  /* Where a plain press on a link of the console leads; nothing for links that the browser itself should follow. */
  function destination(event) {
    var link = event.target.closest && event.target.closest('a[href]');
    var isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.hasAttribute('download') || /\bexternal\b/.test(link.getAttribute('rel'))) {
      return null;
    }
    var aim = link.getAttribute('target'), url = new URL(link.getAttribute('href'), location.href);
    if ((aim && aim !== '_self') || url.origin !== location.origin) { return null; }
    var isPart = url.pathname + url.search === here() && (url.hash || link.getAttribute('href') === '#');
    return isPart ? null : url.pathname + url.search + url.hash;
  }

  /* On the window: after every script of a screen has had its say. */
  window.addEventListener('click', function (event) {
    var address = destination(event);
    if (!address) { return; }
    event.preventDefault();
    travel(address, false);
  });

  /* The answer to a form: the screen it was on, another one, or a document that is none of ours. */
  function arrive(answer, page) {
    if (!page) { location.assign(answer.redirected ? answer.url : here()); return; }
    var address = addressOf(answer.url);
    turns += 1;
    if (address === here()) { show(page); } else { land(page, address, address.split('?')[0] === location.pathname, false); }
    var wrong = holder.querySelector(WRONG);
    if (wrong) { wrong.focus(); }
  }

  /* A toast has done what it is for once its form was sent. */
  function endToast(form) { var toast = form.closest('.toast'); if (toast) { toast.remove(); } }

  function sendWhole(form, button) {
    form.setAttribute('data-whole', '');
    form.requestSubmit(button);
    form.removeAttribute('data-whole');
  }

  /* A button may send its form elsewhere and otherwise than the form says. */
  function target(form, button) { return button && button.hasAttribute('formaction') ? button.formAction : form.action; }
  function method(form, button) { return button && button.hasAttribute('formmethod') ? button.formMethod : form.method; }

  function post(form, button) {
    var fields = new URLSearchParams(new FormData(form, button));
    sending += 1;
    if (button) { button.setAttribute('aria-busy', 'true'); }
    fetch(target(form, button),
      { method: 'POST', body: fields, headers: { Accept: 'text/html' }, credentials: 'same-origin' })
      .then(function (answer) {
        /* Refused before anything was done: the browser sends it once more by itself, and shows what the server says of it. */
        if (answer.status >= 400) { return function () { sendWhole(form, button); }; }
        return read(answer).then(function (page) { return function () { endToast(form); arrive(answer, page); }; });
      })
      /* The line broke, and nobody knows whether it was done: it is not sent twice. What was typed stays; the strip says that the line is
         lost, and when it is back the screen shows what is true. */
      .catch(function () { return function () {}; })
      .then(function (goOn) {
        sending -= 1;
        if (button) { button.removeAttribute('aria-busy'); }
        goOn();
      });
  }

  /* A question: only what was filled in stands in the address. */
  function ask(form, button) {
    var query = filledIn(form, button);
    var path = new URL(target(form, button), location.href).pathname;
    var address = query ? path + '?' + query : path;
    /* Asked once more as it stands. */
    if (address === here()) { refresh(); } else { travel(address, false); }
  }

  /* Those on the screen, and those that a toast took from it. `data-whole`: its answer is a document of its own, which the browser shows: a
     secret that is seen once. */
  function isOurs(form) {
    return form.closest('[data-served], .toast') && !form.hasAttribute('data-whole') && !form.hasAttribute('data-push') && !form.target
      && form.enctype !== 'multipart/form-data';
  }

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || !isOurs(form)) { return; }
    event.preventDefault();
    /* Pressed once more while it is under way. */
    if (event.submitter && event.submitter.getAttribute('aria-busy') === 'true') { return; }
    if (method(form, event.submitter) === 'post') { post(form, event.submitter); } else { ask(form, event.submitter); }
  });

  function copy(button) {
    navigator.clipboard.writeText(button.getAttribute('data-copy')).then(function () {
      var word = button.querySelector('[data-copied]');
      var before = word.textContent;
      if (button.hasAttribute('data-done')) { return; }
      button.setAttribute('data-done', '');
      word.textContent = word.getAttribute('data-copied');
      setTimeout(function () { button.removeAttribute('data-done'); word.textContent = before; }, SAID_FOR_MS);
    }).catch(function () { /* Without a secure origin there is no clipboard: the text stands beside the button. */ });
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest ? event.target.closest('button') : null;
    if (!button) { return; }
    if (button.getAttribute('aria-disabled') === 'true') { event.preventDefault(); return; }
    if (button.hasAttribute('data-copy') && navigator.clipboard) { copy(button); }
  }, true);

  /* What opens over a screen closes on Escape, when the focus goes elsewhere, and when one of its links was followed. */
  function open(event) { return event.target.closest ? event.target.closest('details[data-closes][open]') : null; }

  document.addEventListener('keydown', function (event) {
    var menu = event.key === 'Escape' ? open(event) : null;
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  document.addEventListener('focusout', function (event) {
    var menu = open(event);
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) { menu.open = false; }
  });
  document.addEventListener('click', function (event) {
    var menu = event.target.closest && event.target.closest('a') ? open(event) : null;
    if (menu) { menu.open = false; }
  });

  /* A form whose lists ask as soon as something is chosen. In a set of boxes where one means all, it and the others undo each other. */
  document.addEventListener('change', function (event) {
    var field = event.target, form = field.form;
    if (!form || !form.hasAttribute('data-at-once')) { return; }
    if (field.nodeName === 'SELECT') { form.requestSubmit(); }
    var boxes = field.checked ? field.closest('[data-one-or-all]') : null;
    if (!boxes) { return; }
    boxes.querySelectorAll('input').forEach(function (box) {
      if (box.hasAttribute('data-all') !== field.hasAttribute('data-all')) { box.checked = false; }
    });
  });

  /* A form that is judged while it is written: the screen is drawn anew as its fields have it, and what is written stays. */
  function judge(event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute('data-judged')) { return; }
    written.add(form);
    clearTimeout(judging);
    judging = setTimeout(function () {
      if (form.isConnected) { refresh(); }
    }, JUDGED_AFTER_MS);
  }
  document.addEventListener('input', judge);
  document.addEventListener('change', judge);

  /* What was left out while a form was held is made up for once it is let go. */
  function letGo() {
    if (isMissed && !isHeld()) { refresh(); }
  }
  document.addEventListener('change', letGo);
  document.addEventListener('toggle', letGo, true);

  /* Whether a single key is meant for the screen: the reader has them switched on, writes nothing, and nothing lies over the screen. */
  function isKey(event) {
    var isPlain = !event.defaultPrevented && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var isFree = !event.target.closest || !event.target.closest('input, textarea, select, [contenteditable], [role="application"]');
    return isPlain && isFree && document.querySelector('[data-keys]') !== null && document.querySelector('dialog[open]') === null;
  }

  /* A button or link that a key presses. */
  document.addEventListener('keydown', function (event) {
    if (event.repeat || !isKey(event)) { return; }
    var meant = Array.from(document.querySelectorAll('[data-served] [data-hotkey]')).find(function (one) {
      return one.getAttribute('data-hotkey') === event.key && one.getClientRects().length > 0;
    });
    if (!meant) { return; }
    event.preventDefault();
    meant.click();
  });

  /* A link to the screen one is on draws it anew where it stands. */
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[data-again]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !link.closest('[data-served]')) { return; }
    event.preventDefault();
    refresh();
  });

  if (!holder) { return; }
  routed = here();
  step = (history.state && history.state.step) || 0;
  notes(holder, true);
  shorten();
  awaitTurn();
  window.mimamoriScreen = {
    refresh: refresh, isKey: isKey, headers: headers,
    turn: function (address) { travel(address, true); },
    onPut: function (put) { putDown = put; }
  };
}());
