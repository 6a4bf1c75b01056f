//! A dashboard as a flat list of paths and texts: every field of it, once.

use crate::board::{Dashboard, Link, Refresh, Row};
use crate::panel::{Judge, Kind, Legend, Panel, Query};
use crate::said::Said;
use crate::series::{SeriesOverride, TableLayout};
use crate::variable::{Offer, Variable};
use figures::Unit;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) path: String,
    pub(super) text: String,
    /// The name of something whose fields follow. It differs only by being there.
    pub(super) is_head: bool,
}

/// All fields, in their order. What is empty or as usual is left out where it can be told from what is not.
pub(super) fn of(dashboard: &Dashboard) -> Vec<Leaf> {
    let mut leaves = Leaves::default();
    leaves.put("slug", &dashboard.slug);
    leaves.said("title", &dashboard.title);
    leaves.said("description", &dashboard.description);
    leaves.put("tags", &dashboard.tags.join(", "));
    leaves.put("team", dashboard.team.as_deref().unwrap_or_default());
    leaves.put("span", &duration(dashboard.span.0));
    leaves.put("refresh", &refresh(dashboard.refresh));
    leaves.links("", &dashboard.links);
    let names: Vec<&str> = dashboard.variables.iter().map(|variable| variable.name.as_str()).collect();
    leaves.put("variables", &names.join(", "));
    for variable in &dashboard.variables {
        leaves.variable(variable);
    }
    for (index, row) in dashboard.rows.iter().enumerate() {
        leaves.row(index, row);
    }
    for panel in dashboard.rows.iter().flat_map(|row| &row.panels) {
        leaves.panel(panel);
    }
    leaves.0
}

#[derive(Default)]
struct Leaves(Vec<Leaf>);

impl Leaves {
    fn put(&mut self, path: &str, text: &str) {
        if !text.is_empty() {
            self.field(path, text);
        }
    }

    /// There, also where it is empty.
    fn field(&mut self, path: &str, text: &str) {
        self.0.push(Leaf { path: path.to_owned(), text: text.to_owned(), is_head: false });
    }

    fn head(&mut self, path: &str, text: &str) {
        self.0.push(Leaf { path: path.to_owned(), text: text.to_owned(), is_head: true });
    }

    fn flag(&mut self, path: &str, is_set: bool) {
        self.field(path, if is_set { "yes" } else { "no" });
    }

    fn said(&mut self, path: &str, said: &Said) {
        self.put(&format!("{path}.ja"), &said.ja);
        self.put(&format!("{path}.en"), &said.en);
    }

    fn links(&mut self, outer: &str, links: &[Link]) {
        for (index, link) in links.iter().enumerate() {
            let path = format!("{outer}links[{index}]");
            self.head(&path, &link.href);
            self.said(&format!("{path}.title"), &link.title);
            self.put(&format!("{path}.href"), &link.href);
            self.flag(&format!("{path}.keeps_span"), link.keeps_span);
        }
    }

    fn variable(&mut self, variable: &Variable) {
        let path = format!("variables[{}]", variable.name);
        self.head(&path, &variable.name);
        self.said(&format!("{path}.label"), &variable.label);
        self.offer(&path, &variable.offer);
        self.flag(&format!("{path}.is_multi"), variable.is_multi);
        self.flag(&format!("{path}.has_all"), variable.has_all);
        for (index, value) in variable.default.iter().enumerate() {
            self.field(&format!("{path}.default[{index}]"), value);
        }
        self.flag(&format!("{path}.is_hidden"), variable.is_hidden);
    }

    fn offer(&mut self, path: &str, offer: &Offer) {
        self.put(&format!("{path}.from"), offer.as_str());
        match offer {
            Offer::LabelValues { label, selector, regex } => {
                self.put(&format!("{path}.values_of"), label);
                self.put(&format!("{path}.selector"), selector);
                self.put(&format!("{path}.regex"), regex);
            }
            Offer::Query { expr, label } => {
                self.put(&format!("{path}.expr"), expr);
                self.put(&format!("{path}.values_of"), label);
            }
            Offer::List(choices) => {
                for (index, (text, value)) in choices.iter().enumerate() {
                    self.head(&format!("{path}.values[{index}]"), value);
                    self.put(&format!("{path}.values[{index}].text"), text);
                    self.put(&format!("{path}.values[{index}].value"), value);
                }
            }
            Offer::Interval(windows) => {
                for (index, window) in windows.iter().enumerate() {
                    self.field(&format!("{path}.windows[{index}]"), window);
                }
            }
            Offer::Text => {}
        }
    }

    fn row(&mut self, index: usize, row: &Row) {
        let path = format!("rows[{index}]");
        self.head(&path, row.title.read(figures::Locale::En));
        self.said(&format!("{path}.title"), &row.title);
        self.flag(&format!("{path}.is_folded"), row.is_folded);
        self.put(&format!("{path}.repeat"), row.repeat.as_deref().unwrap_or_default());
        let ids: Vec<&str> = row.panels.iter().map(|panel| panel.id.as_str()).collect();
        self.put(&format!("{path}.panels"), &ids.join(", "));
    }

    fn panel(&mut self, panel: &Panel) {
        let path = format!("panels[{}]", panel.id);
        let title: &str = panel.title.read(figures::Locale::En);
        self.head(&path, if title.is_empty() { &panel.id } else { title });
        self.said(&format!("{path}.title"), &panel.title);
        self.said(&format!("{path}.description"), &panel.description);
        self.kind(&path, &panel.kind);
        for (index, query) in panel.queries.iter().enumerate() {
            self.query(&format!("{path}.queries[{index}]"), query);
        }
        self.put(&format!("{path}.unit"), panel.unit.as_str());
        self.put(&format!("{path}.decimals"), &number(panel.decimals.map(f64::from)));
        self.put(&format!("{path}.min"), &number(panel.min));
        self.put(&format!("{path}.max"), &number(panel.max));
        self.put(&format!("{path}.axis"), panel.axis.as_str());
        for (index, judge) in panel.judges.iter().enumerate() {
            self.judge(&format!("{path}.judges[{index}]"), judge);
        }
        let legend: Vec<&str> = panel.legend.iter().copied().map(Legend::as_str).collect();
        self.put(&format!("{path}.legend"), &legend.join(", "));
        self.put(&format!("{path}.width"), &panel.width.to_string());
        self.put(&format!("{path}.height"), &panel.height.to_string());
        self.put(&format!("{path}.repeat"), panel.repeat.as_deref().unwrap_or_default());
        self.links(&format!("{path}."), &panel.links);
        self.put(&format!("{path}.past"), &panel.past_ms.map(duration).unwrap_or_default());
        for (index, one) in panel.series.iter().enumerate() {
            self.series(&format!("{path}.series[{index}]"), one);
        }
        self.table(&path, &panel.table);
    }

    fn series(&mut self, path: &str, one: &SeriesOverride) {
        self.head(path, &one.matching.text());
        self.put(&format!("{path}.matching"), &one.matching.text());
        self.put(&format!("{path}.name"), &one.name);
        self.put(&format!("{path}.unit"), one.unit.map(Unit::as_str).unwrap_or_default());
        self.put(&format!("{path}.decimals"), &number(one.decimals.map(f64::from)));
        self.flag(&format!("{path}.is_hidden"), one.is_hidden);
    }

    fn table(&mut self, path: &str, table: &TableLayout) {
        for (index, column) in table.columns.iter().enumerate() {
            let path = format!("{path}.columns[{index}]");
            self.head(&path, &column.name);
            self.put(&format!("{path}.column"), &column.name);
            self.put(&format!("{path}.title"), &column.title);
            self.flag(&format!("{path}.is_hidden"), column.is_hidden);
        }
        if let Some(sort) = &table.sort {
            self.put(&format!("{path}.sort.column"), &sort.column);
            self.flag(&format!("{path}.sort.is_falling"), sort.is_falling);
        }
        self.put(&format!("{path}.limit"), &number(table.limit.map(f64::from)));
    }

    fn kind(&mut self, path: &str, kind: &Kind) {
        self.put(&format!("{path}.kind"), kind.as_str());
        match kind {
            Kind::Stat(how) | Kind::Gauge(how) | Kind::Pie(how) => self.put(&format!("{path}.reduce"), how.as_str()),
            Kind::States(names) => {
                for (index, (value, name)) in names.iter().enumerate() {
                    self.head(&format!("{path}.states[{index}]"), &value.to_string());
                    self.field(&format!("{path}.states[{index}].value"), &value.to_string());
                    self.said(&format!("{path}.states[{index}].name"), name);
                }
            }
            Kind::Text(text) => self.said(&format!("{path}.text"), text),
            Kind::Lines(_) | Kind::HeatMap | Kind::Table | Kind::Histogram => {}
        }
    }

    fn query(&mut self, path: &str, query: &Query) {
        self.head(path, &query.expr);
        self.put(&format!("{path}.expr"), &query.expr);
        self.put(&format!("{path}.name"), &query.name);
        self.flag(&format!("{path}.is_hidden"), query.is_hidden);
        self.flag(&format!("{path}.is_instant"), query.is_instant);
    }

    fn judge(&mut self, path: &str, judge: &Judge) {
        let sign: &str = if judge.is_below { "<=" } else { ">=" };
        let told = format!("{sign} {} {}", judge.value, judge.severity.code());
        self.head(path, &told);
        self.field(&format!("{path}.at"), &told);
        self.said(&format!("{path}.label"), &judge.label);
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// As PromQL writes it; plain milliseconds where that can't be.
fn duration(ms: i64) -> String {
    u64::try_from(ms).map_or_else(|_| format!("{ms}ms"), promql::numbers::format_duration)
}

fn refresh(refresh: Refresh) -> String {
    match refresh {
        Refresh::Live => "live".to_owned(),
        Refresh::Every(ms) => duration(ms),
        Refresh::Off => "off".to_owned(),
    }
}
