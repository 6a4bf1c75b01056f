'use strict';
/*
 * Replays a chart's display list on a canvas. The picture is laid out in app/chart; its format stands in
 * app/chart/src/canvas.rs. Colours come from the style sheet and are read once per theme.
 */
(function () {
  var KINDS = ['grid', 'axis', 'tick', 'series', 'heavy', 'area', 'dot', 'past', 'band', 'limit', 'limitword',
    'limitstrong', 'shape', 'pole', 'ink', 'ring', 'word', 'strong', 'cross', 'tag', 'tagword', 'hatch', 'heat', 'bar',
    'state', 'statefine', 'statesev', 'stateword', 'label', 'slice', 'slicerest', 'track', 'arc', 'needle', 'reading',
    'minor', 'note'];
  var LOOKS = {
    grid: { stroke: '--chart-grid' }, axis: { stroke: '--line-3' }, tick: { fill: '--ink-3', size: 11 },
    series: { stroke: '--chart-#', width: 1.5, dash: '--dash-#' }, heavy: { stroke: '--chart-#', width: 2, dash: '--dash-#' },
    area: { fill: '--chart-#', alpha: 0.22 }, dot: { fill: '--chart-#', stroke: '--surface-0', width: 1.5 },
    past: { stroke: '--chart-past', dash: '1.5 2.5' }, band: { fill: '--sev-#-wash' },
    limit: { stroke: '--sev-#-ink', dash: '5 3' }, limitword: { fill: '--sev-#-ink', size: 11 },
    limitstrong: { fill: '--sev-#-ink', size: 12, bold: true }, shape: { fill: '--sev-#-ink' },
    pole: { stroke: '--ink-3', dash: '2 2' }, ink: { stroke: '--ink-1', width: 1.25 },
    ring: { fill: '--surface-0', stroke: '--ink-1', width: 1.75 }, word: { fill: '--ink-1', size: 12 },
    strong: { fill: '--ink-1', size: 12, bold: true }, cross: { stroke: '--accent' }, tag: { fill: '--accent-fill' },
    tagword: { fill: '--on-accent', size: 11, bold: true }, hatch: { stroke: '--line-3' },
    heat: { fill: '--heat-#' }, bar: { fill: '--chart-#' }, state: { fill: '--chart-#', alpha: 0.4 },
    statefine: { fill: '--surface-3' }, statesev: { fill: '--sev-#-fill' },
    stateword: { fill: '--sev-#-on', size: 11, bold: true }, label: { fill: '--ink-1', size: 11 },
    slice: { fill: '--chart-#', stroke: '--surface-0', width: 1.5 },
    slicerest: { fill: '--surface-3', stroke: '--surface-0', width: 1.5 }, track: { fill: '--surface-3' },
    arc: { fill: '--sev-#-fill' }, needle: { stroke: '--ink-1', width: 2 },
    reading: { fill: '--ink-1', size: 24, bold: true }, minor: { stroke: '--chart-minor' }, note: {}
  };
  var ANCHORS = ['start', 'center', 'end'];
  var cached = { key: null, palette: null };

  function matches(query) { return window.matchMedia(query).matches; }

  /* A custom property may hold light-dark(): only a computed colour is a colour. */
  function colour(canvas, name) {
    canvas.style.color = 'var(' + name + ')';
    return getComputedStyle(canvas).color;
  }

  function dashes(text) { return (text.match(/[\d.]+/g) || []).map(Number); }

  /* Every role's look, as `kind * 16 + argument`. */
  function palette(canvas) {
    var root = document.documentElement;
    var key = [root.getAttribute('data-theme'), matches('(prefers-color-scheme: dark)'), matches('(forced-colors: active)')].join();
    if (cached.key === key) { return cached.palette; }
    var computed = getComputedStyle(root);
    var made = { font: getComputedStyle(canvas).fontFamily, looks: [] };
    KINDS.forEach(function (kind, code) {
      var look = LOOKS[kind];
      for (var n = 0; n <= 8; n += 1) {
        var name = function (text) { return text.replace('#', n); };
        var dash = look.dash || '';
        made.looks[code * 16 + n] = {
          fill: look.fill ? colour(canvas, name(look.fill)) : '', stroke: look.stroke ? colour(canvas, name(look.stroke)) : '',
          width: look.width || 1, alpha: look.alpha || 1, size: look.size || 11, bold: look.bold === true,
          dash: dashes(dash.charAt(0) === '-' ? computed.getPropertyValue(name(dash)) : dash)
        };
        if ((look.fill || '').indexOf('#') < 0 && (look.stroke || '').indexOf('#') < 0) { n = 9; }
      }
    });
    canvas.style.color = '';
    cached = { key: key, palette: made };
    return made;
  }

  function ink(context, look) {
    if (look.fill) { context.globalAlpha = look.alpha; context.fillStyle = look.fill; context.fill(); context.globalAlpha = 1; }
    if (look.stroke) { context.strokeStyle = look.stroke; context.lineWidth = look.width; context.setLineDash(look.dash); context.stroke(); }
  }

  /* Lines of one look that follow each other are one stroke: a grid or the runs of a series cost one call. Returns what comes next. */
  function lines(context, ops, at, role) {
    while (at < ops.length && ops[at] === 1 && ops[at + 1] * 16 + ops[at + 2] === role) {
      var end = at + 4 + ops[at + 3] * 2;
      context.moveTo(ops[at + 4], ops[at + 5]);
      for (at += 6; at < end; at += 2) { context.lineTo(ops[at], ops[at + 1]); }
      at = end;
    }
    return at;
  }

  function outline(context, ops, at) {
    var end = at + 4 + ops[at + 3] * 2;
    for (at += 4; at < end; at += 2) { context.lineTo(ops[at], ops[at + 1]); }
    context.closePath();
    return end;
  }

  function paint(canvas, ops, text, cssWidth, cssHeight, dpr, given) {
    var colours = given || palette(canvas);
    var width = Math.round(cssWidth * dpr), height = Math.round(cssHeight * dpr);
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    var context = canvas.getContext('2d');
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    context.clearRect(0, 0, cssWidth, cssHeight);
    context.lineJoin = 'round';
    context.textBaseline = 'alphabetic';
    var at = 0, letter = 0, font = '', anchor = -1;
    while (at < ops.length) {
      var opcode = ops[at], role = ops[at + 1] * 16 + ops[at + 2];
      var look = colours.looks[role] || colours.looks[ops[at + 1] * 16];
      if (opcode === 5) {
        var next = letter + ops[at + 6], wanted = (look.bold ? '700 ' : '400 ') + look.size + 'px ' + colours.font;
        /* A font is dear to set, even to what it is. */
        if (wanted !== font) { font = wanted; context.font = font; }
        if (ops[at + 5] !== anchor) { anchor = ops[at + 5]; context.textAlign = ANCHORS[anchor]; }
        context.fillStyle = look.fill;
        context.fillText(text.slice(letter, next), ops[at + 3], ops[at + 4]);
        letter = next;
        at += 7;
        continue;
      }
      context.beginPath();
      if (opcode === 1) {
        at = lines(context, ops, at, role);
      } else if (opcode === 2) {
        at = outline(context, ops, at);
      } else if (opcode === 3) {
        context.rect(ops[at + 3], ops[at + 4], ops[at + 5], ops[at + 6]);
        at += 7;
      } else {
        context.arc(ops[at + 3], ops[at + 4], ops[at + 5], 0, 2 * Math.PI);
        at += 6;
      }
      ink(context, look);
    }
  }

  /* What is painted keeps its colours; so whoever painted is told when they change. */
  ['(prefers-color-scheme: dark)', '(forced-colors: active)'].forEach(function (query) {
    window.matchMedia(query).addEventListener('change', function () { window.dispatchEvent(new Event('mimamori-theme')); });
  });

  /* Whether anything may move by itself: not where nobody looks, and not for who asked for stillness. */
  function moves() { return !document.hidden && !matches('(prefers-reduced-motion: reduce)'); }

  window.mimamoriChart = { paint: paint, palette: palette, moves: moves };
}());
