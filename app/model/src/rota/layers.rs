//! The layers of one role, laid over each other.

use super::almanac::Almanac;
use super::turns::{Turn, turns};
use super::{Holder, Layer, Member, Mode, Source, Span, Who};
use crate::time::Time;

/// Who holds a role in a stretch of time. Slices follow each other without a gap; a gap in the schedule is a holder.
pub(super) struct Slice {
    pub span: Span,
    /// At least one. People are there once each; [`Who::Nobody`] and [`Who::Gap`] stand alone.
    pub holders: Vec<Holder>,
}

/// A layer's turns, read from left to right.
struct Row<'a> {
    layer: &'a Layer,
    turns: Vec<Turn<'a>>,
    /// The first turn that has not ended.
    next: usize,
}

/// The slices of a window for layers of one role.
pub(super) fn lay(layers: &[&Layer], almanac: &Almanac, window: Span) -> Vec<Slice> {
    let mut rows: Vec<Row<'_>> =
        layers.iter().copied().map(|layer| Row { layer, turns: turns(layer, almanac, window), next: 0 }).collect();
    rows.sort_by_key(|row| (row.layer.mode == Mode::Add, row.layer.rank, row.layer.id));
    let bounds: Vec<Time> = bounds(rows.iter().flat_map(|row| row.turns.iter().map(|turn| turn.span)), window);
    let pairs = bounds.iter().zip(bounds.iter().skip(1));
    pairs.map(|(start, end)| Slice { span: Span::new(*start, *end), holders: holders(&mut rows, *start) }).collect()
}

/// Where anything begins or ends within a window, and its own two ends; ascending, each once.
pub(super) fn bounds(spans: impl Iterator<Item = Span>, window: Span) -> Vec<Time> {
    let mut bounds: Vec<Time> = vec![window.start, window.end];
    bounds.extend(spans.flat_map(|span| [span.start, span.end]).filter(|at| window.covers(*at)));
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// Rows are sorted: those that cut by rank, then those that add.
fn holders(rows: &mut [Row<'_>], at: Time) -> Vec<Holder> {
    let mut found: Vec<Holder> = Vec::new();
    let mut rank: Option<i32> = None;
    for row in rows {
        let Some(member) = row.member_at(at) else { continue };
        if row.layer.mode == Mode::Cut && *rank.get_or_insert(row.layer.rank) != row.layer.rank {
            continue;
        }
        found.extend(people(member).into_iter().map(|who| Holder { who, source: Some(Source::Layer(row.layer.id)) }));
    }
    settled(found, Holder { who: Who::Gap, source: None })
}

impl<'a> Row<'a> {
    /// Asked for ascending moments only.
    fn member_at(&mut self, at: Time) -> Option<&'a Member> {
        while self.turns.get(self.next).is_some_and(|turn| turn.span.end <= at) {
            self.next += 1;
        }
        self.turns.get(self.next).filter(|turn| turn.span.start <= at).map(|turn| turn.member)
    }
}

fn people(member: &Member) -> Vec<Who> {
    match member {
        Member::Person(person) => vec![Who::Person(*person)],
        Member::Group(people) if !people.is_empty() => people.iter().map(|person| Who::Person(*person)).collect(),
        Member::Group(_) | Member::Nobody => vec![Who::Nobody],
    }
}

/// Each person once, the first of theirs; nobody only where there is no person, and `otherwise` where there is nothing at all. Sorted.
pub(super) fn settled(mut found: Vec<Holder>, otherwise: Holder) -> Vec<Holder> {
    let is_person = |holder: &Holder| matches!(holder.who, Who::Person(_));
    if found.iter().any(is_person) {
        found.retain(is_person);
    }
    // The sort is stable: of one person's holders the first stays the first.
    found.sort_by_key(|holder| holder.who);
    found.dedup_by_key(|holder| holder.who);
    if found.is_empty() { vec![otherwise] } else { found }
}
