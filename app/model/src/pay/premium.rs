//! Premiums: what an hour is paid above the base, what the law asks at the least, and where the 60th hour of overtime ends.

use super::cut::Piece;
use super::{Category, PayBasis, PayRule, Premiums, Segment, Stacking};
use crate::rota::Span;
use serde::{Deserialize, Serialize};

/// Overtime of a month beyond which article 37 asks for 50 %.
pub const LONG_OVERTIME_MS: i64 = 60 * 3_600_000;
/// The least that article 37 and its order on rates (割増賃金率令) allow.
const FLOOR_OVERTIME_BP: u32 = 2_500;
const FLOOR_LONG_OVERTIME_BP: u32 = 5_000;
const FLOOR_HOLIDAY_BP: u32 = 3_500;
const FLOOR_NIGHT_BP: u32 = 2_500;

/// Why something is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    Evening,
    Night,
    Holiday,
    Overtime,
    LongOvertime,
    StatutoryHoliday,
}

impl PartKind {
    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evening => "evening",
            Self::Night => "night",
            Self::Holiday => "holiday",
            Self::Overtime => "overtime",
            Self::LongOvertime => "overtime_over_60h",
            Self::StatutoryHoliday => "statutory_holiday",
        }
    }
}

/// One premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    pub bp: u32,
}

/// What of the law matters for a piece.
#[derive(Clone, Copy)]
struct Legal {
    is_statutory: bool,
    is_overtime: bool,
    /// It lies beyond the month's 60th hour of overtime.
    is_long: bool,
}

/// Prices pieces in their order. Overtime is counted through them from `other_overtime_ms` on, and the piece in which its 60th hour ends
/// is cut there. Work on a statutory holiday is no overtime and is not counted.
#[must_use]
pub fn segments(pieces: Vec<Piece>, rule: &PayRule, other_overtime_ms: i64) -> Vec<Segment> {
    let mut overtime_ms: i64 = other_overtime_ms.max(0);
    let mut segments: Vec<Segment> = Vec::new();
    for piece in pieces {
        let is_statutory: bool = rule.is_statutory(piece.day);
        let is_overtime: bool = piece.basis == PayBasis::Worked && !is_statutory && !is_regular(piece.category);
        if !is_overtime {
            segments.push(segment(piece, Legal { is_statutory, is_overtime, is_long: false }, rule));
            continue;
        }
        let (short, long) = split(piece.span, LONG_OVERTIME_MS.saturating_sub(overtime_ms).max(0));
        overtime_ms = overtime_ms.saturating_add(piece.span.length_ms());
        for (span, is_long) in [(short, false), (long, true)] {
            if !span.is_empty() {
                let part = Piece { span, ..piece.clone() };
                segments.push(segment(part, Legal { is_statutory, is_overtime, is_long }, rule));
            }
        }
    }
    segments
}

/// Business time is no overtime, whoever pays it.
fn is_regular(category: Category) -> bool {
    category == Category::Business
}

/// The first `ms` of a span, and the rest.
fn split(span: Span, ms: i64) -> (Span, Span) {
    let at = span.start.plus_ms(ms.min(span.length_ms()));
    (Span::new(span.start, at), Span::new(at, span.end))
}

fn segment(piece: Piece, legal: Legal, rule: &PayRule) -> Segment {
    let is_paid: bool = piece.category != Category::Business || legal.is_statutory || rule.pays_business_time;
    let parts: Vec<Part> = match rule.stacking {
        Stacking::Max => greatest(&of_company(piece.category, &rule.premiums)),
        Stacking::Sum => of_company(piece.category, &rule.premiums),
        Stacking::Statutory => of_law(piece.category, legal, piece.basis, &rule.premiums),
    };
    let premium_bp: u32 = parts.iter().map(|part| part.bp).sum();
    let mut segment = Segment {
        span: piece.span,
        basis: piece.basis,
        day: piece.day,
        category: piece.category,
        is_statutory: legal.is_statutory,
        base_yen: rule.base_yen(piece.basis),
        parts,
        premium_bp,
        is_paid,
        floor_bp: if piece.basis == PayBasis::Worked { floor(piece.category, legal) } else { 0 },
        yen: 0,
        sources: piece.sources,
    };
    segment.yen = segment.exact().rounded(rule.rounding.mode);
    segment
}

/// The company's own premiums that hold for a category.
fn of_company(category: Category, premiums: &Premiums) -> Vec<Part> {
    let evening = Part { kind: PartKind::Evening, bp: premiums.evening_bp };
    let night = Part { kind: PartKind::Night, bp: premiums.night_bp };
    let holiday = Part { kind: PartKind::Holiday, bp: premiums.holiday_bp };
    match category {
        Category::Business => Vec::new(),
        Category::Evening => vec![evening],
        Category::WeekdayNight => vec![night],
        Category::OffDay => vec![holiday],
        Category::OffNight => vec![holiday, night],
    }
}

fn greatest(parts: &[Part]) -> Vec<Part> {
    // Of equal ones the first, so that the proof does not depend on chance.
    let most: Option<u32> = parts.iter().map(|part| part.bp).max();
    parts.iter().find(|part| Some(part.bp) == most).copied().into_iter().collect()
}

/// Article 37: a statutory holiday or overtime, and night on top. Standby is no work and has neither.
fn of_law(category: Category, legal: Legal, basis: PayBasis, premiums: &Premiums) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    if basis == PayBasis::Standby {
        return parts;
    }
    if legal.is_statutory {
        parts.push(Part { kind: PartKind::StatutoryHoliday, bp: premiums.statutory_holiday_bp });
    } else if legal.is_overtime && legal.is_long {
        parts.push(Part { kind: PartKind::LongOvertime, bp: premiums.long_overtime_bp });
    } else if legal.is_overtime {
        parts.push(Part { kind: PartKind::Overtime, bp: premiums.overtime_bp });
    }
    if category.is_night() {
        parts.push(Part { kind: PartKind::Night, bp: premiums.statutory_night_bp });
    }
    parts
}

/// The least that the law allows for work.
fn floor(category: Category, legal: Legal) -> u32 {
    let by_day: u32 = if legal.is_statutory {
        FLOOR_HOLIDAY_BP
    } else if legal.is_overtime && legal.is_long {
        FLOOR_LONG_OVERTIME_BP
    } else if legal.is_overtime {
        FLOOR_OVERTIME_BP
    } else {
        0
    };
    by_day + if category.is_night() { FLOOR_NIGHT_BP } else { 0 }
}
