#![doc = include_str!("../README.md")]

mod board;
mod check;
mod difference;
mod interpolate;
mod moving;
mod naming;
mod panel;
mod repeat;
mod said;
#[cfg(test)]
mod sample;
mod series;
mod shown;
mod values;
mod variable;

pub use board::{Dashboard, Link, Refresh, Row, Span};
/// The value axis of a panel is the chart's.
pub use chart::Axis;
pub use check::{
    MOST_CHOICES, MOST_COLUMNS, MOST_EXPR, MOST_JUDGES, MOST_LINES, MOST_LINKS, MOST_MATCHING, MOST_OVERRIDES, MOST_PANELS,
    MOST_QUERIES, MOST_ROWS, MOST_TAGS, MOST_TEXT, MOST_TITLE, MOST_VARIABLES, Problem, check, is_id, is_variable_name,
};
pub use difference::{Difference, differences};
pub use interpolate::{Filled, Unknown, fill_address, fill_text, interpolate, named};
pub use moving::{COLUMNS, LEAST_HEIGHT, MOST_HEIGHT, Step};
pub use naming::{MOST_NAME, name_of, names_of};
pub use panel::{Judge, Kind, Legend, Lines, Panel, Query, Reduce};
pub use repeat::{MOST_STANDING, Repeated, RepeatedPanel, RepeatedRow, repeated};
pub use said::Said;
pub use series::{Column, Matching, OTHER_COLUMNS, SeriesOverride, Sort, TableLayout, query_name};
pub use shown::{
    Body, Choice, Measure, NamedGauge, Note, Shown, ShownLink, ShownPanel, ShownRow, Stat, Table, TableRow, Trouble, TroubleKind,
};
pub use values::{Chosen, Values};
pub use variable::{Offer, Variable};
