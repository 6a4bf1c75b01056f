//! Closing a month: everybody's sheet is written down with the proof of every segment, and the differences of earlier months with it.
//! Nothing of that is ever changed again; the database sees to it.

use super::month;
use super::months::{Names, PersonMonth, Reading, open_people};
use super::reckoning::{self, Correction};
use super::refused::Refused;
use super::{Pay, tell};
use crate::error::Error;
use crate::history;
use crate::store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ClosePay;
use model::ids::PersonId;
use model::pay::Month;
use model::rota::Span;
use serde_json::json;
use std::collections::BTreeMap;

/// Closed months that are worked out anew, to find what has changed.
pub const LOOK_BACK_MONTHS: i32 = 13;

/// The first month that is worked out anew when `newest` was closed last.
#[must_use]
pub fn oldest_of(newest: Month) -> Month {
    month::plus(newest, 1 - LOOK_BACK_MONTHS)
}

/// A closed month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub month: Month,
    pub by: String,
    pub at: Time,
}

impl Pay {
    /// Closes a month for everybody. From then on it stays as it is.
    ///
    /// # Errors
    /// [`Refused::NotOver`], [`Refused::Closed`], [`Refused::Order`], [`Refused::NotWrittenDown`]; [`Refused::Rule`] says what can't be
    /// priced. The database's.
    pub async fn close(&self, grant: &Grant<ClosePay>, closing: Month) -> Result<(), Error> {
        self.note_work().await?;
        let now: Time = self.clock.now();
        let names: Names = self.names().await?;
        let mut tx: Tx = self.db.begin().await?;
        store::pay::months::lock(&mut tx).await?;
        check_order(store::pay::months::newest(&mut tx).await?, closing)?;
        let reading: Reading = self.read(&mut tx, closing, names).await?;
        let whole: Span = reading.records.span_of(closing).ok_or_else(|| Refused::Month(month::text(closing)))?;
        if now < whole.end {
            return Err(Refused::NotOver.into());
        }
        if let Some(until) = store::pay::standby::written_until(&mut tx).await?.filter(|until| *until < whole.end) {
            return Err(Refused::NotWrittenDown { until }.into());
        }
        let people: Vec<PersonMonth> = open_people(&reading, closing)?;
        let closed = Closed { month: closing, by: grant.actor().name().to_owned(), at: now };
        store::pay::months::close(&mut tx, &closed).await?;
        for one in &people {
            store::pay::months::write_sheet(&mut tx, closing, &one.sheet).await?;
            for correction in &one.corrections {
                store::pay::months::write_correction(&mut tx, closing, one.sheet.person, correction).await?;
            }
        }
        let body = json!({ "people": people.len() });
        tell(&mut tx, history::PAY_CLOSED, format!("pay/{}", month::text(closing)), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn check_order(newest: Option<Month>, closing: Month) -> Result<(), Refused> {
    match newest {
        Some(newest) if closing <= newest => Err(Refused::Closed),
        Some(newest) if closing != month::plus(newest, 1) => {
            Err(Refused::Order { expected: month::text(month::plus(newest, 1)) })
        }
        _ => Ok(()),
    }
}

impl Reading {
    /// What is paid for closed months with the next one.
    pub(super) fn corrections(&self) -> Result<BTreeMap<PersonId, Vec<Correction>>, Refused> {
        reckoning::corrections(&self.records, &self.paid, &self.closed).map_err(Refused::Rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_closed_one_after_the_other() {
        let month = |month: u32| Month { year: 2026, month };
        assert_eq!(check_order(None, month(9)), Ok(()));
        assert_eq!(check_order(Some(month(9)), month(10)), Ok(()));
        assert_eq!(check_order(Some(month(9)), month(9)), Err(Refused::Closed));
        assert_eq!(check_order(Some(month(9)), month(11)), Err(Refused::Order { expected: "2026-10".to_owned() }));
        assert_eq!(oldest_of(month(9)), Month { year: 2025, month: 9 });
    }
}
