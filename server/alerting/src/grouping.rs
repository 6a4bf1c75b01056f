//! Groups: alerts that are told together, and when. Pure: from what stands in the database to what is told now.
//!
//! A first page waits `group_wait` for company, counted from when the first alert fired. Afterwards what is new, or over, waits until
//! `group_interval` has passed since the last page; what nobody answers is said again after `repeat_interval` (prometheus/alertmanager
//! `dispatch/dispatch.go`, `notify/notify.go`). Three things wait for nobody, because somebody relies on them: an alert became worse, a
//! silence or a quiet time ended while it fires, somebody gave it back.
//!
//! What somebody has is not said again. What is quiet is not told, but remembered, with the reason. That something is over is also
//! told while it is quiet, to whom it was told before; what ended before anybody heard of it is not told at all.

pub(crate) mod due;

use crate::routes::Settings;
use crate::silences::SilenceId;
use model::ids::AlertId;
use model::{Severity, Time};
use std::fmt;

/// The number of a group. A group lives as long as one of its alerts; the same labels later are another group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub i64);

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why an alert tells nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mute {
    Silence(SilenceId),
    /// By this alert, because of this rule.
    Inhibition {
        by: AlertId,
        rule: String,
    },
    /// The route is quiet by this calendar.
    Calendar(String),
}

impl Mute {
    /// Whether its end is the end of a promise to be quiet, so that what still fires is told at once. What was explained by another
    /// alert mostly ends a little after that, and waits like anything new.
    fn ends_loudly(&self) -> bool {
        !matches!(self, Self::Inhibition { .. })
    }

    /// From the words in the database.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        let (kind, rest) = words.split_once(' ')?;
        match kind {
            "silence" => rest.parse::<i64>().ok().map(|id| Self::Silence(SilenceId(id))),
            "calendar" => Some(Self::Calendar(rest.to_owned())),
            "inhibition" => {
                let (by, rule) = rest.split_once(' ')?;
                Some(Self::Inhibition { by: AlertId(by.parse::<i64>().ok()?), rule: rule.to_owned() })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Mute {
    /// The words in the database: `silence 12`, `inhibition 20871 silent-host`, `calendar nights`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silence(id) => write!(f, "silence {}", id.0),
            Self::Inhibition { by, rule } => write!(f, "inhibition {} {rule}", by.0),
            Self::Calendar(name) => write!(f, "calendar {name}"),
        }
    }
}

/// How an alert stood when it was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub severity: Severity,
    pub is_held: bool,
}

/// An alert in a group: what it is now, and what is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub alert: AlertId,
    pub severity: Severity,
    pub is_firing: bool,
    /// Somebody has it.
    pub is_held: bool,
    /// Why it tells nobody now.
    pub mute: Option<Mute>,
    /// Routes have changed, or its severity, and it goes elsewhere now: here only its end is told.
    pub is_current: bool,
    /// Why it told nobody when it was last looked at.
    pub was_mute: Option<Mute>,
    /// Since when it waits to be told: when it fired, or was no longer explained by another.
    pub waits_since: Time,
    pub told: Option<Told>,
}

/// What is remembered of an alert in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub alert: AlertId,
    pub mute: Option<Mute>,
    pub waits_since: Time,
    pub told: Option<Told>,
}

/// Why a page is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    First,
    NewAlerts,
    SeverityRaised,
    Unmuted,
    GivenBack,
    Repeat,
    SomeResolved,
    AllResolved,
    Acknowledged,
}

impl Reason {
    /// The words in Facts and in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first page",
            Self::NewAlerts => "new alerts added",
            Self::SeverityRaised => "severity raised",
            Self::Unmuted => "unmuted",
            Self::GivenBack => "given back",
            Self::Repeat => "repeat interval elapsed",
            Self::SomeResolved => "some alerts resolved",
            Self::AllResolved => "all alerts resolved",
            Self::Acknowledged => "acknowledged",
        }
    }
}

/// What a page is for whoever gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// Somebody is needed for something that was not told before.
    Fired,
    /// Somebody is still needed.
    Again,
    /// Somebody has it: an update that wakes nobody.
    Acknowledged,
    /// Some of it is over and some fires: an update that wakes nobody, and closes nothing.
    PartlyResolved,
    /// All of it is over.
    Resolved,
}

impl PageKind {
    /// The word in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Again => "again",
            Self::Acknowledged => "acknowledged",
            Self::PartlyResolved => "partly resolved",
            Self::Resolved => "resolved",
        }
    }
}

/// What is told now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: PageKind,
    /// At least one, the most telling first.
    pub reasons: Vec<Reason>,
    /// What it is about and fires.
    pub firing: Vec<AlertId>,
    /// What is over since the last page.
    pub over: Vec<AlertId>,
}

/// What becomes of a group at a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub page: Option<Draft>,
    /// What is to be remembered from now on, only of those of whom it is something else than before.
    pub changed: Vec<Remembered>,
    /// Who leaves the group.
    pub gone: Vec<AlertId>,
}

impl Decision {
    /// Whether the time of this page counts for `group_interval` and `repeat_interval`.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.kind != PageKind::Acknowledged)
    }
}

impl Member {
    /// Not told yet, and somebody is to hear of it.
    fn is_news(&self) -> bool {
        self.is_current && self.is_firing && self.mute.is_none() && !self.is_held && self.told.is_none()
    }

    /// Was told, and still needs somebody.
    fn needs_somebody(&self) -> bool {
        self.is_current && self.is_firing && self.mute.is_none() && !self.is_held && self.told.is_some()
    }

    fn was_unmuted(&self) -> bool {
        self.mute.is_none() && self.was_mute.as_ref().is_some_and(Mute::ends_loudly)
    }

    /// What of it can't wait.
    fn urgent(&self) -> Option<Reason> {
        if (self.is_news() || self.needs_somebody()) && self.was_unmuted() {
            return Some(Reason::Unmuted);
        }
        let told: Told = self.told.filter(|_| self.needs_somebody())?;
        if self.severity < told.severity {
            return Some(Reason::SeverityRaised);
        }
        told.is_held.then_some(Reason::GivenBack)
    }

    fn is_newly_held(&self) -> bool {
        self.is_current && self.is_firing && self.is_held && self.told.is_some_and(|told| !told.is_held)
    }

    /// Was told, and is over.
    fn is_over(&self) -> bool {
        !self.is_firing && self.told.is_some()
    }

    /// Since when it waits, at a look at `now`: anew when what explained it has ended.
    fn waiting_since(&self, now: Time) -> Time {
        let was_explained: bool = self.was_mute.as_ref().is_some_and(|mute| !mute.ends_loudly());
        if was_explained && self.mute.is_none() && self.told.is_none() { now } else { self.waits_since }
    }

    fn remembered(&self) -> Remembered {
        Remembered { alert: self.alert, mute: self.was_mute.clone(), waits_since: self.waits_since, told: self.told }
    }
}

/// What becomes of a group that was last told of at `paged_at`.
#[must_use]
pub fn decide(settings: &Settings, paged_at: Option<Time>, members: &[Member], now: Time) -> Decision {
    let mut reasons: Vec<Reason> = reasons(settings, paged_at, members, now);
    reasons.sort_unstable();
    reasons.dedup();
    let kind: Option<PageKind> = reasons.first().map(|first| kind_of(*first));
    let is_update: bool = kind == Some(PageKind::Acknowledged);
    let tells: bool = kind.is_some() && !is_update;
    let mut decision = Decision::default();
    for member in members {
        match after(member, settings, tells, is_update, now) {
            None => decision.gone.push(member.alert),
            Some(remembered) if remembered != member.remembered() => decision.changed.push(remembered),
            Some(_) => {}
        }
    }
    decision.page = kind.map(|kind| draft(kind, reasons, members, tells));
    decision
}

/// Every reason for which somebody is told now; none while all can wait.
fn reasons(settings: &Settings, paged_at: Option<Time>, members: &[Member], now: Time) -> Vec<Reason> {
    let mut urgent: Vec<Reason> = members.iter().filter_map(Member::urgent).collect();
    let news: Option<Time> = members.iter().filter(|member| member.is_news()).map(|member| member.waiting_since(now)).min();
    let next: Option<Time> = paged_at.map(|at| at.plus_ms(settings.group_interval_ms));
    let is_spaced: bool = next.is_none_or(|next| now >= next);
    let has_waited: bool = news.is_some_and(|since| now >= since.plus_ms(settings.group_wait_ms));
    let ends: bool = settings.send_resolved && members.iter().any(Member::is_over);
    let repeats: bool =
        members.iter().any(Member::needs_somebody) && paged_at.is_some_and(|at| now >= at.plus_ms(settings.repeat_interval_ms));
    if repeats {
        urgent.push(Reason::Repeat);
    }
    let tells: bool = !urgent.is_empty() || (is_spaced && (has_waited || ends));
    if tells {
        if news.is_some() {
            urgent.push(if paged_at.is_none() { Reason::First } else { Reason::NewAlerts });
        }
        if ends {
            urgent.push(if anything_is_left(members) { Reason::SomeResolved } else { Reason::AllResolved });
        }
    } else if members.iter().any(Member::is_newly_held) {
        urgent.push(Reason::Acknowledged);
    }
    urgent
}

/// Whether something that was told, or is told now, still fires here.
fn anything_is_left(members: &[Member]) -> bool {
    members.iter().any(|member| member.is_firing && (member.told.is_some() || is_told_now(member)))
}

/// What a page tells besides what was told before: also what somebody took before anybody was told.
fn is_told_now(member: &Member) -> bool {
    member.is_current && member.is_firing && member.mute.is_none()
}

fn kind_of(first: Reason) -> PageKind {
    match first {
        Reason::First | Reason::NewAlerts | Reason::SeverityRaised => PageKind::Fired,
        Reason::Unmuted | Reason::GivenBack | Reason::Repeat => PageKind::Again,
        Reason::SomeResolved => PageKind::PartlyResolved,
        Reason::AllResolved => PageKind::Resolved,
        Reason::Acknowledged => PageKind::Acknowledged,
    }
}

/// What is remembered of an alert after this look; `None` when it leaves.
fn after(member: &Member, settings: &Settings, tells: bool, is_update: bool, now: Time) -> Option<Remembered> {
    if !member.is_firing {
        // Its end is told, or nobody wants to hear of it, or nobody ever heard of it.
        let stays: bool = member.told.is_some() && settings.send_resolved && !tells;
        return stays.then(|| member.remembered());
    }
    if !member.is_current && member.told.is_none() {
        return None;
    }
    let is_told: bool = tells && is_told_now(member);
    let is_noted: bool = (tells || is_update) && member.is_newly_held();
    let told_now = Told { severity: member.severity, is_held: member.is_held };
    let told: Option<Told> = if is_told || is_noted { Some(told_now) } else { member.told };
    Some(Remembered { alert: member.alert, mute: member.mute.clone(), waits_since: member.waiting_since(now), told })
}

fn draft(kind: PageKind, reasons: Vec<Reason>, members: &[Member], tells: bool) -> Draft {
    // An update says what those already know of whom it was told, quiet or not.
    let is_named = |member: &Member| if tells { is_told_now(member) } else { member.is_current && member.told.is_some() };
    let firing = members.iter().filter(|member| member.is_firing && is_named(member)).map(|member| member.alert);
    let over = members.iter().filter(|member| tells && member.is_over()).map(|member| member.alert);
    Draft { kind, reasons, firing: firing.collect(), over: over.collect() }
}

#[cfg(test)]
mod tests;
