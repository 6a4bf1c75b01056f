//! People come, change and go; one admin always stays.

use super::{DAY_MS, HANA, House, MINUTE_MS, PASSWORD, joining};
use crate::Error;
use crate::passwords::rules::PasswordProblem;
use model::Role;
use model::ids::PersonId;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_invited_person_joins_once_with_their_own_password(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    let invitation = house.identity.invite(&grant, "Jiro", "Jiro@Example.com", Role::Responder).await.unwrap();
    let invited = house.identity.invitation(&invitation.code).await.unwrap().unwrap();
    assert_eq!((invited.name.as_str(), invited.role), ("Jiro", Role::Responder));
    assert!(house.identity.people_list().await.unwrap().iter().any(|row| row.invited));

    let weak = house.identity.accept(joining(&invitation.code, "jiro@example.com")).await;
    assert!(matches!(weak, Err(Error::Password(PasswordProblem::LikeYou))));
    let jiro = house.identity.accept(joining(&invitation.code, PASSWORD)).await.unwrap();
    assert_eq!((jiro.person.id, jiro.person.role), (invitation.person, Role::Responder));
    let who = house.identity.actor_of_session(&jiro.session_token, true).await.unwrap().unwrap();
    assert_eq!(who.actor.person_id(), Some(invitation.person), "joining signs in");
    assert!(house.sign_in("jiro@example.com", PASSWORD).await.is_ok());

    let again = house.identity.accept(joining(&invitation.code, "another long one")).await;
    assert!(matches!(again, Err(Error::WrongInvitation)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_invitation_lasts_a_week_and_a_new_one_replaces_it(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    let first = house.identity.invite(&grant, "Jiro", "jiro@example.com", Role::Viewer).await.unwrap();
    let second = house.identity.invite(&grant, "Jirō", "JIRO@example.com", Role::Editor).await.unwrap();
    assert_eq!(first.person, second.person);
    assert!(house.identity.invitation(&first.code).await.unwrap().is_none());
    house.clock.advance_ms(7 * DAY_MS - 1);
    assert_eq!(house.identity.invitation(&second.code).await.unwrap().unwrap().role, Role::Editor);
    house.clock.advance_ms(1);
    assert!(matches!(house.identity.accept(joining(&second.code, PASSWORD)).await, Err(Error::WrongInvitation)));
    assert!(matches!(house.identity.accept(joining("nonsense", PASSWORD)).await, Err(Error::WrongInvitation)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_e_mail_of_somebody_who_joined_cannot_be_invited(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    let taken = house.identity.invite(&grant, "Other", "HANA@example.com", Role::Viewer).await;
    assert!(matches!(taken, Err(Error::PersonTaken)));
    let wrong = house.identity.invite(&grant, "Other", "other", Role::Viewer).await;
    assert!(matches!(wrong, Err(Error::Invalid { field: "email", .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_disabled_person_is_out_everywhere_and_can_come_back(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    let signed_in = house.sign_in("jiro@example.com", PASSWORD).await.unwrap();
    assert!(house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().is_some());
    let grant = house.people_grant().await;
    house.identity.disable(&grant, jiro.id).await.unwrap();
    house.identity.disable(&grant, jiro.id).await.unwrap();
    assert!(house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().is_none());
    assert!(matches!(house.sign_in("jiro@example.com", PASSWORD).await, Err(Error::WrongCredentials)));

    house.identity.enable(&grant, jiro.id).await.unwrap();
    assert!(house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().is_none());
    assert!(house.sign_in("jiro@example.com", PASSWORD).await.is_ok());
    let kinds = house.fact_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "PersonDisabled").count(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn disabling_an_invited_person_withdraws_the_invitation(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    let invitation = house.identity.invite(&grant, "Jiro", "jiro@example.com", Role::Admin).await.unwrap();
    house.identity.disable(&grant, invitation.person).await.unwrap();
    assert!(matches!(house.identity.accept(joining(&invitation.code, PASSWORD)).await, Err(Error::WrongInvitation)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_last_admin_stays_and_invited_or_disabled_ones_do_not_count(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    house.identity.invite(&grant, "Ichiro", "ichiro@example.com", Role::Admin).await.unwrap();
    let jiro = house.join("Jiro", "jiro@example.com", Role::Admin).await;
    house.identity.disable(&grant, jiro.id).await.unwrap();

    let hana = hana.person.id;
    assert!(matches!(house.identity.disable(&grant, hana).await, Err(Error::LastAdmin)));
    assert!(matches!(house.identity.set_role(&grant, hana, Role::Editor).await, Err(Error::LastAdmin)));
    house.identity.enable(&grant, jiro.id).await.unwrap();
    house.identity.set_role(&grant, hana, Role::Editor).await.unwrap();
    assert!(matches!(house.identity.disable(&grant, jiro.id).await, Err(Error::LastAdmin)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_admins_who_demote_each_other_at_once_one_stays(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Admin).await;
    let grant = house.people_grant().await;
    let (one, other) = tokio::join!(
        house.identity.set_role(&grant, hana.person.id, Role::Viewer),
        house.identity.set_role(&grant, jiro.id, Role::Viewer),
    );
    assert_ne!(one.is_ok(), other.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_changed_role_counts_from_the_next_request(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Editor).await;
    let signed_in = house.sign_in("jiro@example.com", PASSWORD).await.unwrap();
    let before = house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().unwrap();
    assert_eq!(before.actor.role, Role::Editor);
    house.identity.set_role(&house.people_grant().await, jiro.id, Role::Viewer).await.unwrap();
    let after = house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().unwrap();
    assert_eq!(after.actor.role, Role::Viewer);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_list_shows_names_and_when_somebody_was_last_seen(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    house.clock.advance_ms(2 * MINUTE_MS);
    house.identity.actor_of_session(&hana.session_token, true).await.unwrap().unwrap();
    house.identity.rename_person(&grant, hana.person.id, " 花 ").await.unwrap();
    let people = house.identity.people_list().await.unwrap();
    assert_eq!((people[0].name.as_str(), people[0].email.as_str()), ("花", HANA));
    assert_eq!(people[0].last_seen, Some(model::Time(1_800_000_000_000 + 2 * MINUTE_MS)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_is_not_found(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.people_grant().await;
    let nobody = PersonId(Uuid::nil());
    for answer in [
        house.identity.set_role(&grant, nobody, Role::Admin).await,
        house.identity.disable(&grant, nobody).await,
        house.identity.enable(&grant, nobody).await,
        house.identity.rename_person(&grant, nobody, "N").await,
        house.identity.end_sessions_of(&grant, nobody).await,
    ] {
        assert!(matches!(answer, Err(Error::NotFound { what: "person" })));
    }
    assert!(house.identity.person(nobody).await.unwrap().is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_admin_ends_the_sessions_of_somebody_else(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    let signed_in = house.sign_in("jiro@example.com", PASSWORD).await.unwrap();
    house.identity.end_sessions_of(&house.people_grant().await, jiro.id).await.unwrap();
    assert!(house.identity.actor_of_session(&signed_in.session_token, true).await.unwrap().is_none());
    assert!(house.sign_in("jiro@example.com", PASSWORD).await.is_ok());
}
