//! Requests as senders write them, in both forms, down to their samples.

use model::labels::Labels;
use proptest::prelude::*;

use super::mapping::{Mapped, Noted};
use super::measurement::Why;
use super::{Form, read, series};
use crate::allowance::{Memory, Unreadable};
use crate::duplicates::STALE_NAN;
use crate::ingest::{Owned, OwnedExemplar};
use crate::metadata::Kind;
use crate::remote_write::put_bytes;
use crate::wire::put_uvarint;

/// Writes protobuf, field by field.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn bytes(mut self, number: u64, bytes: &[u8]) -> Self {
        put_bytes(&mut self.0, number, bytes);
        self
    }

    fn text(self, number: u64, text: &str) -> Self {
        self.bytes(number, text.as_bytes())
    }

    fn inner(self, number: u64, inner: &Self) -> Self {
        self.bytes(number, &inner.0)
    }

    fn varint(mut self, number: u64, value: u64) -> Self {
        put_uvarint(&mut self.0, number << 3);
        put_uvarint(&mut self.0, value);
        self
    }

    fn fixed(mut self, number: u64, value: u64) -> Self {
        put_uvarint(&mut self.0, (number << 3) | 1);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn double(self, number: u64, value: f64) -> Self {
        self.fixed(number, value.to_bits())
    }

    fn attribute(self, number: u64, key: &str, value: &str) -> Self {
        let value: Self = Self::default().text(1, value);
        self.inner(number, &Self::default().text(1, key).inner(2, &value))
    }
}

fn message() -> Message {
    Message::default()
}

/// One resource, one scope, these metrics.
fn request(metrics: &[Message]) -> Vec<u8> {
    let resource = message()
        .attribute(1, "service.namespace", "shop")
        .attribute(1, "service.name", "cart")
        .attribute(1, "service.instance.id", "a1")
        .attribute(1, "cloud.region", "tokyo");
    let scope = message().text(1, "lib").text(2, "1.0");
    let mut scope_metrics = message().inner(1, &scope);
    for metric in metrics {
        scope_metrics = scope_metrics.inner(2, metric);
    }
    message().inner(1, &message().inner(1, &resource).inner(2, &scope_metrics)).0
}

const AT_NS: u64 = 5_000_000_000;

fn map(form: Form, body: &[u8]) -> Mapped {
    read(form, body, &mut Memory::new().allowance()).unwrap()
}

fn samples(mapped: &Mapped) -> Vec<(String, f64)> {
    let mut owned = Owned::default();
    for (measurement, owner) in mapped.measurements.iter().zip(0..) {
        series::make(measurement, owner, &mut owned);
    }
    let all = owned.samples.iter().chain(&mapped.infos);
    all.map(|sample| {
        let mut labels: Labels = sample.labels.clone();
        assert_eq!((labels.get("job"), labels.get("instance"), sample.at.0), ("shop/cart", "a1", 5_000));
        for shared in ["job", "instance", "otel_scope_name", "otel_scope_version"] {
            labels.remove(shared);
        }
        (labels.to_string(), sample.value)
    })
    .collect()
}

fn named(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

const INFO: (&str, f64) = (r#"target_info{cloud_region="tokyo"}"#, 1.0);

#[test]
fn a_monotonic_sum_becomes_a_counter() {
    let point = message().attribute(7, "http.method", "GET").fixed(3, AT_NS).fixed(6, 7);
    let sum = message().inner(1, &point).varint(2, 2).varint(3, 1);
    let metric = message().text(1, "http.requests").text(2, "Requests.").text(3, "{requests}").inner(7, &sum);
    let mapped: Mapped = map(Form::Protobuf, &request(&[metric]));
    assert_eq!(samples(&mapped), named(&[(r#"http_requests_total{http_method="GET"}"#, 7.0), INFO]));
    let labels: &Labels = &mapped.measurements[0].labels;
    assert_eq!((labels.get("otel_scope_name"), labels.get("otel_scope_version")), ("lib", "1.0"));
    let noted =
        Noted { name: "http_requests_total".to_owned(), kind: Kind::Counter, help: "Requests.".to_owned(), unit: String::new() };
    assert_eq!((mapped.notes.as_slice(), mapped.n), ([noted].as_slice(), 1));
}

#[test]
fn what_every_scope_repeats_of_its_resource_is_counted() {
    let of_scopes = |scope: &Message| {
        let resource = message().attribute(1, "service.name", &"n".repeat(1 << 20));
        let all = (0..300).fold(message().inner(1, &resource), |all, _| all.inner(2, scope));
        read(Form::Protobuf, &message().inner(1, &all).0, &mut Memory::new().allowance())
    };
    let empty_metric = message().inner(2, &message().text(1, "m"));
    assert!(matches!(of_scopes(&empty_metric), Err(Unreadable::TooLarge { .. })));
    // Without a metric nothing is repeated.
    assert!(of_scopes(&message().text(3, "schema")).is_ok());
}

#[test]
fn what_a_scope_says_outranks_what_a_point_says() {
    let point = message().attribute(7, "otel.scope.name", "mine").attribute(7, "a", "b").fixed(3, AT_NS).fixed(6, 7);
    let metric = message().text(1, "m").inner(5, &message().inner(1, &point));
    let labels: Labels = map(Form::Protobuf, &request(&[metric])).measurements.remove(0).labels;
    let expected =
        [("a", "b"), ("instance", "a1"), ("job", "shop/cart"), ("otel_scope_name", "lib"), ("otel_scope_version", "1.0")];
    assert_eq!(labels, Labels::new(expected));
}

#[test]
fn a_histogram_becomes_buckets_with_and_without_packed_lists() {
    let counts: Vec<u8> = [1_u64, 2, 3].iter().flat_map(|count| count.to_le_bytes()).collect();
    let packed = message().fixed(3, AT_NS).fixed(4, 6).double(5, 9.5).bytes(6, &counts).double(7, 0.5).double(7, 10.0);
    let histogram = message().inner(1, &packed).varint(2, 2);
    let metric = message().text(1, "latency").text(3, "s").inner(9, &histogram);
    let expected = [
        (r#"latency_seconds_bucket{le="0.5"}"#, 1.0),
        (r#"latency_seconds_bucket{le="10"}"#, 3.0),
        (r#"latency_seconds_bucket{le="+Inf"}"#, 6.0),
        ("latency_seconds_sum", 9.5),
        ("latency_seconds_count", 6.0),
        INFO,
    ];
    assert_eq!(samples(&map(Form::Protobuf, &request(&[metric]))), named(&expected));
}

#[test]
fn an_exponential_histogram_and_a_summary_become_classic() {
    // Scale 0, zero count 2, positive buckets (1, 2] and (2, 4].
    let buckets = message().varint(1, 0).bytes(2, &[1, 3]);
    let point = message().fixed(3, AT_NS).fixed(4, 6).varint(6, 0).fixed(7, 2).inner(8, &buckets);
    let exponential = message().text(1, "e").inner(10, &message().inner(1, &point).varint(2, 2));
    let quantile = message().double(1, 0.5).double(2, 3.5);
    let point = message().fixed(3, AT_NS).fixed(4, 4).double(5, 8.0).inner(6, &quantile);
    let summary = message().text(1, "s").inner(11, &message().inner(1, &point));
    let expected = [
        (r#"e_bucket{le="0"}"#, 2.0),
        (r#"e_bucket{le="1"}"#, 2.0),
        (r#"e_bucket{le="2"}"#, 3.0),
        (r#"e_bucket{le="4"}"#, 6.0),
        (r#"e_bucket{le="+Inf"}"#, 6.0),
        ("e_count", 6.0),
        (r#"s{quantile="0.5"}"#, 3.5),
        ("s_sum", 8.0),
        ("s_count", 4.0),
        INFO,
    ];
    assert_eq!(samples(&map(Form::Protobuf, &request(&[exponential, summary]))), named(&expected));
}

#[test]
fn both_forms_say_the_same() {
    let point = message().attribute(7, "a", "b").fixed(3, AT_NS).double(4, 1.5);
    let metric = message().text(1, "g").text(3, "By").inner(5, &message().inner(1, &point));
    let json = r#"{"resourceMetrics":[{
        "resource":{"attributes":[
            {"key":"service.namespace","value":{"stringValue":"shop"}}, {"key":"service.name","value":{"stringValue":"cart"}},
            {"key":"service.instance.id","value":{"stringValue":"a1"}}, {"key":"cloud.region","value":{"stringValue":"tokyo"}}]},
        "scopeMetrics":[{"scope":{"name":"lib","version":"1.0"},"metrics":[{"name":"g","unit":"By","gauge":{"dataPoints":[
            {"attributes":[{"key":"a","value":{"stringValue":"b"}}],"timeUnixNano":"5000000000","asDouble":1.5}]}}]}]}]}"#;
    let (one, two): (Mapped, Mapped) = (map(Form::Protobuf, &request(&[metric])), map(Form::Json, json.as_bytes()));
    assert_eq!(one.measurements, two.measurements);
    assert_eq!(samples(&one), samples(&two));
    assert_eq!(samples(&two), named(&[(r#"g_bytes{a="b"}"#, 1.5), INFO]));
}

/// Of every exemplar the series, the value and its own labels.
fn exemplars(mapped: &Mapped) -> Vec<(String, f64, String)> {
    let mut owned = Owned::default();
    for (measurement, owner) in mapped.measurements.iter().zip(0..) {
        series::make(measurement, owner, &mut owned);
    }
    let told = |exemplar: &OwnedExemplar| {
        let series: &Labels = &owned.samples[exemplar.sample].labels;
        assert_eq!(exemplar.at.0, 5_000);
        (format!("{} {}", series.metric(), series.get("le")), exemplar.value, exemplar.labels.to_string())
    };
    owned.exemplars.iter().map(told).collect()
}

#[test]
fn exemplars_stand_at_the_series_that_counts_them() {
    let single = |value: f64, trace: &[u8]| {
        message().attribute(7, "user.id", "u1").fixed(2, AT_NS).double(3, value).bytes(4, &[0; 8]).bytes(5, trace)
    };
    let point = message().fixed(3, AT_NS).fixed(4, 6).fixed(6, 1).fixed(6, 2).fixed(6, 3).double(7, 0.5).double(7, 10.0);
    let point = point.inner(8, &single(0.5, &[0xab, 1])).inner(8, &single(99.0, &[0, 0]));
    let histogram = message().text(1, "latency").inner(9, &message().inner(1, &point).varint(2, 2));
    let point = message().fixed(3, AT_NS).fixed(6, 7);
    let point = point.inner(5, &message().fixed(2, AT_NS).fixed(6, 3).bytes(5, &[0xcd]).attribute(7, "long", &"x".repeat(200)));
    let sum = message().text(1, "n").inner(7, &message().inner(1, &point).varint(2, 2).varint(3, 1));
    let gauge = message().text(1, "g").inner(5, &message().inner(1, &point));
    let mapped: Mapped = map(Form::Protobuf, &request(&[histogram, sum, gauge]));
    let expected = [
        ("latency_bucket 0.5", 0.5, "{trace_id=\"ab01\",user_id=\"u1\"}"),
        ("latency_bucket +Inf", 99.0, "{user_id=\"u1\"}"),
        ("n_total ", 3.0, "{trace_id=\"cd\"}"),
    ];
    let expected = expected.map(|(series, value, labels)| (series.to_owned(), value, labels.to_owned()));
    assert_eq!(exemplars(&mapped), expected, "of a gauge there are none, and attributes go where there is no room for all");
}

#[test]
fn exemplars_are_the_same_in_both_forms() {
    let single = message().attribute(7, "a", "b").fixed(2, AT_NS).fixed(6, 3).bytes(4, &[1, 2]).bytes(5, &[0xab]);
    let point = message().fixed(3, AT_NS).fixed(6, 7).inner(5, &single);
    let sum = message().text(1, "n").inner(7, &message().inner(1, &point).varint(2, 2));
    let json = r#"{"resourceMetrics":[{
        "resource":{"attributes":[
            {"key":"service.namespace","value":{"stringValue":"shop"}}, {"key":"service.name","value":{"stringValue":"cart"}},
            {"key":"service.instance.id","value":{"stringValue":"a1"}}, {"key":"cloud.region","value":{"stringValue":"tokyo"}}]},
        "scopeMetrics":[{"scope":{"name":"lib","version":"1.0"},"metrics":[{"name":"n","sum":{"aggregationTemporality":2,"dataPoints":[
            {"timeUnixNano":"5000000000","asInt":"7","exemplars":[{"filteredAttributes":[{"key":"a","value":{"stringValue":"b"}}],
             "timeUnixNano":"5000000000","asInt":"3","spanId":"0102","traceId":"AB"}]}]}}]}]}]}"#;
    let (one, two): (Mapped, Mapped) = (map(Form::Protobuf, &request(&[sum])), map(Form::Json, json.as_bytes()));
    assert_eq!(one.measurements, two.measurements);
    assert_eq!(exemplars(&two), [("n ".to_owned(), 3.0, "{a=\"b\",span_id=\"0102\",trace_id=\"ab\"}".to_owned())]);
}

#[test]
fn a_point_without_recorded_value_is_a_stale_marker() {
    let point = message().fixed(3, AT_NS).varint(8, 1);
    let metric = message().text(1, "g").inner(5, &message().inner(1, &point));
    let samples: Vec<(String, f64)> = samples(&map(Form::Protobuf, &request(&[metric])));
    assert_eq!((samples[0].0.as_str(), samples[0].1.to_bits()), ("g", STALE_NAN));
}

#[test]
fn what_can_not_be_taken_is_counted_and_spares_the_rest() {
    let good = message().fixed(3, AT_NS).fixed(6, 7);
    let gauge = |point: &Message| message().text(1, "g").inner(5, &message().inner(1, point));
    let unnamed = message().inner(5, &message().inner(1, &good));
    let no_temporality = message().text(1, "s").inner(7, &message().inner(1, &good).inner(1, &good));
    let bounds = message().fixed(3, AT_NS).fixed(6, 1).fixed(6, 1).double(7, 1.0).double(7, 0.5);
    let unsorted = message().text(1, "h").inner(9, &message().inner(1, &bounds).varint(2, 2));
    // Scale 21, zigzag.
    let scale = message().fixed(3, AT_NS).varint(6, 42);
    let too_fine = message().text(1, "e").inner(10, &message().inner(1, &scale).varint(2, 2));
    let backwards = message().fixed(2, AT_NS + 1).fixed(3, AT_NS).fixed(6, 1);
    let bad_time = message().text(1, "d").inner(7, &message().inner(1, &backwards).varint(2, 1));
    let metrics = [
        gauge(&good),
        unnamed,
        gauge(&message().fixed(3, AT_NS)),
        gauge(&message().fixed(6, 7)),
        no_temporality,
        unsorted,
        too_fine,
        bad_time,
        message().text(1, "nothing"),
    ];
    let mapped: Mapped = map(Form::Protobuf, &request(&metrics));
    assert_eq!((mapped.n, mapped.measurements.len(), mapped.refused.n()), (10, 1, 9));
    let refused: Vec<(Why, u64)> = mapped.refused.into_list().into_iter().map(|one| (one.why, one.count)).collect();
    let expected = [
        (Why::NoName, 1),
        (Why::NoValue, 1),
        (Why::BadTime, 2),
        (Why::NoTemporality, 2),
        (Why::BadBuckets, 1),
        (Why::BadScale, 1),
        (Why::NoData, 1),
    ];
    assert_eq!(refused, expected);
}

#[test]
fn labels_that_multiply_beyond_the_allowance_are_refused() {
    let attribute = "v".repeat(100_000);
    let point = message().fixed(3, AT_NS).fixed(6, 1);
    let mut gauge = message();
    for _ in 0..5_000 {
        gauge = gauge.inner(1, &point);
    }
    let scope = message().text(1, "lib").attribute(3, "long", &attribute);
    let metrics = message().inner(1, &scope).inner(2, &message().text(1, "g").inner(5, &gauge));
    let body: Vec<u8> = message().inner(1, &message().inner(2, &metrics)).0;
    let outcome = read(Form::Protobuf, &body, &mut Memory::new().allowance());
    assert!(matches!(outcome, Err(Unreadable::TooLarge { .. })));
}

#[test]
fn lists_within_lists_are_refused_before_the_stack_ends() {
    let mut value = message().text(1, "deep");
    for _ in 0..40 {
        value = message().inner(5, &message().inner(1, &value));
    }
    let point = message().inner(7, &message().text(1, "k").inner(2, &value)).fixed(3, AT_NS).fixed(6, 1);
    let body: Vec<u8> = request(&[message().text(1, "g").inner(5, &message().inner(1, &point))]);
    let outcome = read(Form::Protobuf, &body, &mut Memory::new().allowance());
    assert!(matches!(outcome, Err(Unreadable::Malformed { .. })));
}

proptest! {
    #[test]
    fn any_bytes_may_be_sent(body: Vec<u8>) {
        let _: Result<Mapped, Unreadable> = read(Form::Protobuf, &body, &mut Memory::new().allowance());
    }

    #[test]
    fn any_metric_may_be_sent(fields in proptest::collection::vec((prop_oneof![Just(1_u64), Just(3), Just(5), Just(7), Just(9), Just(10), Just(11)], any::<Vec<u8>>()), 0..6)) {
        let metric: Message = fields.iter().fold(message(), |metric, (number, bytes)| metric.bytes(*number, bytes));
        let _: Result<Mapped, Unreadable> = read(Form::Protobuf, &request(&[metric]), &mut Memory::new().allowance());
    }

    #[test]
    fn a_cut_request_never_panics(cut in 0_usize..400) {
        let point = message().attribute(7, "a", "b").fixed(3, AT_NS).double(4, 1.5);
        let body: Vec<u8> = request(&[message().text(1, "g").inner(5, &message().inner(1, &point))]);
        let cut: usize = cut.min(body.len() - 1);
        let outcome = read(Form::Protobuf, &body[..cut], &mut Memory::new().allowance());
        prop_assert_eq!(outcome.is_err(), cut > 0);
    }
}
