//! What two people type at once, and what a server types.

use super::editor::Editor;
use super::{House, MINUTE, actor};
use crate::Body;
use crate::collab::Refused;
use crate::error::Error;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_who_type_at_once_see_the_same(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("概要\n").await;
    let (mut one, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    assert_eq!((one.text(), other.text()), ("概要\n".to_owned(), "概要\n".to_owned()));
    one.types(0, 0, "# ").await;
    other.adds("決済が遅い🔥").await;
    one.is_saved().await;
    other.is_saved().await;
    one.until_text("# 概要\n決済が遅い🔥").await;
    other.until_text("# 概要\n決済が遅い🔥").await;
    assert_eq!(house.body(id).await.text, "# 概要\n決済が遅い🔥");
    assert_eq!(house.beside().body(id).await, house.body(id).await, "the log says the same");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn japanese_emoji_and_halves_of_pairs_come_through(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("𠮷野家").await;
    let (mut one, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    // Between the two halves of 𠮷: both become the sign for what is no character, as in Yjs.
    one.types(1, 0, "か\u{3099}").await;
    one.is_saved().await;
    other.adds("👩\u{200d}👩\u{200d}👧").await;
    other.is_saved().await;
    let expected = "\u{fffd}か\u{3099}\u{fffd}野家👩\u{200d}👩\u{200d}👧";
    one.until_text(expected).await;
    other.until_text(expected).await;
    assert_eq!(house.beside().body(id).await.text, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_typed_while_away_is_merged_on_return(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("一行目\n").await;
    let (mut away, mut here) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    for n in 0..20 {
        let lost = away.edit(0, 0, &format!("{n} "));
        drop(lost);
    }
    here.adds("二行目\n").await;
    here.is_saved().await;
    away.returns(&house, id, 1).await;
    away.is_saved().await;
    here.until(|editor| editor.text().starts_with("19 18 ")).await;
    away.until_text(&here.text()).await;
    assert!(here.text().ends_with("0 一行目\n二行目\n"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_change_that_builds_on_a_lost_one_is_asked_for_and_nothing_is_said_to_be_saved_before(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    let lost = editor.edit(0, 0, "a");
    drop(lost);
    editor.types(1, 0, "b").await;
    let probe = editor.probes().await;
    editor.until(|editor| editor.echoes.contains(&probe)).await;
    assert_eq!(house.beside().body(id).await.text, "ab", "it answered with both before it was told");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_sent_twice_is_kept_once(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    let change = editor.edit(0, 0, "復旧");
    for _ in 0..5 {
        editor.send(change.clone()).await;
    }
    editor.is_saved().await;
    editor.returns(&house, id, 1).await;
    editor.is_saved().await;
    assert_eq!(house.body(id).await, Body { text: "復旧".to_owned(), seq: 1 });
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn carriage_returns_are_put_right_once(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("a\r\nb\rc\0").await;
    assert_eq!(house.body(id).await.text, "a\nb\nc");
    let (mut one, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    one.adds("\r\nd\re").await;
    one.until_text("a\nb\nc\nd\ne").await;
    other.until_text("a\nb\nc\nd\ne").await;
    assert_eq!(house.beside().body(id).await.text, "a\nb\nc\nd\ne");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_server_types_only_what_differs_beside_those_who_type(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("概要𠮷: 未記入\n影響: 未記入\n").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    let base: Body = house.body(id).await;
    editor.adds("学び: 早く気づく\n").await;
    editor.is_saved().await;
    let put = house.documents.put_text(&actor(2), id, "概要𠮷: 決済\r\n影響: 45分\n", Some(base.seq)).await.unwrap();
    assert_eq!(put.text, "概要𠮷: 決済\n影響: 45分\n学び: 早く気づく\n", "what was typed since the base stays");
    editor.until_text(&put.text).await;
    let again = house.documents.put_text(&actor(2), id, &put.text, None).await.unwrap();
    assert_eq!(again, put, "nothing differs, so nothing is written");
    let people: Vec<_> = house.documents.updates_by(id, base.seq).await.unwrap().iter().map(|change| change.person).collect();
    assert_eq!(people, [Some(super::person(1)), Some(super::person(2))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_base_that_is_not_known_any_more_shows_both_texts(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("今").await;
    let refused = house.documents.put_text(&actor(1), id, "別", Some(99)).await;
    let Err(Error::Collab(Refused::BaseGone { current, wanted, .. })) = refused else { panic!("{refused:?}") };
    assert_eq!((current.text.as_str(), wanted.as_str()), ("今", "別"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_text_of_any_moment_can_be_read_again(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("一").await;
    for text in ["一二", "一二三", "三"] {
        house.clock.advance_ms(MINUTE);
        house.documents.put_text(&actor(1), id, text, None).await.unwrap();
    }
    for (seq, text) in [(0, ""), (1, "一"), (2, "一二"), (3, "一二三"), (4, "三")] {
        assert_eq!(house.documents.text_at(id, seq).await.unwrap().unwrap(), Body { text: text.to_owned(), seq });
    }
    assert_eq!(house.documents.text_at(id, 5).await.unwrap(), None);
}
