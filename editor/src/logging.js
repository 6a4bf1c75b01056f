/*
 * Stands in for `lib0/logging` (see build.mjs): Yjs prints through it only in helpers for developers, and warns. The original colours its
 * output and brings half a library along.
 */
export const BOLD = '', UNBOLD = '', BLUE = '', GREY = '', GREEN = '', RED = '', PURPLE = '', ORANGE = '', UNCOLOR = '';

export function print(/** @type {unknown[]} */ ...said) { globalThis.console.log(...said); }

export function warn(/** @type {unknown[]} */ ...said) { globalThis.console.warn(...said); }
