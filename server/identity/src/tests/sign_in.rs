//! Signing in, and what slows guessing down.

use super::{HANA, House, MINUTE_MS, PASSWORD, SECOND_MS, address, attempt};
use crate::passwords::hasher::{Cost, Hasher};
use crate::{Error, Identity, SignIn};
use model::Role;
use sqlx::PgPool;
use std::time::Duration;

async fn guess_wrong(house: &House, times: usize) {
    for _ in 0..times {
        assert!(matches!(house.sign_in(HANA, "wrong password").await, Err(Error::WrongCredentials)));
    }
}

fn wait_of<T>(answer: Result<T, Error>) -> Option<u32> {
    match answer {
        Err(Error::TryLater { seconds }) => Some(seconds),
        _ => None,
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_right_password_lets_in_whatever_the_case_of_the_e_mail(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let again = house.sign_in(" HANA@Example.com ", PASSWORD).await.unwrap();
    assert_eq!(again.person.id, hana.person.id);
    assert_ne!(again.session_token, hana.session_token);
    assert!(house.identity.actor_of_session(&again.session_token, true).await.unwrap().is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn everybody_who_cannot_come_in_hears_the_same_after_the_same_work(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    house.identity.invite(&grant, "Ichiro", "ichiro@example.com", Role::Viewer).await.unwrap();
    let jiro = house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    house.identity.disable(&grant, jiro.id).await.unwrap();

    for (email, password) in [
        (HANA, "wrong password"),
        (HANA, ""),
        ("nobody@example.com", PASSWORD),
        ("not an address \0", PASSWORD),
        ("ichiro@example.com", PASSWORD),
        ("jiro@example.com", PASSWORD),
    ] {
        let before = house.identity.password_hashes();
        let answer = house.sign_in(email, password).await;
        assert!(matches!(answer, Err(Error::WrongCredentials)), "{email}");
        assert_eq!(house.identity.password_hashes(), before + 1, "{email}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn strangers_are_delayed_like_people(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    for email in [HANA, "nobody@example.com"] {
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(house.sign_in(email, "wrong password").await.err().unwrap().to_string());
        }
        assert_eq!(answers[..5], ["the e-mail or the password is wrong"; 5], "{email}");
        assert_eq!(answers[5], "too many attempts: try again in 1 s", "{email}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refusal_is_recorded_without_what_a_stranger_typed(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    guess_wrong(&house, 1).await;
    assert!(house.sign_in("my-secret-password", "x").await.is_err());
    let facts = house.facts().await;
    let subjects: Vec<&str> =
        facts.iter().filter(|fact| fact.kind == "SignInRefused").map(|fact| fact.subject.as_str()).collect();
    assert_eq!(subjects, [format!("person/{}", hana.person.id).as_str(), "stranger"]);
    let told = serde_json::to_string(&facts).unwrap();
    assert!(!told.contains("my-secret-password") && !told.contains("wrong password"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn five_wrong_passwords_start_a_delay_that_doubles(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    guess_wrong(&house, 5).await;
    assert_eq!(wait_of(house.sign_in(HANA, PASSWORD).await), Some(1));
    house.clock.advance_ms(SECOND_MS);
    guess_wrong(&house, 1).await;
    assert_eq!(wait_of(house.sign_in(HANA, PASSWORD).await), Some(2));
    house.clock.advance_ms(2 * SECOND_MS);
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
    // A success empties the bucket.
    guess_wrong(&house, 4).await;
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn attempts_during_a_delay_reach_no_hashing_and_do_not_lengthen_it(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    guess_wrong(&house, 5).await;
    let (hashes, facts) = (house.identity.password_hashes(), house.facts().await.len());
    for _ in 0..20 {
        assert_eq!(wait_of(house.sign_in(HANA, "wrong password").await), Some(1));
    }
    assert_eq!(house.identity.password_hashes(), hashes);
    assert_eq!(house.facts().await.len(), facts);
    house.clock.advance_ms(SECOND_MS);
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn many_guesses_at_once_do_not_slip_past_the_limit(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let before = house.identity.password_hashes();
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let identity = house.identity.clone();
        guesses.spawn(async move { identity.sign_in(attempt(HANA, "wrong password")).await.is_ok() });
    }
    assert!(guesses.join_all().await.into_iter().all(|let_in| !let_in));
    assert_eq!(house.identity.password_hashes(), before + 5);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_known_device_lets_its_owner_in_during_a_flood(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    guess_wrong(&house, 5).await;
    let device = Some(hana.device_token.clone());
    let owner = house.identity.sign_in(SignIn { device, ..attempt(HANA, PASSWORD) }).await.unwrap();
    assert_eq!(owner.device_token, hana.device_token);
    // The flood's own delay is still there.
    assert_eq!(wait_of(house.sign_in(HANA, PASSWORD).await), Some(1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_device_counts_for_its_own_person_only_and_has_a_limit_too(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    let jiro = house.sign_in("jiro@example.com", PASSWORD).await.unwrap();
    guess_wrong(&house, 5).await;
    let of_jiro = SignIn { device: Some(jiro.device_token), ..attempt(HANA, PASSWORD) };
    assert_eq!(wait_of(house.identity.sign_in(of_jiro).await), Some(1));
    let of_hana = SignIn { device: Some(hana.device_token), ..attempt(HANA, "wrong password") };
    for _ in 0..5 {
        assert!(matches!(house.identity.sign_in(of_hana.clone()).await, Err(Error::WrongCredentials)));
    }
    assert_eq!(wait_of(house.identity.sign_in(of_hana).await), Some(1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_address_that_tries_many_accounts_is_delayed_and_others_are_not(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    for number in 0..20 {
        let answer = house.sign_in(&format!("person-{number}@example.com"), "wrong password").await;
        assert!(matches!(answer, Err(Error::WrongCredentials)));
    }
    assert_eq!(wait_of(house.sign_in("one-more@example.com", "wrong password").await), Some(1));
    let elsewhere = SignIn { address: address(2), ..attempt(HANA, PASSWORD) };
    assert!(house.identity.sign_in(elsewhere).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn failures_are_forgotten_after_five_quiet_minutes(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    guess_wrong(&house, 4).await;
    house.clock.advance_ms(5 * MINUTE_MS);
    guess_wrong(&house, 4).await;
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_attempt_that_finds_no_permit_is_not_held_against_anybody(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    let busy = Identity::with_hasher(house.db.clone(), house.clock.clone(), Hasher::new(cost, 0, Duration::from_millis(1)));
    for _ in 0..10 {
        assert!(matches!(busy.sign_in(attempt(HANA, PASSWORD)).await, Err(Error::Overloaded)));
    }
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_password_hashed_at_another_cost_is_hashed_anew(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let cost = Cost { memory_kib: 128, passes: 1, lanes: 1 };
    let dearer = Identity::with_hasher(house.db.clone(), house.clock.clone(), Hasher::new(cost, 1, Duration::from_secs(30)));
    dearer.sign_in(attempt(HANA, PASSWORD)).await.unwrap();
    assert_eq!(dearer.password_hashes(), 2);
    dearer.sign_in(attempt(HANA, PASSWORD)).await.unwrap();
    assert_eq!(dearer.password_hashes(), 3);
}
