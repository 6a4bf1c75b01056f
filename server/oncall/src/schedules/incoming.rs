//! Calendars kept elsewhere, whose entries put people on call: as overrides, or as fixed shifts that are the schedule.
//!
//! People are matched by e-mail address. An entry nobody is known of is an empty shift, and reported: a gap that somebody sees is better than
//! the wrong person. What is cancelled or gone from the file ends from now on. Times come as the file has them; an entry that repeats is
//! reported with its line, and the others are read.

use super::Schedules;
use super::definition::{ScheduleId, check_role, check_title, shortened};
use super::looking::{FAR, Loaded, MAX_WINDOW_DAYS};
use super::overrides::OverrideRow;
use super::refused::Refused;
use super::telling::{self, ATTACHED, DETACHED, READ};
use crate::error::Error;
use crate::needs::{Staffer, WorldError};
use crate::store;
use crate::store::schedules::overrides::Selection;
use crate::store::schedules::sources;
use http::{HeaderMap, Method};
use kernel::outbound::{Answer, Client, Request};
use kernel::{Grant, Tx};
use model::access::ChangeSchedules;
use model::ical::reading::{self, MAX_BYTES, Reading, Shift};
use model::ids::{OverrideId, PersonId};
use model::rota::almanac::Almanac;
use model::rota::offsets::Offsets;
use model::rota::{DutyRole, Override, OverrideSource, Span};
use model::{Actor, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use uuid::Uuid;

/// Calendars of one schedule.
pub const MOST_SOURCES: usize = 10;
/// Shifts of one calendar that are in force or to come.
pub const MOST_SHIFTS: usize = 1_000;
/// Entries that a report names.
const MOST_TOLD: usize = 50;
/// Between two fetches, and until a failed one is tried again.
pub const FETCH_EVERY_MS: i64 = 15 * 60_000;
/// Calendars that are fetched in one look.
const FETCHED_AT_ONCE: i64 = 5;
const FETCH_TIMEOUT: Duration = Duration::from_secs(20);
const MOST_ADDRESS: usize = 2_000;
/// Characters of an entry's name that tell it apart.
const MOST_UID: usize = 500;
const DAY_MS: i64 = 86_400_000;

/// A source's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub Uuid);

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SourceId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What the entries of a calendar are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceMode {
    /// They replace whoever the layers name, and older overrides.
    Overrides,
    /// They are the schedule: every override made here goes before them.
    Shifts,
}

impl SourceMode {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overrides => "override",
            Self::Shifts => "shift",
        }
    }

    /// The mode of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Overrides, Self::Shifts].into_iter().find(|mode| mode.as_str() == word)
    }
}

/// A calendar that is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub id: SourceId,
    pub schedule: ScheduleId,
    pub role: DutyRole,
    pub name: String,
    pub mode: SourceMode,
    /// The host it is fetched from; empty where somebody hands its text in.
    pub shown: String,
    pub next_at: Option<Time>,
    pub read_at: Option<Time>,
    /// Why the last fetch failed, if it did.
    pub last_error: Option<String>,
    pub report: Option<Report>,
    pub made_by: String,
    pub made_at: Time,
}

/// A calendar as somebody attaches it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSource {
    pub schedule: ScheduleId,
    pub role: DutyRole,
    pub name: String,
    pub mode: SourceMode,
    /// Where it is fetched from (`https://…`, `webcal://…`); without it, somebody hands its text in.
    pub address: Option<String>,
}

/// What a reading came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Shifts in force or to come.
    pub n_shifts: usize,
    pub n_new: usize,
    pub n_changed: usize,
    pub n_removed: usize,
    /// Entries of people nobody knows: empty shifts.
    pub unknown: Vec<Unknown>,
    /// Entries that aren't shifts, and why.
    pub refused: Vec<reading::Refused>,
}

/// An entry of somebody nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    pub line: usize,
    pub start: Time,
    /// The addresses it names, or what it is called.
    pub said: String,
}

/// A shift of a file, as an override wants it.
struct Wanted {
    uid: String,
    sequence: u32,
    span: Span,
    to: Option<PersonId>,
}

impl Schedules {
    /// Calendars attached to a schedule, the oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn sources(&self, schedule: ScheduleId) -> Result<Vec<SourceRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        sources::list(&mut tx, None, Some(schedule)).await
    }

    /// Attaches a calendar. One with an address is fetched soon, and every [`FETCH_EVERY_MS`] from then on.
    ///
    /// # Errors
    /// [`Refused::Address`], [`Refused::TooMany`], [`Refused::NoSchedule`] … The database's, and whoever seals the address.
    pub async fn attach(&self, grant: &Grant<ChangeSchedules>, new: &NewSource) -> Result<SourceId, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        check_role(&new.role)?;
        check_title(&new.name)?;
        let address: Option<String> = new.address.as_deref().map(address).transpose()?;
        let id = SourceId(kernel::ids::new_uuid());
        let sealed: Option<Vec<u8>> = match &address {
            Some(address) => Some(self.calendars.seal(&place(id), address)?),
            None => None,
        };
        let row = SourceRow {
            id,
            schedule: new.schedule,
            role: new.role.clone(),
            name: new.name.trim().to_owned(),
            mode: new.mode,
            shown: address.as_deref().map(host).unwrap_or_default(),
            next_at: address.is_some().then_some(now),
            read_at: None,
            last_error: None,
            report: None,
            made_by: actor.name().to_owned(),
            made_at: now,
        };
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.held(&mut tx, new.schedule, now).await?;
        if sources::list(&mut tx, None, Some(new.schedule)).await?.len() >= MOST_SOURCES {
            return Err(Refused::TooMany(MOST_SOURCES).into());
        }
        sources::insert(&mut tx, &row, sealed.as_deref()).await?;
        telling::tell(&mut tx, ATTACHED, row.schedule, actor, told(&loaded, &row), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Detaches a calendar. Its shifts end now.
    ///
    /// # Errors
    /// [`Refused::NoSource`]. The database's.
    pub async fn detach(&self, grant: &Grant<ChangeSchedules>, id: SourceId) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let (loaded, row): (Loaded, SourceRow) = self.held_source(&mut tx, id, now).await?;
        let live: Vec<OverrideId> = live(&mut tx, id, now).await?.into_iter().map(|row| row.change.id).collect();
        store::schedules::overrides::end(&mut tx, &live, actor.name(), now).await?;
        sources::remove(&mut tx, id, now).await?;
        store::schedules::revise(&mut tx, row.schedule, now).await?;
        telling::tell(&mut tx, DETACHED, row.schedule, actor, told(&loaded, &row), now).await?;
        self.look_at(&mut tx, row.schedule, &staff, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Reads the text of a calendar that somebody hands in.
    ///
    /// # Errors
    /// [`Refused::Calendar`] when it is none, [`Refused::TooMany`], [`Refused::NoSource`]. The database's.
    pub async fn read_calendar(&self, grant: &Grant<ChangeSchedules>, id: SourceId, text: &str) -> Result<Report, Error> {
        self.read(grant.actor(), id, text).await
    }

    /// Fetches a calendar now.
    ///
    /// # Errors
    /// [`Refused::NotFetched`]; as [`Schedules::read_calendar`]. The database's.
    pub async fn fetch_now(&self, grant: &Grant<ChangeSchedules>, id: SourceId) -> Result<Report, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let sealed: Option<Vec<u8>> = sources::sealed(&mut tx, id).await?;
        drop(tx);
        let sealed: Vec<u8> = sealed.ok_or(Refused::NoSource)?;
        let fetched: Result<String, WorldError> = self.calendars.fetch(&place(id), &sealed).await;
        let text: String = fetched.map_err(|error| Refused::NotFetched(error.reason))?;
        self.read(grant.actor(), id, &text).await
    }

    /// Fetches those whose time has come. Says how many.
    pub(super) async fn fetch_due(&self) -> Result<usize, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let due: Vec<(SourceId, Vec<u8>)> = sources::claim(&mut tx, now, now.plus_ms(FETCH_EVERY_MS), FETCHED_AT_ONCE).await?;
        tx.commit().await?;
        for (id, sealed) in &due {
            let outcome: Result<Report, Error> = match self.calendars.fetch(&place(*id), sealed).await {
                Ok(text) => self.read(&telling::worker(), *id, &text).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = outcome {
                tracing::warn!(error = &error as &dyn std::error::Error, source = %id, "a calendar could not be read");
                let mut tx: Tx = self.db.begin().await?;
                sources::note_error(&mut tx, *id, &said(&error)).await?;
                tx.commit().await?;
            }
        }
        Ok(due.len())
    }

    async fn read(&self, actor: &Actor, id: SourceId, text: &str) -> Result<Report, Error> {
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let (loaded, row): (Loaded, SourceRow) = self.held_source(&mut tx, id, now).await?;
        let reading: Reading = self.parsed(&loaded, text)?;
        let mut report = Report { refused: reading.refused, ..Report::default() };
        report.refused.truncate(MOST_TOLD);
        let wanted: Vec<Wanted> = wanted(&reading.shifts, &staff, now, &mut report);
        if wanted.len() > MOST_SHIFTS {
            return Err(Refused::TooMany(MOST_SHIFTS).into());
        }
        report.n_shifts = wanted.len();
        let before: Vec<OverrideRow> = live(&mut tx, id, now).await?;
        let new: Vec<&Wanted> = wanted.iter().filter(|one| !before.iter().any(|row| is_same(row, one, now))).collect();
        let gone = before.iter().filter(|row| !wanted.iter().any(|one| is_same(row, one, now)));
        let ended: Vec<&OverrideRow> = gone.collect();
        let is_known = |one: &&&Wanted| ended.iter().any(|row| row.uid.as_deref() == Some(one.uid.as_str()));
        report.n_changed = new.iter().filter(is_known).count();
        report.n_new = new.len() - report.n_changed;
        report.n_removed = ended.len().saturating_sub(report.n_changed);
        self.check_room(&mut tx, row.schedule, new.len().saturating_sub(ended.len()), now).await?;
        let ids: Vec<OverrideId> = ended.iter().map(|row| row.change.id).collect();
        store::schedules::overrides::end(&mut tx, &ids, actor.name(), now).await?;
        for one in &new {
            store::schedules::overrides::insert(&mut tx, &override_of(&row, one, actor, now)).await?;
        }
        sources::note_read(&mut tx, id, &report, now).await?;
        if !new.is_empty() || !ids.is_empty() {
            store::schedules::revise(&mut tx, row.schedule, now).await?;
            let mut body: Value = told(&loaded, &row);
            body["added"] = json!(report.n_new);
            body["changed"] = json!(report.n_changed);
            body["removed"] = json!(report.n_removed);
            body["unknown"] = json!(report.unknown.len());
            telling::tell(&mut tx, READ, row.schedule, actor, body, now).await?;
            self.look_at(&mut tx, row.schedule, &staff, now).await?;
        }
        tx.commit().await?;
        Ok(report)
    }

    fn parsed(&self, loaded: &Loaded, text: &str) -> Result<Reading, Refused> {
        let name: &str = &loaded.row.definition.zone;
        let zone = self.almanacs.zone(name).ok_or_else(|| Refused::Zone(name.to_owned()))?;
        let zones: Vec<Offsets> =
            reading::zones(text).iter().filter_map(|name| self.almanacs.zone(name)).map(|zone| Offsets::clone(&zone)).collect();
        let almanac = Almanac { zones, ..Almanac::default() };
        Ok(reading::read(text, &almanac, &zone)?)
    }

    async fn held_source(&self, tx: &mut Tx, id: SourceId, now: Time) -> Result<(Loaded, SourceRow), Error> {
        let found: SourceRow = sources::list(tx, Some(id), None).await?.pop().ok_or(Refused::NoSource)?;
        let loaded: Loaded = self.held(tx, found.schedule, now).await?;
        // Again: somebody may have detached it meanwhile.
        let row: SourceRow = sources::list(tx, Some(id), None).await?.pop().ok_or(Refused::NoSource)?;
        Ok((loaded, row))
    }
}

/// Fetches a calendar by a client that goes only where it may: what the wiring's [`crate::needs::Calendars`] does once it has opened an
/// address.
///
/// # Errors
/// When nobody answers with a text in time.
pub async fn fetch(client: &Client, address: &str) -> Result<String, WorldError> {
    let request = Request {
        method: Method::GET,
        url: address.to_owned(),
        headers: HeaderMap::new(),
        body: Vec::new(),
        timeout: FETCH_TIMEOUT,
        max_bytes: MAX_BYTES,
    };
    let failed = |reason: String| WorldError { reason };
    let answer: Answer = client.send(request).await.map_err(|error| failed(error.describe()))?;
    if !answer.status.is_success() {
        return Err(failed(format!("expected a calendar, the answer is {}", answer.status.as_u16())));
    }
    String::from_utf8(answer.body).map_err(|_| failed("expected a calendar in UTF-8".to_owned()))
}

/// What an address was sealed for.
fn place(id: SourceId) -> String {
    format!("calendar/{id}")
}

/// An address as it is fetched: calendars call https webcal.
fn address(typed: &str) -> Result<String, Refused> {
    let typed: &str = typed.trim();
    let address: String = match typed.split_once("://") {
        Some(("webcal" | "webcals", rest)) => format!("https://{rest}"),
        _ => typed.to_owned(),
    };
    let is_http: bool = address.starts_with("https://") || address.starts_with("http://");
    if is_http && address.len() <= MOST_ADDRESS && !host(&address).is_empty() {
        Ok(address)
    } else {
        // Not all of it: there may be a secret behind the host.
        Err(Refused::Address(typed.chars().take(12).collect()))
    }
}

/// The host of an address, without whoever it signs in as.
fn host(address: &str) -> String {
    let rest: &str = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority: &str = rest.split(['/', '?', '#']).next().unwrap_or_default();
    shortened(authority.rsplit('@').next().unwrap_or_default())
}

/// The overrides of a calendar that are in force or to come.
async fn live(tx: &mut Tx, id: SourceId, now: Time) -> Result<Vec<OverrideRow>, Error> {
    let within = Some(Span::new(now, FAR));
    let selection = Selection { source: Some(id), within, only_live: true, ..Selection::default() };
    store::schedules::overrides::list(tx, selection).await
}

/// Shifts that are not over, with the people that are meant.
fn wanted(shifts: &[Shift], staff: &[Staffer], now: Time, report: &mut Report) -> Vec<Wanted> {
    let horizon: Time = now.plus_ms(MAX_WINDOW_DAYS * DAY_MS);
    let is_ahead = |shift: &&Shift| !shift.is_cancelled && shift.end > now && shift.start < horizon;
    let mut wanted: Vec<Wanted> = Vec::new();
    for shift in shifts.iter().filter(is_ahead) {
        let to: Option<PersonId> = meant(shift, staff);
        if to.is_none() && report.unknown.len() < MOST_TOLD {
            let said: String = if shift.mails.is_empty() { shift.summary.clone() } else { shift.mails.join(", ") };
            report.unknown.push(Unknown { line: shift.line, start: shift.start, said: shortened(&said) });
        }
        let span = Span::new(shift.start, shift.end);
        let uid: String = shift.uid.chars().take(MOST_UID).collect();
        wanted.push(Wanted { uid, sequence: shift.sequence, span, to });
    }
    wanted
}

/// The first of its addresses that is somebody's; where there is none, the address that it is called by.
fn meant(shift: &Shift, staff: &[Staffer]) -> Option<PersonId> {
    let called: String = shift.summary.trim().to_lowercase();
    let mails: Vec<&str> =
        if shift.mails.is_empty() { vec![called.as_str()] } else { shift.mails.iter().map(String::as_str).collect() };
    let find = |mail: &&str| staff.iter().find(|staffer| staffer.email.eq_ignore_ascii_case(mail));
    mails.iter().find_map(find).map(|staffer| staffer.id)
}

/// Whether an override says what the file says. What began already began.
fn is_same(row: &OverrideRow, wanted: &Wanted, now: Time) -> bool {
    let begins_alike: bool = row.change.start == wanted.span.start || row.change.start.max(wanted.span.start) <= now;
    row.uid.as_deref() == Some(wanted.uid.as_str())
        && row.change.to == wanted.to
        && row.planned_end == wanted.span.end
        && begins_alike
}

fn override_of(source: &SourceRow, wanted: &Wanted, actor: &Actor, now: Time) -> OverrideRow {
    OverrideRow {
        schedule: source.schedule,
        change: Override {
            id: OverrideId(kernel::ids::new_uuid()),
            role: source.role.clone(),
            start: wanted.span.start.max(now),
            end: wanted.span.end,
            from: None,
            to: wanted.to,
            // A fixed shift is older than whatever somebody overrides.
            created_at: if source.mode == SourceMode::Shifts { Time(0) } else { now },
            source: OverrideSource::Ical,
        },
        planned_end: wanted.span.end,
        reason: String::new(),
        swap: None,
        source: Some(source.id),
        uid: Some(wanted.uid.clone()),
        sequence: Some(wanted.sequence),
        made_by: actor.name().to_owned(),
        made_by_person: actor.person_id(),
        ended_at: None,
        ended_by: None,
    }
}

/// Why it could not be read, for the screen: what went wrong with the database is not for it.
fn said(error: &Error) -> String {
    match error {
        Error::Schedule(refused) => refused.to_string(),
        Error::World(error) => error.reason.clone(),
        _ => "an error inside the house".to_owned(),
    }
}

fn told(loaded: &Loaded, row: &SourceRow) -> Value {
    json!({ "name": loaded.row.definition.name, "calendar": row.name, "from": row.shown, "mode": row.mode.as_str() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_are_fetched_and_told_without_their_secret() {
        assert_eq!(address(" webcal://cal.example/x.ics ").unwrap(), "https://cal.example/x.ics");
        assert_eq!(host("https://me:secret@cal.example:8443/private-abc/basic.ics?key=1"), "cal.example:8443");
        let refused = |typed: &str| address(typed).unwrap_err().to_string();
        for typed in ["ftp://cal.example/secret", "cal.example", "https://", ""] {
            assert!(!refused(typed).contains("secret"), "{typed}");
        }
    }
}
