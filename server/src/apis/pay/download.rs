//! A month of pay as a file: a line for every segment, and one for every difference of an earlier month.

use crate::apis::Door;
use crate::context::Visitor;
use crate::house_error::honest;
use crate::wiring::House;
use ::api::ApiError;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use figures::Locale;
use model::access::ReadPay;
use model::pay::report::{PersonPay, csv};
use model::pay::{Month, Segment};
use oncall::pay::month;
use oncall::pay::months::{MonthSheet, PersonMonth};
use oncall::pay::reckoning::Correction;
use serde::Deserialize;

/// What Excel needs to read UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Columns of `model::pay::report`.
const COLUMNS: usize = 17;

/// Which month.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    month: String,
}

/// Answers with the file: everybody's for administrators, one's own for others.
pub async fn file(State(house): State<House>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let locale: Locale = visitor.viewer.locale;
    match read(&house, visitor, &asked.month).await {
        Ok(sheet) => answer(&sheet, locale),
        Err(error) => honest(&error),
    }
}

async fn read(house: &House, visitor: Visitor, text: &str) -> Result<MonthSheet, ApiError> {
    let door = Door { house: house.clone(), visitor };
    let grant = door.admit::<ReadPay>()?;
    let locale: Locale = door.visitor.viewer.locale;
    let of: Month = month::parse(text).map_err(|refused| super::refusals::refused(refused.into(), locale))?;
    house.pay.month(&grant, of).await.map_err(|error| super::refusals::refused(error, locale))
}

fn answer(sheet: &MonthSheet, locale: Locale) -> Response {
    let name: String = format!("attachment; filename=\"mimamori-pay-{}.csv\"", month::text(sheet.month));
    let mut response: Response = written(sheet, locale).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

fn written(sheet: &MonthSheet, locale: Locale) -> String {
    let segments: Vec<Vec<Segment>> = sheet.people.iter().map(|one| one.sheet.segments()).collect();
    let people: Vec<PersonPay<'_>> =
        sheet.people.iter().zip(&segments).map(|(one, segments)| PersonPay { name: &one.sheet.name, segments }).collect();
    let mut text: String = BYTE_ORDER_MARK.to_owned();
    text.push_str(&csv(sheet.month, &people, sheet.calendar.zone(), locale));
    for one in &sheet.people {
        for correction in &one.corrections {
            text.push_str(&correction_line(sheet.month, one, correction, locale));
        }
    }
    text
}

/// Under the same heads: whose, for which month, how much.
fn correction_line(of: Month, one: &PersonMonth, correction: &Correction, locale: Locale) -> String {
    let word: &str = match locale {
        Locale::Ja => "過去月の差額",
        Locale::En => "correction of an earlier month",
    };
    let mut cells: [String; COLUMNS] = std::array::from_fn(|_| String::new());
    cells[0] = month::text(of);
    cells[1] = cell(&one.sheet.name);
    cells[2] = word.to_owned();
    cells[3] = month::text(correction.of);
    cells[15] = correction.paid.yen().to_string();
    cells.join(",") + "\r\n"
}

/// A name, quoted, and with an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV injection).
fn cell(text: &str) -> String {
    let is_formula: bool = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let harmless: String = if is_formula { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", harmless.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::PersonId;
    use oncall::pay::reckoning::{Paid, Sheet};
    use uuid::Uuid;

    fn one(name: &str) -> PersonMonth {
        let paid = Paid { worked_ms: -3_600_000, worked_yen: -3_000, ..Paid::default() };
        let correction = Correction { of: Month { year: 2026, month: 9 }, paid };
        PersonMonth { sheet: Sheet::empty(PersonId(Uuid::nil()), name.to_owned()), corrections: vec![correction] }
    }

    #[test]
    fn a_correction_is_a_line_under_the_same_heads() {
        let one: PersonMonth = one("=佐藤 \"健\"");
        let of = Month { year: 2026, month: 10 };
        let line: String = correction_line(of, &one, &one.corrections[0], Locale::En);
        assert_eq!(line, "2026-10,\"'=佐藤 \"\"健\"\"\",correction of an earlier month,2026-09,,,,,,,,,,,,-3000,\r\n");
        let head: String = csv(of, &[], &model::rota::offsets::Offsets::default(), Locale::En);
        assert_eq!(head.matches(',').count() + 1, COLUMNS);
        assert_eq!(head.trim_end().split(',').nth(15), Some("yen"));
    }
}
