//! Looking back, as its screen sees it: how fast people answered, who was woken, what was noise, and whether the load is shared. Every number
//! has a list, and every list an address.

use crate::error::ApiError;
use crate::oncall::PersonName;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use figures::Zone;
use leptos::prelude::*;
use model::clock::ClockKind;
use model::ids::{AlertId, IncidentId, TeamId};
use model::review::Figures;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Behind the word of a list: those to which it has not happened.
pub const NOT_YET: &str = "-not-yet";

/// Over what is looked back; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReviewQuery {
    /// Days (`2026-11-01`): the first, and the last; empty: the last four weeks.
    pub from: String,
    pub until: String,
    /// The id of a team; empty: all.
    pub team: String,
    pub system: String,
    /// The list that is opened: `ack`, `resolve`, `alert-ack`, `alert-resolve`, each also with [`NOT_YET`], `breaches`, `pages`, `nights`,
    /// `paged`, `idle`.
    pub list: String,
    /// Of whom or of what: a person's id, a rule's id.
    pub of: String,
}

/// How long something took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TookView {
    pub figures: Option<Figures>,
    /// Those that can't be counted: it has not happened.
    pub n_not_yet: u32,
}

/// What one person was paged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesLine {
    pub person: PersonName,
    pub n_pages: u32,
    pub n_in_business: u32,
    pub n_on_days_off: u32,
    pub n_at_night: u32,
    /// Nights with a page.
    pub n_nights: u32,
    /// How often they were woken.
    pub n_interruptions: u32,
    /// The most nights in a row.
    pub longest_run: u32,
}

/// How much of a source's alerts led to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoiseLine {
    /// A rule's id, or the name of an integration.
    pub source: String,
    pub name: Text,
    /// Whether it is a rule of ours.
    pub is_rule: bool,
    pub n_paged: u32,
    pub n_idle: u32,
    /// In ten-thousandths.
    pub share_bp: u32,
}

/// One person's hours on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadLine {
    pub person: PersonName,
    /// Business, evening, weeknight, day off, night off.
    pub category_ms: [i64; 5],
    /// Weighted.
    pub load_ms: i64,
}

/// A shift that could change hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    pub person: PersonName,
    pub from: Time,
    pub until: Time,
}

/// A swap that would even out the load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapView {
    pub give: ShiftView,
    pub take: ShiftView,
    /// How far the loads are apart, in ten-thousandths of the mean: before and after.
    pub before_bp: u32,
    pub after_bp: u32,
    /// The day on which its timetable is to be opened (`2026-11-30`).
    pub day: String,
}

/// How one schedule shares its load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairnessView {
    pub schedule: String,
    pub title: Text,
    pub zone: Zone,
    /// The one with the most first.
    pub loads: Vec<LoadLine>,
    /// In ten-thousandths of the mean: 0 is even.
    pub spread_bp: u32,
    pub swaps: Vec<SwapView>,
}

/// A line of the list that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewItem {
    Incident {
        id: IncidentId,
        title: String,
        code: String,
        severity: Severity,
        began_at: Time,
        took_ms: Option<i64>,
    },
    Alert {
        id: AlertId,
        name: Text,
        severity: Severity,
        began_at: Time,
        took_ms: Option<i64>,
    },
    Breach {
        id: IncidentId,
        title: String,
        code: String,
        severity: Severity,
        kind: ClockKind,
        due_at: Time,
        met_at: Option<Time>,
    },
    /// A page to a person; the night it fell into, named by the day on which that began.
    Page {
        at: Time,
        alerts: Vec<AlertId>,
        policy: String,
        night: Option<String>,
    },
}

/// A list behind a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewListView {
    pub items: Vec<ReviewItem>,
    /// How many there are: of a long list only the first are shown.
    pub n_counted: u32,
    /// Who or what it is about, in words; may be empty.
    pub of: String,
}

/// Everything about a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewView {
    pub from: Time,
    pub until: Time,
    /// As the fields have them.
    pub from_day: String,
    pub until_day: String,
    /// Of incidents: until somebody has it, and until it is over.
    pub incident_ack: TookView,
    pub incident_resolve: TookView,
    /// Of alerts.
    pub alert_ack: TookView,
    pub alert_resolve: TookView,
    pub n_incidents: u32,
    pub n_alerts: u32,
    pub n_breaches: u32,
    pub pages: Vec<PagesLine>,
    pub noise: Vec<NoiseLine>,
    pub fairness: Vec<FairnessView>,
    pub teams: Vec<(TeamId, String)>,
    pub systems: Vec<String>,
    pub opened: Option<ReviewListView>,
    /// There was more than is counted at once: the figures are of the newest.
    pub is_cut: bool,
}

/// Answers the screen.
#[async_trait]
pub trait ReviewsApi: Send + Sync {
    async fn review(&self, query: ReviewQuery) -> Result<ReviewView, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn ReviewsApi> {
    expect_context::<Arc<dyn ReviewsApi>>()
}

/// A period.
#[server(prefix = "/call", endpoint = "review", output = Packed)]
pub async fn review(query: ReviewQuery) -> Result<ReviewView, ApiError> {
    room().review(query).await
}
