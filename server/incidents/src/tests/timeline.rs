//! Lines that people write: notes, corrections, pins, graphs, updates, and very many of them.

use super::{House, MINUTE, START, actor, person, works};
use crate::error::Error;
use crate::needs::GraphAsk;
use crate::timeline::{Entry, EntryId, EntryKind, TimelineFilter};
use crate::{Definition, Incident, NewUpdate, Seen};
use model::access::SetUpIncidents;
use model::incident::Move;
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_correction_keeps_the_original(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    house.clock.advance_ms(10 * MINUTE);
    let moment = START.plus_ms(5 * MINUTE);
    let note: EntryId = house.incidents.note(&works(1), incident.id, " 17:35 に再起動した ", Some(moment)).await.unwrap();
    let later = Some(START.plus_ms(7 * MINUTE));
    let correction = house.incidents.correct(&works(2), incident.id, note, "17:37 だった", later).await.unwrap();
    let lines: Vec<Entry> = house.lines(incident.id).await;
    let original = lines.iter().find(|line| line.id == note).unwrap();
    assert_eq!((original.text.as_str(), original.at, original.written_at), ("17:35 に再起動した", moment, house.now()));
    assert_eq!(original.corrected_by, Some(correction));
    let corrected = lines.iter().find(|line| line.id == correction).unwrap();
    assert_eq!((corrected.corrects, corrected.by.person, &corrected.body["at"]), (Some(note), Some(person(2)), &json!(later)));
    let written = sqlx::query("update incident_entry set text = 'x'").execute(house.db.pool()).await;
    assert!(written.unwrap_err().to_string().contains("append-only"));
    let erased = sqlx::query("delete from incident_entry").execute(house.db.pool()).await;
    assert!(erased.unwrap_err().to_string().contains("append-only"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn pins_come_and_go_and_are_listed(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    let note: EntryId = house.incidents.note(&works(1), incident.id, "原因は証明書の期限切れ", None).await.unwrap();
    assert!(house.incidents.pin(&works(2), incident.id, note).await.unwrap());
    assert!(!house.incidents.pin(&works(2), incident.id, note).await.unwrap());
    let pinned = TimelineFilter { only_pinned: true, limit: 10, ..TimelineFilter::default() };
    let found: Vec<Entry> = house.incidents.timeline(&actor(1), incident.id, &pinned).await.unwrap();
    assert_eq!((found.len(), found[0].pin.as_ref().map(|pin| pin.by.as_str())), (1, Some("person 2")));
    assert!(house.incidents.unpin(&works(1), incident.id, note).await.unwrap());
    assert!(house.incidents.timeline(&actor(1), incident.id, &pinned).await.unwrap().is_empty());
    let other: Incident = house.declare("P1").await;
    let elsewhere = house.incidents.pin(&works(1), other.id, note).await;
    assert!(matches!(elsewhere, Err(Error::NoPart { what: "line", .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn graphs_are_kept_as_they_were(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    let ask = GraphAsk { query: "up".to_owned(), from: START.plus_ms(-60 * MINUTE), until: START, step_ms: 15_000 };
    let graph = house.incidents.freeze_graph(&works(1), incident.id, "応答", &ask).await.unwrap();
    let frozen = house.incidents.graph(&actor(2), incident.id, graph).await.unwrap().unwrap();
    assert_eq!((frozen.data, frozen.from, frozen.step_ms), (json!({ "query": "up", "points": [[1, 2.5]] }), ask.from, 15_000));
    for (ask, title) in [
        (GraphAsk { query: "broken".to_owned(), ..ask.clone() }, "a"),
        (GraphAsk { step_ms: 1, ..ask.clone() }, "a"),
        (GraphAsk { until: ask.from, ..ask.clone() }, "a"),
        (GraphAsk { query: " ".to_owned(), ..ask.clone() }, "a"),
        (ask.clone(), " "),
    ] {
        let refused = house.incidents.freeze_graph(&works(1), incident.id, title, &ask).await;
        let is_told =
            matches!(refused, Err(Error::NoGraph { .. } | Error::Large { .. } | Error::BadTime { .. } | Error::Empty { .. }));
        assert!(is_told, "{ask:?}");
    }
    let other: Incident = house.declare("P1").await;
    assert_eq!(house.incidents.graph(&actor(1), other.id, graph).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_followed_it_before_it_became_private_hears_no_more_of_it(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    for follower in [2, 5] {
        assert!(house.incidents.follow(&works(follower), incident.id).await.unwrap());
    }
    house.incidents.set_visibility(&works(1), Seen::any(incident.id), true, &[person(2)]).await.unwrap();
    let update = NewUpdate { ja: "調査中です".to_owned(), en: String::new() };
    house.incidents.post_update(&works(1), incident.id, &update).await.unwrap();
    let said = house.world.announced.lock().unwrap().clone();
    assert_eq!((said[0].followers.clone(), said[0].is_private), (vec![person(2)], true));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_update_goes_to_channels_and_followers_in_both_languages(pool: PgPool) {
    let house = House::new(pool).await;
    let channels = Definition { announce_channels: vec!["status".to_owned()], ..Definition::default() };
    house.incidents.set_up(&super::grant::<SetUpIncidents>(&actor(8)), &channels, 0).await.unwrap();
    let incident: Incident = house.declare("P1").await;
    assert!(house.incidents.follow(&works(5), incident.id).await.unwrap());
    let update = NewUpdate { ja: "復旧作業中です".to_owned(), en: "Recovery is under way".to_owned() };
    house.incidents.post_update(&works(1), incident.id, &update).await.unwrap();
    let said = house.world.announced.lock().unwrap().clone();
    assert_eq!(
        (said[0].ja.as_str(), said[0].en.as_str(), said[0].channels.clone()),
        ("復旧作業中です", "Recovery is under way", vec!["status".to_owned()])
    );
    assert_eq!((said[0].followers.clone(), said[0].next_at), (vec![person(5)], Some(START.plus_ms(60 * MINUTE))));
    assert_eq!(house.incident(incident.id).await.moments.informed_at, Some(START));
    let empty = house.incidents.post_update(&works(1), incident.id, &NewUpdate::default()).await;
    assert!(matches!(empty, Err(Error::Empty { .. })));
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Resolve, "").await.unwrap();
    let last = house.incidents.post_update(&works(1), incident.id, &update).await.unwrap();
    assert_eq!(last.next_at, None, "it is over, and may still be said");
    house.incidents.set_visibility(&works(1), Seen::any(incident.id), true, &[]).await.unwrap();
    house.incidents.post_update(&works(1), incident.id, &update).await.unwrap();
    assert!(house.world.announced.lock().unwrap()[2].channels.is_empty(), "what is private goes to nobody else");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_thousand_lines_are_read_in_stretches_without_a_hole(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    sqlx::query(
        "insert into incident_entry (incident, origin, at, written_at, kind, author, text, body)
         select $1, $1, to_timestamp($2::double precision / 1000) + (n / 3) * interval '1 second', now(), 'note', 'a', n::text, '{}'
         from generate_series(1, 2000) n",
    )
    .bind(incident.id.0)
    .bind(START.0)
    .execute(house.db.pool())
    .await
    .unwrap();
    let mut read: Vec<Entry> = Vec::new();
    let mut filter = TimelineFilter { kinds: vec![EntryKind::Note], limit: 300, ..TimelineFilter::default() };
    loop {
        let stretch: Vec<Entry> = house.incidents.timeline(&actor(1), incident.id, &filter).await.unwrap();
        let Some(last) = stretch.last() else { break };
        filter.before = Some((last.at, last.id));
        read.extend(stretch);
    }
    let texts: Vec<usize> = read.iter().map(|line| line.text.parse().unwrap()).collect();
    assert_eq!(texts, (1..=2_000).rev().collect::<Vec<usize>>());
    let all = TimelineFilter { limit: 1_000_000, ..TimelineFilter::default() };
    assert_eq!(house.incidents.timeline(&actor(1), incident.id, &all).await.unwrap().len(), 500, "memory has a bound");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nonsense_is_refused(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    for (text, at) in [("", None), ("a", Some(START.plus_ms(2 * MINUTE))), ("a", Some(model::Time(-1)))] {
        assert!(house.incidents.note(&works(1), incident.id, text, at).await.is_err(), "{text} {at:?}");
    }
    let long: String = "長".repeat(20_001);
    assert!(matches!(house.incidents.note(&works(1), incident.id, &long, None).await, Err(Error::Large { .. })));
    let nowhere = house.incidents.correct(&works(1), incident.id, EntryId(999_999), "a", None).await;
    assert!(matches!(nowhere, Err(Error::NoPart { .. })));
}
