//! What has to be true of the variables.

use super::{Checker, MOST_CHOICES, MOST_VARIABLES, both, names};
use crate::board::Dashboard;
use crate::interpolate::named;
use crate::variable::{Offer, Variable};

/// Bytes of a value, as long as a label's may be.
const MOST_VALUE: usize = 4_096;

impl Checker {
    pub(super) fn variables(&mut self, dashboard: &Dashboard) {
        self.most("variables", dashboard.variables.len(), MOST_VARIABLES, "変数", "variables");
        for (index, variable) in dashboard.variables.iter().enumerate().take(MOST_VARIABLES) {
            let path = format!("variables[{index}]");
            let earlier: &[Variable] = &dashboard.variables[..index];
            if !names::is_variable_name(&variable.name) {
                self.wrong(&format!("{path}.name"), names::expected_variable_name(), &variable.name);
            }
            if earlier.iter().any(|other| other.name == variable.name) {
                let expected = both("まだ使われていない名前", "a name that is not taken");
                self.wrong(&format!("{path}.name"), expected, &variable.name);
            }
            self.title(&format!("{path}.label"), &variable.label);
            self.most(&format!("{path}.default"), variable.default.len(), MOST_CHOICES, "値", "values");
            for (place, value) in variable.default.iter().enumerate().take(MOST_CHOICES) {
                self.most(&format!("{path}.default[{place}]"), value.len(), MOST_VALUE, "バイト", "bytes");
            }
            self.offer(&path, variable, &dashboard.variables, earlier);
        }
    }

    fn offer(&mut self, path: &str, variable: &Variable, all: &[Variable], earlier: &[Variable]) {
        match &variable.offer {
            Offer::LabelValues { label, selector, regex } => {
                self.label_of(path, label);
                self.only_earlier(&format!("{path}.regex"), regex, all, earlier);
                self.most(&format!("{path}.regex"), regex.len(), MOST_VALUE, "バイト", "bytes");
                let outer = format!("{path}.selector");
                if !selector.trim().is_empty() && self.only_earlier(&outer, selector, all, earlier) {
                    self.expression(&outer, selector, earlier);
                }
            }
            Offer::Query { expr, label } => {
                self.label_of(path, label);
                let outer = format!("{path}.expr");
                if self.only_earlier(&outer, expr, all, earlier) {
                    self.expression(&outer, expr, earlier);
                }
            }
            Offer::List(choices) => self.choices(path, choices.len(), choices.iter().map(|(_, value)| value.as_str())),
            Offer::Interval(windows) => {
                self.choices(path, windows.len(), windows.iter().map(String::as_str));
                for (index, window) in windows.iter().enumerate().take(MOST_CHOICES) {
                    if promql::numbers::parse_duration_ms(window).is_ok_and(|ms| ms > 0) {
                        continue;
                    }
                    let expected = both("30s、5m、1h のような期間", "a duration such as 30s, 5m or 1h");
                    self.wrong(&format!("{path}.values[{index}]"), expected, window);
                }
            }
            Offer::Text => {}
        }
    }

    fn label_of(&mut self, path: &str, label: &str) {
        if !names::is_label_name(label) {
            self.wrong(&format!("{path}.label"), both("ラベルの名前", "the name of a label"), label);
        }
    }

    fn choices<'a>(&mut self, path: &str, n_choices: usize, values: impl Iterator<Item = &'a str>) {
        let outer = format!("{path}.values");
        if n_choices == 0 {
            self.say(&outer, both("一つ以上の値", "at least one value"), both("なし", "none"));
        }
        self.most(&outer, n_choices, MOST_CHOICES, "値", "values");
        for (index, value) in values.enumerate().take(MOST_CHOICES) {
            self.most(&format!("{outer}[{index}]"), value.len(), MOST_VALUE, "バイト", "bytes");
        }
    }

    /// Whether a text names no variable that comes later: a choice that depends on a later one could never be offered.
    fn only_earlier(&mut self, path: &str, text: &str, all: &[Variable], earlier: &[Variable]) -> bool {
        let is_late = |name: &String| {
            let is = |other: &Variable| other.name == *name;
            !earlier.iter().any(is) && all.iter().any(is)
        };
        let late: Vec<String> = named(text).into_iter().filter(|name| is_late(name)).collect();
        for name in &late {
            let expected = both("前にある変数", "a variable that stands before this one");
            self.wrong(path, expected, &format!("${name}"));
        }
        late.is_empty()
    }
}
