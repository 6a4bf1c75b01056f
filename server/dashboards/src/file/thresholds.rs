//! Thresholds: `">= 80 P2"`, or a mapping where one has a label.

use super::DashboardFile;
use super::reader::{Reader, number, scalar};
use dashboard::{Judge, Said};
use model::Severity;
use yaml::{At, Node};

const THRESHOLD_KEYS: &[&str] = &["value", "severity", "below", "label"];
const EXPECTED: &str = "a threshold such as \">= 80 P2\" or \"<= 95 P3\", or a mapping with value and severity";

impl Reader<'_> {
    pub(super) fn thresholds(&mut self, at: &At<'_>) -> Vec<Judge> {
        let thresholds: Vec<At<'_>> = self.children(at, "thresholds", "a list of thresholds");
        thresholds.iter().filter_map(|threshold| self.threshold(threshold)).collect()
    }

    fn threshold(&mut self, at: &At<'_>) -> Option<Judge> {
        if !matches!(at.node, Node::Mapping(_)) {
            let judge: Option<Judge> = scalar(at.node).and_then(|text| short(&text));
            if judge.is_none() {
                self.wrong(at, EXPECTED);
            }
            return judge;
        }
        self.mapping(at, THRESHOLD_KEYS);
        let (value, severity): (At<'_>, At<'_>) = (self.required(at, "value")?, self.required(at, "severity")?);
        let Some(threshold) = number(value.node) else {
            self.wrong(&value, "a number");
            return None;
        };
        let Some(known) = scalar(severity.node).and_then(|word| Severity::from_word(word.trim())) else {
            self.wrong(&severity, "P0, P1, P2 or P3");
            return None;
        };
        Some(Judge { value: threshold, severity: known, is_below: self.flag(at, "below"), label: self.said(at, "label") })
    }
}

/// A threshold as a line of a form: `>= 80 P2`, or what a file says in braces where there is a label.
#[must_use]
pub fn threshold_of_line(line: &str) -> Option<Judge> {
    if !line.trim_start().starts_with('{') {
        return short(line);
    }
    let file = DashboardFile { name: String::new(), text: line.trim().to_owned() };
    let root: Node = super::refusal(&file.text).is_none().then(|| yaml::read(&file.text).ok()).flatten()?;
    let mut reader = Reader { file: &file, problems: Vec::new() };
    let judge: Option<Judge> = reader.threshold(&At::root(&root));
    judge.filter(|_| reader.problems.is_empty())
}

/// What [`threshold_of_line`] reads back.
#[must_use]
pub fn line_of_threshold(judge: &Judge) -> String {
    shortened(judge).unwrap_or_else(|| {
        // A text in JSON is one in YAML too.
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let (ja, en): (String, String) = (text(&judge.label.ja), text(&judge.label.en));
        let label: String = if ja == en { en } else { format!("{{ja: {ja}, en: {en}}}") };
        let (value, severity): (f64, &str) = (judge.value, judge.severity.code());
        format!("{{value: {value}, severity: {severity}, below: {}, label: {label}}}", judge.is_below)
    })
}

/// `>= 80 P2`: crossed upwards; `<= 95 P3`: downwards.
fn short(text: &str) -> Option<Judge> {
    let text: &str = text.trim();
    let is_below: bool = text.starts_with('<');
    let rest: &str = text.strip_prefix(['<', '>'])?;
    let (value, severity): (&str, &str) = rest.strip_prefix('=').unwrap_or(rest).trim().split_once(char::is_whitespace)?;
    let value: f64 = value.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some(Judge { value, severity: Severity::from_word(severity.trim())?, is_below, label: Said::default() })
}

/// What [`short`] reads back; `None` where there is more to say.
pub(super) fn shortened(judge: &Judge) -> Option<String> {
    let sign: &str = if judge.is_below { "<=" } else { ">=" };
    judge.label.is_empty().then(|| format!("{sign} {} {}", judge.value, judge.severity.code()))
}

#[cfg(test)]
mod tests {
    use super::{line_of_threshold, threshold_of_line};
    use dashboard::{Judge, Said};
    use model::Severity;

    #[test]
    fn a_threshold_is_a_line_that_is_read_back() {
        let labels = [("", ""), ("少ない", "few"), ("a \"b\": {c}", "a \"b\": {c}"), ("", "en only")];
        for (ja, en) in labels {
            for (value, is_below) in [(80.0, false), (-0.5, true)] {
                let label = Said { ja: ja.to_owned(), en: en.to_owned() };
                let judge = Judge { value, severity: Severity::P2, is_below, label };
                let line: String = line_of_threshold(&judge);
                assert_eq!(threshold_of_line(&line), Some(judge), "{line}");
            }
        }
        assert_eq!(threshold_of_line(" <= 95 p3 ").map(|judge| (judge.value, judge.is_below)), Some((95.0, true)));
    }

    #[test]
    fn what_is_no_threshold_is_none() {
        let short = ["", "80 P2", ">= much P2", ">= 80 P9", ">= NaN P1"];
        for line in short.into_iter().chain(["{value: 1}", "{value: 1, severity: P1, colour: red}", "{"]) {
            assert_eq!(threshold_of_line(line), None, "{line}");
        }
    }
}
