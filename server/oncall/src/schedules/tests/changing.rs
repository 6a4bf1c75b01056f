//! A change closes layers and begins others, when it should, and shows before what it would do.

use super::{House, editor, members, pair, span, tokyo, weekly};
use crate::Error;
use crate::schedules::change::Effective;
use crate::schedules::definition::{Definition, ScheduleRow};
use crate::schedules::keeping::Preview;
use crate::schedules::refused::Refused;
use model::ids::PersonId;
use model::rota::{DutyRole, Segment, render};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_change_takes_effect_at_the_next_handoff_unless_a_moment_is_named(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.change(id, Effective::NextHandoff, |wanted| wanted.layers[0].rotation.members = members(&[4])).await;
    let after: Vec<String> = house.primary(id, "2026-11-24T12:00", "2026-12-14T10:00").await;
    assert_eq!(after, ["1 2026-11-24T12:00 2026-11-30T10:00", "4 2026-11-30T10:00 2026-12-14T10:00"]);
    let at = Effective::At(tokyo("2026-11-26T09:00"));
    house.change(id, at, |wanted| wanted.layers[0].rotation.members = members(&[3])).await;
    let after: Vec<String> = house.primary(id, "2026-11-24T12:00", "2026-12-14T10:00").await;
    let expected = ["1 2026-11-24T12:00 2026-11-26T09:00", "3 2026-11-26T09:00 2026-12-14T10:00"];
    assert_eq!(after, expected, "what the first change had still to bring is cut off");
    let past = Effective::At(tokyo("2026-11-01T00:00"));
    house.change(id, past, |wanted| wanted.layers[0].rotation.members = members(&[2])).await;
    let after: Vec<String> = house.primary(id, "2026-11-24T12:00", "2026-12-14T10:00").await;
    assert_eq!(after, ["2 2026-11-24T12:00 2026-12-14T10:00"], "nothing begins before now");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_layer_that_says_the_same_goes_on_as_it_is(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let before: ScheduleRow = house.schedules.one(id).await.unwrap().unwrap();
    house.change(id, Effective::NextHandoff, |wanted| wanted.title_ja = "決済".to_owned()).await;
    let after: ScheduleRow = house.schedules.one(id).await.unwrap().unwrap();
    assert_eq!(after.layers, before.layers);
    assert_eq!((after.version, after.title(true), after.title(false)), (2, "決済", "payments"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_preview_says_what_saving_then_does(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let row: ScheduleRow = house.schedules.one(id).await.unwrap().unwrap();
    let mut wanted: Definition = row.definition.clone();
    wanted.layers[0].rotation.members = members(&[1, 2, 3]);
    wanted.layers.push(weekly(&[4], DutyRole::Shadow, 0));
    let preview: Preview = house.schedules.preview(Some(id), &wanted, Effective::NextHandoff).await.unwrap();
    assert_eq!(preview.takes_effect, Some(tokyo("2026-11-30T10:00")));
    let first = &preview.changes[0];
    assert_eq!((first.role.clone(), first.start), (DutyRole::Primary, tokyo("2026-12-14T10:00")), "4 drops out of week three");
    assert_eq!(house.schedules.one(id).await.unwrap().unwrap(), row, "nothing was saved");
    house.schedules.change(&editor(), id, &wanted, 1, Effective::NextHandoff).await.unwrap();
    let rendering = house.schedules.render(id, preview.window).await.unwrap();
    let who = |segments: &[Segment]| -> Vec<String> { super::lines(segments, &DutyRole::Primary) };
    assert_eq!(who(&rendering.segments), who(&preview.after));
    let changes: Vec<_> = rendering.overrides.iter().map(|row| row.change.clone()).collect();
    let by_browser: Vec<Segment> = render(&rendering.schedule.model(), &changes, &rendering.almanac, preview.window);
    assert_eq!(by_browser, rendering.segments, "a browser works the same out from what it is sent");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_saves_names_the_version_they_looked_at(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.change(id, Effective::NextHandoff, |wanted| wanted.title_en = "Payments".to_owned()).await;
    let stale = house.schedules.change(&editor(), id, &pair(), 1, Effective::NextHandoff).await.unwrap_err();
    assert!(matches!(&stale, Error::Schedule(refused @ Refused::Stale { expected: 1, found: 2 }) if refused.is_conflict()));
    let stale = house.schedules.remove(&editor(), id, 1).await.unwrap_err();
    assert!(matches!(stale, Error::Schedule(Refused::Stale { .. })));
    let mut gone: Definition = house.schedules.one(id).await.unwrap().unwrap().definition;
    gone.layers[0].id = Some(model::ids::LayerId(Uuid::from_u128(99)));
    let lost = house.schedules.change(&editor(), id, &gone, 2, Effective::NextHandoff).await.unwrap_err();
    assert!(matches!(lost, Error::Schedule(Refused::NoLayer)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_is_refused(pool: PgPool) {
    let (house, _) = House::with_pair(pool).await;
    let refused = async |change: fn(&mut Definition)| -> Refused {
        let mut wanted = Definition { name: "other".to_owned(), ..pair() };
        change(&mut wanted);
        match house.schedules.make(&editor(), &wanted, Effective::NextHandoff).await {
            Err(Error::Schedule(refused)) => refused,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(|wanted| wanted.name = "payments".to_owned()).await, Refused::Taken("payments".to_owned()));
    assert_eq!(refused(|wanted| wanted.name = "a b".to_owned()).await, Refused::Name("a b".to_owned()));
    assert_eq!(refused(|wanted| wanted.zone = "Mars/Base".to_owned()).await, Refused::Zone("Mars/Base".to_owned()));
    assert_eq!(refused(|wanted| wanted.calendar = "moon".to_owned()).await, Refused::NoCalendar("moon".to_owned()));
    assert_eq!(refused(|wanted| wanted.most_hours = 0).await, Refused::MostHours);
    assert_eq!(
        refused(|wanted| wanted.layers[0].rotation.members = members(&[9])).await,
        Refused::NoPerson(PersonId(Uuid::from_u128(9)))
    );
    assert!(matches!(refused(|wanted| wanted.layers[0].rotation.every = 0).await, Refused::BadTurns(_)));
    assert!(matches!(refused(|wanted| wanted.layers[0].rank = i32::MIN).await, Refused::BadLayer(_)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_that_is_gone_pages_nobody_and_its_name_is_free(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.go("2026-12-01T12:00").await;
    house.schedules.remove(&editor(), id, 1).await.unwrap();
    assert!(house.schedules.list().await.unwrap().is_empty());
    assert!(house.schedules.findings(None).await.unwrap().0.is_empty());
    let mut tx = house.db.begin().await.unwrap();
    assert!(house.schedules.who_at(&mut tx, "payments", "primary", tokyo("2026-12-02T12:00")).await.unwrap().is_empty());
    let facts = crate::store::schedules::facts::within(&mut tx, id, span("2026-11-24T12:00", "2026-12-02T00:00")).await.unwrap();
    assert_eq!(facts.last().map(|segment| segment.end), Some(tokyo("2026-12-01T12:00")), "its history is whole");
    drop(tx);
    house.schedules.make(&editor(), &pair(), Effective::NextHandoff).await.unwrap();
    let kinds: Vec<String> = house.kinds(id).await;
    assert_eq!((kinds[0].as_str(), kinds.last().map(String::as_str)), ("ScheduleMade", Some("ScheduleRemoved")));
}
