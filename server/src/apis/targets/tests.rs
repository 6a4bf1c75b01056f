use super::*;
use crate::context::Visitor;
use crate::strangers::rooms;
use ::api::Viewer;
use metrics::Written;
use model::Actor;
use std::time::Duration;

fn target(job: &str, url: &str, health: Health) -> Scraped {
    Scraped {
        job: job.to_owned(),
        url: url.to_owned(),
        labels: Labels::new([("job", job), ("zone", "Tokyo")]),
        discovered: Labels::new([("__address__", url)]),
        interval_ms: 15_000,
        timeout_ms: 10_000,
        health,
        is_mine: health != Health::Unknown,
        last_scrape: Some(Time(5)),
        last_duration: Duration::from_millis(12),
        last_error: (health == Health::Down).then(|| "connection refused".to_owned()),
        last_refused: None,
        last_samples: 7,
    }
}

fn job(name: &str) -> JobState {
    JobState {
        job: name.to_owned(),
        n_dropped: 30,
        dropped: vec![Labels::new([("a", "b")]); 30],
        troubles: vec!["no".to_owned()],
    }
}

fn wanted(q: &str, job: Option<&str>, state: Option<&str>) -> Wanted {
    let query = TargetsQuery { q: q.to_owned(), job: job.map(str::to_owned), state: state.map(str::to_owned) };
    Wanted::read(&query).unwrap()
}

fn urls(sheet: &Sheet) -> Vec<&str> {
    sheet.jobs.iter().flat_map(|job| job.targets.iter().map(|target| target.url.as_str())).collect()
}

#[test]
fn what_is_down_stands_first_in_the_order_of_the_jobs() {
    let targets = [
        target("web", "a", Health::Up),
        target("web", "b", Health::Down),
        target("db", "c", Health::Up),
        target("web", "d", Health::Unknown),
    ];
    let jobs = [job("web"), job("db"), job("empty")];
    let sheet = Sheet::of(&targets, &jobs, &wanted("", None, None));
    assert_eq!(urls(&sheet), ["b", "d", "a", "c"]);
    assert_eq!(sheet.jobs.iter().map(|job| job.name.as_str()).collect::<Vec<&str>>(), ["web", "db", "empty"]);
    let web = &sheet.jobs[0];
    assert_eq!((web.tally, web.dropped.len(), web.dropped_total), ([1, 1, 1], MOST_DROPPED, 30));
    assert_eq!((web.targets[0].error.as_deref(), web.targets[0].took_ms), (Some("connection refused"), 12));
}

#[test]
fn filters_narrow_by_text_job_and_state() {
    let targets = [target("web", "http://a:1/metrics", Health::Up), target("db", "http://b:1/metrics", Health::Down)];
    let jobs = [job("web"), job("db")];
    for (filter, expected) in [
        (wanted("B:1", None, None), vec!["http://b:1/metrics"]),
        (wanted("tokyo", Some("web"), None), vec!["http://a:1/metrics"]),
        (wanted("", None, Some("down")), vec!["http://b:1/metrics"]),
        (wanted("", Some("web"), Some("down")), vec![]),
    ] {
        let sheet = Sheet::of(&targets, &jobs, &filter);
        assert_eq!(urls(&sheet), expected, "{filter:?}");
        assert_eq!(sheet.jobs.len(), expected.len(), "{filter:?}");
    }
    let wrong = TargetsQuery { state: Some("sideways".to_owned()), ..TargetsQuery::default() };
    assert!(Wanted::read(&wrong).is_err());
    let long = TargetsQuery { q: "x".repeat(LONGEST_SEARCH + 1), ..TargetsQuery::default() };
    assert!(Wanted::read(&long).is_err());
}

#[test]
fn of_thousands_the_first_are_shown_and_the_rest_is_counted() {
    let targets: Vec<Scraped> = (0..5_000).map(|number| target("web", &format!("{number:05}"), Health::Up)).collect();
    let sheet = Sheet::of(&targets, &[job("web")], &wanted("", None, None));
    assert_eq!((sheet.jobs[0].targets.len(), sheet.rest), (MOST_TARGETS, 4_700));
    assert_eq!(sheet.jobs[0].tally, [0, 0, 5_000]);
}

fn adapter(house: &House, actor: Option<Actor>) -> Adapter {
    let nobody = Visitor::nobody(Viewer::stranger(Time(0)));
    Adapter(Door { house: house.clone(), visitor: Visitor { actor, ..nobody } })
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_reader_sees_who_pushes_and_nobody_else_does(pool: sqlx::PgPool) {
    let house = rooms(pool).await;
    assert_eq!(adapter(&house, None).targets(TargetsQuery::default()).await, Err(ApiError::SignedOut));
    let reader = adapter(&house, Some(Actor::worker("reader")));
    let empty = reader.targets(TargetsQuery::default()).await.unwrap();
    assert_eq!((empty.is_scraping, empty.jobs.len(), empty.senders.len()), (false, 0, 0));
    assert!(empty.public_url.starts_with("http"), "{}", empty.public_url);
    let (token, now) = (kernel::ids::new_uuid(), house.clock.now());
    house.metrics.senders().note(token, &Written { accepted: 60, ..Written::default() }, now);
    let senders = reader.targets(TargetsQuery::default()).await.unwrap().senders;
    assert_eq!((senders.len(), senders[0].accepted, senders[0].wrote_at), (1, 60, Some(now)));
    assert_eq!(senders[0].name, token.to_string()[..8].to_owned());
}
