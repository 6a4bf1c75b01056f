//! Thresholds: `">= 80 P2"`, or a mapping where one has a label.

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
