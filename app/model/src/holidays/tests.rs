//! The law against what the Cabinet Office lists, and against itself.

use super::*;
use chrono::Weekday;
use proptest::prelude::*;

/// As the Cabinet Office lists them (内閣府「国民の祝日について」); `=` marks a substitute, `~` a day between two others.
const LISTED: [(i32, &str); 18] = [
    (1955, "1/1 1/15 3/21 4/29 5/3 5/5 9/24 11/3 11/23"),
    (1959, "1/1 1/15 3/21 4/10 4/29 5/3 5/5 9/24 11/3 11/23"),
    (1973, "1/1 1/15 2/11 3/21 4/29 4/30= 5/3 5/5 9/15 9/23 9/24= 10/10 11/3 11/23"),
    (1989, "1/1 1/2= 1/15 1/16= 2/11 2/24 3/21 4/29 5/3 5/4~ 5/5 9/15 9/23 10/10 11/3 11/23 12/23"),
    (1990, "1/1 1/15 2/11 2/12= 3/21 4/29 4/30= 5/3 5/4~ 5/5 9/15 9/23 9/24= 10/10 11/3 11/12 11/23 12/23 12/24="),
    (1993, "1/1 1/15 2/11 3/20 4/29 5/3 5/4~ 5/5 6/9 9/15 9/23 10/10 10/11= 11/3 11/23 12/23"),
    (1996, "1/1 1/15 2/11 2/12= 3/20 4/29 5/3 5/4~ 5/5 5/6= 7/20 9/15 9/16= 9/23 10/10 11/3 11/4= 11/23 12/23"),
    (2000, "1/1 1/10 2/11 3/20 4/29 5/3 5/4~ 5/5 7/20 9/15 9/23 10/9 11/3 11/23 12/23"),
    (2003, "1/1 1/13 2/11 3/21 4/29 5/3 5/5 7/21 9/15 9/23 10/13 11/3 11/23 11/24= 12/23"),
    (2007, "1/1 1/8 2/11 2/12= 3/21 4/29 4/30= 5/3 5/4 5/5 7/16 9/17 9/23 9/24= 10/8 11/3 11/23 12/23 12/24="),
    (2009, "1/1 1/12 2/11 3/20 4/29 5/3 5/4 5/5 5/6= 7/20 9/21 9/22~ 9/23 10/12 11/3 11/23 12/23"),
    (2019, "1/1 1/14 2/11 3/21 4/29 4/30~ 5/1 5/2~ 5/3 5/4 5/5 5/6= 7/15 8/11 8/12= 9/16 9/23 10/14 10/22 11/3 11/4= 11/23"),
    (2020, "1/1 1/13 2/11 2/23 2/24= 3/20 4/29 5/3 5/4 5/5 5/6= 7/23 7/24 8/10 9/21 9/22 11/3 11/23"),
    (2021, "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9= 9/20 9/23 11/3 11/23"),
    (2024, "1/1 1/8 2/11 2/12= 2/23 3/20 4/29 5/3 5/4 5/5 5/6= 7/15 8/11 8/12= 9/16 9/22 9/23= 10/14 11/3 11/4= 11/23"),
    (2025, "1/1 1/13 2/11 2/23 2/24= 3/20 4/29 5/3 5/4 5/5 5/6= 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24="),
    (2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6= 7/20 8/11 9/21 9/22~ 9/23 10/12 11/3 11/23"),
    (2027, "1/1 1/11 2/11 2/23 3/21 3/22= 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23"),
];

fn written(holiday: &Holiday) -> String {
    let mark: &str = match holiday.kind {
        HolidayKind::National | HolidayKind::Company => "",
        HolidayKind::Substitute => "=",
        HolidayKind::Sandwich => "~",
    };
    format!("{}/{}{mark}", holiday.date.month(), holiday.date.day())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_holidays_of_eighteen_years_are_the_listed_ones() {
    for (year, expected) in LISTED {
        let found: Vec<String> = of_year(year).iter().map(written).collect();
        assert_eq!(found.join(" "), expected, "{year}");
    }
}

#[test]
fn as_many_days_are_off_as_were() {
    let counted: usize = (FIRST_YEAR..=GAZETTED_UNTIL).map(|year| of_year(year).len()).sum();
    assert_eq!(counted, 1_067);
    assert!(of_year(1954).is_empty());
}

#[test]
fn equinoxes_move_as_they_did() {
    let spring_on_21: Vec<i32> = (2000..=2027).filter(|year| is_holiday(day(&format!("{year}-03-21")))).collect();
    assert_eq!(spring_on_21, [2002, 2003, 2005, 2006, 2007, 2010, 2011, 2014, 2015, 2016, 2018, 2019, 2022, 2023, 2027]);
    let name = |year: i32, date: u32| on(NaiveDate::from_ymd_opt(year, 9, date).unwrap()).map(|holiday| holiday.name_ja);
    let autumn_on_24: Vec<i32> = (1955..=2027).filter(|year| name(*year, 24).as_deref() == Some("秋分の日")).collect();
    assert_eq!(autumn_on_24, [1955, 1959, 1963, 1967, 1971, 1975, 1979]);
    let autumn_on_22: Vec<i32> = (1955..=2027).filter(|year| name(*year, 22).as_deref() == Some("秋分の日")).collect();
    assert_eq!(autumn_on_22, [2012, 2016, 2020, 2024]);
    let between: Vec<i32> = (2003..=2050).filter(|year| of_year(*year).iter().any(|day| written(day) == "9/22~")).collect();
    assert_eq!(between, [2009, 2015, 2026, 2037, 2043]);
    let before: Vec<i32> = (2003..=2050).filter(|year| of_year(*year).iter().any(|day| written(day) == "9/21~")).collect();
    assert_eq!(before, [2032, 2049], "the equinox falls on the 22nd, two days behind a Monday");
}

#[test]
fn names_follow_the_law_of_their_time() {
    for (date, ja, en, kind) in [
        ("1959-04-10", "結婚の儀", "Wedding of the Crown Prince", HolidayKind::National),
        ("1988-04-29", "天皇誕生日", "The Emperor's Birthday", HolidayKind::National),
        ("1988-05-04", "国民の休日", "Citizens' holiday", HolidayKind::Sandwich),
        ("1989-02-24", "大喪の礼", "Funeral of Emperor Showa", HolidayKind::National),
        ("1989-04-29", "みどりの日", "Greenery Day", HolidayKind::National),
        ("1990-11-12", "即位礼正殿の儀", "Enthronement Ceremony", HolidayKind::National),
        ("1992-05-04", "振替休日", "Substitute holiday", HolidayKind::Substitute),
        ("1999-10-10", "体育の日", "Health and Sports Day", HolidayKind::National),
        ("2007-04-29", "昭和の日", "Showa Day", HolidayKind::National),
        ("2018-12-23", "天皇誕生日", "The Emperor's Birthday", HolidayKind::National),
        ("2019-05-01", "休日（祝日扱い）", "Accession of the Emperor", HolidayKind::National),
        ("2021-07-23", "スポーツの日", "Sports Day", HolidayKind::National),
        ("2027-03-22", "振替休日", "Substitute holiday", HolidayKind::Substitute),
    ] {
        let found: Holiday = on(day(date)).unwrap();
        assert_eq!((found.name_ja.as_ref(), found.name_en.as_ref(), found.kind), (ja, en, kind), "{date}");
    }
    for date in ["1973-02-12", "1986-05-04", "1997-05-04", "2019-12-23", "2020-07-20", "2020-10-12", "2021-08-11"] {
        assert_eq!(on(day(date)), None, "{date}");
    }
}

#[test]
fn what_is_not_gazetted_is_provisional() {
    let calendar = HolidayCalendar::japan();
    assert!(!calendar.is_provisional(2027) && calendar.is_provisional(2028));
    assert!(of_year(2027).iter().all(|holiday| !holiday.provisional));
    assert!(of_year(2028).iter().all(|holiday| holiday.provisional));
    assert!(!HolidayCalendar::none().is_provisional(2028));
}

#[test]
fn a_team_keeps_days_of_its_own() {
    let founding = day("2026-12-01");
    let abroad = HolidayCalendar::none().with_company_day(founding, "創立記念日", "Founding day");
    assert!(abroad.is_holiday(founding) && !abroad.is_holiday(day("2026-11-23")));
    let here = HolidayCalendar::japan().with_company_day(day("2026-11-23"), "創立記念日", "Founding day");
    assert_eq!(here.on(day("2026-11-23")).unwrap().name_ja, "勤労感謝の日");
    assert_eq!(abroad.epoch_days(2026, 2026), [founding.to_epoch_days()]);
    assert_eq!(here.epoch_days(i32::MIN, 1955).len(), 9);
}

proptest! {
    #[test]
    fn every_sunday_holiday_is_made_up_for(n in 700i32..54_000) {
        // From 1973 to 2117.
        let date: NaiveDate = NaiveDate::from_epoch_days(n + 500).unwrap();
        let found: Option<Holiday> = on(date);
        if date.weekday() == Weekday::Sun && found.is_some_and(|holiday| holiday.kind == HolidayKind::National) {
            let made_up: bool = (1..=4).any(|days| {
                let later: Option<Holiday> = on(NaiveDate::from_epoch_days(n + 500 + days).unwrap());
                later.is_some_and(|holiday| holiday.kind == HolidayKind::Substitute)
            });
            prop_assert!(made_up, "{date}");
        }
    }

    #[test]
    fn a_calendar_agrees_with_itself_on_every_day(n in -800_000i32..800_000, year in 1955i32..2060) {
        let read: Vec<Holiday> = csv::read(&csv::write(&of_year(year))).unwrap();
        let calendar = HolidayCalendar::japan().with_read(read);
        let date: NaiveDate = NaiveDate::from_epoch_days(n).unwrap();
        prop_assert_eq!(calendar.is_holiday(date), calendar.on(date).is_some());
        prop_assert_eq!(calendar.is_holiday(date), is_holiday(date));
        let of_that_year: Vec<NaiveDate> = calendar.of_year(year).iter().map(|holiday| holiday.date).collect();
        let by_law: Vec<NaiveDate> = of_year(year).iter().map(|holiday| holiday.date).collect();
        prop_assert_eq!(of_that_year, by_law);
    }
}
