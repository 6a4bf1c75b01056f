use super::*;
use crate::context::Visitor;
use crate::strangers::rooms;
use crate::wiring::House;
use ::api::Viewer;
use ::api::explore::{ExploreFault, ExploreOne, Inside};
use metrics::{Sample, Written};
use model::access::WriteMetrics;
use model::actor::Who;
use model::{Actor, Role, Time};

fn adapter(house: &House, actor: Option<Actor>) -> Adapter {
    let nobody = Visitor::nobody(Viewer::stranger(Time(0)));
    Adapter(Door { house: house.clone(), visitor: Visitor { actor, ..nobody } })
}

fn hanako() -> Actor {
    let who = Who::Person { id: PersonId(uuid::Uuid::from_u128(1)), name: "花子".to_owned() };
    Actor { who, role: Role::Editor, team_roles: Vec::new() }
}

fn asking(queries: &[&str]) -> ExploreQuery {
    let one = |text: &&str| ExploreOne { text: (*text).to_owned(), is_hidden: false };
    ExploreQuery { queries: queries.iter().map(one).collect(), instant: true, ..ExploreQuery::default() }
}

async fn measure(house: &House, host: &str) {
    let grant: Grant<WriteMetrics> = kernel::authorize(&Actor::worker("collector"), None).unwrap();
    let at = house.clock.now();
    let labels = model::labels::Labels::new([("__name__", "queue_bytes"), ("host", host)]);
    let written: Written = house.metrics.write(&grant, vec![Sample { labels, at, value: 7.0 }]).await.unwrap();
    assert_eq!(written.accepted, 1);
}

#[test]
fn only_what_was_answered_is_kept_and_each_once() {
    let answer = |q: &str| ExploreAnswer { q: q.to_owned(), ..ExploreAnswer::default() };
    let hidden = ExploreAnswer { is_hidden: true, ..answer("hidden") };
    assert_eq!(asked(&[answer("b"), hidden, answer(" "), answer("a"), answer("b")]), ["b", "a"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_reader_gets_an_answer_and_nobody_else_does(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "a").await;
    measure(&house, "b").await;
    let query = asking(&["queue_bytes"]);
    assert_eq!(adapter(&house, None).explore(query.clone()).await, Err(ApiError::SignedOut));
    assert_eq!(adapter(&house, None).forget().await, Err(ApiError::SignedOut));
    let reader = adapter(&house, Some(Actor::worker("reader")));
    let view = reader.explore(query).await.unwrap();
    let answer = &view.columns[0].answers[0];
    assert_eq!((answer.series_total, answer.rows.len(), answer.unit), (2, 2, figures::Unit::Bytes));
    assert_eq!((answer.rows[1].metric.as_str(), answer.rows[1].last), ("queue_bytes", 7.0));
    assert!(view.history.is_empty() && view.names.is_none() && view.unlike.is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_query_that_fails_leaves_the_others_and_is_not_kept(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "a").await;
    let reader = adapter(&house, Some(hanako()));
    let view = reader.explore(asking(&["queue_bytes(", "queue_bytes", " "])).await.unwrap();
    let answers = &view.columns[0].answers;
    assert_eq!(answers[0].error.as_ref().map(|error| error.fault), Some(ExploreFault::Syntax));
    assert_eq!((answers[1].series_total, answers[2].error.is_none()), (1, true));
    assert_eq!(view.history, ["queue_bytes"]);
    let beside = reader.explore(ExploreQuery { split: "24h".to_owned(), ..asking(&["queue_bytes"]) }).await.unwrap();
    assert_eq!((beside.columns.len(), beside.columns[1].answers[0].series_total), (2, 0));
    reader.forget().await.unwrap();
    assert!(reader.explore(asking(&[])).await.unwrap().history.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn names_are_found_from_metrics_down_to_values(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    measure(&house, "app-01").await;
    measure(&house, "app-02").await;
    let reader = adapter(&house, Some(Actor::worker("reader")));
    let names = async |metric: &str, label: &str, find: &str| {
        let inside = Some(Inside { metric: metric.to_owned(), label: label.to_owned() });
        let query = ExploreQuery { inside, find: find.to_owned(), ..ExploreQuery::default() };
        let found = reader.explore(query).await.unwrap().names.unwrap();
        found.all.into_iter().map(|name| (name.name, name.count)).collect::<Vec<(String, Option<u64>)>>()
    };
    assert_eq!(names("", "", "queue").await, [("queue_bytes".to_owned(), None)]);
    assert_eq!(names("queue_bytes", "", "").await, [("host".to_owned(), Some(2))]);
    let hosts = names("queue_bytes", "host", "").await;
    assert_eq!(hosts, [("app-01".to_owned(), Some(1)), ("app-02".to_owned(), Some(1))]);
    assert!(names("nothing", "", "").await.is_empty());
}
