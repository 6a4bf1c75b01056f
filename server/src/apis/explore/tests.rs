use super::*;
use crate::context::Visitor;
use crate::strangers::rooms;
use ::api::Viewer;
use kernel::Grant;
use metrics::{Sample, Written};
use model::Actor;
use model::access::WriteMetrics;

const NOW: Time = Time(1_795_000_000_123);

fn asked(range: Option<&str>, from: Option<i64>, to: Option<i64>) -> ExploreQuery {
    ExploreQuery { range: range.map(str::to_owned), from, to, ..ExploreQuery::default() }
}

#[test]
fn a_span_is_a_known_word_or_two_moments() {
    for (query, is_good) in [
        (asked(None, None, None), true),
        (asked(Some("7d"), None, None), true),
        (asked(Some("1y"), None, None), false),
        (asked(None, Some(0), Some(1_000)), true),
        (asked(None, Some(5), Some(5)), false),
        (asked(None, Some(0), None), false),
        (asked(None, None, Some(60_000)), false),
        (asked(None, Some(-1), Some(60_000)), false),
        (asked(None, Some(0), Some(i64::MAX)), false),
        (asked(None, Some(i64::MIN), Some(i64::MAX)), false),
    ] {
        assert_eq!(when(&query, NOW).is_ok(), is_good, "{query:?}");
    }
}

#[test]
fn steps_are_countable_and_few_enough() {
    for (length_ms, step) in [
        (1_000, 1_000),
        (900_000, 2_000),
        (3_600_000, 5_000),
        (86_400_000, 120_000),
        (604_800_000, 900_000),
        (LONGEST_MS, 13 * HOUR_MS),
    ] {
        assert_eq!(step_ms(length_ms), step, "{length_ms}");
        assert!(length_ms / step_ms(length_ms) <= 900, "{length_ms}");
    }
    let hour = when(&asked(None, None, None), NOW).unwrap();
    assert_eq!((hour.to.0 % hour.step_ms, hour.end, hour.is_live), (0, NOW, true));
    assert!(!when(&asked(None, Some(0), Some(60_000)), NOW).unwrap().is_live);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let error = read("sum(\n  foo(").unwrap_err();
    assert_eq!((error.fault, error.line, error.column), (ExploreFault::Syntax, 2, 3));
    assert_eq!(error.span, Some((7, 10)));
    assert_eq!(read(&"a".repeat(LONGEST_EXPRESSION as usize + 1)).unwrap_err().fault, ExploreFault::TooLong);
    assert!(read("up").is_ok());
}

#[test]
fn what_keeps_one_expression_from_an_answer_is_not_our_trouble() {
    let refused = |error: Error| refusal(&error, "a + b").map(|error| (error.fault, error.span));
    let span = Span::new(0, 5);
    assert_eq!(refused(EvalError::TimedOut.into()), Ok((ExploreFault::TooSlow, None)));
    assert_eq!(refused(EvalError::TooManySamples.into()), Ok((ExploreFault::TooMuch, None)));
    assert_eq!(refused(Error::TooManySamples { found: 2, limit: 1 }), Ok((ExploreFault::TooMuch, None)));
    assert_eq!(refused(EvalError::ManyToOne { span }.into()), Ok((ExploreFault::Refused, Some((0, 5)))));
    let stored = EvalError::Storage(Box::new(Error::Overloaded));
    assert!(matches!(refused(stored.into()), Err(ApiError::TryLater { .. })));
    assert_eq!(refused(Error::Closed), Err(ApiError::Unavailable));
}

#[test]
fn texts_and_ranges_have_a_value_at_one_moment_only() {
    for (q, expected) in [("up", true), ("1", true), ("up[5m]", false), ("\"a\"", false), ("rate(up[5m])", true)] {
        assert_eq!(has_range(&promql::parse(q).unwrap()), expected, "{q}");
    }
}

fn adapter(house: &House, actor: Option<Actor>) -> Adapter {
    let nobody = Visitor::nobody(Viewer::stranger(Time(0)));
    Adapter(Door { house: house.clone(), visitor: Visitor { actor, ..nobody } })
}

async fn measure(house: &House, host: &str) {
    let grant: Grant<WriteMetrics> = kernel::authorize(&Actor::worker("collector"), None).unwrap();
    let at = house.clock.now();
    let labels = model::labels::Labels::new([("__name__", "queue_bytes"), ("host", host)]);
    let written: Written = house.metrics.write(&grant, vec![Sample { labels, at, value: 7.0 }]).await.unwrap();
    assert_eq!(written.accepted, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_reader_gets_an_answer_and_nobody_else_does(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "a").await;
    measure(&house, "b").await;
    let query = ExploreQuery { q: "queue_bytes".to_owned(), instant: true, ..ExploreQuery::default() };
    assert_eq!(adapter(&house, None).explore(query.clone()).await, Err(ApiError::SignedOut));
    assert_eq!(adapter(&house, None).metrics(String::new()).await, Err(ApiError::SignedOut));
    let reader = adapter(&house, Some(Actor::worker("reader")));
    let view = reader.explore(query.clone()).await.unwrap();
    assert_eq!((view.series_total, view.rows.len(), view.unit), (2, 2, figures::Unit::Bytes));
    assert_eq!((view.rows[1].metric.as_str(), view.rows[1].last), ("queue_bytes", 7.0));
    let wrong = reader.explore(ExploreQuery { q: "queue_bytes(".to_owned(), ..query.clone() }).await.unwrap();
    assert_eq!(wrong.error.map(|error| error.fault), Some(ExploreFault::Syntax));
    let blank = reader.explore(ExploreQuery { q: " ".to_owned(), ..query }).await.unwrap();
    assert_eq!((blank.rows.len(), blank.error), (0, None));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn words_are_those_of_the_metric(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "app-01").await;
    measure(&house, "app-02").await;
    let reader = adapter(&house, Some(Actor::worker("reader")));
    let words = |found: ExploreWords| found.words.into_iter().map(|word| word.word).collect::<Vec<String>>();
    assert_eq!(words(reader.metrics("queue".to_owned()).await.unwrap()), ["queue_bytes"]);
    assert_eq!(words(reader.labels("queue_bytes".to_owned()).await.unwrap()), ["host"]);
    let values = reader.values("queue_bytes".to_owned(), "host".to_owned(), "02".to_owned()).await.unwrap();
    assert_eq!(words(values), ["app-02"]);
    assert_eq!(words(reader.labels("nothing".to_owned()).await.unwrap()), Vec::<String>::new());
}
