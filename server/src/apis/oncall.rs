//! The on-call room's door to schedules: who is on call, one schedule on its grid, and everything that is done there.
//!
//! A screen gets everything worked out and named; what a form says is read here, on the clock of the schedule.

pub mod asked;
mod fair;
mod form;
mod grid;
mod refusals;
pub mod shape;

use crate::apis::Door;
use ::api::ApiError;
use ::api::identity::ShownOnce;
use ::api::oncall::form::{DutyTrouble, ScheduleForm, ScheduleFormAsk, ScheduleFormView};
use ::api::oncall::schedule::{FeedWish, LeaveWish, OverrideWish, ScheduleAsk, ScheduleView, SwapReply, SwapWish};
use ::api::oncall::{HandoverView, MyShift, OncallApi, OncallLine, OncallView, PersonName, ScheduleCard};
use asked::Found;
use async_trait::async_trait;
use identity::PersonRow;
use model::access::{ChangeOwnAccount, ChangeSchedules, ChangeShifts, ReadConsole};
use model::ids::{OverrideId, PersonId};
use model::rota::handoffs::Handoff;
use model::rota::offsets::Offsets;
use model::rota::{AwayKind, DutyRole, Span};
use model::{Role, Time, links};
use oncall::schedules::Named;
use oncall::schedules::definition::ScheduleRow;
use oncall::schedules::feeds::{FeedId, FeedKind, address};
use oncall::schedules::leave::{LeaveId, NewLeave};
use oncall::schedules::looking::{NowCard, NowRole, Shift};
use oncall::schedules::overrides::NewOverride;
use oncall::schedules::readiness::FindingRow;
use oncall::schedules::swaps::{NewSwap, OfferId, SwapId, SwapRow, SwapState};
use oncall::{Reach, Schedules};
use refusals::shown;
use shape::People;
use std::collections::HashMap;

/// Answers the screens of schedules.
pub struct Adapter(pub Door);

const DAY_MS: i64 = 86_400_000;
/// Handovers of one schedule that are told.
const NEXT: usize = 5;
/// How far ahead the reader's own duties are told, and how many.
const MINE_DAYS: i64 = 60;
const MOST_MINE: usize = 6;

/// What every card is made from, asked once.
struct Known {
    reach: HashMap<PersonId, Reach>,
    findings: Vec<FindingRow>,
    found: Vec<Named>,
    swaps: Vec<SwapRow>,
}

#[async_trait]
impl OncallApi for Adapter {
    async fn now(&self) -> Result<OncallView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let cards: Vec<NowCard> = self.room().on_call_now().await.map_err(shown)?;
        let known: Known = self.known(&cards).await?;
        let mut drawn: Vec<ScheduleCard> = Vec::with_capacity(cards.len());
        for card in &cards {
            drawn.push(self.card(card, &known).await?);
        }
        let mine: Vec<MyShift> = self.mine(None).await?;
        let (can_edit, can_shift) = (self.may(Role::Editor), self.may(Role::Responder));
        Ok(OncallView { now: self.moment(), cards: drawn, mine, can_edit, can_shift })
    }

    async fn lines(&self) -> Result<Vec<OncallLine>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let cards: Vec<NowCard> = self.room().on_call_now().await.map_err(shown)?;
        let reach: HashMap<PersonId, Reach> = self.reach(&cards).await?;
        Ok(cards.iter().flat_map(|card| lines(card, &reach)).collect())
    }

    async fn schedule(&self, ask: ScheduleAsk) -> Result<ScheduleView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.drawn(&ask).await
    }

    async fn form(&self, ask: ScheduleFormAsk) -> Result<ScheduleFormView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.filled(ask).await
    }

    async fn save(&self, name: String, draft: ScheduleForm, version: Option<i64>) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let name: String = self.saved(&grant, &name, &draft, version).await?;
        leptos_axum::redirect(&links::schedule_done(&name, "saved"));
        Ok(())
    }

    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let row: ScheduleRow = self.row(&name).await?;
        self.room().remove(&grant, row.id, version).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=removed", links::ONCALL));
        Ok(())
    }

    async fn make_override(&self, wish: OverrideWish) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let row: ScheduleRow = self.row(&wish.schedule).await?;
        let new: NewOverride = self.wanted(&row, &wish).map_err(|found| asked::refused(&found))?;
        self.room().make_override(&grant, &new).await.map_err(shown)?;
        let day: &str = wish.from.get(..10).unwrap_or_default();
        let done: String = links::schedule_done(&wish.schedule, "override");
        leptos_axum::redirect(&format!("{done}&at={}", links::encode(day)));
        Ok(())
    }

    async fn cancel_override(&self, schedule: String, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let id: OverrideId = id.parse().map_err(|_| gone())?;
        self.room().cancel_override(&grant, id).await.map_err(shown)?;
        leptos_axum::redirect(&links::schedule_done(&schedule, "cancelled"));
        Ok(())
    }

    async fn ask_swap(&self, wish: SwapWish) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let row: ScheduleRow = self.row(&wish.schedule).await?;
        let new: NewSwap = self.swap(&row, &wish).map_err(|found| asked::refused(&found))?;
        self.room().ask(&grant, &new).await.map_err(shown)?;
        leptos_axum::redirect(&links::schedule_done(&wish.schedule, "asked"));
        Ok(())
    }

    async fn answer_swap(&self, answer: SwapReply) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let id: SwapId = answer.id.parse().map_err(|_| gone())?;
        let done: &str = match answer.act.as_str() {
            "take" => {
                self.room().take(&grant, id, None).await.map_err(shown)?;
                "taken"
            }
            "offer" => {
                let row: ScheduleRow = self.row(&answer.schedule).await?;
                let span: Span =
                    asked::span(&answer.from, &answer.until, &self.clock(&row)).map_err(|found| asked::refused(&found))?;
                self.room().offer(&grant, id, span).await.map_err(shown)?;
                "offered"
            }
            "accept" => {
                let offer: OfferId = answer.offer.parse().map_err(|_| gone())?;
                self.room().accept_offer(&grant, offer).await.map_err(shown)?;
                "accepted"
            }
            "cancel" => {
                self.room().cancel_swap(&grant, id).await.map_err(shown)?;
                "cancelled"
            }
            other => return Err(DutyTrouble::Other.refused("", &format!("take, offer, accept or cancel, found {other:?}"))),
        };
        leptos_axum::redirect(&links::schedule_done(&answer.schedule, done));
        Ok(())
    }

    async fn add_leave(&self, wish: LeaveWish) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let row: ScheduleRow = self.row(&wish.schedule).await?;
        let span: Span = asked::span(&wish.from, &wish.until, &self.clock(&row)).map_err(|found| asked::refused(&found))?;
        let person: Option<PersonId> = if wish.person.is_empty() { self.me() } else { wish.person.parse().ok() };
        let person: PersonId = person.ok_or_else(|| asked::refused(&[(DutyTrouble::Person, "person")]))?;
        let kind: AwayKind = if wish.kind == "out" { AwayKind::OutOfOffice } else { AwayKind::Leave };
        let new = NewLeave { person, span, kind, note: wish.note };
        self.room().add_leave(&grant, &new).await.map_err(shown)?;
        leptos_axum::redirect(&links::schedule_done(&wish.schedule, "leave"));
        Ok(())
    }

    async fn remove_leave(&self, schedule: String, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeShifts>()?;
        let id: LeaveId = id.parse().map_err(|_| gone())?;
        self.room().remove_leave(&grant, id).await.map_err(shown)?;
        leptos_axum::redirect(&links::schedule_done(&schedule, "cancelled"));
        Ok(())
    }

    async fn make_feed(&self, wish: FeedWish) -> Result<ShownOnce, ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let row: ScheduleRow = self.row(&wish.schedule).await?;
        let kind: FeedKind = match (wish.kind.as_str(), self.me(), row.definition.owner) {
            ("mine", Some(me), _) => FeedKind::Person(me),
            ("team", _, Some(owner)) => FeedKind::Team(owner),
            _ => FeedKind::Schedule(row.id),
        };
        let made = self.room().make_feed(&grant, &kind, self.0.visitor.viewer.locale).await.map_err(shown)?;
        Ok(ShownOnce { secret: format!("{}{}", self.0.house.config.public_url, address(&made.key)) })
    }

    async fn remove_feed(&self, _schedule: String, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let id: FeedId = id.parse().map_err(|_| gone())?;
        self.room().remove_feed(&grant, id).await.map_err(shown)
    }
}

/// What was there when the screen was drawn is none of ours, or gone by now.
fn gone() -> ApiError {
    DutyTrouble::NotOpen.refused("", "the id of something that is still there")
}

impl Adapter {
    fn room(&self) -> &Schedules {
        self.0.house.oncall.schedules()
    }

    fn moment(&self) -> Time {
        self.0.house.clock.now()
    }

    fn me(&self) -> Option<PersonId> {
        self.0.visitor.actor.as_ref().and_then(model::Actor::person_id)
    }

    fn may(&self, role: Role) -> bool {
        self.0.visitor.viewer.may(role)
    }

    /// The schedule of that name.
    async fn row(&self, name: &str) -> Result<ScheduleRow, ApiError> {
        let found: Option<ScheduleRow> = self.room().by_name(name).await.map_err(shown)?;
        found.ok_or_else(|| ApiError::NotFound { what: format!("schedule {name}") })
    }

    /// The clock of a schedule, as far as anybody looks.
    fn clock(&self, row: &ScheduleRow) -> Offsets {
        self.clock_of(&row.definition.zone)
    }

    fn clock_of(&self, zone: &str) -> Offsets {
        let now: Time = self.moment();
        let within = Span::new(now.plus_ms(-800 * DAY_MS), now.plus_ms(800 * DAY_MS));
        asked::clock(zone.parse::<chrono_tz::Tz>().unwrap_or(chrono_tz::Tz::UTC), within)
    }

    /// Whoever can be put on call, by name.
    async fn responders(&self) -> Result<Vec<PersonName>, ApiError> {
        let people: Vec<PersonRow> =
            self.0.house.identity.people_list().await.map_err(|error| crate::house_error::unavailable(&error))?;
        let can_answer =
            people.into_iter().filter(|person| !person.disabled && !person.invited && person.role >= Role::Responder);
        let me: Option<PersonId> = self.me();
        Ok(can_answer.map(|person| PersonName { id: person.id, is_me: me == Some(person.id), name: person.name }).collect())
    }

    async fn known(&self, cards: &[NowCard]) -> Result<Known, ApiError> {
        let (findings, found): (Vec<FindingRow>, Vec<Named>) = self.room().findings(None).await.map_err(shown)?;
        let swaps: Vec<SwapRow> = self.room().swaps(None).await.map_err(shown)?;
        Ok(Known { reach: self.reach(cards).await?, findings, found, swaps })
    }

    async fn reach(&self, cards: &[NowCard]) -> Result<HashMap<PersonId, Reach>, ApiError> {
        let mut people: Vec<PersonId> = cards.iter().flat_map(|card| &card.roles).flat_map(holders).collect();
        people.sort_unstable();
        people.dedup();
        self.0.house.oncall.reach(&people).await.map_err(shown)
    }

    async fn card(&self, card: &NowCard, known: &Known) -> Result<ScheduleCard, ApiError> {
        let row: &ScheduleRow = &card.schedule;
        let (next, named): (Vec<Handoff>, Vec<Named>) = self.room().next_handoffs(row.id, NEXT).await.map_err(shown)?;
        let me: Option<PersonId> = self.me();
        let holders: Vec<Named> = card.roles.iter().flat_map(|role| &role.holders).map(|holder| holder.person.clone()).collect();
        let on_now = People { named: &holders, me };
        let later = People { named: &named, me };
        let mentioned = People { named: &known.found, me };
        let own: Vec<FindingRow> = known.findings.iter().filter(|found| found.schedule == row.id).cloned().collect();
        let (gaps, n_gaps) = shape::gaps(&own);
        let next: Vec<HandoverView> = next.iter().map(|one| shape::handover(one, &later)).collect();
        let is_always: bool = row.definition.required.is_empty();
        let is_open = |swap: &&SwapRow| swap.schedule == row.id && swap.state == SwapState::Open;
        Ok(ScheduleCard {
            name: row.definition.name.clone(),
            title: shape::title(&row.definition),
            owner: row.definition.owner.clone(),
            zone: shape::zone(&row.definition.zone, self.moment()),
            duties: card.roles.iter().flat_map(|role| shape::duties(role, is_always, &on_now, &known.reach)).collect(),
            next,
            gaps,
            n_gaps,
            findings: own.iter().filter_map(|found| shape::finding(&found.finding, &mentioned)).collect(),
            looked_at: own.iter().map(|found| found.found_at).max(),
            n_open_swaps: u32::try_from(known.swaps.iter().filter(is_open).count()).unwrap_or(u32::MAX),
        })
    }

    /// The reader's own duties, from now on: of one schedule, or of all.
    async fn mine(&self, schedule: Option<&ScheduleRow>) -> Result<Vec<MyShift>, ApiError> {
        let Some(me) = self.me() else { return Ok(Vec::new()) };
        let now: Time = self.moment();
        let window = Span::new(now, now.plus_ms(MINE_DAYS * DAY_MS));
        let shifts: Vec<Shift> = self.room().shifts_of(me, window).await.map_err(shown)?;
        let own = shifts.into_iter().filter(|shift| schedule.is_none_or(|row| row.id == shift.schedule));
        Ok(own.take(MOST_MINE).map(|shift| my_shift(shift, now)).collect())
    }

    /// The override that a form asks for, or everything in it that can't be read.
    fn wanted(&self, row: &ScheduleRow, wish: &OverrideWish) -> Result<NewOverride, Vec<Found>> {
        let span: Result<Span, Vec<Found>> = asked::span(&wish.from, &wish.until, &self.clock(row));
        match (asked::role(&wish.role), asked::person(&wish.person), span) {
            (Ok(role), Ok(to), Ok(span)) => Ok(NewOverride {
                schedule: row.id,
                role,
                span,
                from: None,
                to,
                reason: wish.reason.clone(),
                revision: wish.revision.parse().ok(),
            }),
            (role, person, span) => {
                let mut found: Vec<Found> = [role.err(), person.err()].into_iter().flatten().collect();
                found.extend(span.err().unwrap_or_default());
                Err(found)
            }
        }
    }

    fn swap(&self, row: &ScheduleRow, wish: &SwapWish) -> Result<NewSwap, Vec<Found>> {
        let clock: Offsets = self.clock(row);
        let span: Span = asked::span(&wish.from, &wish.until, &clock)?;
        let role: DutyRole = asked::role(&wish.role).map_err(|found| vec![found])?;
        let is_cover: bool = wish.back_from.is_empty() && wish.back_until.is_empty();
        let back = asked::span(&wish.back_from, &wish.back_until, &clock).map_err(|_| vec![(DutyTrouble::Moment, "back")]);
        let back: Option<Span> = if is_cover { None } else { Some(back?) };
        Ok(NewSwap { schedule: row.id, role, span, back, reason: wish.reason.clone() })
    }
}

fn holders(role: &NowRole) -> Vec<PersonId> {
    role.holders.iter().map(|holder| holder.person.id).collect()
}

/// Primary and secondary of one schedule in a line each.
fn lines(card: &NowCard, reach: &HashMap<PersonId, Reach>) -> Vec<OncallLine> {
    let is_told = |role: &&NowRole| matches!(role.role, DutyRole::Primary | DutyRole::Secondary);
    let line = |role: &NowRole| {
        let is_reached = |id: PersonId| reach.get(&id).is_some_and(|found| !found.verified.is_empty());
        let someone = role.holders.iter().any(|holder| holder.person.may_come_in && is_reached(holder.person.id));
        OncallLine {
            schedule: card.schedule.definition.name.clone(),
            title: shape::title(&card.schedule.definition),
            role: role.role.clone(),
            names: role.holders.iter().map(|holder| holder.person.name.clone()).collect(),
            until: role.holders.iter().filter_map(|holder| holder.until).min().or(role.empty_until),
            // Where only some hours must be covered, nobody in the others is as it should be.
            is_alarming: !someone && (!role.holders.is_empty() || card.schedule.definition.required.is_empty()),
        }
    };
    card.roles.iter().filter(is_told).map(line).collect()
}

fn my_shift(shift: Shift, now: Time) -> MyShift {
    MyShift {
        title: shape::titled(&shift.name, &shift.title_ja, &shift.title_en),
        zone: shape::zone(&shift.zone, now),
        schedule: shift.name,
        role: shift.segment.role.clone(),
        from: shift.segment.start,
        until: shift.segment.end,
        source: Some(shape::source(shift.because)),
    }
}
