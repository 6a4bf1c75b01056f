//! Overrides over the layers of one role. Each applies to whom the layers say, never to what another override made of them.

use super::layers::{Slice, bounds, settled};
use super::{Holder, Override, Source, Span, Who};
use crate::time::Time;
use std::cmp::Ordering;

/// The slices with overrides (of the same role) applied, within the same window.
pub(super) fn overlay(slices: Vec<Slice>, overrides: &[&Override], window: Span) -> Vec<Slice> {
    let mut pending: Vec<&Override> = overrides.iter().copied().filter(|change| !span(change).and(window).is_empty()).collect();
    if pending.is_empty() {
        return slices;
    }
    pending.sort_by_key(|change| change.start);
    let ends = slices.iter().map(|slice| slice.span).chain(pending.iter().map(|change| span(change)));
    let bounds: Vec<Time> = bounds(ends, window);
    let mut active: Vec<&Override> = Vec::new();
    let (mut n_begun, mut n_passed): (usize, usize) = (0, 0);
    let mut laid: Vec<Slice> = Vec::with_capacity(bounds.len());
    for (start, end) in bounds.iter().zip(bounds.iter().skip(1)) {
        active.retain(|change| change.end > *start);
        let n_new: usize = pending[n_begun..].iter().take_while(|change| change.start <= *start).count();
        active.extend(pending[n_begun..n_begun + n_new].iter().copied().filter(|change| change.end > *start));
        n_begun += n_new;
        active.sort_by(|one, other| newest_first(one, other));
        while slices.get(n_passed).is_some_and(|slice| slice.span.end <= *start) {
            n_passed += 1;
        }
        let base: &[Holder] = match slices.get(n_passed) {
            Some(slice) => &slice.holders,
            None => &[],
        };
        laid.push(Slice { span: Span::new(*start, *end), holders: applied(base, &active) });
    }
    laid
}

fn span(change: &Override) -> Span {
    Span::new(change.start, change.end)
}

/// The order in which they are asked; that of their arrival means nothing.
fn newest_first(one: &Override, other: &Override) -> Ordering {
    (other.created_at, other.id).cmp(&(one.created_at, one.id))
}

/// `active` begins with the newest.
fn applied(base: &[Holder], active: &[&Override]) -> Vec<Holder> {
    let mut changed: Vec<Holder> = base.iter().map(|holder| replaced(*holder, active)).collect();
    // Who is there by a layer and by an override is there by the override.
    changed.sort_by_key(|holder| holder.source);
    settled(changed, Holder { who: Who::Gap, source: None })
}

fn replaced(holder: Holder, active: &[&Override]) -> Holder {
    let concerns = |change: &&&Override| match (change.from, holder.who) {
        (None, _) => true,
        (Some(from), Who::Person(person)) => from == person,
        (Some(_), Who::Nobody | Who::Gap) => false,
    };
    active.iter().find(concerns).map_or(holder, |change| Holder {
        who: change.to.map_or(Who::Nobody, Who::Person),
        source: Some(Source::Override(change.id)),
    })
}
