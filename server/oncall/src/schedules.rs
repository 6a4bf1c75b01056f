//! Schedules: who is on call when, and what becomes of it when somebody changes that.
//!
//! The turns themselves are worked out by `model::rota`, the same in the browser and here; this half of the room keeps what they are worked
//! out from, and what has been. A schedule is a row that is the lock for all that happens in it. A layer is written once and closed, never
//! edited: a change closes it at a moment, and another begins there. What was in force is written down as it passes (`settling.rs`) and is
//! never asked of the layers again, so that no change of anything, holidays included, changes the past.
//!
//! What can be asked, by file; everything is a method of [`Schedules`]:
//!
//! - `keeping.rs`: `list`, `one`, `by_name`, `make`, `preview`, `change`, `remove`
//! - `looking.rs`: `render`, `now`, `next_handoffs`, `shifts_of`; `who.rs`: whoever an escalation pages
//! - `overrides.rs`: `overrides`, `preview_override`, `make_override`, `cancel_override`
//! - `swaps.rs`: `swaps`, `ask`, `offer`, `take`, `accept_offer`, `cancel_swap`
//! - `leave.rs`: `leave`, `add_leave`, `remove_leave`
//! - `readiness.rs`: `findings`, `check`
//! - `holidays.rs`: `calendars`, `calendar`, `save_calendar`, `read_holidays`, `import_holidays`, `add_company_day` …
//! - `feeds.rs`: `feeds`, `make_feed`, `rekey_feed`, `remove_feed`, `feed_file`; `http.rs`: the address they are fetched from
//! - `incoming.rs`: `sources`, `attach`, `detach`, `read_calendar`, `fetch_now`
//! - `applying.rs`: `Schedules::check_files`, `rehearse`, `resolve`, `apply`, `apply_in`, `print`; `import.rs`: files of other products
//!
//! Reading needs no Grant here, as in the whole house: the door asks for `ReadConsole`. What changes a schedule takes
//! `Grant<ChangeSchedules>` (editors); what a responder may do for themselves takes `Grant<ChangeShifts>`, and an editor may do it for anybody.

pub mod almanacs;
pub mod applying;
pub mod change;
pub mod definition;
pub mod feeds;
pub mod file;
pub mod holidays;
pub mod http;
pub mod import;
pub mod incoming;
pub mod keeping;
pub mod leave;
pub mod looking;
pub mod overrides;
pub mod printer;
pub mod readiness;
pub mod refused;
mod resolve;
mod settling;
pub mod swaps;
mod telling;
#[cfg(test)]
mod tests;
mod who;
pub mod written;

use crate::error::Error;
use crate::needs::{Calendars, NoCalendars, Staff, Staffer};
use crate::store;
use almanacs::Almanacs;
use holidays::HolidayBook;
use kernel::{Clock, Db, Ticks, Tx};
use model::Actor;
use model::ids::PersonId;
use refused::Refused;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A shift becomes history at most this much after it ended.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// Schedules that are looked after in one look; the others follow in the next.
const MOST_IN_A_ROW: usize = 200;

/// Schedules as people see and change them. Cheap to clone.
#[derive(Clone)]
pub struct Schedules {
    db: Db,
    clock: Arc<dyn Clock>,
    staff: Arc<dyn Staff>,
    calendars: Arc<dyn Calendars>,
    almanacs: Almanacs,
    book: Arc<HolidayBook>,
}

/// Somebody, as far as whoever looks at a schedule must know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// The account is there and switched on.
    pub may_come_in: bool,
    /// They have a contact that was verified.
    pub is_reachable: bool,
}

impl Schedules {
    /// Over `db`. Fetches no calendars unless [`Schedules::with_calendars`] says how.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, staff: Arc<dyn Staff>) -> Self {
        let (almanacs, book) = (Almanacs::default(), Arc::new(HolidayBook::default()));
        Self { db, clock, staff, calendars: Arc::new(NoCalendars), almanacs, book }
    }

    /// With a way to calendars that are kept elsewhere.
    #[must_use]
    pub fn with_calendars(self, calendars: Arc<dyn Calendars>) -> Self {
        Self { calendars, ..self }
    }

    /// The holidays of the calendar `japan`, for whoever must know without asking the database: as they were at the last look.
    #[must_use]
    pub fn book(&self) -> Arc<HolidayBook> {
        Arc::clone(&self.book)
    }

    /// Writes down what has been, looks for what is wrong, ends swaps that nobody took, and fetches calendars, until `shutdown`. Any number
    /// of processes may do this over one database: the lock of a schedule's row is the lease.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
        while ticks.next().await {
            if let Err(error) = self.tick().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "schedules could not be looked after");
            }
        }
    }

    /// Does everything that is due now, and says how many things that were.
    ///
    /// # Errors
    /// The database's.
    pub async fn tick(&self) -> Result<usize, Error> {
        let mut n_done: usize = 0;
        self.read_book().await?;
        for _ in 0..MOST_IN_A_ROW {
            if !self.settle_one().await? {
                break;
            }
            n_done += 1;
        }
        for _ in 0..MOST_IN_A_ROW {
            if !self.check_one().await? {
                break;
            }
            n_done += 1;
        }
        n_done += self.expire_swaps().await?;
        n_done += self.fetch_due().await?;
        Ok(n_done)
    }

    /// Everybody. To be asked before a transaction begins: whoever knows them may need a connection of their own, and who holds one and waits
    /// for another keeps it from somebody who does the same.
    async fn everybody(&self) -> Result<Vec<Staffer>, Error> {
        Ok(self.staff.everybody().await?)
    }

    /// These people by name, in the order of their names; also those whom nobody knows any more.
    async fn named(&self, tx: &mut Tx, staff: &[Staffer], people: &[PersonId]) -> Result<Vec<Named>, Error> {
        let reachable: Vec<PersonId> = store::schedules::people::reachable(tx, people).await?;
        let mut named: Vec<Named> = people.iter().map(|person| name(*person, staff, &reachable)).collect();
        named.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        named.dedup();
        Ok(named)
    }
}

/// Who does something, and everybody there is.
#[derive(Clone, Copy)]
struct By<'a> {
    actor: &'a Actor,
    staff: &'a [Staffer],
}

/// Refuses people nobody knows.
fn check_people(staff: &[Staffer], people: &[PersonId]) -> Result<(), Refused> {
    let stranger: Option<&PersonId> = people.iter().find(|person| !staff.iter().any(|staffer| staffer.id == **person));
    stranger.map_or(Ok(()), |person| Err(Refused::NoPerson(*person)))
}

fn name(person: PersonId, staff: &[Staffer], reachable: &[PersonId]) -> Named {
    let found: Option<&Staffer> = staff.iter().find(|staffer| staffer.id == person);
    Named {
        id: person,
        name: found.map(|staffer| staffer.name.clone()).unwrap_or_default(),
        email: found.map(|staffer| staffer.email.clone()).unwrap_or_default(),
        may_come_in: found.is_some_and(|staffer| staffer.may_come_in),
        is_reachable: reachable.contains(&person),
    }
}
