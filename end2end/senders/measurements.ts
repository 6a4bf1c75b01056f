// What otel.mjs and otel.py measure, as it must arrive: by OpenTelemetry's rules for names, units and resources in Prometheus.

import { join } from 'node:path';
import type { House } from '../house';
import type { Values } from './reader';
import { Program } from './program';

/** Made by .dev/install.sh from requirements.txt. */
const PYTHON = join(__dirname, '..', '..', 'target', 'dev', 'senders', 'bin', 'python');

/** A program of OpenTelemetry's. */
export interface OtelSender {
  name: string;
  /** Its `service.instance.id`. */
  instance: string;
  /** As its SDK calls its language. */
  language: string;
  command: string[];
  env: Record<string, string>;
}

const gzip = { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' };
const script = (name: string) => join(__dirname, name);

export const otelSenders: OtelSender[] = [
  {
    name: 'Node, in protobuf and compressed',
    instance: 'node-protobuf-1',
    language: 'nodejs',
    command: [process.execPath, script('otel.mjs'), 'protobuf'],
    env: gzip,
  },
  {
    name: 'Node, in JSON and by differences',
    instance: 'node-json-1',
    language: 'nodejs',
    command: [process.execPath, script('otel.mjs'), 'json'],
    env: {},
  },
  {
    name: 'Python, in protobuf and compressed',
    instance: 'python-1',
    language: 'python',
    command: [PYTHON, script('otel.py')],
    env: gzip,
  },
];

/** Starts one that sends to `house`. It is configured as its makers document it: by the environment alone. */
export function startOtel(sender: OtelSender, house: House, token: string): Program {
  const [file = '', ...args] = sender.command;
  return new Program(file, args, {
    env: {
      ...sender.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: house.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${token}`)}`,
      OTEL_SERVICE_NAME: 'checkout',
      OTEL_RESOURCE_ATTRIBUTES: [
        'service.namespace=shop',
        `service.instance.id=${sender.instance}`,
        'deployment.environment=staging',
      ].join(),
    },
  });
}

/** All that `sender` measured, but for the buckets of the exponential histogram: those are up to its SDK. */
export function measured(sender: OtelSender): Values {
  // Labels in order, as Reader writes them.
  const own = (name: string, before: string, after = '') =>
    `${name}{instance="${sender.instance}",job="shop/checkout",${before}otel_scope_name="journey",otel_scope_version="1.0.0"${after}}`;
  const duration = (suffix: string) => own(`http_server_duration_milliseconds_${suffix}`, '', ',route="/a"');
  const bucket = (le: string) => own('http_server_duration_milliseconds_bucket', `le="${le}",`, ',route="/a"');
  return {
    [own('shop_orders_total', '', ',shop="蔵前"')]: 7,
    [own('workers_busy', '')]: 3,
    [own('queue_depth', '')]: 12.5,
    [bucket('10')]: 1,
    [bucket('100')]: 3,
    [bucket('1000')]: 3,
    [bucket('+Inf')]: 4,
    [duration('sum')]: 5105,
    [duration('count')]: 4,
    [own('payload_size_bytes_bucket', 'le="+Inf",')]: 3,
    [own('payload_size_bytes_sum', '')]: 7,
    [own('payload_size_bytes_count', '')]: 3,
  };
}

/** Everything of `sender` but its `target_info` and what `measured` leaves out. */
export function selector(sender: OtelSender): string {
  const all = `{instance="${sender.instance}", __name__!="target_info"}`;
  return `${all} unless payload_size_bytes_bucket{le!="+Inf"}`;
}

/** The labels of its `target_info`, as far as they are ours. */
export function info(sender: OtelSender): Record<string, string> {
  return {
    __name__: 'target_info',
    job: 'shop/checkout',
    instance: sender.instance,
    deployment_environment: 'staging',
    telemetry_sdk_name: 'opentelemetry',
    telemetry_sdk_language: sender.language,
  };
}
