//! What has to be true of one panel.

use super::{Checker, MOST_CHOICES, MOST_JUDGES, MOST_QUERIES, both, names};
use crate::board::Dashboard;
use crate::moving::{COLUMNS, LEAST_HEIGHT, MOST_HEIGHT};
use crate::panel::{Kind, Panel};
use chart::Axis;

/// Past ten decimals a double has none to show.
pub(super) const MOST_DECIMALS: u8 = 10;
/// A year and a day back.
const MOST_PAST_MS: i64 = 366 * 86_400_000;

impl Checker {
    pub(super) fn panel(&mut self, dashboard: &Dashboard, path: &str, panel: &Panel) {
        if !names::is_id(&panel.id) {
            self.wrong(&format!("{path}.id"), names::expected_id(), &panel.id);
        }
        self.title(&format!("{path}.title"), &panel.title);
        self.text(&format!("{path}.description"), &panel.description);
        self.size(path, panel);
        self.value_axis(path, panel);
        self.kind(path, &panel.kind);
        self.judges(path, panel);
        self.series(path, panel);
        self.repeat(dashboard, path, panel.repeat.as_deref());
        self.links(&format!("{path}."), &panel.links);
        if let Some(past_ms) = panel.past_ms
            && !(1..=MOST_PAST_MS).contains(&past_ms)
        {
            let expected = both("1年以内の過去", "a time of up to a year ago");
            self.wrong(&format!("{path}.past_ms"), expected, &format!("{past_ms}ms"));
        }
        self.queries_of(dashboard, path, panel);
    }

    fn size(&mut self, path: &str, panel: &Panel) {
        if !(1..=COLUMNS).contains(&panel.width) {
            let expected = both(format!("1〜{COLUMNS}列"), format!("1 to {COLUMNS} columns"));
            self.wrong(&format!("{path}.width"), expected, &panel.width.to_string());
        }
        if !(LEAST_HEIGHT..=MOST_HEIGHT).contains(&panel.height) {
            let expected = both(format!("{LEAST_HEIGHT}〜{MOST_HEIGHT}段"), format!("{LEAST_HEIGHT} to {MOST_HEIGHT} grid rows"));
            self.wrong(&format!("{path}.height"), expected, &panel.height.to_string());
        }
        if let Some(decimals) = panel.decimals.filter(|decimals| *decimals > MOST_DECIMALS) {
            let expected = both(format!("小数点以下{MOST_DECIMALS}桁まで"), format!("at most {MOST_DECIMALS} decimals"));
            self.wrong(&format!("{path}.decimals"), expected, &decimals.to_string());
        }
    }

    fn value_axis(&mut self, path: &str, panel: &Panel) {
        for (key, end) in [("min", panel.min), ("max", panel.max)] {
            if let Some(end) = end.filter(|end| !end.is_finite()) {
                self.wrong(&format!("{path}.{key}"), both("有限の数値", "a finite number"), &end.to_string());
            }
        }
        if let (Some(min), Some(max)) = (panel.min, panel.max)
            && min >= max
        {
            let expected = both("min より大きい max", "a max above min");
            self.wrong(&format!("{path}.max"), expected, &max.to_string());
        }
        if let Some(max) = panel.max.filter(|max| panel.axis == Axis::Log && *max <= 0.0) {
            let expected = both("対数軸では0より大きい max", "a max above 0 on a logarithmic axis");
            self.wrong(&format!("{path}.max"), expected, &max.to_string());
        }
    }

    fn kind(&mut self, path: &str, kind: &Kind) {
        match kind {
            Kind::Text(text) => self.text(&format!("{path}.text"), text),
            Kind::States(states) => {
                self.most(&format!("{path}.states"), states.len(), MOST_CHOICES, "状態", "states");
                for (index, (value, name)) in states.iter().enumerate() {
                    self.title(&format!("{path}.states[{index}].name"), name);
                    if !value.is_finite() {
                        let expected = both("有限の数値", "a finite number");
                        self.wrong(&format!("{path}.states[{index}].value"), expected, &value.to_string());
                    }
                }
            }
            Kind::Lines(_) | Kind::Stat(_) | Kind::Gauge(_) | Kind::HeatMap | Kind::Table | Kind::Histogram | Kind::Pie(_) => {}
        }
    }

    fn judges(&mut self, path: &str, panel: &Panel) {
        self.most(&format!("{path}.judges"), panel.judges.len(), MOST_JUDGES, "しきい値", "thresholds");
        for (index, judge) in panel.judges.iter().enumerate() {
            self.title(&format!("{path}.judges[{index}].label"), &judge.label);
            if !judge.value.is_finite() {
                let expected = both("有限の数値", "a finite number");
                self.wrong(&format!("{path}.judges[{index}].value"), expected, &judge.value.to_string());
            }
        }
    }

    fn queries_of(&mut self, dashboard: &Dashboard, path: &str, panel: &Panel) {
        let outer = format!("{path}.queries");
        let is_text: bool = matches!(panel.kind, Kind::Text(_));
        if is_text && !panel.queries.is_empty() {
            self.say(&outer, both("文章のパネルにはクエリなし", "no query in a panel of text"), both("クエリあり", "some"));
        }
        if !is_text && panel.queries.is_empty() {
            self.say(&outer, both("一つ以上のクエリ", "at least one query"), both("なし", "none"));
        }
        self.most(&outer, panel.queries.len(), MOST_QUERIES, "クエリ", "queries");
        for (index, query) in panel.queries.iter().enumerate().take(MOST_QUERIES) {
            let path = format!("{outer}[{index}]");
            self.most(&format!("{path}.name"), query.name.chars().count(), super::MOST_TITLE, "文字", "characters");
            self.expression(&format!("{path}.expr"), &query.expr, &dashboard.variables);
        }
    }
}
