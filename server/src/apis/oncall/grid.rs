//! One schedule on its grid: days with their length and holidays, what really is, the layers it is made of, and what surrounds it.

use super::asked::{self, Found, Grid};
use super::refusals::{shown, trouble};
use super::shape::{self, People};
use super::{Adapter, Known};
use ::api::ApiError;
use ::api::Text;
use ::api::oncall::form::DutyTrouble;
use ::api::oncall::schedule::{
    DayView, FeedLine, GridView, HolidayView, LayerRow, LeaveLine, OfferLine, OverrideLine, OverrideWish, PreviewView, RoleRow,
    ScheduleAsk, ScheduleView, ShiftView, SwapLine, TurnsView,
};
use ::api::oncall::{GapView, PersonName, ScheduleCard, SourceView};
use figures::{Civil, Zone, civil_from_days};
use model::access::ChangeOwnAccount;
use model::holidays::Holiday;
use model::ids::{OverrideId, PersonId};
use model::rota::local::weekday;
use model::rota::render::roles;
use model::rota::{DutyRole, OverrideSource, Segment, Source, Span, Who};
use model::{Role, Time};
use oncall::Error;
use oncall::schedules::Named;
use oncall::schedules::definition::ScheduleRow;
use oncall::schedules::feeds::{FeedKind, FeedRow};
use oncall::schedules::leave::LeaveRow;
use oncall::schedules::looking::{NowCard, Rendering};
use oncall::schedules::overrides::{NewOverride, OverridePreview, OverrideRow};
use oncall::schedules::swaps::{SwapRow, SwapState};
use std::collections::BTreeMap;

const DAY_MS: i64 = 86_400_000;
/// Beyond what is shown, so that a shift at the edge says when it really begins and ends.
const MARGIN_DAYS: i64 = 31;
/// How far ahead people's leave is told.
const LEAVE_DAYS: i64 = 90;

impl Adapter {
    /// The screen of one schedule.
    pub(super) async fn drawn(&self, ask: &ScheduleAsk) -> Result<ScheduleView, ApiError> {
        let row: ScheduleRow = self.row(&ask.name).await?;
        let (now, zone): (Time, Zone) = (self.moment(), shape::zone(&row.definition.zone, self.moment()));
        let view: GridView = GridView::of(&ask.view);
        let today: i64 = day_of(&zone, now);
        let grid: Grid = asked::grid(view, &ask.at, today);
        let shown_span = Span::new(midnight(&zone, grid.first), midnight(&zone, grid.last));
        let margin: i64 = MARGIN_DAYS * DAY_MS;
        let window = Span::new(shown_span.start.plus_ms(-margin), shown_span.end.plus_ms(margin));
        let rendering: Rendering = self.room().render(row.id, window).await.map_err(shown)?;
        let me: Option<PersonId> = self.me();
        let sheet = Sheet { rendering: &rendering, people: People { named: &rendering.people, me }, shown: shown_span };
        let (preview, wrong): (Option<PreviewView>, Option<DutyTrouble>) = self.previewed(&row, &ask.wish).await?;
        let card: ScheduleCard = self.one_card(&row).await?;
        let (overrides, swaps): (Vec<OverrideLine>, Vec<SwapLine>) =
            (self.override_lines(&row).await?, self.swap_lines(&row).await?);
        Ok(ScheduleView {
            version: row.version,
            revision: row.revision,
            is_from_file: row.is_from_file,
            turns: turns(&row),
            view,
            at: asked::day_text(grid.at),
            before: asked::day_text(grid.before),
            after: asked::day_text(grid.after),
            days: days(&zone, grid, today, &rendering.holidays),
            rows: sheet.rows(),
            layers: sheet.layers(),
            overlays: sheet.overlays(),
            gaps: sheet.gaps(now),
            fair: self.fair(&row).await?,
            overrides,
            swaps,
            leave: self.leave_lines(&row, &rendering.people).await?,
            feeds: self.feed_lines(&row).await?,
            people: self.responders().await?,
            roles: roles(&row.model(), &[]),
            wish: OverrideWish { schedule: ask.name.clone(), ..ask.wish.clone() },
            preview,
            wrong,
            mine: self.mine(Some(&row)).await?,
            can_edit: self.may(Role::Editor),
            can_shift: self.may(Role::Responder),
            card,
        })
    }

    async fn one_card(&self, row: &ScheduleRow) -> Result<ScheduleCard, ApiError> {
        let all: Vec<NowCard> = self.room().on_call_now().await.map_err(shown)?;
        let own: Vec<NowCard> = all.into_iter().filter(|card| card.schedule.id == row.id).collect();
        let known: Known = self.known(&own).await?;
        let nobody = NowCard { schedule: row.clone(), roles: Vec::new() };
        self.card(own.first().unwrap_or(&nobody), &known).await
    }

    /// What the override in the form would change, or why it can't be made.
    async fn previewed(
        &self,
        row: &ScheduleRow,
        wish: &OverrideWish,
    ) -> Result<(Option<PreviewView>, Option<DutyTrouble>), ApiError> {
        // A link that only fills in the form asks nothing yet.
        if !wish.is_begun() || wish.person.is_empty() {
            return Ok((None, None));
        }
        let wanted: Result<NewOverride, Vec<Found>> = self.wanted(row, wish);
        let new: NewOverride = match wanted {
            Ok(new) => new,
            Err(found) => return Ok((None, found.first().map(|(trouble, _)| *trouble))),
        };
        let seen: OverridePreview = match self.room().preview_override(&new).await {
            Ok(seen) => seen,
            Err(Error::Schedule(refused)) => return Ok((None, Some(trouble(&refused).0))),
            Err(error) => return Err(shown(error)),
        };
        let people = People { named: &seen.people, me: self.me() };
        Ok((Some(shape::preview(&seen.changes, &[], &[], &people)), None))
    }

    async fn override_lines(&self, row: &ScheduleRow) -> Result<Vec<OverrideLine>, ApiError> {
        let rows: Vec<OverrideRow> = self.room().overrides(row.id).await.map_err(shown)?;
        let named: Vec<Named> = self.everybody().await?;
        let (people, is_editor): (People<'_>, bool) = (People { named: &named, me: self.me() }, self.may(Role::Editor));
        let is_theirs =
            |row: &OverrideRow| self.me().is_some() && (row.change.to == self.me() || row.made_by_person == self.me());
        let may = |row: &OverrideRow| row.source.is_none() && self.may(Role::Responder) && (is_editor || is_theirs(row));
        let line = |row: &OverrideRow| OverrideLine {
            id: row.change.id.to_string(),
            role: row.change.role.clone(),
            from: row.change.start,
            until: row.change.end,
            replaces: row.change.from.map(|person| people.name(person)),
            to: people.who(row.change.to.map_or(Who::Nobody, Who::Person)),
            source: origin(row.change.source),
            reason: row.reason.clone(),
            by: row.made_by.clone(),
            can_cancel: may(row),
        };
        Ok(rows.iter().map(line).collect())
    }

    async fn swap_lines(&self, row: &ScheduleRow) -> Result<Vec<SwapLine>, ApiError> {
        let rows: Vec<SwapRow> = self.room().swaps(Some(row.id)).await.map_err(shown)?;
        let named: Vec<Named> = self.everybody().await?;
        let people = People { named: &named, me: self.me() };
        let (is_editor, can_shift, me): (bool, bool, Option<PersonId>) =
            (self.may(Role::Editor), self.may(Role::Responder), self.me());
        let is_told = |swap: &&SwapRow| matches!(swap.state, SwapState::Open | SwapState::Taken);
        let line = |swap: &SwapRow| {
            let is_asker: bool = me == Some(swap.requester);
            let is_taker: bool = me.is_some() && me == swap.taken_by;
            SwapLine {
                id: swap.id.to_string(),
                role: swap.role.clone(),
                from: swap.span.start,
                until: swap.span.end,
                person: people.name(swap.requester),
                back: swap.back.map(|back| (back.start, back.end)),
                reason: swap.reason.clone(),
                made_at: swap.made_at,
                offers: swap.offers.iter().map(|offer| offer_line(offer, &people)).collect(),
                taken_by: swap.taken_by.map(|person| people.name(person)),
                is_open: swap.state == SwapState::Open,
                can_take: can_shift && !is_asker,
                is_mine: can_shift && (is_asker || is_taker || is_editor),
            }
        };
        Ok(rows.iter().filter(is_told).map(line).collect())
    }

    async fn leave_lines(&self, row: &ScheduleRow, named: &[Named]) -> Result<Vec<LeaveLine>, ApiError> {
        let now: Time = self.moment();
        let window = Span::new(now, now.plus_ms(LEAVE_DAYS * DAY_MS));
        let rows: Vec<LeaveRow> = self.room().leave(None, window).await.map_err(shown)?;
        let members: Vec<PersonId> = row.definition.people();
        let people = People { named, me: self.me() };
        let is_told = |leave: &&LeaveRow| members.contains(&leave.away.person) || self.me() == Some(leave.away.person);
        let line = |leave: &LeaveRow| {
            let person: PersonName = people.name(leave.away.person);
            let can_remove: bool = self.may(Role::Editor) || (person.is_me && self.may(Role::Responder));
            LeaveLine {
                id: leave.id.to_string(),
                from: leave.away.start,
                until: leave.away.end,
                kind: leave.away.kind,
                note: leave.note.clone(),
                can_remove,
                person,
            }
        };
        Ok(rows.iter().filter(is_told).map(line).collect())
    }

    /// One's own addresses that have to do with this schedule. A token has none.
    async fn feed_lines(&self, row: &ScheduleRow) -> Result<Vec<FeedLine>, ApiError> {
        let Ok(grant) = self.0.admit::<ChangeOwnAccount>() else { return Ok(Vec::new()) };
        if self.me().is_none() {
            return Ok(Vec::new());
        }
        let rows: Vec<FeedRow> = self.room().feeds(&grant).await.map_err(shown)?;
        let kind = |feed: &FeedRow| -> Option<&'static str> {
            match &feed.kind {
                FeedKind::Person(person) => (self.me() == Some(*person)).then_some("mine"),
                FeedKind::Schedule(id) => (*id == row.id).then_some("schedule"),
                FeedKind::Team(team) => (row.definition.owner.as_ref() == Some(team)).then_some("team"),
            }
        };
        let line = |feed: &FeedRow| {
            Some(FeedLine {
                id: feed.id.to_string(),
                kind: kind(feed)?.to_owned(),
                begins: feed.key_prefix.clone(),
                made_at: feed.made_at,
                read_at: feed.last_read_at,
            })
        };
        Ok(rows.iter().filter_map(line).collect())
    }

    /// Everybody with an account, as the room names people.
    async fn everybody(&self) -> Result<Vec<Named>, ApiError> {
        let people = self.0.house.identity.people_list().await.map_err(|error| crate::house_error::unavailable(&error))?;
        let named = |person: identity::PersonRow| Named {
            id: person.id,
            name: person.name,
            email: person.email,
            may_come_in: !person.disabled && !person.invited,
            is_reachable: true,
        };
        Ok(people.into_iter().map(named).collect())
    }
}

/// A window of a schedule, and what of it is shown.
struct Sheet<'a> {
    rendering: &'a Rendering,
    people: People<'a>,
    shown: Span,
}

impl Sheet<'_> {
    /// What really is, by role: who has it, and where nobody does who should.
    fn rows(&self) -> Vec<RoleRow> {
        let gaps: &[Segment] = &self.rendering.gaps;
        let row = |(role, coverage): &(DutyRole, model::rota::coverage::Coverage)| {
            let there = self.rendering.segments.iter().filter(|segment| segment.role == *role && segment.who != Who::Gap);
            let missing = gaps.iter().filter(|gap| gap.role == *role && gap.who == Who::Gap);
            RoleRow { role: role.clone(), shifts: self.shifts(there.chain(missing)), coverage: coverage.percent() }
        };
        self.rendering.coverage.iter().map(row).collect()
    }

    /// What each layer would be by itself, those in force within what is shown.
    fn layers(&self) -> Vec<LayerRow> {
        let layer = |own: &oncall::schedules::looking::LayerSegments| {
            let row = self.rendering.schedule.layers.iter().find(|row| row.layer.id == own.layer)?;
            let shifts: Vec<ShiftView> = self.shifts(own.segments.iter().filter(|segment| segment.who != Who::Gap));
            let is_added: bool = row.layer.mode == model::rota::Mode::Add;
            let (name, role, rank): (String, DutyRole, i32) = (row.name.clone(), row.layer.role.clone(), row.layer.rank);
            (!shifts.is_empty()).then_some(LayerRow { name, role, rank, is_added, shifts })
        };
        let mut layers: Vec<LayerRow> = self.rendering.layers.iter().filter_map(layer).collect();
        layers.sort_by(|one, other| (&one.role, one.rank).cmp(&(&other.role, other.rank)));
        layers
    }

    /// The overrides by themselves, by role.
    fn overlays(&self) -> Vec<RoleRow> {
        let mut by_role: BTreeMap<DutyRole, Vec<ShiftView>> = BTreeMap::new();
        for row in &self.rendering.overrides {
            let change = &row.change;
            if change.end <= self.shown.start || change.start >= self.shown.end {
                continue;
            }
            by_role.entry(change.role.clone()).or_default().push(ShiftView {
                from: change.start,
                until: change.end,
                who: self.people.who(change.to.map_or(Who::Nobody, Who::Person)),
                source: Some(origin(change.source)),
                is_away: false,
            });
        }
        by_role.into_iter().map(|(role, shifts)| RoleRow { role, shifts, coverage: 100.0 }).collect()
    }

    /// Gaps among what is shown that are not over.
    fn gaps(&self, now: Time) -> Vec<GapView> {
        let is_ahead = |gap: &&Segment| gap.end > now.max(self.shown.start) && gap.start < self.shown.end;
        let mut gaps: Vec<GapView> = self.rendering.gaps.iter().filter(is_ahead).map(shape::gap).collect();
        gaps.sort_by_key(|gap| gap.from);
        gaps
    }

    fn shifts<'s>(&self, segments: impl Iterator<Item = &'s Segment>) -> Vec<ShiftView> {
        let is_shown = |segment: &&Segment| segment.end > self.shown.start && segment.start < self.shown.end;
        let mut shifts: Vec<ShiftView> = segments.filter(is_shown).map(|segment| self.shift(segment)).collect();
        shifts.sort_by_key(|shift| (shift.from, shift.until));
        shifts
    }

    fn shift(&self, segment: &Segment) -> ShiftView {
        let is_away = |leave: &LeaveRow| {
            segment.person() == Some(leave.away.person) && leave.away.start < segment.end && leave.away.end > segment.start
        };
        ShiftView {
            from: segment.start,
            until: segment.end,
            who: self.people.who(segment.who),
            source: segment.source.map(|source| self.source(source)),
            is_away: self.rendering.away.iter().any(is_away),
        }
    }

    fn source(&self, source: Source) -> SourceView {
        match source {
            Source::Layer(_) => SourceView::Rotation,
            Source::Override(id) => self.origin_of(id),
        }
    }

    fn origin_of(&self, id: OverrideId) -> SourceView {
        let found = self.rendering.overrides.iter().find(|row| row.change.id == id);
        found.map_or(SourceView::Override, |row| origin(row.change.source))
    }
}

fn offer_line(offer: &oncall::schedules::swaps::Offer, people: &People<'_>) -> OfferLine {
    OfferLine { id: offer.id.to_string(), by: people.name(offer.person), from: offer.span.start, until: offer.span.end }
}

fn origin(source: OverrideSource) -> SourceView {
    match source {
        OverrideSource::Manual => SourceView::Override,
        OverrideSource::Swap => SourceView::Swap,
        OverrideSource::Ical => SourceView::Calendar,
    }
}

/// The day that the clock of a zone shows.
fn day_of(zone: &Zone, at: Time) -> i64 {
    let civil: Civil = zone.civil(at.0);
    figures::days_from_civil(civil.year, civil.month, civil.day)
}

fn midnight(zone: &Zone, day: i64) -> Time {
    let (year, month, date) = civil_from_days(day);
    Time(zone.instant(Civil::midnight(year, month, date)))
}

/// The days of the grid, each with its length and why it is off.
fn days(zone: &Zone, grid: Grid, today: i64, holidays: &[Holiday]) -> Vec<DayView> {
    let one = |day: i64| {
        let (year, month, date) = civil_from_days(day);
        let is_it = |holiday: &&Holiday| i64::from(holiday.date.to_epoch_days()) == day;
        DayView {
            from: midnight(zone, day),
            until: midnight(zone, day + 1),
            year,
            month,
            day: date,
            weekday: weekday(day),
            holiday: holidays.iter().find(is_it).map(holiday),
            is_today: day == today,
        }
    };
    (grid.first..grid.last).map(one).collect()
}

fn holiday(found: &Holiday) -> HolidayView {
    let name = Text { ja: found.name_ja.clone().into_owned(), en: found.name_en.clone().into_owned() };
    HolidayView { name, is_provisional: found.provisional }
}

/// How turns are taken, of the first layer of the first role.
fn turns(row: &ScheduleRow) -> Option<TurnsView> {
    let layer = row.definition.layers.iter().min_by(|one, other| (&one.role, one.rank).cmp(&(&other.role, other.rank)))?;
    let (anchor, rotation) = (layer.rotation.anchor, &layer.rotation);
    let minutes: i64 = anchor.second_of_day() / 60;
    Some(TurnsView {
        unit: rotation.unit,
        every: rotation.every,
        weekday: weekday(anchor.day()),
        clock: format!("{:02}:{:02}", minutes / 60, minutes % 60),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zones;

    #[test]
    fn days_have_the_length_their_clock_gives_them_and_say_why_they_are_off() {
        // 2026-11-25 12:00 UTC.
        let now = Time(1_795_608_000_000);
        let zone: Zone = zones::around(chrono_tz::America::New_York, now);
        let today: i64 = day_of(&zone, now);
        let grid: Grid = asked::grid(GridView::Week, "2026-11-01", today);
        let labour: Holiday = model::holidays::on(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()).unwrap();
        let week: Vec<DayView> = days(&zone, grid, today, std::slice::from_ref(&labour));
        let lengths: Vec<i64> = week.iter().map(|day| day.until.since(day.from) / 3_600_000).collect();
        // Clocks are set back on Sunday, 1 November.
        assert_eq!(lengths, [24, 24, 24, 24, 24, 24, 25]);
        assert!(week.iter().all(|day| day.holiday.is_none() && !day.is_today));
        let week: Vec<DayView> = days(&zone, asked::grid(GridView::Week, "", today), today, &[labour]);
        assert_eq!(week[0].holiday.as_ref().map(|holiday| holiday.name.ja.as_str()), Some("勤労感謝の日"));
        assert!(week[2].is_today && week[0].is_off() && !week[1].is_off());
    }

    #[test]
    fn ways_and_origins_are_said_alike() {
        assert_eq!(shape::way(oncall::ContactKind::Voice), ::api::oncall::WayKind::Voice);
        assert_eq!(origin(OverrideSource::Ical), SourceView::Calendar);
    }
}
