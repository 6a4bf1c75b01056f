//! What becomes of what is sent.

use super::{Gate, START, responder, sent};
use crate::alerts::Show;
use crate::history;
use crate::inbound::settings::Written;
use crate::inbound::{Act, InboundAlert, Kind, Taken};
use crate::state::ResolveReason;
use model::Severity;
use model::alert::AlertState;
use model::labels::Labels;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_foreign_alert_stands_with_our_own(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let taken: Taken = gate.take(vec![sent("db-01", Act::Fire, Some(-60))]).await;
    assert_eq!(taken, Taken { fired: 1, ..Taken::default() });
    let row = gate.only().await;
    assert_eq!((row.state, row.severity, row.rule_id.0.as_str()), (AlertState::Firing, Severity::P1, "tokyo-tool/DiskFull"));
    assert_eq!((row.pending_since, row.fired_at), (START.plus_ms(-60_000), Some(START)));
    let labels = [("alertname", "DiskFull"), ("host", "db-01"), ("integration", "tokyo-tool")];
    assert_eq!(row.labels, Labels::new(labels));
    let source = row.source.unwrap();
    assert_eq!((source.id, source.name.as_str()), (gate.id, "Tokyo tool"));
    assert_eq!(source.url.as_deref(), Some("https://prom.example.jp/graph"));
    let told = gate.told(row.id).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].kind.as_str(), told[0].actor["name"].as_str()), (history::FIRED, Some("Tokyo tool")));
    assert_eq!(told[0].body["severity"], "P1");
    assert_eq!(told[0].body["labels"]["integration"], "tokyo-tool");
    assert_eq!(told[0].body["annotations"]["runbook_url"]["ja"], "https://wiki.example.jp/disk");
    assert_eq!(told[0].body["name"]["en"], "DiskFull");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_same_request_again_changes_nothing(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let alerts = || vec![sent("db-01", Act::Fire, Some(0)), sent("db-02", Act::Fire, Some(0))];
    gate.take(alerts()).await;
    let before = gate.shown(Show::All).await;
    let again: Taken = gate.take(alerts()).await;
    assert_eq!(again, Taken { updated: 2, ..Taken::default() });
    assert_eq!(gate.shown(Show::All).await, before);
    assert_eq!(gate.story(before[0].id).await, [history::FIRED]);
    let over = || alerts().into_iter().map(|alert| InboundAlert { act: Act::Resolve, ..alert }).collect::<Vec<_>>();
    assert_eq!(gate.take(over()).await.resolved, 2);
    assert_eq!(gate.take(over()).await, Taken { left: 2, ..Taken::default() });
    assert_eq!(gate.story(before[0].id).await, [history::FIRED, history::RESOLVED]);
    assert_eq!(gate.integration().await.received, 4);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_sender_says_beside_the_sentence_stands_with_the_alert(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let mut alert: InboundAlert = sent("a", Act::Fire, None);
    alert.annotations.insert("description".to_owned(), "97 % on /var".to_owned());
    gate.take(vec![alert]).await;
    let detail = gate.alerting.alert(gate.only().await.id).await.unwrap().unwrap();
    let said = detail.annotations.description(&detail.row.summary).map(|text| text.ja.as_str());
    assert_eq!((said, detail.row.matches), (Some("97 % on /var"), true));
    assert_eq!(detail.annotations.runbook_url().as_deref(), Some("https://wiki.example.jp/disk"));
    let url: Option<String> = detail.row.source.and_then(|source| source.url);
    assert_eq!(url.as_deref(), Some("https://prom.example.jp/graph"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_comes_late_or_too_early_is_harmless(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    assert_eq!(gate.take(vec![sent("a", Act::Resolve, Some(0))]).await.left, 1, "nobody raised it");
    assert!(gate.shown(Show::All).await.is_empty());
    gate.take(vec![sent("a", Act::Fire, Some(10))]).await;
    assert_eq!(gate.take(vec![sent("a", Act::Resolve, Some(5))]).await.left, 1, "the end of an earlier one");
    gate.take(vec![sent("a", Act::Resolve, Some(10))]).await;
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(10))]).await.left, 1, "overtaken by its own end");
    assert_eq!(gate.only().await.state, AlertState::Resolved);
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(20))]).await.fired, 1);
    assert_eq!(gate.shown(Show::All).await.len(), 2);
    let both = vec![sent("b", Act::Fire, None), sent("b", Act::Resolve, None)];
    assert_eq!(gate.take(both).await, Taken { left: 1, ..Taken::default() });
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_sender_acknowledges_and_people_keep_what_they_have(pool: PgPool) {
    let gate = Gate::new(pool, Kind::PagerDuty).await;
    gate.take(vec![sent("a", Act::Fire, None), sent("b", Act::Fire, None)]).await;
    let ids: Vec<_> = gate.shown(Show::Open).await.into_iter().map(|row| row.id).collect();
    gate.alerting.acknowledge(&responder(), ids[0], None).await.unwrap();
    let taken: Taken = gate.take(vec![sent("a", Act::Acknowledge, None), sent("b", Act::Acknowledge, None)]).await;
    assert_eq!(taken, Taken { acknowledged: 1, left: 1, ..Taken::default() });
    let held: Vec<String> = gate.shown(Show::Held).await.into_iter().filter_map(|row| row.held.map(|held| held.by)).collect();
    assert!(held.contains(&"佐藤 健".to_owned()) && held.contains(&"Tokyo tool".to_owned()), "{held:?}");
    assert_eq!(gate.story(ids[1]).await, [history::FIRED, history::ACKNOWLEDGED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_gets_worse_than_when_it_was_taken_needs_somebody_again(pool: PgPool) {
    let gate = Gate::new(pool, Kind::PagerDuty).await;
    let send = |severity: &str| InboundAlert { severity: severity.to_owned(), ..sent("a", Act::Fire, None) };
    gate.take(vec![send("warning")]).await;
    let id = gate.only().await.id;
    gate.alerting.acknowledge(&responder(), id, None).await.unwrap();
    for (severity, is_held) in [("info", true), ("warning", true), ("critical", false)] {
        gate.take(vec![send(severity)]).await;
        assert_eq!(gate.only().await.held.is_some(), is_held, "{severity}");
    }
    let told = gate.told(id).await;
    let last = told.last().unwrap();
    assert_eq!((last.kind.as_str(), last.body["reason"].as_str()), (history::UNACKNOWLEDGED, Some("worse")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn words_follow_the_sender_and_a_new_severity_is_told(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    let id = gate.only().await.id;
    for (word, expected) in
        [("warning", Severity::P3), ("p0", Severity::P0), ("p0", Severity::P0), ("no such word", Severity::P2)]
    {
        let alert =
            InboundAlert { severity: word.to_owned(), summary: word.to_owned(), value: Some(7.0), ..sent("a", Act::Fire, None) };
        gate.take(vec![alert]).await;
        let row = gate.only().await;
        assert_eq!((row.severity, row.summary.ja.as_str(), row.value), (expected, word, Some(7.0)));
    }
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    assert_eq!(gate.only().await.value, Some(7.0), "a figure that is left out stays");
    let story = gate.story(id).await;
    assert_eq!(story, [history::FIRED, history::LOWERED, history::RAISED, history::LOWERED, history::RAISED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn resolved_by_hand_stays_so_while_the_sender_goes_on_about_it(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    gate.take(vec![sent("a", Act::Fire, Some(0))]).await;
    let id = gate.only().await.id;
    gate.alerting.resolve(&responder(), id, None).await.unwrap();
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(0))]).await.left, 1);
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(60))]).await.fired, 1);
    assert_eq!(gate.story(id).await, [history::FIRED, history::RESOLVED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_not_sent_again_ends_at_its_end_or_after_the_time_out(pool: PgPool) {
    let gate = Gate::with(pool, Kind::Alertmanager, Written { timeout: "10".to_owned(), ..Written::default() }).await;
    let ends = InboundAlert { ends_at: Some(START.plus_ms(240_000)), ..sent("ends", Act::Fire, Some(0)) };
    gate.take(vec![ends.clone(), sent("silent", Act::Fire, Some(0))]).await;
    gate.clock.advance_ms(239_999);
    assert_eq!(gate.inbound().expire().await.unwrap(), 0);
    gate.clock.advance_ms(1);
    assert_eq!((gate.inbound().expire().await.unwrap(), gate.inbound().expire().await.unwrap()), (1, 0));
    let row = gate.shown(Show::Resolved).await.remove(0);
    assert_eq!((row.labels.get("host"), row.resolved_reason), ("ends", Some(ResolveReason::Recovered)));
    // Sent again: the time-out counts from there.
    gate.take(vec![sent("silent", Act::Fire, Some(0))]).await;
    assert_eq!((gate.listen_ms(599_999).await, gate.listen_ms(1).await), (0, 1));
    let row = gate.shown(Show::Resolved).await.remove(0);
    assert_eq!((row.labels.get("host"), row.resolved_reason), ("silent", Some(ResolveReason::NoData)));
    assert_eq!(gate.story(row.id).await, [history::FIRED, history::RESOLVED]);
    assert_eq!(gate.take(vec![sent("silent", Act::Fire, Some(0))]).await.fired, 1, "silence was only our guess");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_beginning_that_is_corrected_to_an_earlier_one_keeps_nothing_from_ending(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    gate.take(vec![sent("a", Act::Fire, Some(0))]).await;
    // The other Prometheus of a pair saw it fifteen seconds before.
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(-15))]).await.updated, 1);
    let over = InboundAlert { ends_at: Some(START.plus_ms(60_000)), ..sent("a", Act::Resolve, Some(-15)) };
    assert_eq!(gate.take(vec![over]).await.resolved, 1);
    assert_eq!(gate.take(vec![sent("a", Act::Fire, Some(0))]).await.left, 1, "overtaken by its own end");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_ended_by_its_own_word_fires_again_when_its_sender_goes_on(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let until = |seconds: i64| InboundAlert { ends_at: Some(START.plus_ms(seconds * 1_000)), ..sent("a", Act::Fire, Some(0)) };
    gate.take(vec![until(60)]).await;
    gate.clock.advance_ms(60_000);
    assert_eq!(gate.inbound().expire().await.unwrap(), 1);
    assert_eq!(gate.take(vec![until(60)]).await.left, 1, "it says nothing new");
    assert_eq!(gate.take(vec![until(120)]).await.fired, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn silence_that_nobody_listened_to_ends_nothing(pool: PgPool) {
    let gate = Gate::with(pool, Kind::Json, Written { timeout: "10".to_owned(), ..Written::default() }).await;
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    gate.listen_ms(60_000).await;
    // The server was down for an hour: no sender could reach it.
    gate.clock.advance_ms(3_600_000);
    assert_eq!((gate.listen_ms(599_999).await, gate.listen_ms(1).await), (0, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_senders_may_use_the_same_key(pool: PgPool) {
    let gate = Gate::new(pool.clone(), Kind::Json).await;
    let other = Gate::new(pool, Kind::Json).await;
    assert_eq!(other.integration().await.slug, "tokyo-tool-2");
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    other.take(vec![sent("a", Act::Fire, None)]).await;
    other.take(vec![sent("a", Act::Resolve, None)]).await;
    let open = gate.shown(Show::Open).await;
    assert_eq!((open.len(), open[0].labels.get("integration")), (1, "tokyo-tool"));
}
