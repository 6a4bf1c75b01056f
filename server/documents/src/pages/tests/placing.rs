//! The tree: what stands where, by which address, and what becomes of it.

use super::world::{DAY, House, manages, reads, writer, writes};
use crate::error::Error;
use crate::pages::tree::{Address, Around, MOST_DEEP, Target};
use crate::pages::{Branch, Language, NewPage, PageRow, Refused};
use crate::store::collab as store;
use crate::tests::PATIENCE;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::DocumentId;
use sqlx::PgConnection;
use uuid::Uuid;

async fn titles(house: &House, branch: Branch) -> Vec<String> {
    let nodes = house.documents.tree(&writer(1), branch.space()).await.unwrap();
    nodes.into_iter().map(|node| node.title).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_house_begins_with_four_branches_and_lays_out_its_tree_once(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let spaces = house.documents.spaces(&writer(1)).await.unwrap();
    assert_eq!(spaces.iter().map(|space| space.branch).collect::<Vec<Branch>>(), Branch::ALL);
    let made = house.documents.lay_out(&manages(), Language::Ja).await.unwrap();
    assert_eq!(made.len(), 14);
    assert!(house.documents.lay_out(&manages(), Language::Ja).await.unwrap().is_empty());
    assert_eq!(titles(&house, Branch::Record).await, ["週次ミーティング", "技術的意思決定: 題名"]);
    assert_eq!(house.page(made[0]).await.review_due_at, Some(house.now().plus_ms(90 * DAY)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_is_made_with_its_text_and_called_by_its_first_heading(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("新しいページ", "# 復旧手順\n\n本文\r\n").await;
    let page: PageRow = house.page(id).await;
    assert_eq!((page.title.as_str(), page.slug.as_str()), ("復旧手順", "復旧手順"));
    assert_eq!(house.documents.text(id).await.unwrap().text, "# 復旧手順\n\n本文\n");
    house.write(id, "# 復元手順\n").await;
    let page: PageRow = house.page(id).await;
    assert_eq!((page.title.as_str(), page.slug.as_str(), page.body.as_str()), ("復元手順", "復旧手順", "# 復元手順\n"));
    assert_eq!(house.facts(id).await, ["DocumentMade"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn pages_are_moved_between_neighbours_and_never_below_themselves(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let a = house.make("a", "").await;
    let b = house.make("b", "").await;
    let c = house.make("c", "").await;
    let space = Branch::Operations.space();
    house.documents.move_page(&writes(1), c, 1, Target { space, parent: None, before: Some(b) }).await.unwrap();
    assert_eq!(titles(&house, Branch::Operations).await, ["a", "c", "b"]);
    house.documents.move_page(&writes(1), b, 1, Target { space, parent: Some(a), before: None }).await.unwrap();
    let below = Target { space, parent: Some(b), before: None };
    let refused = house.documents.move_page(&writes(1), a, 1, below).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Circle))), "{refused:?}");
    let late = house.documents.move_page(&writes(1), b, 1, Target { space, parent: None, before: None }).await;
    assert!(matches!(late, Err(Error::Pages(Refused::Stale { expected: 1, found: 2, .. }))), "{late:?}");
    // What stands below comes along into another space.
    let away = Target { space: Branch::Record.space(), parent: None, before: None };
    house.documents.move_page(&writes(1), a, 1, away).await.unwrap();
    assert_eq!(house.page(b).await.space, Branch::Record.space());
    assert_eq!(titles(&house, Branch::Operations).await, ["c"]);
    let way = house.documents.way_to(&writer(1), b).await.unwrap();
    assert_eq!(way.iter().map(|page| page.title.as_str()).collect::<Vec<&str>>(), ["a", "b"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_tree_has_a_depth(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let mut parent: Option<DocumentId> = None;
    for n in 0..MOST_DEEP {
        parent = Some(house.make_in(Branch::User, parent, &format!("{n}"), "").await);
    }
    let deeper = NewPage { parent, ..NewPage::new(Branch::User.space(), "too deep", &writer(1)) };
    let refused = house.documents.make_page(&writes(1), deeper).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Deep { .. }))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_address_that_was_left_leads_on_until_another_page_takes_it(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("デプロイ", "").await;
    let other = house.make("デプロイ", "").await;
    assert_eq!(house.page(other).await.slug, "デプロイ-2");
    let taken = house.documents.rename_page(&writes(1), other, 1, "デプロイ").await;
    assert!(matches!(taken, Err(Error::Pages(Refused::SlugTaken { .. }))), "{taken:?}");
    let new: String = house.documents.rename_page(&writes(1), id, 1, "Release 手順").await.unwrap();
    assert_eq!(new, "release-手順");
    let me = writer(1);
    let at = |slug: &'static str| house.documents.page_at(&me, slug);
    assert_eq!(at("デプロイ").await.unwrap(), Address::Moved { slug: new.clone() });
    assert!(matches!(at("release-手順").await.unwrap(), Address::Page(_)));
    assert_eq!(at("無い").await.unwrap(), Address::Nothing);
    house.documents.rename_page(&writes(1), other, 1, "デプロイ").await.unwrap();
    let Address::Page(found) = at("デプロイ").await.unwrap() else { panic!("the page that took it") };
    assert_eq!(found.id, other);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_links_here_is_known_by_new_and_old_addresses(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("Deploy", "").await;
    let first = house.make("first", "[a](/documents/deploy#s-x)").await;
    house.documents.rename_page(&writes(1), id, 1, "release").await.unwrap();
    let second = house.make("second", "[b](/documents/release)").await;
    let linking = house.documents.backlinks(&writer(1), id).await.unwrap();
    let mut ids: Vec<DocumentId> = linking.into_iter().map(|page| page.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [first, second]);
    house.write(first, "nothing any more").await;
    assert_eq!(house.documents.backlinks(&writer(1), id).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn texts_of_a_branch_are_thrown_away_in_the_order_of_their_ids(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let (one, other) = (house.make("a", "").await, house.make("b", "").await);
    let (first, top) = (one.min(other), one.max(other));
    let target = Target { space: Branch::Operations.space(), parent: Some(top), before: None };
    house.documents.move_page(&writes(1), first, 1, target).await.unwrap();
    // Whoever writes in the text with the lower id holds its row.
    let mut tx: Tx = house.db.begin().await.unwrap();
    store::lock_head(&mut tx, first).await.unwrap();
    let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let meanwhile = async {
        let mut n_waiting: i64 = 0;
        while n_waiting == 0 {
            n_waiting = sqlx::query_scalar(waits).fetch_one(house.db.pool()).await.unwrap();
        }
        let free = "select id from collab_doc where id = $1 for update skip locked";
        let free: Option<Uuid> = sqlx::query_scalar(free).bind(top.0).fetch_optional(&mut *tx).await.unwrap();
        tx.rollback().await.unwrap();
        free
    };
    let (grant, version): (Grant<WriteDocuments>, i64) = (writes(1), house.page(top).await.version);
    let both = async { tokio::join!(house.documents.throw_away(&grant, top, version), meanwhile) };
    let (thrown, free) = tokio::time::timeout(PATIENCE, both).await.expect("neither waits for the other");
    assert_eq!((thrown.unwrap(), free), (2, Some(top.0)), "the other text waits behind the first");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_thrown_away_comes_back_with_what_stood_below_it(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let top = house.make("top", "").await;
    let below = house.make_in(Branch::Operations, Some(top), "below", "見つかる").await;
    assert_eq!(house.documents.throw_away(&writes(1), top, 1).await.unwrap(), 2);
    assert!(titles(&house, Branch::Operations).await.is_empty());
    assert!(house.documents.put_text(&writer(1), below, "x", None).await.is_err(), "nobody writes in the trash");
    assert_eq!(house.documents.trashed(&writer(1)).await.unwrap().len(), 1);
    let not_alone = house.documents.bring_back(&writes(1), below).await;
    assert!(matches!(not_alone, Err(Error::Pages(Refused::NotTrashed))), "{not_alone:?}");
    assert_eq!(house.documents.bring_back(&writes(1), top).await.unwrap(), 2);
    assert_eq!(titles(&house, Branch::Operations).await, ["top", "below"]);
    house.write(below, "wieder").await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_deleted_for_good_can_not_be_read_by_anybody(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("geheim", "- [ ] step").await;
    house.documents.begin_run(&writes(1), id, None, None).await.unwrap();
    let early = house.documents.delete_for_good(&manages(), id).await;
    assert!(matches!(early, Err(Error::Pages(Refused::NotTrashed))), "{early:?}");
    house.documents.throw_away(&writes(1), id, 1).await.unwrap();
    house.documents.delete_for_good(&manages(), id).await.unwrap();
    assert_eq!(house.page(id).await.body, "");
    assert!(house.documents.trashed(&super::world::admin()).await.unwrap().is_empty());
    assert!(house.documents.text(id).await.is_err());
    let again = house.documents.bring_back(&super::world::grant(&super::world::admin()), id).await;
    assert!(again.is_err(), "{again:?}");
    assert_eq!(house.facts(id).await, ["DocumentMade", "RunbookRunBegun", "DocumentTrashed", "DocumentDeleted"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn labels_are_counted_and_bounded_and_those_who_watch_hear_once_it_rests(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("a", "").await;
    let labels = vec![" 障害 ".to_owned(), "障害".to_owned(), "db".to_owned()];
    let around = Around { labels, review_every_days: Some(30), ..Around::default() };
    house.documents.set_around(&writes(1), id, 1, &around).await.unwrap();
    assert_eq!(house.documents.labels(10).await.unwrap(), [("db".to_owned(), 1), ("障害".to_owned(), 1)]);
    assert_eq!(house.page(id).await.review_due_at, Some(house.now().plus_ms(30 * DAY)));
    let many = Around { labels: (0..60).map(|n| n.to_string()).collect(), ..Around::default() };
    let refused = house.documents.set_around(&writes(1), id, 2, &many).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Large { .. }))), "{refused:?}");
    assert!(house.documents.watch(&reads(2), id, true).await.unwrap());
    assert!(!house.documents.watch(&reads(2), id, true).await.unwrap());
    house.clock.advance_ms(1_000);
    house.write(id, "anders").await;
    house.tick().await;
    assert!(house.around.told.lock().unwrap().is_empty(), "somebody may still write");
    house.pass(11 * 60_000).await;
    house.pass(60_000).await;
    assert_eq!(house.around.told.lock().unwrap().len(), 1);
}

/// Waits until somebody who writes a page waits for a transaction that has its address.
async fn somebody_waits(connection: &mut PgConnection) {
    let looking = async {
        loop {
            let n: i64 = sqlx::query_scalar(
                "select count(*)
                 from pg_stat_activity
                 where datname = current_database()
                   and wait_event_type = 'Lock'
                   and query like 'insert into doc_page%'",
            )
            .fetch_one(&mut *connection)
            .await
            .unwrap();
            if n > 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), looking).await.expect("somebody waits in the end");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn eight_who_make_a_page_of_one_title_at_once_all_get_one(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    // Those who wait keep their connections; whoever looks at them needs one of its own.
    let mut looking = house.db.pool().acquire().await.unwrap();
    // Somebody has the address, and nobody sees that yet.
    let mut tx = house.db.begin().await.unwrap();
    let first = NewPage::new(Branch::Operations.space(), "デプロイ", &writer(1));
    let first: DocumentId = house.documents.make_page_in(&mut tx, first).await.unwrap();
    let making: Vec<_> = (0..8_usize)
        .map(|n| {
            let documents = house.documents.clone();
            let branch: Branch = [Branch::Technical, Branch::User, Branch::Record, Branch::Operations][n % 4];
            tokio::spawn(async move {
                documents.make_page(&writes(2), NewPage::new(branch.space(), "デプロイ", &writer(2))).await
            })
        })
        .collect();
    somebody_waits(&mut looking).await;
    tx.commit().await.unwrap();
    drop(looking);
    let mut slugs: Vec<String> = vec![house.page(first).await.slug];
    for one in making {
        let id: DocumentId = one.await.unwrap().unwrap();
        slugs.push(house.page(id).await.slug);
    }
    slugs.sort_unstable();
    let mut expected: Vec<String> = (2..=9).map(|n| format!("デプロイ-{n}")).collect();
    expected.insert(0, "デプロイ".to_owned());
    assert_eq!(slugs, expected);
}
