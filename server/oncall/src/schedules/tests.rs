//! The rules of schedules on a real Postgres: four people in Tokyo who take turns by the week, and a clock that is moved.

mod calendars;
mod changing;
mod feeds;
mod files;
mod history;
mod holidays;
mod overriding;
mod readiness;
mod same_answer;
mod swapping;

use super::Schedules;
use super::change::Effective;
use super::definition::{Definition, LayerDraft, ScheduleId};
use super::looking::Rendering;
use super::overrides::NewOverride;
use crate::contacts::{ContactId, ContactKind, ContactRow};
use crate::needs::{Calendars, Staff, Staffer, WorldError};
use crate::store;
use crate::store::contacts::Stored;
use crate::tests::{actor, grant, person};
use async_trait::async_trait;
use figures::Locale;
use kernel::facts::{self, Recorded};
use kernel::{Clock, Db, Grant, TestClock, Tx};
use model::access::{ChangeSchedules, ChangeShifts};
use model::ids::PersonId;
use model::rota::local::Local;
use model::rota::{AdvanceOn, DutyRole, Member, Mode, OnHoliday, Rotation, Segment, Span, Unit, Who};
use model::{Actor, Role, Time};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};

pub(super) const HOUR: i64 = 3_600_000;
pub(super) const DAY: i64 = 24 * HOUR;

/// A moment by the clocks of Tokyo.
pub(super) fn tokyo(text: &str) -> Time {
    let local: Local = text.parse().unwrap();
    Time((local.0 - 9 * 3_600) * 1_000)
}

pub(super) fn span(start: &str, end: &str) -> Span {
    Span::new(tokyo(start), tokyo(end))
}

/// Everything around the room.
pub(super) struct World {
    staff: Mutex<Vec<Staffer>>,
    /// What is there when a calendar is fetched.
    pub(super) calendar: Mutex<Result<String, String>>,
}

#[async_trait]
impl Staff for World {
    async fn everybody(&self) -> Result<Vec<Staffer>, WorldError> {
        Ok(self.staff.lock().unwrap().clone())
    }
}

#[async_trait]
impl Calendars for World {
    fn seal(&self, place: &str, address: &str) -> Result<Vec<u8>, WorldError> {
        Ok(format!("{place}|{address}").into_bytes())
    }

    async fn fetch(&self, place: &str, sealed: &[u8]) -> Result<String, WorldError> {
        assert!(sealed.starts_with(place.as_bytes()), "opened for another place");
        self.calendar.lock().unwrap().clone().map_err(|reason| WorldError { reason })
    }
}

/// Schedules, their world and its clock.
pub(super) struct House {
    pub(super) db: Db,
    pub(super) clock: Arc<TestClock>,
    pub(super) world: Arc<World>,
    pub(super) schedules: Schedules,
}

impl House {
    /// On Tuesday, 24 November 2026, at noon in Tokyo; the people 1 to 4, who can all be reached.
    pub(super) async fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(tokyo("2026-11-24T12:00")));
        let world = Arc::new(World {
            staff: Mutex::new((1..=4).map(staffer).collect()),
            calendar: Mutex::new(Err("nobody is there".to_owned())),
        });
        let schedules = Schedules::new(db.clone(), clock.clone(), world.clone()).with_calendars(world.clone());
        let house = Self { db, clock, world, schedules };
        for n in 1..=4 {
            house.reach(n).await;
        }
        house
    }

    /// With the weekly pair, looked after once.
    pub(super) async fn with_pair(pool: PgPool) -> (Self, ScheduleId) {
        let house = Self::new(pool).await;
        let id: ScheduleId = house.schedules.make(&editor(), &pair(), Effective::NextHandoff).await.unwrap();
        house.schedules.tick().await.unwrap();
        (house, id)
    }

    async fn reach(&self, n: u128) {
        let id = ContactId(kernel::ids::new_uuid());
        let row = ContactRow {
            id,
            person: person(n),
            kind: ContactKind::Email,
            label: String::new(),
            shown: "h···@example.jp".to_owned(),
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
            made_at: self.clock.now(),
            verified_at: Some(self.clock.now()),
            code_until: None,
            last_ok_at: None,
            last_fail_at: None,
            last_error: None,
        };
        let mark: Vec<u8> = id.0.as_bytes().to_vec();
        let stored = Stored { row, sealed: mark.clone(), mark, code: None, code_sent_at: None, codes_sent: 0, guesses: 0 };
        let mut tx: Tx = self.db.begin().await.unwrap();
        store::contacts::insert(&mut tx, &stored).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) fn set_staffer(&self, n: u128, change: impl Fn(&mut Staffer)) {
        let mut staff = self.world.staff.lock().unwrap();
        staff.iter_mut().filter(|staffer| staffer.id == person(n)).for_each(change);
    }

    /// Moves the clock there, and looks.
    pub(super) async fn go(&self, text: &str) {
        self.clock.set(tokyo(text));
        self.schedules.tick().await.unwrap();
    }

    pub(super) async fn render(&self, id: ScheduleId, start: &str, end: &str) -> Rendering {
        self.schedules.render(id, span(start, end)).await.unwrap()
    }

    /// Who is primary, and from when to when: a line a shift.
    pub(super) async fn primary(&self, id: ScheduleId, start: &str, end: &str) -> Vec<String> {
        let rendering: Rendering = self.render(id, start, end).await;
        lines(&rendering.segments, &DutyRole::Primary)
    }

    pub(super) async fn kinds(&self, id: ScheduleId) -> Vec<String> {
        self.told(id).await.into_iter().map(|fact| fact.kind).collect()
    }

    pub(super) async fn told(&self, id: ScheduleId) -> Vec<Recorded> {
        facts::about(&self.db, &format!("schedule/{id}"), 1_000).await.unwrap()
    }

    /// The schedule with other layers, put in force as it says.
    pub(super) async fn change(&self, id: ScheduleId, effective: Effective, change: impl Fn(&mut Definition)) {
        let row = self.schedules.one(id).await.unwrap().unwrap();
        let mut wanted: Definition = row.definition.clone();
        change(&mut wanted);
        self.schedules.change(&editor(), id, &wanted, row.version, effective).await.unwrap();
    }
}

fn staffer(n: u128) -> Staffer {
    Staffer {
        id: person(n),
        name: format!("person {n}"),
        email: format!("person-{n}@example.jp"),
        may_come_in: true,
        is_responder: true,
        is_admin: n == 1,
        teams: vec!["web".to_owned()],
    }
}

/// May change schedules.
pub(super) fn editor() -> Grant<ChangeSchedules> {
    grant(&editing(1))
}

pub(super) fn editing(n: u128) -> Actor {
    Actor { role: Role::Editor, ..actor(n) }
}

/// May do what responders may do for themselves.
pub(super) fn responder(n: u128) -> Grant<ChangeShifts> {
    grant(&actor(n))
}

/// May do it for everybody.
pub(super) fn for_all() -> Grant<ChangeShifts> {
    grant(&editing(1))
}

pub(super) fn members(people: &[u128]) -> Vec<Member> {
    people.iter().map(|n| Member::Person(person(*n))).collect()
}

pub(super) fn weekly(people: &[u128], role: DutyRole, offset: i32) -> LayerDraft {
    LayerDraft {
        id: None,
        name: format!("{role:?}"),
        role,
        rank: 0,
        mode: Mode::Cut,
        from: None,
        until: None,
        rotation: Rotation {
            unit: Unit::Week,
            every: 1,
            anchor: "2026-11-23T10:00".parse().unwrap(),
            zone: "Asia/Tokyo".to_owned(),
            members: members(people),
            offset,
            advance_on: AdvanceOn::Period,
            on_holiday: OnHoliday::Keep,
        },
        restrictions: Vec::new(),
    }
}

/// Primary and secondary by the week: from Monday 23 November on it is 1 and 2, then 2 and 3.
pub(super) fn pair() -> Definition {
    let layers = vec![weekly(&[1, 2, 3, 4], DutyRole::Primary, 0), weekly(&[1, 2, 3, 4], DutyRole::Secondary, 1)];
    Definition { layers, owner: Some("web".to_owned()), ..Definition::empty("payments", "Asia/Tokyo") }
}

pub(super) fn number(person: PersonId) -> u128 {
    person.0.as_u128()
}

/// `1 2026-11-23T10:00 2026-11-30T10:00`, by the clocks of Tokyo; `-` for a gap, `0` for nobody.
pub(super) fn lines(segments: &[Segment], role: &DutyRole) -> Vec<String> {
    let own = segments.iter().filter(|segment| segment.role == *role);
    own.map(|segment| format!("{} {} {}", who(segment.who), written(segment.start), written(segment.end))).collect()
}

fn who(who: Who) -> String {
    match who {
        Who::Person(person) => number(person).to_string(),
        Who::Nobody => "0".to_owned(),
        Who::Gap => "-".to_owned(),
    }
}

pub(super) fn written(at: Time) -> String {
    Local(at.0.div_euclid(1_000) + 9 * 3_600).to_string()
}

/// Somebody in whoever's place.
pub(super) fn instead(schedule: ScheduleId, to: u128, start: &str, end: &str) -> NewOverride {
    NewOverride {
        schedule,
        role: DutyRole::Primary,
        span: span(start, end),
        from: None,
        to: Some(person(to)),
        reason: "wedding".to_owned(),
        revision: None,
    }
}
