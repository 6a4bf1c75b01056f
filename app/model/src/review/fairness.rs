//! Whether the load of being on call is shared, and which swaps would even it out.
//!
//! Load is weighted time: an hour of a holiday's night weighs more than one at a desk. Proposals are only proposals: people agree to them or
//! not.

use crate::ids::PersonId;
use crate::pay::Category;
use crate::rota::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an hour of each category weighs, in the order of [`Category::ALL`].
pub type Weights = [u32; 5];
/// Business time weighs nothing, nights of days off the most.
pub const USUAL_WEIGHTS: Weights = [0, 1, 2, 2, 3];
/// More would be another schedule.
pub const MAX_PROPOSALS: usize = 20;
/// Shifts that are looked at. Every pair is tried, so the work grows with the square.
pub const MAX_SHIFTS: usize = 200;

/// One person's time on call by category, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub person: PersonId,
    pub category_ms: [i64; 5],
}

impl Load {
    /// Weighted milliseconds.
    #[must_use]
    pub fn weighed(&self, weights: Weights) -> i64 {
        let parts = self.category_ms.iter().zip(weights).map(|(ms, weight)| ms.saturating_mul(i64::from(weight)));
        parts.fold(0, i64::saturating_add)
    }

    /// Time of one category.
    #[must_use]
    pub fn of(&self, category: Category) -> i64 {
        self.category_ms[category as usize]
    }
}

/// How far apart people's loads are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub least: i64,
    pub mean: i64,
    pub most: i64,
}

impl Spread {
    /// The distance from the least to the most, in ten-thousandths of the mean: 0 is even.
    #[must_use]
    pub fn bp(&self) -> u32 {
        let distance: i128 = i128::from(self.most) - i128::from(self.least);
        let share: i128 = (distance * 10_000).checked_div(i128::from(self.mean)).unwrap_or(0);
        u32::try_from(share).unwrap_or(u32::MAX)
    }
}

/// The spread of some loads; none of none.
#[must_use]
pub fn spread(loads: &[i64]) -> Option<Spread> {
    let (least, most) = (*loads.iter().min()?, *loads.iter().max()?);
    let sum: i128 = loads.iter().map(|load| i128::from(*load)).sum();
    let mean: i128 = sum / i128::try_from(loads.len()).unwrap_or(1);
    Some(Spread { least, mean: i64::try_from(mean).unwrap_or(most), most })
}

/// A shift to come, with what it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    pub person: PersonId,
    pub span: Span,
    pub load: i64,
}

/// Two shifts that would change hands. Places are of the list that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The shift of whoever has more.
    pub give: usize,
    /// The shift they would have in return.
    pub take: usize,
    pub before: Spread,
    pub after: Spread,
}

/// Time in which a person can't be on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub person: PersonId,
    pub span: Span,
}

/// Swaps that even out the load, best first; each counts on those before it. `carried` is what people have behind them already, and whoever
/// is in it takes part. A swap that would put somebody on call twice at once, or while they are away, is not proposed.
#[must_use]
pub fn proposals(carried: &[(PersonId, i64)], shifts: &[Shift], away: &[Away]) -> Vec<Proposal> {
    let mut table = Table::new(carried, shifts, away);
    let mut found: Vec<Proposal> = Vec::new();
    while found.len() < MAX_PROPOSALS {
        let Some(before) = table.spread() else { break };
        let Some((give, take)) = table.best() else { break };
        table.swap(give, take);
        found.extend(table.spread().map(|after| Proposal { give, take, before, after }));
    }
    found
}

/// Who has which shift, and what that weighs.
struct Table<'a> {
    shifts: Vec<Shift>,
    loads: BTreeMap<PersonId, i64>,
    away: &'a [Away],
}

impl<'a> Table<'a> {
    fn new(carried: &[(PersonId, i64)], shifts: &[Shift], away: &'a [Away]) -> Self {
        let shifts: Vec<Shift> = shifts.iter().take(MAX_SHIFTS).copied().collect();
        let mut loads: BTreeMap<PersonId, i64> = BTreeMap::new();
        let planned = shifts.iter().map(|shift| (shift.person, shift.load));
        for (person, load) in carried.iter().copied().chain(planned) {
            let sum: &mut i64 = loads.entry(person).or_insert(0);
            *sum = sum.saturating_add(load);
        }
        Self { shifts, loads, away }
    }

    fn spread(&self) -> Option<Spread> {
        let loads: Vec<i64> = self.loads.values().copied().collect();
        spread(&loads)
    }

    /// The allowed swap that lowers the sum of squares the most; of equal ones the first.
    fn best(&self) -> Option<(usize, usize)> {
        let mut best: Option<(i128, (usize, usize))> = None;
        for give in 0..self.shifts.len() {
            for take in 0..self.shifts.len() {
                let gain: i128 = self.gain(give, take);
                let is_better: bool = gain > best.map_or(0, |(most, _)| most);
                if is_better && self.is_allowed(give, take) {
                    best = Some((gain, (give, take)));
                }
            }
        }
        best.map(|(_, pair)| pair)
    }

    /// By how much the sum of squares falls. With loads a and b and a difference d of the shifts it goes from a² + b² to
    /// (a − d)² + (b + d)².
    fn gain(&self, give: usize, take: usize) -> i128 {
        let (one, other) = (&self.shifts[give], &self.shifts[take]);
        let d: i128 = i128::from(one.load) - i128::from(other.load);
        let (a, b) = (self.load(one.person), self.load(other.person));
        // From the one who has more: the other way round is the same swap.
        if one.person == other.person || a <= b || d <= 0 { 0 } else { d.saturating_mul(2).saturating_mul(a - b - d) }
    }

    fn load(&self, person: PersonId) -> i128 {
        self.loads.get(&person).copied().map_or(0, i128::from)
    }

    fn is_allowed(&self, give: usize, take: usize) -> bool {
        let (one, other) = (self.shifts[give], self.shifts[take]);
        self.is_free(one.person, other.span, give) && self.is_free(other.person, one.span, take)
    }

    /// Whether a person can be on call in a span, once they have given one shift away.
    fn is_free(&self, person: PersonId, span: Span, given: usize) -> bool {
        let meets = |other: Span| !other.and(span).is_empty();
        let is_away: bool = self.away.iter().any(|away| away.person == person && meets(away.span));
        let others = self.shifts.iter().enumerate().filter(|(place, shift)| *place != given && shift.person == person);
        !is_away && !others.map(|(_, shift)| shift.span).any(meets)
    }

    fn swap(&mut self, give: usize, take: usize) {
        let (one, other) = (self.shifts[give], self.shifts[take]);
        let d: i64 = one.load.saturating_sub(other.load);
        for (person, change) in [(one.person, -d), (other.person, d)] {
            let sum: &mut i64 = self.loads.entry(person).or_insert(0);
            *sum = sum.saturating_add(change);
        }
        self.shifts[give].person = other.person;
        self.shifts[take].person = one.person;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    /// A shift of a day.
    fn shift(n: u128, day: i64, load: i64) -> Shift {
        let span = Span::new(Time(day * 24), Time((day + 1) * 24));
        Shift { person: person(n), span, load }
    }

    #[test]
    fn loads_are_weighed_and_spread() {
        let load = Load { person: person(1), category_ms: [19, 20, 19, 80, 30] };
        assert_eq!(load.weighed(USUAL_WEIGHTS), 20 + 38 + 160 + 90);
        assert_eq!(load.of(Category::OffNight), 30);
        let even: Spread = spread(&[300, 300]).unwrap();
        assert_eq!((even.bp(), spread(&[100, 300]).unwrap().bp()), (0, 10_000));
        assert_eq!((spread(&[]), spread(&[0, 0]).map(|spread| spread.bp())), (None, Some(0)));
    }

    #[test]
    fn a_heavy_week_is_swapped_for_a_light_one() {
        let shifts = [shift(1, 0, 100), shift(2, 1, 40), shift(1, 2, 100), shift(2, 3, 40)];
        let found: Vec<Proposal> = proposals(&[], &shifts, &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].give, found[0].take), (0, 1));
        assert_eq!(found[0].before, Spread { least: 80, mean: 140, most: 200 });
        assert_eq!(found[0].after, Spread { least: 140, mean: 140, most: 140 });
    }

    #[test]
    fn nobody_is_proposed_while_away_or_on_call_twice() {
        let shifts = [shift(1, 0, 100), shift(2, 1, 40), shift(1, 2, 100), shift(2, 3, 40)];
        let away = [Away { person: person(2), span: shift(2, 0, 0).span }];
        let found: Vec<Proposal> = proposals(&[], &shifts, &away);
        assert_eq!((found[0].give, found[0].take), (2, 1));
        // The second person is on call beside the first on both days.
        let beside = [shift(1, 0, 100), shift(2, 0, 40), shift(1, 2, 100), shift(2, 2, 10), shift(2, 3, 10)];
        let found: Vec<Proposal> = proposals(&[], &beside, &[]);
        assert!(found.iter().all(|found| (found.give, found.take) != (0, 4)), "{found:?}");
    }

    #[test]
    fn what_is_carried_counts() {
        let shifts = [shift(1, 0, 50), shift(2, 1, 40)];
        assert!(proposals(&[], &shifts, &[]).is_empty(), "the swap would only turn it round");
        let found: Vec<Proposal> = proposals(&[(person(1), 100)], &shifts, &[]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].after, Spread { least: 50, mean: 95, most: 140 });
    }

    proptest! {
        #[test]
        fn proposals_even_out_and_never_clash(loads in proptest::collection::vec((0u128..4, 0i64..100), 0..24)) {
            let shifts: Vec<Shift> =
                loads.iter().enumerate().map(|(day, (n, load))| shift(*n, i64::try_from(day / 2).unwrap(), *load)).collect();
            let found: Vec<Proposal> = proposals(&[], &shifts, &[]);
            prop_assert!(found.len() <= MAX_PROPOSALS);
            let mut held: Vec<Shift> = shifts.clone();
            let clashes = |held: &[Shift]| {
                let meets = |one: &Shift, other: &Shift| one.person == other.person && !one.span.and(other.span).is_empty();
                (0..held.len()).map(|at| held[at + 1..].iter().filter(|other| meets(&held[at], other)).count()).sum::<usize>()
            };
            let squares = |held: &[Shift]| (0u128..4)
                .map(|n| held.iter().filter(|shift| shift.person == person(n)).map(|shift| shift.load).sum::<i64>().pow(2))
                .sum::<i64>();
            for proposal in found {
                let before: (usize, i64) = (clashes(&held), squares(&held));
                let (one, other) = (held[proposal.give].person, held[proposal.take].person);
                (held[proposal.give].person, held[proposal.take].person) = (other, one);
                prop_assert!(clashes(&held) <= before.0 && squares(&held) < before.1);
            }
        }
    }
}
