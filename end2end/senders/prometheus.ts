// Debian's node_exporter, and Debian's Prometheus that scrapes it and writes to a house.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { House } from '../house';
import { Program, freePort } from './program';
import { Reader } from './reader';

/** Both open their port within a second on an idle machine. */
const START_MS = 30_000;

/** This machine's figures, at an address. */
export interface Exporter {
  program: Program;
  address: string;
}

export async function startNodeExporter(): Promise<Exporter> {
  const address = `127.0.0.1:${await freePort()}`;
  const program = new Program('prometheus-node-exporter', [`--web.listen-address=${address}`]);
  await program.answers(`http://${address}/metrics`, START_MS);
  return { program, address };
}

/** A Prometheus, and how one asks it. */
export interface Prometheus {
  program: Program;
  reader: Reader;
}

/** Scrapes `target` every second, and writes all of it to `house`. Its files are in `dir`. */
export async function startPrometheus(dir: string, target: string, house: House, token: string): Promise<Prometheus> {
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(join(dir, 'token'), token, { mode: 0o600 });
  await writeFile(join(dir, 'prometheus.yml'), configuration(target, house));
  const program = new Program(
    'prometheus',
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=${address}`,
      // Debian's has neither templates nor scripts where it looks for them by itself; nobody opens its screens here.
      '--web.console.templates=none',
      '--web.console.libraries=none',
    ],
    { cwd: dir },
  );
  await program.answers(`http://${address}/-/ready`, START_MS);
  return { program, reader: new Reader(`http://${address}`) };
}

function configuration(target: string, house: House): string {
  return `
global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['${target}']
remote_write:
  - url: ${house.url}/api/v1/write
    authorization:
      credentials_file: token
    queue_config:
      batch_send_deadline: 500ms
      max_backoff: 1s
`;
}
