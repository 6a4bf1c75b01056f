/*
 * What can be inserted (menu.js offers it): headings of the house's templates, tables, checklists, and directives, which are fences that the
 * server fills. A directive of a graph needs the id of one that was kept: each of them is offered by its title and moment.
 */

const POSTMORTEM = {
  ja: ['概要', '何が起きたか', '影響', 'タイムライン', '根本原因', '解決策', '再発防止策', '学んだこと'],
  en: ['Summary', 'What happened', 'Impact', 'Timeline', 'Root cause', 'Resolution', 'Prevention', 'What we learned'],
};

/** Title, words it is found by, and what is inserted. `#{…}` is where the caret stops; what is in the first one is chosen. */
const PIECES = {
  ja: [
    ['見出し 1', 'h1', '# #{見出し}'], ['見出し 2', 'h2', '## #{見出し}'], ['見出し 3', 'h3', '### #{見出し}'],
    ['表', 'table', '| #{項目} | #{内容} |\n| --- | --- |\n| #{} |  |\n'],
    ['チェックリスト', 'task todo', '- [ ] #{項目}'],
    ['番号つきリスト', 'ol', '1. #{}'], ['引用', 'quote', '> #{}'], ['コードブロック', 'code', '```#{}\n#{}\n```\n'],
    ['リンク', 'link', '[#{文字}](#{https://})'], ['区切り線', 'hr', '---\n'],
    ['決定事項', 'decision', '## 決定事項\n\n- **決めたこと**: #{}\n- **理由**: #{}\n- **ほかの案**: #{}\n'],
    ['手順', 'runbook steps', '## 手順\n\n- [ ] 1. #{確認する}\n- [ ] 2. #{対処する}\n- [ ] 3. #{復旧を確かめる}\n'],
  ],
  en: [
    ['Heading 1', 'h1', '# #{Heading}'], ['Heading 2', 'h2', '## #{Heading}'], ['Heading 3', 'h3', '### #{Heading}'],
    ['Table', 'table', '| #{Item} | #{Text} |\n| --- | --- |\n| #{} |  |\n'],
    ['Checklist', 'task todo', '- [ ] #{item}'],
    ['Numbered list', 'ol', '1. #{}'], ['Quotation', 'quote', '> #{}'], ['Code block', 'code', '```#{}\n#{}\n```\n'],
    ['Link', 'link', '[#{text}](#{https://})'], ['Rule', 'hr', '---\n'],
    ['Decision', 'decision', '## Decision\n\n- **Decided**: #{}\n- **Because**: #{}\n- **Other options**: #{}\n'],
    ['Steps', 'runbook', '## Steps\n\n- [ ] 1. #{Look}\n- [ ] 2. #{Act}\n- [ ] 3. #{See that it is back}\n'],
  ],
};

/**
 * @typedef {object} Piece
 * @property {string} title
 * @property {string} names     what else it is found by
 * @property {string} hint      what stands beside its title
 * @property {string} template  empty: it can only be read
 */

/** @returns {string} */
function fence(/** @type {string} */ name, /** @type {string} */ rest) {
  return `\`\`\`${name} ${rest}\n\`\`\`\n`;
}

/** What is written where nobody knows the number: it is chosen then, to be typed over. */
const SOME_INCIDENT = 'I-#{n}';

const GRAPH = {
  ja: { title: '保存したグラフ', names: 'ops-graph graph グラフ', none: 'まだありません' },
  en: { title: 'Saved graph', names: 'ops-graph graph', none: 'None yet' },
};

/** One for each graph that was kept. Where there is none, that is said: a fence without an id would show nothing. @returns {Piece[]} */
function graphPieces(/** @type {'ja' | 'en'} */ locale, /** @type {import('./graphs.js').Graph[]} */ graphs) {
  const { title, names, none } = GRAPH[locale];
  if (graphs.length === 0) {
    return [{ title, names, hint: none, template: '' }];
  }
  return graphs.map((graph) => ({ title: `${title}: ${graph.title}`, names, hint: graph.moment, template: fence('ops-graph', graph.id) }));
}

/** @returns {Piece[]} */
function directives(/** @type {'ja' | 'en'} */ locale, /** @type {string} */ incident, /** @type {import('./graphs.js').Graph[]} */ graphs) {
  const say = (/** @type {string} */ ja, /** @type {string} */ en) => (locale === 'ja' ? ja : en);
  const about = incident || SOME_INCIDENT;
  const directive = (/** @type {string} */ title, /** @type {string} */ name, /** @type {string} */ rest) =>
    ({ title, names: name, hint: name, template: fence(name, rest) });
  return [
    directive(say('インシデントの概要', 'Fields of the incident'), 'ops-fields', about),
    directive(say('インシデントのタイムライン', 'Timeline of the incident'), 'ops-timeline', `${about} starred`),
    ...graphPieces(locale, graphs),
    directive(say('再発防止策の一覧', 'Follow-up actions'), 'ops-actions', about),
    directive(say('ランブックの実行記録', 'Run of a runbook'), 'ops-checklist', 'RUN-#{n}'),
  ];
}

/**
 * @param {'ja' | 'en'} locale @param {string} incident empty where the document is about none
 * @param {import('./graphs.js').Graph[]} graphs those that were kept with the document
 * @returns {Piece[]}
 */
export function pieces(locale, incident, graphs) {
  const written = (/** @type {string[]} */ [title, names, template]) => ({ title, names, hint: names, template });
  const headings = POSTMORTEM[locale].map((heading) => [heading, 'postmortem', `## ${heading}\n\n#{}`]);
  return [...PIECES[locale].map(written), ...directives(locale, incident, graphs), ...headings.map(written)];
}

/** The pieces that a word finds, by any part of their title or names. @returns {Piece[]} */
export function fitting(/** @type {Piece[]} */ all, /** @type {string} */ word) {
  const wanted = word.toLowerCase();
  return all.filter(({ title, names }) => `${title} ${names}`.toLowerCase().includes(wanted));
}

/** What a template inserts, and which part of that is chosen afterwards: its first stop. */
export function expanded(/** @type {string} */ template) {
  const first = /#\{([^}]*)\}/.exec(template), text = template.replace(/#\{([^}]*)\}/g, '$1');
  const from = first ? first.index : text.length;
  return { text, from, to: from + (first ? first[1].length : 0) };
}
