//! Series with their names, in the order they are drawn in.

use chart::Point;
use dashboard::{Measure, Note};
use model::labels::Labels;
use std::cmp::Ordering;

/// Series of one picture: more can't be told apart, not even by colour and dash together.
pub(crate) const MOST_SERIES: usize = 50;
/// Looks of a series.
const STYLES: usize = 8;

/// A series that borrows its points from the answer: of ten thousand only those that are drawn are copied.
#[derive(Clone, Debug)]
pub(crate) struct Named<'a> {
    /// The place of its query in the panel.
    pub(crate) query: usize,
    pub(crate) name: String,
    pub(crate) labels: &'a Labels,
    /// How its values are written.
    pub(super) measure: Measure,
    points: &'a [Point],
    /// Its value at the end of the span, where that was asked for and lies behind its points.
    end: Option<Point>,
    /// How far its points are moved into the future.
    moved_ms: i64,
}

impl<'a> Named<'a> {
    pub(super) fn new(query: usize, name: String, labels: &'a Labels, points: &'a [Point]) -> Self {
        Self { query, name, labels, measure: Measure::default(), points, end: None, moved_ms: 0 }
    }

    pub(super) fn ending(self, end: Option<Point>) -> Self {
        let is_behind = |end: &Point| self.points.last().is_none_or(|last| last.0 < end.0);
        Self { end: end.filter(is_behind), ..self }
    }

    /// The same under another name, its values written otherwise.
    pub(super) fn told(self, name: String, measure: Measure) -> Self {
        Self { name, measure, ..self }
    }

    /// The same under another name, its points so much later.
    pub(super) fn moved(self, moved_ms: i64, name: String) -> Self {
        Self { moved_ms, name, ..self }
    }

    pub(crate) fn points(&self) -> impl DoubleEndedIterator<Item = Point> {
        let moved_ms: i64 = self.moved_ms;
        self.points.iter().chain(&self.end).map(move |(ms, value)| (ms.saturating_add(moved_ms), *value))
    }

    /// The newest value that is a number.
    pub(crate) fn last(&self) -> Option<f64> {
        self.points().rev().map(|(_, value)| value).find(|value| value.is_finite())
    }

    /// By query, then by name; labels decide between equal names, so that the order is the same every time.
    fn order(&self, other: &Self) -> Ordering {
        self.query.cmp(&other.query).then_with(|| self.name.cmp(&other.name)).then_with(|| self.labels.cmp(other.labels))
    }
}

/// Those that are drawn, in their order: of too many the largest by their last value.
pub(crate) fn in_order<'s, 'a>(all: &'s [Named<'a>], notes: &mut Vec<Note>) -> Vec<&'s Named<'a>> {
    let mut chosen: Vec<&Named<'a>> = all.iter().collect();
    chosen.sort_by(|one, other| one.order(other));
    if chosen.len() > MOST_SERIES {
        notes.push(Note::SeriesLeftOut { shown: MOST_SERIES, of: chosen.len() });
        let size = |series: &Named<'a>| series.last().unwrap_or(f64::NEG_INFINITY);
        chosen.sort_by(|one, other| size(other).total_cmp(&size(one)));
        chosen.truncate(MOST_SERIES);
        chosen.sort_by(|one, other| one.order(other));
    }
    chosen
}

/// The look at a place, from 1; they begin again when all are used.
pub(super) fn style(place: usize) -> u8 {
    u8::try_from(place % STYLES).map_or(1, |style| style + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_the_largest_stay_in_the_order_of_their_names() {
        let labels = Labels::default();
        let points: Vec<[Point; 1]> = (0..60_i32).map(|nth| [(0, f64::from(nth))]).collect();
        let mut all: Vec<Named<'_>> =
            points.iter().enumerate().map(|(nth, points)| Named::new(0, format!("{nth:02}"), &labels, points)).collect();
        all.push(Named::new(0, "nothing".to_owned(), &labels, &[(0, f64::NAN)]));
        all.push(Named::new(0, "endless".to_owned(), &labels, &[(0, f64::INFINITY)]));
        let mut notes: Vec<Note> = Vec::new();
        let chosen: Vec<&Named<'_>> = in_order(&all, &mut notes);
        assert_eq!((chosen.len(), chosen[0].name.as_str(), chosen[49].name.as_str()), (50, "10", "59"));
        assert_eq!(notes, [Note::SeriesLeftOut { shown: 50, of: 62 }]);
    }

    #[test]
    fn the_query_goes_before_the_name() {
        let labels = Labels::default();
        let all = [(1, "a"), (0, "b"), (0, "a")].map(|(query, name)| Named::new(query, name.to_owned(), &labels, &[]));
        let mut notes: Vec<Note> = Vec::new();
        let order: Vec<(usize, &str)> = in_order(&all, &mut notes).iter().map(|one| (one.query, one.name.as_str())).collect();
        assert_eq!((order, notes.len()), (vec![(0, "a"), (0, "b"), (1, "a")], 0));
    }

    #[test]
    fn a_value_at_the_end_counts_only_behind_the_others() {
        let labels = Labels::default();
        let series = Named::new(0, String::new(), &labels, &[(1, 1.0), (2, 2.0)]);
        assert_eq!(series.clone().ending(Some((2, 9.0))).points().collect::<Vec<Point>>(), [(1, 1.0), (2, 2.0)]);
        let longer = series.ending(Some((3, f64::NAN))).moved(10, "b".to_owned());
        assert_eq!((longer.points().count(), longer.points().next(), longer.last()), (3, Some((11, 1.0)), Some(2.0)));
    }

    #[test]
    fn looks_begin_again_after_the_eighth() {
        assert_eq!([0, 7, 8].map(style), [1, 8, 1]);
    }
}
