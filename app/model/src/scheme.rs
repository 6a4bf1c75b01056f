//! Severity schemes: what an organisation calls its levels, and what it promises for each.
//!
//! Levels are data. Two presets come from the requirement documents, P0 to P3 (the default) and three levels; both stand on the house's own
//! [`Severity`], so that an incident of one scheme is sorted, coloured and routed like an alert. Where the documents say nothing the
//! preset says nothing: neither has a time to resolve.
//!
//! What the two documents leave open was decided so: the table of P0 to P3 holds, not the "15 minutes" of the flow beside it; data loss is
//! as bad as a full stop; a postmortem is due for P0 and P1; only "business day" is business time; level 3 has 24 elapsed hours and pages
//! nobody out of hours.

use crate::Severity;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One business day where no calendar says otherwise: 09:00 to 18:00.
pub const USUAL_DAY_MS: i64 = 9 * HOUR_MS;

/// In which time a target runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Around the clock.
    Elapsed,
    /// Only in business time.
    Business,
}

impl Basis {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Elapsed => "elapsed",
            Self::Business => "business",
        }
    }

    /// The basis of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Elapsed, Self::Business].into_iter().find(|basis| basis.as_str() == word)
    }
}

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    pub length_ms: i64,
    pub basis: Basis,
}

impl Target {
    /// Around the clock.
    #[must_use]
    pub const fn elapsed(length_ms: i64) -> Self {
        Self { length_ms, basis: Basis::Elapsed }
    }

    /// In business time.
    #[must_use]
    pub const fn business(length_ms: i64) -> Self {
        Self { length_ms, basis: Basis::Business }
    }
}

/// The documents' three words for how urgent something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// 緊急: the service is down, or data are lost.
    Urgent,
    /// 重要: it is slower, or errors rise.
    Important,
    /// 情報: for those who look.
    Information,
}

impl Urgency {
    /// How urgent a severity is: P0 is 緊急, P1 and P2 are 重要, P3 is 情報.
    #[must_use]
    pub fn of(severity: Severity) -> Self {
        match severity {
            Severity::P0 => Self::Urgent,
            Severity::P1 | Severity::P2 => Self::Important,
            Severity::P3 => Self::Information,
        }
    }

    /// 緊急, 重要 or 情報.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Urgent => "緊急",
            Self::Important => "重要",
            Self::Information => "情報",
        }
    }
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Responders {
    /// Every engineer there is.
    AllEngineers,
    /// Whoever is on call.
    OnCall,
    /// The team that owns what is broken.
    OwningTeam,
    /// Developers.
    Developers,
    /// Whoever works then anyway.
    NormalWork,
}

impl Responders {
    const ALL: [Self; 5] = [Self::AllEngineers, Self::OnCall, Self::OwningTeam, Self::Developers, Self::NormalWork];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AllEngineers => "all_engineers",
            Self::OnCall => "on_call",
            Self::OwningTeam => "owning_team",
            Self::Developers => "developers",
            Self::NormalWork => "normal_work",
        }
    }

    /// The responders of that word, if there are such.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|responders| responders.as_str() == word)
    }
}

/// One level of a scheme. Texts are the organisation's own to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// `P0`, `L1`.
    pub code: Cow<'static, str>,
    /// Its place in the house's order.
    pub severity: Severity,
    pub name_ja: Cow<'static, str>,
    pub name_en: Cow<'static, str>,
    pub definition_ja: Cow<'static, str>,
    pub definition_en: Cow<'static, str>,
    /// How soon somebody must answer.
    pub answer: Target,
    /// How often those who wait must hear something, around the clock.
    pub update_every_ms: Option<i64>,
    /// How soon it must be over.
    pub resolve: Option<Target>,
    pub responders: Responders,
    /// Whether it may wake somebody.
    pub pages_out_of_hours: bool,
    /// Whether it can't be closed before its postmortem is there.
    pub needs_postmortem: bool,
}

/// Levels, worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// `p`, `l`, or the organisation's own.
    pub name: Cow<'static, str>,
    pub levels: Vec<Level>,
}

impl Scheme {
    /// The preset of that name: `p` or `l`. `day_ms` is what a business day has (`BusinessCalendar::usual_day_ms`).
    #[must_use]
    pub fn preset(name: &str, day_ms: i64) -> Option<Self> {
        match name {
            "p" => Some(Self::p0_to_p3(day_ms)),
            "l" => Some(Self::three_levels()),
            _ => None,
        }
    }

    /// Document A, 6.6: P0 to P3.
    #[must_use]
    pub fn p0_to_p3(day_ms: i64) -> Self {
        let p0 = Level {
            update_every_ms: Some(30 * MINUTE_MS),
            needs_postmortem: true,
            definition_ja: Cow::Borrowed("サービス全体の停止、データ損失"),
            definition_en: Cow::Borrowed("The whole service is down, or data are lost"),
            ..level("P0", Severity::P0, ["緊急", "Critical"], Target::elapsed(15 * MINUTE_MS), Responders::AllEngineers)
        };
        let p1 = Level {
            update_every_ms: Some(HOUR_MS),
            needs_postmortem: true,
            definition_ja: Cow::Borrowed("主要機能の停止"),
            definition_en: Cow::Borrowed("A main function is down"),
            ..level("P1", Severity::P1, ["高", "High"], Target::elapsed(HOUR_MS), Responders::OnCall)
        };
        let p2 = Level {
            update_every_ms: Some(4 * HOUR_MS),
            definition_ja: Cow::Borrowed("一部機能への影響"),
            definition_en: Cow::Borrowed("Some functions are affected"),
            ..level("P2", Severity::P2, ["中", "Medium"], Target::elapsed(4 * HOUR_MS), Responders::OwningTeam)
        };
        let p3 = Level {
            pages_out_of_hours: false,
            definition_ja: Cow::Borrowed("軽微な問題"),
            definition_en: Cow::Borrowed("A minor problem"),
            ..level("P3", Severity::P3, ["低", "Low"], Target::business(day_ms), Responders::OwningTeam)
        };
        Self { name: Cow::Borrowed("p"), levels: vec![p0, p1, p2, p3] }
    }

    /// Document B, 7.1: levels 1 to 3. Updates come as often as for the severity beneath.
    #[must_use]
    pub fn three_levels() -> Self {
        let first = Level {
            update_every_ms: Some(30 * MINUTE_MS),
            needs_postmortem: true,
            definition_ja: Cow::Borrowed("サービスの完全停止、データ損失"),
            definition_en: Cow::Borrowed("The service is fully down, or data are lost"),
            ..level("L1", Severity::P0, ["緊急", "Urgent"], Target::elapsed(30 * MINUTE_MS), Responders::OnCall)
        };
        let second = Level {
            update_every_ms: Some(4 * HOUR_MS),
            definition_ja: Cow::Borrowed("一部機能の停止、性能の劣化"),
            definition_en: Cow::Borrowed("Some functions are down, or it is slow"),
            ..level("L2", Severity::P2, ["重要", "Important"], Target::elapsed(2 * HOUR_MS), Responders::Developers)
        };
        let third = Level {
            pages_out_of_hours: false,
            definition_ja: Cow::Borrowed("機能の制限、表示の異常"),
            definition_en: Cow::Borrowed("A function is limited, or something is shown wrong"),
            ..level("L3", Severity::P3, ["軽微", "Minor"], Target::elapsed(24 * HOUR_MS), Responders::NormalWork)
        };
        Self { name: Cow::Borrowed("l"), levels: vec![first, second, third] }
    }

    /// The level of that code, in either case.
    #[must_use]
    pub fn level(&self, code: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.code.eq_ignore_ascii_case(code))
    }

    /// The level for a severity: its own, else the next worse one, so that nothing is taken more lightly than it was meant; the worst
    /// level for what is worse than all. None in a scheme without levels.
    #[must_use]
    pub fn level_of(&self, severity: Severity) -> Option<&Level> {
        let worse = self.levels.iter().filter(|level| level.severity <= severity);
        worse.max_by_key(|level| level.severity).or_else(|| self.levels.iter().min_by_key(|level| level.severity))
    }
}

impl Default for Scheme {
    fn default() -> Self {
        Self::p0_to_p3(USUAL_DAY_MS)
    }
}

/// What most levels have.
fn level(code: &'static str, severity: Severity, names: [&'static str; 2], answer: Target, responders: Responders) -> Level {
    let [name_ja, name_en] = names;
    Level {
        code: Cow::Borrowed(code),
        severity,
        name_ja: Cow::Borrowed(name_ja),
        name_en: Cow::Borrowed(name_en),
        definition_ja: Cow::Borrowed(""),
        definition_en: Cow::Borrowed(""),
        answer,
        update_every_ms: None,
        resolve: None,
        responders,
        pages_out_of_hours: true,
        needs_postmortem: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two tables of the requirement documents, minutes to answer.
    #[test]
    fn presets_promise_what_the_documents_demand() {
        for (scheme, code, severity, minutes, basis, responders, postmortem) in [
            ("p", "P0", Severity::P0, 15, Basis::Elapsed, Responders::AllEngineers, true),
            ("p", "P1", Severity::P1, 60, Basis::Elapsed, Responders::OnCall, true),
            ("p", "P2", Severity::P2, 240, Basis::Elapsed, Responders::OwningTeam, false),
            ("p", "P3", Severity::P3, 540, Basis::Business, Responders::OwningTeam, false),
            ("l", "L1", Severity::P0, 30, Basis::Elapsed, Responders::OnCall, true),
            ("l", "L2", Severity::P2, 120, Basis::Elapsed, Responders::Developers, false),
            ("l", "L3", Severity::P3, 1_440, Basis::Elapsed, Responders::NormalWork, false),
        ] {
            let scheme: Scheme = Scheme::preset(scheme, USUAL_DAY_MS).unwrap();
            let level: &Level = scheme.level(&code.to_lowercase()).unwrap();
            assert_eq!(level.answer, Target { length_ms: minutes * MINUTE_MS, basis }, "{code}");
            assert_eq!((level.severity, level.responders, level.needs_postmortem), (severity, responders, postmortem), "{code}");
            assert!(!level.definition_ja.is_empty() && !level.definition_en.is_empty(), "{code}");
        }
        assert_eq!(Scheme::preset("x", USUAL_DAY_MS), None);
    }

    #[test]
    fn updates_are_due_every_half_hour_hour_and_four_hours() {
        let cadences: Vec<Option<i64>> = Scheme::default().levels.iter().map(|level| level.update_every_ms).collect();
        assert_eq!(cadences, [Some(30 * MINUTE_MS), Some(60 * MINUTE_MS), Some(240 * MINUTE_MS), None]);
    }

    #[test]
    fn every_severity_has_a_level_and_none_is_taken_more_lightly() {
        let code = |scheme: &Scheme, severity: Severity| scheme.level_of(severity).map(|level| level.code.to_string());
        let scheme: Scheme = Scheme::three_levels();
        let found: Vec<Option<String>> = Severity::ALL.into_iter().map(|severity| code(&scheme, severity)).collect();
        assert_eq!(found.into_iter().flatten().collect::<Vec<String>>(), ["L1", "L1", "L2", "L3"]);
        let mut mild: Scheme = scheme.clone();
        mild.levels.remove(0);
        assert_eq!(code(&mild, Severity::P0).as_deref(), Some("L2"));
        mild.levels.clear();
        assert_eq!(code(&mild, Severity::P0), None);
    }

    #[test]
    fn words_go_there_and_back() {
        for responders in Responders::ALL {
            assert_eq!(Responders::from_word(responders.as_str()), Some(responders));
        }
        for basis in [Basis::Elapsed, Basis::Business] {
            assert_eq!(Basis::from_word(basis.as_str()), Some(basis));
        }
        let words: Vec<&str> = Severity::ALL.into_iter().map(|severity| Urgency::of(severity).word()).collect();
        assert_eq!(words, ["緊急", "重要", "重要", "情報"]);
    }
}
