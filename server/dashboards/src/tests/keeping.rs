use super::{DAY_MS, World, board, grant, person, world};
use crate::grafana;
use crate::kept::{Listed, Origin, Version};
use crate::{Error, TRASH_DAYS};
use dashboard::{Dashboard, Said};
use kernel::Grant;
use model::access::{EditDashboards, ReadConsole};
use sqlx::PgPool;

fn editor() -> Grant<EditDashboards> {
    grant(1, "花子")
}

fn numbers(versions: &[Version]) -> Vec<i64> {
    versions.iter().map(|version| version.version).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_the_release_ships_is_there_before_anybody_saved_anything(pool: PgPool) {
    let World { room, .. } = world(pool);
    let all: Vec<Listed> = room.all(None).await.unwrap();
    assert_eq!(all.len(), room.shipped.len());
    assert!(all.iter().all(|one| one.version == 0 && one.origin == Origin::Shipped && one.n_panels > 0));
    assert_eq!(numbers(&room.versions("host").await.unwrap()), [0]);
    assert!(matches!(room.one("absent").await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_save_is_a_version_that_can_be_had_back(pool: PgPool) {
    let World { room, .. } = world(pool);
    let mut shop: Dashboard = board("shop", "Shop");
    assert_eq!(room.save(&editor(), &shop, None, "begun").await.unwrap(), 1);
    shop.title = Said::same("Shop, all of it");
    assert_eq!(room.save(&editor(), &shop, Some(1), "renamed").await.unwrap(), 2);
    assert_eq!(room.restore(&editor(), "shop", 1).await.unwrap(), 3);
    let newest = room.one("shop").await.unwrap();
    assert_eq!((newest.dashboard.title, newest.version, newest.by.as_deref()), (Said::same("Shop"), 3, Some("花子")));
    let versions: Vec<Version> = room.versions("shop").await.unwrap();
    assert_eq!(numbers(&versions), [3, 2, 1]);
    assert_eq!(versions[1].comment, "renamed");
    assert_eq!(room.version("shop", 2).await.unwrap().dashboard, shop);
    assert!(matches!(room.version("shop", 9).await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_writes_over_what_they_have_not_seen(pool: PgPool) {
    let World { room, .. } = world(pool);
    let shop: Dashboard = board("shop", "Shop");
    room.save(&editor(), &shop, None, "").await.unwrap();
    room.save(&grant(2, "次郎"), &shop, Some(1), "").await.unwrap();
    let Err(Error::Stale { newest, by, .. }) = room.save(&editor(), &shop, Some(1), "").await else { panic!("saved") };
    assert_eq!((newest, by.as_str()), (2, "次郎"));
    assert!(matches!(room.save(&editor(), &shop, None, "").await, Err(Error::Taken(_))));
    assert!(matches!(room.save(&editor(), &board("host", "Mine"), None, "").await, Err(Error::Taken(_))));
    assert!(matches!(room.save(&editor(), &board("Not a slug", "x"), None, "").await, Err(Error::Unlawful(_))));
    assert!(matches!(room.save(&editor(), &shop, Some(2), &"見".repeat(1_001)).await, Err(Error::Comment(1_000))));
    assert_eq!(room.one("shop").await.unwrap().version, 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_shipped_one_that_was_changed_can_be_had_back_as_shipped(pool: PgPool) {
    let World { room, .. } = world(pool);
    let shipped: Dashboard = room.one("host").await.unwrap().dashboard;
    let mine = Dashboard { title: Said::same("Our hosts"), ..shipped.clone() };
    assert_eq!(room.save(&editor(), &mine, Some(0), "").await.unwrap(), 1);
    assert_eq!(room.restore(&editor(), "host", 0).await.unwrap(), 2);
    assert_eq!(room.one("host").await.unwrap().dashboard, shipped);
    assert_eq!(numbers(&room.versions("host").await.unwrap()), [2, 1, 0]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_trash_gives_back_for_thirty_days(pool: PgPool) {
    let World { room, clock } = world(pool);
    room.save(&editor(), &board("shop", "Shop"), None, "").await.unwrap();
    for slug in ["shop", "host"] {
        room.remove(&editor(), slug).await.unwrap();
        assert!(matches!(room.one(slug).await, Err(Error::NotFound(_))));
        assert!(matches!(room.remove(&editor(), slug).await, Err(Error::NotFound(_))));
    }
    assert_eq!(room.removed().await.unwrap().len(), 2);
    assert!(matches!(room.save(&editor(), &board("shop", "New"), None, "").await, Err(Error::Taken(_))));
    room.revive(&editor(), "shop").await.unwrap();
    assert_eq!(room.one("shop").await.unwrap().version, 1);
    assert!(matches!(room.revive(&editor(), "shop").await, Err(Error::NotFound(_))));
    room.remove(&editor(), "shop").await.unwrap();
    clock.advance_ms(TRASH_DAYS * DAY_MS + 1);
    room.tidy_up().await.unwrap();
    assert_eq!(room.removed().await.unwrap().iter().map(|one| one.slug.as_str()).collect::<Vec<_>>(), ["host"]);
    assert!(room.save(&editor(), &board("shop", "New"), None, "").await.is_ok(), "the slug is free again");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_star_is_its_owners_alone(pool: PgPool) {
    let World { room, .. } = world(pool);
    let reader: Grant<ReadConsole> = grant(1, "花子");
    room.star(&reader, person(1), "host", true).await.unwrap();
    room.star(&reader, person(1), "host", true).await.unwrap();
    let starred = |all: Vec<Listed>| all.into_iter().filter(|one| one.is_starred).map(|one| one.slug).collect::<Vec<String>>();
    assert_eq!(starred(room.all(Some(person(1))).await.unwrap()), ["host"]);
    assert!(starred(room.all(Some(person(2))).await.unwrap()).is_empty());
    assert!(room.is_starred(person(1), "host").await.unwrap());
    room.star(&reader, person(1), "host", false).await.unwrap();
    assert!(!room.is_starred(person(1), "host").await.unwrap());
    assert!(matches!(room.star(&reader, person(1), "absent", true).await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn copies_and_imports_find_a_free_address(pool: PgPool) {
    let World { room, .. } = world(pool);
    assert_eq!(room.copy(&editor(), "host", &Said::same("Hosts EU")).await.unwrap(), "hosts-eu");
    assert_eq!(room.copy(&editor(), "host", &Said::same("Hosts EU")).await.unwrap(), "hosts-eu-2");
    assert_eq!(room.copy(&editor(), "host", &Said::same("ホスト")).await.unwrap(), "copy-of-host");
    let import = grafana::read(include_str!("../grafana/fixtures/hosts.json")).unwrap();
    let (slug, version) = room.import(&editor(), &import, "from Grafana").await.unwrap();
    let (second, _) = room.import(&editor(), &import, "again").await.unwrap();
    assert_ne!(slug, second);
    let kept = room.version(&slug, version).await.unwrap();
    assert_eq!((kept.version.origin, kept.version.n_notes), (Origin::Grafana, import.not_mapped.len()));
    assert_eq!(kept.notes, import.not_mapped);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_who_save_at_once_one_is_told(pool: PgPool) {
    let World { room, .. } = world(pool);
    room.save(&editor(), &board("shop", "Shop"), None, "").await.unwrap();
    let (one, other) = (board("shop", "One"), board("shop", "Other"));
    let (first, second) = (editor(), grant(2, "次郎"));
    let (one, other) = futures::future::join(room.save(&first, &one, Some(1), ""), room.save(&second, &other, Some(1), "")).await;
    assert_eq!([one.is_ok(), other.is_ok()].into_iter().filter(|is_saved| *is_saved).count(), 1);
    assert_eq!(room.one("shop").await.unwrap().version, 2);
}
