//! Asked to be relieved: covers and swaps.
//!
//! Somebody asks for a stretch of their own duty, for nothing (a cover) or for a stretch of another's that they take in return (a swap). The
//! first who takes it has it; who is a moment later is told so. Others may offer other stretches, and whoever asked picks one. What comes of
//! it are overrides, all in one transaction; taking it back ends all of them, and everything is as it was.

use super::definition::{ScheduleId, check_role, role_word};
use super::looking::{Loaded, check_window};
use super::overrides::{OverrideRow, ahead, check_takers, is_editor, reason};
use super::refused::Refused;
use super::telling::{self, ASKED, OFFERED, SWAP_CANCELLED, SWAP_EXPIRED, TAKEN};
use super::{By, Schedules};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use crate::store::schedules::overrides::Selection as Overrides;
use crate::store::schedules::swaps::Selection;
use kernel::{Grant, Tx};
use model::access::ChangeShifts;
use model::ids::{OverrideId, PersonId};
use model::rota::exchange::{Draft, Duty, cover};
use model::rota::{DutyRole, OverrideSource, Segment, Span};
use model::{Actor, Time};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Open requests of one schedule.
pub const MOST_OPEN: usize = 200;
/// Offers for one request.
pub const MOST_OFFERS: usize = 50;
/// Requests that are listed at once.
const MOST_LISTED: i64 = 1_000;
/// Requests that are ended in one look.
const EXPIRED_AT_ONCE: i64 = 100;

/// A request's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SwapId(pub Uuid);

/// An offer's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferId(pub Uuid);

impl fmt::Display for SwapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SwapId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OfferId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapState {
    Open,
    Taken,
    /// Nobody took it in time.
    Expired,
    Cancelled,
}

impl SwapState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Taken, Self::Expired, Self::Cancelled];

    /// The word in the database and in refusals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A request to be relieved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapRow {
    pub id: SwapId,
    pub schedule: ScheduleId,
    pub role: DutyRole,
    pub requester: PersonId,
    pub span: Span,
    /// What the requester takes in return, of whoever relieves them. Without it, a cover.
    pub back: Option<Span>,
    pub reason: String,
    pub state: SwapState,
    pub taken_by: Option<PersonId>,
    pub offers: Vec<Offer>,
    pub made_at: Time,
    pub changed_at: Time,
}

/// Somebody would relieve, if the requester takes this of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub id: OfferId,
    pub swap: SwapId,
    pub person: PersonId,
    pub span: Span,
    pub made_at: Time,
}

/// A request as somebody makes it for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSwap {
    pub schedule: ScheduleId,
    pub role: DutyRole,
    pub span: Span,
    pub back: Option<Span>,
    pub reason: String,
}

impl Schedules {
    /// Requests whose time is not over, by their beginning: of one schedule, or of all.
    ///
    /// # Errors
    /// The database's.
    pub async fn swaps(&self, schedule: Option<ScheduleId>) -> Result<Vec<SwapRow>, Error> {
        let after = Some(self.clock.now());
        let mut tx: Tx = self.db.begin().await?;
        let selection = Selection { schedule, after, ..Selection::default() };
        store::schedules::swaps::list(&mut tx, selection, MOST_LISTED).await
    }

    /// One of them, over or not.
    ///
    /// # Errors
    /// The database's.
    pub async fn swap(&self, id: SwapId) -> Result<Option<SwapRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::schedules::swaps::list(&mut tx, Selection { id: Some(id), ..Selection::default() }, 1).await?.pop())
    }

    /// Asks to be relieved of one's own duty for a while.
    ///
    /// # Errors
    /// [`Refused::NothingThere`] when nothing of that time is theirs, [`Refused::Past`], [`Refused::Window`], [`Refused::TooMany`],
    /// [`Error::NotAPerson`]. The database's.
    pub async fn ask(&self, grant: &Grant<ChangeShifts>, new: &NewSwap) -> Result<SwapId, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let requester: PersonId = own(actor)?;
        let new: NewSwap = checked(new, now)?;
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.held(&mut tx, new.schedule, now).await?;
        if loaded.covers(&new.role, requester, new.span, requester).is_empty() {
            return Err(Refused::NothingThere.into());
        }
        let selection = Selection { schedule: Some(new.schedule), only_open: true, ..Selection::default() };
        if store::schedules::swaps::list(&mut tx, selection, MOST_LISTED).await?.len() >= MOST_OPEN {
            return Err(Refused::TooMany(MOST_OPEN).into());
        }
        let row: SwapRow = open(&new, requester, now);
        store::schedules::swaps::insert(&mut tx, &row).await?;
        telling::tell(&mut tx, ASKED, row.schedule, actor, told(&loaded, &row), now).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Offers to relieve, in return for a stretch of one's own that the requester would take. One offer a person; the newest stands.
    ///
    /// # Errors
    /// [`Refused::NotOpen`], [`Refused::Oneself`], [`Refused::NothingThere`], [`Refused::NoSwap`] … The database's.
    pub async fn offer(&self, grant: &Grant<ChangeShifts>, id: SwapId, span: Span) -> Result<OfferId, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let person: PersonId = own(actor)?;
        let span: Span = ahead(span, now)?;
        let mut tx: Tx = self.db.begin().await?;
        let (loaded, row): (Loaded, SwapRow) = self.held_open(&mut tx, id, now).await?;
        if row.requester == person {
            return Err(Refused::Oneself.into());
        }
        if loaded.covers(&row.role, person, span, row.requester).is_empty() {
            return Err(Refused::NothingThere.into());
        }
        if row.offers.iter().filter(|offer| offer.person != person).count() >= MOST_OFFERS {
            return Err(Refused::TooMany(MOST_OFFERS).into());
        }
        let offer = Offer { id: OfferId(kernel::ids::new_uuid()), swap: id, person, span, made_at: now };
        store::schedules::swaps::write_offer(&mut tx, &offer).await?;
        let mut body: Value = told(&loaded, &row);
        body["by"] = json!(person);
        body["in_return"] = json!({ "start": span.start, "end": span.end });
        telling::tell(&mut tx, OFFERED, row.schedule, actor, body, now).await?;
        tx.commit().await?;
        Ok(offer.id)
    }

    /// Relieves somebody, of all they asked for or, without a return, of a part of it: then the rest stays open. The first has it.
    ///
    /// # Errors
    /// [`Refused::NotOpen`] for everybody but the first; [`Refused::Oneself`], [`Refused::NothingThere`], [`Refused::PartOfASwap`],
    /// [`Refused::NoSwap`] … The database's.
    pub async fn take(&self, grant: &Grant<ChangeShifts>, id: SwapId, part: Option<Span>) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let person: PersonId = own(actor)?;
        let staff: Vec<Staffer> = self.everybody().await?;
        check_takers(&staff, None, Some(person))?;
        let mut tx: Tx = self.db.begin().await?;
        let (loaded, row): (Loaded, SwapRow) = self.held_open(&mut tx, id, now).await?;
        if part.is_some() && row.back.is_some() {
            return Err(Refused::PartOfASwap.into());
        }
        let span: Span = ahead(part.map_or(row.span, |part| part.and(row.span)), now)?;
        let rest: Vec<Span> = [Span::new(row.span.start.max(now), span.start), Span::new(span.end, row.span.end)].to_vec();
        for span in rest.into_iter().filter(|span| !span.is_empty()) {
            let left = SwapRow { id: SwapId(kernel::ids::new_uuid()), span, offers: Vec::new(), changed_at: now, ..row.clone() };
            store::schedules::swaps::insert(&mut tx, &left).await?;
        }
        let taken = SwapRow { span, taken_by: Some(person), ..row };
        self.exchange(&mut tx, &loaded, taken, By { actor, staff: &staff }, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes an offer for what one asked.
    ///
    /// # Errors
    /// [`Refused::NotYours`] unless they asked; as [`Schedules::take`]. The database's.
    pub async fn accept_offer(&self, grant: &Grant<ChangeShifts>, offer: OfferId) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let id: SwapId = store::schedules::swaps::of_offer(&mut tx, offer).await?.ok_or(Refused::NoSwap)?;
        let (loaded, row): (Loaded, SwapRow) = self.held_open(&mut tx, id, now).await?;
        if actor.person_id() != Some(row.requester) {
            return Err(Refused::NotYours.into());
        }
        // Whoever offered may have offered something else meanwhile.
        let offer: Offer = row.offers.iter().find(|known| known.id == offer).copied().ok_or(Refused::NoSwap)?;
        check_takers(&staff, None, Some(offer.person))?;
        let span: Span = ahead(row.span, now)?;
        let taken = SwapRow { span, back: Some(ahead(offer.span, now)?), taken_by: Some(offer.person), ..row };
        self.exchange(&mut tx, &loaded, taken, By { actor, staff: &staff }, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a request back, or what came of it: then all its overrides end now. Whoever asked may, whoever took it, and editors.
    ///
    /// # Errors
    /// [`Refused::NotYours`], [`Refused::NotOpen`], [`Refused::Past`] when all of it has been, [`Refused::NoSwap`]. The database's.
    pub async fn cancel_swap(&self, grant: &Grant<ChangeShifts>, id: SwapId) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let (loaded, row): (Loaded, SwapRow) = self.held_swap(&mut tx, id, now).await?;
        let person: Option<PersonId> = actor.person_id();
        let is_theirs: bool = person.is_some() && (person == Some(row.requester) || person == row.taken_by);
        if !is_editor(actor) && !is_theirs {
            return Err(Refused::NotYours.into());
        }
        match row.state {
            SwapState::Open => {}
            SwapState::Taken => {
                let selection = Overrides { swap: Some(id), only_live: true, ..Overrides::default() };
                let halves: Vec<OverrideRow> = store::schedules::overrides::list(&mut tx, selection).await?;
                let ids: Vec<OverrideId> = halves.iter().map(|half| half.change.id).collect();
                if store::schedules::overrides::end(&mut tx, &ids, actor.name(), now).await? == 0 {
                    return Err(Refused::Past.into());
                }
                store::schedules::revise(&mut tx, row.schedule, now).await?;
            }
            state @ (SwapState::Expired | SwapState::Cancelled) => return Err(Refused::NotOpen(state.as_str()).into()),
        }
        let row = SwapRow { state: SwapState::Cancelled, changed_at: now, ..row };
        store::schedules::swaps::settle(&mut tx, &row).await?;
        telling::tell(&mut tx, SWAP_CANCELLED, row.schedule, actor, told(&loaded, &row), now).await?;
        self.look_at(&mut tx, row.schedule, &staff, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends requests whose time is over. Says how many.
    pub(super) async fn expire_swaps(&self) -> Result<usize, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<SwapId> = store::schedules::swaps::claim_expired(&mut tx, now, EXPIRED_AT_ONCE).await?;
        for id in &ids {
            let selection = Selection { id: Some(*id), ..Selection::default() };
            let Some(row) = store::schedules::swaps::list(&mut tx, selection, 1).await?.pop() else { continue };
            let row = SwapRow { state: SwapState::Expired, changed_at: now, ..row };
            store::schedules::swaps::settle(&mut tx, &row).await?;
            telling::tell(&mut tx, SWAP_EXPIRED, row.schedule, &telling::worker(), body(&row), now).await?;
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// A request as it stands, its schedule's row held until the transaction ends.
    async fn held_swap(&self, tx: &mut Tx, id: SwapId, now: Time) -> Result<(Loaded, SwapRow), Error> {
        let selection = Selection { id: Some(id), ..Selection::default() };
        let found: SwapRow = store::schedules::swaps::list(tx, selection, 1).await?.pop().ok_or(Refused::NoSwap)?;
        let loaded: Loaded = self.held(tx, found.schedule, now).await?;
        // Again: somebody may have been faster.
        let row: SwapRow = store::schedules::swaps::list(tx, selection, 1).await?.pop().ok_or(Refused::NoSwap)?;
        Ok((loaded, row))
    }

    async fn held_open(&self, tx: &mut Tx, id: SwapId, now: Time) -> Result<(Loaded, SwapRow), Error> {
        let (loaded, row): (Loaded, SwapRow) = self.held_swap(tx, id, now).await?;
        if row.state != SwapState::Open {
            return Err(Refused::NotOpen(row.state.as_str()).into());
        }
        Ok((loaded, row))
    }

    /// Writes what comes of a request: `row` says who takes what of whom.
    async fn exchange(&self, tx: &mut Tx, loaded: &Loaded, row: SwapRow, by: By<'_>, now: Time) -> Result<(), Error> {
        let drafts: Vec<Draft> = drafts(loaded, &row)?;
        self.check_room(tx, row.schedule, drafts.len(), now).await?;
        let row = SwapRow { state: SwapState::Taken, changed_at: now, ..row };
        store::schedules::swaps::settle(tx, &row).await?;
        for draft in drafts {
            let id = OverrideId(kernel::ids::new_uuid());
            let change = draft.signed(id, now, OverrideSource::Swap);
            let half = OverrideRow {
                schedule: row.schedule,
                planned_end: change.end,
                change,
                reason: row.reason.clone(),
                swap: Some(row.id),
                source: None,
                uid: None,
                sequence: None,
                made_by: by.actor.name().to_owned(),
                made_by_person: by.actor.person_id(),
                ended_at: None,
                ended_by: None,
            };
            store::schedules::overrides::insert(tx, &half).await?;
        }
        store::schedules::revise(tx, row.schedule, now).await?;
        telling::tell(tx, TAKEN, row.schedule, by.actor, told(loaded, &row), now).await?;
        self.look_at(tx, row.schedule, by.staff, now).await
    }
}

impl Loaded {
    /// What `to` would get of somebody's duty.
    fn covers(&self, role: &DutyRole, person: PersonId, span: Span, to: PersonId) -> Vec<Draft> {
        let segments: Vec<Segment> = self.computed(span);
        cover(&segments, &self.changes, &Duty { role: role.clone(), person, span }, to)
    }
}

/// Both halves, or the one of a cover.
fn drafts(loaded: &Loaded, row: &SwapRow) -> Result<Vec<Draft>, Refused> {
    let taker: PersonId = row.taken_by.ok_or(Refused::NoSwap)?;
    if taker == row.requester {
        return Err(Refused::Oneself);
    }
    let mut drafts: Vec<Draft> = loaded.covers(&row.role, row.requester, row.span, taker);
    let given: Option<Vec<Draft>> = row.back.map(|back| loaded.covers(&row.role, taker, back, row.requester));
    if drafts.is_empty() || given.as_ref().is_some_and(Vec::is_empty) {
        return Err(Refused::NothingThere);
    }
    drafts.extend(given.unwrap_or_default());
    Ok(drafts)
}

fn own(actor: &Actor) -> Result<PersonId, Error> {
    actor.person_id().ok_or(Error::NotAPerson)
}

fn checked(new: &NewSwap, now: Time) -> Result<NewSwap, Refused> {
    check_role(&new.role)?;
    let back: Option<Span> = new.back.map(|back| ahead(back, now)).transpose()?;
    let span: Span = ahead(new.span, now)?;
    if let Some(back) = back {
        check_window(back)?;
        if !back.and(span).is_empty() {
            return Err(Refused::NothingThere);
        }
    }
    Ok(NewSwap { span, back, reason: reason(&new.reason)?, ..new.clone() })
}

fn open(new: &NewSwap, requester: PersonId, now: Time) -> SwapRow {
    SwapRow {
        id: SwapId(kernel::ids::new_uuid()),
        schedule: new.schedule,
        role: new.role.clone(),
        requester,
        span: new.span,
        back: new.back,
        reason: new.reason.clone(),
        state: SwapState::Open,
        taken_by: None,
        offers: Vec::new(),
        made_at: now,
        changed_at: now,
    }
}

fn told(loaded: &Loaded, row: &SwapRow) -> Value {
    let mut body: Value = body(row);
    body["name"] = json!(loaded.row.definition.name);
    body
}

fn body(row: &SwapRow) -> Value {
    json!({
        "swap": row.id.0,
        "role": role_word(&row.role),
        "requester": row.requester,
        "start": row.span.start,
        "end": row.span.end,
        "back": row.back.map(|back| json!({ "start": back.start, "end": back.end })),
        "taken_by": row.taken_by,
        "reason": row.reason,
    })
}
