/* What the keyboard and the lists do with Markdown, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditorState } from '@codemirror/state';
import { colourOf } from '../src/attributes.js';
import { MOST_CARETS, nearest } from '../src/carets.js';
import { graphsIn } from '../src/graphs.js';
import { bytesOf, clean, inputRules, isTooLarge, LARGEST_TEXT } from '../src/input.js';
import { heightOf } from '../src/keyboard.js';
import { continued, continueList } from '../src/lists.js';
import { opened } from '../src/menu.js';
import { headingsIn } from '../src/outline.js';
import { sentences } from '../src/presence.js';
import { expanded, fitting, pieces } from '../src/snippets.js';
import { threadsIn } from '../src/threads.js';
import { phrasesIn, wordsIn } from '../src/words.js';

test('lines end with LF alone, and NUL does not come in', () => {
  for (const [given, expected] of [['a\r\nb', 'a\nb'], ['a\rb', 'a\nb'], ['a\n\r\nb', 'a\n\nb'], ['a\0b', 'ab'], ['\r\r\n', '\n\n'], ['𠮷', '𠮷']]) {
    assert.equal(clean(given), expected, JSON.stringify(given));
  }
});

test('a change of one’s own is cleaned wherever it comes from, and the caret follows it', () => {
  const state = EditorState.create({ doc: 'ab', extensions: inputRules(() => {}) });
  const changed = state.update({ changes: { from: 1, insert: 'x\r\ny\0' }, selection: { anchor: 6 } }).state;
  assert.equal(changed.doc.toString(), 'ax\nyb');
  assert.equal(changed.selection.main.head, 4);
});

test('a carriage return that is in the text already counts as a letter, as it does in the document', () => {
  const text = 'a\r\nb', state = EditorState.create({ doc: text, extensions: inputRules(() => {}) });
  assert.equal(state.doc.length, text.length);
  assert.equal(state.sliceDoc(), text);
});

test('a text grows to the limit and no further, but can always be shortened', () => {
  const said = [];
  const full = EditorState.create({ doc: 'x'.repeat(LARGEST_TEXT), extensions: inputRules((word) => said.push(word)) });
  assert.equal(full.update({ changes: { from: 0, insert: 'y' } }).state.doc.length, LARGEST_TEXT);
  assert.deepEqual(said, ['full']);
  assert.equal(full.update({ changes: { from: 0, to: 1 } }).state.doc.length, LARGEST_TEXT - 1);
});

test('a size is counted in bytes of UTF-8', () => {
  assert.equal(bytesOf('あ𠮷a'), 8);
  assert.ok(!isTooLarge('a'.repeat(200), 200));
  assert.ok(isTooLarge('あ'.repeat(100), 299));
  assert.ok(!isTooLarge('あ'.repeat(100), 300));
});

test('Enter continues what the line is', () => {
  for (const [line, next, isEmpty] of [
    ['- 項目', '- ', false], ['  * a', '  * ', false], ['1. a', '2. ', false], ['9) a', '10) ', false], ['- [x] 済', '- [ ] ', false],
    ['- ', '- ', true], ['- [ ] ', '- [ ] ', true], ['- [ ]', '- [ ] ', true], ['  - [x]', '  - [ ] ', true], ['1. [ ]', '2. [ ] ', true], ['> 引用', '> ', false], ['> > 引用', '> > ', false], ['> ', '> ', true],
  ]) {
    const found = continued(line);
    assert.equal(found?.next, next, line);
    assert.equal(found?.isEmpty, isEmpty, line);
  }
  for (const line of ['', '本文', '-x', '# 見出し', '1.5 倍', '**太字**', '---']) {
    assert.equal(continued(line), null, line);
  }
});

test('Enter on an empty entry takes its whole marker away, the box as well', () => {
  for (const marker of ['- ', '- [ ] ', '- [ ]', '- [x] ', '* [ ]  ', '1. [ ] ', '  - [ ]']) {
    const text = `- [ ] 一\n${marker}\n後`;
    const view = { state: EditorState.create({ doc: text, selection: { anchor: text.length - 2 } }), dispatch(transaction) { this.state = transaction.state; } };
    assert.ok(continueList(view), marker);
    assert.equal(view.state.doc.toString(), '- [ ] 一\n\n後', JSON.stringify(marker));
    assert.equal(view.state.selection.main.head, '- [ ] 一\n'.length, marker);
  }
});

test('a checklist is begun with one entry: none is left over when it is ended', () => {
  for (const locale of ['ja', 'en']) {
    const [{ template }] = fitting(pieces(locale, '', []), 'todo');
    assert.equal(expanded(template).text.split('\n').length, 1);
  }
});

test('headings are those that are headings', () => {
  const text = ['# 一', '本文', '```', '# 中は違う', '```', '## 二 **太字** ##', '#違う', '~~~', '# x', '```', '# y', '~~~', '   ### [三](http://x)', '    # 字下げ', '####### 七'];
  assert.deepEqual(headingsIn(text).map(({ level, title }) => [level, title]), [[1, '一'], [2, '二 太字'], [3, '三']]);
  const places = headingsIn(text).map(({ at }) => text.join('\n').slice(at).split('\n')[0]);
  assert.deepEqual(places, ['# 一', '## 二 **太字** ##', '   ### [三](http://x)']);
});

test('the list of pieces opens behind a slash of either width at the beginning of a line, and only there', () => {
  const all = pieces('ja', 'INC-42', []);
  const at = (text) => opened(EditorState.create({ doc: text, selection: { anchor: text.length } }), () => all);
  assert.equal(at('/')?.found.length, all.length);
  assert.equal(at('本文\n／表')?.found[0].title, '表');
  assert.equal(at('- /task')?.found[0].title, 'チェックリスト');
  for (const text of ['a/', 'http://', '/ 表', '/nothing-like-it', '', '1/2']) {
    assert.equal(at(text), null, text);
  }
  assert.equal(at('x\n/ops-t')?.from, 2);
});

test('every piece says what it inserts, in both languages', () => {
  for (const locale of ['ja', 'en']) {
    const all = pieces(locale, 'INC-42', [{ id: 'ab12', title: 'CPU', moment: '11/22 14:30' }]);
    assert.equal(new Set(all.map(({ title }) => title)).size, all.length, 'no title twice');
    for (const { title, template } of all) {
      const { text, from, to } = expanded(template);
      assert.ok(!/[\r\0]|#\{/.test(text), title);
      assert.ok(from <= to && to <= text.length, title);
    }
    for (const name of ['ops-fields', 'ops-timeline', 'ops-graph', 'ops-actions', 'ops-checklist']) {
      assert.equal(fitting(all, name).length, 1, name);
    }
  }
  assert.deepEqual(expanded('a #{b} c #{d}'), { text: 'a b c d', from: 2, to: 3 });
  assert.equal(expanded(fitting(pieces('ja', '', []), 'ops-fields')[0].template).text, '```ops-fields I-n\n```\n', 'a document about no incident names none');
  assert.equal(fitting(pieces('ja', 'INC-42', []), 'ops-timeline')[0].template, '```ops-timeline INC-42 starred\n```\n');
});

test('each graph that was kept is offered by its title and moment, and inserts its id', () => {
  const graphs = [{ id: 'ab12', title: 'エラー率', moment: '11/22 14:30' }, { id: 'cd34', title: 'CPU', moment: '11/22 15:00' }];
  const all = pieces('ja', 'INC-42', graphs);
  for (const word of ['グラフ', 'ops-graph', '保存']) {
    assert.deepEqual(fitting(all, word).map(({ title, hint }) => [title, hint]), [['保存したグラフ: エラー率', '11/22 14:30'], ['保存したグラフ: CPU', '11/22 15:00']], word);
  }
  assert.equal(fitting(all, 'cpu')[0].template, '```ops-graph cd34\n```\n');
  const [none, ...others] = fitting(pieces('en', 'INC-42', []), 'ops-graph');
  assert.deepEqual([none.hint, none.template, others], ['None yet', '', []], 'what is not there cannot be inserted');
});

test('graphs are read off the screen, each once, and none whose id would break the fence', () => {
  const element = (graph, title, moment) => ({ dataset: { graph, title, moment } });
  const given = [element('ab', 'エラー率\n', '11/22'), element('ab', 'again', ''), element('x y', 'no', ''), element('', 'no', ''), element('a`b', 'no', ''), element('cd', '', undefined)];
  assert.deepEqual(graphsIn(given), [{ id: 'ab', title: 'エラー率', moment: '11/22' }, { id: 'cd', title: 'cd', moment: '' }]);
});

test('the carets that are drawn are the nearest ones', () => {
  const all = Array.from({ length: 50 }, (_, n) => ({ range: { head: n * 10 }, peer: { client: n } }));
  const heads = nearest(all, 245).map(({ range }) => range.head).sort((one, other) => one - other);
  assert.equal(heads.length, MOST_CARETS);
  assert.deepEqual([heads[0], heads.at(-1)], [150, 340]);
  assert.equal(nearest(all.slice(0, 3), 245).length, 3);
});

test('a few who come are said by name, many as a number', () => {
  assert.deepEqual(sentences(['佐藤', '高橋'], '$ さん', '$ 人'), ['佐藤 さん', '高橋 さん']);
  assert.deepEqual(sentences(['a', 'b', 'c', 'd'], '$ さん', '$ 人'), ['4 人']);
  assert.deepEqual(sentences([], '$', '$ 人'), []);
});

test('a keyboard is what covers much of a screen that is not looked at more closely', () => {
  for (const [height, offsetTop, scale, expected] of [[800, 0, 1, 0], [480, 0, 1, 320], [480, 100, 1, 220], [744, 0, 1, 0], [400, 0, 2, 0], [480, 320, 1, 0]]) {
    assert.equal(heightOf({ height, offsetTop, scale }, 800), expected, `${height} ${offsetTop} ${scale}`);
  }
});

test('threads are read as far as they are threads', () => {
  const good = { id: 'a', start: 'x', end: 'y' };
  assert.deepEqual(threadsIn(JSON.stringify([good, null, 3, { id: 'b' }, 'x'])), [good]);
  for (const json of ['', 'null', '{}', '[', '"x"']) {
    assert.deepEqual(threadsIn(json), [], json);
  }
});

test('a colour is one that the sheet knows, whatever was written', () => {
  for (const [given, expected] of [[1, 1], ['8', 8], [9, 1], [0, 8], [-1, 7], ['x', 8], [undefined, 8], [2.9, 2]]) {
    assert.equal(colourOf(given), expected, String(given));
  }
});

test('both languages say everything', () => {
  const ja = wordsIn('ja'), en = wordsIn('en');
  assert.deepEqual(Object.keys(ja).sort(), Object.keys(en).sort());
  assert.ok(Object.values(ja).every((word) => word !== '') && Object.values(en).every((word) => word !== ''));
  assert.deepEqual(Object.values(en).filter((word) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(word)), []);
  assert.equal(phrasesIn('ja')['Find'], '検索');
});
