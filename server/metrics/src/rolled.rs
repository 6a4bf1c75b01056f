//! Roll-ups, read: what a series did in steps of five minutes or of an hour, over months of which the samples are long gone.
//!
//! Only windows that are compacted have roll-ups, so the last hours are missing: whoever draws them takes samples there. Series are found
//! through the index, which has those with samples within the retention. Expressions have neither gap: see `select::folds`.

use std::collections::{HashMap, HashSet};

use kernel::Tx;
use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;
use tokio::runtime::Handle;

use crate::Metrics;
use crate::compact::bucket::bucket_of;
use crate::compact::rolls::{NARROW_MS, WIDE_MS};
use crate::error::Error;
use crate::eval::Until;
use crate::labels;
use crate::matchers::{self, Test};
use crate::rollup::{Rolled, merge};
use crate::select::history::{Span, within};
use crate::select::rolls::{self, Wanted, WindowRolls};
use crate::select::{Reader, Selected, one_metric, slots_by_id};
use crate::series::Slot;
use crate::store;

/// How wide the steps are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Five minutes.
    FiveMinutes,
    /// An hour.
    Hour,
}

impl Width {
    fn ms(self) -> i32 {
        match self {
            Self::FiveMinutes => NARROW_MS,
            Self::Hour => WIDE_MS,
        }
    }
}

/// What a series did in one step. Stale markers are no values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The step holds what came after this …
    pub after: Time,
    /// … up to this, inclusive.
    pub until: Time,
    /// How many values. With none, the step only says that the series went stale, and the others are not numbers.
    pub count: u64,
    /// The least value.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// All of them added.
    pub sum: f64,
    /// The newest.
    pub last: f64,
    /// As of a counter: how far it came since the value before the step, corrected for resets.
    pub increase: f64,
}

/// A series and its steps, in order.
#[derive(Clone, Debug)]
pub struct RolledSeries {
    /// All labels, the metric name as `__name__`.
    pub labels: Labels,
    /// Steps that hold anything.
    pub steps: Vec<Step>,
}

impl Metrics {
    /// The steps of `width` that reach into `from..=to`, of the series that satisfy every matcher.
    ///
    /// # Errors
    /// [`Error::Regex`], [`Error::TooManySamples`] (steps count as samples), the database's.
    pub async fn rolled(&self, matchers: &[Matcher], width: Width, from: Time, to: Time) -> Result<Vec<RolledSeries>, Error> {
        let tests: Vec<Test> = matchers::compile(matchers)?;
        let (reader, handle) = (self.reader.clone(), Handle::current());
        let span = Span { from: from.0, to: to.0 };
        let read = move |until: Until| handle.block_on(reader.asked(&until).rolled_series(&tests, width, span));
        self.queries.compute(read).await
    }
}

fn step(rolled: Rolled, width: Width) -> Step {
    let after = Time(rolled.bucket_start);
    Step {
        after,
        until: after.plus_ms(i64::from(width.ms())),
        count: rolled.count,
        min: rolled.min,
        max: rolled.max,
        sum: rolled.sum,
        last: rolled.last,
        increase: rolled.increase,
    }
}

impl Reader {
    async fn rolled_series(&self, tests: &[Test], width: Width, span: Span) -> Result<Vec<RolledSeries>, Error> {
        let selected: Vec<Selected> = self.find(tests)?;
        let ids: HashMap<i64, Slot> = slots_by_id(&selected);
        let mut rolled: HashMap<Slot, Vec<Rolled>> = self.rolled(&ids, one_metric(tests), width, span).await?;
        let with_steps = selected.iter().filter_map(|series| {
            let steps: Vec<Step> = rolled.remove(&series.slot?)?.into_iter().map(|rolled| step(rolled, width)).collect();
            Some(RolledSeries { labels: labels::to_labels(&series.labels), steps })
        });
        Ok(with_steps.collect())
    }

    async fn rolled(
        &self,
        ids: &HashMap<i64, Slot>,
        name: Option<&str>,
        width: Width,
        span: Span,
    ) -> Result<HashMap<Slot, Vec<Rolled>>, Error> {
        let most: u64 = self.most_held();
        let wanted_ids: HashSet<i64> = ids.keys().copied().collect();
        let windows: (i64, i64) = (bucket_of(span.from), bucket_of(span.to));
        let wanted = Wanted { width_ms: width.ms(), windows, name, ids: &wanted_ids, most };
        let mut all: HashMap<Slot, Vec<Rolled>> = HashMap::new();
        let mut tx: Tx = store::writers::moment(&self.db).await?;
        let n: u64 = rolls::read(&mut tx, &self.state, &wanted, |_, window| append(&mut all, ids, window)).await?;
        tx.commit().await?;
        within(n, most)?;
        let reaches = |rolled: &Rolled| {
            rolled.bucket_start < span.to && rolled.bucket_start.saturating_add(i64::from(width.ms())) >= span.from
        };
        all.values_mut().for_each(|rolled| rolled.retain(reaches));
        all.retain(|_, rolled| !rolled.is_empty());
        Ok(all)
    }
}

/// A step that ends where a window begins has samples of both windows.
fn append(all: &mut HashMap<Slot, Vec<Rolled>>, ids: &HashMap<i64, Slot>, window: WindowRolls) {
    for (series_id, rolled) in window {
        let Some(slot) = ids.get(&series_id) else { continue };
        let steps: &mut Vec<Rolled> = all.entry(*slot).or_default();
        for next in rolled {
            match steps.last_mut() {
                Some(last) if last.bucket_start == next.bucket_start => *last = merge(*last, next),
                _ => steps.push(next),
            }
        }
    }
}
