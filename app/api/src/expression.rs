//! What the field for PromQL asks while somebody writes in it. A plain script asks (`public/expression.js`), so the answer is JSON.
//!
//! Places in the text are counted in units of UTF-16, as a browser counts them.

use serde::Serialize;

/// Where the field asks.
pub const PATH: &str = "/expressions/look";

/// What is known of a text and of the caret in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExpressionLook {
    /// The tokens that are not in plain ink: from, to, and the class of their shade.
    pub shades: Vec<(u32, u32, &'static str)>,
    /// The first mistakes, by place.
    pub mistakes: Vec<ExpressionMistake>,
    /// What the function at the caret takes and gives; empty where there is none.
    pub saying: String,
    /// What could be written at the caret, the best first; empty where that was not asked.
    pub offers: Vec<ExpressionOffer>,
    /// What an offer replaces: from, to.
    pub replaces: (u32, u32),
    /// How many offers there are, in words; empty for none.
    pub said: String,
}

/// Something wrong, where it is underlined, and what is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpressionMistake {
    pub start: u32,
    pub end: u32,
    /// Line and column, in words.
    pub at: String,
    pub message: String,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpressionOffer {
    pub label: String,
    /// What kind of word it is, and what it takes or means.
    pub detail: String,
    /// What taking it writes.
    pub insert: String,
}
