//! When people are away. It warns, in findings and on the grid, and takes nobody off call: somebody must decide who does it instead.

use super::looking::check_window;
use super::overrides::is_editor;
use super::refused::Refused;
use super::telling::{self, LEAVE_ADDED, LEAVE_REMOVED};
use super::{Schedules, check_people};
use crate::error::Error;
use crate::store;
use kernel::{Grant, Tx};
use model::Actor;
use model::Time;
use model::access::ChangeShifts;
use model::ids::PersonId;
use model::rota::{Availability, AwayKind, Span};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Characters of a note.
pub const MOST_NOTE: usize = 200;
/// Times that one person may be away, ahead.
pub const MOST_LEAVES: usize = 100;

/// A leave's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaveId(pub Uuid);

impl fmt::Display for LeaveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LeaveId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveRow {
    pub id: LeaveId,
    pub away: Availability,
    pub note: String,
    pub made_by: String,
    pub made_at: Time,
}

/// A leave as somebody writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLeave {
    /// A responder names themselves.
    pub person: PersonId,
    pub span: Span,
    pub kind: AwayKind,
    pub note: String,
}

impl Schedules {
    /// When people are away within a window, by its beginning; of one person, or of all.
    ///
    /// # Errors
    /// [`Refused::Window`]. The database's.
    pub async fn leave(&self, person: Option<PersonId>, window: Span) -> Result<Vec<LeaveRow>, Error> {
        check_window(window)?;
        let mut tx: Tx = self.db.begin().await?;
        store::schedules::leave::within(&mut tx, person, window).await
    }

    /// Writes that somebody is away.
    ///
    /// # Errors
    /// [`Refused::NotYours`] when a responder does it for others; [`Refused::Window`], [`Refused::Past`], [`Refused::TooMany`],
    /// [`Refused::LongText`], [`Refused::NoPerson`]. The database's.
    pub async fn add_leave(&self, grant: &Grant<ChangeShifts>, new: &NewLeave) -> Result<LeaveId, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        check_theirs(actor, new.person)?;
        check_window(new.span)?;
        let note: String = new.note.trim().to_owned();
        if note.chars().count() > MOST_NOTE {
            return Err(Refused::LongText(MOST_NOTE).into());
        }
        if new.span.end <= now {
            return Err(Refused::Past.into());
        }
        check_people(&self.everybody().await?, &[new.person])?;
        let mut tx: Tx = self.db.begin().await?;
        let ahead = Span::new(now, super::looking::FAR);
        if store::schedules::leave::within(&mut tx, Some(new.person), ahead).await?.len() >= MOST_LEAVES {
            return Err(Refused::TooMany(MOST_LEAVES).into());
        }
        let away = Availability { person: new.person, start: new.span.start, end: new.span.end, kind: new.kind };
        let id = LeaveId(kernel::ids::new_uuid());
        let row = LeaveRow { id, away, note, made_by: actor.name().to_owned(), made_at: now };
        store::schedules::leave::insert(&mut tx, &row).await?;
        store::schedules::check_all(&mut tx, now).await?;
        telling::about(&mut tx, LEAVE_ADDED, subject(&row), actor, told(&row), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Removes one.
    ///
    /// # Errors
    /// [`Refused::NoLeave`], [`Refused::NotYours`]. The database's.
    pub async fn remove_leave(&self, grant: &Grant<ChangeShifts>, id: LeaveId) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let mut tx: Tx = self.db.begin().await?;
        let row: LeaveRow = store::schedules::leave::lock(&mut tx, id).await?.ok_or(Refused::NoLeave)?;
        check_theirs(actor, row.away.person)?;
        store::schedules::leave::remove(&mut tx, id).await?;
        store::schedules::check_all(&mut tx, now).await?;
        telling::about(&mut tx, LEAVE_REMOVED, subject(&row), actor, told(&row), now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn check_theirs(actor: &Actor, person: PersonId) -> Result<(), Refused> {
    if is_editor(actor) || actor.person_id() == Some(person) { Ok(()) } else { Err(Refused::NotYours) }
}

fn subject(row: &LeaveRow) -> String {
    format!("person/{}", row.away.person)
}

/// Without the note: why somebody is away concerns fewer than that they are.
fn told(row: &LeaveRow) -> Value {
    let kind: &str = match row.away.kind {
        AwayKind::Leave => "leave",
        AwayKind::OutOfOffice => "ooo",
    };
    json!({ "leave": row.id.0, "kind": kind, "start": row.away.start, "end": row.away.end })
}
