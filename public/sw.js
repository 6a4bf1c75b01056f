'use strict';
/*
 * Shows pages that come while no window is open, and answers them. It keeps nothing and touches no request of the console.
 * What it gets is written in server/notify/src/channels/web_push.rs.
 */
function read(event) {
  try { return event.data.json(); } catch (error) { return { title: 'Mimamori', body: '', url: '/' }; }
}

function calls(page) { return page.kind === 'fired' || page.kind === 'again' || page.kind === 'breached'; }

/* Where it can be answered, if it can: what is about an incident has no such address. */
function answerOf(page) { return page.acknowledge && page.acknowledge.url ? ours(page.acknowledge.url) : null; }

/* Only our own addresses are opened or asked, whatever a message says. */
function ours(address) {
  try {
    var url = new URL(address, self.location.origin);
    return url.origin === self.location.origin ? url.href : null;
  } catch (error) { return null; }
}

function show(page, body) {
  var actions = [];
  var answer = calls(page) && answerOf(page);
  if (answer && !body) { actions.push({ action: 'acknowledge', title: page.acknowledge.label }); }
  if (page.open) { actions.push({ action: 'open', title: page.open.label }); }
  return self.registration.showNotification(page.title, {
    body: body || page.body,
    tag: page.tag,
    lang: page.lang,
    timestamp: page.at,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: page,
    actions: actions,
    renotify: Boolean(page.tag) && calls(page) && !body,
    silent: !calls(page) || Boolean(body),
    requireInteraction: calls(page) && !body
  });
}

function open(address) {
  var url = ours(address) || self.location.origin + '/';
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(function (windows) {
    var there = windows.filter(function (one) { return one.url === url; })[0];
    return there ? there.focus() : self.clients.openWindow(url);
  });
}

function acknowledge(page) {
  var url = answerOf(page);
  if (!url) { return open(page.url); }
  return fetch(url, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'comment='
  }).then(function (answer) {
    if (!answer.ok && answer.status !== 409) { throw new Error('refused'); }
    return show(page, page.done);
  }).catch(function () { return show(page, page.failed); });
}

self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener('push', function (event) { event.waitUntil(show(read(event))); });

self.addEventListener('notificationclick', function (event) {
  var page = event.notification.data || {};
  event.notification.close();
  event.waitUntil(event.action === 'acknowledge' ? acknowledge(page) : open(page.url || '/'));
});
