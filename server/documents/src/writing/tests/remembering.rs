//! Versions, what differs between them, and who wrote what.

use super::{facts, lacks_right, limit, page, refused, write, writes};
use crate::collab::Body;
use crate::error::Error;
use crate::pages::{self, Right};
use crate::tests::{DAY, House, MINUTE, actor, person};
use crate::writing::comparing::Side;
use crate::writing::difference::{Difference, Mark};
use crate::writing::history::VERSION_RESTORED;
use crate::writing::revisions::Revision;
use crate::writing::stretches::Written;
use crate::writing::{Reason, Refused, RevisionId};
use model::ids::DocumentId;
use sqlx::PgPool;

async fn versions(house: &House, id: DocumentId) -> Vec<Revision> {
    house.documents.revisions(&actor(1), id, None, 100).await.unwrap()
}

async fn keep(house: &House, id: DocumentId, body: &Body, reason: Reason) {
    house.documents.keep_revision(id, body, &[], reason).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_version_is_kept_once_with_those_who_wrote_it(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "一行目\n").await;
    let first: Body = house.body(id).await;
    keep(&house, id, &first, Reason::Auto).await;
    keep(&house, id, &first, Reason::Auto).await;
    write(&house, id, 2, "一行目\n二行目\n").await;
    let second: Body = write(&house, id, 3, "一行目\n二行目\n三行目\n").await;
    keep(&house, id, &second, Reason::Auto).await;
    keep(&house, id, &second, Reason::Publish).await;
    keep(&house, id, &second, Reason::Publish).await;
    let found: Vec<Revision> = versions(&house, id).await;
    let shown: Vec<(Reason, usize, usize)> =
        found.iter().map(|version| (version.reason, version.authors.len(), version.n_bytes)).collect();
    assert_eq!(shown, [(Reason::Publish, 0, 30), (Reason::Auto, 2, 30), (Reason::Auto, 1, 10)]);
    assert_eq!(found[1].authors, [person(2), person(3)]);
    assert_eq!((found[2].title.as_str(), found[2].seq), ("手順", first.seq));
    assert_eq!(house.documents.revision(&actor(1), found[2].id).await.unwrap().text, first.text);
    let older: Vec<Revision> = house.documents.revisions(&actor(1), id, Some(found[1].id), 100).await.unwrap();
    assert_eq!(older, found[2..]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn writing_for_a_while_keeps_a_version_by_itself(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "一行目\n").await;
    write(&house, id, 2, "一行目\n二行目\n").await;
    house.clock.advance_ms(6 * MINUTE);
    write(&house, id, 2, "一行目\n二行目\n三行目\n").await;
    house.documents.drain().await;
    for _ in 0..500 {
        if !versions(&house, id).await.is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let found: Vec<Revision> = versions(&house, id).await;
    assert_eq!((found[0].reason, found[0].n_bytes), (Reason::Auto, 30));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn restoring_is_a_new_edit_and_what_stood_there_is_kept(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "# 手順\n再起動する\n").await;
    let first: Body = house.body(id).await;
    keep(&house, id, &first, Reason::Auto).await;
    let old: RevisionId = versions(&house, id).await[0].id;
    let second: Body = write(&house, id, 2, "# 手順\n何もしない\n").await;
    let restored: Body = house.documents.restore_revision(&writes(3), old).await.unwrap();
    assert_eq!((restored.text.as_str(), restored.seq), (first.text.as_str(), second.seq + 1));
    assert_eq!(house.documents.restore_revision(&writes(3), old).await.unwrap(), restored, "it is so already");
    let found: Vec<Revision> = versions(&house, id).await;
    let shown: Vec<(Reason, i64, Option<RevisionId>)> =
        found.iter().map(|version| (version.reason, version.seq, version.source)).collect();
    assert_eq!(
        shown,
        [(Reason::Restore, restored.seq, Some(old)), (Reason::Auto, second.seq, None), (Reason::Auto, first.seq, None)]
    );
    assert_eq!((found[0].authors.clone(), found[1].authors.clone()), (vec![person(3)], vec![person(2)]));
    let told = facts(&house, id, VERSION_RESTORED).await;
    assert_eq!((told.len(), told[0].body["version"].as_i64()), (1, Some(old.0)));
    assert_eq!(house.beside().body(id).await, restored);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn versions_are_for_those_who_may_read_and_restoring_for_those_who_may_write(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "秘密\n").await;
    keep(&house, id, &house.body(id).await, Reason::Auto).await;
    let version: RevisionId = versions(&house, id).await[0].id;
    limit(&house, id, Right::Comment).await;
    assert!(lacks_right(house.documents.restore_revision(&writes(2), version).await));
    limit(&house, id, Right::None).await;
    assert_eq!(refused(house.documents.restore_revision(&writes(2), version).await), Refused::NoRevision(version));
    assert_eq!(refused(house.documents.revision(&actor(2), version).await), Refused::NoRevision(version));
    assert_eq!(refused(house.documents.revision_difference(&actor(2), version).await), Refused::NoRevision(version));
    for found in [
        house.documents.revisions(&actor(2), id, None, 9).await.err(),
        house.documents.who_wrote(&actor(2), id).await.err(),
        house.documents.text_difference(&actor(2), id, Side::Nothing, Side::Now).await.err(),
    ] {
        assert!(matches!(found, Some(Error::Pages(pages::Refused::NotFound(_)))), "{found:?}");
    }
    assert_eq!(refused(house.documents.revision(&actor(8), RevisionId(99)).await), Refused::NoRevision(RevisionId(99)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn versions_are_compared_by_lines_and_words(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "# 手順\nサーバーを再起動する\n").await;
    keep(&house, id, &house.body(id).await, Reason::Auto).await;
    let second: Body = write(&house, id, 2, "# 手順\nサーバーを二度再起動する\n").await;
    keep(&house, id, &second, Reason::Auto).await;
    let versions: Vec<Revision> = versions(&house, id).await;
    let found: Difference = house.documents.revision_difference(&actor(1), versions[0].id).await.unwrap();
    let changed: Vec<&str> = found
        .lines
        .iter()
        .filter(|line| line.mark == Mark::New)
        .flat_map(|line| line.pieces.iter().filter(|piece| piece.is_changed).map(|piece| piece.text.as_str()))
        .collect();
    assert_eq!((found.n_gone, found.n_new, changed), (1, 1, vec!["二度"]));
    let all: Difference = house.documents.revision_difference(&actor(1), versions[1].id).await.unwrap();
    assert_eq!((all.n_gone, all.n_new), (0, 2), "before the first one there was nothing");
    let now: Difference =
        house.documents.text_difference(&actor(1), id, Side::Revision(versions[0].id), Side::Now).await.unwrap();
    assert!(now.is_empty());
    let other = page(&house, "別\n").await;
    let mixed = house.documents.text_difference(&actor(1), other, Side::Revision(versions[0].id), Side::Now).await;
    assert_eq!(refused(mixed), Refused::OtherDocument(other));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn old_versions_thin_out_and_those_with_a_reason_stay(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "0\n").await;
    for n in 1..=24 {
        let body: Body = write(&house, id, 1, &format!("{n}\n")).await;
        let reason: Reason = if n == 3 { Reason::Import } else { Reason::Auto };
        keep(&house, id, &body, reason).await;
        house.clock.advance_ms(5 * MINUTE);
    }
    // The desk keeps versions by itself meanwhile; one of the same state is kept once.
    assert!(versions(&house, id).await.len() >= 24);
    house.clock.advance_ms(8 * DAY);
    keep(&house, id, &write(&house, id, 1, "neu\n").await, Reason::Auto).await;
    let n_kept: usize = versions(&house, id).await.len();
    assert!((4..=5).contains(&n_kept), "one of each hour, the one with a reason, and the new one: {n_kept}");
    house.clock.advance_ms(40 * DAY);
    keep(&house, id, &write(&house, id, 1, "later\n").await, Reason::Auto).await;
    let kept: Vec<Reason> = versions(&house, id).await.into_iter().map(|version| version.reason).collect();
    assert!(kept.contains(&Reason::Import) && (4..=5).contains(&kept.len()), "one of each day: {kept:?}");
}

fn shown(written: &[Written]) -> Vec<(&str, Option<u128>)> {
    let person = |part: &Written| part.by.and_then(|by| by.person).map(|person| person.0.as_u128());
    written.iter().map(|part| (part.text.as_str(), person(part))).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn each_part_of_a_text_has_its_writer(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "原因は設定漏れ。\n").await;
    write(&house, id, 2, "原因は𠮷野の設定漏れ。\n").await;
    house.clock.advance_ms(30 * MINUTE);
    write(&house, id, 1, "原因は𠮷野の設定漏れ。\n切り戻した。\n").await;
    let expected = [("原因は", Some(1)), ("𠮷野の", Some(2)), ("設定漏れ。\n", Some(1)), ("切り戻した。\n", Some(1))];
    let written: Vec<Written> = house.documents.who_wrote(&actor(4), id).await.unwrap();
    assert_eq!(shown(&written), expected);
    let at: Vec<i64> = written.iter().map(|part| part.by.unwrap().at.since(crate::tests::START) / MINUTE).collect();
    assert_eq!(at, [0, 0, 0, 30]);
    assert_eq!(house.count("select count(*) from doc_author").await, 3);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn writers_are_remembered_before_the_log_is_gathered_and_gone(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "一\n").await;
    write(&house, id, 2, "一\n二\n").await;
    house.documents.tick_writing(house.now()).await.unwrap();
    assert_eq!(house.count("select count(*) from doc_author").await, 0, "somebody writes just now");
    house.clock.advance_ms(2 * MINUTE);
    house.documents.tick_writing(house.now()).await.unwrap();
    assert_eq!(house.count("select count(*) from doc_author").await, 2);
    house.documents.gather(id, house.now()).await.unwrap();
    write(&house, id, 3, "一\n二\n三\n").await;
    house.documents.gather(id, house.now()).await.unwrap();
    house.clock.advance_ms(2 * MINUTE);
    house.documents.tick_writing(house.now()).await.unwrap();
    house.clock.advance_ms(8 * DAY);
    write(&house, id, 3, "一\n二\n三\n四\n").await;
    house.documents.gather(id, house.now()).await.unwrap();
    assert!(house.count("select min(seq) from collab_update").await > 2, "the log of the first ones is gone");
    let written: Vec<Written> = house.documents.who_wrote(&actor(1), id).await.unwrap();
    assert_eq!(shown(&written), [("一\n", Some(1)), ("二\n", Some(2)), ("三\n", Some(3)), ("四\n", Some(3))]);
    assert_eq!(written.iter().map(|part| part.text.as_str()).collect::<String>(), house.body(id).await.text);
}
