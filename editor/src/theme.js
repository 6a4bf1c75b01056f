/*
 * The editor's look, in the tokens of the house: colours and sizes are theirs, so both themes and the reader's own palette hold here too.
 * It stands in script and not in the style sheet, because its classes exist only where the editor is.
 */
import { EditorView } from '@codemirror/view';

const COLOURS = [1, 2, 3, 4, 5, 6, 7, 8];

/** A rule for each of the series' colours. */
function coloured(/** @type {(n: number) => string} */ selector, /** @type {(colour: string) => object} */ rule) {
  return Object.fromEntries(COLOURS.map((n) => [selector(n), rule(`var(--chart-${n})`)]));
}

const CONTROL = {
  minHeight: 'var(--control-row)', padding: '0 var(--space-2)', border: 'var(--hair) solid var(--line-3)', borderRadius: 'var(--radius)',
  background: 'var(--surface-0)', color: 'var(--ink-1)', font: 'inherit', verticalAlign: 'baseline',
};
const FLOATING = {
  background: 'var(--surface-float)', color: 'var(--ink-1)', border: 'var(--hair) solid var(--line-2)', borderRadius: 'var(--radius)',
  boxShadow: 'var(--shadow)',
};

const theme = EditorView.theme({
  '&': { color: 'var(--ink-1)', fontSize: 'var(--text-4)' },
  '&.cm-focused': { outline: 'var(--hair) solid var(--accent)', outlineOffset: 'var(--space-1)', borderRadius: 'var(--radius)' },
  '.cm-scroller': { fontFamily: 'var(--font-ui)', lineHeight: '1.75', overflowX: 'auto' },
  '.cm-content': { minHeight: '16rem', padding: 'var(--space-4) 0', caretColor: 'var(--accent)', lineBreak: 'strict' },
  '.cm-line': { padding: '0 var(--space-half)' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--sev-2-wash)', outline: 'var(--hair) solid var(--sev-2-ink)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-wash)', outline: 'var(--mark) solid var(--accent)' },

  '.cm-panels': { background: 'var(--surface-1)', color: 'var(--ink-1)', zIndex: '5' },
  '.cm-panels.cm-panels-bottom': { borderTop: 'var(--hair) solid var(--line-2)' },
  '.cm-panels.cm-panels-top': { borderBottom: 'var(--hair) solid var(--line-2)' },
  '.cm-panel.cm-search': { padding: 'var(--space-2)', paddingRight: 'var(--space-8)', fontSize: 'var(--text-3)' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label, .cm-textfield, .cm-button': { fontSize: 'var(--text-3)' },
  '.cm-panel.cm-search [name=close]': { minWidth: 'var(--control-row)', minHeight: 'var(--control-row)', fontSize: 'var(--text-4)', color: 'var(--ink-2)' },
  '.cm-textfield, .cm-button': CONTROL,
  '.cm-button': { ...CONTROL, backgroundImage: 'none', cursor: 'pointer' },
  '.cm-button:active': { backgroundImage: 'none', background: 'var(--surface-3)' },
  '.cm-tooltip': { ...FLOATING, maxWidth: 'calc(100vw - 2 * var(--space-4))' },
  '.cm-pieces': { margin: '0', padding: 'var(--space-1) 0', listStyle: 'none', fontSize: 'var(--text-3)', maxHeight: '18rem', minWidth: '15rem', overflowY: 'auto' },
  '.cm-pieces > li': {
    display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 'var(--space-3)', minHeight: 'var(--control-row)', padding: '0 var(--space-3)', cursor: 'pointer',
  },
  '.cm-pieces > li:hover': { background: 'var(--surface-2)' },
  '.cm-pieces > li[aria-selected=true]': { background: 'var(--accent-wash)', boxShadow: 'inset var(--mark) 0 0 var(--accent)' },
  '.cm-pieces > li[aria-disabled=true]': { color: 'var(--ink-3)', cursor: 'default' },
  '.cm-pieces > li > span': { minWidth: '0', padding: 'var(--space-half) 0', overflowWrap: 'anywhere' },
  '.cm-pieces small': { flex: 'none',  color: 'var(--ink-3)', fontSize: 'var(--text-2)' },

  '.cm-thread': { background: 'var(--surface-2)', borderBottom: 'var(--mark) solid var(--line-3)', cursor: 'pointer' },
  '.cm-thread.cm-suggested': { borderBottomStyle: 'dashed', borderBottomColor: 'var(--accent)' },
  '.cm-thread.cm-thread-active': { background: 'var(--accent-wash)', borderBottomColor: 'var(--accent)' },

  '.cm-others': { pointerEvents: 'none' },
  '.cm-other': { borderLeft: 'var(--mark) solid', marginLeft: 'calc(-0.5 * var(--mark))' },
  '.cm-other > span': {
    position: 'absolute', bottom: '100%', left: 'calc(-1 * var(--mark))', padding: '0 var(--space-1h)', borderLeft: 'var(--mark) solid',
    background: 'var(--surface-float)', color: 'var(--ink-1)', boxShadow: '0 0 0 var(--hair) var(--line-2)', fontSize: 'var(--text-1)', lineHeight: '1.45', whiteSpace: 'nowrap',
    maxWidth: '12em', overflow: 'hidden', textOverflow: 'ellipsis',
  },
  ...coloured((n) => `.cm-other[data-colour="${n}"], .cm-other[data-colour="${n}"] > span`, (colour) => ({ borderColor: colour })),
  '.cm-other-chosen': { opacity: '0.22' },
  ...coloured((n) => `.cm-other-chosen-${n}`, (colour) => ({ background: colour })),
});

/** @returns {import('@codemirror/state').Extension} */
export function look() {
  return theme;
}
