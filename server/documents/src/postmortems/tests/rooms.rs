//! The room on a real Postgres: from a resolved incident to a published report, and everything that must not happen on the way.

use super::world::{BEGAN, DAY, House, INCIDENT, MINUTE, actor, grant, happened, person};
use crate::collab::Body;
use crate::error::Error;
use crate::pages::Right;
use crate::postmortems::gate::Gate;
use crate::postmortems::lists::PostmortemFilter;
use crate::postmortems::needs::{GraphWish, Happened, Reason};
use crate::postmortems::{Facets, Postmortem, Refused, SeenPostmortem};
use figures::Locale;
use kernel::{Fact, Tx, facts};
use model::Time;
use model::access::{ApprovePostmortem, SetUpIncidents, WriteDocuments};
use model::ids::{DocumentId, IncidentId};
use model::incident::steps::Postmortem as Step;
use model::postmortem::{Act, Factor, Policy, State, Template};
use serde_json::json;
use sqlx::PgPool;

pub(super) const ANY: SeenPostmortem = SeenPostmortem { incident: INCIDENT, version: None };

pub(super) async fn begun(house: &House) -> DocumentId {
    let grant = grant::<WriteDocuments>(1);
    house.documents.begin_postmortem(&grant, INCIDENT, Template::Report, Locale::Ja).await.unwrap()
}

/// Whatever the template asks is answered.
pub(super) async fn answered(house: &House, doc: DocumentId) {
    let body: Body = house.documents.text(doc).await.unwrap();
    let text: String = body
        .text
        .replace("影響を受けたユーザー数:", "影響を受けたユーザー数: 約5,000人")
        .replace("> 人ではなく、仕組みの言葉で。なぜ起き、なぜ気づかず、なぜ広がったか。", "設定が漏れていた。")
        .replace("> 何をして収まったか。応急処置と恒久対応を分けて。", "再デプロイした。佐藤 健が db-01.internal を直した。")
        .replace("うまくいったこと、いかなかったこと、運がよかったこと。\n\n-", "\n\n- 確認が不十分だった");
    house.documents.put_text(&actor(1), doc, &text, Some(body.seq)).await.unwrap();
}

pub(super) async fn approved(house: &House) -> DocumentId {
    let doc: DocumentId = begun(house).await;
    answered(house, doc).await;
    house.documents.ask_postmortem_review(&grant::<WriteDocuments>(1), ANY, &[(person(2), None)]).await.unwrap();
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await.unwrap();
    doc
}

pub(super) async fn published(house: &House) -> DocumentId {
    let doc: DocumentId = approved(house).await;
    house.documents.publish_postmortem(&grant::<WriteDocuments>(1), ANY).await.unwrap();
    doc
}

async fn gate(house: &House) -> Step {
    Gate::new(house.db.clone()).of(INCIDENT).await.unwrap()
}

pub(super) async fn postmortem(house: &House) -> Postmortem {
    house.documents.postmortem(&actor(1), INCIDENT).await.unwrap().unwrap()
}

pub(super) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refused {
    match answer {
        Err(Error::Postmortems(refused)) => refused,
        other => panic!("{other:?} is no refusal"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn beginning_twice_gives_one_document_with_everything_known_in_it(pool: PgPool) {
    let house = House::new(pool);
    assert_eq!(gate(&house).await, Step::None);
    let doc: DocumentId = begun(&house).await;
    assert_eq!(begun(&house).await, doc);
    let text: String = house.documents.text(doc).await.unwrap().text;
    assert!(
        text.contains("45分") && text.contains("14:32 アラート発生（エラー率急増）") && text.contains("```ops-graph "),
        "{text}"
    );
    let found: Postmortem = postmortem(&house).await;
    assert_eq!((found.state, found.facets.owner, found.doc), (State::Draft, Some(person(1)), Some(doc)));
    assert_eq!(found.facets.due_at, Some(BEGAN.plus_ms(45 * MINUTE + 7 * DAY)));
    assert_eq!(gate(&house).await, Step::Draft);
    assert_eq!(house.documents.kept_graphs(&actor(2), doc).await.unwrap().len(), 1);
    let view = house.documents.postmortem_view(&actor(1), INCIDENT).await.unwrap().unwrap();
    assert_eq!((view.checklist.unwritten.len(), view.checklist.n_actions, view.checklist.n_open), (4, 4, 4));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nothing_counts_before_somebody_else_has_read_it(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = begun(&house).await;
    let (writes, approves) = (grant::<WriteDocuments>(1), grant::<ApprovePostmortem>(1));
    let asked = house.documents.ask_postmortem_review(&writes, ANY, &[(person(2), None)]).await;
    assert!(matches!(refused(asked), Refused::Unwritten(headings) if headings.len() == 4));
    answered(&house, doc).await;
    assert_eq!(refused(house.documents.ask_postmortem_review(&writes, ANY, &[(person(1), None)]).await), Refused::NoReviewer);
    assert_eq!(refused(house.documents.ask_postmortem_review(&writes, ANY, &[(person(9), None)]).await), Refused::NoSuchPerson);
    let publishing = house.documents.publish_postmortem(&writes, ANY).await;
    assert_eq!(refused(publishing), Refused::NotFrom { state: State::Draft, act: Act::Publish });
    let review: Postmortem = house.documents.ask_postmortem_review(&writes, ANY, &[(person(2), None)]).await.unwrap();
    assert_eq!(house.around.reminded.lock().unwrap()[0].reason, Reason::ReviewAsked);
    assert_eq!(refused(house.documents.approve_postmortem(&approves, ANY).await), Refused::OwnApproval);
    assert_eq!(
        refused(house.documents.request_postmortem_changes(&grant(2), ANY, " ").await),
        Refused::NoReason(Act::RequestChanges)
    );
    house.documents.request_postmortem_changes(&grant(2), ANY, "影響の数字を").await.unwrap();
    let stale = SeenPostmortem { incident: INCIDENT, version: Some(review.version) };
    let again = house.documents.ask_postmortem_review(&writes, stale, &[(person(2), None)]).await;
    assert!(matches!(refused(again), Refused::Stale { .. }));
    let to_me = PostmortemFilter { reviewer: Some(person(2)), limit: 10, ..PostmortemFilter::default() };
    house.documents.ask_postmortem_review(&writes, ANY, &[(person(2), None)]).await.unwrap();
    assert_eq!(house.documents.postmortems(&actor(2), &to_me).await.unwrap().len(), 1);
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await.unwrap();
    assert!(house.documents.postmortems(&actor(2), &to_me).await.unwrap().is_empty());
    assert_eq!(gate(&house).await, Step::Draft, "an approval is no publication");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_publication_freezes_and_seals_and_opening_it_again_changes_no_letter(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = published(&house).await;
    let at: Time = BEGAN.plus_ms(60 * MINUTE);
    assert_eq!(gate(&house).await, Step::Published { at });
    let frozen: String = house.documents.text(doc).await.unwrap().text;
    assert!(frozen.contains("```ops-fields I-42 frozen\n- **発生日時**: 2025-10-20 14:30 JST\n"), "{frozen}");
    assert_eq!(house.documents.export_postmortem(&actor(2), INCIDENT).await.unwrap(), frozen);
    assert_eq!(house.documents.right_of(&actor(1), doc).await.unwrap(), Right::Comment);
    let found: Postmortem = postmortem(&house).await;
    assert_eq!((found.impacts.len(), found.lessons), (1, vec!["確認が不十分だった".to_owned()]));
    // What becomes known later does not change what was published.
    house.around.lines.lock().unwrap().clear();
    let out: String = house.documents.export_postmortem_expanded(&actor(1), INCIDENT).await.unwrap();
    assert!(out.contains("- 14:30 - 新バージョンをデプロイ") && !out.contains("```"), "{out}");
    let printed: String = house.documents.print_postmortem(&actor(1), INCIDENT, "/main.css").await.unwrap();
    assert!(printed.contains("<svg") && printed.contains("45分") && printed.contains("公開済み"), "{printed}");
    assert_eq!(refused(house.documents.reopen_postmortem(&grant(1), ANY, "").await), Refused::NoReason(Act::Reopen));
    house.documents.reopen_postmortem(&grant(1), ANY, "時刻の誤り").await.unwrap();
    assert_eq!(house.documents.text(doc).await.unwrap().text, frozen);
    assert_eq!((gate(&house).await, house.documents.right_of(&actor(1), doc).await.unwrap()), (Step::Draft, Right::Write));
    *house.around.lines.lock().unwrap() = super::world::lines();
    house.documents.ask_postmortem_review(&grant(1), ANY, &[(person(2), None)]).await.unwrap();
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await.unwrap();
    house.documents.publish_postmortem(&grant(1), ANY).await.unwrap();
    assert_eq!(house.documents.text(doc).await.unwrap().text, frozen);
    let view = house.documents.postmortem_view(&actor(1), INCIDENT).await.unwrap().unwrap();
    let reopened = view.happenings.iter().find(|happening| happening.act == Act::Reopen).unwrap();
    assert_eq!((reopened.by.as_str(), reopened.reason.as_str()), ("person 1", "時刻の誤り"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn p1_is_waived_only_where_the_policy_says_so_and_never_by_its_owner(pool: PgPool) {
    let house = House::new(pool);
    let waiver = house.documents.waive_postmortem(&grant::<ApprovePostmortem>(2), ANY, "訓練でした").await;
    assert_eq!(refused(waiver), Refused::NotWaivable { code: "P1".to_owned() });
    let admin = grant::<SetUpIncidents>(8);
    let lenient = Policy { may_waive: [true; 4], ..Policy::default() };
    house.documents.set_postmortem_policy(&admin, 0, &lenient).await.unwrap();
    let late = house.documents.set_postmortem_policy(&admin, 0, &lenient).await;
    assert_eq!(refused(late), Refused::Stale { expected: 0, found: 1 });
    assert_eq!(
        refused(house.documents.waive_postmortem(&grant::<ApprovePostmortem>(1), ANY, "訓練でした").await),
        Refused::OwnWaiver
    );
    assert_eq!(
        refused(house.documents.waive_postmortem(&grant::<ApprovePostmortem>(2), ANY, "").await),
        Refused::NoReason(Act::Waive)
    );
    house.documents.waive_postmortem(&grant::<ApprovePostmortem>(2), ANY, "訓練でした").await.unwrap();
    assert!(matches!(gate(&house).await, Step::Published { .. }));
    let begun = house.documents.begin_postmortem(&grant(1), INCIDENT, Template::Report, Locale::Ja).await;
    assert!(matches!(refused(begun), Refused::NotFrom { state: State::NotRequired, .. }));
    house.documents.reopen_postmortem(&grant(1), ANY, "やはり必要").await.unwrap();
    assert_eq!(gate(&house).await, Step::None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_owns_one_is_reminded_before_the_deadline_and_after_it(pool: PgPool) {
    let house = House::new(pool);
    house.pass(MINUTE).await;
    let due_at: Time = BEGAN.plus_ms(45 * MINUTE + 7 * DAY);
    assert_eq!(postmortem(&house).await.facets.due_at, Some(due_at), "nobody had to begin");
    let reasons = || -> Vec<Reason> { house.around.reminded.lock().unwrap().iter().map(|reminder| reminder.reason).collect() };
    house.pass(4 * DAY).await;
    assert!(reasons().is_empty(), "it is not near");
    house.pass(DAY).await;
    house.pass(DAY).await;
    assert_eq!(reasons(), [Reason::DueSoon], "once");
    assert!(house.documents.overdue_postmortems(&actor(1)).await.unwrap().is_empty());
    house.pass(DAY).await;
    house.pass(DAY).await;
    assert_eq!(reasons(), [Reason::DueSoon, Reason::Overdue]);
    house.pass(7 * DAY).await;
    assert_eq!(reasons().len(), 3, "and every week");
    let reminder = house.around.reminded.lock().unwrap()[1].clone();
    assert_eq!((reminder.people, reminder.due_at), (vec![person(1)], due_at));
    let overdue = house.documents.overdue_postmortems(&actor(1)).await.unwrap();
    assert_eq!((overdue.len(), overdue[0].is_overdue), (1, true));
    let later = Facets { due_at: Some(due_at.plus_ms(60 * DAY)), ..postmortem(&house).await.facets };
    house.documents.describe_postmortem(&grant(1), ANY, &later).await.unwrap();
    assert!(house.documents.overdue_postmortems(&actor(1)).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_a_private_incident_nobody_else_learns_anything(pool: PgPool) {
    let house = House::new(pool);
    house.make_private();
    let doc: DocumentId = published(&house).await;
    let (stranger, insider) = (actor(3), actor(1));
    assert!(house.documents.postmortem(&stranger, INCIDENT).await.unwrap().is_none());
    assert!(!house.documents.may_see_postmortem(&stranger, doc).await.unwrap());
    assert_eq!(house.documents.right_of(&stranger, doc).await.unwrap(), Right::None);
    assert_eq!(refused(house.documents.export_postmortem(&stranger, INCIDENT).await), Refused::NotFound(INCIDENT));
    assert!(house.documents.kept_graphs(&stranger, doc).await.unwrap().is_empty());
    let all = PostmortemFilter { limit: 10, ..PostmortemFilter::default() };
    assert!(house.documents.postmortems(&stranger, &all).await.unwrap().is_empty());
    assert_eq!(house.documents.postmortems(&insider, &all).await.unwrap().len(), 1);
    assert_eq!(refused(house.documents.preview_postmortem_share(&insider, INCIDENT).await), Refused::Private(INCIDENT));
    for subject in ["incident/42".to_owned(), format!("document/{doc}")] {
        for fact in facts::about(&house.db, &subject, 100).await.unwrap() {
            let said: String = fact.body.to_string();
            assert!(!said.contains("パーソナライゼーション") && !said.contains("影響"), "{}: {said}", fact.kind);
            assert!(!fact.kind.starts_with("Postmortem") || fact.body == json!({ "private": true }), "{}: {said}", fact.kind);
        }
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_link_shows_outsiders_the_report_without_what_is_not_theirs_until_it_ends(pool: PgPool) {
    let house = House::new(pool);
    let approves = grant::<ApprovePostmortem>(2);
    approved(&house).await;
    let expires_at: Time = BEGAN.plus_ms(2 * DAY);
    assert_eq!(refused(house.documents.share_postmortem(&approves, INCIDENT, expires_at).await), Refused::NotPublished);
    house.documents.publish_postmortem(&grant(1), ANY).await.unwrap();
    assert!(matches!(refused(house.documents.share_postmortem(&approves, INCIDENT, BEGAN).await), Refused::BadTime { .. }));
    let token: String = house.documents.share_postmortem(&approves, INCIDENT, expires_at).await.unwrap();
    let shown: String = house.documents.shared_postmortem(&token, "/main.css").await.unwrap().unwrap();
    assert!(shown.contains("45分") && shown.contains("担当者A"), "{shown}");
    for theirs in ["佐藤", "db-01", "person 2"] {
        assert!(!shown.contains(theirs), "{theirs} in {shown}");
    }
    let last: &str = if token.ends_with('0') { "1" } else { "0" };
    let forged: String = format!("{}{last}", &token[..token.len() - 1]);
    for strange in [forged.as_str(), "", "zz", "é", &token[..32], "00"] {
        assert_eq!(house.documents.shared_postmortem(strange, "/main.css").await.unwrap(), None, "{strange}");
    }
    house.make_private();
    assert_eq!(house.documents.shared_postmortem(&token, "/main.css").await.unwrap(), None, "it is private now");
    house.around.happened.lock().unwrap()[0].is_private = false;
    let other: String = house.documents.share_postmortem(&approves, INCIDENT, expires_at).await.unwrap();
    let share = house.documents.postmortem_shares(&actor(1), INCIDENT).await.unwrap().remove(0);
    assert!(house.documents.revoke_postmortem_share(&approves, INCIDENT, share.id).await.unwrap());
    let open = [
        house.documents.shared_postmortem(&other, "").await.unwrap(),
        house.documents.shared_postmortem(&token, "").await.unwrap(),
    ];
    assert_eq!(open.iter().flatten().count(), 1, "one of them was taken back");
    house.clock.advance_ms(2 * DAY);
    for token in [token, other] {
        assert_eq!(house.documents.shared_postmortem(&token, "").await.unwrap(), None, "it has expired");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_changed_before_is_found_and_what_names_the_system_comes_first(pool: PgPool) {
    let house = House::new(pool);
    let mut tx: Tx = house.db.begin().await.unwrap();
    let by = actor(1);
    for (kind, minutes, body) in [
        ("RuleChanged", -10, json!({})),
        ("ChangeNoted", -30, json!({ "source": "パーソナライゼーション機能" })),
        ("SilenceMade", 20, json!({})),
        ("AlertFired", -5, json!({})),
        ("OverrideMade", -60 * 30, json!({})),
    ] {
        let fact = Fact { kind, actor: &by, subject: "x/1".to_owned(), body, at: BEGAN.plus_ms(minutes * MINUTE) };
        facts::append(&mut tx, &fact).await.unwrap();
    }
    tx.commit().await.unwrap();
    let day: i64 = crate::postmortems::before::USUAL_BACK_MS;
    let changes = house.documents.changes_before(&actor(2), INCIDENT, day).await.unwrap();
    let found: Vec<(&str, i64)> = changes.iter().map(|change| (change.fact.as_str(), change.before_ms / MINUTE)).collect();
    assert_eq!(found, [("ChangeNoted", 30), ("RuleChanged", 10), ("SilenceMade", -20)]);
    let wider = house.documents.changes_before(&actor(2), INCIDENT, 2 * day).await.unwrap();
    assert_eq!(wider.len(), 4);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_came_again_and_what_was_learned_is_found(pool: PgPool) {
    let house = House::new(pool);
    let second = IncidentId(43);
    house.around.happened.lock().unwrap().push(Happened { id: second, title: "再び停止".to_owned(), ..happened() });
    published(&house).await;
    let facets =
        Facets { factors: vec![Factor::MissingCheck], tags: vec![" Deploy ".to_owned()], ..postmortem(&house).await.facets };
    house.documents.describe_postmortem(&grant(1), ANY, &facets).await.unwrap();
    assert_eq!(postmortem(&house).await.facets.tags, ["deploy"]);
    assert!(house.documents.postmortem_repeats(&actor(1), BEGAN).await.unwrap().is_empty(), "once is no repetition");
    let other = SeenPostmortem::any(second);
    let doc = house.documents.begin_postmortem(&grant(1), second, Template::Report, Locale::Ja).await.unwrap();
    answered(&house, doc).await;
    house.documents.describe_postmortem(&grant(1), other, &Facets { tags: Vec::new(), ..facets }).await.unwrap();
    house.documents.ask_postmortem_review(&grant(1), other, &[(person(2), None)]).await.unwrap();
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), other).await.unwrap();
    house.documents.publish_postmortem(&grant(1), other).await.unwrap();
    let repeats = house.documents.postmortem_repeats(&actor(1), BEGAN).await.unwrap();
    assert_eq!((repeats.len(), repeats[0].incidents.clone()), (1, vec![second, INCIDENT]));
    assert_eq!(house.documents.postmortem_lessons(&actor(1), "確認 不十分", BEGAN).await.unwrap().len(), 2);
    assert!(house.documents.postmortem_lessons(&actor(1), "確認 容量", BEGAN).await.unwrap().is_empty());
    let by_tag = PostmortemFilter { tag: Some("deploy".to_owned()), limit: 10, ..PostmortemFilter::default() };
    assert_eq!(house.documents.postmortems(&actor(1), &by_tag).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_graph_is_kept_by_hand_and_what_can_not_be_drawn_is_refused(pool: PgPool) {
    let house = House::new(pool);
    let wish = |query: &str| GraphWish {
        title: "p95".to_owned(),
        query: query.to_owned(),
        from: BEGAN,
        until: BEGAN.plus_ms(60 * MINUTE),
        step_ms: MINUTE,
    };
    assert_eq!(refused(house.documents.keep_graph(&grant(1), ANY, &wish("up")).await), Refused::NotFound(INCIDENT));
    let doc: DocumentId = begun(&house).await;
    let id: String = house.documents.keep_graph(&grant(1), ANY, &wish("up")).await.unwrap();
    assert_eq!(house.documents.keep_graph(&grant(1), ANY, &wish("up")).await.unwrap(), id, "the same is kept once");
    assert_eq!(house.documents.kept_graph(&actor(2), doc, &id).await.unwrap().unwrap().query, "up");
    assert!(matches!(refused(house.documents.keep_graph(&grant(1), ANY, &wish("broken")).await), Refused::NoGraph { .. }));
    let turned = GraphWish { until: BEGAN, ..wish("up") };
    assert!(matches!(refused(house.documents.keep_graph(&grant(1), ANY, &turned).await), Refused::BadTime { .. }));
}
