import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Saving, STUCK_AFTER_MS } from '../src/saving.js';

function made() {
  const asked = [], shown = [];
  return { saving: new Saving((version) => asked.push(version), (state) => shown.push(state)), asked, shown };
}

test('one probe is under way at a time, and the last one proves all', () => {
  const { saving, asked, shown } = made();
  saving.online();
  saving.proved(1);
  for (let n = 0; n < 3; n += 1) {
    saving.edited();
    saving.sent();
  }
  assert.deepEqual(asked, [1, 2]);
  saving.proved(2);
  assert.deepEqual(asked, [1, 2, 4]);
  assert.equal(saving.state, 'saving');
  saving.proved(4);
  assert.deepEqual(shown, ['saving', 'saved', 'saving', 'saved']);
  saving.close();
});

test('a probe of a connection that is gone proves nothing', () => {
  const { saving } = made();
  saving.online();
  saving.edited();
  saving.offline();
  saving.proved(1);
  assert.equal(saving.state, 'offline');
  assert.ok(saving.isUnsaved());
  saving.close();
});

test('typing that is held back is not proved by an older probe', () => {
  const { saving } = made();
  saving.online();
  saving.edited();
  saving.proved(1);
  assert.equal(saving.state, 'saving');
  saving.close();
});

test('a probe that does not come back is told, and taken back when it does', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { saving, shown } = made();
  saving.online();
  context.mock.timers.tick(STUCK_AFTER_MS);
  assert.equal(saving.state, 'stuck');
  saving.edited();
  assert.equal(saving.state, 'stuck', 'typing on does not hide it');
  saving.proved(1);
  saving.proved(2);
  assert.deepEqual(shown, ['saving', 'stuck', 'saving', 'saved']);
  saving.close();
});
