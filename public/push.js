'use strict';
/*
 * Switches pages on in this browser, on the account's screen. The form is an ordinary one: this fills in what only the browser
 * knows and sends it. Words stand in the form, hidden until they are needed.
 */
(function () {
  function bytes(text) {
    var padded = text.replace(/-/g, '+').replace(/_/g, '/') + '==='.slice((text.length + 3) % 4);
    return Uint8Array.from(atob(padded), function (letter) { return letter.charCodeAt(0); });
  }

  function can() { return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window; }

  function say(form, name) {
    form.querySelectorAll('[data-push-say]').forEach(function (line) {
      line.hidden = line.getAttribute('data-push-say') !== name;
    });
  }

  /* A subscription to another key is of no use: it is given up first. */
  function subscribe(key) {
    return navigator.serviceWorker.register('/sw.js').then(function () { return navigator.serviceWorker.ready; })
      .then(function (registration) {
        return registration.pushManager.getSubscription().then(function (old) {
          return old ? old.unsubscribe() : true;
        }).then(function () {
          return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
        });
      });
  }

  function turnOn(form) {
    if (!can()) { say(form, 'unable'); return; }
    say(form, 'asking');
    Notification.requestPermission().then(function (answer) {
      if (answer !== 'granted') { say(form, 'refused'); return null; }
      return subscribe(form.getAttribute('data-push')).then(function (subscription) {
        var made = subscription.toJSON();
        form.elements.endpoint.value = made.endpoint;
        form.elements.p256dh.value = made.keys.p256dh;
        form.elements.auth.value = made.keys.auth;
        form.submit();
      });
    }).catch(function () { say(form, 'failed'); });
  }

  document.addEventListener('submit', function (event) {
    var form = event.target.closest('form[data-push]');
    if (form && !form.elements.endpoint.value) { event.preventDefault(); turnOn(form); }
  }, true);

  /* Says which of the listed browsers this one is. */
  function markOwn() {
    if (!can() || !window.crypto.subtle || !document.querySelector('[data-push-mark]')) { return; }
    navigator.serviceWorker.getRegistration('/').then(function (registration) {
      return registration ? registration.pushManager.getSubscription() : null;
    }).then(function (subscription) {
      return subscription ? window.crypto.subtle.digest('SHA-256', new TextEncoder().encode(subscription.endpoint)) : null;
    }).then(function (digest) {
      if (!digest) { return; }
      var mark = Array.from(new Uint8Array(digest), function (byte) { return byte.toString(16).padStart(2, '0'); }).join('');
      document.querySelectorAll('[data-push-mark]').forEach(function (own) {
        own.hidden = own.getAttribute('data-push-mark') !== mark;
      });
    }).catch(function () { /* Nobody is told which one it is then. */ });
  }

  markOwn();
}());
