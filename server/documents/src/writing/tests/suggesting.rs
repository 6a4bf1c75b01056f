//! Suggestions: made by one, decided by another, once.

use super::{facts, lacks_right, limit, page, refused, write, writes};
use crate::collab::Body;
use crate::error::Error;
use crate::pages::Right;
use crate::tests::{House, PATIENCE, actor, person};
use crate::writing::anchors::Place;
use crate::writing::history::{SUGGESTED, SUGGESTION_ACCEPTED, SUGGESTION_REJECTED};
use crate::writing::suggestions::{NewSuggestion, State, Suggestion};
use crate::writing::{MAX_SUGGESTED, Refused, SuggestionId};
use model::ids::DocumentId;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::task::JoinHandle;

fn instead(words: &str, replacement: &str) -> NewSuggestion {
    NewSuggestion { place: Place::Words(words.to_owned()), replacement: replacement.to_owned(), note: String::new() }
}

async fn suggest(house: &House, id: DocumentId, words: &str, replacement: &str) -> SuggestionId {
    house.documents.suggest(&writes(2), id, &instead(words, replacement)).await.unwrap()
}

async fn one(house: &House, id: DocumentId) -> Suggestion {
    house.documents.suggestions(&actor(1), id, true).await.unwrap().remove(0)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn accepting_is_one_edit_by_who_accepts_and_names_who_suggested(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "原因は設定漏れ𠮷です。\n").await;
    let suggestion: SuggestionId = suggest(&house, id, "設定漏れ𠮷", "確認不足").await;
    write(&house, id, 1, "【P1】原因は設定漏れ𠮷です。\n").await;
    let before: Body = house.body(id).await;
    assert!(!one(&house, id).await.is_outdated);
    let body: Body = house.documents.accept_suggestion(&writes(3), suggestion).await.unwrap();
    assert_eq!((body.text.as_str(), body.seq), ("【P1】原因は確認不足です。\n", before.seq + 1));
    assert_eq!(house.documents.updates_by(id, before.seq).await.unwrap()[0].person, Some(person(3)));
    let found: Suggestion = one(&house, id).await;
    assert_eq!((found.state, found.settled_seq, found.by.person), (State::Accepted, Some(body.seq), Some(person(2))));
    assert!(house.documents.suggestions(&actor(1), id, false).await.unwrap().is_empty());
    let told = facts(&house, id, SUGGESTION_ACCEPTED).await;
    assert_eq!((told[0].body["proposed_by"].as_str(), told[0].actor["name"].as_str()), (Some("person 2"), Some("person 3")));
    let again = house.documents.accept_suggestion(&writes(3), suggestion).await;
    assert_eq!(refused(again), Refused::Settled { id: suggestion, state: State::Accepted });
    assert_eq!(house.body(id).await, body);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_who_accept_at_once_write_it_once(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "古い言葉\n").await;
    let suggestion: SuggestionId = suggest(&house, id, "古い", "新しい").await;
    let (first, second) = (writes(3), writes(4));
    let (one, other) = tokio::join!(
        house.documents.accept_suggestion(&first, suggestion),
        house.documents.accept_suggestion(&second, suggestion),
    );
    assert!(one.is_ok() != other.is_ok(), "one of two is the first");
    assert_eq!(house.body(id).await.text, "新しい言葉\n");
    assert_eq!(facts(&house, id, SUGGESTION_ACCEPTED).await.len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn many_who_accept_at_once_leave_connections_to_what_writes_the_words(pool: PgPool) {
    let few = PgPoolOptions::new().max_connections(3).acquire_timeout(PATIENCE);
    let house = House::new(few.connect_with((*pool.connect_options()).clone()).await.unwrap());
    let mut accepting: Vec<JoinHandle<Result<Body, Error>>> = Vec::new();
    let mut suggested: Vec<SuggestionId> = Vec::new();
    for _ in 0..6 {
        let id = page(&house, "古い言葉\n").await;
        suggested.push(suggest(&house, id, "古い", "新しい").await);
    }
    for suggestion in suggested {
        let documents = house.documents.clone();
        accepting.push(tokio::spawn(async move { documents.accept_suggestion(&writes(3), suggestion).await }));
    }
    for one in accepting {
        assert_eq!(one.await.unwrap().unwrap().text, "新しい言葉\n");
    }
    house.db.pool().close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_suggestion_whose_words_changed_is_outdated(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "原因は設定漏れ。\n対応は再起動。\n").await;
    let suggestion: SuggestionId = suggest(&house, id, "設定漏れ", "確認不足").await;
    write(&house, id, 1, "原因は設定の漏れ。\n対応は再起動。\n").await;
    let found: Suggestion = one(&house, id).await;
    assert!(found.is_outdated && found.span.is_some());
    let outdated = Refused::Outdated { id: suggestion, expected: "設定漏れ".to_owned(), found: "設定の漏れ".to_owned() };
    assert_eq!(refused(house.documents.accept_suggestion(&writes(3), suggestion).await), outdated);
    write(&house, id, 1, "対応は再起動。\n").await;
    let found: Suggestion = one(&house, id).await;
    assert!(found.is_outdated && found.span.is_none() && found.original == "設定漏れ");
    house.documents.reject_suggestion(&writes(3), suggestion).await.unwrap();
    assert_eq!(one(&house, id).await.state, State::Rejected);
    assert_eq!(house.body(id).await.text, "対応は再起動。\n");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn words_can_be_suggested_to_go(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "たぶん設定漏れ\n").await;
    let suggestion: SuggestionId = suggest(&house, id, "たぶん", "").await;
    assert_eq!(house.documents.accept_suggestion(&writes(3), suggestion).await.unwrap().text, "設定漏れ\n");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn commenting_suggests_and_writing_decides(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "古い言葉\n").await;
    limit(&house, id, Right::Comment).await;
    let suggestion: SuggestionId = suggest(&house, id, "古い", "新しい").await;
    assert!(lacks_right(house.documents.accept_suggestion(&writes(2), suggestion).await));
    assert!(lacks_right(house.documents.reject_suggestion(&writes(3), suggestion).await));
    house.documents.reject_suggestion(&writes(2), suggestion).await.unwrap();
    assert_eq!(facts(&house, id, SUGGESTION_REJECTED).await.len(), 1, "one may take back one's own");
    limit(&house, id, Right::Read).await;
    assert!(lacks_right(house.documents.suggest(&writes(2), id, &instead("言葉", "語")).await));
    limit(&house, id, Right::None).await;
    assert_eq!(refused(house.documents.accept_suggestion(&writes(2), suggestion).await), Refused::NoSuggestion(suggestion));
    let told = facts(&house, id, SUGGESTED).await;
    assert!(told[0].body.get("original").is_none() && told[0].body["suggestion"].as_i64() == Some(suggestion.0));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_meant_is_refused(pool: PgPool) {
    let house = House::new(pool);
    let id = page(&house, "古い言葉\n").await;
    let long: String = "あ".repeat(MAX_SUGGESTED + 1);
    let large = Refused::Large { what: "the replacement", n: MAX_SUGGESTED + 1, max: MAX_SUGGESTED };
    let whole = NewSuggestion { place: Place::Whole, ..instead("", "x") };
    for (new, expected) in [
        (instead("古い", "古い"), Refused::NoChange),
        (instead("無い", "有る"), Refused::NothingThere),
        (whole, Refused::NothingThere),
        (instead("古い", &long), large),
    ] {
        assert_eq!(refused(house.documents.suggest(&writes(2), id, &new).await), expected);
    }
    let absent = SuggestionId(99);
    assert_eq!(refused(house.documents.reject_suggestion(&writes(2), absent).await), Refused::NoSuggestion(absent));
}
