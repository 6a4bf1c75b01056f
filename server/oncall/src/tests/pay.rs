//! Pay on a real Postgres: what schedules and answers left there becomes yen, is closed, and is corrected with the next month.

mod closing;
mod money;
mod work;

use super::{actor, grant, person};
use crate::Error;
use crate::needs::{Staff, Staffer, WorldError};
use crate::pay::Pay;
use crate::pay::month::parse;
use crate::pay::needs::{Answered, Answers};
use crate::pay::reckoning::{EVERYBODY, Sheet};
use crate::pay::refused::Refused;
use async_trait::async_trait;
use chrono::{DateTime, Weekday};
use kernel::{Db, Grant, TestClock};
use model::access::{ManagePay, ReadPay};
use model::ids::PersonId;
use model::pay::{Month, PayRule, Stacking};
use model::rota::Span;
use model::{Actor, Role, Time};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub(super) const HOUR: i64 = 3_600_000;

/// A moment in Tokyo: `2026-09-23T21:30`.
pub(super) fn at(text: &str) -> Time {
    Time::from_utc(DateTime::parse_from_rfc3339(&format!("{text}:00+09:00")).unwrap().to_utc())
}

pub(super) fn month(text: &str) -> Month {
    parse(text).unwrap()
}

pub(super) fn admin() -> Actor {
    Actor { role: Role::Admin, ..actor(1) }
}

/// Whom there is, and what they answered.
pub(super) struct Town {
    answered: Mutex<Vec<Answered>>,
}

#[async_trait]
impl Staff for Town {
    async fn everybody(&self) -> Result<Vec<Staffer>, WorldError> {
        let staffer = |n: u128| Staffer {
            id: person(n),
            name: format!("person {n}"),
            email: format!("person-{n}@example.jp"),
            may_come_in: true,
            is_responder: true,
            is_admin: n == 1,
            teams: Vec::new(),
        };
        Ok((1..=3).map(staffer).collect())
    }
}

#[async_trait]
impl Answers for Town {
    async fn since(&self, _since: Time, _open: &[String]) -> Result<Vec<Answered>, WorldError> {
        Ok(self.answered.lock().unwrap().clone())
    }
}

/// Pay, and what it is worked out from.
pub(super) struct Office {
    pub(super) db: Db,
    pub(super) clock: Arc<TestClock>,
    pub(super) town: Arc<Town>,
    pub(super) pay: Pay,
}

impl Office {
    /// On the second of October 2026, with 500 yen an hour for standby and 2,000 for work.
    pub(super) async fn new(pool: PgPool, rule: PayRule) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(at("2026-10-02T12:00")));
        let town = Arc::new(Town { answered: Mutex::default() });
        let pay = Pay::new(db.clone(), clock.clone(), town.clone(), town.clone());
        let office = Self { db, clock, town, pay };
        office.rule(rule, "2026-01-01", 0).await;
        office
    }

    pub(super) async fn rule(&self, rule: PayRule, from: &str, expected: i64) -> i64 {
        let (managing, from): (Grant<ManagePay>, _) = (grant(&admin()), from.parse().unwrap());
        self.pay.save_rule(&managing, EVERYBODY, from, &rule, expected).await.unwrap()
    }

    /// Somebody had an alert, and it is noted.
    pub(super) async fn answered(&self, n: u128, alert: i64, from: &str, until: Option<&str>) {
        self.town.answered.lock().unwrap().push(Answered {
            person: person(n),
            source: format!("alert/{alert}"),
            label: format!("A-{alert}"),
            from: at(from),
            until: until.map(at),
        });
        self.pay.note_work().await.unwrap();
    }

    /// Another answer of which more is known now: in place of all that was told before.
    pub(super) async fn is_over(&self, alert: i64, until: &str) {
        let source: String = format!("alert/{alert}");
        for one in self.town.answered.lock().unwrap().iter_mut().filter(|one| one.source == source) {
            one.until = Some(at(until));
        }
        self.pay.note_work().await.unwrap();
    }

    /// A schedule whose past is written down until a moment.
    pub(super) async fn schedule(&self, name: &str, final_until: Time) -> Uuid {
        let id: Uuid = kernel::ids::new_uuid();
        sqlx::query(
            "insert into oncall_schedule (id, name, title_ja, title_en, zone, calendar, required, most_hours, version, revision,
               revised_at, is_from_file, changed_by, changed_at, made_at, final_until, settle_at, check_at)
             values ($1, $2, '', '', 'Asia/Tokyo', 'japan', '[]', 168, 1, 1, $3, false, 'test', $3, $3, $3, $3, $3)",
        )
        .bind(id)
        .bind(name)
        .bind(final_until.to_utc())
        .execute(self.db.pool())
        .await
        .unwrap();
        id
    }

    pub(super) async fn stood_by(&self, schedule: Uuid, n: u128, from: &str, until: &str) {
        sqlx::query(
            "insert into oncall_shift_fact (schedule, role, person, is_gap, start_at, end_at, recorded_at)
             values ($1, 'primary', $2, false, $3, $4, $4)",
        )
        .bind(schedule)
        .bind(person(n).0)
        .bind(at(from).to_utc())
        .bind(at(until).to_utc())
        .execute(self.db.pool())
        .await
        .unwrap();
    }

    /// What somebody's month comes to, as they see it themselves.
    pub(super) async fn sheet(&self, n: u128, of: &str) -> Sheet {
        let reading: Grant<ReadPay> = grant(&actor(n));
        let found = self.pay.person_month(&reading, month(of), person(n)).await.unwrap();
        found.month.people.into_iter().next().map_or_else(|| Sheet::empty(person(n), found.name), |one| one.sheet)
    }
}

pub(super) fn rule(stacking: Stacking, statutory_weekday: Option<Weekday>) -> PayRule {
    PayRule { worked_yen_per_hour: 2_000, standby_yen_per_hour: 500, stacking, statutory_weekday, ..PayRule::default() }
}

pub(super) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refused {
    match result {
        Err(Error::Pay(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

pub(super) fn span(from: &str, until: &str) -> Span {
    Span::new(at(from), at(until))
}

/// Whose pay it is.
pub(super) fn hana() -> PersonId {
    person(2)
}
