//! `oncall_calendar` and `oncall_holiday`.

use super::corrupt;
use crate::error::Error;
use crate::schedules::holidays::CalendarRow;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::Tx;
use model::Time;
use model::holidays::{Holiday, HolidayKind};
use std::borrow::Cow;

struct Row {
    name: String,
    title_ja: String,
    title_en: String,
    is_japan: bool,
    version: i64,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

/// Every calendar by name, or the one of that name.
pub(crate) async fn list(tx: &mut Tx, name: Option<&str>) -> Result<Vec<CalendarRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           name,
           title_ja,
           title_en,
           is_japan,
           version,
           changed_by,
           changed_at
         from oncall_calendar
         where $1::text is null
            or name = $1
         order by name",
        name,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut calendars: Vec<CalendarRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let days: Vec<Holiday> = days(tx, &row.name).await?;
        let (company, read): (Vec<Holiday>, Vec<Holiday>) =
            days.into_iter().partition(|holiday| holiday.kind == HolidayKind::Company);
        calendars.push(CalendarRow {
            name: row.name,
            title_ja: row.title_ja,
            title_en: row.title_en,
            is_japan: row.is_japan,
            read,
            company,
            version: row.version,
            changed_by: row.changed_by,
            changed_at: Time::from_utc(row.changed_at),
        });
    }
    Ok(calendars)
}

async fn days(tx: &mut Tx, calendar: &str) -> Result<Vec<Holiday>, Error> {
    let rows = sqlx::query!(
        "select
           day,
           kind,
           name_ja,
           name_en
         from oncall_holiday
         where calendar = $1
         order by day, kind",
        calendar,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut days: Vec<Holiday> = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: Option<HolidayKind> = HolidayKind::from_word(&row.kind);
        let kind: HolidayKind = kind.ok_or_else(|| corrupt("oncall_holiday", "kind", &row.day.to_string(), &row.kind))?;
        let (name_ja, name_en) = (Cow::Owned(row.name_ja), Cow::Owned(row.name_en));
        days.push(Holiday { date: row.day, name_ja, name_en, kind, provisional: false });
    }
    Ok(days)
}

/// The version of a calendar, locked until the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx, name: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select version from oncall_calendar where name = $1 for update", name).fetch_optional(&mut **tx).await
}

/// The version of a calendar.
pub(crate) async fn version(tx: &mut Tx, name: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select version from oncall_calendar where name = $1", name).fetch_optional(&mut **tx).await
}

/// Writes a calendar over the one of its name, or for the first time; not its days.
pub(crate) async fn write(tx: &mut Tx, row: &CalendarRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_calendar (name, title_ja, title_en, is_japan, version, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (name) do update
         set title_ja = excluded.title_ja,
             title_en = excluded.title_en,
             is_japan = excluded.is_japan,
             version = excluded.version,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        row.name,
        row.title_ja,
        row.title_en,
        row.is_japan,
        row.version,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts days that were read in the place of what was read of their years.
pub(crate) async fn replace_years(tx: &mut Tx, calendar: &str, read: &[Holiday]) -> Result<(), sqlx::Error> {
    let mut years: Vec<i32> = read.iter().map(|holiday| holiday.date.year()).collect();
    years.sort_unstable();
    years.dedup();
    sqlx::query!(
        "delete from oncall_holiday
         where calendar = $1
           and kind <> 'company'
           and extract(year from day)::integer = any($2)",
        calendar,
        &years,
    )
    .execute(&mut **tx)
    .await?;
    let days: Vec<NaiveDate> = read.iter().map(|holiday| holiday.date).collect();
    let kinds: Vec<String> = read.iter().map(|holiday| holiday.kind.as_str().to_owned()).collect();
    let ja: Vec<String> = read.iter().map(|holiday| holiday.name_ja.to_string()).collect();
    let en: Vec<String> = read.iter().map(|holiday| holiday.name_en.to_string()).collect();
    sqlx::query!(
        "insert into oncall_holiday (calendar, day, kind, name_ja, name_en)
         select
           $1::text,
           was.day,
           was.kind,
           was.name_ja,
           was.name_en
         from unnest($2::date[], $3::text[], $4::text[], $5::text[]) as was (day, kind, name_ja, name_en)",
        calendar,
        &days[..],
        &kinds[..],
        &ja[..],
        &en[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a day off of the company's own, or names it anew.
pub(crate) async fn write_company_day(
    tx: &mut Tx,
    calendar: &str,
    day: NaiveDate,
    ja: &str,
    en: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_holiday (calendar, day, kind, name_ja, name_en)
         values ($1, $2, 'company', $3, $4)
         on conflict (calendar, day, kind) do update
         set name_ja = excluded.name_ja,
             name_en = excluded.name_en",
        calendar,
        day,
        ja,
        en,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a day off of the company's own away. `false` when there was none.
pub(crate) async fn remove_company_day(tx: &mut Tx, calendar: &str, day: NaiveDate) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from oncall_holiday
         where calendar = $1
           and day = $2
           and kind = 'company'",
        calendar,
        day,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a calendar away, with its days.
pub(crate) async fn remove(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_calendar where name = $1", name).execute(&mut **tx).await?;
    Ok(())
}
