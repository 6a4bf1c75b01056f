'use strict';
/*
 * Brings the editor to the screens that ask for it by an element `data-editor`, and takes it away with them. It is loaded only then; without
 * it such a screen is a document to read and a field to write in.
 *
 * Whoever signs out leaves nothing behind in this browser: what the editor kept of documents is cleared, and what was never sent is
 * offered first.
 */
(function () {
  var script = document.currentScript;
  var nonce = script ? script.nonce : '';
  var address = (script && script.getAttribute('data-module')) || '/editor.js';
  var KEPT = 'mimamori-document/', UNSENT = 'mimamori-unsent/', WAITS_MS = 2000;
  var WORDS = {
    ja: { ask: 'まだ送られていない文書の変更がこの端末にあります。', download: 'ダウンロードしてサインアウト', discard: '破棄してサインアウト', stay: 'やめる' },
    en: { ask: 'There are changes to documents on this device that have not been sent.', download: 'Download and sign out', discard: 'Discard and sign out', stay: 'Cancel' }
  };
  var editors = new Map();
  var isLooking = false, isLeaving = false;

  function load() { return import(address); }

  function start(host) {
    editors.set(host, null);
    load().then(function (module) {
      if (editors.has(host) && host.isConnected) { editors.set(host, module.mount(host, { nonce: nonce })); }
    }).catch(function (problem) {
      /* The screen goes on without it: what can be read stays, and the field below sends as a form. */
      editors.delete(host);
      host.setAttribute('data-failed', '');
      setTimeout(function () { throw problem; }, 0);
    });
  }

  function end(host) {
    var editor = editors.get(host);
    editors.delete(host);
    if (editor) { editor.destroy(); }
  }

  function look() {
    isLooking = false;
    if (isLeaving) { return; }
    editors.forEach(function (editor, host) { if (!host.isConnected) { end(host); } });
    document.querySelectorAll('[data-editor]:not([data-failed])').forEach(function (host) {
      var editor = editors.get(host);
      if (!editors.has(host)) { start(host); } else if (editor) { editor.refresh(); }
    });
  }

  /* What changes inside of an editor changes nothing here. */
  function isOutside(change) { return !(change.target.nodeType === 1 ? change.target : change.target.parentElement || document.body).closest('[data-own]'); }

  function watch() {
    new MutationObserver(function (changes) {
      if (isLooking || !changes.some(isOutside)) { return; }
      isLooking = true;
      requestAnimationFrame(look);
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-comments'] });
    look();
  }

  function unsent() {
    var names = [];
    try {
      for (var n = 0; n < localStorage.length; n += 1) {
        var key = localStorage.key(n);
        if (key.indexOf(UNSENT) === 0) { names.push(key.slice(UNSENT.length)); }
      }
    } catch (refused) { /* Nothing is kept where nothing may be. */ }
    return names;
  }

  /* It waits for an editor that is still closing, in another tab too, but not for ever. */
  function erase(name) {
    return new Promise(function (done) {
      var asked = indexedDB.deleteDatabase(name);
      asked.onsuccess = asked.onerror = done;
      setTimeout(done, WAITS_MS);
    });
  }

  function clear(names) {
    names.forEach(function (name) { localStorage.removeItem(UNSENT + name); });
    if (!window.indexedDB || !indexedDB.databases) { return Promise.all(window.indexedDB ? names.map(erase) : []); }
    return indexedDB.databases().then(function (all) {
      return Promise.all(all.map(function (one) { return one.name; }).filter(function (name) { return name.indexOf(KEPT) === 0; }).map(erase));
    });
  }

  function leave(form, button, names) {
    isLeaving = true;
    editors.forEach(function (editor, host) { end(host); });
    clear(names).catch(function () { /* Signing out matters more. */ }).then(function () {
      form.setAttribute('data-cleared', '');
      form.requestSubmit(button);
    });
  }

  function rescue(names) {
    return load().then(function (module) { return Promise.all(names.map(module.rescue)); });
  }

  /* Asks what becomes of what was never sent. */
  function ask(form, button, names) {
    var words = WORDS[document.documentElement.lang === 'en' ? 'en' : 'ja'];
    var dialog = document.createElement('dialog'), text = document.createElement('p'), acts = document.createElement('p');
    dialog.setAttribute('data-unsent', '');
    dialog.setAttribute('aria-label', words.ask);
    /* Escape closes it too. */
    dialog.addEventListener('close', function () { dialog.remove(); });
    text.textContent = words.ask;
    function choice(word, act) {
      var made = document.createElement('button');
      made.type = 'button';
      made.className = 'button';
      made.textContent = word;
      made.addEventListener('click', function () { dialog.close(); act(); });
      acts.append(made);
    }
    choice(words.download, function () { rescue(names).then(function () { leave(form, button, names); }).catch(function () { ask(form, button, names); }); });
    choice(words.discard, function () { leave(form, button, names); });
    choice(words.stay, function () {});
    dialog.append(text, acts);
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.hasAttribute('data-cleared') || new URL(form.action, location.href).pathname !== '/sign-out') { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    var names = unsent();
    if (names.length) { ask(form, event.submitter, names); } else { leave(form, event.submitter, names); }
  }, true);

  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', watch); } else { watch(); }
}());
