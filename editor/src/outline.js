/* The headings of a text, and the list of them beside it. Read by lines: only `#` headings count, and none inside a fence. */

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** @typedef {{ level: number, title: string, at: number }} Heading */

/** @returns {Heading[]} */
export function headingsIn(/** @type {Iterable<string>} */ lines) {
  /** @type {Heading[]} */
  const found = [];
  let at = 0, fence = '';
  for (const line of lines) {
    const opens = FENCE.exec(line)?.[1] ?? '';
    if (fence) {
      // A fence is closed by one of its own kind, at least as long, with nothing behind it.
      fence = opens.startsWith(fence) && line.trim() === opens ? '' : fence;
    } else if (opens) {
      fence = opens;
    } else {
      const heading = HEADING.exec(line);
      if (heading && heading[2]) {
        found.push({ level: heading[1].length, title: heading[2].replace(/[*_`~]+|\[([^\]]*)\]\([^)]*\)/g, '$1'), at });
      }
    }
    at += line.length + 1;
  }
  return found;
}

/**
 * Draws the list. An entry that is already right stays, so that focus does.
 * @param {HTMLElement | null} list @param {Heading[]} headings @param {import('./words.js').Words} words
 */
export function drawOutline(list, headings, words) {
  if (!list) {
    return;
  }
  list.setAttribute('aria-label', words.outline);
  const entries = headings.length > 0 ? headings.map(entry) : [nothing(words)];
  entries.forEach((made, n) => {
    const old = list.children[n];
    if (!old) {
      list.append(made);
    } else if (!old.isEqualNode(made)) {
      old.replaceWith(made);
    }
  });
  while (list.children.length > entries.length) {
    list.lastElementChild?.remove();
  }
}

/** @returns {HTMLElement} */
function entry(/** @type {Heading} */ heading) {
  const item = document.createElement('li'), button = document.createElement('button');
  item.dataset.level = String(heading.level);
  button.type = 'button';
  button.dataset.at = String(heading.at);
  button.textContent = heading.title;
  item.append(button);
  return item;
}

/** @returns {HTMLElement} */
function nothing(/** @type {import('./words.js').Words} */ words) {
  const item = document.createElement('li');
  item.textContent = words.noHeadings;
  return item;
}
