//! The words of the screens about pay, business hours and days off. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use figures::Locale;
use model::pay::premium::PartKind;
use ui::context::use_look;

/// Everything those screens say.
pub struct PayWords {
    pub title: &'static str,
    pub lead: &'static str,
    /// That it is a calculation aid.
    pub aid: &'static str,
    pub to_month: &'static str,
    pub to_rules: &'static str,
    pub to_holidays: &'static str,
    // Months
    pub months: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    /// Of `2026-09`.
    pub month_name: fn(&str) -> String,
    pub running: &'static str,
    pub over: &'static str,
    /// By whom, and when.
    pub closed: fn(&str, &str) -> String,
    pub wait_order: fn(&str) -> String,
    pub wait_standby: fn(&str) -> String,
    pub csv: &'static str,
    pub person: &'static str,
    pub standby: &'static str,
    pub standby_yen: &'static str,
    pub worked: &'static str,
    pub worked_yen: &'static str,
    pub corrected: &'static str,
    pub total: &'static str,
    pub notes: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub no_rules: &'static str,
    pub close: &'static str,
    pub close_sure: fn(&str) -> String,
    pub close_do: &'static str,
    pub admin_only: &'static str,
    // What to look at
    pub below_floor: fn(&str) -> String,
    pub no_standby_yen: &'static str,
    pub no_worked_yen: &'static str,
    pub rounds_down: &'static str,
    pub no_statutory_day: &'static str,
    pub unfinished: fn(u32) -> String,
    pub long: fn(u32) -> String,
    // Hours
    /// Business, evening, weekday night, off day, off night.
    pub categories: [&'static str; 5],
    pub part: fn(PartKind) -> &'static str,
    // One person
    pub zone_note: fn(&str) -> String,
    pub sums: &'static str,
    pub category: &'static str,
    pub basis: &'static str,
    pub all_hours: &'static str,
    pub other_overtime: &'static str,
    pub other_overtime_hint: &'static str,
    pub save: &'static str,
    pub corrections: &'static str,
    pub corrections_hint: &'static str,
    pub of_month: &'static str,
    pub segments: &'static str,
    pub segments_hint: &'static str,
    pub no_segments: &'static str,
    pub when: &'static str,
    pub duration: &'static str,
    pub per_hour: &'static str,
    pub premium: &'static str,
    pub paid: &'static str,
    pub floor: &'static str,
    pub below: &'static str,
    pub yen: &'static str,
    pub sources: &'static str,
    pub statutory: &'static str,
    pub by_salary: &'static str,
    /// Which rule, and which version of it.
    pub by_rule: fn(&str, i64) -> String,
    // Worked time
    pub work: &'static str,
    pub work_lead: &'static str,
    pub work_closed: &'static str,
    pub no_work: &'static str,
    pub what: &'static str,
    pub noted: &'static str,
    pub counted: &'static str,
    pub goes_on: &'static str,
    pub left_out: &'static str,
    pub by_hand: &'static str,
    pub took_long: &'static str,
    pub change: &'static str,
    pub change_of: fn(&str) -> String,
    pub from: &'static str,
    pub until: &'static str,
    pub reason: &'static str,
    pub reason_hint: &'static str,
    pub no_work_at_all: &'static str,
    pub change_do: &'static str,
    pub add: &'static str,
    pub add_hint: &'static str,
    pub add_do: &'static str,
    // Rules
    pub rules: &'static str,
    pub rules_lead: &'static str,
    pub duty: &'static str,
    /// A duty's name for people.
    pub duty_name: fn(&str) -> String,
    pub duty_hint: &'static str,
    pub choose_duty: &'static str,
    pub effective_from: &'static str,
    pub effective_hint: &'static str,
    /// What an hour is worth, and of which hours that is said.
    pub standby_rate: &'static str,
    pub standby_rate_hint: &'static str,
    pub worked_rate: &'static str,
    pub worked_rate_hint: &'static str,
    pub stacking: &'static str,
    /// The greatest, the sum, as the law asks.
    pub stackings: [&'static str; 3],
    pub stacking_hint: &'static str,
    pub company: &'static str,
    pub company_hint: &'static str,
    pub law: &'static str,
    pub law_hint: &'static str,
    /// Evening, night, holiday.
    pub company_premiums: [&'static str; 3],
    /// Overtime, beyond 60 hours, statutory holiday, night.
    pub law_premiums: [&'static str; 4],
    pub night: &'static str,
    pub night_from: &'static str,
    pub night_until: &'static str,
    pub statutory_weekday: &'static str,
    pub statutory_hint: &'static str,
    pub no_weekday: &'static str,
    /// Monday first.
    pub weekdays: [&'static str; 7],
    pub statutory_days: &'static str,
    pub statutory_days_hint: &'static str,
    pub pays_business_time: &'static str,
    pub dedup: &'static str,
    pub rounding: &'static str,
    /// Half up, up, down.
    pub roundings: [&'static str; 3],
    pub each_segment: &'static str,
    pub save_rule: &'static str,
    pub versions: &'static str,
    pub no_versions: &'static str,
    pub version: &'static str,
    pub in_force: &'static str,
    pub by: &'static str,
    // Days off
    pub holidays: &'static str,
    pub holidays_lead: &'static str,
    pub years: &'static str,
    pub year_name: fn(i32) -> String,
    pub provisional: &'static str,
    pub provisional_note: &'static str,
    pub day: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub kind_name: fn(&str) -> &'static str,
    pub no_days: &'static str,
    pub editor_only: &'static str,
    pub day_add: &'static str,
    pub name_ja: &'static str,
    pub name_en: &'static str,
    pub name_en_hint: &'static str,
    pub day_remove: &'static str,
    pub day_remove_of: fn(&str) -> String,
    pub week: &'static str,
    pub week_lead: &'static str,
    pub zone: &'static str,
    pub calendar: &'static str,
    pub hours_hint: &'static str,
    pub hours_of: fn(&str) -> String,
    pub file: &'static str,
    pub file_lead: &'static str,
    pub file_field: &'static str,
    pub file_do: &'static str,
    pub waiting: &'static str,
    /// How many days, from which year to which.
    pub waiting_of: fn(u32, i32, i32) -> String,
    pub no_changes: &'static str,
    pub now: &'static str,
    pub then: &'static str,
    pub is_none: &'static str,
    pub take: &'static str,
    pub forget: &'static str,
}

impl PayWords {
    /// A weekday by its number, 0 for Monday.
    #[must_use]
    pub fn weekday(&self, weekday: u8) -> &'static str {
        self.weekdays.get(usize::from(weekday)).copied().unwrap_or_default()
    }
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static PayWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn pay_words() -> &'static PayWords {
    of(use_look().locale)
}

#[cfg(test)]
mod tests {
    use super::of;
    use figures::Locale;
    use model::pay::premium::PartKind;

    #[test]
    fn months_are_named_as_people_say_them() {
        assert_eq!((of(Locale::Ja).month_name)("2026-09"), "2026年9月");
        assert_eq!((of(Locale::En).month_name)("2026-09"), "September 2026");
        assert_eq!((of(Locale::En).month_name)("soon"), "soon");
    }

    #[test]
    fn it_says_that_it_is_no_legal_advice() {
        assert!(of(Locale::Ja).aid.contains("法律上の助言ではありません"));
        assert!(of(Locale::En).aid.contains("not legal advice"));
    }

    #[test]
    fn every_premium_has_its_word() {
        let kinds = [
            PartKind::Evening,
            PartKind::Night,
            PartKind::Holiday,
            PartKind::Overtime,
            PartKind::LongOvertime,
            PartKind::StatutoryHoliday,
        ];
        for locale in [Locale::Ja, Locale::En] {
            let mut words: Vec<&str> = kinds.iter().map(|kind| (of(locale).part)(*kind)).collect();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), kinds.len(), "{words:?}");
        }
    }
}
