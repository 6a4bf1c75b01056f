//! Worked time: noted from answers, corrected by hand. What was first noted is never changed, but for the end of what went on.

use super::needs::Answered;
use super::reckoning::OtherOvertime;
use super::refused::Refused;
use super::{Pay, check_may, month, tell};
use crate::error::Error;
use crate::history;
use crate::needs::Staffer;
use crate::store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::{CorrectWork, ManagePay};
use model::ids::PersonId;
use model::pay::Month;
use model::rota::Span;
use serde_json::json;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Nobody works longer at a stretch; what does is a typing error.
pub const MAX_WORK_HOURS: i64 = 72;
/// Months that begin earlier are not paid anew ([`super::closing::LOOK_BACK_MONTHS`]).
pub const OLDEST_DAYS: i64 = 360;
/// Characters of a reason.
pub const MAX_REASON: usize = 500;
/// Characters of what was worked on.
pub const MAX_LABEL: usize = 100;
/// Times that one person adds by hand within a month.
pub const MAX_BY_HAND: i64 = 300;
/// Corrections of one worked time.
pub const MAX_CORRECTIONS: usize = 50;
/// All minutes of a month.
pub const MAX_OTHER_MINUTES: i32 = 44_640;
/// Work that was noted and took longer is asked about before a month is closed: somebody may have forgotten to say that it was over.
pub const LONG_WORK_MS: i64 = 12 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Answers are looked through again from so long before the last look, for what was committed late.
const OVERLAP_MS: i64 = 10 * 60_000;
/// What goes on and is asked about at each look. Nobody has so much at once.
const MOST_OPEN: i64 = 1_000;
/// How far back the first look goes.
const FIRST_LOOK_MS: i64 = 40 * DAY_MS;

/// A worked time's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkId(pub Uuid);

impl fmt::Display for WorkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for WorkId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// When somebody worked, as somebody says it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCorrection {
    pub span: Span,
    /// It was no work at all.
    pub is_left_out: bool,
    pub reason: String,
    pub by: String,
    pub at: Time,
}

/// Somebody worked on something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    pub id: WorkId,
    pub person: PersonId,
    /// `alert/12`, `incident/7`, `hand/…`.
    pub source: String,
    /// As people say it.
    pub label: String,
    /// As it was first noted.
    pub started_at: Time,
    /// `None`: it goes on.
    pub ended_at: Option<Time>,
    pub is_by_hand: bool,
    pub noted_at: Time,
    /// The oldest first; the last one counts.
    pub corrections: Vec<WorkCorrection>,
}

impl WorkRow {
    /// What is paid of it.
    #[must_use]
    pub fn counted(&self) -> Option<Span> {
        match self.corrections.last() {
            Some(last) => (!last.is_left_out).then_some(last.span),
            None => self.noted(),
        }
    }

    /// What was first noted, once it has ended.
    #[must_use]
    pub fn noted(&self) -> Option<Span> {
        self.ended_at.map(|end| Span::new(self.started_at, end))
    }

    /// It goes on, and nobody has said when it ended.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.ended_at.is_none() && self.corrections.is_empty()
    }

    /// Whether any account of it has to do with a stretch of time.
    #[must_use]
    pub fn touches(&self, within: Span) -> bool {
        let noted = Span::new(self.started_at, self.ended_at.unwrap_or(within.end.max(self.started_at.plus_ms(1))));
        let counted: Option<Span> = self.corrections.last().map(|last| last.span);
        counted.is_some_and(|span| !span.and(within).is_empty()) || !noted.and(within).is_empty()
    }
}

/// A correction as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// `None`: as it was noted, or corrected last.
    pub span: Option<Span>,
    pub is_left_out: bool,
    pub reason: String,
}

impl Pay {
    /// Notes what was answered since the last look, and says how many answers were looked at. What [`Pay::run`] does again and again.
    ///
    /// # Errors
    /// The database's, and when nobody can say who answered what.
    pub async fn note_work(&self) -> Result<usize, Error> {
        let now: Time = self.clock.now();
        let until: Option<Time> = store::pay::work::noted_until(&self.db).await?;
        let since: Time = until.map_or(now.plus_ms(-FIRST_LOOK_MS), |until| until.plus_ms(-OVERLAP_MS));
        let open: Vec<String> = store::pay::work::open(&self.db, MOST_OPEN).await?;
        let answered: Vec<Answered> = self.answers.since(since, &open).await?;
        let mut tx: Tx = self.db.begin().await?;
        for answer in answered.iter().filter(|answer| is_work(answer)) {
            store::pay::work::note(&mut tx, answer, now).await?;
        }
        store::pay::work::noted(&mut tx, now).await?;
        tx.commit().await?;
        Ok(answered.len())
    }

    /// Adds worked time that nobody was called for, and says its id.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn add_work(
        &self,
        grant: &Grant<CorrectWork>,
        person: PersonId,
        label: &str,
        span: Span,
        reason: &str,
    ) -> Result<WorkId, Error> {
        check_may(grant.actor(), person)?;
        let now: Time = self.clock.now();
        let (label, reason): (String, String) = (checked(label, MAX_LABEL).ok_or(Refused::Label)?, checked_reason(reason)?);
        check_span(span, now)?;
        self.check_person(person).await?;
        let id = WorkId(kernel::ids::new_uuid());
        let row = WorkRow {
            id,
            person,
            source: format!("hand/{id}"),
            label,
            started_at: span.start,
            ended_at: Some(span.end),
            is_by_hand: true,
            noted_at: now,
            corrections: Vec::new(),
        };
        let correction = WorkCorrection { span, is_left_out: false, reason, by: grant.actor().name().to_owned(), at: now };
        let mut tx: Tx = self.db.begin().await?;
        if store::pay::work::by_hand_since(&mut tx, person, now.plus_ms(-31 * DAY_MS)).await? >= MAX_BY_HAND {
            return Err(Refused::TooMuch.into());
        }
        store::pay::work::insert(&mut tx, &row).await?;
        store::pay::work::correct(&mut tx, id, &correction).await?;
        let body = json!({ "work": id.0 });
        tell(&mut tx, history::WORK_ADDED, subject(person), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Says when somebody really worked, or that it was no work. What was noted stays beside it.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn correct_work(&self, grant: &Grant<CorrectWork>, id: WorkId, new: &NewCorrection) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let reason: String = checked_reason(&new.reason)?;
        let mut tx: Tx = self.db.begin().await?;
        let work: WorkRow = store::pay::work::lock(&mut tx, id).await?.ok_or(Refused::NoWork)?;
        check_may(grant.actor(), work.person)?;
        if work.corrections.len() >= MAX_CORRECTIONS {
            return Err(Refused::TooMuch.into());
        }
        let before: Option<Span> = work.corrections.last().map(|last| last.span).or_else(|| work.noted());
        // What goes on and was no work at all needs no end: it counts as having ended now.
        let open: Option<Span> = new.is_left_out.then(|| Span::new(work.started_at, now.max(work.started_at.plus_ms(1))));
        let said: Option<Span> = new.span.filter(|span| !span.is_empty() || !new.is_left_out);
        let span: Span = said.or(before).or(open).ok_or(Refused::NoEnd)?;
        if !new.is_left_out {
            check_span(span, now)?;
        } else if span.start < now.plus_ms(-OLDEST_DAYS * DAY_MS) {
            return Err(Refused::TooOld.into());
        }
        // What changes either account must not lie in months that are not paid anew.
        if work.started_at < now.plus_ms(-OLDEST_DAYS * DAY_MS) {
            return Err(Refused::TooOld.into());
        }
        let by: String = grant.actor().name().to_owned();
        let correction = WorkCorrection { span, is_left_out: new.is_left_out, reason, by, at: now };
        store::pay::work::correct(&mut tx, id, &correction).await?;
        let body = json!({ "work": id.0, "label": work.label });
        tell(&mut tx, history::WORK_CORRECTED, subject(work.person), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says how much overtime somebody has worked in a month besides on-call work.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn set_other_overtime(
        &self,
        grant: &Grant<ManagePay>,
        of: Month,
        person: PersonId,
        minutes: i32,
    ) -> Result<(), Error> {
        if !(0..=MAX_OTHER_MINUTES).contains(&minutes) {
            return Err(Refused::OtherOvertime.into());
        }
        self.check_person(person).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let newest: Option<Month> = store::pay::months::newest(&mut tx).await?;
        if newest.is_some_and(|newest| of < super::closing::oldest_of(newest)) {
            return Err(Refused::LongAgo.into());
        }
        let overtime = OtherOvertime { month: of, person, minutes };
        store::pay::work::set_overtime(&mut tx, overtime, grant.actor().name(), now).await?;
        let body = json!({ "month": month::text(of) });
        tell(&mut tx, history::OVERTIME_SET, subject(person), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn check_person(&self, person: PersonId) -> Result<(), Error> {
        let staff: Vec<Staffer> = self.staff.everybody().await?;
        if staff.iter().any(|staffer| staffer.id == person) { Ok(()) } else { Err(Refused::NoPerson.into()) }
    }
}

fn subject(person: PersonId) -> String {
    format!("person/{person}")
}

/// What was over at once was no work.
fn is_work(answer: &Answered) -> bool {
    answer.until.is_none_or(|until| answer.from < until)
}

fn check_span(span: Span, now: Time) -> Result<(), Refused> {
    if span.is_empty() || span.length_ms() > MAX_WORK_HOURS * HOUR_MS {
        Err(Refused::Stretch)
    } else if span.end > now {
        Err(Refused::Future)
    } else if span.start < now.plus_ms(-OLDEST_DAYS * DAY_MS) {
        Err(Refused::TooOld)
    } else {
        Ok(())
    }
}

fn checked_reason(text: &str) -> Result<String, Refused> {
    checked(text, MAX_REASON).ok_or(Refused::Reason)
}

/// Without blanks around; something, and not too much of it.
fn checked(text: &str, most: usize) -> Option<String> {
    let text: String = text.trim().replace('\0', "");
    (1..=most).contains(&text.chars().count()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time(1_795_489_200_000);

    fn row(ended_at: Option<Time>) -> WorkRow {
        WorkRow {
            id: WorkId(Uuid::nil()),
            person: PersonId(Uuid::nil()),
            source: "alert/1".to_owned(),
            label: "A-1".to_owned(),
            started_at: NOON,
            ended_at,
            is_by_hand: false,
            noted_at: NOON,
            corrections: Vec::new(),
        }
    }

    fn correction(span: Span, is_left_out: bool) -> WorkCorrection {
        WorkCorrection { span, is_left_out, reason: "ate".to_owned(), by: "hana".to_owned(), at: NOON }
    }

    #[test]
    fn the_newest_account_counts() {
        let mut work: WorkRow = row(None);
        assert_eq!((work.counted(), work.is_unfinished()), (None, true));
        let (long, short) = (Span::new(NOON, NOON.plus_ms(HOUR_MS)), Span::new(NOON, NOON.plus_ms(60_000)));
        work.ended_at = Some(long.end);
        assert_eq!(work.counted(), Some(long));
        work.corrections.push(correction(short, false));
        assert_eq!((work.counted(), work.noted()), (Some(short), Some(long)));
        work.corrections.push(correction(short, true));
        assert_eq!((work.counted(), work.is_unfinished()), (None, false));
    }

    #[test]
    fn what_goes_on_has_to_do_with_every_later_time() {
        let later = Span::new(NOON.plus_ms(DAY_MS), NOON.plus_ms(2 * DAY_MS));
        let before = Span::new(NOON.plus_ms(-DAY_MS), NOON);
        assert!(row(None).touches(later) && !row(None).touches(before));
        let mut ended: WorkRow = row(Some(NOON.plus_ms(HOUR_MS)));
        assert!(!ended.touches(later));
        ended.corrections.push(correction(later, false));
        assert!(ended.touches(later));
    }

    #[test]
    fn stretches_that_can_not_be_are_refused() {
        let from = |hours_ago: i64, hours: i64| {
            let start: Time = NOON.plus_ms(-hours_ago * HOUR_MS);
            check_span(Span::new(start, start.plus_ms(hours * HOUR_MS)), NOON)
        };
        assert_eq!(from(3, 2), Ok(()));
        assert_eq!(from(3, 0), Err(Refused::Stretch));
        assert_eq!(from(100, 73), Err(Refused::Stretch));
        assert_eq!(from(1, 2), Err(Refused::Future));
        assert_eq!(from(24 * 361, 2), Err(Refused::TooOld));
    }
}
