/*
 * Anchors and carets stay with their letters, whatever is written around them. Three documents are edited at random and exchange their
 * changes in random order; a model knows by name where each letter is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { AFTER, anchorAt, anchorsOf, BEFORE, placeOf, placeOfAnchor, spanOf } from '../src/anchors.js';
import { random } from './server.mjs';

const LETTERS = ['あ', '𠮷', 'か゛', 'x', '\n', '👩‍💻', '語'];
const N_SEEDS = 200, N_STEPS = 60;

function documents() {
  const all = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
  all.forEach((doc, n) => { doc.clientID = n + 1; });
  return all.map((doc) => ({ doc, text: doc.getText('body') }));
}

function exchange(one, other) {
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc, Y.encodeStateVector(other.doc)));
}

/** A place that parts no surrogate pair: editors never put a caret there. */
function placeIn(text, random_) {
  const whole = text.toString(), at = random_.below(whole.length + 1), code = whole.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function edit({ text }, random_) {
  const at = placeIn(text, random_);
  if (random_.below(3) > 0 || text.length < 8) {
    text.insert(at, random_.pick(LETTERS));
  } else {
    const to = placeIn(text, random_);
    text.delete(Math.min(at, to), Math.min(Math.abs(at - to), 5) || 0);
  }
}

test(`a mark between letters is found again by everybody (${N_SEEDS} seeds)`, () => {
  for (let seed = 1; seed <= N_SEEDS; seed += 1) {
    const dice = random(seed), all = documents();
    all[0].text.insert(0, 'はじめの行\n次の行');
    exchange(all[0], all[1]);
    exchange(all[0], all[2]);
    // Two letters that stand nowhere else: the model finds them by looking.
    const at = placeIn(all[0].text, dice);
    all[0].text.insert(at, '①途中②');
    const anchors = anchorsOf(all[0].text, at, at + 4);
    const caret = Y.createRelativePositionFromTypeIndex(all[0].text, at + 1, AFTER);
    for (let step = 0; step < N_STEPS; step += 1) {
      edit(dice.pick(all), dice);
      exchange(dice.pick(all), dice.pick(all));
    }
    for (const one of all) { for (const other of all) { exchange(one, other); } }
    for (const { text } of all) {
      const whole = text.toString(), from = whole.indexOf('①'), to = whole.indexOf('②');
      const span = spanOf(text, anchors);
      if (from >= 0 && to >= 0) {
        assert.deepEqual(span, { from, to: to + 1 }, `seed ${seed}`);
      } else if (span) {
        assert.ok(span.from < span.to && span.to <= text.length, `seed ${seed}`);
      }
      const middle = whole.indexOf('途');
      if (middle >= 0) {
        assert.equal(placeOf(text, caret), middle, `seed ${seed}`);
      }
      // Whatever became of its letter, a caret is somewhere in the text.
      assert.ok(placeOf(text, caret) >= 0 && placeOf(text, caret) <= text.length);
    }
    assert.equal(all[0].text.toString(), all[1].text.toString());
  }
});

test('what is written beside a span stays outside, what is written into it inside', () => {
  const [{ text }] = documents();
  text.insert(0, '前中後');
  const anchors = anchorsOf(text, 1, 2);
  text.insert(1, '左');
  text.insert(3, '右');
  assert.equal(text.toString(), '前左中右後');
  assert.deepEqual(spanOf(text, anchors), { from: 2, to: 3 });
  text.insert(2, '内'.repeat(0));
  const wide = anchorsOf(text, 1, 4);
  text.insert(2, '内');
  assert.deepEqual(spanOf(text, wide), { from: 1, to: 5 });
});

test('a span whose letters are gone is nowhere, also when all of the text is', () => {
  const [{ text }] = documents();
  text.insert(0, '前中後');
  const anchors = anchorsOf(text, 1, 2);
  text.delete(1, 1);
  assert.equal(spanOf(text, anchors), null);
  text.delete(0, 2);
  assert.equal(spanOf(text, anchors), null);
});

test('what is no anchor is nowhere', () => {
  const [one, other] = documents();
  one.text.insert(0, 'あ');
  const foreign = anchorAt(one.text, 0, AFTER);
  for (const anchor of ['', '?', 'AAAA', btoa('\u0005\u0005'), 'あ', foreign.slice(0, 2)]) {
    const place = placeOfAnchor(one.text, anchor);
    assert.ok(place === null || (place >= 0 && place <= 1), anchor);
  }
  assert.equal(placeOfAnchor(other.text, foreign), null, 'a letter that has not come yet');
});

test('an anchor is written as Yjs writes it: base64 of the item, and the side as a signed number', () => {
  const [{ text }] = documents();
  text.insert(0, 'ab');
  assert.equal(anchorAt(text, 1, AFTER), Buffer.from([0, 1, 1, 0]).toString('base64'));
  assert.equal(anchorAt(text, 1, BEFORE), Buffer.from([0, 1, 0, 0x41]).toString('base64'));
});
