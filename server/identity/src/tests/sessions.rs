//! From a cookie to who it is, and how that ends.

use super::{HANA, HOUR_MS, House, MINUTE_MS, PASSWORD, SECOND_MS, own_grant};
use crate::passwords::rules::PasswordProblem;
use crate::{Error, Identity, Preferences, SignedIn};
use figures::Locale;
use model::Role;
use model::theme::Theme;
use sqlx::PgPool;

async fn is_in(identity: &Identity, signed_in: &SignedIn) -> bool {
    identity.actor_of_session(&signed_in.session_token, true).await.unwrap().is_some()
}

/// Another replica on the same database, with its own cache.
fn replica(house: &House) -> Identity {
    Identity::new(house.db.clone(), house.clock.clone())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_session_ends_after_an_hour_without_use(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    for _ in 0..3 {
        house.clock.advance_ms(59 * MINUTE_MS);
        assert!(is_in(&house.identity, &hana).await);
    }
    house.clock.advance_ms(HOUR_MS);
    assert!(!is_in(&house.identity, &hana).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_screen_asks_by_itself_does_not_keep_a_session_alive(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let token = hana.session_token.as_str();
    for _ in 0..2 {
        house.clock.advance_ms(29 * MINUTE_MS);
        assert!(house.identity.actor_of_session(token, false).await.unwrap().is_some());
    }
    // A use right after such an answer is noted, though the answer is remembered.
    assert!(is_in(&house.identity, &hana).await);
    for _ in 0..2 {
        house.clock.advance_ms(29 * MINUTE_MS);
        assert!(house.identity.actor_of_session(token, false).await.unwrap().is_some());
    }
    house.clock.advance_ms(2 * MINUTE_MS);
    assert!(house.identity.actor_of_session(token, false).await.unwrap().is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_session_ends_after_a_day_however_busy(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    for _ in 0..47 {
        house.clock.advance_ms(30 * MINUTE_MS);
        assert!(is_in(&house.identity, &hana).await);
    }
    house.clock.advance_ms(30 * MINUTE_MS - SECOND_MS);
    assert!(is_in(&house.identity, &hana).await);
    // Within the life of the cached answer, too.
    house.clock.advance_ms(SECOND_MS);
    assert!(!is_in(&house.identity, &hana).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nonsense_and_strange_tokens_belong_to_nobody(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let mut other = hana.session_token.clone();
    other.replace_range(..1, if other.starts_with('A') { "B" } else { "A" });
    for token in ["", "x", other.as_str(), hana.device_token.as_str()] {
        assert!(house.identity.actor_of_session(token, true).await.unwrap().is_none(), "{token}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn signing_out_ends_the_session_at_once_and_twice_is_no_error(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    assert!(is_in(&house.identity, &hana).await);
    house.identity.sign_out(&hana.session_token).await.unwrap();
    assert!(!is_in(&house.identity, &hana).await);
    house.identity.sign_out(&hana.session_token).await.unwrap();
    let kinds = house.fact_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "SignedOut").count(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_revoked_session_is_refused_here_at_once_and_elsewhere_within_five_seconds(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let phone = house.sign_in(HANA, PASSWORD).await.unwrap();
    let elsewhere = replica(&house);
    assert!(is_in(&house.identity, &phone).await);
    assert!(is_in(&elsewhere, &phone).await);
    let session = house.identity.actor_of_session(&phone.session_token, true).await.unwrap().unwrap().session;
    house.identity.revoke_session(&own_grant(&hana.person), session).await.unwrap();

    assert!(!is_in(&house.identity, &phone).await);
    house.clock.advance_ms(5 * SECOND_MS);
    assert!(!is_in(&elsewhere, &phone).await);
    assert!(is_in(&house.identity, &hana).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_revokes_the_session_of_somebody_else(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Admin).await;
    let session = house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap().session;
    let answer = house.identity.revoke_session(&own_grant(&jiro), session).await;
    assert!(matches!(answer, Err(Error::NotFound { what: "session" })));
    assert!(is_in(&house.identity, &hana).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_sees_where_one_is_signed_in_and_ends_all_others(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    house.clock.advance_ms(MINUTE_MS);
    let phone = house.sign_in(HANA, PASSWORD).await.unwrap();
    let grant = own_grant(&hana.person);
    let sessions = house.identity.sessions(&grant).await.unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!((sessions[0].address.as_str(), sessions[0].agent.as_str()), ("192.0.2.1", "Firefox"));
    assert!(sessions[0].seen_at > sessions[1].seen_at);

    let ended = house.identity.revoke_other_sessions(&grant, sessions[0].id).await.unwrap();
    assert_eq!(ended, 1);
    assert!(is_in(&house.identity, &phone).await);
    assert!(!is_in(&house.identity, &hana).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_changed_password_ends_the_other_sessions_and_the_old_password(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let phone = house.sign_in(HANA, PASSWORD).await.unwrap();
    let grant = own_grant(&hana.person);
    let keep = house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap().session;
    house.identity.change_password(&grant, keep, PASSWORD, "another long one").await.unwrap();

    assert!(is_in(&house.identity, &hana).await);
    assert!(!is_in(&house.identity, &phone).await);
    assert!(matches!(house.sign_in(HANA, PASSWORD).await, Err(Error::WrongCredentials)));
    assert!(house.sign_in(HANA, "another long one").await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn changing_a_password_needs_the_old_one_and_guessing_it_is_slow(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    let keep = house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap().session;
    let weak = house.identity.change_password(&grant, keep, PASSWORD, "password123").await;
    assert!(matches!(weak, Err(Error::Password(PasswordProblem::TooCommon))));
    for _ in 0..5 {
        let wrong = house.identity.change_password(&grant, keep, "wrong password", "another long one").await;
        assert!(matches!(wrong, Err(Error::WrongCredentials)));
    }
    let slow = house.identity.change_password(&grant, keep, PASSWORD, "another long one").await;
    assert!(matches!(slow, Err(Error::TryLater { seconds: 1 })));
    assert!(house.sign_in(HANA, PASSWORD).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn preferences_come_with_the_next_request(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    assert!(is_in(&house.identity, &hana).await);
    let chosen = Preferences { locale: Locale::En, zone: "Europe/Berlin".to_owned(), theme: Theme::Dark };
    house.identity.set_preferences(&grant, &chosen).await.unwrap();
    let who = house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap();
    assert_eq!(who.preferences, chosen);

    let nowhere = Preferences { zone: "Mars/Olympus".to_owned(), ..chosen };
    let refused = house.identity.set_preferences(&grant, &nowhere).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "zone", .. })));
}
