/*
 * `@hocuspocus/server` as shipped: whole documents, kept two to ten seconds after they changed (`debounce`, `maxDebounce`). Here each goes into
 * a file, written beside it, flushed and moved over it.
 *
 * node hocuspocus.mjs PORT DIRECTORY
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '@hocuspocus/server';
import * as Y from 'yjs';

const [port, directory] = process.argv.slice(2);

const fileOf = (name) => join(directory, `${encodeURIComponent(name)}.yjs`);

function keep(file, bytes) {
  const beside = `${file}.new`, open = openSync(beside, 'w');
  writeSync(open, bytes);
  fsyncSync(open);
  closeSync(open);
  renameSync(beside, file);
}

const server = new Server({
  quiet: true,
  async onLoadDocument({ document, documentName }) {
    const file = fileOf(documentName);
    if (existsSync(file)) {
      Y.applyUpdate(document, readFileSync(file));
    }
  },
  async onStoreDocument({ document, documentName }) {
    keep(fileOf(documentName), Y.encodeStateAsUpdate(document));
  },
});

// Not by its own `listen`, which takes every address of the machine.
server.httpServer.listen(Number(port), '127.0.0.1');
