//! Schedules as code: planned, put in force at the next handoffs, printed back.

use super::{House, editor, pair, tokyo};
use crate::policies::file::PolicyFile;
use crate::schedules::Schedules;
use crate::schedules::applying::{Effect, Planned, Rehearsed};
use crate::schedules::change::Effective;
use crate::schedules::definition::ScheduleRow;
use crate::schedules::file::WrittenSchedules;
use crate::schedules::telling;
use crate::tests::grant;
use kernel::{Grant, Tx, facts};
use model::access::ApplyRules;
use model::{Actor, Time};
use sqlx::PgPool;

const TWO: &str = "\
schedules:
  - name: payments
    owner: web
    zone: Asia/Tokyo
    layers:
      - name: weekly
        rotation: {unit: week, start: 2026-11-23T10:00, members: [person-1@example.jp, person-2@example.jp]}
  - name: web
    zone: Europe/Berlin
    calendar: none
    layers: []
";

fn read(text: &str) -> WrittenSchedules {
    Schedules::check_files(&[PolicyFile { name: "s.yaml".to_owned(), text: text.to_owned() }]).unwrap()
}

async fn plan(house: &House, text: &str) -> Planned {
    house.schedules.rehearse(&read(text)).await.unwrap().planned
}

fn apply() -> Grant<ApplyRules> {
    grant(&Actor::worker("apply"))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn files_replace_what_came_with_files_and_leave_what_was_saved_by_hand(pool: PgPool) {
    let house = House::new(pool).await;
    let by_hand = super::Definition { name: "by-hand".to_owned(), ..pair() };
    house.schedules.make(&editor(), &by_hand, Effective::NextHandoff).await.unwrap();
    let all = Planned { added: names(&["payments", "web"]), ..Planned::default() };
    assert_eq!(plan(&house, TWO).await, all);
    assert_eq!(house.schedules.apply(&apply(), &read(TWO)).await.unwrap(), all);
    assert_eq!(plan(&house, TWO).await, Planned::default(), "nothing is left to do");
    let row: ScheduleRow = house.schedules.by_name("payments").await.unwrap().unwrap();
    assert!(row.is_from_file);
    house.change(row.id, Effective::NextHandoff, |wanted| wanted.title_en = "Payments".to_owned()).await;
    let only: String = TWO.split("  - name: web").next().unwrap().to_owned();
    let expected = Planned {
        changed: names(&["payments"]),
        overwritten: names(&["payments"]),
        removed: names(&["web"]),
        ..Planned::default()
    };
    assert_eq!(house.schedules.apply(&apply(), &read(&only)).await.unwrap(), expected);
    let left: Vec<String> = house.schedules.list().await.unwrap().into_iter().map(|row| row.definition.name).collect();
    assert_eq!(left, ["by-hand", "payments"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_layer_goes_on_from_the_one_of_its_name_at_the_next_handoff(pool: PgPool) {
    let house = House::new(pool).await;
    house.schedules.apply(&apply(), &read(TWO)).await.unwrap();
    let id = house.schedules.by_name("payments").await.unwrap().unwrap().id;
    let changed: String = TWO.replace("person-2@example.jp]", "person-3@example.jp]");
    house.schedules.apply(&apply(), &read(&changed)).await.unwrap();
    let row: ScheduleRow = house.schedules.one(id).await.unwrap().unwrap();
    assert_eq!((row.layers.len(), row.layers[0].line), (2, row.layers[1].line));
    assert_eq!(row.layers[0].layer.effective_until, Some(tokyo("2026-11-30T10:00")));
    let after: Vec<String> = house.primary(id, "2026-11-24T12:00", "2026-12-07T10:00").await;
    assert_eq!(after, ["1 2026-11-24T12:00 2026-11-30T10:00", "3 2026-11-30T10:00 2026-12-07T10:00"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_address_that_is_nobodys_changes_nothing(pool: PgPool) {
    let house = House::new(pool).await;
    let strange: String = TWO.replace("person-2@example.jp", "stranger@example.jp");
    assert_refused(&house, &strange, "s.yaml:7:88: schedule payments: nobody has the address stranger@example.jp").await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_calendar_that_is_not_there_is_told_with_its_place(pool: PgPool) {
    let house = House::new(pool).await;
    let strange: String = TWO.replace("calendar: none", "calendar: school");
    let said: &str = "s.yaml:10:15: schedule web: expected the name of a calendar of holidays, found \"school\"";
    assert_refused(&house, &strange, said).await;
}

/// Neither a rehearsal nor the deed gets further than this, and nothing is changed.
async fn assert_refused(house: &House, text: &str, expected: &str) {
    let wanted: WrittenSchedules = read(text);
    assert_eq!(house.schedules.rehearse(&wanted).await.unwrap_err().to_string(), expected);
    assert_eq!(house.schedules.apply(&apply(), &wanted).await.unwrap_err().to_string(), expected);
    assert!(house.schedules.list().await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rehearsal_says_who_will_be_on_call_and_changes_nothing(pool: PgPool) {
    let house = House::new(pool).await;
    house.schedules.apply(&apply(), &read(TWO)).await.unwrap();
    let id = house.schedules.by_name("payments").await.unwrap().unwrap().id;
    let changed: String = TWO.replace("person-2@example.jp]", "person-3@example.jp]");
    let rehearsed: Rehearsed = house.schedules.rehearse(&read(&changed)).await.unwrap();
    assert_eq!(rehearsed.planned, Planned { changed: names(&["payments"]), ..Planned::default() });
    let effect: &Effect = &rehearsed.effects[0];
    let from: Option<String> = effect.from.map(|from| from.to_string());
    assert_eq!((effect.name.as_str(), from.as_deref(), effect.n_gaps), ("payments", Some("2026-11-30T10:00"), 0));
    // Every second week is another's: the first begins at the handoff, the seventh two hours before 90 days are over.
    assert_eq!(effect.n_moved, 7);
    let still: Vec<String> = house.primary(id, "2026-11-30T10:00", "2026-12-07T10:00").await;
    assert_eq!(still, ["2 2026-11-30T10:00 2026-12-07T10:00"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_applied_in_a_transaction_that_is_rolled_back_never_was(pool: PgPool) {
    let house = House::new(pool).await;
    let wanted: WrittenSchedules = read(TWO);
    let resolved = house.schedules.resolve(&wanted).await.unwrap();
    let mut tx: Tx = house.db.begin().await.unwrap();
    house.schedules.apply_in(&mut tx, &apply(), &resolved).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(house.schedules.list().await.unwrap().is_empty());
    let facts = facts::newest_since(&house.db, Time(0), &[], 100).await.unwrap();
    assert!(facts.iter().all(|fact| fact.kind != telling::MADE), "{facts:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_in_force_is_printed_as_a_file_that_can_be_applied(pool: PgPool) {
    let house = House::new(pool).await;
    house.schedules.apply(&apply(), &read(TWO)).await.unwrap();
    let printed: String = house.schedules.print().await.unwrap();
    assert_eq!(plan(&house, &printed).await, Planned::default(), "{printed}");
}
