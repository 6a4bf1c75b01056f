/*
 * An editor as browsers have it, moved by `fuzz.rs`: each line on standard input is JSON, and is answered by one line on standard output.
 *
 *   { "begin": 7 }                      a new text, and dice that are the same every time: {}
 *   { "take": ["00ff…"], "edit": 25 }   takes changes in their order, then makes so many edits: { "gave": ["00ff…"] }
 *   { "say": true }                     { "text": "…", "clocks": "00ff…" }
 *   { "read": "00ff…" }                 what somebody reads who has nothing but that: { "text": "…" }
 *
 * Halves of pairs that stand alone are read as the sign for what is no character, which they are on the wire.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const Y = createRequire(new URL('../../../../editor/package.json', import.meta.url))('yjs');

/** Hard to count: two units, two letters for one, many units for one, two for a line, half of two, one byte and three. */
const PIECES = ['𠮷', 'か\u3099', '👩‍👩‍👧', '\r\n', '\udfb7', 'a', '障害', '🇯🇵 e\u0301', '\n', 'ﾊﾞ'];
const ROOMY = 300;

let doc, text, below, gave;

/** mulberry32 */
function dice(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

function begin(seed) {
  doc = new Y.Doc();
  text = doc.getText('body');
  below = dice(seed + 1);
  gave = [];
  doc.on('update', (change, origin) => { if (origin !== 'taken') { gave.push(Buffer.from(change).toString('hex')); } });
  return {};
}

function edit() {
  const { length } = text;
  if (length === 0 || below(length > ROOMY ? 3 : 2) === 0) {
    text.insert(below(length + 1), PIECES[below(PIECES.length)]);
  } else {
    const at = below(length);
    text.delete(at, Math.min(1 + below(4), length - at));
  }
}

function takeAndEdit(changes, n) {
  changes.forEach((change) => Y.applyUpdate(doc, Buffer.from(change, 'hex'), 'taken'));
  gave = [];
  for (let at = 0; at < n; at += 1) { edit(); }
  return { gave };
}

function read(change) {
  const late = new Y.Doc();
  Y.applyUpdate(late, Buffer.from(change, 'hex'));
  return { text: late.getText('body').toString().toWellFormed() };
}

function answer(ask) {
  if ('begin' in ask) { return begin(ask.begin); }
  if ('take' in ask) { return takeAndEdit(ask.take, ask.edit); }
  if ('read' in ask) { return read(ask.read); }
  return { text: text.toString().toWellFormed(), clocks: Buffer.from(Y.encodeStateVector(doc)).toString('hex') };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
