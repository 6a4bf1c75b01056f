//! Dashboards that keep every law, with texts in them that YAML could take for its own.

use dashboard::{
    Axis, Column, Dashboard, Judge, Kind, Legend, Lines, Link, Matching, Offer, Panel, Query, Reduce, Refresh, Row, Said,
    SeriesOverride, Sort, Span, TableLayout, Variable,
};
use figures::Unit;
use model::Severity;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const EXPRS: [&str; 5] = [
    "up",
    "1",
    "sum by (host) (rate(a[$__rate_interval]))\n/ 2",
    "max_over_time(b{c=~\"$host\"}[2h])  # why",
    "topk($n, {__name__=~\"a.*\"})",
];

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[ -z\u{3041}-\u{3093}\t]{1,30}(\n[!-z\u{3041}-\u{3093}]{1,20})?",
        select(vec!["true", "null", "~", "1.0", "0x1f", "- a", "a: b", "#", "on", "2026-11-22", "|", "<b>&amp;"])
            .prop_map(str::to_owned),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![words().prop_map(|both| Said::same(&both)), (words(), words()).prop_map(|(ja, en)| Said { ja, en })]
}

fn link() -> impl Strategy<Value = Link> {
    let href = prop_oneof!["/[a-z?=$&#]{0,9}[a-z]", "https://[a-z]{1,9}/[a-z#?=&%: ]{0,9}"];
    (said(), href, any::<bool>()).prop_map(|(title, href, keeps_span)| Link { title, href, keeps_span })
}

fn expr() -> impl Strategy<Value = String> {
    (0..EXPRS.len()).prop_map(|index| EXPRS[index].to_owned())
}

/// `host` may be several, `n` is a number, `other` anything.
fn variables() -> impl Strategy<Value = Vec<Variable>> {
    let choices = vec((words(), words()), 1..4);
    let windows = vec("[1-9][smhdw]", 1..4);
    let other = prop_oneof![choices.prop_map(Offer::List), windows.prop_map(Offer::Interval), Just(Offer::Text)];
    (said(), words(), other, any::<[bool; 4]>(), vec(words(), 0..3)).prop_map(|(label, regex, other, flags, default)| {
        let offer = Offer::LabelValues { label: "host".to_owned(), selector: "up".to_owned(), regex: regex.replace('$', "") };
        let host = Variable { name: "host".to_owned(), label, offer, is_multi: true, has_all: flags[0], ..Variable::default() };
        let n = Variable { name: "n".to_owned(), default: vec!["5".to_owned()], is_hidden: flags[1], ..Variable::default() };
        let query = Offer::Query { expr: "sum by (a) (up{b=~\"$host\"})".to_owned(), label: "a".to_owned() };
        let asked = Variable { name: "asked".to_owned(), offer: query, is_multi: flags[3], ..Variable::default() };
        let other = Variable { name: "other".to_owned(), offer: other, is_multi: flags[2], default, ..Variable::default() };
        vec![host, n, asked, other]
    })
}

fn reduce() -> impl Strategy<Value = Reduce> {
    select(vec![Reduce::Last, Reduce::Min, Reduce::Max, Reduce::Mean, Reduce::Sum, Reduce::P95, Reduce::Change])
}

fn kind() -> impl Strategy<Value = Kind> {
    let lines = select(vec![Lines::Line, Lines::Area, Lines::Stacked, Lines::Bars, Lines::StackedBars, Lines::Points]);
    prop_oneof![
        lines.prop_map(Kind::Lines),
        reduce().prop_map(Kind::Stat),
        reduce().prop_map(Kind::Gauge),
        reduce().prop_map(Kind::Pie),
        Just(Kind::HeatMap),
        Just(Kind::Table),
        Just(Kind::Histogram),
        vec((-1e9..1e9_f64, said()), 0..3).prop_map(Kind::States),
        said().prop_map(Kind::Text),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    (expr(), words(), any::<[bool; 2]>()).prop_map(|(expr, name, flags)| Query {
        expr,
        name,
        is_hidden: flags[0],
        is_instant: flags[1],
    })
}

fn judge() -> impl Strategy<Value = Judge> {
    (-1e12..1e12_f64, 0_usize..4, any::<bool>(), said()).prop_map(|(value, severity, is_below, label)| Judge {
        value,
        severity: Severity::ALL[severity],
        is_below,
        label,
    })
}

fn past_ms() -> impl Strategy<Value = Option<i64>> {
    option::of(1_i64..31_000_000_000)
}

fn series() -> impl Strategy<Value = SeriesOverride> {
    let matching = prop_oneof!["[a-z]{1,3}".prop_map(Matching::Name), "[a-z]{1,3}[.]?".prop_map(Matching::Regex)];
    (matching, "[a-z{} ]{0,6}", option::of(0_usize..9), option::of(0_u8..5), any::<bool>()).prop_map(
        |(matching, name, unit, decimals, is_hidden)| SeriesOverride {
            matching,
            name,
            unit: unit.map(|unit| Unit::ALL[unit]),
            decimals,
            is_hidden,
        },
    )
}

fn table() -> impl Strategy<Value = TableLayout> {
    let column =
        ("[a-z*]{1,3}", "[a-z ]{0,4}", any::<bool>()).prop_map(|(name, title, is_hidden)| Column { name, title, is_hidden });
    let sort = ("[a-z]{1,3}", any::<bool>()).prop_map(|(column, is_falling)| Sort { column, is_falling });
    (vec(column, 0..3), option::of(sort), option::of(1_u16..500)).prop_map(|(columns, sort, limit)| TableLayout {
        columns,
        sort,
        limit,
    })
}

prop_compose! {
    fn panel()(
        texts in (said(), said()),
        kind in kind(),
        queries in vec(query(), 1..4),
        unit in 0_usize..9,
        decimals in option::of(0_u8..5),
        ends in (option::of(-9.0..0.0_f64), option::of(1.0..9e15_f64)),
        axis in select(vec![Axis::Linear, Axis::Log, Axis::Symlog]),
        judges in vec(judge(), 0..3),
        legend in vec(select(vec![Legend::Last, Legend::Min, Legend::Max, Legend::Mean, Legend::P95]), 0..3),
        size in (1_u8..25, 2_u8..31),
        more in (any::<bool>(), past_ms(), vec(series(), 0..3), table()),
        links in vec(link(), 0..2),
    ) -> Panel {
        let is_text: bool = matches!(kind, Kind::Text(_));
        let layout: TableLayout = if matches!(kind, Kind::Table) { more.3 } else { TableLayout::default() };
        Panel {
            id: String::new(),
            title: texts.0,
            description: texts.1,
            queries: if is_text { Vec::new() } else { queries },
            kind, decimals, axis, judges, legend, links,
            unit: Unit::ALL[unit],
            min: ends.0,
            max: ends.1,
            width: size.0,
            height: size.1,
            repeat: more.0.then(|| "host".to_owned()),
            past_ms: more.1,
            series: more.2,
            table: layout,
        }
    }
}

fn row() -> impl Strategy<Value = Row> {
    let title = prop_oneof![Just(Said::default()), said()];
    (title, any::<bool>(), any::<bool>(), vec(panel(), 0..3)).prop_map(|(title, is_folded, repeats, panels)| Row {
        title,
        is_folded,
        repeat: repeats.then(|| "host".to_owned()),
        panels,
    })
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let plain = vec(panel(), 0..4).prop_map(|panels| vec![Row { panels, ..Row::default() }]);
    prop_oneof![plain, vec(row(), 0..4)]
}

fn refresh() -> impl Strategy<Value = Refresh> {
    prop_oneof![Just(Refresh::Live), Just(Refresh::Off), (5_000_i64..90_000_000).prop_map(Refresh::Every)]
}

prop_compose! {
    fn dashboard()(
        texts in (said(), said()),
        tag in option::of("[a-z0-9:#!]{1,12}"),
        team in option::of(words()),
        span in 60_000_i64..900_000_000,
        refresh in refresh(),
        links in vec(link(), 0..2),
        variables in variables(),
        rows in rows(),
    ) -> Dashboard {
        let title: Said = if texts.0.is_empty() { Said::same("a") } else { texts.0 };
        let tags: Vec<String> = tag.into_iter().collect();
        Dashboard { slug: String::new(), title, description: texts.1, tags, team, span: Span(span), refresh, links, variables, rows }
    }
}

/// Some dashboards that can stand in one file.
pub(super) fn any_dashboards() -> impl Strategy<Value = Vec<Dashboard>> {
    vec(dashboard(), 1..3).prop_map(|mut dashboards| {
        for (index, dashboard) in dashboards.iter_mut().enumerate() {
            dashboard.slug = format!("board-{index}");
            for (index, panel) in dashboard.rows.iter_mut().flat_map(|row| &mut row.panels).enumerate() {
                panel.id = format!("p{index}");
            }
        }
        dashboards
    })
}
