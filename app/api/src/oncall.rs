//! On-call, as its screens see it: who is on call now, one schedule on its grid, and the form in which a schedule is changed.
//!
//! Everything is shaped by the server: days have their length, people their names, and a preview is what the server would do. A screen
//! draws it and works nothing out, so that what is seen is what will page.

pub mod form;
pub mod schedule;

use crate::error::ApiError;
use crate::identity::ShownOnce;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use figures::Zone;
use form::{ScheduleForm, ScheduleFormAsk, ScheduleFormView};
use leptos::prelude::*;
use model::Time;
use model::ids::PersonId;
use model::rota::DutyRole;
use schedule::{FeedWish, LeaveWish, OverrideWish, ScheduleAsk, ScheduleView, SwapReply, SwapWish};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A way to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WayKind {
    Push,
    Slack,
    Sms,
    Voice,
    Email,
}

/// Somebody in a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    pub id: PersonId,
    /// Empty for somebody whom nobody knows any more.
    pub name: String,
    /// The reader.
    pub is_me: bool,
}

/// Who is on call for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhoView {
    Person(PersonName),
    /// Deliberately nobody.
    Nobody,
    /// Nobody has a turn.
    Gap,
}

/// What put them there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceView {
    Rotation,
    Override,
    Swap,
    Calendar,
}

/// Whether a page reaches somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReachView {
    /// By these, all of them verified.
    By(Vec<WayKind>),
    /// The last message to each of them failed.
    Failing(Vec<WayKind>),
    /// No contact of theirs is verified.
    NoContact,
    /// Their account is switched off.
    Disabled,
}

impl ReachView {
    /// Whether a page would go out to them at all.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        matches!(self, Self::By(_) | Self::Failing(_))
    }
}

/// One duty at this moment. People who are on call together have one each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyNow {
    pub role: DutyRole,
    pub who: WhoView,
    pub source: Option<SourceView>,
    /// Until somebody else has it; `None` where that is further off than anybody looks.
    pub until: Option<Time>,
    /// Of a person.
    pub reach: Option<ReachView>,
}

/// A moment at which a duty changes hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverView {
    pub at: Time,
    pub role: DutyRole,
    pub from: Vec<WhoView>,
    pub to: Vec<WhoView>,
}

/// A stretch in which nobody is there who should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapView {
    pub role: DutyRole,
    pub from: Time,
    pub until: Time,
    /// Somebody left it empty on purpose.
    pub is_meant: bool,
}

/// What is wrong, or worth knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FindingKind {
    /// Nobody is there in a time that should be covered.
    Gap,
    NoContact,
    Disabled,
    Away,
    BothRoles,
    TooMuch,
    SamePerson,
    /// A layer that can't work: without members, of an unknown zone …
    Layer,
    /// A calendar that is read could not be, or names people nobody knows.
    Calendar,
    Other,
}

/// One finding of the look that is taken every night and after every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    pub kind: FindingKind,
    pub person: Option<PersonName>,
    pub role: Option<DutyRole>,
    pub from: Option<Time>,
    pub until: Option<Time>,
    /// Hours, of too much; else 0.
    pub hours: u32,
    /// What else the room says; may be empty.
    pub detail: String,
}

/// A schedule at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleCard {
    pub name: String,
    pub title: Text,
    pub owner: Option<String>,
    pub zone: Zone,
    /// The roles in their order.
    pub duties: Vec<DutyNow>,
    /// The next five.
    pub next: Vec<HandoverView>,
    /// Within ninety days, the first of them.
    pub gaps: Vec<GapView>,
    pub n_gaps: u32,
    pub findings: Vec<FindingView>,
    /// When that was looked for last.
    pub looked_at: Option<Time>,
    /// Requests for cover that somebody could take.
    pub n_open_swaps: u32,
}

/// A duty of the reader: now or later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyShift {
    pub schedule: String,
    pub title: Text,
    pub zone: Zone,
    pub role: DutyRole,
    pub from: Time,
    pub until: Time,
    pub source: Option<SourceView>,
}

/// Who is on call now, everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OncallView {
    pub now: Time,
    pub cards: Vec<ScheduleCard>,
    /// The reader's own, from now on, by time.
    pub mine: Vec<MyShift>,
    pub can_edit: bool,
    pub can_shift: bool,
}

/// Somebody on call, in one line of another screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OncallLine {
    pub schedule: String,
    pub title: Text,
    pub role: DutyRole,
    /// Names; empty where nobody is.
    pub names: Vec<String>,
    pub until: Option<Time>,
    /// Nobody is there, or none of them can be reached.
    pub is_alarming: bool,
}

/// Answers the screens of schedules.
#[async_trait]
pub trait OncallApi: Send + Sync {
    async fn now(&self) -> Result<OncallView, ApiError>;
    /// Primary and secondary of every schedule, for other screens.
    async fn lines(&self) -> Result<Vec<OncallLine>, ApiError>;
    async fn schedule(&self, ask: ScheduleAsk) -> Result<ScheduleView, ApiError>;
    async fn form(&self, ask: ScheduleFormAsk) -> Result<ScheduleFormView, ApiError>;
    async fn save(&self, name: String, draft: ScheduleForm, version: Option<i64>) -> Result<(), ApiError>;
    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError>;
    async fn make_override(&self, wish: OverrideWish) -> Result<(), ApiError>;
    async fn cancel_override(&self, schedule: String, id: String) -> Result<(), ApiError>;
    async fn ask_swap(&self, wish: SwapWish) -> Result<(), ApiError>;
    async fn answer_swap(&self, answer: SwapReply) -> Result<(), ApiError>;
    async fn add_leave(&self, wish: LeaveWish) -> Result<(), ApiError>;
    async fn remove_leave(&self, schedule: String, id: String) -> Result<(), ApiError>;
    async fn make_feed(&self, wish: FeedWish) -> Result<ShownOnce, ApiError>;
    async fn remove_feed(&self, schedule: String, id: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn OncallApi> {
    expect_context::<Arc<dyn OncallApi>>()
}

/// Who is on call now.
#[server(name = AskOncall, prefix = "/call", endpoint = "oncall", output = Packed)]
pub async fn oncall_now() -> Result<OncallView, ApiError> {
    room().now().await
}

/// Who is on call now, in a few lines.
#[server(name = AskOncallLines, prefix = "/call", endpoint = "oncall_lines", output = Packed)]
pub async fn oncall_lines() -> Result<Vec<OncallLine>, ApiError> {
    room().lines().await
}

/// One schedule.
#[server(name = AskSchedule, prefix = "/call", endpoint = "oncall_schedule", output = Packed)]
pub async fn oncall_schedule(ask: ScheduleAsk) -> Result<ScheduleView, ApiError> {
    room().schedule(ask).await
}

/// The form of a schedule, with what it would change.
#[server(name = AskScheduleForm, prefix = "/call", endpoint = "oncall_form", output = Packed)]
pub async fn oncall_form(ask: ScheduleFormAsk) -> Result<ScheduleFormView, ApiError> {
    room().form(ask).await
}

/// Saves a schedule. A form sends an empty name and version for a new one.
#[server(prefix = "/call", endpoint = "schedule_save", output = Packed)]
pub async fn schedule_save(
    #[server(default)] name: String,
    draft: ScheduleForm,
    #[server(default)] version: String,
) -> Result<(), ApiError> {
    room().save(name, draft, version.parse().ok()).await
}

/// Takes a schedule away. What has been stays written down.
#[server(prefix = "/call", endpoint = "schedule_remove", output = Packed)]
pub async fn schedule_remove(name: String, version: i64) -> Result<(), ApiError> {
    room().remove(name, version).await
}

/// Puts somebody else on call for a while.
#[server(prefix = "/call", endpoint = "override_make", output = Packed)]
pub async fn override_make(wish: OverrideWish) -> Result<(), ApiError> {
    room().make_override(wish).await
}

/// Ends an override.
#[server(prefix = "/call", endpoint = "override_cancel", output = Packed)]
pub async fn override_cancel(schedule: String, id: String) -> Result<(), ApiError> {
    room().cancel_override(schedule, id).await
}

/// Asks for cover.
#[server(prefix = "/call", endpoint = "swap_ask", output = Packed)]
pub async fn swap_ask(wish: SwapWish) -> Result<(), ApiError> {
    room().ask_swap(wish).await
}

/// Answers a request for cover, or takes it back.
#[server(prefix = "/call", endpoint = "swap_answer", output = Packed)]
pub async fn swap_answer(answer: SwapReply) -> Result<(), ApiError> {
    room().answer_swap(answer).await
}

/// Says that one is away.
#[server(prefix = "/call", endpoint = "leave_add", output = Packed)]
pub async fn leave_add(wish: LeaveWish) -> Result<(), ApiError> {
    room().add_leave(wish).await
}

/// Takes that back.
#[server(prefix = "/call", endpoint = "leave_remove", output = Packed)]
pub async fn leave_remove(schedule: String, id: String) -> Result<(), ApiError> {
    room().remove_leave(schedule, id).await
}

/// An address from which a calendar fetches shifts.
#[server(prefix = "/call", endpoint = "feed_make", output = Packed)]
pub async fn feed_make(wish: FeedWish) -> Result<ShownOnce, ApiError> {
    room().make_feed(wish).await
}

/// Makes such an address worthless.
#[server(prefix = "/call", endpoint = "feed_remove", output = Packed)]
pub async fn feed_remove(schedule: String, id: String) -> Result<(), ApiError> {
    room().remove_feed(schedule, id).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Packing;

    #[test]
    fn who_is_on_call_arrives_as_it_was_sent() {
        let id: PersonId = "00000000-0000-0000-0000-000000000007".parse().unwrap();
        let who = WhoView::Person(PersonName { id, name: "佐藤 健".to_owned(), is_me: true });
        let duty = DutyNow {
            role: DutyRole::Custom("窓口".to_owned()),
            who,
            source: Some(SourceView::Swap),
            until: Some(Time(5)),
            reach: Some(ReachView::By(vec![WayKind::Push, WayKind::Voice])),
        };
        let bytes = <Packing as codee::Encoder<DutyNow>>::encode(&duty).unwrap();
        assert_eq!(<Packing as codee::Decoder<DutyNow>>::decode(&bytes).unwrap(), duty);
        assert!(!ReachView::NoContact.is_reached() && ReachView::Failing(Vec::new()).is_reached());
    }
}
