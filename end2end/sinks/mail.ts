// A mail server of the kind that stands beside a server as its relay: it takes mails in the clear and for nobody in particular.
//
// The dialogue is that of RFC 5321, in its order; what a strict server would refuse is refused, and is a complaint besides. It offers AUTH,
// so that a client which would send its password in the clear is seen.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { find, read, text, type Part } from './mime';

/** With the line break. */
const LONGEST_LINE = 1_000;

/** One transaction. */
export interface Mail {
  from: string;
  to: string[];
  whole: Part;
}

export class MailServer {
  readonly complaints: string[] = [];
  readonly mails: Mail[] = [];
  private readonly sockets = new Set<Socket>();
  private server!: Server;

  static async open(): Promise<MailServer> {
    const post = new MailServer();
    post.server = createServer((socket) => post.talk(socket));
    await new Promise<void>((listening) => post.server.listen(0, '127.0.0.1', listening));
    return post;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((ended) => this.server.close(ended));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** What came for an address, in order. */
  for(address: string): Mail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }

  private talk(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // Whoever hangs up early ends only their own dialogue.
    socket.on('error', () => socket.destroy());
    const dialogue = new Dialogue(
      (mail) => this.mails.push(mail),
      (complaint) => this.complaints.push(complaint),
    );
    let waiting = '';
    socket.setEncoding('latin1');
    socket.write('220 relay.kura.example ESMTP\r\n');
    socket.on('data', (chunk: string) => {
      const lines = (waiting + chunk).split('\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) {
        const answer = dialogue.hear(line);
        if (answer !== undefined) socket.write(`${answer}\r\n`);
        if (answer?.startsWith('221')) socket.end();
      }
    });
  }
}

/** Where one dialogue stands. */
class Dialogue {
  private readonly take: (mail: Mail) => void;
  private readonly complain: (complaint: string) => void;
  private isGreeted = false;
  private from: string | undefined;
  private to: string[] = [];
  private data: string[] | undefined;

  constructor(take: (mail: Mail) => void, complain: (complaint: string) => void) {
    this.take = take;
    this.complain = complain;
  }

  /** One line without its line feed; the answer, if one is due. */
  hear(raw: string): string | undefined {
    if (!raw.endsWith('\r')) this.complain(`a line ends without a carriage return: ${raw.slice(0, 80)}`);
    if (raw.length + 1 > LONGEST_LINE) this.complain(`a line has ${raw.length + 1} bytes`);
    const line = raw.replace(/\r$/, '');
    return this.data === undefined ? this.command(line) : this.content(line, this.data);
  }

  private command(line: string): string {
    const [verb] = line.split(' ');
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return this.greet(line);
      case 'MAIL':
        return this.sender(line);
      case 'RCPT':
        return this.recipient(line);
      case 'DATA':
        return this.begin();
      case 'RSET':
        this.reset();
        return '250 as you were';
      case 'NOOP':
        return '250 still here';
      case 'QUIT':
        return '221 until next time';
      case 'AUTH':
        return this.no('538 a password travels encrypted or not at all', line.split(' ').slice(0, 2).join(' '));
      default:
        return this.no('500 there is no such command', line);
    }
  }

  private no(answer: string, line: string): string {
    this.complain(`${answer}: ${line}`);
    return answer;
  }

  private greet(line: string): string {
    if (!/^EHLO [\w.[\]:-]+$/i.test(line)) return this.no('501 say who you are', line);
    this.isGreeted = true;
    this.reset();
    return '250-relay.kura.example\r\n250-8BITMIME\r\n250-SIZE 10485760\r\n250 AUTH PLAIN LOGIN';
  }

  private sender(line: string): string {
    const [, from] = line.match(/^MAIL FROM:<([^<>\s]*)>( \S+)*$/i) ?? [];
    if (from === undefined) return this.no('501 expected MAIL FROM:<address>', line);
    if (!this.isGreeted || this.from !== undefined) return this.no('503 not now', line);
    this.from = from;
    return '250 go on';
  }

  private recipient(line: string): string {
    const [, to] = line.match(/^RCPT TO:<([^<>\s]+@[^<>\s]+)>( \S+)*$/i) ?? [];
    if (to === undefined) return this.no('501 expected RCPT TO:<address>', line);
    if (this.from === undefined) return this.no('503 from whom?', line);
    this.to.push(to);
    return '250 go on';
  }

  private begin(): string {
    if (this.to.length === 0) return this.no('503 for whom?', 'DATA');
    this.data = [];
    return '354 until a line with a dot alone';
  }

  private content(line: string, data: string[]): string | undefined {
    if (line !== '.') {
      data.push(line.startsWith('.') ? line.slice(1) : line);
      return undefined;
    }
    const answer = this.deliver(data.join('\r\n'));
    this.reset();
    return answer;
  }

  private deliver(mail: string): string {
    try {
      this.take({ from: this.from ?? '', to: this.to, whole: read(mail) });
      return '250 taken';
    } catch (error) {
      return this.no('554 this is no mail', String(error));
    }
  }

  private reset(): void {
    this.from = undefined;
    this.to = [];
    this.data = undefined;
  }
}

/** A header as its reader sees it; empty where there is none. */
export function header(mail: Mail, name: string): string {
  return mail.whole.headers.get(name) ?? '';
}

/** The text of a mail: for who reads text (`text/plain`), or as a page (`text/html`). */
export function textOf(mail: Mail, type: 'text/plain' | 'text/html'): string {
  const part = find(mail.whole, type);
  return part ? text(part) : '';
}

/** The address in a mail by which its alert is acknowledged. */
export function linkIn(mail: Mail): string {
  return textOf(mail, 'text/plain').match(/^引き受ける: (http\S+\/ack\/\S+)$/m)?.[1] ?? '';
}
