//! The few words that belong to the field itself.

use crate::offer::Kind;
use figures::Locale;
use ui::context::use_look;

/// Everything the field says.
pub struct Words {
    pub offers: &'static str,
    pub n_offers: fn(usize) -> String,
    /// What kind of word is offered.
    pub kind: fn(Kind) -> &'static str,
    /// The line and the column of a mistake, both counted from 1.
    pub at: fn(usize, usize) -> String,
}

static JA: Words = Words {
    offers: "候補",
    n_offers: |n| format!("候補 {n} 件"),
    kind: |kind| match kind {
        Kind::Aggregation => "集約",
        Kind::Function => "関数",
        Kind::Metric => "メトリクス",
        Kind::Label => "ラベル",
        Kind::Value => "値",
        Kind::Word => "演算子",
        Kind::Duration => "期間",
    },
    at: |line, column| format!("{line}行{column}文字目"),
};

static EN: Words = Words {
    offers: "Suggestions",
    n_offers: |n| if n == 1 { "1 suggestion".to_owned() } else { format!("{n} suggestions") },
    kind: |kind| match kind {
        Kind::Aggregation => "aggregation",
        Kind::Function => "function",
        Kind::Metric => "metric",
        Kind::Label => "label",
        Kind::Value => "value",
        Kind::Word => "operator",
        Kind::Duration => "duration",
    },
    at: |line, column| format!("Line {line}, column {column}"),
};

/// The words of the reader's language, where a screen is drawn.
pub fn words() -> &'static Words {
    of(use_look().locale)
}

/// The words of a language.
pub fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
