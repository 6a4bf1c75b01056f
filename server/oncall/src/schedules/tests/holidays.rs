//! Calendars of holidays: read, replaced by the year, kept where somebody needs them.

use super::{House, editor, tokyo};
use crate::Error;
use crate::needs::Holidays;
use crate::schedules::change::Effective;
use crate::schedules::holidays::{CalendarRow, NewCalendar};
use crate::schedules::refused::Refused;
use chrono::NaiveDate;
use encoding_rs::SHIFT_JIS;
use model::holidays::{csv, of_year};
use sqlx::PgPool;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Schedule(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_cabinet_offices_file_replaces_its_years(pool: PgPool) {
    let house = House::new(pool).await;
    let text: String = csv::write(&of_year(2031)).replace("2031/8/11,山の日", "2031/8/12,山の日");
    let (file, _, _) = SHIFT_JIS.encode(&text);
    let reading = house.schedules.read_holidays("japan", &file).await.unwrap();
    let moved: Vec<String> = reading.differences.iter().map(|found| found.date.to_string()).collect();
    assert_eq!(moved, ["2031-08-11", "2031-08-12"]);
    assert!(house.schedules.calendar("japan").await.unwrap().unwrap().read.is_empty(), "it was only read");
    house.schedules.import_holidays(&editor(), "japan", &file).await.unwrap();
    house.schedules.import_holidays(&editor(), "japan", &file).await.unwrap();
    let row: CalendarRow = house.schedules.calendar("japan").await.unwrap().unwrap();
    assert_eq!((row.read.len(), row.version), (of_year(2031).len(), 3), "whole years, and once");
    assert!(row.days().is_holiday(day("2031-08-12")) && !row.days().is_holiday(day("2031-08-11")));
    assert!(!row.days().is_provisional(2031) && row.days().is_provisional(2032));
    let book = house.schedules.book();
    assert!(book.is_holiday(day("2031-08-12")) && !book.is_holiday(day("2031-08-11")), "whoever asks the book knows");
    let broken = refused(house.schedules.import_holidays(&editor(), "japan", "2031/13/1,元日".as_bytes()).await);
    assert!(broken.to_string().starts_with("line 1: "), "{broken}");
    assert_eq!(refused(house.schedules.read_holidays("moon", &file).await), Refused::NoCalendar("moon".to_owned()));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_calendar_that_somebody_keeps_stays(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let new = NewCalendar { name: "ours".to_owned(), title_ja: "当社".to_owned(), title_en: "Ours".to_owned(), is_japan: true };
    assert_eq!(house.schedules.save_calendar(&editor(), &new, None).await.unwrap(), 1);
    assert_eq!(refused(house.schedules.save_calendar(&editor(), &new, None).await), Refused::Taken("ours".to_owned()));
    assert_eq!(refused(house.schedules.save_calendar(&editor(), &new, Some(7)).await), Refused::Stale { expected: 7, found: 1 });
    house.schedules.add_company_day(&editor(), "ours", day("2026-12-29"), "年末休業", "Year-end").await.unwrap();
    house.change(id, Effective::NextHandoff, |wanted| wanted.calendar = "ours".to_owned()).await;
    let rendering = house.render(id, "2026-12-28T00:00", "2027-01-05T00:00").await;
    let days: Vec<String> = rendering.holidays.iter().map(|holiday| format!("{} {}", holiday.date, holiday.name_ja)).collect();
    assert_eq!(days, ["2026-12-29 年末休業", "2027-01-01 元日"]);
    for name in ["ours", "japan"] {
        assert_eq!(refused(house.schedules.remove_calendar(&editor(), name).await), Refused::CalendarHeld(name.to_owned()));
    }
    house.change(id, Effective::NextHandoff, |wanted| wanted.calendar = "none".to_owned()).await;
    house.schedules.remove_calendar(&editor(), "ours").await.unwrap();
    assert_eq!(house.schedules.calendars().await.unwrap().len(), 1);
    let revision: i64 = house.schedules.one(id).await.unwrap().unwrap().revision;
    house.schedules.add_company_day(&editor(), "japan", day("2026-12-29"), "年末休業", "").await.unwrap();
    assert_eq!(house.schedules.one(id).await.unwrap().unwrap().revision, revision, "it keeps no holidays");
    house.schedules.remove_company_day(&editor(), "japan", day("2026-12-29")).await.unwrap();
    assert_eq!(refused(house.schedules.remove_company_day(&editor(), "japan", day("2026-12-29")).await), Refused::NoDay);
    assert!(house.schedules.one(id).await.unwrap().unwrap().changed_at <= tokyo("2026-11-24T12:00"));
}
