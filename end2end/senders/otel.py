"""A program that measures with OpenTelemetry's SDK for Python and sends by OTLP/HTTP in protobuf, as otel.mjs does with that for Node.

Where to, with which token and as whom stands in the environment. What could not be delivered is logged, to stderr.
"""

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View

reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=60_000)
exponential = View(instrument_name="payload.size", aggregation=ExponentialBucketHistogramAggregation())
# Without a resource of its own it takes what the environment says.
provider = MeterProvider(metric_readers=[reader], views=[exponential])

meter = provider.get_meter("journey", "1.0.0")
orders = meter.create_counter("shop.orders", unit="{order}", description="Orders taken")
busy = meter.create_up_down_counter("workers.busy", unit="{worker}")
depth = meter.create_gauge("queue.depth", unit="{item}")
duration = meter.create_histogram("http.server.duration", unit="ms", explicit_bucket_boundaries_advisory=[10, 100, 1000])
payload = meter.create_histogram("payload.size", unit="By")

orders.add(3, {"shop": "蔵前"})
busy.add(5)
duration.record(5, {"route": "/a"})
payload.record(1)
provider.force_flush()

orders.add(4, {"shop": "蔵前"})
busy.add(-2)
depth.set(12.5)
for ms in (50, 50, 5000):
    duration.record(ms, {"route": "/a"})
for n_bytes in (2, 4):
    payload.record(n_bytes)
provider.force_flush()

provider.shutdown()
print("sent")
