//! Dashboards of every kind, for tests that must hold for all of them.

use crate::board::{Dashboard, Link, Refresh, Row, Span};
use crate::panel::{Judge, Kind, Legend, Lines, Panel, Query, Reduce};
use crate::said::Said;
use crate::series::{Column, Matching, SeriesOverride, Sort, TableLayout};
use crate::variable::{Offer, Variable};
use chart::Axis;
use figures::Unit;
use model::Severity;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn words() -> impl Strategy<Value = String> {
    "[a-z\u{3041}-\u{3093} ]{0,6}"
}

fn said() -> impl Strategy<Value = Said> {
    (words(), words()).prop_map(|(ja, en)| Said { ja, en })
}

fn link() -> impl Strategy<Value = Link> {
    (said(), "/[a-z]{0,3}", any::<bool>()).prop_map(|(title, href, keeps_span)| Link { title, href, keeps_span })
}

fn offer() -> impl Strategy<Value = Offer> {
    prop_oneof![
        ("[a-z]{1,3}", words(), words()).prop_map(|(label, selector, regex)| Offer::LabelValues { label, selector, regex }),
        (words(), "[a-z]{1,3}").prop_map(|(expr, label)| Offer::Query { expr, label }),
        vec((words(), words()), 0..3).prop_map(Offer::List),
        vec("[1-9][mh]", 0..3).prop_map(Offer::Interval),
        Just(Offer::Text),
    ]
}

/// What is drawn for a variable: label, offer, flags, default.
type Drawn = (Said, Offer, [bool; 3], Vec<String>);

fn variables() -> impl Strategy<Value = Vec<Variable>> {
    let one = (said(), offer(), any::<[bool; 3]>(), vec(words(), 0..3));
    vec(one, 0..3).prop_map(|all| {
        let named = all.into_iter().zip(["host", "job", "other"]);
        let variable = |((label, offer, flags, default), name): (Drawn, &str)| Variable {
            name: name.to_owned(),
            label,
            offer,
            is_multi: flags[0],
            has_all: flags[1],
            default,
            is_hidden: flags[2],
        };
        named.map(variable).collect()
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
        vec((-3.0..3.0_f64, said()), 0..3).prop_map(Kind::States),
        said().prop_map(Kind::Text),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    (words(), words(), any::<[bool; 2]>()).prop_map(|(expr, name, flags)| Query {
        expr,
        name,
        is_hidden: flags[0],
        is_instant: flags[1],
    })
}

fn judge() -> impl Strategy<Value = Judge> {
    (-9.0..9.0_f64, 0_usize..4, any::<bool>(), said()).prop_map(|(value, severity, is_below, label)| Judge {
        value,
        severity: Severity::ALL[severity],
        is_below,
        label,
    })
}

fn series() -> impl Strategy<Value = SeriesOverride> {
    let matching = prop_oneof!["[a-z]{1,3}".prop_map(Matching::Name), "[a-z]{1,3}".prop_map(Matching::Regex)];
    (matching, words(), option::of(0_usize..9), option::of(0_u8..5), any::<bool>()).prop_map(
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
    let column = ("[a-z]{1,3}", words(), any::<bool>()).prop_map(|(name, title, is_hidden)| Column { name, title, is_hidden });
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
        queries in vec(query(), 0..3),
        unit in 0_usize..9,
        decimals in option::of(0_u8..5),
        ends in (option::of(-9.0..9.0_f64), option::of(-9.0..9.0_f64)),
        axis in select(vec![Axis::Linear, Axis::Log, Axis::Symlog]),
        judges in vec(judge(), 0..3),
        legend in vec(select(vec![Legend::Last, Legend::Min, Legend::Max, Legend::Mean, Legend::P95]), 0..3),
        size in (1_u8..25, 2_u8..31),
        more in (option::of("[a-z]{1,3}"), option::of(1_i64..100_000_000), vec(series(), 0..3), table()),
        links in vec(link(), 0..2),
    ) -> Panel {
        Panel {
            id: String::new(),
            title: texts.0,
            description: texts.1,
            kind, queries, decimals, axis, judges, legend, links,
            repeat: more.0,
            past_ms: more.1,
            series: more.2,
            table: more.3,
            unit: Unit::ALL[unit],
            min: ends.0,
            max: ends.1,
            width: size.0,
            height: size.1,
        }
    }
}

fn row() -> impl Strategy<Value = Row> {
    (said(), any::<bool>(), option::of("[a-z]{1,3}"), vec(panel(), 0..3)).prop_map(|(title, is_folded, repeat, panels)| Row {
        title,
        is_folded,
        repeat,
        panels,
    })
}

fn refresh() -> impl Strategy<Value = Refresh> {
    prop_oneof![Just(Refresh::Live), Just(Refresh::Off), (5_000_i64..90_000).prop_map(Refresh::Every)]
}

prop_compose! {
    fn unnumbered()(
        slug in "[a-z]{1,3}",
        texts in (said(), said()),
        tags in vec("[a-z]{1,3}", 0..3),
        team in option::of("[a-z]{1,3}"),
        span in 60_000_i64..900_000_000,
        refresh in refresh(),
        links in vec(link(), 0..2),
        variables in variables(),
        rows in vec(row(), 0..3),
    ) -> Dashboard {
        Dashboard { slug, title: texts.0, description: texts.1, tags, team, span: Span(span), refresh, links, variables, rows }
    }
}

/// Dashboards with different ids. They may break every other law.
pub(crate) fn any_dashboard() -> impl Strategy<Value = Dashboard> {
    unnumbered().prop_map(|mut dashboard| {
        for (index, panel) in dashboard.rows.iter_mut().flat_map(|row| &mut row.panels).enumerate() {
            panel.id = format!("p{index}");
        }
        dashboard
    })
}
