// A house: one real server of its own, on a free port of loopback, with its own data and its own database.
//
// Nothing in it is pretended: it is the built binary, the metrics are those of this machine, and rules are applied with
// `mimamori apply`. A house can be restarted and killed, and leaves nothing behind.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const REPOSITORY = resolve(__dirname, '..');
const TARGET = process.env.CARGO_TARGET_DIR ?? join(REPOSITORY, 'target');
const BINARY = process.env.MIMAMORI_BIN ?? join(TARGET, 'debug', 'mimamori');
const SITE = process.env.LEPTOS_SITE_ROOT ?? join(REPOSITORY, 'target', 'site');

/** A first start makes a database cluster; after a kill, Postgres recovers first. */
const START_MS = 60_000;
/** The server gives open requests 10 s and its workers as long again. */
const STOP_MS = 30_000;
/** Enough of a log to see why the last request was answered with 500. */
const LAST_LINES = 40;

/** Its own Postgres, or a database in the one of DATABASE_URL (its own, too, where there is none). */
export type Database = 'embedded' | 'given';

export class House {
  /** Those that are open: when a journey fails, each says what its server logged. */
  static readonly standing = new Set<House>();
  /** How this machine is called in the console. */
  readonly host = 'kura-01';
  readonly url: string;
  private readonly dir: string;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly databaseName: string | undefined;
  private server: ChildProcess | undefined;
  private printed = '';
  private logged = '';

  private constructor(dir: string, port: number, database: { name: string; url: string } | undefined, settings: Record<string, string>) {
    this.dir = dir;
    this.url = `http://127.0.0.1:${port}`;
    this.databaseName = database?.name;
    this.environment = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      MIMAMORI_PG_BIN: process.env.MIMAMORI_PG_BIN,
      MIMAMORI_LISTEN: `127.0.0.1:${port}`,
      MIMAMORI_DATA_DIR: join(dir, 'data'),
      MIMAMORI_HOST_NAME: this.host,
      LEPTOS_SITE_ROOT: SITE,
      DATABASE_URL: database?.url,
      ...settings,
    };
  }

  /** Builds a house and starts it; `settings` are more of its environment. */
  static async open(database: Database, settings: Record<string, string> = {}): Promise<House> {
    const dir = await mkdtemp(join(tmpdir(), 'mimamori-house-'));
    // When the tests run as root, Postgres runs as another user and has to pass through here.
    await chmod(dir, 0o711);
    const house = new House(dir, await freePort(), database === 'given' ? await newDatabase() : undefined, settings);
    try {
      await house.start();
    } catch (error) {
      await house.close();
      throw error;
    }
    House.standing.add(house);
    return house;
  }

  /** Starts the server and waits until it is ready. */
  async start(): Promise<void> {
    // In its own directory, so that no mimamori.toml of this checkout is read.
    const server = spawn(BINARY, ['serve'], { cwd: this.dir, env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    server.stdout?.on('data', (chunk: Buffer) => (this.printed += chunk));
    server.stderr?.on('data', (chunk: Buffer) => (this.logged += chunk));
    server.on('error', (error: Error) => (this.logged += error.message));
    this.server = server;
    const isReady = async () => {
      if (!server.pid || hasEnded(server)) throw new Error(`the server ended while it started:\n${this.lastLines()}`);
      return isOk(`${this.url}/readyz`);
    };
    await until(isReady, START_MS, () => `the server did not become ready:\n${this.lastLines()}`);
  }

  /** The one-time link, as the server printed it. */
  async setUpLink(): Promise<string> {
    const link = () => this.printed.match(/http\S+\/set-up\?code=\S+/)?.[0];
    await until(async () => link() !== undefined, 5_000, () => `no set-up link was printed:\n${this.printed}`);
    return link() ?? '';
  }

  /** Puts rules in force, replacing those before: one YAML text for each file. */
  async apply(...files: string[]): Promise<void> {
    const rules = join(this.dir, 'rules');
    await rm(rules, { recursive: true, force: true });
    await mkdir(rules);
    await Promise.all(files.map((text, index) => writeFile(join(rules, `${index}.yaml`), text)));
    await execute(BINARY, ['apply', rules], { cwd: this.dir, env: this.environment });
  }

  /** Does `mimamori …` beside the server and returns what it printed; relative paths are below the house's own directory. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await execute(BINARY, args, { cwd: this.dir, env: this.environment, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  }

  /** Asks the server to stop, and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the server and removes everything of the house. */
  async close(): Promise<void> {
    House.standing.delete(this);
    try {
      await this.stop();
    } finally {
      await this.kill();
      if (this.databaseName) await askPostgres(`drop database if exists ${this.databaseName} with (force)`);
      await rm(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    }
  }

  private async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.server;
    if (!server?.pid || hasEnded(server)) return;
    server.kill(signal);
    await until(async () => hasEnded(server), STOP_MS, () => `the server did not stop:\n${this.lastLines()}`);
  }

  /** What the server logged last. */
  lastLines(): string {
    return this.logged.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** Asks again and again, for at most `ms`. */
async function until(isSo: () => Promise<boolean>, ms: number, complaint: () => string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(complaint());
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const { port } = listener.address() as AddressInfo;
  await new Promise((closed) => listener.close(closed));
  return port;
}

async function newDatabase(): Promise<{ name: string; url: string } | undefined> {
  if (!process.env.DATABASE_URL) return undefined;
  const name = `journey_${randomBytes(6).toString('hex')}`;
  await askPostgres(`create database ${name}`);
  const url = new URL(process.env.DATABASE_URL);
  url.pathname = `/${name}`;
  return { name, url: url.toString() };
}

async function askPostgres(statement: string): Promise<void> {
  await execute('psql', ['--no-psqlrc', '--quiet', '--command', statement, process.env.DATABASE_URL ?? '']);
}
