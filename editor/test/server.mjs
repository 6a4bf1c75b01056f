/*
 * The peer of the tests: the y-websocket server of its authors, and in front of it what ours adds: the probe that comes back (message 102),
 * closing with a code, and being silent.
 */
import http from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { docs, setupWSConnection } from '@y/websocket-server/utils';

const PROBE = 102;

/** @param {(request: http.IncomingMessage, response: http.ServerResponse) => void} [answer] */
export async function serve(answer = (_request, response) => response.end('ok')) {
  const rules = { echoes: true, refusesWith: 0, isDeaf: false };
  /** @type {{ at: number, type: number, kind: number, size: number }[]} */
  const heard = [];
  const sockets = new WebSocketServer({ noServer: true });
  const server = http.createServer(answer);
  server.on('upgrade', (request, socket, head) => {
    if (rules.isDeaf) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      if (rules.refusesWith) {
        connection.close(rules.refusesWith);
        return;
      }
      connection.on('message', (data) => {
        const frame = new Uint8Array(/** @type {any} */ (data));
        heard.push({ at: Date.now(), type: frame[0], kind: frame[1], size: frame.length });
        if (frame[0] === PROBE && rules.echoes) {
          connection.send(frame);
        }
      });
      setupWSConnection(connection, request, { docName: (request.url ?? '').split('/').pop() });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    rules, heard, port,
    address: `ws://127.0.0.1:${port}/collab`,
    text: (/** @type {string} */ room) => docs.get(room)?.getText('body').toString() ?? '',
    drop: (/** @type {number} */ code = 1012) => sockets.clients.forEach((client) => client.close(code)),
    cut: () => sockets.clients.forEach((client) => client.terminate()),
    close: async () => {
      sockets.clients.forEach((client) => client.terminate());
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      docs.forEach((doc) => doc.destroy());
      docs.clear();
    },
  };
}

/** Waits until something is true, and fails loudly when it does not become so. */
export async function until(/** @type {() => unknown} */ isSo, /** @type {string} */ what, limitMs = 10_000) {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) {
      throw new Error(`waited ${limitMs} ms for: ${what}`);
    }
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Numbers that are the same in every run (mulberry32). */
export function random(/** @type {number} */ seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  return { below: (/** @type {number} */ limit) => Math.floor(next() * limit), pick: (/** @type {any[]} */ from) => from[Math.floor(next() * from.length)] };
}
