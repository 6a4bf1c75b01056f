//! One result, and the little arithmetic it takes.

use serde::{Deserialize, Deserializer, Serialize};

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Lower,
    Higher,
}

/// One figure, as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub bench: String,
    pub case: String,
    /// Not a number when it could not be measured: `null` in JSON.
    #[serde(deserialize_with = "number_or_none")]
    pub value: f64,
    pub unit: String,
    /// `None`: the figure is only watched.
    pub goal: Option<f64>,
    pub better: Better,
    /// What was measured in the same run, on the same machine.
    pub peer: Option<String>,
    pub peer_value: Option<f64>,
    /// Ours by theirs.
    pub ratio: Option<f64>,
    /// Whether the goal is met; true without one, as long as there is a value.
    pub ok: bool,
}

impl Line {
    /// A figure of which less is better.
    #[must_use]
    pub fn lower(bench: &str, case: &str, value: f64, unit: &str) -> Self {
        Self::new(bench, case, value, unit, Better::Lower)
    }

    /// A figure of which more is better.
    #[must_use]
    pub fn higher(bench: &str, case: &str, value: f64, unit: &str) -> Self {
        Self::new(bench, case, value, unit, Better::Higher)
    }

    fn new(bench: &str, case: &str, value: f64, unit: &str, better: Better) -> Self {
        Self {
            bench: bench.to_owned(),
            case: case.to_owned(),
            value: rounded(value),
            unit: unit.to_owned(),
            goal: None,
            better,
            peer: None,
            peer_value: None,
            ratio: None,
            ok: !value.is_nan(),
        }
    }

    /// The same with a goal, which it meets when it is as good.
    #[must_use]
    pub fn with_goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self.ok = match self.better {
            Better::Lower => self.value <= goal,
            Better::Higher => self.value >= goal,
        };
        self
    }

    /// The same beside a peer's figure. With a factor its goal is that share of the peer's figure, or its own where that is stricter.
    #[must_use]
    pub fn beside(mut self, peer: &str, value: f64, factor: Option<f64>) -> Self {
        self.peer = Some(peer.to_owned());
        self.peer_value = Some(rounded(value));
        self.ratio = Some(rounded(self.value / value)).filter(|ratio| ratio.is_finite());
        let Some(factor) = factor else { return self };
        let theirs: f64 = rounded(value * factor);
        let goal: f64 = match (self.goal, self.better) {
            (None, _) => theirs,
            (Some(goal), Better::Lower) => goal.min(theirs),
            (Some(goal), Better::Higher) => goal.max(theirs),
        };
        self.with_goal(goal)
    }

    /// As it is printed.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a line has text keys and finite numbers or none")
    }
}

/// Digits beyond the third are noise.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn number_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN))
}

/// The value that `share` (0 to 1) of the values don't exceed: the nearest rank. NaN when there are none, which meets no goal.
#[must_use]
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank: usize = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// Milliseconds since `began`.
#[must_use]
pub fn ms_since(began: std::time::Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(percentile(&values, 0.5), 3.0);
        assert_eq!(percentile(&values, 0.99), 5.0);
        assert_eq!(percentile(&values, 0.0), 1.0);
        assert!(percentile(&[], 0.5).is_nan());
    }

    #[test]
    fn a_goal_is_met_from_the_better_side() {
        assert!(Line::lower("a", "b", 2.0, "s").with_goal(2.0).ok);
        assert!(!Line::lower("a", "b", 2.1, "s").with_goal(2.0).ok);
        assert!(!Line::higher("a", "b", 1.9, "s").with_goal(2.0).ok);
        assert!(!Line::lower("a", "b", f64::NAN, "s").with_goal(2.0).ok);
    }

    #[test]
    fn beside_a_peer_the_stricter_goal_counts() {
        let line = Line::lower("a", "b", 40.0, "ms").with_goal(50.0);
        let fast = line.clone().beside("peer", 30.0, Some(1.2));
        assert_eq!((fast.goal, fast.peer_value, fast.ratio, fast.ok), (Some(36.0), Some(30.0), Some(1.333), false));
        let slow = line.clone().beside("peer", 400.0, Some(1.2));
        assert_eq!((slow.goal, slow.ratio, slow.ok), (Some(50.0), Some(0.1), true));
        assert_eq!(line.beside("peer", 0.0, None).ratio, None);
    }

    #[test]
    fn what_could_not_be_measured_is_null_and_not_met() {
        let line = Line::lower("a", "b", f64::NAN, "ms");
        assert!(!line.ok && line.to_json().contains("\"value\":null"));
        let back: Line = serde_json::from_str(&line.to_json()).unwrap();
        assert!(back.value.is_nan() && !back.ok);
    }

    #[test]
    fn a_line_has_every_key() {
        let line = Line::lower("wasm", "bytes", 1.23456, "kB").to_json();
        assert_eq!(
            line,
            r#"{"bench":"wasm","case":"bytes","value":1.235,"unit":"kB","goal":null,"better":"lower","peer":null,"peer_value":null,"ratio":null,"ok":true}"#
        );
    }
}
