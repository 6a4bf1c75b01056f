// Other people's programs, started for one journey: on loopback, in a directory of their own, and stopped by the pid they were started
// with.

import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** Prometheus writes its journal before it ends. */
const STOP_MS = 20_000;
/** Enough of a log to see why a program ended. */
const LAST_LINES = 20;

/** How a program ended. */
export interface Outcome {
  code: number | null;
  printed: string;
  logged: string;
}

/** What a program is started with. Nothing of our own environment but what it takes to find programs. */
export interface Start {
  cwd?: string;
  env?: Record<string, string>;
}

export class Program {
  private readonly name: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private printed = '';
  private logged = '';

  constructor(file: string, args: string[], { cwd, env }: Start = {}) {
    this.name = file;
    const environment = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env };
    this.child = spawn(file, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.logged += text));
    this.ended = new Promise((ended) => {
      this.child.on('close', () => ended());
      this.child.on('error', (error: Error) => {
        this.logged += error.message;
        ended();
      });
    });
  }

  /** Waits until it ends by itself. One that does not is ended, and that is a failure. */
  async outcome(ms: number): Promise<Outcome> {
    if (await this.isOverWithin(ms)) return { code: this.child.exitCode, printed: this.printed, logged: this.logged };
    await this.stop();
    throw new Error(`${this.name} did not end:\n${this.lastLines()}`);
  }

  /** Waits until it answers. */
  async answers(url: string, ms: number): Promise<void> {
    await until(
      async () => {
        if (this.hasEnded()) throw new Error(`${this.name} ended:\n${this.lastLines()}`);
        return isOk(url);
      },
      ms,
      () => `${this.name} does not answer at ${url}:\n${this.lastLines()}`,
    );
  }

  /** Asks it to end, and makes sure. */
  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    this.child.kill('SIGTERM');
    if (await this.isOverWithin(STOP_MS)) return;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** What it logged last. */
  lastLines(): string {
    return this.logged.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  private hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async isOverWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((wake) => (timer = setTimeout(() => wake(false), ms)));
    const isOver = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    return isOver;
  }
}

/** Asks again and again, for at most `ms`. */
export async function until(isSo: () => Promise<boolean>, ms: number, complaint: () => string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(complaint());
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const { port } = listener.address() as AddressInfo;
  await new Promise((closed) => listener.close(closed));
  return port;
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
