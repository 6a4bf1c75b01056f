//! Teams and the roles they lend.

use super::{House, PASSWORD};
use crate::Error;
use model::Role;
use model::ids::{PersonId, TeamId};
use sqlx::PgPool;
use uuid::Uuid;

async fn role_in(house: &House, token: &str, team: TeamId) -> Role {
    house.identity.actor_of_session(token, true).await.unwrap().unwrap().actor.role_in(Some(team))
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_team_lifts_the_role_of_its_members_from_the_next_request(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let jiro = house.join("Jiro", "jiro@example.com", Role::Viewer).await;
    let token = house.sign_in("jiro@example.com", PASSWORD).await.unwrap().session_token;
    let grant = house.teams_grant().await;
    let team = house.identity.create_team(&grant, "Payments").await.unwrap();
    assert_eq!(role_in(&house, &token, team).await, Role::Viewer);

    house.identity.add_member(&grant, team, jiro.id, Role::Responder).await.unwrap();
    assert_eq!(role_in(&house, &token, team).await, Role::Responder);
    house.identity.add_member(&grant, team, jiro.id, Role::Editor).await.unwrap();
    assert_eq!(role_in(&house, &token, team).await, Role::Editor);
    house.identity.remove_member(&grant, team, jiro.id).await.unwrap();
    assert_eq!(role_in(&house, &token, team).await, Role::Viewer);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn lists_show_members_of_teams_and_teams_of_people(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = house.teams_grant().await;
    let shop = house.identity.create_team(&grant, "Shop").await.unwrap();
    house.identity.create_team(&grant, "Payments").await.unwrap();
    house.identity.add_member(&grant, shop, hana.person.id, Role::Editor).await.unwrap();

    let teams = house.identity.teams_list().await.unwrap();
    let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
    assert_eq!(names, ["Payments", "Shop"]);
    assert_eq!((teams[1].members[0].name.as_str(), teams[1].members[0].role), ("Hana", Role::Editor));
    let people = house.identity.people_list().await.unwrap();
    assert_eq!((people[0].teams[0].team, people[0].teams[0].team_name.as_str()), (shop, "Shop"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_name_is_given_once_in_whatever_case(pool: PgPool) {
    let (house, _hana) = House::with_hana(pool).await;
    let grant = house.teams_grant().await;
    let shop = house.identity.create_team(&grant, "Shop").await.unwrap();
    let payments = house.identity.create_team(&grant, "Payments").await.unwrap();
    assert!(matches!(house.identity.create_team(&grant, " sHOP ").await, Err(Error::TeamTaken)));
    assert!(matches!(house.identity.rename_team(&grant, payments, "SHOP").await, Err(Error::TeamTaken)));
    house.identity.rename_team(&grant, shop, "SHOP").await.unwrap();
    assert!(matches!(house.identity.create_team(&grant, "").await, Err(Error::Invalid { field: "name", .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_deleted_team_is_gone_with_its_memberships(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = house.teams_grant().await;
    let shop = house.identity.create_team(&grant, "Shop").await.unwrap();
    house.identity.add_member(&grant, shop, hana.person.id, Role::Viewer).await.unwrap();
    house.identity.delete_team(&grant, shop).await.unwrap();
    assert!(house.identity.teams_list().await.unwrap().is_empty());
    assert!(house.identity.people_list().await.unwrap()[0].teams.is_empty());
    assert!(matches!(house.identity.delete_team(&grant, shop).await, Err(Error::NotFound { .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn teams_and_members_that_do_not_exist_are_not_found(pool: PgPool) {
    let (house, hana) = House::with_hana(pool).await;
    let grant = house.teams_grant().await;
    let shop = house.identity.create_team(&grant, "Shop").await.unwrap();
    let (no_team, nobody) = (TeamId(Uuid::nil()), PersonId(Uuid::nil()));
    for answer in [
        house.identity.add_member(&grant, no_team, hana.person.id, Role::Viewer).await,
        house.identity.add_member(&grant, shop, nobody, Role::Viewer).await,
        house.identity.remove_member(&grant, shop, hana.person.id).await,
        house.identity.rename_team(&grant, no_team, "N").await,
    ] {
        assert!(matches!(answer, Err(Error::NotFound { .. })));
    }
}
