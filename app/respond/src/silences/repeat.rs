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

fn times(repeat: &[String]) -> Vec<String> {
    repeat.iter().filter(|word| !DAYS.contains(&word.as_str())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{has, time};

    #[test]
    fn days_and_times_are_told_apart() {
        let sent: Vec<String> = ["mon", "fri", "22:00", "06:00"].map(str::to_owned).to_vec();
        assert_eq!((time(&sent, 0).as_str(), time(&sent, 1).as_str()), ("22:00", "06:00"));
        assert_eq!((has(&sent, "fri"), has(&sent, "sun")), (true, false));
        assert_eq!(time(&sent[..2], 0), "");
    }
}
