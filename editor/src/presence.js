/*
 * The list of who is here: one entry a person, with the colour of the caret and the first letter of the name. Beyond so many it is a number: it
 * must not push the text away. It is drawn anew only when somebody comes, goes or is called otherwise, not when carets move.
 */
import { MOST_CARETS } from './carets.js';
import { peersIn, persons } from './people.js';

/** Those who come or go together are said by name up to here, and as a number beyond. */
const MOST_SAID = 3;

/** @returns {HTMLElement} */
function entry(/** @type {{ name: string, colour: number }} */ person, /** @type {string} */ note) {
  const item = document.createElement('li'), seal = document.createElement('span');
  item.dataset.colour = String(person.colour);
  seal.setAttribute('aria-hidden', 'true');
  seal.className = 'person__mark';
  seal.textContent = [...person.name][0] ?? '';
  item.append(seal, `${person.name}${note}`);
  return item;
}

/** @returns {HTMLElement[]} */
function rest(/** @type {number} */ n_more, /** @type {import('./words.js').Words} */ words) {
  if (n_more <= 0) {
    return [];
  }
  const item = document.createElement('li');
  item.dataset.more = '';
  item.textContent = words.moreHere.replace('$', String(n_more));
  return [item];
}

/** What is read aloud of those who came, or left. @returns {string[]} */
export function sentences(/** @type {string[]} */ names, /** @type {string} */ each, /** @type {string} */ many) {
  return names.length > MOST_SAID ? [many.replace('$', String(names.length))] : names.map((name) => each.replace('$', name));
}

/**
 * @param {HTMLElement | null} list @param {import('./room.js').Room} room
 * @param {{ name: string, colour: number, account: string } | null} me @param {import('./words.js').Words} words
 * @param {(sentence: string) => void} announce
 * @returns {() => void} ends it
 */
export function presence(list, room, me, words, announce) {
  /** @type {Map<string, string>} */
  let before = new Map();
  let drawn = '-';
  list?.setAttribute('aria-label', words.here);
  const draw = (/** @type {import('./people.js').Peer[]} */ here) => {
    const now = JSON.stringify(here.map(({ key, name, colour }) => [key, name, colour]));
    if (now !== drawn) {
      drawn = now;
      list?.replaceChildren(...(me ? [entry(me, words.you)] : []), ...here.slice(0, MOST_CARETS).map((person) => entry(person, '')), ...rest(here.length - MOST_CARETS, words));
    }
  };
  const changed = () => {
    // Our other windows are us.
    const here = persons(peersIn(room.awareness)).filter(({ key }) => key !== me?.account);
    draw(here);
    const now = new Map(here.map((person) => [person.key, person.name]));
    // Losing the line is said by the state of saving: nobody has left for that.
    if (room.provider.synced) {
      const missing = (/** @type {Map<string, string>} */ from, /** @type {Map<string, string>} */ other) => [...from].filter(([key]) => !other.has(key)).map(([, name]) => name);
      sentences(missing(now, before), words.joined, words.joinedMany).forEach(announce);
      sentences(missing(before, now), words.left, words.leftMany).forEach(announce);
      before = now;
    }
  };
  room.awareness.on('change', changed);
  changed();
  return () => {
    room.awareness.off('change', changed);
    list?.replaceChildren();
  };
}
