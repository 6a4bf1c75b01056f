//! `oncall_business_week`.

use crate::error::Error;
use crate::pay::week::WeekVersion;
use crate::store::corrupt;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Tx;
use model::Time;
use model::business_time::Hours;
use serde_json::Value;

const DAYS_OF_WEEK: usize = 7;

struct Row {
    version: i64,
    effective_from: NaiveDate,
    zone: String,
    calendar: String,
    week: Value,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

fn read(row: Row) -> Result<WeekVersion, Error> {
    let id: String = row.version.to_string();
    let wrong = |said: &str| corrupt("oncall_business_week", "week", &id, said);
    let read: Result<Vec<Vec<String>>, serde_json::Error> = serde_json::from_value(row.week);
    let written: Vec<Vec<String>> = read.map_err(|error| wrong(&error.to_string()))?;
    if written.len() != DAYS_OF_WEEK {
        return Err(wrong("a week of other than seven days"));
    }
    let mut hours: [Vec<Hours>; DAYS_OF_WEEK] = std::array::from_fn(|_| Vec::new());
    for (day, texts) in hours.iter_mut().zip(&written) {
        for text in texts {
            day.push(text.parse::<Hours>().map_err(|error| wrong(&error.to_string()))?);
        }
    }
    Ok(WeekVersion {
        version: row.version,
        effective_from: row.effective_from,
        zone: row.zone,
        calendar: row.calendar,
        hours,
        changed_by: row.changed_by,
        changed_at: Time::from_utc(row.changed_at),
    })
}

/// Every version, the newest first.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<WeekVersion>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           version,
           effective_from,
           zone,
           calendar,
           week,
           changed_by,
           changed_at
         from oncall_business_week
         order by version desc",
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Writes a version.
pub(crate) async fn insert(tx: &mut Tx, row: &WeekVersion) -> Result<(), Error> {
    let written: Vec<Vec<String>> = row.hours.iter().map(|hours| hours.iter().map(ToString::to_string).collect()).collect();
    let week: Value = serde_json::to_value(written).map_err(Error::Encode)?;
    sqlx::query!(
        "insert into oncall_business_week (version, effective_from, zone, calendar, week, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        row.version,
        row.effective_from,
        row.zone,
        row.calendar,
        week,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
