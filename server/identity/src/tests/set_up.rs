//! The first start.

use super::{DAY_MS, House, PASSWORD, set_up};
use crate::passwords::rules::PasswordProblem;
use crate::{Error, SetUp};
use model::Role;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_right_code_makes_the_organisation_and_its_first_admin(pool: PgPool) {
    let house = House::new(pool);
    assert!(house.identity.set_up_needed().await.unwrap());
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let hana = house.identity.set_up(set_up(&code)).await.unwrap();

    assert_eq!(hana.person.role, Role::Admin);
    assert_eq!(hana.person.preferences.zone, "Asia/Tokyo");
    assert_eq!(house.identity.organisation().await.unwrap().as_deref(), Some("見守り商店"));
    assert!(!house.identity.set_up_needed().await.unwrap());
    let who = house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap();
    assert_eq!(who.actor.person_id(), Some(hana.person.id));
    assert_eq!(house.fact_kinds().await, ["SetUpCodeMade", "PersonSetUp", "SignedIn"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn set_up_works_only_once(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    assert!(house.identity.set_up_code().await.unwrap().is_none());
    let again = house.identity.set_up(set_up("anything")).await;
    assert!(matches!(again, Err(Error::SetUpDone)));
    assert_eq!(house.identity.people_list().await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_set_ups_at_once_one_wins(pool: PgPool) {
    let house = House::new(pool);
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let (one, other) = tokio::join!(house.identity.set_up(set_up(&code)), house.identity.set_up(set_up(&code)));
    assert_ne!(one.is_ok(), other.is_ok());
    assert_eq!(house.identity.people_list().await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_wrong_code_is_refused_before_anything_is_hashed(pool: PgPool) {
    let house = House::new(pool);
    assert!(matches!(house.identity.set_up(set_up("anything")).await, Err(Error::WrongSetUpCode)));
    house.identity.set_up_code().await.unwrap().unwrap();
    assert!(matches!(house.identity.set_up(set_up("anything")).await, Err(Error::WrongSetUpCode)));
    assert_eq!(house.identity.password_hashes(), 0);
    assert!(house.identity.set_up_needed().await.unwrap());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_code_works_for_a_day_and_until_the_next_is_made(pool: PgPool) {
    let house = House::new(pool);
    let first = house.identity.set_up_code().await.unwrap().unwrap();
    let second = house.identity.set_up_code().await.unwrap().unwrap();
    assert!(matches!(house.identity.set_up(set_up(&first)).await, Err(Error::WrongSetUpCode)));
    house.clock.advance_ms(DAY_MS);
    assert!(matches!(house.identity.set_up(set_up(&second)).await, Err(Error::WrongSetUpCode)));
    let third = house.identity.set_up_code().await.unwrap().unwrap();
    house.clock.advance_ms(DAY_MS - 1);
    assert!(house.identity.set_up(set_up(&third)).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_code_is_judged_before_anything_is_filled_in_and_not_used_up(pool: PgPool) {
    let house = House::new(pool);
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    assert!(matches!(house.identity.check_set_up_code("anything").await, Err(Error::WrongSetUpCode)));
    house.identity.check_set_up_code(&code).await.unwrap();
    house.identity.set_up(set_up(&code)).await.unwrap();
    assert!(matches!(house.identity.check_set_up_code(&code).await, Err(Error::SetUpDone)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn bad_input_is_refused_and_leaves_the_code_good(pool: PgPool) {
    let house = House::new(pool);
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let short = SetUp { password: "short".to_owned(), ..set_up(&code) };
    assert!(matches!(house.identity.set_up(short).await, Err(Error::Password(PasswordProblem::TooShort))));
    let no_email = SetUp { email: "hana".to_owned(), ..set_up(&code) };
    assert!(matches!(house.identity.set_up(no_email).await, Err(Error::Invalid { field: "email", .. })));
    let nameless = SetUp { organisation: " ".to_owned(), ..set_up(&code) };
    assert!(matches!(house.identity.set_up(nameless).await, Err(Error::Invalid { field: "organisation", .. })));
    assert!(house.identity.set_up(set_up(&code)).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn no_secret_stands_in_a_fact(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let told = serde_json::to_string(&house.facts().await).unwrap();
    for secret in [PASSWORD, &hana.session_token, &hana.device_token] {
        assert!(!told.contains(secret));
    }
}
