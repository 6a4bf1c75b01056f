//! Search, beside reading every text from its beginning.

use super::world::{House, writer, writes};
use crate::pages::normal::normal;
use crate::pages::search::{HitPlace, Hits, Query};
use crate::pages::tokens::{Term, terms};
use crate::pages::tree::Around;
use crate::pages::{Branch, reading};
use model::ids::DocumentId;
use std::collections::BTreeSet;

async fn search(house: &House, text: &str) -> Hits {
    let query = Query { text: text.to_owned(), limit: 50, ..Query::default() };
    house.documents.search(&writer(1), &query).await.unwrap()
}

async fn found(house: &House, text: &str) -> Vec<DocumentId> {
    search(house, text).await.hits.into_iter().map(|hit| hit.page.id).collect()
}

/// Whether reading says that all of it is there.
fn is_there(title: &str, text: &str, question: &str) -> bool {
    let compared: String = reading::read(title, text).normal;
    let standing: Vec<Term> = terms(&compared);
    terms(&normal(question)).iter().all(|asked| match asked {
        Term::Run(run) => compared.contains(run.as_str()),
        word @ Term::Word(_) => standing.contains(word),
    })
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_address_that_no_page_can_have_keeps_no_text_from_being_read(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("手順", "古い").await;
    house.write(page, "新しい [a](/documents/a%00b)\n").await;
    assert_eq!(found(&house, "新しい").await, [page]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn everything_is_found_that_reading_finds_and_nothing_else(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let texts = [
        "# サーバー再起動\n\nAPI ゲートウェイを再起動する。ディスクの空きを見る。",
        "# データベース復旧\n\nPostgreSQL のフェイルオーバー。**サー**バーの切り替え。",
        "# ｻｰﾊﾞｰの監視\n\n一分間の 5xx が 5% を超えたら呼ぶ。",
        "# Deploy\n\nRestart the api after the release. 障害時は戻す。",
        "# か\u{3099}いよう\n\n𠮷田さんに連絡する。",
        "# 空\n",
    ];
    let mut made: Vec<(DocumentId, &str)> = Vec::new();
    for text in texts {
        made.push((house.make("無題", text).await, text));
    }
    for question in [
        "空",
        "の",
        "が",
        "𠮷",
        "一",
        "障害",
        "再起",
        "サーバー",
        "ｻｰﾊﾞｰ",
        "サーバ",
        "ーバー",
        "API",
        "ａｐｉ",
        "api 再起動",
        "再起動　ゲートウェイ",
        "apis",
        "PostgreSQL フェイルオーバー",
        "5xx",
        "5",
        "xx",
        "データースベ",
        "動再",
        "restart 障害",
        "restart 復旧",
        "がいよう",
        "、。",
        "",
    ] {
        let is_asked: bool = !terms(&normal(question)).is_empty();
        let expected: BTreeSet<DocumentId> =
            made.iter().filter(|(_, text)| is_asked && is_there("無題", text, question)).map(|(id, _)| *id).collect();
        let actual: BTreeSet<DocumentId> = found(&house, question).await.into_iter().collect();
        assert_eq!(actual, expected, "{question}");
    }
    assert_eq!(found(&house, "サーバー").await.len(), 3);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn titles_come_before_headings_before_the_rest_and_then_the_newest(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let title = house.make("障害対応", "").await;
    house.clock.advance_ms(1_000);
    let heading = house.make("手順", "## 障害のとき\n").await;
    house.clock.advance_ms(1_000);
    let older = house.make("古い", "障害がある").await;
    house.clock.advance_ms(1_000);
    let newer = house.make("新しい", "障害がある").await;
    let hits: Hits = search(&house, "障害").await;
    let order: Vec<DocumentId> = hits.hits.iter().map(|hit| hit.page.id).collect();
    assert_eq!(order, [title, heading, newer, older]);
    assert_eq!(
        (hits.hits[0].place, hits.hits[1].place, hits.hits[2].place),
        (HitPlace::Title, HitPlace::Headings, HitPlace::Text)
    );
    assert!(hits.hits[0].title.iter().any(|piece| piece.is_marked && piece.text == "障害"));
    assert!(hits.hits[2].snippet.iter().any(|piece| piece.is_marked && piece.text == "障害"));
    assert!(!hits.has_more);
    let few = Query { text: "障害".to_owned(), limit: 2, ..Query::default() };
    let cut: Hits = house.documents.search(&writer(1), &few).await.unwrap();
    assert_eq!((cut.hits.len(), cut.has_more), (2, true));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_search_is_narrowed_by_space_and_label_and_follows_the_text(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let here = house.make("手順 一", "").await;
    let there = house.make_in(Branch::Record, None, "手順 二", "").await;
    let around = Around { labels: vec!["重要".to_owned()], ..Around::default() };
    house.documents.set_around(&writes(1), there, 1, &around).await.unwrap();
    let of = |query: Query| {
        let documents = house.documents.clone();
        async move {
            let hits: Hits = documents.search(&writer(1), &query).await.unwrap();
            hits.hits.into_iter().map(|hit| hit.page.id).collect::<Vec<DocumentId>>()
        }
    };
    let asked = Query { text: "手順".to_owned(), limit: 10, ..Query::default() };
    assert_eq!(of(Query { spaces: vec![Branch::Operations.space()], ..asked.clone() }).await, [here]);
    assert_eq!(of(Query { labels: vec!["重要".to_owned()], ..asked.clone() }).await, [there]);
    house.write(here, "# 別\n").await;
    assert_eq!(of(asked.clone()).await, [there]);
    house.documents.throw_away(&writes(1), there, 2).await.unwrap();
    assert!(of(asked).await.is_empty());
    assert_eq!(house.documents.read_anew().await.unwrap(), 2);
}
