#!/usr/bin/env python3
"""Writes the corpus again: `python3 server/metrics/fuzz/corpus.py`. It needs nothing but Python.

What stands here is written by hand from the descriptions of the formats, not by the code that is fuzzed. Files that it does not name
stay: `sdk-*` are bodies of OpenTelemetry's own SDKs, and what a fuzzer finds is kept beside them.
"""

import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"
NOW_MS = 1_795_338_851_470
NOW_NS = NOW_MS * 1_000_000
STALE_NAN = 0x7FF0000000000002


def put(target, files):
    directory = CORPUS / target
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (directory / name).write_bytes(content.encode() if isinstance(content, str) else content)


# ---- Integers


def uvarint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return uvarint((value << 1) ^ (value >> 63))


def double(value):
    return struct.pack("<d", value)


def word(bits):
    return struct.pack("<Q", bits)


# ---- Protobuf


def varint_field(number, value):
    return uvarint(number << 3) + uvarint(value)


def fixed_field(number, eight_bytes):
    return uvarint(number << 3 | 1) + eight_bytes


def field(number, content):
    content = content.encode() if isinstance(content, str) else content
    return uvarint(number << 3 | 2) + uvarint(len(content)) + content


def message(*fields):
    return b"".join(fields)


def snappy(body):
    """A block of literals only, which every reader of snappy takes."""
    out = uvarint(len(body))
    for start in range(0, len(body), 60):
        part = body[start : start + 60]
        out += bytes([(len(part) - 1) << 2]) + part
    return out


# ---- Remote write


def sample(value, at=NOW_MS):
    return message(fixed_field(1, double(value)), varint_field(2, at))


def labels_1(**labels):
    pairs = [("__name__", labels.pop("name")), *sorted(labels.items())]
    return message(*(field(1, message(field(1, name), field(2, value))) for name, value in pairs))


def remote_write_1():
    up = message(labels_1(name="up", job="node", instance="a:1"), field(2, sample(1.0)))
    many = message(labels_1(name="requests_total", path="/蔵前"), *(field(2, sample(n * 0.5, NOW_MS + n)) for n in range(20)))
    gone = message(labels_1(name="gone"), field(2, message(fixed_field(1, word(STALE_NAN)), varint_field(2, NOW_MS))))
    histogram = message(labels_1(name="native"), field(4, message(varint_field(1, 3))))
    exemplar = message(labels_1(name="traced"), field(2, sample(2.0)), field(3, message(fixed_field(2, double(1.0)))))
    before = message(field(2, sample(-1.0, -5)), labels_1(name="samples_first"))
    metadata = message(varint_field(1, 1), field(2, "up"), field(4, "Whether it answers"), field(5, "1"))
    whole = message(*(field(1, series) for series in (up, many, gone, histogram, exemplar, before)), field(3, metadata))
    put(
        "remote_write_1",
        {
            "one": field(1, up),
            "whole": whole,
            "compressed": snappy(whole),
            "empty": b"",
            "unknown-fields": message(varint_field(9, 1), uvarint(10 << 3 | 5) + b"abcd", field(1, up)),
            "bad-series-is-a-number": varint_field(1, 7),
            "bad-group": uvarint(2 << 3 | 3),
            "bad-length": uvarint(1 << 3 | 2) + uvarint(1 << 40),
        },
    )


def remote_write_2():
    symbols = ["", "__name__", "up", "job", "node", "Whether it answers", "seconds", "latency_bucket", "le", "+Inf"]
    table = message(*(field(4, symbol) for symbol in symbols))

    def refs(*numbers):
        return field(1, message(*(uvarint(number) for number in numbers)))

    told = field(5, message(varint_field(1, 2), varint_field(3, 5), varint_field(4, 6)))
    up = message(refs(1, 2, 3, 4), field(2, sample(1.0)), told)
    bucket = message(refs(1, 7, 8, 9), *(field(2, sample(n, NOW_MS + n)) for n in range(5)), field(5, varint_field(1, 3)))
    one_by_one = message(varint_field(1, 1), varint_field(1, 2), field(2, sample(3.0)))
    started = message(refs(1, 2), field(2, message(sample(1.0), varint_field(3, NOW_MS - 1_000))))
    histogram = message(refs(1, 2), field(3, varint_field(1, 1)))
    mixed = message(refs(1, 2), field(2, sample(1.0)), field(3, varint_field(1, 1)))
    bare = refs(1, 2)
    odd = message(refs(1, 2, 3), field(2, sample(1.0)))
    beyond = message(refs(1, 200), field(2, sample(1.0)))
    series = (up, bucket, one_by_one, started, histogram, mixed, bare, odd, beyond)
    whole = message(table, *(field(5, one) for one in series))
    put(
        "remote_write_2",
        {
            "one": message(table, field(5, up)),
            "whole": whole,
            "symbols-last": message(field(5, up), table),
            "compressed": snappy(whole),
            "bad-first-symbol": field(4, "x"),
            "bad-symbol-is-a-number": varint_field(4, 1),
        },
    )


# ---- OpenTelemetry


def text_value(text):
    return field(1, text)


def attribute(number, key, value):
    return field(number, message(field(1, key), field(2, value)))


def otlp(*metrics):
    nested = field(5, message(field(1, text_value("a")), field(1, varint_field(3, 7))))
    mapped = field(6, field(1, message(field(1, "k"), field(2, varint_field(2, 1)))))
    resource = message(
        attribute(1, "service.name", text_value("checkout")),
        attribute(1, "service.instance.id", text_value("a-1")),
        attribute(1, "list", nested),
        attribute(1, "map", mapped),
        attribute(1, "bytes", field(7, b"\x01\x02")),
        attribute(1, "ratio", fixed_field(4, double(0.5))),
    )
    scope = message(field(1, "journey"), field(2, "1.0.0"), attribute(3, "a.b", text_value("c")))
    scope_metrics = message(field(1, scope), *(field(2, metric) for metric in metrics), field(3, "https://example.jp/schema"))
    return field(1, message(field(1, resource), field(2, scope_metrics)))


def otlp_protobuf():
    times = message(fixed_field(2, word(NOW_NS - 10**9)), fixed_field(3, word(NOW_NS)))
    route = attribute(7, "route", text_value("/a"))
    number = message(times, route, fixed_field(4, double(12.5)))
    integer = message(times, fixed_field(6, word(7)))
    stale = message(times, varint_field(8, 1))
    gauge = message(field(1, "queue.depth"), field(3, "{item}"), field(5, message(field(1, number), field(1, stale))))

    def counter(temporality):
        return message(
            field(1, "shop.orders"), field(2, "Orders taken"), field(3, "1"),
            field(7, message(field(1, integer), varint_field(2, temporality), varint_field(3, 1))),
        )

    bounds = b"".join(double(bound) for bound in (10, 100, 1_000))
    counts = b"".join(word(count) for count in (1, 2, 0, 1))
    point = message(
        times, fixed_field(4, word(4)), fixed_field(5, double(5_105)), field(6, counts), field(7, bounds),
        attribute(9, "route", text_value("/a")),
    )
    histogram = message(field(1, "http.duration"), field(3, "ms"), field(9, message(field(1, point), varint_field(2, 2))))
    unlike = message(times, fixed_field(4, word(4)), field(6, counts), field(7, bounds[:8]))
    uneven = message(field(1, "uneven"), field(9, message(field(1, unlike), varint_field(2, 2))))

    def buckets(offset, *counts):
        return message(uvarint(1 << 3) + zigzag(offset), field(2, message(*(uvarint(count) for count in counts))))

    exponential_point = message(
        times, fixed_field(4, word(10)), fixed_field(5, double(7)), uvarint(6 << 3) + zigzag(3), fixed_field(7, word(2)),
        field(8, buckets(-4, 1, 0, 3)), field(9, buckets(2, 4)), fixed_field(14, double(0.001)),
    )
    differences = message(field(1, exponential_point), varint_field(2, 1))
    exponential = message(field(1, "payload.size"), field(3, "By"), field(10, differences))
    wide_point = message(times, uvarint(6 << 3) + zigzag(20), field(8, buckets(-(2**31), 1)), field(9, buckets(2**31 - 1, 1)))
    wide = message(field(1, "wide"), field(10, message(field(1, wide_point), varint_field(2, 2))))
    quantile = message(fixed_field(1, double(0.99)), fixed_field(2, double(3.5)))
    summed = message(fixed_field(3, word(NOW_NS)), fixed_field(4, word(2)), fixed_field(5, double(4.0)), field(6, quantile))
    summary = message(field(1, "old.latency"), field(11, field(1, summed)))
    nothing = field(1, "no.data")
    every = (gauge, counter(1), counter(2), counter(0), histogram, uneven, exponential, wide, summary, nothing)
    deep = text_value("x")
    for _ in range(40):
        deep = field(5, field(1, deep))
    put(
        "otlp_protobuf",
        {
            "gauge": otlp(gauge),
            "whole": otlp(*every),
            "empty": b"",
            "bad-too-deep": field(1, field(1, attribute(1, "deep", deep))),
            "bad-not-utf8": otlp(field(1, b"\xff\xfe")),
            "bad-cut": otlp(*every)[:-3],
        },
    )


def otlp_json():
    def request(*metrics):
        attributes = [{"key": "service.name", "value": {"stringValue": "checkout"}}, {"key": "n", "value": {"intValue": "7"}}]
        scope_metrics = [{"scope": {"name": "s"}, "metrics": list(metrics)}]
        return json.dumps({"resourceMetrics": [{"resource": {"attributes": attributes}, "scopeMetrics": scope_metrics}]})

    times = {"startTimeUnixNano": str(NOW_NS - 10**9), "timeUnixNano": str(NOW_NS)}
    exponential = {"scale": 2, "zeroCount": 1, "count": "6", "positive": {"offset": -1, "bucketCounts": ["2", 3]}, **times}
    whole = request(
        {"name": "g", "unit": "1", "gauge": {"dataPoints": [{"asDouble": "NaN", **times}, {"asInt": "-5", **times, "flags": 1}]}},
        {"name": "c", "sum": {"aggregationTemporality": 1, "isMonotonic": True, "dataPoints": [{"asInt": 1e3, **times}]}},
        {"name": "h", "histogram": {"aggregationTemporality": 2, "dataPoints": [
            {"count": 3, "sum": 1.5, "bucketCounts": ["1", "2"], "explicitBounds": [0.5], **times}]}},
        {"name": "e", "exponentialHistogram": {"aggregationTemporality": 1, "dataPoints": [exponential]}},
        {"name": "s", "summary": {"dataPoints": [{"count": "1", "sum": 2, "quantileValues": [{"quantile": 0.5, "value": 2}], **times}]}},
    )
    put(
        "otlp_json",
        {
            "whole": whole,
            "empty": "{}",
            "nulls": '{"resourceMetrics":[{"resource":null,"scopeMetrics":null}]}',
            "bad-kind": '{"resourceMetrics":5}',
            "bad-cut": whole[:-2],
            "bad-number": request({"name": "g", "gauge": {"dataPoints": [{"asDouble": "much"}]}}),
            "bad-too-deep": '{"resourceMetrics":' + "[" * 500 + "]" * 500 + "}",
        },
    )


# ---- Texts


def datadog_series():
    series = [
        {"metric": "system.load.1", "type": 0, "points": [{"timestamp": NOW_MS // 1000, "value": 0.7}],
         "resources": [{"name": "a1", "type": "host"}]},
        {"metric": "web.hits", "type": 1, "interval": 10, "unit": "hit", "tags": ["env:prod", "team:a", "team:b", "canary", ":x", "y:"],
         "points": [{"timestamp": NOW_MS // 1000, "value": 7}, {"timestamp": 0, "value": 1}, {"timestamp": 1e300, "value": 1},
                    {"timestamp": 5}]},
        {"metric": "web.rate", "type": 2, "points": [{"timestamp": 5.5, "value": 1e-300}]},
        {"metric": "...", "type": 9, "points": [{"timestamp": 5, "value": 7}], "metadata": {"origin": {"product": 1}}},
    ]
    put(
        "datadog_series",
        {
            "one": json.dumps({"series": series[:1]}),
            "whole": json.dumps({"series": series}),
            "nulls": '{"series":[{"metric":null,"points":null,"tags":null,"resources":null,"unit":null}]}',
            "bad-no-series": "{}",
            "bad-kind": '{"series":[{"metric":5}]}',
        },
    )


EXPOSITION = """# HELP http_requests_total Requests, with \\\\ and \\n in their help.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1795338851470
http_requests_total{method="get",path="C:\\\\DIR\\\\\\"quoted\\"\\n"} 3

# A comment for people.
up 1
 spaced  {  a = "b" , c="d" , }   -Inf
{"quoted.name","label.x"="蔵前"} NaN
# TYPE latency histogram
latency_bucket{le="0.5"} 1
latency_bucket{le="1"} 2
latency_bucket{le="+Inf"} 3
latency_sum 1e-3
latency_count 3
# TYPE wait summary
wait{quantile="0.99"} 0.25
"""

OPENMETRICS = """# TYPE foo_seconds counter
# UNIT foo_seconds seconds
# HELP foo_seconds Spent \\"so\\" far
foo_seconds_total{a="b"} 17.0 1795338851.47 # {trace_id="x"} 0.5 1795338851.4
foo_seconds_created{a="b"} 1795338850.1
# TYPE bar stateset
bar{bar="on"} 1
# TYPE lat histogram
lat_bucket{le="1.0"} 1 # {} 0.25
lat_bucket{le="+Inf"} 2
lat_sum 3.5
lat_count 2
# EOF
"""


def exposition_text():
    put(
        "exposition_text",
        {
            "text": EXPOSITION,
            "openmetrics": OPENMETRICS,
            "empty": "",
            "bad-value": "up yes\n",
            "bad-hexadecimal": "up 0x1p-2\n",
            "bad-label": 'up{a="b} 1\n',
            "bad-twice": 'up{a="b",a="c"} 1\n',
            "bad-nameless": '{a="b"} 1\n',
            "bad-not-utf8": b"up\xff 1\n",
        },
    )


EXPRESSIONS = {
    "rate": 'sum by (job) (rate(http_requests_total{job=~"a.*", code!~"5..", path!="/"}[5m] offset 1h)) / 2',
    "matching": "a * on (x, y) group_left (z) b and ignoring (x) c unless d or -e ^ 2 ^ 3 atan2 f",
    "quantile": "histogram_quantile(0.99, sum by (le) (rate(latency_bucket[5m]))) > bool 0.5",
    "subquery": "max_over_time(rate(x[1m])[30m:1m] @ end() offset -5m) + x @ 1795338851.47",
    "aggregate": 'topk without (a) (3, x) == count_values("v", quantile(0.5, y))',
    "numbers": "0x1F + 1_000.5 - +Inf * NaN % 1e-3 + 1h30m",
    "strings": "label_replace(up, 'a', \"$1\\t\\x41\\u3042\", `b`, \"(.*)\\\\.\")",
    "quoted-names": '{"metric.name", "label.x"="v", y=~"z|"}',
    "comment": "up # so far\n",
    "nested": "(" * 40 + "1" + ")" * 40,
    "chain": " or ".join(["a"] * 100),
    "bad-empty": "",
    "bad-open": "sum(rate(x[5m])",
    "bad-kind": "rate(x)",
    "bad-word": "a ! b",
    "bad-too-deep": "(" * 1_000 + "1" + ")" * 1_000,
}


# ---- What stands in the database, without its checksum


def planes(words):
    n_planes = max((value.bit_length() + 7) // 8 for value in [0, *words])
    return bytes([n_planes]) + b"".join(bytes(value >> 8 * plane & 0xFF for value in words) for plane in range(n_planes))


def zigzagged(value):
    return (value << 1) ^ (value >> 63)


def integers(values):
    """As differences of order 0 from 0, with the divisor 1."""
    return bytes([0]) + zigzag(0) + uvarint(1) + planes([zigzagged(value) for value in values])


def stepping(first, step, n):
    """`first`, `first + step` …: one difference, its own median."""
    return bytes([1]) + zigzag(first) + zigzag(step) + uvarint(1) + planes([0] * (n - 1))


def bits(value):
    return struct.unpack("<Q", double(value))[0]


def constant(value):
    return bytes([0]) + double(value)


def counted(n, rest):
    return struct.pack("<H", n - 1) + rest


def batch_body():
    def columns(ids, counts, times, values):
        head = uvarint(len(counts)) + uvarint(len(times))
        return head + ids + b"".join(map(uvarint, counts)) + b"".join(map(zigzag, times)) + b"".join(values)

    decimal = uvarint(zigzagged(125) << 3 | 1)
    raw = bytes([7]) + word(STALE_NAN)
    put(
        "batch_body",
        {
            "two-runs": columns(zigzag(7) + zigzag(-3), [2, 1], [NOW_MS, 15_000, -15_000], [decimal, raw, uvarint(0)]),
            "none": columns(b"", [], [], []),
            "bad-counts": columns(zigzag(7), [3], [NOW_MS, 1], [decimal, decimal]),
            "bad-claim": uvarint(1) + uvarint(1 << 40),
            "bad-tail": columns(zigzag(7), [1], [NOW_MS], [decimal]) + b"\x00",
        },
    )


def chunk_values():
    noise = [(n * 0x9E3779B97F4A7C15) & (1 << 64) - 1 for n in range(1, 9)]
    changes = [bits(1.5) ^ bits(2.5), bits(2.5) ^ bits(1.5)]
    shift = min((value & -value).bit_length() - 1 for value in changes)
    xor = bytes([2]) + double(1.5) + bytes([shift]) + planes([value >> shift for value in changes])
    exception = uvarint(1) + uvarint(2) + word(STALE_NAN)
    put(
        "chunk_values",
        {
            "constant": counted(480, constant(1.0)),
            "decimal": counted(5, bytes([1, 2]) + uvarint(0) + integers([125, 250, 375, -1, 0])),
            "decimal-with-exception": counted(4, bytes([1, 1]) + exception + stepping(10, 5, 4)),
            "xor": counted(3, xor),
            "plain": counted(8, bytes([3]) + planes(noise)),
            "bad-tag": counted(1, bytes([9])),
            "bad-cut": counted(9, bytes([3]) + planes(noise)),
            "bad-exception-behind-the-end": counted(2, bytes([1, 1]) + exception + stepping(10, 5, 2)),
        },
    )


def times_column(n, form, first, step, deviations=b""):
    return uvarint(n) + bytes([form]) + zigzag(first) + zigzag(step) + deviations


def times_part(*columns):
    return bytes([1]) + uvarint(len(columns)) + b"".join(uvarint(len(column)) for column in columns) + b"".join(columns)


def chunk_times():
    exact = zigzag(0) + bytes([0])
    jitter = zigzag(-1) + bytes([2]) + bytes([0b11_10_01_00, 0b00_00_00_01])
    put(
        "chunk_times",
        {
            "grid": times_part(times_column(64, 0, NOW_MS, 15_000, exact), times_column(8, 0, NOW_MS, 15_000, jitter)),
            "steps": times_part(times_column(8, 1, NOW_MS, 60_000, jitter)),
            "bad-version": bytes([9]) + times_part()[1:],
            "bad-claim": bytes([1]) + uvarint(1 << 40),
            "bad-sizes": times_part(times_column(64, 0, NOW_MS, 15_000, exact))[:-1],
        },
    )


def table(*blocks):
    """Items, size, size when expanded and not compressed, checksum: of each block."""
    lines = (uvarint(n_items) + uvarint(size) + uvarint(size << 1) + word(0x1234) for n_items, size in blocks)
    return uvarint(len(blocks)) + b"".join(lines)


def directory(ids, lens, blocks):
    n = len(ids)
    return table(*blocks) + uvarint(n) + integers(ids) + integers([0] * n) + integers([0] * n) + integers([0] * n) + integers(lens)


def chunk_directory():
    put(
        "chunk_directory",
        {
            "two-blocks": directory([7, 3, 9], [480, 480, 2], [(2, 40), (1, 12)]),
            "none": directory([], [], []),
            "bad-slots": directory([7, 3], [480, 480], [(1, 40)]),
            "bad-claim": directory([7], [1 << 31], [(1, 12)]),
            "bad-negative": directory([7], [-1], [(1, 12)]),
            "bad-table": uvarint(1 << 40),
        },
    )


def roll_ups():
    def item(n, last, *others):
        moments = stepping(NOW_MS, 300_000, n) + integers([1] * n) + integers([300_000] * n)
        return moments + integers([20] * n) + integers([0] * n) + bytes([255]) + last + b"".join(others)

    counter = bytes([1, 0]) + uvarint(0) + stepping(100, 20, 4)
    same = bytes([0])
    own = bytes([255])
    steps = bytes([254]) + double(20.0)
    put(
        "roll_ups",
        {
            "gauge": counted(3, item(3, constant(1.0), same, same, same, own + constant(20.0), own + constant(0.0))),
            "counter": counted(4, item(4, counter, own + constant(80.0), bytes([1]), same, own + constant(9.0), steps)),
            "bad-place": counted(3, item(3, constant(1.0), bytes([1]), same, same, same, same)),
            "bad-cut": counted(3, item(3, constant(1.0), same, same)),
            "bad-tail": counted(3, item(3, constant(1.0), same, same, same, same, same) + b"\x00"),
        },
    )


if __name__ == "__main__":
    for write in (remote_write_1, remote_write_2, otlp_protobuf, otlp_json, datadog_series, exposition_text):
        write()
    put("promql_text", EXPRESSIONS)
    for write in (batch_body, chunk_values, chunk_times, chunk_directory, roll_ups):
        write()
