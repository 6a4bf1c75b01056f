//! Binary operators, their precedence, and how the series of their two sides find each other.

use std::fmt;

/// The binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
    /// `atan2`
    Atan2,
    /// `==`
    Eql,
    /// `!=`
    Neq,
    /// `<`
    Lss,
    /// `>`
    Gtr,
    /// `<=`
    Lte,
    /// `>=`
    Gte,
    /// `</`: drops what a native histogram observed above the threshold on the right.
    TrimUpper,
    /// `>/`: drops what a native histogram observed below the threshold on the right.
    TrimLower,
    /// `and`
    And,
    /// `or`
    Or,
    /// `unless`
    Unless,
}

/// All binary operators, tightest first.
pub const BINARY_OPS: [BinaryOp; 18] = [
    BinaryOp::Pow,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Mod,
    BinaryOp::Atan2,
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Eql,
    BinaryOp::Neq,
    BinaryOp::Lss,
    BinaryOp::Gtr,
    BinaryOp::Lte,
    BinaryOp::Gte,
    BinaryOp::TrimUpper,
    BinaryOp::TrimLower,
    BinaryOp::And,
    BinaryOp::Unless,
    BinaryOp::Or,
];

impl BinaryOp {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "^",
            Self::Atan2 => "atan2",
            Self::Eql => "==",
            Self::Neq => "!=",
            Self::Lss => "<",
            Self::Gtr => ">",
            Self::Lte => "<=",
            Self::Gte => ">=",
            Self::TrimUpper => "</",
            Self::TrimLower => ">/",
            Self::And => "and",
            Self::Or => "or",
            Self::Unless => "unless",
        }
    }

    /// Binding strength, higher binds tighter: `or` 1, `and unless` 2, comparisons and trims 3,
    /// `+ -` 4, `* / % atan2` 5, `^` 7. A sign in front of an operand binds at 6: `-2 ^ 2` is
    /// `-(2 ^ 2)` and `-a * b` is `(-a) * b`.
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div | Self::Mod | Self::Atan2 => 5,
            Self::Pow => 7,
            _ => 3,
        }
    }

    /// Only `^` groups to the right.
    pub const fn right_associative(self) -> bool {
        matches!(self, Self::Pow)
    }

    /// `== != < > <= >=`
    pub const fn is_comparison(self) -> bool {
        matches!(self, Self::Eql | Self::Neq | Self::Lss | Self::Gtr | Self::Lte | Self::Gte)
    }

    /// `and or unless`
    pub const fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }

    /// `</ >/`
    pub const fn is_trim(self) -> bool {
        matches!(self, Self::TrimUpper | Self::TrimLower)
    }
}

impl fmt::Display for BinaryOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// Binding strength of a sign in front of an operand; see [`BinaryOp::precedence`].
pub const UNARY_PRECEDENCE: u8 = 6;

/// How the series of the two sides are paired.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorMatching {
    /// How many series of each side may meet.
    pub card: MatchCardinality,
    /// Whether `labels` are the only ones compared (`on`) or the ones left out (`ignoring`, also
    /// the default with an empty list).
    pub on: bool,
    /// The label names of `on (…)` or `ignoring (…)`.
    pub labels: Vec<String>,
    /// The label names of `group_left (…)` or `group_right (…)`, copied from the "one" side.
    pub include: Vec<String>,
    /// Values standing in for a missing partner.
    pub fill: FillValues,
}

impl VectorMatching {
    /// What holds when no modifier is written: all labels, `card` as given.
    pub fn with_card(card: MatchCardinality) -> Self {
        Self { card, on: false, labels: Vec::new(), include: Vec::new(), fill: FillValues::default() }
    }
}

/// How many series of each side may meet in one match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchCardinality {
    /// The default.
    OneToOne,
    /// `group_left`: many on the left.
    ManyToOne,
    /// `group_right`: many on the right.
    OneToMany,
    /// Set operators.
    ManyToMany,
}

/// The experimental `fill`, `fill_left` and `fill_right` modifiers; `fill(v)` sets both sides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FillValues {
    /// Stands in for a missing sample on the left.
    pub left: Option<f64>,
    /// Stands in for a missing sample on the right.
    pub right: Option<f64>,
}

impl FillValues {
    /// Whether neither side is filled.
    pub const fn is_empty(self) -> bool {
        self.left.is_none() && self.right.is_none()
    }
}
