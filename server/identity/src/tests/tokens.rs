//! The life of an API token.

use super::store::{swap_token_secrets, token_as_text};
use super::{DAY_MS, House, MINUTE_MS, PASSWORD, SECOND_MS, address, own_grant};
use crate::tokens::LONGEST_LIFE_MS;
use crate::{Error, NewToken, TokenKind};
use kernel::Clock;
use kernel::access::authorize;
use kernel::facts::about;
use model::access::{ChangeOwnAccount, ReadMetrics};
use model::{Actor, Role};
use sqlx::PgPool;

fn wanted(house: &House, role: Role) -> NewToken {
    NewToken {
        kind: TokenKind::Api,
        name: "ci".to_owned(),
        scopes: vec!["metrics:read".to_owned()],
        role,
        expires_at: house.clock.now().plus_ms(30 * DAY_MS),
    }
}

async fn actor_of(house: &House, text: &str) -> Option<Actor> {
    house.identity.actor_of_token(text, address(7), "curl/8").await.unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_token_acts_within_its_scopes_until_it_expires(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let made = house.identity.create_token(&own_grant(&hana.person), wanted(&house, Role::Editor)).await.unwrap();
    let actor = actor_of(&house, &made.text).await.unwrap();
    assert_eq!((actor.name(), actor.role), ("ci", Role::Editor));
    assert!(authorize::<ReadMetrics>(&actor, None).is_ok());
    assert!(authorize::<ChangeOwnAccount>(&actor, None).is_err());

    house.clock.advance_ms(30 * DAY_MS - SECOND_MS);
    assert!(actor_of(&house, &made.text).await.is_some());
    house.clock.advance_ms(SECOND_MS);
    assert!(actor_of(&house, &made.text).await.is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn its_text_is_neither_stored_nor_told(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    let made = house.identity.create_token(&grant, wanted(&house, Role::Viewer)).await.unwrap();
    let row = house.identity.tokens(&grant).await.unwrap().remove(0);
    assert!(made.text.starts_with(&format!("{}_", row.prefix)));
    let secret = &made.text[row.prefix.len() + 1..];
    let told = serde_json::to_string(&about(&house.db, &format!("token/{}", made.id), 10).await.unwrap()).unwrap();
    assert!(told.contains("TokenMade") && !told.contains(secret));
    let stored = token_as_text(&house.db).await;
    assert!(!stored.contains(secret));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn its_last_use_is_noted_at_most_once_a_minute(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    let made = house.identity.create_token(&grant, wanted(&house, Role::Viewer)).await.unwrap();
    assert_eq!(house.identity.tokens(&grant).await.unwrap()[0].used_at, None);
    let first_use = house.clock.now();
    actor_of(&house, &made.text).await.unwrap();
    house.clock.advance_ms(MINUTE_MS - 1);
    actor_of(&house, &made.text).await.unwrap();
    let row = house.identity.tokens(&grant).await.unwrap().remove(0);
    assert_eq!(row.used_at, Some(first_use));
    assert_eq!((row.used_address.as_deref(), row.used_agent.as_deref()), (Some("192.0.2.7"), Some("curl/8")));
    house.clock.advance_ms(MINUTE_MS);
    actor_of(&house, &made.text).await.unwrap();
    assert_eq!(house.identity.tokens(&grant).await.unwrap()[0].used_at, Some(house.clock.now()));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_revoked_token_is_refused_at_once_and_only_its_maker_revokes_it(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    let grant = own_grant(&hana.person);
    let made = house.identity.create_token(&grant, wanted(&house, Role::Viewer)).await.unwrap();
    assert!(actor_of(&house, &made.text).await.is_some());
    let not_his = house.identity.revoke_token(&own_grant(&jiro), made.id).await;
    assert!(matches!(not_his, Err(Error::NotFound { what: "token" })));

    house.identity.revoke_token(&grant, made.id).await.unwrap();
    assert!(actor_of(&house, &made.text).await.is_none());
    assert!(house.identity.tokens(&grant).await.unwrap().is_empty());
    assert!(matches!(house.identity.revoke_token(&grant, made.id).await, Err(Error::NotFound { what: "token" })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_token_does_no_more_than_its_maker_can_now(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Editor).await;
    let grant = own_grant(&jiro);
    let too_high = house.identity.create_token(&grant, wanted(&house, Role::Admin)).await;
    assert!(matches!(too_high, Err(Error::RoleTooHigh { wanted: Role::Admin, has: Role::Editor })));

    let made = house.identity.create_token(&grant, wanted(&house, Role::Editor)).await.unwrap();
    let people = house.people_grant().await;
    house.identity.set_role(&people, jiro.id, Role::Viewer).await.unwrap();
    assert_eq!(actor_of(&house, &made.text).await.unwrap().role, Role::Viewer);
    house.identity.disable(&people, jiro.id).await.unwrap();
    assert!(actor_of(&house, &made.text).await.is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn tokens_without_end_scope_or_name_are_refused(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    let good = wanted(&house, Role::Viewer);
    let now = house.clock.now();
    for (token, wrong) in [
        (NewToken { expires_at: now.plus_ms(LONGEST_LIFE_MS + 1), ..good.clone() }, "expires_at"),
        (NewToken { expires_at: now, ..good.clone() }, "expires_at"),
        (NewToken { scopes: vec![], ..good.clone() }, "scopes"),
        (NewToken { scopes: vec!["everything".to_owned()], ..good.clone() }, "scopes"),
        (NewToken { name: " ".to_owned(), ..good.clone() }, "name"),
    ] {
        let answer = house.identity.create_token(&grant, token).await;
        assert!(matches!(answer, Err(Error::Invalid { field, .. }) if field == wrong), "{wrong}");
    }
    let longest = NewToken { expires_at: now.plus_ms(LONGEST_LIFE_MS), ..good };
    assert!(house.identity.create_token(&grant, longest).await.is_ok());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_token_with_another_secret_or_of_another_kind_of_text_is_nobodys(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = own_grant(&hana.person);
    let one = house.identity.create_token(&grant, wanted(&house, Role::Viewer)).await.unwrap();
    swap_token_secrets(&house.db).await;
    for text in [one.text.as_str(), "", "mmr_api", PASSWORD] {
        assert!(actor_of(&house, text).await.is_none(), "{text}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_worker_has_no_account(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = authorize::<ChangeOwnAccount>(&Actor::worker("evaluator"), None).unwrap();
    let answer = house.identity.create_token(&grant, wanted(&house, Role::Viewer)).await;
    assert!(matches!(answer, Err(Error::NotAPerson)));
}
