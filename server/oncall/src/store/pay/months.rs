//! `oncall_pay_month`, `oncall_pay_closed` and `oncall_pay_correction`: what is written once.

use crate::error::Error;
use crate::pay::closing::Closed;
use crate::pay::month::{first_day, of_day, text};
use crate::pay::months::PersonMonth;
use crate::pay::reckoning::{Correction, Paid, PaidBefore, Sheet};
use crate::store::corrupt;
use chrono::NaiveDate;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use model::pay::Month;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Any number that no other advisory lock of the product uses: "pay" in ASCII.
const LOCK: i64 = 0x70_61_79;

struct SheetRow {
    person: Uuid,
    sheet: Value,
}

/// Of a closed month, or of a correction of one.
struct PaidRow {
    month: NaiveDate,
    person: Uuid,
    standby_ms: i64,
    standby_yen: i64,
    worked_ms: i64,
    worked_yen: i64,
}

impl PaidRow {
    fn paid(&self) -> Paid {
        Paid {
            standby_ms: self.standby_ms,
            standby_yen: self.standby_yen,
            worked_ms: self.worked_ms,
            worked_yen: self.worked_yen,
        }
    }
}

/// Lets one close a month, or write a version, at a time.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// The month that was closed last.
pub(crate) async fn newest(tx: &mut Tx) -> Result<Option<Month>, sqlx::Error> {
    let month: Option<NaiveDate> = sqlx::query_scalar!("select max(month) from oncall_pay_month").fetch_one(&mut **tx).await?;
    Ok(month.map(of_day))
}

/// Who closed a month, and when; `None` while it is open.
pub(crate) async fn closed(tx: &mut Tx, month: Month) -> Result<Option<Closed>, sqlx::Error> {
    let row = sqlx::query!(
        "select
           closed_by,
           closed_at
         from oncall_pay_month
         where month = $1",
        first_day(month),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Closed { month, by: row.closed_by, at: Time::from_utc(row.closed_at) }))
}

/// Closed months from one to another, both included, in order.
pub(crate) async fn closed_between(tx: &mut Tx, first: Month, last: Month) -> Result<Vec<Month>, sqlx::Error> {
    let months: Vec<NaiveDate> = sqlx::query_scalar!(
        "select month
         from oncall_pay_month
         where month between $1 and $2
         order by month",
        first_day(first),
        first_day(last),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(months.into_iter().map(of_day).collect())
}

/// What was paid for closed months from one on, by person: with the month itself, and with later ones.
pub(crate) async fn paid_since(tx: &mut Tx, first: Month) -> Result<PaidBefore, sqlx::Error> {
    let own: Vec<PaidRow> = sqlx::query_as!(
        PaidRow,
        "select
           month,
           person,
           standby_ms,
           standby_yen,
           worked_ms,
           worked_yen
         from oncall_pay_closed
         where month >= $1",
        first_day(first),
    )
    .fetch_all(&mut **tx)
    .await?;
    let later: Vec<PaidRow> = sqlx::query_as!(
        PaidRow,
        "select
           of_month as month,
           person,
           standby_ms,
           standby_yen,
           worked_ms,
           worked_yen
         from oncall_pay_correction
         where of_month >= $1",
        first_day(first),
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut paid: PaidBefore = PaidBefore::new();
    for row in own.iter().chain(&later) {
        let sum: &mut Paid = paid.entry((of_day(row.month), PersonId(row.person))).or_default();
        *sum = sum.plus(row.paid());
    }
    Ok(paid)
}

/// Everybody's sheet of a closed month, with what was paid with it for earlier ones, by name.
pub(crate) async fn sheets(tx: &mut Tx, month: Month) -> Result<Vec<PersonMonth>, Error> {
    let rows: Vec<SheetRow> = sqlx::query_as!(
        SheetRow,
        "select
           person,
           sheet
         from oncall_pay_closed
         where month = $1
         order by name, person",
        first_day(month),
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut corrections: BTreeMap<PersonId, Vec<Correction>> = corrections(tx, month).await?;
    let mut people: Vec<PersonMonth> = Vec::new();
    for row in rows {
        let person: PersonId = PersonId(row.person);
        let read: Result<Sheet, serde_json::Error> = serde_json::from_value(row.sheet);
        let wrong = |error: serde_json::Error| corrupt("oncall_pay_closed", "sheet", &text(month), &error.to_string());
        let sheet: Sheet = read.map_err(wrong)?;
        people.push(PersonMonth { sheet, corrections: corrections.remove(&person).unwrap_or_default() });
    }
    Ok(people)
}

async fn corrections(tx: &mut Tx, month: Month) -> Result<BTreeMap<PersonId, Vec<Correction>>, sqlx::Error> {
    let rows: Vec<PaidRow> = sqlx::query_as!(
        PaidRow,
        "select
           of_month as month,
           person,
           standby_ms,
           standby_yen,
           worked_ms,
           worked_yen
         from oncall_pay_correction
         where month = $1
         order by of_month",
        first_day(month),
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: BTreeMap<PersonId, Vec<Correction>> = BTreeMap::new();
    for row in rows {
        let correction = Correction { of: of_day(row.month), paid: row.paid() };
        found.entry(PersonId(row.person)).or_default().push(correction);
    }
    Ok(found)
}

/// Closes a month; its sheets follow.
pub(crate) async fn close(tx: &mut Tx, closed: &Closed) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_pay_month (month, closed_by, closed_at)
         values ($1, $2, $3)",
        first_day(closed.month),
        closed.by,
        closed.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes somebody's sheet of a month that is being closed.
pub(crate) async fn write_sheet(tx: &mut Tx, month: Month, sheet: &Sheet) -> Result<(), Error> {
    let (paid, written): (Paid, Value) = (sheet.paid(), serde_json::to_value(sheet).map_err(Error::Encode)?);
    sqlx::query!(
        "insert into oncall_pay_closed (month, person, name, standby_ms, standby_yen, worked_ms, worked_yen, sheet)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        first_day(month),
        sheet.person.0,
        sheet.name,
        paid.standby_ms,
        paid.standby_yen,
        paid.worked_ms,
        paid.worked_yen,
        written,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what is paid with a month for an earlier one.
pub(crate) async fn write_correction(
    tx: &mut Tx,
    month: Month,
    person: PersonId,
    correction: &Correction,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_pay_correction (month, person, of_month, standby_ms, standby_yen, worked_ms, worked_yen)
         values ($1, $2, $3, $4, $5, $6, $7)",
        first_day(month),
        person.0,
        first_day(correction.of),
        correction.paid.standby_ms,
        correction.paid.standby_yen,
        correction.paid.worked_ms,
        correction.paid.worked_yen,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
