/* What the keyboard does in Markdown: Enter continues a list or a quotation, marks go around what is chosen, a line becomes another kind. */
import { EditorSelection } from '@codemirror/state';

const MARKER = /^(\s*)(?:((?:> ?)+)|([-*+]|\d{1,9}[.)])( +)(\[[ xX]\](?: |$))?)/;

/** What a line after this one begins with; null when it is no list. */
export function continued(/** @type {string} */ line) {
  const found = MARKER.exec(line);
  if (!found) {
    return null;
  }
  const [whole, indent, quote, bullet, gap, box] = found;
  if (quote) {
    return { whole, next: indent + quote, isEmpty: line.trim() === whole.trim() };
  }
  const number = Number.parseInt(bullet, 10);
  const next = Number.isNaN(number) ? bullet : `${number + 1}${bullet.slice(-1)}`;
  return { whole, next: `${indent}${next}${gap}${box ? '[ ] ' : ''}`, isEmpty: line.trim() === whole.trim() };
}

/** Enter at a line of a list: the next entry, or the end of the list when this one is empty. */
export function continueList(/** @type {import('@codemirror/view').EditorView} */ view) {
  const { state } = view, { main, ranges } = state.selection;
  const line = state.doc.lineAt(main.head), found = ranges.length === 1 && main.empty ? continued(line.text) : null;
  if (!found || main.head - line.from < found.whole.trimEnd().length) {
    return false;
  }
  const change = found.isEmpty ? { from: line.from, to: line.to, insert: '' } : { from: main.head, insert: `\n${found.next}` };
  view.dispatch(state.update({ changes: change, selection: { anchor: found.isEmpty ? line.from : main.head + 1 + found.next.length }, scrollIntoView: true, userEvent: 'input' }));
  return true;
}

/** Puts marks around what is chosen, or takes them away. */
export function wrapWith(/** @type {string} */ mark) {
  return (/** @type {import('@codemirror/view').EditorView} */ view) => {
    const { state } = view, size = mark.length;
    view.dispatch(state.update(state.changeByRange((range) => {
      const isWrapped = state.sliceDoc(range.from - size, range.from) === mark && state.sliceDoc(range.to, range.to + size) === mark;
      const [inner, outer] = isWrapped ? [-size, ''] : [size, mark];
      const changes = isWrapped
        ? [{ from: range.from - size, to: range.from }, { from: range.to, to: range.to + size }]
        : [{ from: range.from, insert: outer }, { from: range.to, insert: outer }];
      return { changes, range: EditorSelection.range(range.anchor + inner, range.head + inner) };
    }), { userEvent: 'input', scrollIntoView: true }));
    return true;
  };
}

/** A line of another kind: the same beginning taken away when it is there. Every chosen line changes. */
export function beginWith(/** @type {string} */ beginning) {
  return (/** @type {import('@codemirror/view').EditorView} */ view) => {
    const { state } = view, { doc } = state, changes = [];
    const first = doc.lineAt(state.selection.main.from).number, last = doc.lineAt(state.selection.main.to).number;
    const lines = Array.from({ length: last - first + 1 }, (_, n) => doc.line(first + n));
    const isThere = lines.every((line) => line.text.startsWith(beginning));
    for (const { from, text } of lines) {
      const old = isThere ? beginning : (/^(?:#{1,6} |- \[[ xX]\] |- )/.exec(text)?.[0] ?? '');
      changes.push({ from, to: from + old.length, insert: isThere ? '' : beginning });
    }
    view.dispatch({ changes, userEvent: 'input', scrollIntoView: true });
    return true;
  };
}
