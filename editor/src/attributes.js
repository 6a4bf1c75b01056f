/* What the screen says about the editor it wants, read once from its element. */

/**
 * @typedef {object} Wanted
 * @property {string} room        the document's uuid
 * @property {string} server      where the socket is, without the room
 * @property {boolean} readOnly
 * @property {'ja' | 'en'} locale
 * @property {string} name        who writes, as others see it
 * @property {number} colour      1 to 8, one of the series' colours
 * @property {string} account     whose copy is kept offline; empty keeps none
 * @property {string} back        where the document is read
 * @property {string} preview     where its text is rendered; empty has no preview
 * @property {string} incident    what directives name, such as `I-42`; empty: the document is about none
 * @property {string} signIn      where one signs in
 * @property {string} label       what the text is called when it is read aloud
 */

const N_COLOURS = 8;

/** A number of a colour that the sheet knows, whatever was written. */
export function colourOf(/** @type {unknown} */ given) {
  const number = Math.trunc(Number(given)) || 0;
  return ((((number - 1) % N_COLOURS) + N_COLOURS) % N_COLOURS) + 1;
}

function socketOf(/** @type {Location} */ place) {
  return `${place.protocol === 'https:' ? 'wss:' : 'ws:'}//${place.host}/collab`;
}

/** @returns {Wanted} */
export function wantedBy(/** @type {HTMLElement} */ host) {
  const { room, readOnly, locale, name, colour, account, back, preview, incident, signIn, label } = host.dataset;
  return {
    room: room ?? '',
    server: socketOf(location),
    readOnly: readOnly !== undefined && readOnly !== 'false',
    locale: locale === 'en' ? 'en' : 'ja',
    name: name ?? '',
    colour: colourOf(colour),
    account: account ?? '',
    back: back ?? '',
    preview: preview ?? '',
    incident: incident ?? '',
    signIn: signIn ?? '/sign-in',
    label: label ?? document.title,
  };
}
