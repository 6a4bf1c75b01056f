/*
 * The editor's text and the shared one while changes of others wait: whatever is typed meanwhile, and whatever comes, both are equal when
 * it is let in, and nobody's letters are lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { ChangeSet, Text } from '@codemirror/state';
import { changesOf, Sync, write } from '../src/sync.js';
import { random } from './server.mjs';

const N_SEEDS = 500, N_STEPS = 40;
const LETTERS = ['に', '本', 'a', '\n', '𠮷', '- x\n'];

/** The editor, as far as the texts go. */
class Sheet {
  constructor(text) {
    this.text = text;
    this.doc = Text.of(text.toString().split('\n'));
    this.sync = new Sync(text);
    text.observe((event, transaction) => {
      if (transaction.origin !== this.sync) {
        const waits = this.sync.waiting, changes = changesOf(event.delta, waits ? waits.newLength : this.doc.length);
        if (waits || this.isHolding) { this.sync.wait(changes); } else { this.doc = changes.apply(this.doc); }
      }
    });
  }

  type(spec) {
    const change = ChangeSet.of(spec, this.doc.length, '\n');
    this.doc = change.apply(this.doc);
    write(this.text, this.sync.typed(change), this.sync);
  }

  letIn() {
    this.isHolding = false;
    const { waiting } = this.sync;
    this.sync.waiting = null;
    if (waiting) { this.doc = waiting.apply(this.doc); }
  }

  toString() {
    return this.doc.sliceString(0);
  }
}

/** A change that parts no surrogate pair: no editor makes one, and Yjs mends what is parted. */
function change(text, dice) {
  const whole = text.toString();
  const place = (at) => (whole.charCodeAt(at) >= 0xdc00 && whole.charCodeAt(at) <= 0xdfff ? at - 1 : at);
  const from = place(dice.below(whole.length + 1)), to = dice.below(3) === 0 ? place(Math.min(whole.length, from + dice.below(4))) : from;
  return { from, to: Math.max(from, to), insert: dice.pick(LETTERS) };
}

function two() {
  const one = new Y.Doc(), other = new Y.Doc();
  one.clientID = 1;
  other.clientID = 2;
  one.on('update', (update, origin) => origin === 'other' || Y.applyUpdate(other, update, 'one'));
  other.on('update', (update, origin) => origin === 'one' || Y.applyUpdate(one, update, 'other'));
  one.getText('body').insert(0, '一行目\n二行目\n三行目');
  return [one.getText('body'), other.getText('body')];
}

test(`what waits and what is typed meet (${N_SEEDS} seeds)`, () => {
  for (let seed = 1; seed <= N_SEEDS; seed += 1) {
    const dice = random(seed), [text, other] = two(), sheet = new Sheet(text);
    for (let step = 0; step < N_STEPS; step += 1) {
      const kind = dice.below(8);
      if (kind === 0) { sheet.isHolding = true; }
      else if (kind === 1) { sheet.letIn(); }
      else if (kind < 5) { sheet.type(kind === 4 ? [change(sheet, dice), change(sheet, dice)] : change(sheet, dice)); }
      else {
        const { from, to, insert } = change(other, dice);
        other.doc.transact(() => { other.delete(from, to - from); other.insert(from, insert); });
      }
      const { waiting } = sheet.sync;
      assert.equal(waiting ? waiting.apply(sheet.doc).sliceString(0) : sheet.toString(), text.toString(), `seed ${seed}, step ${step}`);
    }
    sheet.letIn();
    assert.equal(sheet.toString(), other.toString(), `seed ${seed}`);
  }
});

test('a place is the same letter on both sides while something waits', () => {
  const [text, other] = two(), sheet = new Sheet(text);
  sheet.isHolding = true;
  other.insert(0, '他人\n');
  other.delete(other.toString().indexOf('二'), 4);
  for (const letter of ['一', '三', '目']) {
    const shown = sheet.toString().indexOf(letter), there = text.toString().indexOf(letter);
    assert.equal(sheet.sync.toShared(shown), there, letter);
    assert.equal(sheet.sync.toShown(there), shown, letter);
  }
  assert.equal(sheet.sync.toShown(10_000), sheet.doc.length);
});

test('a thing in the text that is no text has the length of one', () => {
  const [text] = two(), sheet = new Sheet(text);
  Y.transact(text.doc, () => text.insertEmbed(1, { image: 'x' }));
  text.insert(3, '後');
  assert.equal(sheet.doc.length, text.length);
  assert.equal(sheet.toString(), '一\uFFFC行後目\n二行目\n三行目');
});
