//! Threads: what they hang on, who may say something, and who hears of it.

use super::{facts, lacks_right, limit, page, refused, write, writes};
use crate::error::Error;
use crate::pages::{self, Right};
use crate::tests::{House, actor, person};
use crate::writing::anchors::{Anchors, Place};
use crate::writing::history::{COMMENTED, MENTIONED, THREAD_REOPENED, THREAD_RESOLVED};
use crate::writing::threads::Thread;
use crate::writing::{MAX_COMMENT, MOST_COMMENTS, MOST_OPEN_THREADS, Refused, ThreadId};
use model::ids::DocumentId;
use sqlx::PgPool;

fn words(words: &str) -> Place {
    Place::Words(words.to_owned())
}

async fn threads(house: &House, id: DocumentId) -> Vec<Thread> {
    house.documents.threads(&actor(1), id, false).await.unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_thread_stays_with_its_words_until_they_are_gone(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "原因は𠮷野の設定漏れ。\n").await;
    let thread: ThreadId = house.documents.comment(&writes(2), id, &words("設定漏れ"), "本当に？", &[]).await.unwrap();
    house.documents.reply(&writes(3), thread, "ログにある", &[]).await.unwrap();
    let found: Vec<Thread> = threads(&house, id).await;
    let span = found[0].span.unwrap();
    assert_eq!((span.from, span.until, found[0].quoted.as_str()), (7, 11, "設定漏れ"));
    let said: Vec<(&str, &str)> =
        found[0].comments.iter().map(|comment| (comment.by.name.as_str(), comment.body.as_str())).collect();
    assert_eq!(said, [("person 2", "本当に？"), ("person 3", "ログにある")]);
    write(&house, id, 1, "【P1】原因は𠮷野の設定漏れ。\n").await;
    assert_eq!(threads(&house, id).await[0].span.unwrap().from, 11);
    write(&house, id, 1, "【P1】原因は不明。\n").await;
    let found: Thread = threads(&house, id).await.remove(0);
    assert!(found.is_detached() && found.quoted == "設定漏れ");
    assert_eq!(facts(&house, id, COMMENTED).await.len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_an_editor_chose_is_found_again_and_what_it_can_not_have_chosen_is_refused(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "一行目\n二行目\n").await;
    let first: ThreadId = house.documents.comment(&writes(2), id, &words("二行目"), "？", &[]).await.unwrap();
    let chosen: Anchors = threads(&house, id).await[0].anchors.clone().unwrap();
    let second: ThreadId =
        house.documents.comment(&writes(2), id, &Place::Anchored(chosen.clone()), "同じ所", &[]).await.unwrap();
    let whole: ThreadId = house.documents.comment(&writes(2), id, &Place::Whole, "全体に", &[]).await.unwrap();
    let found: Vec<Thread> = threads(&house, id).await;
    assert_eq!(found.iter().map(|thread| thread.id).collect::<Vec<_>>(), [first, second, whole]);
    assert_eq!((found[0].span, found[0].quoted.as_str()), (found[1].span, "二行目"));
    assert!(found[2].anchors.is_none() && !found[2].is_detached());
    let unknown = Anchors { start: vec![0, 9, 9, 0], end: vec![0, 9, 9, 0x41] };
    let broken = Anchors { start: vec![7], ..chosen.clone() };
    let backwards = Anchors { start: chosen.end, end: chosen.start };
    for (place, expected) in [
        (Place::Anchored(unknown), Refused::NothingThere),
        (Place::Anchored(backwards), Refused::NothingThere),
        (Place::Anchored(broken), Refused::BadAnchor),
        (words("三行目"), Refused::NothingThere),
        (words(" "), Refused::NothingThere),
    ] {
        assert_eq!(refused(house.documents.comment(&writes(2), id, &place, "？", &[]).await), expected, "{place:?}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_thread_is_resolved_and_opened_again(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "本文\n").await;
    let thread: ThreadId = house.documents.comment(&writes(2), id, &words("本文"), "短い", &[]).await.unwrap();
    assert!(house.documents.resolve_thread(&writes(3), thread).await.unwrap());
    assert!(!house.documents.resolve_thread(&writes(3), thread).await.unwrap());
    assert!(threads(&house, id).await.is_empty());
    assert_eq!(refused(house.documents.reply(&writes(2), thread, "まだ", &[]).await), Refused::Resolved(thread));
    let all: Vec<Thread> = house.documents.threads(&actor(1), id, true).await.unwrap();
    assert_eq!(all[0].resolved.as_ref().unwrap().by.person, Some(person(3)));
    assert!(house.documents.reopen_thread(&writes(2), thread).await.unwrap());
    assert!(!house.documents.reopen_thread(&writes(2), thread).await.unwrap());
    house.documents.reply(&writes(2), thread, "まだ", &[]).await.unwrap();
    assert_eq!(threads(&house, id).await[0].comments.len(), 2);
    let told = [facts(&house, id, THREAD_RESOLVED).await.len(), facts(&house, id, THREAD_REOPENED).await.len()];
    assert_eq!(told, [1, 1]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_is_named_hears_of_it_once(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "本文\n").await;
    let people = [person(3), person(2), person(3)];
    let thread: ThreadId = house.documents.comment(&writes(2), id, &Place::Whole, "@person3 見て", &people).await.unwrap();
    let comment = threads(&house, id).await[0].comments[0].clone();
    assert_eq!(comment.mentions, [person(3), person(2)]);
    let named = facts(&house, id, MENTIONED).await;
    assert_eq!(named.len(), 1, "nobody hears from themselves");
    assert_eq!(named[0].body["person"], serde_json::json!(person(3)));
    house.documents.edit_comment(&writes(2), comment.id, "@person3 @person4 見て", &[person(3), person(4)]).await.unwrap();
    assert_eq!(facts(&house, id, MENTIONED).await.len(), 2, "only who was not named before");
    let stranger = house.documents.reply(&writes(2), thread, "@person9", &[person(9)]).await;
    assert_eq!(refused(stranger), Refused::NoSuchPerson(person(9)));
    limit(&house, id, Right::Read).await;
    house.documents.reply(&super::grant(8), thread, "内緒の @person5", &[person(5)]).await.unwrap();
    let told = facts(&house, id, MENTIONED).await.pop().unwrap().body;
    assert_eq!((told["person"].clone(), told.get("text")), (serde_json::json!(person(5)), None), "its words stay in the page");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_who_said_something_changes_it_or_takes_it_back(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "本文\n").await;
    house.documents.comment(&writes(2), id, &Place::Whole, "最初", &[]).await.unwrap();
    let comment = threads(&house, id).await[0].comments[0].id;
    assert_eq!(refused(house.documents.edit_comment(&writes(3), comment, "別", &[]).await), Refused::NotOwn);
    assert_eq!(refused(house.documents.remove_comment(&writes(3), comment).await), Refused::NotOwn);
    house.documents.edit_comment(&writes(2), comment, "直した", &[]).await.unwrap();
    let found = threads(&house, id).await[0].comments[0].clone();
    assert!(found.body == "直した" && found.edited_at.is_some());
    house.documents.remove_comment(&writes(2), comment).await.unwrap();
    let found = threads(&house, id).await[0].comments[0].clone();
    assert!(found.body.is_empty() && found.removed_at.is_some());
    let again = house.documents.edit_comment(&writes(2), comment, "戻す", &[]).await;
    assert_eq!(refused(again), Refused::NoComment(comment));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_the_right_to_comment_nothing_is_said(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "本文\n").await;
    let thread: ThreadId = house.documents.comment(&writes(2), id, &Place::Whole, "前に", &[]).await.unwrap();
    limit(&house, id, Right::Comment).await;
    house.documents.reply(&writes(2), thread, "書けなくても言える", &[]).await.unwrap();
    limit(&house, id, Right::Read).await;
    assert!(lacks_right(house.documents.comment(&writes(2), id, &Place::Whole, "？", &[]).await));
    assert!(lacks_right(house.documents.reply(&writes(2), thread, "？", &[]).await));
    assert!(lacks_right(house.documents.resolve_thread(&writes(2), thread).await));
    assert_eq!(threads(&house, id).await[0].comments.len(), 2, "reading is allowed");
    limit(&house, id, Right::None).await;
    assert_eq!(refused(house.documents.reply(&writes(2), thread, "？", &[]).await), Refused::NoThread(thread));
    let read = house.documents.threads(&actor(2), id, true).await;
    assert!(matches!(read, Err(Error::Pages(pages::Refused::NotFound(_)))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_said_has_bounds(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "本文\n").await;
    let thread: ThreadId = house.documents.comment(&writes(2), id, &Place::Whole, "一つ\r\n二つ", &[]).await.unwrap();
    assert_eq!(threads(&house, id).await[0].comments[0].body, "一つ\n二つ");
    assert_eq!(refused(house.documents.reply(&writes(2), thread, " \n", &[]).await), Refused::Empty { what: "the comment" });
    let long: String = "あ".repeat(MAX_COMMENT + 1);
    let large = Refused::Large { what: "the comment", n: MAX_COMMENT + 1, max: MAX_COMMENT };
    assert_eq!(refused(house.documents.reply(&writes(2), thread, &long, &[]).await), large);
    sqlx::query("insert into doc_comment (thread, by_name, body_md, at) select id, 'x', 'y', made_at from doc_thread, generate_series(2, $1)")
        .bind(i32::try_from(MOST_COMMENTS).unwrap())
        .execute(house.db.pool())
        .await
        .unwrap();
    let full = Refused::Full { what: "comments in this thread", n: MOST_COMMENTS, max: MOST_COMMENTS };
    assert_eq!(refused(house.documents.reply(&writes(2), thread, "もう一つ", &[]).await), full);
    sqlx::query("insert into doc_thread (doc, quoted, made_by, made_at) select doc, '', 'x', made_at from doc_thread, generate_series(2, $1)")
        .bind(i32::try_from(MOST_OPEN_THREADS).unwrap())
        .execute(house.db.pool())
        .await
        .unwrap();
    let full = Refused::Full { what: "open threads", n: MOST_OPEN_THREADS, max: MOST_OPEN_THREADS };
    assert_eq!(refused(house.documents.comment(&writes(2), id, &Place::Whole, "もう一つ", &[]).await), full);
}
