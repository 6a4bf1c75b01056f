/*
 * The keyboard of a phone lies over the screen without making it smaller. How high it stands is told to the style sheet (`--keyboard`), so that
 * the tools stay above it.
 */

/** Less is no keyboard but a bar of the browser. */
const LEAST_PX = 80;

/** @returns {number} */
export function heightOf(/** @type {{ height: number, offsetTop: number, scale: number }} */ seen, /** @type {number} */ whole) {
  const hidden = Math.round(whole - seen.height - seen.offsetTop);
  // Where the reader looks nearer, less is seen for another reason.
  return seen.scale > 1.01 || hidden < LEAST_PX ? 0 : hidden;
}

/** @returns {() => void} ends it */
export function followKeyboard(/** @type {HTMLElement} */ host) {
  const seen = globalThis.visualViewport;
  if (!seen) {
    return () => {};
  }
  const follow = () => host.style.setProperty('--keyboard', `${heightOf(seen, innerHeight)}px`);
  seen.addEventListener('resize', follow);
  seen.addEventListener('scroll', follow);
  follow();
  return () => {
    seen.removeEventListener('resize', follow);
    seen.removeEventListener('scroll', follow);
    host.style.removeProperty('--keyboard');
  };
}
