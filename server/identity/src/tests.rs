//! What the room does, on a real Postgres, with a clock that the tests move.

mod people;
mod refused;
mod sessions;
mod set_up;
mod sign_in;
mod store;
mod teams;
mod tokens;

use crate::passwords::hasher::{Cost, Hasher};
use crate::{Error, Identity, Join, Person, SetUp, SignIn, SignedIn};
use figures::Locale;
use kernel::access::{Grant, authorize};
use kernel::facts::{Recorded, about};
use kernel::{Db, TestClock};
use model::access::{Action, ChangeOwnAccount, ManagePeople, ManageTeams};
use model::{Actor, Role, Time};
use sqlx::PgPool;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

pub(crate) const SECOND_MS: i64 = 1_000;
pub(crate) const MINUTE_MS: i64 = 60 * SECOND_MS;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const HANA: &str = "hana@example.com";

/// The room and its clock. Passwords are hashed cheaply: what they cost is nobody's business here.
pub(crate) struct House {
    pub identity: Identity,
    pub clock: Arc<TestClock>,
    pub db: Db,
}

impl House {
    pub fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(Time(1_800_000_000_000)));
        let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
        let hasher = Hasher::new(cost, 2, Duration::from_secs(30));
        let identity = Identity::with_hasher(db.clone(), clock.clone(), hasher);
        Self { identity, clock, db }
    }

    /// With Hana, the first admin, signed in.
    pub async fn with_hana(pool: PgPool) -> (Self, SignedIn) {
        let house = Self::new(pool);
        let code = house.identity.set_up_code().await.unwrap().unwrap();
        let hana = house.identity.set_up(set_up(&code)).await.unwrap();
        (house, hana)
    }

    /// Somebody invited and joined.
    pub async fn join(&self, name: &str, email: &str, role: Role) -> Person {
        let grant = self.people_grant().await;
        let invitation = self.identity.invite(&grant, name, email, role).await.unwrap();
        self.identity.accept(joining(&invitation.code, PASSWORD)).await.unwrap().person
    }

    pub async fn people_grant(&self) -> Grant<ManagePeople> {
        self.grant_of_hana().await
    }

    pub async fn teams_grant(&self) -> Grant<ManageTeams> {
        self.grant_of_hana().await
    }

    async fn grant_of_hana<A: Action>(&self) -> Grant<A> {
        let people = self.identity.people_list().await.unwrap();
        let hana = people.into_iter().find(|row| row.email == HANA).unwrap();
        let hana = self.identity.person(hana.id).await.unwrap().unwrap();
        // As she was let in; she may have lost the role since.
        authorize(&Actor { role: Role::Admin, ..hana.actor() }, None).unwrap()
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<SignedIn, Error> {
        self.identity.sign_in(attempt(email, password)).await
    }

    /// Every Fact about the organisation, strangers and people, oldest first. Not read as an outbox is: a transaction of another test
    /// would hold the newest ones back.
    pub async fn facts(&self) -> Vec<Recorded> {
        let mut subjects = vec!["organisation".to_owned(), "stranger".to_owned()];
        subjects.extend(self.identity.people_list().await.unwrap().iter().map(|row| format!("person/{}", row.id)));
        let mut facts: Vec<Recorded> = Vec::new();
        for subject in subjects {
            facts.extend(about(&self.db, &subject, 1_000).await.unwrap());
        }
        facts.sort_by_key(|fact| fact.cursor.id);
        facts
    }

    pub async fn fact_kinds(&self) -> Vec<String> {
        self.facts().await.into_iter().map(|fact| fact.kind).collect()
    }
}

pub(crate) fn set_up(code: &str) -> SetUp {
    SetUp {
        code: code.to_owned(),
        organisation: "見守り商店".to_owned(),
        name: "Hana".to_owned(),
        email: HANA.to_owned(),
        password: PASSWORD.to_owned(),
        locale: Locale::Ja,
        address: address(1),
        user_agent: "Firefox".to_owned(),
    }
}

pub(crate) fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

pub(crate) fn joining(code: &str, password: &str) -> Join {
    Join {
        code: code.to_owned(),
        password: password.to_owned(),
        address: address(1),
        user_agent: "Firefox".to_owned(),
        device: None,
    }
}

pub(crate) fn attempt(email: &str, password: &str) -> SignIn {
    SignIn {
        email: email.to_owned(),
        password: password.to_owned(),
        address: address(1),
        user_agent: "Firefox".to_owned(),
        device: None,
    }
}

pub(crate) fn own_grant(person: &Person) -> Grant<ChangeOwnAccount> {
    authorize(&person.actor(), None).unwrap()
}
