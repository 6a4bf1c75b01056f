//! `oncall_log`.

use super::corrupt;
use crate::contacts::ContactId;
use crate::error::Error;
use crate::explain::{LogEntry, What};
use crate::policies::course::Place;
use crate::runs::RunId;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// Lines of one run that are read.
const MOST_LINES: i64 = 2_000;

/// Writes a line.
pub(crate) async fn add(tx: &mut Tx, run: RunId, entry: &LogEntry) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_log (run, at, what, pass, step, person, contact, detail, until_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        run.0,
        entry.at.to_utc(),
        entry.what.as_str(),
        entry.place.map(|place| place.pass),
        entry.place.map(|place| place.step),
        entry.person.map(|person| person.0),
        entry.contact.map(|contact| contact.0),
        entry.detail.as_deref(),
        super::utc(entry.until),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The first lines of a run, in order.
pub(crate) async fn of_run(tx: &mut Tx, run: RunId) -> Result<Vec<LogEntry>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           at,
           what,
           pass,
           step,
           person,
           contact,
           detail,
           until_at
         from oncall_log
         where run = $1
         order by id
         limit $2",
        run.0,
        MOST_LINES,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut entries: Vec<LogEntry> = Vec::with_capacity(rows.len());
    for row in rows {
        let what: What =
            What::from_word(&row.what).ok_or_else(|| corrupt("oncall_log", "what", &row.id.to_string(), &row.what))?;
        let place: Option<Place> = match (row.pass, row.step) {
            (Some(pass), Some(step)) => Some(Place { pass, step }),
            _ => None,
        };
        entries.push(LogEntry {
            at: Time::from_utc(row.at),
            what,
            place,
            person: row.person.map(PersonId),
            contact: row.contact.map(ContactId),
            detail: row.detail,
            until: super::time(row.until_at),
        });
    }
    Ok(entries)
}
