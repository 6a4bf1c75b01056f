//! The nine steps of the requirement documents, and what each still lacks.
//!
//! Detect → classify → alert → first response → find the cause → fix and recover → verify → postmortem → prevention (document A, 6.6), with the
//! parts of a first response (document B, 7.2.1). The steps are a map, not a gate: work may be done in another order, and only closing
//! waits ([`missing_to_close`]).

use super::IncidentStatus;
use crate::Time;
use serde::{Deserialize, Serialize};

/// A step, in the documents' order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 検知
    Detect,
    /// レベル判定
    Classify,
    /// 担当者にアラート
    Alert,
    /// 初期対応
    FirstResponse,
    /// 原因調査
    FindCause,
    /// 修正・復旧
    Fix,
    /// 動作確認
    Verify,
    /// ポストモーテム作成
    Postmortem,
    /// 再発防止策の実施
    Prevention,
}

impl Step {
    /// All nine.
    pub const ALL: [Self; 9] = [
        Self::Detect,
        Self::Classify,
        Self::Alert,
        Self::FirstResponse,
        Self::FindCause,
        Self::Fix,
        Self::Verify,
        Self::Postmortem,
        Self::Prevention,
    ];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::Classify => "classify",
            Self::Alert => "alert",
            Self::FirstResponse => "first_response",
            Self::FindCause => "find_cause",
            Self::Fix => "fix",
            Self::Verify => "verify",
            Self::Postmortem => "postmortem",
            Self::Prevention => "prevention",
        }
    }

    /// The step of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }
}

/// How far a postmortem is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Postmortem {
    #[default]
    None,
    Draft,
    Published {
        at: Time,
    },
}

/// Follow-ups, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUps {
    pub n: usize,
    pub n_open: usize,
    pub n_without_owner: usize,
    pub n_without_date: usize,
    /// When the last was done.
    pub last_done_at: Option<Time>,
    /// Somebody said that none is needed.
    pub none_needed: bool,
}

/// What is known of an incident. Moments are when a thing became so; a step that was never noted has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentFacts {
    pub status: IncidentStatus,
    /// From its level: P0 and P1 in the default scheme.
    pub needs_postmortem: bool,
    pub occurred_at: Option<Time>,
    pub detected_at: Option<Time>,
    pub declared_at: Time,
    /// The severity was set by a person, or by a rule that names it.
    pub classified_at: Option<Time>,
    /// The first page went out, or somebody was called in by hand.
    pub alerted_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub has_commander: bool,
    /// Extent and degree are known (影響範囲・程度の把握).
    pub scope_at: Option<Time>,
    /// What could be done at once is done, or there is nothing (応急処置).
    pub stop_gap_at: Option<Time>,
    /// Those who wait were told (ステークホルダーへの通知).
    pub informed_at: Option<Time>,
    pub cause_sought_at: Option<Time>,
    pub cause_found_at: Option<Time>,
    /// The fix is in.
    pub fixed_at: Option<Time>,
    pub mitigated_at: Option<Time>,
    /// Somebody saw that it works again.
    pub verified_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub postmortem: Postmortem,
    pub follow_ups: FollowUps,
}

impl IncidentFacts {
    /// An incident of which nothing is known but that it was declared.
    #[must_use]
    pub fn declared(at: Time, needs_postmortem: bool) -> Self {
        Self {
            status: IncidentStatus::Declared,
            needs_postmortem,
            occurred_at: None,
            detected_at: None,
            declared_at: at,
            classified_at: None,
            alerted_at: None,
            acknowledged_at: None,
            has_commander: false,
            scope_at: None,
            stop_gap_at: None,
            informed_at: None,
            cause_sought_at: None,
            cause_found_at: None,
            fixed_at: None,
            mitigated_at: None,
            verified_at: None,
            resolved_at: None,
            postmortem: Postmortem::None,
            follow_ups: FollowUps::default(),
        }
    }

    /// How long people suffered, when both ends are known: from the occurrence to the end, that is to the mitigation or, without one,
    /// to the resolution.
    #[must_use]
    pub fn impact_ms(&self) -> Option<i64> {
        let end: Time = self.mitigated_at.or(self.resolved_at)?;
        self.occurred_at.or(self.detected_at).map(|begin| end.since(begin).max(0))
    }
}

/// What a step lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// When it was noticed.
    Detection,
    /// When it began.
    Occurrence,
    Classification,
    /// Nobody was paged.
    Page,
    /// Nobody has it.
    Acknowledgement,
    Commander,
    Scope,
    StopGap,
    Informing,
    /// Nobody looks for the cause.
    Search,
    Cause,
    Fix,
    Verification,
    Postmortem,
    /// It is a draft.
    Publication,
    /// There is no follow-up, and nobody said that none is needed.
    FollowUps,
    Owners {
        n: usize,
    },
    Dates {
        n: usize,
    },
    /// Follow-ups that are not done.
    Open {
        n: usize,
    },
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Nothing is missing; since when, if that is known.
    Done { at: Option<Time> },
    /// The first that is not done: here people are.
    Current,
    /// Not done, and an earlier one isn't either.
    Ahead,
    /// Later work went on without it.
    Passed,
    /// This level does not ask for it.
    NotNeeded,
}

/// A step of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub step: Step,
    pub state: StageState,
    pub missing: Vec<Missing>,
}

/// All nine steps with what each still lacks.
#[must_use]
pub fn stages(facts: &IncidentFacts) -> Vec<Stage> {
    let lacking: Vec<(Step, Vec<Missing>)> = Step::ALL.into_iter().map(|step| (step, missing(step, facts))).collect();
    let done = lacking.iter().filter(|(step, lacks)| lacks.is_empty() && is_asked(*step, facts));
    let last_done: Option<Step> = done.map(|(step, _)| *step).max();
    let mut current: Option<Step> = None;
    let mut stages: Vec<Stage> = Vec::new();
    for (step, missing) in lacking {
        let state: StageState = if !is_asked(step, facts) {
            StageState::NotNeeded
        } else if missing.is_empty() {
            StageState::Done { at: done_at(step, facts) }
        } else if last_done.is_some_and(|last| step < last) {
            StageState::Passed
        } else if current.is_none() {
            current = Some(step);
            StageState::Current
        } else {
            StageState::Ahead
        };
        stages.push(Stage { step, state, missing });
    }
    stages
}

/// Below P1 a postmortem is written if somebody likes, and then it counts; so do follow-ups.
fn is_asked(step: Step, facts: &IncidentFacts) -> bool {
    match step {
        Step::Postmortem => facts.needs_postmortem || facts.postmortem != Postmortem::None,
        Step::Prevention => facts.needs_postmortem || facts.follow_ups.n > 0,
        _ => true,
    }
}

/// What a step lacks; nothing when it is done or not asked for.
#[must_use]
pub fn missing(step: Step, facts: &IncidentFacts) -> Vec<Missing> {
    if !is_asked(step, facts) {
        return Vec::new();
    }
    match step {
        Step::Detect => absent(&[(facts.detected_at, Missing::Detection), (facts.occurred_at, Missing::Occurrence)]),
        Step::Classify => absent(&[(facts.classified_at, Missing::Classification)]),
        // Whoever has it need not be paged any more.
        Step::Alert => absent(&[(facts.alerted_at.or(facts.acknowledged_at), Missing::Page)]),
        Step::FirstResponse => first_response(facts),
        Step::FindCause => absent(&[(facts.cause_found_at, Missing::Cause)]),
        Step::Fix => absent(&[(facts.fixed_at.or(facts.mitigated_at), Missing::Fix)]),
        Step::Verify => absent(&[(facts.verified_at, Missing::Verification)]),
        Step::Postmortem => match facts.postmortem {
            Postmortem::None => vec![Missing::Postmortem],
            Postmortem::Draft => vec![Missing::Publication],
            Postmortem::Published { .. } => Vec::new(),
        },
        Step::Prevention => prevention(&facts.follow_ups, true),
    }
}

fn absent(asked: &[(Option<Time>, Missing)]) -> Vec<Missing> {
    asked.iter().filter(|(at, _)| at.is_none()).map(|(_, missing)| *missing).collect()
}

fn first_response(facts: &IncidentFacts) -> Vec<Missing> {
    let mut missing: Vec<Missing> = absent(&[(facts.acknowledged_at, Missing::Acknowledgement)]);
    missing.extend((!facts.has_commander).then_some(Missing::Commander));
    // Who knows the cause has looked for it, and who has mitigated has done what could be done at once.
    missing.extend(absent(&[
        (facts.scope_at, Missing::Scope),
        (facts.stop_gap_at.or(facts.mitigated_at).or(facts.fixed_at), Missing::StopGap),
        (facts.informed_at, Missing::Informing),
        (facts.cause_sought_at.or(facts.cause_found_at), Missing::Search),
    ]));
    missing
}

fn prevention(follow_ups: &FollowUps, must_be_done: bool) -> Vec<Missing> {
    if follow_ups.n == 0 {
        return if follow_ups.none_needed { Vec::new() } else { vec![Missing::FollowUps] };
    }
    let counted = [
        (follow_ups.n_without_owner, Missing::Owners { n: follow_ups.n_without_owner }),
        (follow_ups.n_without_date, Missing::Dates { n: follow_ups.n_without_date }),
        (if must_be_done { follow_ups.n_open } else { 0 }, Missing::Open { n: follow_ups.n_open }),
    ];
    counted.into_iter().filter(|(n, _)| *n > 0).map(|(_, missing)| missing).collect()
}

fn done_at(step: Step, facts: &IncidentFacts) -> Option<Time> {
    match step {
        Step::Detect => facts.detected_at,
        Step::Classify => facts.classified_at,
        Step::Alert => facts.alerted_at.or(facts.acknowledged_at),
        Step::FirstResponse => facts.acknowledged_at,
        Step::FindCause => facts.cause_found_at,
        Step::Fix => facts.fixed_at.or(facts.mitigated_at),
        Step::Verify => facts.verified_at,
        Step::Postmortem => match facts.postmortem {
            Postmortem::Published { at } => Some(at),
            Postmortem::None | Postmortem::Draft => None,
        },
        Step::Prevention => facts.follow_ups.last_done_at,
    }
}

/// Without what an incident is not closed: its postmortem where the level asks for one, and an owner and a date for every follow-up.
/// Follow-ups may be done later; their clocks run on.
#[must_use]
pub fn missing_to_close(facts: &IncidentFacts) -> Vec<Missing> {
    let mut needed: Vec<Missing> = missing(Step::Postmortem, facts);
    if is_asked(Step::Prevention, facts) {
        needed.extend(prevention(&facts.follow_ups, false));
    }
    needed
}
