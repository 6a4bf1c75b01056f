//! The days and times of a form: ticked days, then from when and until when on each of them. Pure.

/// Days of the week, as the form sends them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether a day is ticked.
#[must_use]
pub fn has(repeat: &[String], day: &str) -> bool {
    repeat.iter().any(|word| word == day)
}

/// From when, or until when; empty where nothing is written.
#[must_use]
pub fn time(repeat: &[String], which: usize) -> String {
    times(repeat).into_iter().nth(which).unwrap_or_default()
}

/// The same with a day ticked or not.
#[must_use]
pub fn with_day(repeat: &[String], day: &str, is_ticked: bool) -> Vec<String> {
    let is_on = |one: &str| if one == day { is_ticked } else { has(repeat, one) };
    let days = DAYS.into_iter().filter(|one| is_on(one)).map(str::to_owned);
    days.chain(both_times(repeat)).collect()
}

/// The same with another time.
#[must_use]
pub fn with_time(repeat: &[String], which: usize, text: &str) -> Vec<String> {
    let mut times: [String; 2] = both_times(repeat);
    if let Some(time) = times.get_mut(which) {
        text.clone_into(time);
    }
    let days = DAYS.into_iter().filter(|day| has(repeat, day)).map(str::to_owned);
    days.chain(times).collect()
}

fn times(repeat: &[String]) -> Vec<String> {
    repeat.iter().filter(|word| !DAYS.contains(&word.as_str())).cloned().collect()
}

fn both_times(repeat: &[String]) -> [String; 2] {
    [time(repeat, 0), time(repeat, 1)]
}

#[cfg(test)]
mod tests {
    use super::{has, time, with_day, with_time};

    #[test]
    fn days_and_times_are_changed_one_by_one() {
        let none: Vec<String> = Vec::new();
        let friday = with_day(&none, "fri", true);
        assert_eq!(friday, ["fri", "", ""]);
        let both = with_day(&friday, "mon", true);
        let begun = with_time(&both, 0, "22:00");
        let whole = with_time(&begun, 1, "06:00");
        assert_eq!(whole, ["mon", "fri", "22:00", "06:00"]);
        assert_eq!((time(&whole, 0).as_str(), time(&whole, 1).as_str(), has(&whole, "fri")), ("22:00", "06:00", true));
        assert_eq!(with_day(&whole, "fri", false), ["mon", "22:00", "06:00"]);
        assert_eq!(with_time(&whole, 0, ""), ["mon", "fri", "", "06:00"]);
    }
}
