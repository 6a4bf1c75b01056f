/* Every word a reader meets, in both languages; and CodeMirror's own, which are English unless said otherwise. */

const JA = {
  saved: '保存済み', saving: '保存中…', offline: 'オフライン（編集はこの端末に残り、つながれば送られます）', offlineKept: 'オフライン（編集はまだどこにも保存されていません）',
  stuck: '保存を確認できません',
  wentOffline: 'オフラインになりました。編集は続けられます。', cameBack: 'つながりました。',
  blocked: '共同編集につながりません。読むことはできます。つながり次第、編集できるようになります。',
  notStarted: '編集画面を読み込めませんでした。下の欄から編集できます。',
  signedOut: 'サインインの期限が切れました。別のタブでサインインすると、続きから保存されます。', signIn: 'サインイン', again: 'つなぎ直す',
  forbidden: 'この文書を編集する権限がなくなりました。', gone: 'この文書は見つかりません。', deleted: 'この文書は削除されました。',
  tooLarge: '文書が大きすぎて保存できません（上限 1 MiB）。', malformed: '編集内容を送れませんでした。', unsent: 'まだ保存されていない変更があります。',
  download: '手元にダウンロード', back: '文書へ戻る', discard: '破棄する', reload: '読み込み直す',
  pasteTooLarge: '一度に貼り付けられるのは 200 KiB までです。大きな文書は「取り込み」を使ってください。', full: '文書の上限（1 MiB）に達しました。',
  you: '（あなた）', joined: '$ さんが編集に加わりました', left: '$ さんが離れました', here: '編集中の人',
  joinedMany: '$ 人が編集に加わりました', leftMany: '$ 人が離れました', moreHere: 'ほか $ 人',
  help: 'Esc のあと Tab で編集欄を離れます。/ で雛形を挿入、Ctrl+F で検索。', helpMac: 'Esc のあと Tab で編集欄を離れます。/ で雛形を挿入、⌘F で検索。',
  leaving: '次の Tab で編集欄を離れます', tools: '書式と挿入', noHeadings: '見出しはまだありません',
  bold: '太字', heading: '見出し', list: '箇条書き', task: 'チェック', insert: '挿入', find: '検索', undo: '元に戻す', redo: 'やり直す',
  comment: 'コメント', suggest: '提案', preview: 'プレビュー', outline: '目次',
  selectFirst: '先に文字を選んでください', previewFailed: 'プレビューを表示できません', previewWaits: 'プレビューを準備しています',
  threadHere: 'コメントがあります', suggestionHere: '提案があります',
};

const EN = {
  saved: 'Saved', saving: 'Saving…', offline: 'Offline (your edits stay on this device and are sent when you are back)', offlineKept: 'Offline (your edits are saved nowhere yet)',
  stuck: 'Not confirmed as saved',
  wentOffline: 'You are offline. You can go on editing.', cameBack: 'Connected again.',
  blocked: 'Editing together is not reachable. You can read the document; editing starts as soon as the connection is there.',
  notStarted: 'The editor could not be loaded. You can edit in the field below.',
  signedOut: 'Your sign-in has expired. Sign in in another tab, and saving goes on from here.', signIn: 'Sign in', again: 'Connect again',
  forbidden: 'You may no longer edit this document.', gone: 'This document does not exist.', deleted: 'This document was deleted.',
  tooLarge: 'The document is too large to be saved (the limit is 1 MiB).', malformed: 'Your edits could not be sent.', unsent: 'There are changes that have not been saved.',
  download: 'Download your text', back: 'Back to the document', discard: 'Discard', reload: 'Load again',
  pasteTooLarge: 'At most 200 KiB can be pasted at once. Use “Import” for large documents.', full: 'The document has reached its limit (1 MiB).',
  you: ' (you)', joined: '$ is editing now', left: '$ has left', here: 'Editing now',
  joinedMany: '$ people are editing now', leftMany: '$ people have left', moreHere: '$ more',
  help: 'Esc, then Tab leaves the editor. Type / for snippets, Ctrl+F to find.', helpMac: 'Esc, then Tab leaves the editor. Type / for snippets, ⌘F to find.',
  leaving: 'The next Tab leaves the editor', tools: 'Format and insert', noHeadings: 'No headings yet',
  bold: 'Bold', heading: 'Heading', list: 'List', task: 'Task', insert: 'Insert', find: 'Find', undo: 'Undo', redo: 'Redo',
  comment: 'Comment', suggest: 'Suggest', preview: 'Preview', outline: 'Contents',
  selectFirst: 'Select some text first', previewFailed: 'The preview cannot be shown', previewWaits: 'Preparing the preview',
  threadHere: 'There is a comment', suggestionHere: 'There is a suggestion',
};

/** @typedef {typeof JA} Words */

/** @returns {Words} */
export function wordsIn(/** @type {'ja' | 'en'} */ locale) {
  return locale === 'en' ? EN : JA;
}

/** CodeMirror's words in Japanese. Those that no part of ours shows are absent. */
const PHRASES_JA = {
  'Control character': '制御文字',
  'Selection deleted': '選択範囲を削除しました',
  Completions: '候補',
  Find: '検索', Replace: '置換', next: '次へ', previous: '前へ', all: 'すべて選択', 'match case': '大文字と小文字を区別', 'by word': '単語単位',
  regexp: '正規表現', replace: '置換', 'replace all': 'すべて置換', close: '閉じる',
  'current match': '現在の一致', 'on line': '行', 'replaced match on line $': '$ 行目を置換しました', 'replaced $ matches': '$ 件を置換しました',
  'Go to line': '行へ移動', go: '移動',
};

/** @returns {Record<string, string>} */
export function phrasesIn(/** @type {'ja' | 'en'} */ locale) {
  return locale === 'en' ? {} : PHRASES_JA;
}
