/* A screen as the house would serve it, around the editor: the same policy, the same scripts, the same sheets. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const TYPES = { js: 'text/javascript', css: 'text/css', txt: 'text/plain', svg: 'image/svg+xml' };
export const NONCE = 'a-nonce';

const POLICY = `default-src 'self'; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${NONCE}'; img-src 'self' data:; `
  + "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** What the house knows besides the text: how many actions are done. Directives show it. */
export const house = { n_done: 0, n_previews: 0 };

const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`);

/** What stands in the holder: `none` for a screen without an editor. */
function matter(/** @type {URLSearchParams} */ query) {
  const room = query.get('room') ?? '', locale = query.get('locale') ?? 'ja';
  if (room === 'none' || room === '') {
    return '<h1>一覧</h1><ul><li>ほかの画面</li></ul>';
  }
  const threads = escaped(query.get('threads') ?? '[]');
  const graphs = query.has('graphs') ? [['ab12', 'エラー率', '11/22 14:30'], ['cd34', 'CPU', '11/22 15:00']] : [];
  return `<div class="folio folio--writing" data-writing>
    <header class="folio__head"><h1>パーソナライズ配信の停止</h1></header>
    <div class="folio__notes"><div class="folio__status">
      <p data-save-state data-own="${room}-save"></p>
      <ul data-presence data-own="${room}-presence"></ul>
      <p id="turn">${escaped(query.get('turn') ?? '')}</p>
    </div></div>
    <div class="folio__outline" data-live-only><nav><details class="outline__fold" ${query.has('narrow') ? '' : 'open'}><summary class="outline__head">目次</summary>
      <ul data-outline data-own="${room}-outline"></ul></details></nav></div>
    <div class="folio__main"><div data-split-view>
      <div id="editor-${room}" data-editor data-own="editor-${room}" data-room="${room}" data-locale="${locale}" data-name="佐藤 健" data-colour="1" data-account="a-person"
        data-back="/back" data-preview="/preview" data-incident="INC-42" data-label="本文" ${query.has('read') ? 'data-read-only' : ''}></div>
      <div data-fallback><article>読むための本文</article></div>
      <div class="prose" data-preview-pane data-own="${room}-preview"></div>
    </div>
    <ul hidden>${graphs.map(([id, title, moment]) => `<li data-graph="${id}" data-title="${title}" data-moment="${moment}"></li>`).join('')}</ul></div>
    <aside class="folio__margin">
    <form method="post" action="/done"><p>完了 ${house.n_done}</p><button class="button" id="finish">完了にする</button></form>
    <div hidden data-comments="${threads}"></div>
    <ol><li id="thread-t1"><button type="button" data-goto-thread="t1">引用</button></li></ol>
    <details id="asks"><summary>コメントする</summary><form method="post" action="/comment" data-comment-form>
      <input type="hidden" name="start" data-anchor="start"><input type="hidden" name="end" data-anchor="end"><input type="hidden" name="quoted" data-anchor="quoted">
      <blockquote data-quote></blockquote><textarea name="body" aria-label="コメント"></textarea><button class="button">送る</button></form></details>
    <details id="suggests"><summary>提案する</summary><form method="post" action="/suggest" data-suggestion-form>
      <input type="hidden" data-anchor="start"><input type="hidden" data-anchor="end"><input type="hidden" data-anchor="quoted"><textarea data-anchor="replacement" aria-label="置き換え"></textarea></form></details>
    <button type="button" id="after">次</button></aside>
  </div>`;
}

function screen(/** @type {URLSearchParams} */ query) {
  return `<!doctype html><html lang="ja" data-theme="${query.get('theme') ?? 'light'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>文書</title>
  <link rel="stylesheet" href="/style/main.css">
  <script nonce="${NONCE}" src="/screen.js" defer></script><script nonce="${NONCE}" src="/write.js" defer></script></head>
  <body><main><div data-served>${matter(query)}</div></main><form method="post" action="/sign-out"><button id="out">サインアウト</button></form></body></html>`;
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
export function answer(request, response) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  response.setHeader('content-security-policy', POLICY);
  const file = new URL(url.pathname.startsWith('/style/') ? `.${url.pathname}` : `./public${url.pathname}`, ROOT);
  if (url.pathname === '/preview') {
    let text = '';
    request.on('data', (part) => { text += part; });
    request.on('end', () => {
      house.n_previews += 1;
      const done = text.includes('ops-actions') ? `<p>対策は ${house.n_done} 件が完了</p>` : '';
      response.setHeader('content-type', 'text/html;charset=utf-8').end(`<h2>見出し</h2><p>${escaped(text.slice(0, 200))}</p>${done}<script>window.isHurt = true</script>`);
    });
  } else if (url.pathname === '/done') {
    house.n_done += 1;
    response.writeHead(303, { location: request.headers.referer ?? '/' }).end();
  } else if (url.pathname !== '/' && existsSync(fileURLToPath(file))) {
    response.setHeader('content-type', `${TYPES[url.pathname.split('.').pop() ?? ''] ?? 'application/octet-stream'};charset=utf-8`);
    response.end(readFileSync(file));
  } else {
    response.setHeader('content-type', 'text/html;charset=utf-8').end(screen(url.searchParams));
  }
}
