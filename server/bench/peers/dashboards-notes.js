'use strict';
/*
 * What a document notes of itself while `dashboards.mjs` looks at it: paints, shifts, interactions, moves of the pointer, streams. Put
 * into it before its own scripts run; they don't notice.
 */
(() => {
  const noted = { lcp: [], shifts: [], events: [], moves: [], streams: [], n_ticks: 0, pulses: [] };
  const PULSE = '[data-figure="pulse"]', LAST = 'td.legend__last';
  let chart, shown = NaN, isMoving = false;

  function observe(type, take, options) {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  }

  function interacted(entry) {
    if (entry.interactionId) { noted.events.push({ id: entry.interactionId, ms: entry.duration, what: entry.name }); }
  }

  observe('largest-contentful-paint', (entry) => noted.lcp.push(entry.startTime));
  observe('layout-shift', (entry) => {
    if (!entry.hadRecentInput) { noted.shifts.push({ at_ms: entry.startTime, value: entry.value }); }
  });
  observe('event', interacted, { durationThreshold: 16 });
  observe('first-input', interacted);

  /* A move of the pointer is no interaction to the browser. Ours are timed until the frame is drawn that answers it: the message comes
     after all that the frame does. */
  addEventListener('pointermove', (event) => {
    if (isMoving || !event.target.closest || !event.target.closest('.chart-figure__stage')) { return; }
    isMoving = true;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => { isMoving = false; noted.moves.push(performance.now() - event.timeStamp); };
      after.port2.postMessage(0);
    });
  }, { capture: true, passive: true });

  /* Legend and picture follow the same data, the legend at once and the picture in the next frame. So the first picture that is painted
     after the legend said a value has it, and with the frame after that one it is seen. `Date` is the clock that the bench reads too. */
  function painted(canvas) {
    if (!canvas.classList.contains('chart-figure__canvas')) { return; }
    const last = canvas.closest(PULSE)?.querySelector(LAST);
    const value = last ? Number(last.textContent) : NaN;
    if (Number.isNaN(value) || value === shown) { return; }
    shown = value;
    requestAnimationFrame(() => noted.pulses.push({ value, at_ms: Date.now() }));
  }

  Object.defineProperty(window, 'mimamoriChart', {
    configurable: true,
    get: () => chart,
    set: (made) => {
      chart = { ...made, paint: (canvas, ...rest) => { made.paint(canvas, ...rest); painted(canvas); } };
    },
  });

  window.EventSource = class extends EventSource {
    constructor(...given) {
      super(...given);
      noted.streams.push(this);
      this.addEventListener('board', () => { noted.n_ticks += 1; });
    }
  };
  window.noted = noted;
})();
