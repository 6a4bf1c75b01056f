'use strict';
/*
 * Makes an editor for PromQL of every `textarea[data-expression]`: colours below the text, what is wrong underlined and said, what the
 * function at the caret takes, and a list of what could be written. Without this file they are plain text areas.
 *
 * What a text means is known by the server alone; the attribute says where to ask. Around a field `#id` stand the element it lies in with
 * its painted text (`pre`), and `#id-offers`, `#id-count`, `#id-mistakes`, `#id-saying`. Everything here can be made again from the field:
 * a screen that is drawn anew may put these parts back as the server drew them, and they are settled again at once.
 */
(function () {
  var FIELD = 'textarea[data-expression]', REST_MS = 60, JUDGED_AFTER_MS = 400;
  /* What browsers call every key while a word is composed, even those that forget to say that one is. */
  var COMPOSING = 229;
  /* Keeps a line for the caret behind the last line break. */
  var LAST_LINE = '\u200B';
  var known = new WeakMap();

  function stateOf(target) { return target && target.matches && target.matches(FIELD) ? known.get(target) || take(target) : null; }

  function part(state, name) { return document.getElementById(state.field.id + '-' + name); }

  function take(field) {
    var state = {
      field: field, text: null, caret: null, isComposing: false,
      /* As it is painted, and what is wrong with it. */
      shades: [], marks: [], found: [], isJudged: true, seen: '',
      /* What was asked last, for what, and what waits. */
      turn: 0, wants: 'nothing', resting: 0, judging: 0,
      /* What the server offered, what of it is shown, which is meant, and what it replaces. */
      all: [], offers: [], chosen: -1, from: 0, to: 0
    };
    known.set(field, state);
    settle(state);
    return state;
  }

  /* Where the caret is, if nothing is selected. */
  function caretOf(field) { return field.selectionStart === field.selectionEnd ? field.selectionStart : null; }

  function isFocused(state) { return document.activeElement === state.field; }

  /* ---- The painted text ---- */

  /* The text cut where shades and marks begin and end: from, to, classes. */
  function pieces(text, shades, marks) {
    var borders = [0, text.length], found = [], at = 0;
    shades.concat(marks).forEach(function (span) { borders.push(Math.min(span[0], text.length), Math.min(span[1], text.length)); });
    borders.sort(function (one, other) { return one - other; });
    for (var index = 1; index < borders.length; index += 1) {
      var from = borders[index - 1], to = borders[index];
      if (from === to) { continue; }
      while (at < shades.length && shades[at][1] <= from) { at += 1; }
      var classes = at < shades.length && shades[at][0] <= from ? [shades[at][2]] : [];
      if (marks.some(function (mark) { return mark[0] <= from && from < mark[1]; })) { classes.push('explore__wrong'); }
      found.push([from, to, classes.join(' ')]);
    }
    return found;
  }

  function paint(state) {
    var picture = state.field.parentElement.querySelector('pre');
    var nodes = pieces(state.text, state.shades, state.marks).map(function (piece) {
      var text = document.createTextNode(state.text.slice(piece[0], piece[1]));
      if (!piece[2]) { return text; }
      var span = document.createElement('span');
      span.className = piece[2];
      span.appendChild(text);
      return span;
    });
    picture.replaceChildren.apply(picture, nodes.concat(document.createTextNode(LAST_LINE)));
    state.seen = picture.innerHTML;
  }

  /* What the server has painted, if it is of this text. */
  function readPicture(state) {
    var picture = state.field.parentElement.querySelector('pre'), at = 0;
    state.shades = [];
    state.marks = [];
    if (picture.textContent !== state.text + LAST_LINE) { return; }
    Array.from(picture.childNodes).forEach(function (node) {
      var end = at + node.textContent.length;
      Array.from(node.classList || []).forEach(function (name) {
        if (name === 'explore__wrong') { state.marks.push([at, end]); } else { state.shades.push([at, end, name]); }
      });
      at = end;
    });
  }

  /* What changed between two texts: from where, up to where before, and how much longer it became. */
  function editOf(before, after) {
    var from = 0, tail = 0, most = Math.min(before.length, after.length);
    while (from < most && before[from] === after[from]) { from += 1; }
    while (tail < most - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) { tail += 1; }
    return { from: from, to: before.length - tail, by: after.length - before.length };
  }

  /* Shades keep their places across an edit until the answer comes; of one that is cut the part outside of the edit stays. */
  function moved(shades, edit) {
    return shades.map(function (shade) {
      var from = shade[0], to = shade[1];
      if (to <= edit.from) { return shade; }
      if (from >= edit.to) { return [from + edit.by, to + edit.by, shade[2]]; }
      if (from <= edit.from && to >= edit.to) { return [from, to + edit.by, shade[2]]; }
      return from < edit.from ? [from, edit.from, shade[2]] : [edit.to + edit.by, to + edit.by, shade[2]];
    }).filter(function (shade) { return shade[0] < shade[1]; });
  }

  /* ---- What is told beside it ---- */

  function put(element, nodes) {
    if (!element) { return; }
    var wanted = document.createElement('div');
    wanted.append.apply(wanted, nodes);
    /* What says the same is left alone, so that nothing is read aloud twice. */
    if (element.innerHTML !== wanted.innerHTML) { element.replaceChildren.apply(element, Array.from(wanted.childNodes)); }
  }

  function made(name, text, className) {
    var element = document.createElement(name);
    element.textContent = text;
    if (className) { element.className = className; }
    return element;
  }

  /* Half a word is always wrong: mistakes are shown when the writer pauses. */
  function tellMistakes(state) {
    var shown = state.isJudged ? state.found : [];
    state.marks = shown.map(function (mistake) { return [mistake.start, mistake.end]; });
    put(part(state, 'mistakes'), shown.map(function (mistake) {
      var line = document.createElement('p');
      line.append(made('b', mistake.at), ' ', mistake.message);
      return line;
    }));
    if (shown.length > 0 || part(state, 'error')) { state.field.setAttribute('aria-invalid', 'true'); } else { state.field.removeAttribute('aria-invalid'); }
    paint(state);
  }

  /* ---- The list ---- */

  function close(state) {
    state.all = [];
    state.offers = [];
    state.chosen = -1;
    state.wants = 'nothing';
    list(state, '');
  }

  function list(state, count) {
    var box = part(state, 'offers'), isOpen = state.offers.length > 0;
    if (!box) { return; }
    box.replaceChildren.apply(box, state.offers.map(function (offer, index) {
      var option = document.createElement('div');
      option.id = state.field.id + '-offer-' + index;
      option.className = 'explore__offer';
      option.setAttribute('role', 'option');
      option.append(made('span', offer.label), made('span', offer.detail, 'explore__hint'));
      return option;
    }));
    box.hidden = !isOpen;
    put(part(state, 'count'), isOpen && count ? [document.createTextNode(count)] : []);
    point(state);
  }

  /* Says which option is meant: the focus stays in the field. */
  function point(state) {
    var box = part(state, 'offers');
    Array.from(box ? box.children : []).forEach(function (option, index) { option.setAttribute('aria-selected', String(index === state.chosen)); });
    var option = box ? box.children[state.chosen] : null;
    if (option) {
      if (state.field.getAttribute('aria-activedescendant') !== option.id) { state.field.setAttribute('aria-activedescendant', option.id); }
      option.scrollIntoView({ block: 'nearest' });
    } else {
      state.field.removeAttribute('aria-activedescendant');
    }
  }

  /* While the answer to what was just written is on its way, what is offered already is narrowed to it. */
  function narrow(state, edit) {
    if (state.all.length === 0) { return; }
    var isInside = edit.from >= state.from && edit.to <= state.to;
    state.to += edit.by;
    var written = isInside && state.caret !== null ? state.text.slice(state.from, state.caret) : ' ', typed = written.toLowerCase();
    if (/[\s"'`{}()[\],=]/.test(written)) { close(state); return; }
    var fitting = state.all.filter(function (offer) { return offer.label.toLowerCase().indexOf(typed) >= 0; });
    var first = fitting.filter(function (offer) { return offer.label.toLowerCase().indexOf(typed) === 0; });
    state.offers = first.concat(fitting.filter(function (offer) { return first.indexOf(offer) < 0; }));
    /* A word that is written already needs no offer. */
    if (state.offers.length === 1 && state.offers[0].insert === written) { state.offers = []; }
    state.chosen = typed && state.offers.length > 0 ? 0 : -1;
    list(state, '');
  }

  function step(state, isDown) {
    var last = state.offers.length - 1;
    if (isDown) { state.chosen = state.chosen >= last ? 0 : state.chosen + 1; } else { state.chosen = state.chosen <= 0 ? last : state.chosen - 1; }
    point(state);
  }

  /* Writes an offer as if it had been typed, so that it can be undone. An opening parenthesis that stands there already is not written again. */
  function accept(state, index) {
    var offer = state.offers[index], field = state.field, to = state.to;
    if (!offer) { return false; }
    if (offer.insert.slice(-1) === '(' && state.text[to] === '(') { to += 1; }
    var from = state.from;
    close(state);
    field.focus();
    field.setSelectionRange(from, to);
    if (!document.execCommand('insertText', false, offer.insert)) {
      field.setRangeText(offer.insert, from, to, 'end');
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText', data: offer.insert }));
    }
    return true;
  }

  /* ---- Asking ---- */

  function askLater(state, wants) {
    clearTimeout(state.resting);
    if (wants !== 'nothing') { state.wants = wants; }
    state.resting = setTimeout(function () { ask(state); }, REST_MS);
  }

  /* An answer that comes too late, to another text, or not at all changes nothing. */
  function ask(state) {
    var mine = state.turn += 1, text = state.text, caret = state.caret, wants = state.wants;
    if (!state.field.isConnected || state.isComposing) { return; }
    var sent = new URLSearchParams({ text: text, offers: wants });
    if (caret !== null && isFocused(state)) { sent.set('caret', String(caret)); }
    fetch(state.field.getAttribute('data-expression'), { method: 'POST', body: sent, headers: { Accept: 'application/json' }, credentials: 'same-origin' })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) {
        if (!told || mine !== state.turn || text !== state.field.value || !state.field.isConnected || state.isComposing) { return; }
        state.shades = told.shades;
        state.found = told.mistakes;
        tellMistakes(state);
        put(part(state, 'saying'), told.saying ? [document.createTextNode(told.saying)] : []);
        /* Who closed the list meanwhile, or went on, is not offered anything any more. */
        if (wants !== 'nothing' && wants === state.wants && caret === caretOf(state.field) && isFocused(state)) { offer(state, told); }
      })
      .catch(function () { /* What is written next asks again. */ });
  }

  function offer(state, told) {
    state.all = told.offers;
    state.offers = told.offers;
    state.from = told.replaces[0];
    state.to = told.replaces[1];
    state.chosen = told.offers.length > 0 && state.caret > state.from ? 0 : -1;
    list(state, told.said);
  }

  function judgeLater(state) {
    state.isJudged = false;
    clearTimeout(state.judging);
    state.judging = setTimeout(function () {
      state.isJudged = true;
      if (state.field.isConnected && !state.isComposing) { tellMistakes(state); }
    }, JUDGED_AFTER_MS);
  }

  /* Something was written. */
  function write(state) {
    var text = state.field.value, edit = editOf(state.text, text);
    state.text = text;
    state.caret = caretOf(state.field);
    state.shades = moved(state.shades, edit);
    state.found = [];
    judgeLater(state);
    tellMistakes(state);
    if (state.isComposing) { return; }
    narrow(state, edit);
    askLater(state, 'typed');
  }

  /* The text was replaced by somebody else: a screen that was put here, a form that came back. */
  function adopt(state) {
    state.text = state.field.value;
    state.caret = caretOf(state.field);
    state.found = [];
    state.isJudged = true;
    clearTimeout(state.judging);
    readPicture(state);
    close(state);
    askLater(state, 'nothing');
  }

  /* Makes everything around a field as it has to be. Where it is so already, nothing is touched. */
  function settle(state) {
    var paper = state.field.parentElement;
    if (state.text !== state.field.value && !state.isComposing) { adopt(state); }
    if (!paper.hasAttribute('data-taken')) { paper.setAttribute('data-taken', ''); }
    if (paper.hasAttribute('data-composing') !== state.isComposing) { paper.toggleAttribute('data-composing', state.isComposing); }
    if (paper.querySelector('pre').innerHTML !== state.seen) { paint(state); }
    if (state.chosen >= 0 && !state.field.hasAttribute('aria-activedescendant')) { point(state); }
  }

  /* ---- Hands ---- */

  function composed(event, isComposing) {
    var state = stateOf(event.target);
    if (!state) { return; }
    state.isComposing = isComposing;
    settle(state);
    if (isComposing) { close(state); } else { write(state); }
  }

  /* The keys that belong to the list while it is open. Whether the key did something there. What is still on its way is not shown behind Escape. */
  function pressInList(state, event) {
    if (state.offers.length === 0) {
      if (event.key === 'Escape') { close(state); }
      return false;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { step(state, event.key === 'ArrowDown'); return true; }
    if (event.key === 'Enter' && !event.shiftKey) { return accept(state, state.chosen); }
    if (event.key === 'Tab' && !event.shiftKey) { return accept(state, Math.max(state.chosen, 0)); }
    if (event.key === 'Escape') { close(state); return true; }
    return false;
  }

  /* Ctrl+Enter sends the form of a field that says so, and Enter does while the text has one line. */
  function send(state, event) {
    var isWished = event.ctrlKey || event.metaKey || (!event.shiftKey && state.text.indexOf('\n') < 0);
    if (event.key !== 'Enter' || !isWished || !state.field.hasAttribute('data-submits') || !state.field.form) { return false; }
    close(state);
    state.field.form.requestSubmit();
    return true;
  }

  function wish(state, event) {
    var isWish = event.key === ' ' && event.ctrlKey || event.key === 'ArrowDown' && event.altKey;
    if (isWish) { askLater(state, 'wished'); }
    return isWish;
  }

  document.addEventListener('keydown', function (event) {
    var state = stateOf(event.target);
    if (!state || event.isComposing || event.keyCode === COMPOSING) { return; }
    var hasCommand = event.ctrlKey || event.metaKey || event.altKey;
    if (wish(state, event) || (!hasCommand && pressInList(state, event)) || (!event.altKey && send(state, event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  document.addEventListener('input', function (event) {
    var state = stateOf(event.target);
    if (state) { write(state); }
  });
  document.addEventListener('compositionstart', function (event) { composed(event, true); });
  document.addEventListener('compositionend', function (event) { composed(event, false); });

  /* The caret was moved: another function may be meant, and what was offered stood elsewhere. */
  document.addEventListener('selectionchange', function () {
    var state = stateOf(document.activeElement);
    if (!state || state.isComposing || state.text !== state.field.value || state.caret === caretOf(state.field)) { return; }
    state.caret = caretOf(state.field);
    close(state);
    askLater(state, 'nothing');
  });
  document.addEventListener('focusout', function (event) {
    var state = stateOf(event.target);
    if (state && state.offers.length > 0) { close(state); }
  });

  function fieldOfList(target) {
    var box = target.closest ? target.closest('[role="listbox"]') : null;
    var field = box && box.parentElement ? box.parentElement.querySelector(FIELD) : null;
    return stateOf(field);
  }
  /* The focus would leave the field, and with it the list. */
  document.addEventListener('mousedown', function (event) { if (fieldOfList(event.target)) { event.preventDefault(); } });
  document.addEventListener('click', function (event) {
    var state = fieldOfList(event.target), option = state ? event.target.closest('[role="option"]') : null;
    if (option) { accept(state, Array.from(option.parentElement.children).indexOf(option)); return; }
    var own = stateOf(event.target);
    if (own && own.offers.length > 0) { close(own); }
  });

  /* Fields come and are drawn anew with their screens. What is done here ends here: what is settled is not touched again. */
  function look() { document.querySelectorAll(FIELD).forEach(function (field) { settle(stateOf(field)); }); }

  function begin() {
    look();
    new MutationObserver(look).observe(document.body,
      { childList: true, subtree: true, attributes: true, attributeFilter: ['data-taken', 'aria-activedescendant'] });
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', begin); } else { begin(); }
}());
