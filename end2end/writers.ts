// Programs of others at a document: y-websocket as its authors ship it, the server of its authors, and a bare socket that says what it
// likes and listens when it likes. Of the editor's own packages, in its own versions.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { House } from './house';
import type { SignedIn } from './people';

const packaged = createRequire(join(__dirname, '..', 'editor', 'package.json'));
const Y = packaged('yjs');
const WebSocket = packaged('ws');
const { WebsocketProvider } = packaged('y-websocket');
const { docs, setupWSConnection } = packaged('@y/websocket-server/utils');

/** Where documents are written, and as whom. */
export interface Line {
  /** `ws://127.0.0.1:3000/collab` */
  address: string;
  headers: Record<string, string>;
}

/** The text of a document, as far as it is needed here. */
interface Text {
  length: number;
  insert(at: number, typed: string): void;
  delete(at: number, length: number): void;
  toString(): string;
}

/** To a house, as one of those who are signed in there, or as nobody. */
export function lineTo(house: House, who?: SignedIn, origin = house.url): Line {
  const cookies = typeof who === 'object' ? who.cookies.map(({ name, value }) => `${name}=${value}`) : [];
  const headers: Record<string, string> = cookies.length > 0 ? { origin, cookie: cookies.join('; ') } : { origin };
  return { address: `${house.url.replace(/^http/, 'ws')}/collab`, headers };
}

/** y-websocket, unmodified: only the socket brings cookies, which a browser's would bring by itself. */
export class Writer {
  readonly text: Text;
  /** Codes after which it did not come back. */
  readonly ends: number[] = [];
  nBroken = 0;
  private readonly doc;
  private readonly provider;

  constructor({ address, headers }: Line, document: string, number?: number) {
    class Socket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers });
      }
    }
    this.doc = new Y.Doc();
    if (number) this.doc.clientID = number;
    this.text = this.doc.getText('body');
    this.provider = new WebsocketProvider(address, document, this.doc, { WebSocketPolyfill: Socket, disableBc: true });
    this.provider.on('closed', ({ code }: { code: number }) => this.ends.push(code));
    this.provider.on('connection-close', () => (this.nBroken += 1));
  }

  get number(): number {
    return this.doc.clientID;
  }

  isSynced(): boolean {
    return this.provider.synced;
  }

  /** How far everybody's clock went, by their numbers. */
  clocks(): Record<string, number> {
    return Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(this.doc)));
  }

  says(field: string, value: unknown): void {
    this.provider.awareness.setLocalStateField(field, value);
  }

  /** What somebody else says of themselves. */
  saidBy(number: number): Record<string, unknown> | undefined {
    return this.provider.awareness.getStates().get(number);
  }

  leave(): void {
    this.provider.disconnect();
  }

  comeBack(): void {
    this.provider.connect();
  }

  close(): void {
    if (this.doc.isDestroyed) return;
    this.provider.destroy();
    this.doc.destroy();
  }
}

/** A socket without manners. */
export class Bare {
  readonly heard: Buffer[] = [];
  /** How it was closed. */
  code: number | undefined;
  /** What it was answered with instead of being opened. */
  status: number | undefined;
  private readonly socket;

  constructor({ address, headers }: Line, document: string) {
    this.socket = new WebSocket(`${address}/${document}`, { headers });
    this.socket.on('message', (data: Buffer) => this.heard.push(Buffer.from(data)));
    this.socket.on('close', (code: number) => (this.code = code));
    this.socket.on('unexpected-response', (request: { destroy(): void }, response: { statusCode: number }) => {
      this.status = response.statusCode;
      request.destroy();
    });
    // Whatever breaks ends with a close.
    this.socket.on('error', () => undefined);
  }

  send(frame: Uint8Array | string): void {
    this.socket.send(frame);
  }

  stopListening(): void {
    this.socket.pause();
  }

  listenAgain(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.terminate();
  }
}

/** What an editor sends that types this into a new text. */
export function changeOf(typed: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, typed);
  return framed([0, 2], Y.encodeStateAsUpdate(doc));
}

/** A message: its kind, and a buffer behind its length. */
export function framed(kind: number[], payload: Uint8Array): Uint8Array {
  const bytes = [...kind];
  let { length } = payload;
  for (; length >= 0x80; length = Math.floor(length / 0x80)) bytes.push((length & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.from([...bytes, length]), payload]);
}

/** The y-websocket server of its authors, in memory, on loopback. */
export class TheirServer {
  private constructor(
    readonly line: Line,
    private readonly server: ReturnType<typeof createServer>,
    private readonly sockets: { clients: Set<{ terminate(): void }> },
  ) {}

  static async open(): Promise<TheirServer> {
    const server = createServer();
    const sockets = new WebSocket.WebSocketServer({ server });
    sockets.on('connection', setupWSConnection);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new TheirServer({ address: `ws://127.0.0.1:${port}`, headers: {} }, server, sockets);
  }

  async close(): Promise<void> {
    this.sockets.clients.forEach((client) => client.terminate());
    this.server.close();
    await once(this.server, 'close');
    docs.forEach((doc: { destroy(): void }) => doc.destroy());
    docs.clear();
  }
}
