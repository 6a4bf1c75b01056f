//! Adding numbers up without losing the small ones: Kahan's summation in Neumaier's variant, as Prometheus uses it
//! (`util/kahansum`), and what is built on it.

use std::cmp::Ordering;

use super::series::ABSENT;

/// Adds `increment` to `sum` with the compensation `carry`; returns both anew.
pub(super) fn kahan(increment: f64, sum: f64, carry: f64) -> (f64, f64) {
    let total: f64 = sum + increment;
    if total.is_infinite() {
        return (total, 0.0);
    }
    // What was rounded away is the smaller operand's loss.
    let lost: f64 = if sum.abs() >= increment.abs() { (sum - total) + increment } else { (increment - total) + sum };
    (total, carry + lost)
}

/// Something that takes values one by one and then has a result.
pub(super) trait Accumulator: Clone + Default {
    /// Takes one value.
    fn add(&mut self, value: f64);
    /// The result; [`ABSENT`] when nothing was added.
    fn result(&self) -> f64;
}

/// The result of an accumulator over some values.
pub(super) fn accumulate<A: Accumulator>(values: impl Iterator<Item = f64>) -> f64 {
    let mut accumulator: A = A::default();
    for value in values {
        accumulator.add(value);
    }
    accumulator.result()
}

/// The sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    seen: bool,
    sum: f64,
    carry: f64,
}

impl Accumulator for Sum {
    fn add(&mut self, value: f64) {
        self.seen = true;
        (self.sum, self.carry) = kahan(value, self.sum, self.carry);
    }

    fn result(&self) -> f64 {
        if !self.seen {
            ABSENT
        } else if self.sum.is_infinite() {
            self.sum
        } else {
            self.sum + self.carry
        }
    }
}

/// The mean: sum over count as long as the sum fits, from then on updated step by step.
#[derive(Debug, Clone, Default)]
pub(super) struct Mean {
    count: f64,
    /// The sum, or the mean once `incremental`.
    total: f64,
    carry: f64,
    incremental: bool,
}

impl Accumulator for Mean {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        if self.count == 1.0 {
            self.total = value;
            return;
        }
        if !self.incremental {
            let (total, carry): (f64, f64) = kahan(value, self.total, self.carry);
            if !total.is_infinite() {
                (self.total, self.carry) = (total, carry);
                return;
            }
            self.incremental = true;
            self.total /= self.count - 1.0;
            self.carry /= self.count - 1.0;
        }
        let share: f64 = (self.count - 1.0) / self.count;
        (self.total, self.carry) = kahan(value / self.count, share * self.total, share * self.carry);
    }

    fn result(&self) -> f64 {
        if self.count == 0.0 {
            ABSENT
        } else if self.incremental {
            self.total + self.carry
        } else {
            self.total / self.count + self.carry / self.count
        }
    }
}

/// The population variance, by Welford's method with compensated sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Variance {
    count: f64,
    mean: (f64, f64),
    squares: (f64, f64),
}

impl Accumulator for Variance {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let delta: f64 = value - (self.mean.0 + self.mean.1);
        self.mean = kahan(delta / self.count, self.mean.0, self.mean.1);
        let again: f64 = value - (self.mean.0 + self.mean.1);
        self.squares = kahan(delta * again, self.squares.0, self.squares.1);
    }

    fn result(&self) -> f64 {
        if self.count == 0.0 { ABSENT } else { (self.squares.0 + self.squares.1) / self.count }
    }
}

/// The population standard deviation.
#[derive(Debug, Clone, Default)]
pub(super) struct Deviation(Variance);

impl Accumulator for Deviation {
    fn add(&mut self, value: f64) {
        self.0.add(value);
    }

    fn result(&self) -> f64 {
        if self.0.count == 0.0 { ABSENT } else { self.0.result().sqrt() }
    }
}

/// How many.
#[derive(Debug, Clone, Default)]
pub(super) struct Count(f64);

impl Accumulator for Count {
    fn add(&mut self, _value: f64) {
        self.0 += 1.0;
    }

    fn result(&self) -> f64 {
        if self.0 == 0.0 { ABSENT } else { self.0 }
    }
}

/// 1 when there is anything.
#[derive(Debug, Clone, Default)]
pub(super) struct Any(bool);

impl Accumulator for Any {
    fn add(&mut self, _value: f64) {
        self.0 = true;
    }

    fn result(&self) -> f64 {
        if self.0 { 1.0 } else { ABSENT }
    }
}

/// The least value; NaN only when there is nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Least(Option<f64>);

impl Accumulator for Least {
    fn add(&mut self, value: f64) {
        if self.0.is_none_or(|least| value < least || least.is_nan()) {
            self.0 = Some(value);
        }
    }

    fn result(&self) -> f64 {
        self.0.unwrap_or(ABSENT)
    }
}

/// The greatest value; NaN only when there is nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Greatest(Option<f64>);

impl Accumulator for Greatest {
    fn add(&mut self, value: f64) {
        if self.0.is_none_or(|greatest| value > greatest || greatest.is_nan()) {
            self.0 = Some(value);
        }
    }

    fn result(&self) -> f64 {
        self.0.unwrap_or(ABSENT)
    }
}

/// The φ-quantile with linear interpolation between ranks; sorts `values`, NaN first. Outside 0 … 1 it is infinite.
pub(super) fn quantile(phi: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() || phi.is_nan() {
        return f64::NAN;
    }
    if phi < 0.0 {
        return f64::NEG_INFINITY;
    }
    if phi > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(|a, b| nan_first(*a, *b));
    let top: f64 = (values.len() - 1) as f64;
    let rank: f64 = phi * top;
    let lower: f64 = rank.floor().max(0.0);
    let upper: f64 = (lower + 1.0).min(top);
    let weight: f64 = rank - rank.floor();
    values[lower as usize] * (1.0 - weight) + values[upper as usize] * weight
}

/// Ascending, NaN before everything.
fn nan_first(a: f64, b: f64) -> Ordering {
    b.is_nan().cmp(&a.is_nan()).then(a.partial_cmp(&b).unwrap_or(Ordering::Equal))
}

/// The smaller; NaN when either is, as in Go.
pub(super) fn min_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

/// The larger; NaN when either is, as in Go.
pub(super) fn max_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}
