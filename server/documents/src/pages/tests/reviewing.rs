//! Reviews: who is told when, and what makes a look necessary earlier.

use super::world::{DAY, House, START, admin, grant, person, team, writer, writes};
use crate::error::Error;
use crate::pages::changes::Report;
use crate::pages::needs::{Notice, Why};
use crate::pages::tree::Around;
use crate::pages::{Branch, Refused, Standing};
use model::ids::DocumentId;
use serde_json::json;

fn told(house: &House) -> Vec<Notice> {
    std::mem::take(&mut *house.around.told.lock().unwrap())
}

async fn standing(house: &House, id: DocumentId) -> Standing {
    house.page(id).await.standing(house.now())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_answers_is_told_four_times_each_once(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("手順", "").await;
    house.pass(75 * DAY).await;
    assert!(told(&house).is_empty());
    for (days, in_days) in [(1, 14), (11, 3), (3, 0), (7, -7)] {
        house.pass(days * DAY).await;
        house.tick().await;
        let notices = told(&house);
        assert_eq!(notices.iter().map(|notice| notice.why).collect::<Vec<Why>>(), [Why::Review { in_days }]);
        assert_eq!((notices[0].page, notices[0].people.as_slice()), (id, [person(1)].as_slice()));
    }
    house.pass(300 * DAY).await;
    assert!(told(&house).is_empty(), "then it only stands in the list");
    assert_eq!(standing(&house, id).await, Standing::Overdue);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn after_a_long_silence_only_the_newest_step_is_told(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    house.make("手順", "").await;
    house.pass(200 * DAY).await;
    house.tick().await;
    assert_eq!(told(&house).iter().map(|notice| notice.why).collect::<Vec<Why>>(), [Why::Review { in_days: -7 }]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn still_right_is_one_act_and_begins_the_next_quarter(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("手順", "").await;
    assert_eq!(standing(&house, id).await, Standing::Unverified);
    house.pass(80 * DAY).await;
    assert_eq!(standing(&house, id).await, Standing::Due);
    assert_eq!(house.documents.to_review(&writer(2), Some(person(1)), 10).await.unwrap().len(), 1);
    assert!(house.documents.to_review(&writer(2), Some(person(2)), 10).await.unwrap().is_empty());
    house.documents.still_right(&writes(2), id).await.unwrap();
    assert_eq!(standing(&house, id).await, Standing::Verified);
    let page = house.page(id).await;
    assert_eq!(page.review_due_at, Some(START.plus_ms(170 * DAY)));
    assert_eq!(page.verified.map(|verified| verified.by), Some("person 2".to_owned()));
    assert!(house.documents.to_review(&writer(2), None, 10).await.unwrap().is_empty());
    assert!(house.facts(id).await.ends_with(&["DocumentReviewReminded".to_owned(), "DocumentVerified".to_owned()]));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_left_answers_no_more_and_their_team_does(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let id = house.make("手順", "").await;
    let gone = Around { owner_person: Some(person(9)), ..Around::default() };
    let refused = house.documents.set_around(&writes(1), id, 1, &gone).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NoSuchPerson))), "{refused:?}");
    // They left after they had become its owner.
    sqlx::query("update doc_page set owner_person = $1, owner_team = $2")
        .bind(person(9).0)
        .bind(team(1).0)
        .execute(house.db.pool())
        .await
        .unwrap();
    let page = house.page(id).await;
    assert_eq!(house.documents.answering(&page).await.unwrap(), [person(3), person(4)]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn runbooks_that_were_used_in_an_incident_must_be_looked_at_when_it_is_resolved(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let by_name = house.make("by name", "").await;
    let names = Around { alertnames: vec!["HighErrorRate".to_owned()], ..Around::default() };
    house.documents.set_around(&writes(1), by_name, 1, &names).await.unwrap();
    let used = house.make("used", "- [ ] do it").await;
    let other = house.make("other", "").await;
    house.documents.begin_run(&writes(1), used, Some(model::ids::IncidentId(7)), None).await.unwrap();
    house.fact("IncidentMoved", "incident/7", json!({ "status": "mitigated" })).await;
    house.pass(1_000).await;
    assert!(told(&house).is_empty());
    house.fact("IncidentMoved", "incident/7", json!({ "status": "resolved" })).await;
    read(&house, used).await;
    assert_eq!(standing(&house, by_name).await, Standing::MustReview);
    assert_eq!(standing(&house, other).await, Standing::Unverified);
    assert_eq!(house.page(used).await.must_review_why, Some(json!({ "what": "incident", "incident": 7 })));
    assert_eq!(told(&house).len(), 2);
    house.pass(1_000).await;
    assert!(told(&house).is_empty(), "each is told once");
    house.documents.still_right(&writes(1), used).await.unwrap();
    assert_eq!(standing(&house, used).await, Standing::Verified);
}

/// Looks until a page must be looked at. A transaction of somebody else's may hold the newest Fact back for a moment.
async fn read(house: &House, id: DocumentId) {
    let reading = async {
        while standing(house, id).await != Standing::MustReview {
            house.tick().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), reading).await.expect("every Fact is read in the end");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn files_that_change_and_releases_ask_for_a_look(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let api = house.make("API", "").await;
    let watching = Around { watch_paths: vec!["src/api/**".to_owned(), "openapi.yaml".to_owned()], ..Around::default() };
    house.documents.set_around(&writes(1), api, 1, &watching).await.unwrap();
    let guide = house.make_in(Branch::User, None, "guide", "").await;
    let paths = vec!["README.md".to_owned(), "src/api/users.rs".to_owned()];
    let report = Report { repository: "api".to_owned(), reference: "abc".to_owned(), paths, ..Report::default() };
    assert_eq!(house.documents.paths_changed(&writes(1), &report).await.unwrap(), [api]);
    assert!(house.documents.paths_changed(&writes(1), &report).await.unwrap().is_empty());
    assert_eq!(house.page(api).await.must_review_why.unwrap()["paths"], json!(["src/api/users.rs"]));
    let release = Report { is_release: true, url: "javascript:x".to_owned(), ..Report::default() };
    assert_eq!(house.documents.paths_changed(&grant(&admin()), &release).await.unwrap(), [guide]);
    assert_eq!(house.page(guide).await.must_review_why.unwrap()["url"], json!(null));
    let nothing = house.documents.paths_changed(&writes(1), &Report::default()).await;
    assert!(matches!(nothing, Err(Error::Pages(Refused::Empty { .. }))), "{nothing:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn all_who_answer_for_a_page_are_told_in_one_look_however_many_there_are(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let n_pages: usize = 230;
    for n in 0..n_pages {
        house.make(&format!("手順 {n}"), "").await;
    }
    house.pass(76 * DAY).await;
    assert_eq!(told(&house).len(), n_pages);
    house.tick().await;
    assert!(told(&house).is_empty(), "each is told once");
}
