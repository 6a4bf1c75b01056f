//! What is published is what was approved, and each act asks for the right it needs.

use super::rooms::{ANY, answered, approved, begun, postmortem, published, refused};
use super::world::{BEGAN, DAY, House, INCIDENT, MINUTE, actor, grant, happened, person};
use crate::collab::{self, Body};
use crate::error::Error;
use crate::pages::rights::OwnRights;
use crate::pages::spaces::NewSpace;
use crate::pages::tree::Around;
use crate::pages::{self, Branch, NewPage, Right};
use crate::postmortems::gathering::For;
use crate::postmortems::lists::PostmortemFilter;
use crate::postmortems::needs::{GraphWish, Happened, Reason};
use crate::postmortems::{Facets, Postmortem, Refused, SeenPostmortem};
use crate::store;
use crate::tests::PATIENCE;
use figures::Locale;
use kernel::Tx;
use model::access::{ApprovePostmortem, ManageDocuments, WriteDocuments};
use model::ids::{DocumentId, IncidentId, RunbookRunId, SpaceId};
use model::postmortem::{Act, State, Template};
use sqlx::PgPool;

/// Somebody writes something more.
async fn changed(house: &House, doc: DocumentId, n: u128, more: &str) {
    let body: Body = house.documents.text(doc).await.unwrap();
    house.documents.put_text(&actor(n), doc, &format!("{}{more}", body.text), Some(body.seq)).await.unwrap();
}

async fn acts(house: &House) -> Vec<Act> {
    house.documents.postmortem_view(&actor(1), INCIDENT).await.unwrap().unwrap().acts
}

/// Everybody reads the page of the postmortem, and nobody but administrators writes it.
async fn close(house: &House, doc: DocumentId, everyone: Right) {
    let version: i64 = house.documents.page(doc).await.unwrap().unwrap().version;
    let own = OwnRights { everyone, teams: Vec::new() };
    house.documents.set_own_rights(&grant::<ManageDocuments>(8), doc, version, Some(&own)).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_changed_since_its_approval_is_not_published_before_it_is_approved_again(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = approved(&house).await;
    let again = house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await;
    assert_eq!(refused(again), Refused::NotFrom { state: State::Approved, act: Act::Approve }, "nothing changed");
    assert!(!acts(&house).await.contains(&Act::Approve));
    house.clock.advance_ms(MINUTE);
    changed(&house, doc, 3, "\n追記。\n").await;
    let since = BEGAN.plus_ms(61 * MINUTE);
    let publishing = house.documents.publish_postmortem(&grant(1), ANY).await;
    assert_eq!(refused(publishing), Refused::ChangedSinceApproval { since, by: vec!["person 3".to_owned()] });
    let view = house.documents.postmortem_view(&actor(1), INCIDENT).await.unwrap().unwrap();
    assert_eq!(view.changed.map(|changed| (changed.since, changed.by)), Some((since, vec!["person 3".to_owned()])));
    assert!(acts(&house).await.contains(&Act::Approve));
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await.unwrap();
    house.documents.publish_postmortem(&grant(1), ANY).await.unwrap();
    assert!(house.documents.text(doc).await.unwrap().text.contains("追記。"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_taken_back_or_frozen_since_the_approval_is_no_change(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = approved(&house).await;
    let read: Body = house.documents.text(doc).await.unwrap();
    changed(&house, doc, 3, "x").await;
    house.documents.put_text(&actor(3), doc, &read.text, None).await.unwrap();
    assert_eq!(house.documents.postmortem_view(&actor(1), INCIDENT).await.unwrap().unwrap().changed, None);
    // A publication that got no further than writing what directives show.
    let looked: Postmortem = postmortem(&house).await;
    let for_everybody = crate::postmortems::gathering::For::Everybody;
    let pieces = house.documents.gathered(&actor(1), doc, Some(&looked), &read.text, looked.locale, for_everybody).await.unwrap();
    let frozen: String = crate::postmortems::expand::freeze(&read.text, &pieces);
    house.documents.put_text(&actor(1), doc, &frozen, None).await.unwrap();
    house.documents.publish_postmortem(&grant(1), ANY).await.unwrap();
    assert_eq!(postmortem(&house).await.state, State::Published);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_written_between_the_last_look_and_the_seal_is_not_published(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = approved(&house).await;
    // Whoever holds the row of the postmortem keeps it from being sealed.
    let mut tx: Tx = house.db.begin().await.unwrap();
    store::postmortems::rows::lock(&mut tx, INCIDENT).await.unwrap();
    let meanwhile = async {
        while !house.documents.text(doc).await.unwrap().text.contains(" frozen\n") {
            tokio::task::yield_now().await;
        }
        changed(&house, doc, 3, "\n追記。\n").await;
        tx.rollback().await.unwrap();
    };
    let publisher = grant::<WriteDocuments>(1);
    let both = async { tokio::join!(house.documents.publish_postmortem(&publisher, ANY), meanwhile) };
    let (publishing, ()) = tokio::time::timeout(PATIENCE, both).await.expect("it comes to an end");
    let since = BEGAN.plus_ms(60 * MINUTE);
    assert_eq!(refused(publishing), Refused::ChangedSinceApproval { since, by: vec!["person 3".to_owned()] });
    assert_eq!(postmortem(&house).await.state, State::Approved);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nothing_is_written_into_a_sealed_text_also_by_those_who_have_not_heard_of_it(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = published(&house).await;
    let sealed: Body = house.documents.text(doc).await.unwrap();
    let late = house.documents.put_text(&actor(3), doc, "遅れて届いた", None).await;
    assert!(matches!(late, Err(Error::Collab(collab::Refused::Later(_)))), "{late:?}");
    assert_eq!(house.documents.text(doc).await.unwrap(), sealed);
    house.documents.reopen_postmortem(&grant(1), ANY, "時刻の誤り").await.unwrap();
    house.documents.put_text(&actor(3), doc, "遅れて届いた", None).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_text_that_shows_graphs_which_are_not_kept_is_not_published(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = begun(&house).await;
    answered(&house, doc).await;
    changed(&house, doc, 1, "\n```ops-graph 0123abcd\n```\n").await;
    house.documents.ask_postmortem_review(&grant(1), ANY, &[(person(2), None)]).await.unwrap();
    house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), ANY).await.unwrap();
    let publishing = house.documents.publish_postmortem(&grant(1), ANY).await;
    assert_eq!(refused(publishing), Refused::NoGraphs(vec!["0123abcd".to_owned()]));
    assert_eq!(postmortem(&house).await.state, State::Approved);
    let out: String = house.documents.export_postmortem_expanded(&actor(1), INCIDENT).await.unwrap();
    let printed: String = house.documents.print_postmortem(&actor(1), INCIDENT, "/main.css").await.unwrap();
    for out in [out, printed] {
        assert!(out.contains("グラフが見つかりません: 0123abcd"), "{out}");
    }
}

/// A page with one step, worked through in the incident, in a space of those who manage documents, or of everybody.
async fn worked_through(house: &House, slug: &str, everyone: Right) -> RunbookRunId {
    let space = NewSpace {
        branch: Branch::Operations,
        slug: slug.to_owned(),
        title_ja: slug.to_owned(),
        title_en: slug.to_owned(),
        team: None,
        everyone,
        teams: Vec::new(),
    };
    let space: SpaceId = house.documents.set_space(&grant::<ManageDocuments>(8), None, &space).await.unwrap();
    let new = NewPage { text: "- [ ] 鍵を替える\n".to_owned(), ..NewPage::new(space, slug, &actor(8)) };
    let page: DocumentId = house.documents.make_page(&grant::<WriteDocuments>(8), new).await.unwrap();
    house.documents.begin_run(&grant::<WriteDocuments>(8), page, Some(INCIDENT), None).await.unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_checklist_of_a_closed_space_is_not_published_through_an_incident(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = begun(&house).await;
    let closed: RunbookRunId = worked_through(&house, "closed", Right::None).await;
    let open: RunbookRunId = worked_through(&house, "open", Right::Read).await;
    let text: String = format!("```ops-checklist {closed}\n```\n\n```ops-checklist {open}\n```\n");
    let looked: Postmortem = postmortem(&house).await;
    for (whom, expected) in [(For::Everybody, vec![open.0]), (For::Reader, vec![closed.0, open.0])] {
        let pieces = house.documents.gathered(&actor(8), doc, Some(&looked), &text, Locale::Ja, whom).await.unwrap();
        assert_eq!(pieces.runs.keys().copied().collect::<Vec<i64>>(), expected);
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_goes_out_says_of_when_its_actions_are_and_the_screen_has_them_as_they_are(pool: PgPool) {
    let house = House::new(pool);
    house.around.actions.lock().unwrap()[0].owner_name = None;
    let doc: DocumentId = published(&house).await;
    house.around.actions.lock().unwrap()[0].owner_name = Some("鈴木 一郎".to_owned());
    let out: String = house.documents.export_postmortem_expanded(&actor(1), INCIDENT).await.unwrap();
    assert!(out.contains("担当: 未定") && out.contains("公開した時点（2025-10-20 15:30 JST）"), "{out}");
    assert!(!out.contains("鈴木"), "{out}");
    let text: String = house.documents.text(doc).await.unwrap().text;
    let pieces = house.documents.pieces(&actor(1), doc, &text, Locale::Ja).await.unwrap();
    let shown: String = crate::markdown::render(&text, &pieces);
    assert!(shown.contains("担当: 鈴木 一郎") && !shown.contains("担当: 未定"), "{shown}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_only_reads_the_page_moves_nothing_on(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = approved(&house).await;
    close(&house, doc, Right::Read).await;
    let wish = GraphWish {
        title: "p95".to_owned(),
        query: "up".to_owned(),
        from: BEGAN,
        until: BEGAN.plus_ms(60 * MINUTE),
        step_ms: MINUTE,
    };
    let lenient = model::postmortem::Policy { may_waive: [true; 4], ..model::postmortem::Policy::default() };
    house.documents.set_postmortem_policy(&grant(8), 0, &lenient).await.unwrap();
    let facets: Facets = postmortem(&house).await.facets;
    let documents = &house.documents;
    let tried: [Result<(), Error>; 7] = [
        documents.still_right(&grant(1), doc).await,
        documents.set_around(&grant(1), doc, 1, &Around::default()).await,
        documents.withdraw_postmortem(&grant(1), ANY).await.map(|_| ()),
        documents.describe_postmortem(&grant(1), ANY, &facets).await.map(|_| ()),
        documents.keep_graph(&grant(1), ANY, &wish).await.map(|_| ()),
        documents.waive_postmortem(&grant::<ApprovePostmortem>(2), ANY, "訓練でした").await.map(|_| ()),
        documents.publish_postmortem(&grant(1), ANY).await.map(|_| ()),
    ];
    for one in tried {
        assert!(matches!(one, Err(Error::Pages(pages::Refused::Right { held: Right::Read, .. }))), "{one:?}");
    }
    // Whoever may write it does, and what was published is still somebody's.
    documents.publish_postmortem(&grant::<WriteDocuments>(8), ANY).await.unwrap();
    let reopened = documents.reopen_postmortem(&grant(1), ANY, "時刻の誤り").await;
    assert!(matches!(reopened, Err(Error::Pages(pages::Refused::Right { .. }))), "{reopened:?}");
    documents.describe_postmortem(&grant(8), ANY, &facets).await.unwrap();
    documents.still_right(&grant(8), doc).await.unwrap();
    documents.reopen_postmortem(&grant(8), ANY, "時刻の誤り").await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_may_not_be_read_is_in_no_list_and_takes_no_place_in_one(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = published(&house).await;
    // Newer ones, which only administrators may read.
    for n in 43..48 {
        let next = SeenPostmortem::any(IncidentId(n));
        house.around.happened.lock().unwrap().push(Happened { id: next.incident, ..happened() });
        let hidden = house.documents.begin_postmortem(&grant(1), next.incident, Template::Report, Locale::Ja).await.unwrap();
        answered(&house, hidden).await;
        house.documents.ask_postmortem_review(&grant(1), next, &[(person(2), None)]).await.unwrap();
        house.documents.approve_postmortem(&grant::<ApprovePostmortem>(2), next).await.unwrap();
        house.documents.publish_postmortem(&grant(1), next).await.unwrap();
        close(&house, hidden, Right::None).await;
    }
    let two = PostmortemFilter { state: Some(State::Published), limit: 2, ..PostmortemFilter::default() };
    let listed = house.documents.postmortems(&actor(3), &two).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.postmortem.doc).collect::<Vec<Option<DocumentId>>>(), [Some(doc)]);
    assert_eq!(house.documents.postmortems(&actor(8), &two).await.unwrap().len(), 2);
    let lessons = house.documents.postmortem_lessons(&actor(3), "確認 不十分", BEGAN).await.unwrap();
    assert_eq!(lessons.iter().map(|lesson| lesson.incident).collect::<Vec<IncidentId>>(), [INCIDENT]);
    assert_eq!(house.documents.postmortem_lessons(&actor(8), "確認 不十分", BEGAN).await.unwrap().len(), 6);
    assert!(house.documents.postmortem_repeats(&actor(3), BEGAN).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_link_for_outsiders_is_no_way_around_the_rights_of_the_page(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = published(&house).await;
    house.documents.share_postmortem(&grant::<ApprovePostmortem>(2), INCIDENT, BEGAN.plus_ms(2 * DAY)).await.unwrap();
    assert_eq!(house.documents.postmortem_shares(&actor(3), INCIDENT).await.unwrap().len(), 1);
    close(&house, doc, Right::None).await;
    assert!(house.documents.postmortem_shares(&actor(3), INCIDENT).await.unwrap().is_empty());
    assert_eq!(house.documents.postmortem_shares(&actor(8), INCIDENT).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn all_owners_are_reminded_in_one_look_however_many_there_are(pool: PgPool) {
    let house = House::new(pool);
    let n_more: i64 = 430;
    let more = (100..100 + n_more).map(|n| Happened { id: IncidentId(n), ..happened() });
    house.around.happened.lock().unwrap().extend(more);
    house.pass(MINUTE).await;
    house.pass(8 * DAY).await;
    let overdue = || house.around.reminded.lock().unwrap().iter().filter(|one| one.reason == Reason::Overdue).count();
    assert_eq!(overdue(), usize::try_from(n_more).unwrap() + 1);
    house.pass(MINUTE).await;
    assert_eq!(overdue(), usize::try_from(n_more).unwrap() + 1, "each once");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_owner_who_may_not_read_it_any_more_is_not_reminded_of_it(pool: PgPool) {
    let house = House::new(pool);
    let doc: DocumentId = begun(&house).await;
    close(&house, doc, Right::None).await;
    house.pass(8 * DAY).await;
    let reminded = house.around.reminded.lock().unwrap().clone();
    assert_eq!(reminded.len(), 1);
    assert!(reminded[0].people.is_empty(), "whoever is on call: {reminded:?}");
}
