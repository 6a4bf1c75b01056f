//! What was refused waits for the browser that sent it, and for nobody else.

use super::{HANA, HOUR_MS, House, MINUTE_MS, PASSWORD};
use crate::refused::{MOST, MOST_BYTES, RefusedForm};
use crate::{Identity, SignedIn};
use model::ids::SessionId;
use sqlx::PgPool;

fn form(text: &str) -> RefusedForm {
    RefusedForm {
        call: "/call/team_make".to_owned(),
        refusal: "e30=".to_owned(),
        fields: vec![("name".to_owned(), text.to_owned()), ("scopes[]".to_owned(), "読む \"1\"".to_owned())],
    }
}

async fn session(identity: &Identity, signed_in: &SignedIn) -> SessionId {
    identity.actor_of_session(&signed_in.session_token, true).await.unwrap().unwrap().session
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refused_form_comes_back_from_any_replica_until_it_is_taken(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let session = session(&house.identity, &hana).await;
    let id = house.identity.keep_refused(session, &form("花")).await.unwrap().unwrap();
    let replica = Identity::new(house.db.clone(), house.clock.clone());
    for _ in 0..2 {
        assert!(replica.refused_form(session, id).await.unwrap() == Some(form("花")));
    }
    replica.forget_refused(session, id).await.unwrap();
    assert!(house.identity.refused_form(session, id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_elses_browser_is_shown_it(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let mine = session(&house.identity, &hana).await;
    let again = house.sign_in(HANA, PASSWORD).await.unwrap();
    let other = session(&house.identity, &again).await;
    let id = house.identity.keep_refused(mine, &form("a")).await.unwrap().unwrap();
    assert!(house.identity.refused_form(other, id).await.unwrap().is_none());
    house.identity.forget_refused(other, id).await.unwrap();
    assert!(house.identity.refused_form(mine, id).await.unwrap().is_some());
    house.identity.sign_out(&hana.session_token).await.unwrap();
    assert!(house.identity.refused_form(mine, id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn it_is_forgotten_after_an_hour_and_beyond_the_newest_few(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let session = session(&house.identity, &hana).await;
    let first = house.identity.keep_refused(session, &form("first")).await.unwrap().unwrap();
    house.clock.advance_ms(HOUR_MS - MINUTE_MS);
    assert!(house.identity.refused_form(session, first).await.unwrap().is_some());
    house.clock.advance_ms(MINUTE_MS);
    assert!(house.identity.refused_form(session, first).await.unwrap().is_none());
    let mut ids = Vec::new();
    for number in 0..=MOST {
        house.clock.advance_ms(1);
        ids.push(house.identity.keep_refused(session, &form(&number.to_string())).await.unwrap().unwrap());
    }
    assert!(house.identity.refused_form(session, ids[0]).await.unwrap().is_none());
    assert!(house.identity.refused_form(session, ids[1]).await.unwrap().is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_too_large_is_not_kept(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let session = session(&house.identity, &hana).await;
    assert!(house.identity.keep_refused(session, &form(&"x".repeat(MOST_BYTES))).await.unwrap().is_none());
}
