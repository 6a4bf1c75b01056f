/*
 * The text as it will be read, beside the text as it is written. The server renders it, by the same rules as the finished document; what it
 * sends is safe to show. One question is under way at a time, the newest text wins, and nothing is asked while something is composed, or the
 * pane is folded away or out of sight.
 *
 * Directives show what the house knows: their part of it becomes old without a letter being typed. So it is asked again when the screen around
 * was drawn anew (a form was sent, somebody else did something), and when the reader comes back to the tab.
 */
const ASKS_AFTER_MS = 400;
/** However often the screen around is drawn anew. */
const RENEWS_EVERY_MS = 2000;

export class Preview {
  /**
   * @param {HTMLElement} pane @param {string} address @param {import('./words.js').Words} words
   * @param {() => string} text @param {import('./composing.js').Composing} composing
   */
  constructor(pane, address, words, text, composing) {
    this.pane = pane;
    this.address = address;
    this.words = words;
    this.text = text;
    this.composing = composing;
    this.isOpen = false;
    this.isAsking = false;
    this.isStale = false;
    this.asking = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.renewing = undefined;
    this.askedAt = 0;
    this.html = '';
    this.ask = () => void this.#ask();
    this.comes = () => this.renew();
    document.addEventListener('visibilitychange', this.comes);
    pane.setAttribute('role', 'region');
    pane.setAttribute('aria-label', words.preview);
    pane.tabIndex = 0;
    pane.hidden = true;
  }

  toggle(/** @type {boolean} */ isOpen) {
    this.isOpen = isOpen;
    this.pane.hidden = !isOpen;
    if (isOpen) {
      if (!this.pane.hasChildNodes()) {
        this.pane.textContent = this.words.previewWaits;
      }
      this.#ask();
    }
  }

  /** The text is another one. */
  changed() {
    if (this.isOpen) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.composing.whenIdle(this.ask), ASKS_AFTER_MS);
    }
  }

  /** What directives show may be another thing: soon, but not at every stroke of the screen's pen. */
  renew() {
    if (this.isOpen && document.visibilityState === 'visible') {
      this.renewing ??= setTimeout(() => {
        this.renewing = undefined;
        this.composing.whenIdle(this.ask);
      }, Math.max(ASKS_AFTER_MS, this.askedAt + RENEWS_EVERY_MS - Date.now()));
    }
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.renewing);
    document.removeEventListener('visibilitychange', this.comes);
    this.asking.abort();
    this.pane.replaceChildren();
    this.pane.hidden = true;
  }

  /** Scrolls to the n-th heading. */
  follow(/** @type {number} */ n) {
    const heading = this.isOpen ? this.pane.querySelectorAll('h1, h2, h3, h4, h5, h6')[n] : null;
    if (heading) {
      this.pane.scrollTop += heading.getBoundingClientRect().top - this.pane.getBoundingClientRect().top;
    }
  }

  async #ask() {
    if (!this.isOpen) {
      return;
    }
    this.askedAt = Date.now();
    if (this.isAsking) {
      this.isStale = true;
      return;
    }
    this.isAsking = true;
    this.isStale = false;
    const shown = await this.#rendered().catch(() => null);
    this.isAsking = false;
    if (this.asking.signal.aborted) {
      return;
    }
    this.#show(shown);
    if (this.isStale && this.isOpen) {
      this.changed();
    }
  }

  async #rendered() {
    const answer = await fetch(this.address, {
      method: 'POST', body: this.text(), credentials: 'same-origin', signal: this.asking.signal,
      headers: { 'Content-Type': 'text/plain;charset=utf-8', Accept: 'text/html' },
    });
    return answer.ok && !answer.redirected ? answer.text() : null;
  }

  #show(/** @type {string | null} */ html) {
    if (html === null) {
      // What was shown stays: an old preview helps more than none.
      if (this.pane.childElementCount === 0) {
        this.pane.textContent = this.words.previewFailed;
      }
      return;
    }
    // What is the same stays, and with it what the reader has chosen in it.
    if (html === this.html && this.pane.hasChildNodes()) {
      return;
    }
    this.html = html;
    const { scrollTop } = this.pane;
    this.pane.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    this.pane.scrollTop = scrollTop;
  }
}
