// A program that measures with OpenTelemetry's SDK for Node and sends by OTLP/HTTP. Where to, with which token and as whom stands in
// the environment, as with every such program; the argument says in which form: protobuf or json.
//
// otel.py measures the same with the SDK for Python, and measurements.ts says what must arrive.

import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api';
import { AggregationTemporalityPreference, OTLPMetricExporter as Json } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as Protobuf } from '@opentelemetry/exporter-metrics-otlp-proto';
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

// What could not be delivered, wholly or in part, is said here and nowhere else.
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

const form = process.argv[2];
// The one sends differences, so that both temporalities come by.
const exporter =
  form === 'json' ? new Json({ temporalityPreference: AggregationTemporalityPreference.DELTA }) : new Protobuf();
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
const provider = new MeterProvider({
  resource: defaultResource().merge(detectResources({ detectors: [envDetector] })),
  readers: [reader],
  views: [{ instrumentName: 'payload.size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
});

const meter = provider.getMeter('journey', '1.0.0');
const orders = meter.createCounter('shop.orders', { unit: '{order}', description: 'Orders taken' });
const busy = meter.createUpDownCounter('workers.busy', { unit: '{worker}' });
const depth = meter.createGauge('queue.depth', { unit: '{item}' });
const duration = meter.createHistogram('http.server.duration', {
  unit: 'ms',
  advice: { explicitBucketBoundaries: [10, 100, 1000] },
});
const payload = meter.createHistogram('payload.size', { unit: 'By' });

orders.add(3, { shop: '蔵前' });
busy.add(5);
duration.record(5, { route: '/a' });
payload.record(1);
await provider.forceFlush();

orders.add(4, { shop: '蔵前' });
busy.add(-2);
depth.record(12.5);
for (const ms of [50, 50, 5000]) duration.record(ms, { route: '/a' });
for (const bytes of [2, 4]) payload.record(bytes);
await provider.forceFlush();

await provider.shutdown();
console.log('sent');
