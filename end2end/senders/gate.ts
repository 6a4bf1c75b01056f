// Adds a token to what passes through: Debian's promtool (2.42) asks `instant`, `series` and `labels` without any way to give it one.

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Gate {
  private readonly server: Server;
  readonly url: string;

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Opens one before `target`. */
  static async open(target: string, token: string): Promise<Gate> {
    const server = createServer((asked, answer) => pass(target, token, asked, answer));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Gate(server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

function pass(target: string, token: string, asked: IncomingMessage, answer: ServerResponse): void {
  const headers = { ...asked.headers, host: new URL(target).host, authorization: `Bearer ${token}` };
  const passed = request(new URL(asked.url ?? '/', target), { method: asked.method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  passed.on('error', (error: Error) => {
    answer.writeHead(502);
    answer.end(error.message);
  });
  asked.pipe(passed);
}
