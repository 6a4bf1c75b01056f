//! The promises of keeping, on a real Postgres.

mod applying;
mod drafting;
mod exploring;
mod keeping;

use crate::Dashboards;
use crate::evaluating::fake::{Fake, NOW};
use dashboard::{Dashboard, Said};
use kernel::{Clock, Db, Grant, TestClock, authorize};
use model::access::Action;
use model::actor::Who;
use model::ids::PersonId;
use model::{Actor, Role};
use sqlx::PgPool;
use std::sync::Arc;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;

/// The room, and the clock it goes by.
struct World {
    room: Dashboards,
    clock: Arc<TestClock>,
}

fn world(pool: PgPool) -> World {
    let clock = Arc::new(TestClock::new(NOW));
    let told: Arc<dyn Clock> = clock.clone();
    World { room: Dashboards::new(Db::from_pool(pool), told, Fake::default().needs()), clock }
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// An editor of that number, called by a name.
fn grant<A: Action>(n: u128, name: &str) -> Grant<A> {
    let who = Who::Person { id: person(n), name: name.to_owned() };
    authorize::<A>(&Actor { who, role: Role::Editor, team_roles: Vec::new() }, None).unwrap()
}

/// A lawful dashboard.
fn board(slug: &str, title: &str) -> Dashboard {
    Dashboard { slug: slug.to_owned(), title: Said::same(title), ..Dashboard::default() }
}
