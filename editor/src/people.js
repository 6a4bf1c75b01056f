/* Who else is in the document, as the server says it: names cannot be forged there, but anything may stand in a state. */
import { colourOf } from './attributes.js';

const LONGEST_NAME = 40;

/**
 * @typedef {object} Peer
 * @property {number} client
 * @property {string} key      the same for all windows of one person
 * @property {string} name
 * @property {number} colour
 * @property {any} cursor      `{ anchor, head }` as relative positions, or null
 */

/** Who a state says it is; null for what says nobody. @returns {Peer | null} */
export function peerOf(/** @type {number} */ client, /** @type {any} */ state) {
  const user = state?.user;
  if (!user || typeof user.name !== 'string') {
    return null;
  }
  const name = user.name.slice(0, LONGEST_NAME);
  const key = String(user.id ?? user.person ?? `${name}/${user.colour ?? user.color ?? ''}`);
  return { client, key, name, colour: colourOf(user.colour ?? user.color ?? client), cursor: state.cursor ?? null };
}

/** Everybody but this window, in the order they came. @returns {Peer[]} */
export function peersIn(/** @type {import('y-protocols/awareness').Awareness} */ awareness) {
  return [...awareness.getStates()]
    .filter(([client]) => client !== awareness.clientID)
    .map(([client, state]) => peerOf(client, state))
    .filter((peer) => peer !== null);
}

/** One of each person. @returns {Peer[]} */
export function persons(/** @type {Peer[]} */ peers) {
  return [...new Map(peers.map((peer) => [peer.key, peer])).values()];
}
