use super::*;
use crate::context::Visitor;
use crate::strangers::rooms;
use ::api::Viewer;
use kernel::Grant;
use metrics::{Sample, Written};
use model::access::WriteMetrics;
use model::labels::Labels;
use model::{Actor, Time};

fn adapter(house: &House, actor: Option<Actor>) -> Adapter {
    let nobody = Visitor::nobody(Viewer::stranger(Time(0)));
    Adapter(Door { house: house.clone(), visitor: Visitor { actor, ..nobody } })
}

fn reader(house: &House) -> Adapter {
    adapter(house, Some(Actor::worker("reader")))
}

async fn measure(house: &House, metric: &str, paths: &[&str]) {
    let grant: Grant<WriteMetrics> = kernel::authorize(&Actor::worker("collector"), None).unwrap();
    let at = house.clock.now();
    let sample =
        |path: &&str| Sample { labels: Labels::new([("__name__", metric), ("host", "app-01"), ("path", *path)]), at, value: 7.0 };
    let written: Written = house.metrics.write(&grant, paths.iter().map(sample).collect()).await.unwrap();
    assert_eq!(written.accepted, paths.len() as u64);
}

fn about(metric: &str) -> UsageQuery {
    UsageQuery { q: String::new(), metric: Some(metric.to_owned()) }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_reader_sees_what_eats_the_series_and_nobody_else_does(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "requests_total", &["/a", "/b", "/c"]).await;
    measure(&house, "queue_bytes", &["/a"]).await;
    assert_eq!(adapter(&house, None).usage(UsageQuery::default()).await, Err(ApiError::SignedOut));
    let view = reader(&house).usage(UsageQuery::default()).await.unwrap();
    assert_eq!((view.totals.series, view.totals.new, view.totals.limit), (4, 4, 500_000));
    assert!(view.totals.disk.bytes() > 0 && view.totals.memory_bytes > 0);
    let first = &view.metrics[0];
    assert_eq!((first.name.as_str(), first.series, first.new), ("requests_total", 3, 3));
    assert_eq!(first.expression, "rate(requests_total[5m])");
    assert_eq!((view.labels[0].name.as_str(), view.labels[0].count), ("path", 3));
    assert_eq!(view.pairs[0].name, "host=app-01");
    assert!(view.metric.is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn metrics_are_found_by_a_part_of_their_names(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "requests_total", &["/a"]).await;
    measure(&house, "queue_bytes", &["/a"]).await;
    let query = UsageQuery { q: "QUEUE".to_owned(), metric: None };
    let view = reader(&house).usage(query).await.unwrap();
    assert_eq!((view.metrics.len(), view.metrics_found, view.totals.metrics), (1, 1, 2));
    assert_eq!(view.metrics[0].name, "queue_bytes");
    let long = UsageQuery { q: "x".repeat(LONGEST_SEARCH as usize + 1), metric: None };
    assert!(matches!(reader(&house).usage(long).await, Err(ApiError::Invalid { .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_metric_is_looked_into_and_one_that_is_not_there_is_not_found(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "requests_total", &["/a", "/b", "/c"]).await;
    let view = reader(&house).usage(about("requests_total")).await.unwrap();
    let metric = view.metric.unwrap();
    assert!(view.metrics.is_empty());
    assert_eq!((metric.series, metric.live, metric.new), (3, 3, 3));
    assert!(metric.newest.is_some());
    assert_eq!((metric.labels[0].name.as_str(), metric.labels[0].values), ("path", 3));
    assert_eq!(metric.labels[0].expression, "count by (path) (requests_total)");
    assert_eq!((metric.sources[0].instance.as_str(), metric.sources[0].is_scraped), ("app-01", false));
    assert!(matches!(reader(&house).usage(about("nothing")).await, Err(ApiError::NotFound { .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_sender_was_refused_stands_beside_what_it_may(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    let token = kernel::ids::new_uuid();
    let now = house.clock.now();
    let rejected = vec![metrics::Rejected { reason: Reason::TooManySenderSeries, count: 3, example: "up".to_owned() }];
    house.metrics.senders().meet(token, "shop", now);
    house.metrics.senders().note(token, &Written { accepted: 5, rejected, ..Written::default() }, now);
    let quotas = reader(&house).usage(UsageQuery::default()).await.unwrap().quotas;
    assert_eq!(quotas.max_series, None);
    let sender = &quotas.senders[0];
    assert_eq!((sender.name.as_str(), sender.accepted, sender.refused), ("shop", 5, 3));
    assert_eq!(sender.refusal, Some(Refusal::SenderSeries));
}
