//! Stretches of time and lists of them. A list is sorted and its spans neither overlap nor touch.

use super::Span;
use crate::time::Time;

/// 1901-01-01 and 2199-01-01: a year inside what a [`super::local::Local`] can be, so that every handoff search ends.
pub(super) const EARLIEST: Time = Time(-25_202 * 86_400_000);
pub(super) const LATEST: Time = Time(83_641 * 86_400_000);

impl Span {
    /// A stretch of time; empty unless `end` is after `start`.
    #[must_use]
    pub fn new(start: Time, end: Time) -> Self {
        Self { start, end }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether a moment is in it.
    #[must_use]
    pub fn covers(self, at: Time) -> bool {
        self.start <= at && at < self.end
    }

    /// What is in both; may be empty.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { start: self.start.max(other.start), end: self.end.min(other.end) }
    }

    /// Milliseconds.
    #[must_use]
    pub fn length_ms(self) -> i64 {
        if self.is_empty() { 0 } else { self.end.since(self.start) }
    }

    /// What of it lies between 1901 and 2199: whatever comes over the wire, sums of it don't overflow.
    #[must_use]
    pub fn held(self) -> Self {
        self.and(Self { start: EARLIEST, end: LATEST })
    }
}

/// Any spans as a list.
#[must_use]
pub fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut list: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match list.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => list.push(span),
        }
    }
    list
}

/// The parts of a list that lie in `span`, ascending.
pub fn within(list: &[Span], span: Span) -> impl Iterator<Item = Span> {
    let begin: usize = list.partition_point(|part| part.end <= span.start);
    list[begin..]
        .iter()
        .take_while(move |part| part.start < span.end)
        .map(move |part| part.and(span))
        .filter(|part| !part.is_empty())
}

/// What is in both lists.
#[must_use]
pub fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    one.iter().flat_map(|span| within(other, *span)).collect()
}

/// What is in the first list and not in the second.
#[must_use]
pub fn without(list: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left: Vec<Span> = Vec::with_capacity(list.len());
    for span in list {
        let mut start: Time = span.start;
        for hole in within(taken, *span) {
            left.push(Span::new(start, hole.start));
            start = hole.end;
        }
        left.push(Span::new(start, span.end));
    }
    left.retain(|span| !span.is_empty());
    left
}

/// Milliseconds of a list.
#[must_use]
pub fn length_ms(list: &[Span]) -> i64 {
    list.iter().map(|span| span.length_ms()).sum()
}
