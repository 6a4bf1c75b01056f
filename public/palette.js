'use strict';
/*
 * The palette: finds screens while somebody writes, and asks the server for hosts, alerts, rules, documents and people of that name when
 * they pause. What the server wrote for it stands on the dialog (`app/ui/src/palette.rs`).
 */
(function () {
  /* As long as a quick writer takes between two letters. */
  var PAUSE_MS = 180;
  /* More than so many places nobody reads; writing another letter is faster. */
  var MOST_SHOWN = 50, MOST_RECENT = 20;
  /* What the server takes, in characters. */
  var LONGEST = 100;
  var dialog = document.getElementById('palette');
  if (!dialog) { return; }
  var input = dialog.querySelector('input'), list = dialog.querySelector('[role="listbox"]'), note = dialog.querySelector('[role="status"]');
  var screens = JSON.parse(dialog.getAttribute('data-entries'));
  var kinds = JSON.parse(dialog.getAttribute('data-kinds')), states = JSON.parse(dialog.getAttribute('data-states'));
  /* What the server last said, and about which text. */
  var answer = { text: '', entries: [], isFailure: false };
  /* The places that were taken in this tab, the last one first. */
  var recent = [];
  var chosen = 0, waiting = 0;

  function split(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }

  function holds(entry, words) {
    var text = (entry.label + ' ' + entry.hint + ' ' + entry.keywords).toLowerCase();
    return words.every(function (word) { return text.includes(word); });
  }

  function beginsAWord(text, word) {
    for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at === 0 || !/[\p{L}\p{N}]$/u.test(text.slice(0, at))) { return true; }
    }
    return false;
  }

  /* What begins like the query, then what has words that begin like its words, then the rest. */
  function rank(entry, words) {
    var label = entry.label.toLowerCase(), keywords = entry.keywords.toLowerCase();
    function begin(text) { return words.every(function (word) { return beginsAWord(text, word); }); }
    if (label.startsWith(words.join(' '))) { return 0; }
    return begin(label) ? 1 : begin(keywords) ? 2 : 3;
  }

  /* The best of each group first; of equals what was taken lately. Groups stay where they are. */
  function ranked(entries, text, taken) {
    var words = split(text), groups = [];
    entries.forEach(function (entry) { if (!groups.includes(entry.group)) { groups.push(entry.group); } });
    function lately(entry) { var at = taken.indexOf(entry.href); return at < 0 ? MOST_RECENT : at; }
    var keys = new Map(entries.map(function (entry) {
      return [entry, [groups.indexOf(entry.group), rank(entry, words), lately(entry)]];
    }));
    return entries.slice().sort(function (one, other) {
      var a = keys.get(one), b = keys.get(other);
      return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
    });
  }

  /* The entries that hold every word. */
  function find(entries, text, taken) {
    var words = split(text);
    return ranked(entries.filter(function (entry) { return holds(entry, words); }), text, taken).slice(0, MOST_SHOWN);
  }

  /* What is here first, then what was asked for, no place twice. */
  function together(here, asked) {
    var made = here.slice();
    asked.forEach(function (entry) {
      if (!made.some(function (known) { return known.href === entry.href && known.label === entry.label; })) { made.push(entry); }
    });
    return made.slice(0, MOST_SHOWN);
  }

  /* What is looked for: nothing beyond what the server takes. */
  function wanted() { return Array.from(input.value.trim()).slice(0, LONGEST).join('').trimEnd(); }

  /* Until the answer to the newest letters is there, what of the last one still fits. */
  function asked(text) {
    if (!text) { return []; }
    return answer.text === text ? answer.entries : find(answer.entries, text, []);
  }

  function say(text, isAny) {
    if (text && answer.text === text && answer.isFailure) { return dialog.getAttribute('data-failed'); }
    if (isAny) { return ''; }
    return dialog.getAttribute(text && answer.text !== text ? 'data-asking' : 'data-nothing');
  }

  function made(name) { return dialog.querySelector('template[data-' + name + ']').content.firstElementChild.cloneNode(true); }

  function option(entry, index) {
    var link = made('one');
    link.id = 'palette-' + index;
    link.setAttribute('href', entry.href);
    link.setAttribute('aria-selected', 'false');
    link.children[0].textContent = entry.label;
    link.children[1].textContent = entry.hint;
    return link;
  }

  function head(group) { var line = made('group'); line.textContent = group; return line; }

  function draw() {
    var text = wanted(), group = '', rows = [];
    var found = together(find(screens, input.value, recent), ranked(asked(text), text, recent));
    found.forEach(function (entry, index) {
      if (entry.group !== group) { group = entry.group; rows.push(head(group)); }
      rows.push(option(entry, index));
    });
    list.replaceChildren.apply(list, rows);
    choose(chosen);
    var words = say(text, found.length > 0);
    if (note.textContent !== words) { note.textContent = words; }
  }

  function options() { return Array.from(list.querySelectorAll('[role="option"]')); }

  /* Which entry Enter would take; the list may have become shorter since it was chosen. */
  function choose(index) {
    var all = options();
    chosen = Math.max(0, Math.min(index, all.length - 1));
    all.forEach(function (one, at) { one.setAttribute('aria-selected', at === chosen ? 'true' : 'false'); });
    input.setAttribute('aria-expanded', all.length ? 'true' : 'false');
    if (all.length) { input.setAttribute('aria-activedescendant', all[chosen].id); } else { input.removeAttribute('aria-activedescendant'); }
  }

  /* Round the ends. */
  function step(by) {
    var all = options();
    if (!all.length) { return; }
    choose((chosen + by + all.length) % all.length);
    all[chosen].scrollIntoView({ block: 'nearest' });
  }

  /* Something found, as it stands in the palette. */
  function shown(found) {
    var isJapanese = document.documentElement.lang === 'ja', alert = found.alert;
    var label = (isJapanese ? found.label.ja || found.label.en : found.label.en || found.label.ja);
    var state = alert && alert.state === 'firing' ? (alert.held ? 'held' : 'unanswered') : alert && alert.state;
    return {
      label: label, href: found.href, group: kinds[found.kind], keywords: found.label.ja + ' ' + found.label.en,
      hint: alert ? alert.severity.toUpperCase() + ' · ' + states[state] : found.hint
    };
  }

  function ask(text) {
    fetch('/call/find', {
      method: 'POST', body: new URLSearchParams({ text: text }), credentials: 'same-origin', headers: { Accept: 'application/json' }
    }).then(function (got) {
      if (!got.ok) { throw new Error(String(got.status)); }
      return got.json();
    }).then(function (found) { return { text: text, entries: found.map(shown), isFailure: false }; })
      .catch(function () { return { text: text, entries: [], isFailure: true }; })
      .then(function (heard) {
        /* An answer that comes late, about what is no longer written, is none. */
        if (wanted() === text) { answer = heard; draw(); }
      });
  }

  input.addEventListener('input', function () {
    chosen = 0;
    draw();
    clearTimeout(waiting);
    var text = wanted();
    if (text) { waiting = setTimeout(function () { ask(text); }, PAUSE_MS); }
  });

  input.addEventListener('keydown', function (event) {
    if (event.isComposing) { return; }
    var link = options()[chosen];
    if (event.key === 'ArrowDown') { step(1); } else if (event.key === 'ArrowUp') { step(-1); }
    else if (event.key === 'Enter') { if (link) { link.click(); } } else { return; }
    event.preventDefault();
  });

  /* A place is gone to: it stands before its equals from now on. */
  list.addEventListener('click', function (event) {
    var link = event.target.closest('a');
    if (!link) { return; }
    var href = link.getAttribute('href');
    recent = [href].concat(recent.filter(function (known) { return known !== href; })).slice(0, MOST_RECENT);
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) { dialog.close(); }
  });

  dialog.addEventListener('opened', function () { chosen = 0; draw(); input.focus(); });
  dialog.addEventListener('close', function () { clearTimeout(waiting); input.value = ''; list.replaceChildren(); });

  window.mimamoriPalette = { find: find, together: together };
}());
