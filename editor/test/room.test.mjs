/* The document on the line: synchronised, held back, cut off, refused. The peer is the y-websocket server of its authors. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import WebSocket from 'ws';
import { Room } from '../src/room.js';
import { serve, until } from './server.mjs';

const SYNC = 0, STEP_2 = 1, UPDATE = 2;
let server, rooms;

beforeEach(async () => { server = await serve(); rooms = []; });
afterEach(async () => {
  await Promise.all(rooms.map(({ room }) => room.close()));
  await server.close();
});

function open(name, id = 'a-room') {
  const seen = { states: [], closed: [], n_synced: 0 };
  const room = new Room({
    server: server.address, room: id, user: { name, colour: 1 }, database: '', socket: WebSocket,
    onSaving: (state) => seen.states.push(state), onSynced: () => { seen.n_synced += 1; }, onClosed: (code) => seen.closed.push(code),
  });
  rooms.push({ room });
  void room.open();
  return { room, seen };
}

async function openSynced(name) {
  const opened = open(name);
  await until(() => opened.room.saving.state === 'saved', `${name} synchronised and confirmed`);
  return opened;
}

const writes = (from) => server.heard.slice(from).filter(({ type, kind, size }) => type === SYNC && (kind === UPDATE || kind === STEP_2) && size > 5);

test('two people see each other write, and each knows when it is safe', async () => {
  const one = await openSynced('佐藤'), other = await openSynced('高橋');
  one.room.text.insert(0, '障害の概要 𠮷');
  await until(() => other.room.text.toString() === '障害の概要 𠮷', 'the other to see it');
  await until(() => one.room.saving.state === 'saved', 'it to be confirmed');
  assert.ok(one.seen.states.includes('saving'));
  assert.equal(server.text('a-room'), '障害の概要 𠮷');
  await until(() => [...other.room.awareness.getStates().values()].some((state) => state?.user?.name === '佐藤'), 'the name of the other');
});

test('what is held back is seen by nobody, and leaves as one change', async () => {
  const one = await openSynced('佐藤'), other = await openSynced('高橋');
  const from = server.heard.length;
  one.room.outbox.hold();
  for (const part of ['に', 'ほ', 'ん']) {
    one.room.text.insert(one.room.text.length, part);
  }
  one.room.text.delete(0, 3);
  one.room.text.insert(0, '日本');
  other.room.text.insert(0, '# ');
  await until(() => one.room.text.toString().includes('# '), 'the other direction, which nothing holds back');
  assert.equal(other.room.text.toString(), '# ');
  assert.equal(one.room.saving.state, 'saving');
  one.room.outbox.release();
  await until(() => other.room.text.toString().includes('日本'), 'what was held');
  await until(() => one.room.saving.state === 'saved', 'it to be confirmed');
  assert.equal(writes(from).length, 2, 'one change of each');
  assert.equal(one.room.text.toString(), other.room.text.toString());
});

test('it is not said to be saved before the probe is back', async () => {
  const one = await openSynced('佐藤');
  server.rules.echoes = false;
  one.room.text.insert(0, 'あ');
  await until(() => server.text('a-room') === 'あ', 'the server to have it in memory');
  assert.equal(one.room.saving.state, 'saving');
  assert.ok(one.room.saving.isUnsaved());
  server.rules.echoes = true;
  one.room.reconnect();
  await until(() => one.room.saving.state === 'saved', 'the next connection to confirm it');
});

test('what is written while the line is cut arrives when it is back, on both sides', async () => {
  const one = await openSynced('佐藤'), other = await openSynced('高橋');
  server.rules.isDeaf = true;
  server.cut();
  await until(() => one.room.saving.state === 'offline' && other.room.saving.state === 'offline', 'both to notice');
  one.room.text.insert(0, '甲');
  other.room.text.insert(0, '乙');
  assert.equal(one.room.saving.state, 'offline');
  assert.ok(one.room.saving.isUnsaved());
  server.rules.isDeaf = false;
  await until(() => one.room.saving.state === 'saved' && other.room.saving.state === 'saved', 'both to be back');
  await until(() => one.room.text.length === 2 && one.room.text.toString() === other.room.text.toString(), 'both to be equal');
});

test('the server going away is tried again, a refusal is not', async () => {
  const one = await openSynced('佐藤');
  server.drop(4503);
  await until(() => one.seen.n_synced === 2, 'a second synchronisation');
  assert.deepEqual(one.seen.closed, []);
  server.rules.refusesWith = 4403;
  server.drop(4403);
  await until(() => one.seen.closed.length === 1, 'the refusal');
  const n_heard = server.heard.length;
  await new Promise((done) => setTimeout(done, 600));
  assert.deepEqual(one.seen.closed, [4403]);
  assert.equal(server.heard.length, n_heard, 'nothing was tried');
});

test('only one’s own state is told to the server', async () => {
  const one = await openSynced('佐藤'), other = await openSynced('高橋');
  await until(() => one.room.awareness.getStates().size >= 2, 'both to know each other');
  const from = server.heard.length;
  other.room.awareness.setLocalStateField('cursor', { anchor: null, head: null });
  await until(() => [...one.room.awareness.getStates().values()].some((state) => state?.cursor), 'the caret of the other');
  assert.equal(server.heard.slice(from).filter(({ type }) => type === 1).length, 1);
});

test('a change larger than an edit may be leaves as an answer of a synchronisation', async () => {
  const one = await openSynced('佐藤'), other = await openSynced('高橋');
  const from = server.heard.length;
  one.room.text.insert(0, 'あ'.repeat(100_000));
  await until(() => other.room.text.length === 100_000, 'the other to have it');
  assert.deepEqual(writes(from).map(({ kind }) => kind), [STEP_2]);
});

test('six people with cut lines end with the same text, and no tagged word is lost or doubled', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => openSynced(name)));
  const tags = [];
  for (let round = 0; round < 30; round += 1) {
    all.forEach(({ room }, n) => {
      const tag = `<${n}.${round}>`;
      tags.push(tag);
      room.text.insert(Math.min(room.text.length, (round * 7919) % (room.text.length + 1)), tag);
    });
    if (round % 10 === 5) {
      server.cut();
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  await until(() => all.every(({ room }) => room.saving.state === 'saved'), 'everything to be confirmed', 20_000);
  await until(() => all.every(({ room }) => room.text.toString() === server.text('a-room')), 'all to be equal', 20_000);
  // A word may be written into another one: what counts is that every letter is there once.
  const letters = (text) => [...text].sort().join('');
  assert.equal(letters(server.text('a-room')), letters(tags.join('')));
});
