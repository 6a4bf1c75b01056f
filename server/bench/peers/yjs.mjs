/*
 * What Yjs makes of changes (each behind its length, four bytes, the lowest first) and of a snapshot (version 2): how long it takes, and what
 * the text is. Written to standard output as JSON.
 *
 * node yjs.mjs CHANGES SNAPSHOT ROUNDS
 */
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';

const [changesFile, snapshotFile, rounds] = process.argv.slice(2);

function changesIn(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const from = at + 4, to = from + bytes.readUInt32LE(at);
    found.push(bytes.subarray(from, to));
    at = to;
  }
  return found;
}

/** What was done, and the seconds it took. */
function timed(work) {
  const since = process.hrtime.bigint(), done = work();
  return [done, Number(process.hrtime.bigint() - since) / 1e9];
}

function applied(changes) {
  const doc = new Y.Doc();
  changes.forEach((change) => Y.applyUpdate(doc, change));
  return doc;
}

function loaded(snapshot) {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, snapshot);
  return doc.getText('body').toString();
}

const changes = changesIn(readFileSync(changesFile)), snapshot = readFileSync(snapshotFile);
const [doc, seconds] = timed(() => applied(changes));
const loads = Array.from({ length: Number(rounds) }, () => timed(() => loaded(snapshot)));
process.stdout.write(JSON.stringify({
  applied_s: seconds,
  load_ms: loads.map(([, took]) => took * 1e3),
  applied: doc.getText('body').toString(),
  loaded: loads[0][0],
}));
