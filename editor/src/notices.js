/* What the reader must know and may have to decide, over the text: a sentence and what can be done. One at a time; it is read aloud. */

const SAID_FOR_MS = 10_000;

/** @typedef {{ word: string, act?: () => void, href?: string }} Choice */

export class Notices {
  /** @param {HTMLElement} host the notice becomes its first child */
  constructor(host) {
    this.box = document.createElement('div');
    this.box.dataset.notice = '';
    this.box.setAttribute('role', 'alert');
    this.kind = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    host.prepend(this.box);
  }

  /** @param {string} kind says which one it is, so that it can be taken back @param {string} sentence @param {Choice[]} [choices] */
  show(kind, sentence, choices = []) {
    const text = document.createElement('p');
    text.textContent = sentence;
    this.kind = kind;
    this.box.replaceChildren(text, ...choices.map(choice));
  }

  /** Says something that needs no answer, and takes it back by itself. */
  say(/** @type {string} */ kind, /** @type {string} */ sentence) {
    // What waits for an answer is not talked over.
    if (this.kind !== '' && this.box.querySelector('.button')) {
      return;
    }
    this.show(kind, sentence);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.clear(kind), SAID_FOR_MS);
  }

  /** Takes a notice back, if it is still the one shown. */
  clear(/** @type {string} */ kind) {
    if (this.kind === kind) {
      this.kind = '';
      this.box.replaceChildren();
    }
  }
}

/** @returns {HTMLElement} */
function choice(/** @type {Choice} */ { word, act, href }) {
  const made = document.createElement(href ? 'a' : 'button');
  made.className = 'button';
  made.textContent = word;
  if (made instanceof HTMLAnchorElement && href) {
    made.href = href;
    made.target = '_blank';
  } else if (made instanceof HTMLButtonElement) {
    made.type = 'button';
  }
  if (act) { made.addEventListener('click', act); }
  return made;
}
