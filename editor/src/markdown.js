/* Markdown as the editor sees it: GitHub's, parsed by Lezer, coloured by meaning. It stays Markdown: no mark is hidden. */
import { defineLanguageFacet, HighlightStyle, Language, languageDataProp, syntaxHighlighting } from '@codemirror/language';
import { Autolink, parser, Strikethrough, Table, TaskList } from '@lezer/markdown';
import { tags } from '@lezer/highlight';

const data = defineLanguageFacet();

const language = new Language(
  data,
  parser.configure([Table, TaskList, Strikethrough, Autolink, { props: [languageDataProp.add({ Document: data })] }]),
  [],
  'markdown',
);

const style = HighlightStyle.define([
  { tag: tags.heading, fontWeight: 'var(--weight-strong)' },
  { tag: tags.heading1, fontWeight: 'var(--weight-strong)', fontSize: '1.35em' },
  { tag: tags.heading2, fontWeight: 'var(--weight-strong)', fontSize: '1.2em' },
  { tag: tags.heading3, fontWeight: 'var(--weight-strong)', fontSize: '1.1em' },
  { tag: tags.strong, fontWeight: 'var(--weight-strong)' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: tags.quote, color: 'var(--ink-2)' },
  { tag: tags.monospace, fontFamily: 'var(--font-code)', fontSize: 'var(--text-code)' },
  { tag: tags.labelName, color: 'var(--accent)', fontFamily: 'var(--font-code)', fontSize: 'var(--text-code)' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.comment], color: 'var(--ink-3)', fontWeight: 'var(--weight)' },
]);

/** @returns {import('@codemirror/state').Extension} */
export function markdown() {
  return [language, syntaxHighlighting(style)];
}
