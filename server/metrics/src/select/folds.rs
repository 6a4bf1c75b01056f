//! Long and old windows out of roll-ups.
//!
//! A query is answered this way when all borders of its windows that matter fall between roll-ups ([`Grain`]), and it reaches over a day or lies a
//! day back: then the answer is the same, and far less is read. Roll-ups are read up to the first window of compaction that has
//! batches no chunk stands for (*until*); from there on samples are read and folded the same way, so what is new or late is never
//! missing.

use std::collections::{HashMap, HashSet};

use kernel::Tx;

use crate::compact::bucket::{WINDOW_MS, bucket_of};
use crate::compact::build::BEFORE_MS;
use crate::compact::rolls::NARROW_MS;
use crate::config;
use crate::duplicates::Raw;
use crate::error::Error;
use crate::labels;
use crate::matchers::Test;
use crate::own::add;
use crate::rollup::fold;
use crate::select::grain::Grain;
use crate::select::groups::{Groups, arrange, at_once};
use crate::select::history::{Span, searches, within};
use crate::select::joining::Joining;
use crate::select::rolls::{self, Wanted, WindowRolls};
use crate::select::{DAY_MS, Reader, Selected, one_metric};
use crate::series::Slot;
use crate::source::{Demand, Fold, FoldedSeries, Part, Taker};
use crate::store;
use crate::store::uncovered::Search;

/// Below this length, and younger than this, queries are fast enough with samples.
const LONG_MS: i64 = DAY_MS;
/// Steps of one part, about: 110 MB.
const PART_FOLDS: i64 = 1_000_000;
/// Roll-ups before the first step, of the window that it lies in and of the one before.
const FOLDS_BEFORE: i64 = 50;

/// One selection that is made of roll-ups.
#[derive(Clone, Copy)]
struct Rolling<'a> {
    name: Option<&'a str>,
    span: Span,
    grain: Grain,
    /// The bucket of the first window of which samples are read.
    until: i64,
}

impl Reader {
    /// The steps that a demand can be met with, when it should be met with any.
    pub(crate) fn grain(&self, demand: &Demand<'_>) -> Option<Grain> {
        if !demand.with_rolls || demand.from > demand.to {
            return None;
        }
        let (from, to): (i64, i64) = (demand.from.0, demand.to.0);
        let is_long: bool = to.saturating_sub(from) >= LONG_MS - 1;
        let is_old: bool = to <= self.clock.now().0.saturating_sub(LONG_MS);
        if !(is_long || is_old) || !self.has_rolls_since(from) {
            return None;
        }
        Grain::of(&demand.windows)
    }

    /// Whether roll-ups reach as far back as samples do, or at least to `from`.
    fn has_rolls_since(&self, from: i64) -> bool {
        let roll_days: i32 = config::days(self.config.roll_days);
        let since: i64 = i64::from(self.today().saturating_sub(roll_days)) * DAY_MS;
        roll_days >= self.config.longest_retention_days() || from >= since
    }

    /// Reads steps.
    pub(crate) async fn read_folds(
        &self,
        tests: &[Test],
        demand: &Demand<'_>,
        grain: Grain,
        taker: &mut dyn Taker,
    ) -> Result<(), Error> {
        let span = Span { from: demand.from.0.max(0), to: demand.to.0 };
        let until: i64 = self.rolled_until(span).await?;
        if until <= span.from {
            return self.read_samples(tests, demand, taker).await;
        }
        add(&self.state.own.folded_selections, 1);
        let mut series: Vec<Selected> = self.find(tests)?;
        let rested: Vec<Selected> = self.rested(tests, &series, span.from).await?;
        series.extend(rested);
        let rolling = Rolling { name: one_metric(tests), span, grain, until };
        let each: usize = rolling.at_once();
        arrange(&mut series, each);
        let mut groups = Groups::new(&series, each, self.most_held(), self.config.max_selected_samples);
        while let Some(group) = groups.pop() {
            let (found, n): (Vec<FoldedSeries>, u64) = match self.fold_group(group, rolling).await {
                Ok(found) => found,
                Err(error) => {
                    groups.halved(group, error)?;
                    continue;
                }
            };
            groups.count(n)?;
            if taker.take(Part::Folds(found)).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The bucket of the first window with batches that no chunk stands for, or of the first that is too young to be compacted.
    async fn rolled_until(&self, span: Span) -> Result<i64, Error> {
        let closed: i64 = bucket_of(self.clock.now().plus_ms(-self.config.compact_after_ms).0);
        let closed: i64 = closed.min(bucket_of(span.to).saturating_add(WINDOW_MS));
        let mut tx: Tx = store::writers::moment(&self.db).await?;
        let before = Span { from: bucket_of(span.from), to: closed.saturating_sub(1) };
        let found = searches(&mut tx, &self.config, before).await?;
        let all: Vec<Search> = found.into_iter().map(|(search, _)| search).collect();
        let uncovered: Vec<i64> = store::uncovered::buckets(&mut tx, &all).await?;
        tx.commit().await?;
        Ok(uncovered.first().map_or(closed, |first| closed.min(*first)))
    }

    /// The steps of some series, and how many roll-ups and samples they were made of.
    async fn fold_group(&self, group: &[Selected], rolling: Rolling<'_>) -> Result<(Vec<FoldedSeries>, u64), Error> {
        let mut joining: HashMap<i64, Joining> = HashMap::new();
        let rolled: u64 = self.join_rolls(group, rolling, &mut joining).await?;
        let sampled: u64 = self.join_samples(group, rolling, &mut joining).await?;
        let span: Span = rolling.span;
        let with_folds = group.iter().filter_map(|series| {
            let folds: Vec<Fold> = joining.remove(&series.id)?.finish(span.from, span.to);
            (!folds.is_empty()).then(|| FoldedSeries { labels: labels::to_labels(&series.labels), folds })
        });
        Ok((with_folds.collect(), rolled.saturating_add(sampled)))
    }

    async fn join_rolls(
        &self,
        group: &[Selected],
        rolling: Rolling<'_>,
        joining: &mut HashMap<i64, Joining>,
    ) -> Result<u64, Error> {
        let ids: HashSet<i64> = group.iter().map(|series| series.id).collect();
        let most: u64 = self.config.max_selected_samples;
        // The first roll-up counts from a value that may lie in the window before.
        let first: i64 = bucket_of(rolling.span.from.saturating_sub(BEFORE_MS + 1));
        let windows: (i64, i64) = (first, rolling.until.saturating_sub(1));
        let wanted = Wanted { width_ms: rolling.grain.stored_ms, windows, name: rolling.name, ids: &ids, most };
        let joined_ms: i64 = rolling.grain.joined_ms;
        let take = |bucket: i64, window: WindowRolls| join(joining, joined_ms, bucket, window);
        let mut tx: Tx = store::writers::moment(&self.db).await?;
        let n: u64 = rolls::read(&mut tx, &self.state, &wanted, take).await?;
        tx.commit().await?;
        within(n, most)?;
        Ok(n)
    }

    /// What no roll-up has yet.
    async fn join_samples(
        &self,
        group: &[Selected],
        rolling: Rolling<'_>,
        joining: &mut HashMap<i64, Joining>,
    ) -> Result<u64, Error> {
        let recent = Span { from: rolling.until, to: rolling.span.to };
        if recent.from > recent.to {
            return Ok(0);
        }
        let mut samples: HashMap<Slot, Vec<Raw>> = self.samples(group, rolling.name, recent).await?;
        let mut n: u64 = 0;
        for series in group {
            let Some(samples) = series.slot.and_then(|slot| samples.remove(&slot)) else { continue };
            n += samples.len() as u64;
            let (times, bits): (Vec<i64>, Vec<u64>) = samples.into_iter().unzip();
            let of_series: &mut Joining = joining.entry(series.id).or_insert_with(|| Joining::new(rolling.grain.joined_ms));
            for rolled in fold(&times, &bits, i64::from(NARROW_MS), None) {
                of_series.push(&rolled, recent.from);
            }
        }
        Ok(n)
    }
}

impl Rolling<'_> {
    /// How many series are read at once.
    fn at_once(&self) -> usize {
        let folds: i64 = self.span.to.saturating_sub(self.span.from) / self.grain.joined_ms.max(1);
        let by_folds: i64 = (PART_FOLDS / folds.saturating_add(FOLDS_BEFORE)).max(1);
        let by_samples: usize = at_once(self.span.to.saturating_sub(self.until).max(0));
        usize::try_from(by_folds).unwrap_or(usize::MAX).min(by_samples)
    }
}

fn join(joining: &mut HashMap<i64, Joining>, joined_ms: i64, bucket: i64, window: WindowRolls) {
    for (series_id, rolled) in window {
        let of_series: &mut Joining = joining.entry(series_id).or_insert_with(|| Joining::new(joined_ms));
        for one in &rolled {
            of_series.push(one, bucket.saturating_sub(BEFORE_MS));
        }
    }
}
