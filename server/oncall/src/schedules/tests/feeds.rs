//! Calendars that subscribe: what they get, by which key, and when it is dead.

use super::{House, for_all, instead, pair, person};
use crate::Error;
use crate::schedules::definition::{Definition, ScheduleId};
use crate::schedules::feeds::{FeedKind, Keyed};
use crate::schedules::refused::Refused;
use crate::tests::{actor, grant};
use figures::Locale;
use kernel::Grant;
use model::access::ChangeOwnAccount;
use sqlx::PgPool;

fn own(n: u128) -> Grant<ChangeOwnAccount> {
    grant(&actor(n))
}

async fn file(house: &House, key: &str) -> String {
    house.schedules.feed_file(key).await.unwrap().unwrap()
}

/// What begins with `name`, in the order of the file.
fn values(file: &str, name: &str) -> Vec<String> {
    let unfolded: String = file.replace("\r\n ", "");
    unfolded.lines().filter_map(|line| line.strip_prefix(name)).map(str::to_owned).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn each_kind_has_its_own_shifts(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let other =
        Definition { name: "web".to_owned(), owner: Some("others".to_owned()), title_ja: "ウェブ".to_owned(), ..pair() };
    let web: ScheduleId = house.schedules.make(&super::editor(), &other, super::Effective::NextHandoff).await.unwrap();
    let feed = async |kind: FeedKind| -> Vec<String> {
        let keyed: Keyed = house.schedules.make_feed(&own(1), &kind, Locale::Ja).await.unwrap();
        values(&file(&house, &keyed.key).await, "SUMMARY:")
    };
    let mine: Vec<String> = feed(FeedKind::Person(person(1))).await;
    assert_eq!(&mine[..2], ["当番（プライマリ）payments", "当番（プライマリ）ウェブ"]);
    assert!(mine.iter().all(|summary| !summary.contains("person")));
    let all: Vec<String> = feed(FeedKind::Schedule(web)).await;
    assert!(all.contains(&"person 2 当番（セカンダリ）ウェブ".to_owned()), "{all:?}");
    let team: Vec<String> = feed(FeedKind::Team("web".to_owned())).await;
    assert!(team.len() > 40 && team.iter().all(|summary| summary.ends_with("payments")), "{team:?}");
    assert_eq!(house.schedules.feeds(&own(1)).await.unwrap().len(), 3);
    assert_eq!(house.schedules.feeds(&own(2)).await.unwrap().len(), 0, "only one's own");
    assert!(house.kinds(id).await.iter().all(|kind| kind != "FeedMade"), "it is its person's history");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn shifts_keep_their_names_and_a_change_is_a_sequence_later(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let keyed: Keyed = house.schedules.make_feed(&own(2), &FeedKind::Schedule(id), Locale::En).await.unwrap();
    let before: String = file(&house, &keyed.key).await;
    house.go("2026-11-27T12:00").await;
    let later: String = file(&house, &keyed.key).await;
    let first = |file: &str| values(file, "UID:").into_iter().take(20).collect::<Vec<String>>();
    assert_eq!(first(&before), first(&later));
    assert_eq!(values(&before, "SEQUENCE:")[0], "1");
    house.schedules.make_override(&for_all(), &instead(id, 4, "2026-12-01T00:00", "2026-12-02T00:00")).await.unwrap();
    let changed: String = file(&house, &keyed.key).await;
    assert!(values(&changed, "SEQUENCE:").iter().all(|sequence| sequence == "2"));
    assert!(values(&changed, "DESCRIPTION:").contains(&"By an override.".to_owned()));
    assert!(values(&changed, "DTSTART:").contains(&"20261130T150000Z".to_owned()), "expanded, in UTC");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_key_is_dead_with_another_key_with_its_feed_and_with_its_person(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let keyed: Keyed = house.schedules.make_feed(&own(2), &FeedKind::Schedule(id), Locale::En).await.unwrap();
    let is_good = async |key: &str| house.schedules.feed_file(key).await.unwrap().is_some();
    assert!(is_good(&keyed.key).await);
    assert!(!is_good("").await && !is_good(&"a".repeat(32)).await && !is_good(&format!("{}'", &keyed.key[1..])).await);
    let theirs = house.schedules.rekey_feed(&own(3), keyed.id).await.unwrap_err();
    assert!(matches!(theirs, Error::Schedule(Refused::NoFeed)), "one's own only");
    let other: Keyed = house.schedules.rekey_feed(&own(2), keyed.id).await.unwrap();
    assert!(!is_good(&keyed.key).await && is_good(&other.key).await);
    house.set_staffer(2, |staffer| staffer.may_come_in = false);
    assert!(!is_good(&other.key).await);
    house.set_staffer(2, |staffer| staffer.may_come_in = true);
    house.schedules.remove_feed(&own(2), keyed.id).await.unwrap();
    assert!(!is_good(&other.key).await);
    let stored: i64 = sqlx::query_scalar("select count(*) from oncall_feed").fetch_one(house.db.pool()).await.unwrap();
    assert_eq!(stored, 0);
}
