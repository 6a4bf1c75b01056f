/*
 * The editor of documents: CodeMirror over a shared Yjs text. `public/write.js` loads it when somebody edits, and only then.
 *
 * In reading order: attributes (what the screen says), room (document, socket, what is kept offline), outbox and saving (when it is sent
 * and when it is safe), view (the editor itself and its extensions), then what stands around it: presence, outline, preview, comments.
 *
 * Deliberately absent: seeding a document (the server does it once), rendering Markdown (the server does it), and every look of the screen
 * outside the editor's element (style/ui/editor.css).
 */

export { mount } from './mount.js';
export { rescue } from './keeping.js';
