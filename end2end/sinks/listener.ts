// One HTTP server on loopback that stands in for a provider. It can go away and come back at the same port.

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request, read to its end. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An object is answered as JSON. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | object;
}

type Answering = (asked: Asked) => Answer;

export class Listener {
  private readonly answering: Answering;
  private server: Server | undefined;
  private port = 0;

  private constructor(answering: Answering) {
    this.answering = answering;
  }

  static async open(answering: Answering): Promise<Listener> {
    const listener = new Listener(answering);
    await listener.comeBack();
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Cuts every connection; nobody answers at the port any more. */
  async leave(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((ended) => server.close(ended));
    server.closeAllConnections();
    await closed;
  }

  /** Answers again, where it answered before. */
  async comeBack(): Promise<void> {
    const server = createServer((asked, answer) => this.serve(asked, answer));
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(this.port, '127.0.0.1', listening);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private serve(asked: IncomingMessage, answer: ServerResponse): void {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const url = new URL(asked.url ?? '/', this.url);
      const request = { method: asked.method ?? '', path: url.pathname, query: url.searchParams, headers: asked.headers };
      send(answer, this.answering({ ...request, body: Buffer.concat(chunks) }));
    });
  }
}

function send(answer: ServerResponse, { status, headers, body = '' }: Answer): void {
  const isText = typeof body === 'string';
  answer.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  answer.end(isText ? body : JSON.stringify(body));
}

/** A body of JSON; `undefined` for what is none. */
export function json(asked: Asked): any {
  try {
    return JSON.parse(asked.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
