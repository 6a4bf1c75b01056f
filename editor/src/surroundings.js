/*
 * The parts of the screen around the text that the editor fills: how saving stands, the outline, the preview, comments. They are looked for
 * in the same `data-writing` as the editor, or in the screen; one that is not there is not filled.
 */
import { anchorsIn, chosen, fillForm, isUnfolded, openForm, showQuote, Threads, threadsIn } from './threads.js';
import { graphsIn } from './graphs.js';
import { followKeyboard } from './keyboard.js';
import { drawOutline, headingsIn } from './outline.js';
import { Preview } from './preview.js';
import { keepChoice, toolbar } from './toolbar.js';

const OUTLINES_AFTER_MS = 300;
/** The forms that can be about what is chosen. */
const FORMS = '[data-comment-form], [data-suggestion-form]';

export class Surroundings {
  /**
   * @param {HTMLElement} host @param {import('@codemirror/view').EditorView} view @param {import('./view.js').Parts} parts
   * @param {import('./notices.js').Notices} notices
   */
  constructor(host, view, parts, notices) {
    this.host = host;
    this.view = view;
    this.parts = parts;
    this.notices = notices;
    this.words = parts.words;
    this.scope = host.closest('[data-writing]') ?? host.closest('[data-served]') ?? document;
    /** @type {import('./saving.js').SaveState | undefined} */
    this.saving = undefined;
    this.threads = new Threads(view, parts.room.text, parts.words, parts.composing);
    this.preview = this.#preview();
    this.json = '';
    /** @type {string[]} */
    this.detached = [];
    /** @type {import('./outline.js').Heading[]} */
    this.headings = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.pressed = (/** @type {Event} */ event) => this.#pressed(event);
    this.scrolled = () => this.#followed();
    this.came = (/** @type {Event} */ event) => this.#came(/** @type {FocusEvent} */ (event));
    this.toggled = () => this.#asked();
    this.watch = this.#watch();
    this.scope.addEventListener('click', this.pressed);
    this.scope.addEventListener('focusin', this.came);
    // It does not bubble.
    this.scope.addEventListener('toggle', this.toggled, true);
    this.letsGo = keepChoice(this.scope, (event) => this.#isDoor(event));
    this.forgets = followKeyboard(host);
    addEventListener('scroll', this.scrolled, { passive: true });
    this.tools = this.#tools();
    this.help = this.#help();
    this.#outline();
    this.refresh();
  }

  /** @returns {HTMLElement | null} */
  find(/** @type {string} */ selector) {
    return /** @type {HTMLElement | null} */ (this.scope.querySelector(selector));
  }

  close() {
    clearTimeout(this.timer);
    this.scope.removeEventListener('click', this.pressed);
    this.scope.removeEventListener('focusin', this.came);
    this.scope.removeEventListener('toggle', this.toggled, true);
    this.watch.disconnect();
    this.letsGo();
    this.forgets();
    removeEventListener('scroll', this.scrolled);
    this.preview?.close();
    this.find('[data-save-state]')?.replaceChildren();
    this.find('[data-outline]')?.replaceChildren();
  }

  /** Where the screen around the text says something else now, directives may show something else too. */
  #watch() {
    const isOutside = (/** @type {MutationRecord} */ { target }) => !(target instanceof Element ? target : target.parentElement)?.closest('[data-own]');
    const watch = new MutationObserver((changes) => { if (changes.some(isOutside)) { this.preview?.renew(); } });
    watch.observe(this.scope, { childList: true, characterData: true, subtree: true });
    return watch;
  }

  /** What the tools cover, which stay in sight: above the text, or below it on a phone. */
  margins() {
    const style = getComputedStyle(this.tools), height = this.tools.offsetHeight;
    const keyboard = Number.parseFloat(this.host.style.getPropertyValue('--keyboard')) || 0;
    return style.order === '1'
      ? { top: 0, bottom: height + Math.max(0, (Number.parseFloat(style.bottom) || 0) - keyboard) }
      : { top: height + (Number.parseFloat(style.top) || 0), bottom: 0 };
  }

  /** The graphs that were kept with the document, as the screen lists them now. */
  graphs() {
    return graphsIn(/** @type {Iterable<HTMLElement>} */ (this.scope.querySelectorAll('[data-graph]')));
  }

  /** The screen was drawn anew: other threads may stand in it. */
  refresh() {
    const holder = this.find('[data-comments]');
    const json = holder?.getAttribute('data-comments') || holder?.textContent || '';
    if (json !== this.json) {
      this.json = json;
      this.detached = this.threads.set(threadsIn(json));
    }
    this.detached.forEach((id) => document.getElementById(`thread-${id}`)?.setAttribute('data-detached', ''));
    this.#forms().forEach(showQuote);
    this.#asked();
  }

  changed() {
    this.preview?.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.parts.composing.whenIdle(() => this.#outline()), OUTLINES_AFTER_MS);
  }

  /** The caret came to a place. */
  touched(/** @type {number} */ place) {
    const id = this.threads.at(place);
    // A caret moves in the middle of an update of the editor, which takes no second one.
    if (id !== this.threads.active) {
      queueMicrotask(() => this.threads.activate(id));
    }
  }

  showSaving(/** @type {import('./saving.js').SaveState} */ state, /** @type {boolean} */ isKept) {
    this.saving = state;
    const place = this.find('[data-save-state]');
    if (place) {
      place.dataset.state = state;
      place.textContent = state === 'offline' && !isKept ? this.words.offlineKept : this.words[state];
    }
    if (state === 'stuck') {
      this.notices.show('stuck', this.words.stuck, [{ word: this.words.again, act: () => this.parts.room.reconnect() }]);
    } else {
      this.notices.clear('stuck');
    }
  }

  comment() {
    this.#ask('[data-comment-form]');
  }

  suggest() {
    this.#ask('[data-suggestion-form]');
  }

  #ask(/** @type {string} */ selector) {
    const form = this.find(selector);
    if (form && !this.#fill(form)) {
      this.notices.say('choose', this.words.selectFirst);
    } else if (form) {
      openForm(form);
    }
  }

  /** Makes a form be about what is chosen; false when nothing is. */
  #fill(/** @type {HTMLElement} */ form, isTyped = false) {
    const choice = chosen(this.view, this.parts.sync);
    if (choice) {
      // The anchor names letters that the server must know when the form comes.
      this.parts.room.outbox.flush();
      fillForm(form, choice, isTyped);
      this.#asked();
    }
    return choice !== null;
  }

  /** @returns {HTMLElement[]} */
  #forms() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.scope.querySelectorAll(FORMS))];
  }

  /** What an open form is about stays marked in the text. */
  #asked() {
    const open = this.#forms().find((form) => isUnfolded(form) && anchorsIn(form) !== null);
    this.threads.ask(open ? anchorsIn(open) : null);
  }

  /** The form behind the word of the screen that unfolds it, while that is still folded. @returns {HTMLElement | null} */
  #behind(/** @type {Element} */ target) {
    const fold = target.closest('summary')?.parentElement;
    return fold instanceof HTMLDetailsElement && !fold.open ? fold.querySelector(FORMS) : null;
  }

  /** Whether a press is on such a word, and there is something chosen that it is about. */
  #isDoor(/** @type {Event} */ event) {
    return !this.view.state.selection.main.empty && this.#behind(/** @type {Element} */ (event.target)) !== null;
  }

  /** The focus came from the text into a form that is about nothing yet: it is about what was chosen there. */
  #came(/** @type {FocusEvent} */ { target, relatedTarget }) {
    const form = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(FORMS));
    if (form && this.view.dom.contains(/** @type {Node | null} */ (relatedTarget)) && anchorsIn(form) === null) {
      this.#fill(form, true);
    }
  }

  #preview() {
    const pane = this.find('[data-preview-pane]'), { preview } = this.parts.wanted;
    return pane && preview ? new Preview(pane, preview, this.words, () => this.view.state.doc.toString(), this.parts.composing) : null;
  }

  #tools() {
    const { preview, words, view } = this;
    const has = (/** @type {string} */ selector) => this.find(selector) !== null;
    return toolbar({
      view, words, history: this.parts.history, isWriting: !this.parts.wanted.readOnly,
      preview: preview ? (isOpen) => { preview.toggle(isOpen); this.host.toggleAttribute('data-split', isOpen); } : null,
      comment: has('[data-comment-form]') ? () => this.comment() : null,
      suggest: has('[data-suggestion-form]') ? () => this.suggest() : null,
    });
  }

  #help() {
    const line = document.createElement('p'), isMac = /Mac|iPhone|iPad/.test(navigator.platform);
    line.id = this.parts.helpId;
    line.dataset.help = '';
    line.textContent = isMac ? this.words.helpMac : this.words.help;
    return line;
  }

  #outline() {
    this.headings = headingsIn(this.view.state.doc.iterLines());
    drawOutline(this.find('[data-outline]'), this.headings, this.words);
  }

  /** The heading that stands at the top of what is seen leads the preview. */
  #followed() {
    if (!this.preview?.isOpen) {
      return;
    }
    const top = this.view.lineBlockAtHeight(-this.view.documentTop).from;
    this.preview.follow(this.headings.findLastIndex((heading) => heading.at <= top));
  }

  #pressed(/** @type {Event} */ event) {
    const target = /** @type {Element} */ (event.target);
    const at = target.closest('[data-outline] [data-at]')?.getAttribute('data-at');
    const thread = target.closest('[data-goto-thread]')?.getAttribute('data-goto-thread');
    const mark = target.closest('[data-editor] [data-thread]')?.getAttribute('data-thread');
    const form = this.#behind(target);
    if (form && this.#fill(form)) {
      // It is open already: the browser's own answer would fold it again.
      event.preventDefault();
      openForm(form);
    } else if (at !== null && at !== undefined) {
      this.view.dispatch({ selection: { anchor: Math.min(Number(at), this.view.state.doc.length) }, scrollIntoView: true });
      this.view.focus();
    } else if (thread) {
      this.threads.goTo(thread);
    } else if (mark) {
      document.getElementById(`thread-${mark}`)?.scrollIntoView({ block: 'nearest' });
    }
  }
}
