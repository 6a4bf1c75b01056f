/*
 * Puts an editor into an element of a screen. Until the first synchronisation the screen stays as the server drew it; then the element is
 * marked `data-live`, and the style sheet shows the editor in the place of what can be read. When the server takes the document away, the
 * mark goes, and what can be read is there again.
 */
import { EditorView } from '@codemirror/view';
import { wantedBy } from './attributes.js';
import { Composing } from './composing.js';
import { endings } from './endings.js';
import { historyOf } from './history.js';
import { databaseOf, download } from './keeping.js';
import { Notices } from './notices.js';
import { presence } from './presence.js';
import { Room } from './room.js';
import { Surroundings } from './surroundings.js';
import { Sync } from './sync.js';
import { setReadOnly, viewOf } from './view.js';
import { wordsIn } from './words.js';

/** So long a reader waits before being told why there is no editor. */
const BLOCKED_AFTER_MS = 5_000;

/**
 * @typedef {object} Mounted
 * @property {() => void} destroy
 * @property {(isReadOnly: boolean) => void} setReadOnly
 * @property {() => void} focus
 * @property {(tell: (state: import('./saving.js').SaveState) => void) => void} onState
 * @property {() => boolean} isUnsaved
 * @property {() => void} refresh  the screen around the editor was drawn anew
 */

/**
 * @param {HTMLElement} host the element marked `data-editor`
 * @param {{ nonce?: string }} [options]
 * @returns {Mounted}
 */
export function mount(host, options = {}) {
  const editor = new Editor(host, options.nonce ?? '');
  return {
    destroy: () => editor.destroy(),
    setReadOnly: (isReadOnly) => editor.setReadOnly(isReadOnly),
    focus: () => editor.view?.focus(),
    onState: (tell) => editor.listen(tell),
    isUnsaved: () => editor.room.saving.isUnsaved(),
    refresh: () => editor.around?.refresh(),
  };
}

class Editor {
  constructor(/** @type {HTMLElement} */ host, /** @type {string} */ nonce) {
    this.host = host;
    this.nonce = nonce;
    this.wanted = wantedBy(host);
    this.words = wordsIn(this.wanted.locale);
    this.notices = new Notices(host);
    /** @type {EditorView | null} */
    this.view = null;
    /** @type {Surroundings | null} */
    this.around = null;
    /** @type {import('./view.js').Parts | null} */
    this.parts = null;
    /** @type {Set<(state: import('./saving.js').SaveState) => void>} */
    this.listeners = new Set();
    /** @type {(() => void)[]} */
    this.endings = [];
    this.isEnded = false;
    this.room = this.#room();
    this.#watchTheDoor();
    void this.room.open();
  }

  listen(/** @type {(state: import('./saving.js').SaveState) => void} */ tell) {
    this.listeners.add(tell);
    tell(this.room.saving.state);
  }

  setReadOnly(/** @type {boolean} */ isReadOnly) {
    if (this.view && this.parts) {
      setReadOnly(this.view, isReadOnly, this.parts);
    }
  }

  announce(/** @type {string} */ sentence) {
    this.view?.dispatch({ effects: EditorView.announce.of(sentence) });
  }

  /** Ends it; `isForgotten` also clears what was kept of it in this browser. */
  destroy(isForgotten = false) {
    if (this.isEnded) {
      return;
    }
    this.isEnded = true;
    this.endings.forEach((end) => end());
    this.parts?.composing.close();
    void this.room.close(isForgotten);
    this.around?.close();
    this.view?.destroy();
    this.host.removeAttribute('data-live');
    this.host.replaceChildren(...(isForgotten ? [this.notices.box] : []));
  }

  #room() {
    const { room, server, readOnly, account, name, colour } = this.wanted;
    return new Room({
      room, server,
      user: readOnly ? null : { name, colour },
      database: readOnly || !account ? '' : databaseOf(account, room),
      onSaving: (state) => this.#saving(state),
      onSynced: () => this.#synced(),
      onClosed: (code) => endings(this, code),
    });
  }

  /** What happens when the reader waits, comes back, or leaves. */
  #watchTheDoor() {
    const waits = setTimeout(() => this.view || this.notices.show('blocked', this.words.blocked), BLOCKED_AFTER_MS);
    const hides = () => this.room.outbox.flush();
    const leaves = (/** @type {BeforeUnloadEvent} */ event) => {
      // What is kept in this browser is sent on the next visit; only what is kept nowhere would be lost.
      if (this.room.saving.isUnsaved() && !this.room.kept) {
        event.preventDefault();
      }
    };
    addEventListener('pagehide', hides);
    addEventListener('beforeunload', leaves);
    this.endings.push(() => clearTimeout(waits), () => removeEventListener('pagehide', hides), () => removeEventListener('beforeunload', leaves));
  }

  #synced() {
    this.notices.clear('blocked');
    this.notices.clear('door');
    if (!this.view && !this.isEnded) {
      this.#open();
    }
  }

  #open() {
    const { room, words, wanted } = this;
    const sync = new Sync(room.text), history = historyOf(room.text, sync);
    const parts = this.parts = {
      wanted, words, room, sync, history, nonce: this.nonce,
      composing: new Composing(room.outbox, history),
      helpId: `${wanted.room}-help`,
      margins: () => this.around?.margins() ?? null,
      graphs: () => this.around?.graphs() ?? [],
      comment: () => this.around?.comment(),
      suggest: () => this.around?.suggest(),
      touched: (place) => this.around?.touched(place),
      refused: (word) => this.notices.say('refused', words[word]),
      changed: () => this.around?.changed(),
    };
    const frame = document.createElement('div');
    frame.dataset.frame = '';
    this.view = viewOf(frame, parts);
    this.around = new Surroundings(this.host, this.view, parts, this.notices);
    this.host.append(this.around.tools, frame, this.around.help);
    this.host.setAttribute('data-live', '');
    this.around.showSaving('saving', room.kept !== null);
    this.endings.push(presence(this.around.find('[data-presence]'), room, wanted.readOnly ? null : wanted, words, (sentence) => this.announce(sentence)));
  }

  #saving(/** @type {import('./saving.js').SaveState} */ state) {
    const wasOffline = this.around?.saving === 'offline';
    this.around?.showSaving(state, this.room.kept !== null);
    if (wasOffline || state === 'offline') {
      this.announce(wasOffline ? this.words.cameBack : this.words.wentOffline);
    }
    this.listeners.forEach((tell) => tell(state));
  }

  /** Offers the text as a file. */
  download() {
    download(this.room.text.toString(), `${this.wanted.room}.md`);
  }
}
