//! Roll-ups as they stand in the database, window by window.

use std::collections::{HashMap, HashSet};

use kernel::Tx;

use crate::batch::Damage;
use crate::error::Error;
use crate::rollup::Rolled;
use crate::rollup::rows::RollReader;
use crate::state::State;
use crate::store;
use crate::store::rolls::StoredRolls;

/// The roll-ups of one window by the database id of their series, in order.
pub(crate) type WindowRolls = HashMap<i64, Vec<Rolled>>;

/// Which roll-ups are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// How wide they are.
    pub(crate) width_ms: i32,
    /// Of the windows whose buckets lie between these two, both inclusive.
    pub(crate) windows: (i64, i64),
    /// Of one metric, when only one is wanted.
    pub(crate) name: Option<&'a str>,
    /// Of these series.
    pub(crate) ids: &'a HashSet<i64>,
    /// When more than that were found, the rest is not looked at.
    pub(crate) most: u64,
}

/// Gives the roll-ups of one window after the other to `each`, with the window's bucket; returns how many there were. A window has several
/// runs when samples came late; a later run has all of what it says of a series, so it replaces what earlier ones said. What can't be read
/// is named, counted and left out.
pub(crate) async fn read(
    tx: &mut Tx,
    state: &State,
    wanted: &Wanted<'_>,
    each: impl FnMut(i64, WindowRolls) + Send,
) -> Result<u64, Error> {
    let mut reading = Reading { state, wanted: *wanted, n: 0, bucket: None, window: WindowRolls::new(), each };
    let name: Option<&[u8]> = wanted.name.map(str::as_bytes);
    store::rolls::read(tx, wanted.width_ms, wanted.windows, name, |stored| reading.take(&stored)).await?;
    reading.end_window();
    Ok(reading.n)
}

/// Puts the runs of a window together as they come.
struct Reading<'a, E> {
    state: &'a State,
    wanted: Wanted<'a>,
    n: u64,
    bucket: Option<i64>,
    window: WindowRolls,
    each: E,
}

impl<E: FnMut(i64, WindowRolls)> Reading<'_, E> {
    fn take(&mut self, stored: &StoredRolls) {
        if self.bucket != Some(stored.bucket) {
            self.end_window();
            self.bucket = Some(stored.bucket);
        }
        if self.n > self.wanted.most {
            return;
        }
        let found: Result<Vec<(i64, Vec<Rolled>)>, Damage> =
            RollReader::parse(stored.format, &stored.body).and_then(|reader| reader.series(self.wanted.ids));
        for (series_id, rolled) in self.state.readable(found.map_err(|source| damaged(stored, source))).unwrap_or_default() {
            self.n += rolled.len() as u64;
            self.window.insert(series_id, rolled);
        }
    }

    fn end_window(&mut self) {
        let window: WindowRolls = std::mem::take(&mut self.window);
        if let Some(bucket) = self.bucket.filter(|_| !window.is_empty()) {
            (self.each)(bucket, window);
        }
    }
}

fn damaged(stored: &StoredRolls, source: Damage) -> Error {
    let row: String = format!("{}/{}/{}", stored.bucket, stored.run, stored.seq);
    Error::Damaged { table: "metric_roll", column: "body", row, source }
}
