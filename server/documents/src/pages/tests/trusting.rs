//! Who may do what.

use super::world::{DAY, House, SECRET, actor, admin, grant, manages, person, reads, team, writer, writes};
use crate::Documents;
use crate::error::Error;
use crate::needs::Needs;
use crate::pages::needs::{Notice, Why};
use crate::pages::rights::OwnRights;
use crate::pages::search::Query;
use crate::pages::spaces::NewSpace;
use crate::pages::tree::{Address, Node, Target};
use crate::pages::{Branch, NewPage, Refused, Right};
use crate::tests::PATIENCE;
use crate::writing::anchors::Place;
use kernel::{Db, Grant, Tx};
use model::Role;
use model::access::{ManageDocuments, WriteDocuments};
use model::ids::{DocumentId, IncidentId, SpaceId};
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

fn closed(title: &str) -> NewSpace {
    NewSpace {
        branch: Branch::Operations,
        slug: title.to_owned(),
        title_ja: title.to_owned(),
        title_en: title.to_owned(),
        team: Some(team(1)),
        everyone: Right::None,
        teams: vec![(team(1), Right::Write), (team(2), Right::Read)],
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_space_is_for_its_teams_and_others_do_not_learn_that_it_is_there(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let space: SpaceId = house.documents.set_space(&manages(), None, &closed("secret")).await.unwrap();
    let inside = actor(2, Role::Responder, &[1]);
    let inside_grant: Grant<WriteDocuments> = grant(&inside);
    let id = house.documents.make_page(&inside_grant, NewPage::new(space, "鍵の交換", &inside)).await.unwrap();
    for (who, expected) in [
        (inside.clone(), Right::Write),
        (actor(3, Role::Responder, &[2]), Right::Read),
        (writer(4), Right::None),
        (actor(5, Role::Viewer, &[]), Right::None),
        (admin(), Right::Write),
    ] {
        assert_eq!(house.documents.right_of(&who, id).await.unwrap(), expected, "{who:?}");
    }
    assert_eq!(house.documents.page_at(&writer(4), "鍵の交換").await.unwrap(), Address::Nothing);
    let query = Query { text: "鍵".to_owned(), limit: 10, ..Query::default() };
    assert!(house.documents.search(&writer(4), &query).await.unwrap().hits.is_empty());
    assert_eq!(house.documents.search(&inside, &query).await.unwrap().hits.len(), 1);
    assert!(house.documents.tree(&writer(4), space).await.unwrap().is_empty());
    let refused = house.documents.make_page(&writes(4), NewPage::new(space, "x", &writer(4))).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NoSpace(_)))), "{refused:?}");
    let reader: Grant<WriteDocuments> = grant(&actor(3, Role::Responder, &[2]));
    let refused = house.documents.still_right(&reader, id).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Right { .. }))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rights_of_a_page_hold_for_what_stands_below_and_go_with_it(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let top = house.make("top", "").await;
    let below = house.make_in(Branch::Operations, Some(top), "below", "").await;
    let own = OwnRights { everyone: Right::Read, teams: vec![(team(1), Right::Write)] };
    house.documents.set_own_rights(&manages(), top, 1, Some(&own)).await.unwrap();
    let member = actor(2, Role::Responder, &[1]);
    let rights = async |id: DocumentId| {
        (house.documents.right_of(&writer(1), id).await.unwrap(), house.documents.right_of(&member, id).await.unwrap())
    };
    assert_eq!(rights(below).await, (Right::Read, Right::Write));
    assert_eq!(house.documents.own_rights(&writer(1), top).await.unwrap(), Some(own));
    // Elsewhere other rights hold.
    let target = Target { space: Branch::Operations.space(), parent: None, before: None };
    house.documents.move_page(&grant(&member), below, 1, target).await.unwrap();
    assert_eq!(rights(below).await, (Right::Write, Right::Write));
    house.documents.set_own_rights(&manages(), top, 2, None).await.unwrap();
    assert_eq!(rights(top).await, (Right::Write, Right::Write));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_throws_away_what_they_may_not_write_because_it_stands_below(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let top = house.make("top", "").await;
    let below = house.make_in(Branch::Operations, Some(top), "below", "").await;
    let own = OwnRights { everyone: Right::Read, teams: Vec::new() };
    house.documents.set_own_rights(&manages(), below, 1, Some(&own)).await.unwrap();
    let refused = house.documents.throw_away(&writes(1), top, 1).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Right { .. }))), "{refused:?}");
    assert_eq!(house.documents.throw_away(&grant(&admin()), top, 1).await.unwrap(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_manages_documents_opens_no_space_that_is_closed_to_them(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id: SpaceId = house.documents.set_space(&manages(), None, &closed("a")).await.unwrap();
    let editor: Grant<ManageDocuments> = grant(&actor(6, Role::Editor, &[]));
    let opened = NewSpace { everyone: Right::Write, ..closed("a") };
    let refused = house.documents.set_space(&editor, Some((id, 1)), &opened).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NoSpace(_)))), "{refused:?}");
    let refused = house.documents.close_space(&editor, id).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NoSpace(_)))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_written_of_a_private_incident_is_found_only_by_those_who_may_know_of_it(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    let new = NewPage { incident: Some(SECRET), ..NewPage::new(Branch::Record.space(), "漏えいの記録", &admin()) };
    house.documents.make_page_in(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    let query = Query { text: "漏えい".to_owned(), limit: 10, ..Query::default() };
    assert!(house.documents.search(&writer(1), &query).await.unwrap().hits.is_empty());
    assert_eq!(house.documents.search(&admin(), &query).await.unwrap().hits.len(), 1);
    assert!(house.documents.tree(&writer(1), Branch::Record.space()).await.unwrap().is_empty());
    let id = house.documents.documents_of_incident(&admin(), SECRET).await.unwrap()[0];
    let facts = kernel::facts::about(&house.db, &format!("document/{id}"), 10).await.unwrap();
    assert!(!facts[0].body.to_string().contains("漏えい"), "{:?}", facts[0].body);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_viewer_reads_and_nothing_more_and_an_unknown_document_is_nothing(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("a", "").await;
    let viewer = actor(5, Role::Viewer, &[]);
    assert_eq!(house.documents.right_of(&viewer, id).await.unwrap(), Right::Read);
    assert_eq!(house.documents.right_of(&viewer, DocumentId(Uuid::nil())).await.unwrap(), Right::None);
    house.documents.throw_away(&writes(1), id, 1).await.unwrap();
    assert_eq!(house.documents.right_of(&viewer, id).await.unwrap(), Right::None);
    assert_eq!(house.documents.right_of(&writer(1), id).await.unwrap(), Right::Read);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn spaces_are_set_up_by_those_who_looked_and_closed_only_when_empty(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id: SpaceId = house.documents.set_space(&manages(), None, &closed("a")).await.unwrap();
    let taken = house.documents.set_space(&manages(), None, &closed("a")).await;
    assert!(matches!(taken, Err(Error::Pages(Refused::SlugTaken { .. }))), "{taken:?}");
    house.documents.set_space(&manages(), Some((id, 1)), &closed("b")).await.unwrap();
    let late = house.documents.set_space(&manages(), Some((id, 1)), &closed("c")).await;
    assert!(matches!(late, Err(Error::Pages(Refused::StaleSpace { expected: 1, found: 2, .. }))), "{late:?}");
    house.documents.make_page(&grant(&admin()), NewPage::new(id, "x", &admin())).await.unwrap();
    let full = house.documents.close_space(&manages(), id).await;
    assert!(matches!(full, Err(Error::Pages(Refused::SpaceNotEmpty))), "{full:?}");
    let empty: SpaceId = house.documents.set_space(&manages(), None, &closed("d")).await.unwrap();
    house.documents.close_space(&manages(), empty).await.unwrap();
    assert!(!house.documents.spaces(&admin()).await.unwrap().iter().any(|space| space.id == empty));
}

/// A page in a space that is for team 1, by somebody in it who answers for it.
async fn within(house: &House) -> DocumentId {
    let space: SpaceId = house.documents.set_space(&manages(), None, &closed("secret")).await.unwrap();
    let inside = actor(2, Role::Responder, &[1]);
    *house.around.roles.lock().unwrap() = vec![inside.clone()];
    let new =
        NewPage { text: "# 鍵の交換\n\n- [ ] 鍵を換える\n".to_owned(), ..NewPage::new(space, "鍵の交換", &inside) };
    house.documents.make_page(&grant::<WriteDocuments>(&inside), new).await.unwrap()
}

fn told(house: &House) -> Vec<Notice> {
    std::mem::take(&mut *house.around.told.lock().unwrap())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_a_page_in_a_closed_space_neither_facts_nor_notices_nor_timelines_say_what_it_is(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id: DocumentId = within(&house).await;
    let inside: Grant<WriteDocuments> = grant(&actor(2, Role::Responder, &[1]));
    house.documents.still_right(&inside, id).await.unwrap();
    house.documents.comment(&inside, id, &Place::Whole, "鍵は金庫にある", &[]).await.unwrap();
    let run = house.documents.begin_run(&inside, id, Some(IncidentId(7)), None).await.unwrap();
    house.documents.check_step(&inside, run, 1, crate::pages::runs::Check::Done, "").await.unwrap();
    house.pass(90 * DAY).await;
    let facts = kernel::facts::about(&house.db, &format!("document/{id}"), 100).await.unwrap();
    assert!(facts.len() >= 5, "{facts:?}");
    let notices: Vec<Notice> = told(&house);
    assert_eq!(
        notices.iter().map(|notice| (notice.why, notice.people.as_slice())).next(),
        Some((Why::Review { in_days: 0 }, [person(2)].as_slice()))
    );
    let mut said: Vec<String> = facts.iter().map(|fact| fact.body.to_string()).collect();
    said.extend(notices.iter().map(|notice| format!("{} {}", notice.slug, notice.title)));
    said.extend(house.around.lines.lock().unwrap().iter().map(|line| line.body.to_string()));
    assert!(said.iter().all(|said| !said.contains('鍵')), "{said:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_may_not_read_a_page_any_more_is_told_nothing_of_it(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id: DocumentId = house.make("手順", "").await;
    house.documents.watch(&reads(3), id, true).await.unwrap();
    house.documents.watch(&reads(2), id, true).await.unwrap();
    let own = OwnRights { everyone: Right::None, teams: vec![(team(1), Right::Write)] };
    house.documents.set_own_rights(&manages(), id, 1, Some(&own)).await.unwrap();
    *house.around.roles.lock().unwrap() = vec![actor(2, Role::Responder, &[1])];
    house.clock.advance_ms(1_000);
    house.write(id, "別").await;
    house.pass(11 * 60_000).await;
    let notices: Vec<Notice> = told(&house);
    assert_eq!(notices.iter().map(|notice| notice.people.clone()).collect::<Vec<_>>(), [vec![person(2)]]);
    // Named in its margin, or its owner: the same.
    let inside: Grant<WriteDocuments> = grant(&actor(2, Role::Responder, &[1]));
    house.documents.comment(&inside, id, &Place::Whole, "確認を", &[person(3)]).await.unwrap();
    assert!(told(&house).is_empty());
    house.pass(90 * DAY).await;
    let notices: Vec<Notice> = told(&house);
    assert!(notices.iter().all(|notice| notice.people.is_empty()), "administrators, who may read it: {notices:?}");
    assert_eq!(notices.len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_comes_from_outside_is_written_only_by_whoever_may(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id: DocumentId = within(&house).await;
    let reader: Grant<WriteDocuments> = grant(&actor(3, Role::Responder, &[2]));
    let refused = house.documents.write_text(&reader, id, "x", None).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Right { needed: Right::Write, held: Right::Read }))), "{refused:?}");
    let refused = house.documents.write_text(&writes(4), id, "x", None).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NotFound(_)))), "{refused:?}");
    let inside: Grant<WriteDocuments> = grant(&actor(2, Role::Responder, &[1]));
    assert_eq!(house.documents.write_text(&inside, id, "x", None).await.unwrap().text, "x");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_deletes_for_good_what_they_may_not_write_because_it_stands_below(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let top = house.make("top", "").await;
    let below = house.make_in(Branch::Operations, Some(top), "below", "").await;
    let own = OwnRights { everyone: Right::None, teams: vec![(team(1), Right::Write)] };
    house.documents.set_own_rights(&manages(), below, 1, Some(&own)).await.unwrap();
    house.documents.throw_away(&grant(&admin()), top, 1).await.unwrap();
    let editor: Grant<ManageDocuments> = grant(&actor(6, Role::Editor, &[]));
    let refused = house.documents.delete_for_good(&editor, top).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Right { held: Right::None, .. }))), "{refused:?}");
    assert_eq!(house.documents.delete_for_good(&manages(), top).await.unwrap(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_tree_of_many_incidents_asks_once_which_of_them_may_be_known(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    for n in 10..30 {
        let new = NewPage { incident: Some(IncidentId(n)), ..NewPage::new(Branch::Record.space(), &n.to_string(), &admin()) };
        house.documents.make_page_in(&mut tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
    *house.around.n_asked.lock().unwrap() = 0;
    let nodes: Vec<Node> = house.documents.tree(&writer(1), Branch::Record.space()).await.unwrap();
    assert_eq!((nodes.len(), *house.around.n_asked.lock().unwrap()), (19, 1), "all but {SECRET}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_search_holds_no_connection_while_the_house_is_asked(pool: sqlx::PgPool) {
    let house = House::new(pool.clone()).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    let new = NewPage { incident: Some(IncidentId(7)), ..NewPage::new(Branch::Record.space(), "記録", &admin()) };
    let id = house.documents.make_page_in(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    let few = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let db = Db::from_pool(few.connect_with((*pool.connect_options()).clone()).await.unwrap());
    *house.around.looks_in.lock().unwrap() = Some(db.clone());
    let needs = Needs { pages: house.around.clone(), postmortems: house.around.clone() };
    let documents = Documents::new(db.clone(), house.clock.clone(), needs);
    let query = Query { text: "記録".to_owned(), limit: 10, ..Query::default() };
    let found = documents.search(&writer(1), &query).await.unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.page.id).collect::<Vec<DocumentId>>(), [id]);
    db.pool().close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_may_not_be_known_takes_no_place_among_what_is_found(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let open = house.make("記録 公開", "").await;
    house.clock.advance_ms(1_000);
    let mut tx: Tx = house.db.begin().await.unwrap();
    for n in 0..40 {
        let new = NewPage { incident: Some(SECRET), ..NewPage::new(Branch::Record.space(), &format!("記録 {n}"), &admin()) };
        house.documents.make_page_in(&mut tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
    let query = Query { text: "記録".to_owned(), limit: 2, ..Query::default() };
    let hits = house.documents.search(&writer(1), &query).await.unwrap();
    assert_eq!(hits.hits.iter().map(|hit| hit.page.id).collect::<Vec<DocumentId>>(), [open]);
    assert!(!hits.has_more);
}
