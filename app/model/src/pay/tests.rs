//! Case C12 of the reference with exactly its numbers, and laws that hold for whatever is worked.

use super::report::{PayWarning, PersonPay, csv, total, warnings};
use super::yen::RoundingMode;
use super::*;
use crate::business_time::tests::{at, new_york, office, tokyo};
use crate::holidays::HolidayCalendar;
use figures::Locale;
use proptest::prelude::*;

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
const SEPTEMBER: Month = Month { year: 2026, month: 9 };

fn duty(basis: PayBasis, from: &str, until: &str, source: &str) -> Duty {
    let moment = |text: &str| at(&format!("2026-{text}:00+09:00"));
    Duty { span: Span::new(moment(from), moment(until)), basis, source: source.to_owned() }
}

fn worked() -> Vec<Duty> {
    vec![duty(PayBasis::Worked, "09-23T21:30", "09-24T01:15", "I-7")]
}

fn rule(stacking: Stacking) -> PayRule {
    PayRule { worked_yen_per_hour: 2_000, standby_yen_per_hour: 500, stacking, ..PayRule::default() }
}

fn with_wednesday(stacking: Stacking) -> PayRule {
    PayRule { statutory_weekday: Some(Weekday::Wed), ..rule(stacking) }
}

fn in_september(duties: &[Duty], rule: &PayRule) -> Vec<Segment> {
    priced(duties, SEPTEMBER.span(&office()).unwrap(), rule, &office(), 0).unwrap()
}

#[test]
fn c12_the_night_of_a_holiday_is_three_segments() {
    let segments: Vec<Segment> = in_september(&worked(), &rule(Stacking::Max));
    let found: Vec<(Category, i64)> = segments.iter().map(|segment| (segment.category, segment.ms())).collect();
    let minutes = |n: i64| n * MINUTE_MS;
    assert_eq!(
        found,
        [(Category::OffDay, minutes(30)), (Category::OffNight, minutes(120)), (Category::WeekdayNight, minutes(75))]
    );
}

#[test]
fn c12_worked() {
    for (rule, yen) in [
        (rule(Stacking::Max), 11_250),
        (with_wednesday(Stacking::Max), 11_250),
        (rule(Stacking::Sum), 13_250),
        (with_wednesday(Stacking::Statutory), 11_500),
        (rule(Stacking::Statutory), 11_000),
    ] {
        let segments: Vec<Segment> = in_september(&worked(), &rule);
        assert_eq!(total(&segments, &rule, None).yen, yen, "{:?} {:?}", rule.stacking, rule.statutory_weekday);
        let by_month = PayRule { rounding: Rounding { each_segment: false, ..rule.rounding }, ..rule };
        assert_eq!(total(&segments, &by_month, Some(PayBasis::Worked)).yen, yen);
    }
}

#[test]
fn c12_a_flat_half_is_below_the_floor_for_two_hours_of_a_statutory_night() {
    let flat: PayRule = with_wednesday(Stacking::Max);
    let segments: Vec<Segment> = in_september(&worked(), &flat);
    let below: Vec<(u32, u32, i64)> = segments
        .iter()
        .filter(|segment| segment.is_below_floor())
        .map(|segment| (segment.premium_bp, segment.floor_bp, segment.ms()))
        .collect();
    assert_eq!(below, [(5_000, 6_000, 2 * HOUR_MS)]);
    assert_eq!(warnings(&segments, &flat), [PayWarning::BelowFloor { ms: 2 * HOUR_MS }]);
    let unsaid: PayRule = rule(Stacking::Max);
    assert_eq!(warnings(&in_september(&worked(), &unsaid), &unsaid), [PayWarning::NoStatutoryDay]);
    for stacking in [Stacking::Sum, Stacking::Statutory] {
        let rule: PayRule = with_wednesday(stacking);
        assert!(warnings(&in_september(&worked(), &rule), &rule).is_empty(), "{stacking:?}");
    }
}

#[test]
fn c12_standby() {
    let one: Duty = duty(PayBasis::Standby, "09-21T10:00", "09-28T10:00", "web");
    let rule: PayRule = rule(Stacking::Max);
    let other = Duty { source: "db".to_owned(), ..one.clone() };
    for duties in [vec![one.clone()], vec![one.clone(), other.clone()]] {
        let sum = total(&in_september(&duties, &rule), &rule, Some(PayBasis::Standby));
        assert_eq!(sum.category_ms.map(|ms| ms / HOUR_MS), [19, 20, 19, 80, 30]);
        assert_eq!((sum.ms(), sum.below_floor_ms), (168 * HOUR_MS, 0));
        assert_eq!(sum.of(Category::OffDay), 80 * HOUR_MS);
        // 149 hours at 150 %; business time is the salary's.
        assert_eq!(sum.yen, 149 * 750);
    }
    let twice = PayRule { dedup: false, ..rule };
    let segments: Vec<Segment> = in_september(&[one, other], &twice);
    assert_eq!(total(&segments, &twice, None).ms(), 2 * 168 * HOUR_MS);
    assert!(segments.iter().all(|segment| segment.sources.len() == 1));
}

#[test]
fn overlapping_schedules_are_paid_once_and_name_both() {
    let rule: PayRule = rule(Stacking::Max);
    let duties = [
        duty(PayBasis::Standby, "09-19T00:00", "09-19T12:00", "web"),
        duty(PayBasis::Standby, "09-19T10:00", "09-20T12:00", "db"),
        duty(PayBasis::Worked, "09-19T11:00", "09-19T12:00", "I-8"),
    ];
    let segments: Vec<Segment> = in_september(&duties, &rule);
    let sources: Vec<String> = segments.iter().map(|segment| segment.sources.join("+")).collect();
    assert_eq!(sources, ["web", "db+web", "I-8", "db", "db", "db"]);
    assert_eq!(total(&segments, &rule, Some(PayBasis::Standby)).ms(), 36 * HOUR_MS);
    assert_eq!(total(&segments, &rule, Some(PayBasis::Worked)).yen, 3_000);
}

#[test]
fn the_sixtieth_hour_of_overtime_cuts_a_segment() {
    let rule: PayRule = rule(Stacking::Statutory);
    let span: Span = SEPTEMBER.span(&office()).unwrap();
    let evening = [duty(PayBasis::Worked, "09-17T18:00", "09-17T21:00", "I-9")];
    let segments: Vec<Segment> = priced(&evening, span, &rule, &office(), 58 * HOUR_MS).unwrap();
    let found: Vec<(i64, u32, u32)> =
        segments.iter().map(|segment| (segment.ms() / HOUR_MS, segment.premium_bp, segment.floor_bp)).collect();
    assert_eq!(found, [(2, 2_500, 2_500), (1, 5_000, 5_000)]);
    assert_eq!(total(&segments, &rule, None).yen, 2 * 2_500 + 3_000);
    // Work on a statutory holiday does not count towards the sixty hours.
    let thursday = PayRule { statutory_weekday: Some(Weekday::Thu), ..rule };
    let segments: Vec<Segment> = priced(&evening, span, &thursday, &office(), 58 * HOUR_MS).unwrap();
    assert_eq!(segments.iter().map(|segment| segment.premium_bp).collect::<Vec<u32>>(), [3_500]);
}

#[test]
fn business_time_is_paid_only_where_the_rule_says_so() {
    let noon = [duty(PayBasis::Worked, "09-17T12:00", "09-17T13:00", "I-9")];
    let salaried: PayRule = rule(Stacking::Max);
    assert_eq!(total(&in_september(&noon, &salaried), &salaried, None).yen, 0);
    let paid = PayRule { pays_business_time: true, ..salaried };
    assert_eq!(total(&in_september(&noon, &paid), &paid, None).yen, 2_000);
}

#[test]
fn what_lies_in_another_month_is_left_to_it() {
    let rule: PayRule = rule(Stacking::Sum);
    let over = [duty(PayBasis::Standby, "09-30T20:00", "10-01T03:00", "web")];
    let october: Span = Month { month: 10, ..SEPTEMBER }.span(&office()).unwrap();
    let (first, second) = (in_september(&over, &rule), priced(&over, october, &rule, &office(), 0).unwrap());
    assert_eq!((total(&first, &rule, None).ms(), total(&second, &rule, None).ms()), (4 * HOUR_MS, 3 * HOUR_MS));
    assert_eq!(Month { month: 13, ..SEPTEMBER }.span(&office()), None);
}

#[test]
fn an_autumn_night_is_paid_for_the_hours_it_has() {
    let calendar = BusinessCalendar::office(new_york(), HolidayCalendar::none());
    let night = Span::new(at("2026-10-31T22:00:00-04:00"), at("2026-11-01T05:00:00-05:00"));
    let duties = [Duty { span: night, basis: PayBasis::Standby, source: "web".to_owned() }];
    let rule: PayRule = rule(Stacking::Max);
    let segments: Vec<Segment> = priced(&duties, night, &rule, &calendar, 0).unwrap();
    assert_eq!(total(&segments, &rule, None).of(Category::OffNight), 8 * HOUR_MS);
}

#[test]
fn rules_out_of_bounds_are_refused() {
    let good: PayRule = rule(Stacking::Max);
    assert_eq!(good.check(), Ok(()));
    let refused = |rule: PayRule| rule.check().unwrap_err().to_string();
    let dear = PayRule { standby_yen_per_hour: 1_000_001, ..good.clone() };
    assert_eq!(refused(dear), "1000001 yen an hour, expected at most 1000000");
    let premiums = Premiums { night_bp: 100_001, ..good.premiums };
    assert_eq!(refused(PayRule { premiums, ..good.clone() }), "a premium of 100001 ten-thousandths, expected at most 100000");
    let night = Night { from: 1_440, until: 300 };
    assert!(refused(PayRule { night, ..good.clone() }).starts_with("a night from minute 1440"));
    let many = PayRule { statutory_days: vec![NaiveDate::MIN; 367], ..good };
    assert!(priced(&[], Span::new(Time(0), Time(1)), &many, &office(), 0).is_err());
    let endless: Vec<Duty> = vec![worked().remove(0); MAX_DUTIES + 1];
    let refused = priced(&endless, SEPTEMBER.span(&office()).unwrap(), &rule(Stacking::Max), &office(), 0);
    assert_eq!(refused, Err(BadRule::Duties { n: MAX_DUTIES + 1 }));
}

#[test]
fn the_file_proves_every_segment() {
    let rule: PayRule = with_wednesday(Stacking::Max);
    let segments: Vec<Segment> = in_september(&worked(), &rule);
    let people = [PersonPay { name: "=佐藤, 健", segments: &segments }];
    let text: String = csv(SEPTEMBER, &people, &tokyo(), Locale::En);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(
        lines[2],
        "2026-09,\"'=佐藤, 健\",worked,2026-09-23,2026-09-23T22:00+09:00,2026-09-24T00:00+09:00,2:00:00,\"weekend or holiday, night\",yes,2000,holiday 50%,50,150,60,yes,6000,I-7"
    );
    let ja: String = csv(SEPTEMBER, &people, &tokyo(), Locale::Ja);
    assert!(ja.starts_with("月,氏名,区分,日付,開始,終了,時間,時間帯,法定休日,時給（円）,割増の内訳,"), "{ja}");
    assert!(ja.contains(",平日深夜,いいえ,2000,深夜 50%,50,150,50,いいえ,3750,I-7\r\n"), "{ja}");
}

#[test]
fn words_go_there_and_back() {
    for stacking in [Stacking::Max, Stacking::Sum, Stacking::Statutory] {
        assert_eq!(Stacking::from_word(stacking.as_str()), Some(stacking));
    }
    for basis in [PayBasis::Standby, PayBasis::Worked] {
        assert_eq!(PayBasis::from_word(basis.as_str()), Some(basis));
    }
}

/// Duties within September 2026, in minutes of it.
fn some_duties() -> impl Strategy<Value = Vec<Duty>> {
    let one = (0i64..43_200, 1i64..3_000, any::<bool>(), 0usize..3);
    proptest::collection::vec(one, 0..8).prop_map(|found| {
        let start: Time = SEPTEMBER.span(&office()).unwrap().start;
        let duty = |(from, length, is_worked, source): (i64, i64, bool, usize)| Duty {
            span: Span::new(start.plus_ms(from * MINUTE_MS), start.plus_ms((from + length) * MINUTE_MS)),
            basis: if is_worked { PayBasis::Worked } else { PayBasis::Standby },
            source: ["web", "db", "mail"][source].to_owned(),
        };
        found.into_iter().map(duty).collect()
    })
}

proptest! {
    #[test]
    fn every_minute_is_paid_once_or_as_often_as_it_was_given(duties in some_duties(), dedup in any::<bool>()) {
        let rule = PayRule { dedup, ..with_wednesday(Stacking::Sum) };
        let month: Span = SEPTEMBER.span(&office()).unwrap();
        let segments: Vec<Segment> = in_september(&duties, &rule);
        for basis in [PayBasis::Standby, PayBasis::Worked] {
            let spans: Vec<Span> = duties.iter().filter(|duty| duty.basis == basis).map(|duty| duty.span.and(month)).collect();
            let given: i64 = if dedup {
                crate::rota::spans::length_ms(&crate::rota::spans::merged(spans))
            } else {
                spans.iter().map(|span| span.length_ms()).sum()
            };
            prop_assert_eq!(total(&segments, &rule, Some(basis)).ms(), given);
        }
    }

    #[test]
    fn the_laws_own_stacking_is_never_below_the_floor(duties in some_duties(), other in 0i64..100) {
        let rule: PayRule = with_wednesday(Stacking::Statutory);
        let month: Span = SEPTEMBER.span(&office()).unwrap();
        let segments: Vec<Segment> = priced(&duties, month, &rule, &office(), other * HOUR_MS).unwrap();
        prop_assert!(segments.iter().all(|segment| !segment.is_below_floor()));
        for segment in &segments {
            prop_assert_eq!(segment.parts.iter().map(|part| part.bp).sum::<u32>(), segment.premium_bp);
            prop_assert_eq!(office().day_at(segment.span.start), Some(segment.day));
        }
    }

    /// Rounding every segment is never more than half a yen a segment away from rounding once.
    #[test]
    fn roundings_stay_close(duties in some_duties(), yen in 1u32..5_000) {
        let each = PayRule { worked_yen_per_hour: yen, standby_yen_per_hour: yen, ..rule(Stacking::Max) };
        let once = PayRule { rounding: Rounding { mode: RoundingMode::HalfUp, each_segment: false }, ..each.clone() };
        let segments: Vec<Segment> = in_september(&duties, &each);
        let apart: i64 = (total(&segments, &each, None).yen - total(&segments, &once, None).yen).abs();
        prop_assert!(usize::try_from(apart).unwrap() <= segments.len().div_ceil(2) + 1);
    }
}
