//! Numbers, large, each with how it came there.

use super::number::Manner;
use crate::words::dashboards::board_words;
use dashboard::Stat;
use leptos::prelude::*;
use model::Severity;
use ui::shape::Shape;
use ui::spark::Spark;

/// Numbers that any panel has room for.
const MOST_IN_SIGHT: usize = 4;

pub(super) fn stats(all: &[Stat], manner: Manner, span: (i64, i64)) -> AnyView {
    let class: &'static str = if all.len() == 1 { "stats stats--one" } else { "stats" };
    // So many may have to be scrolled, which needs no mouse.
    let tab: Option<&'static str> = (all.len() > MOST_IN_SIGHT).then_some("0");
    let all: Vec<AnyView> = all.iter().map(|stat| one(stat, manner, span)).collect();
    view! { <ul class=class tabindex=tab>{all}</ul> }.into_any()
}

fn one(stat: &Stat, manner: Manner, (from_ms, to_ms): (i64, i64)) -> AnyView {
    let words = board_words();
    let name = (!stat.name.is_empty()).then(|| view! { <span class="stats__name">{stat.name.clone()}</span> });
    let value: AnyView = if stat.value.is_nan() {
        view! { <span aria-hidden="true">"—"</span><span class="hush">{words.no_data}</span> }.into_any()
    } else {
        manner.with(stat.measure).view(stat.value)
    };
    // A line needs two points; one is the number itself.
    let spark = (stat.spark.len() > 1).then(|| {
        let label: String = format!("{} {}", stat.name, words.spark).trim().to_owned();
        let drawing: String = chart::spark(&stat.spark, from_ms, to_ms, None, stat.severity.map(Severity::level), &label);
        view! { <Spark drawing=drawing /> }
    });
    view! {
        <li class="stats__one">
            {name}
            <span class="stats__value">{severity(stat.severity)} {value}</span>
            {spark}
        </li>
    }
    .into_any()
}

/// The shape of a severity with its word; nothing where all is well.
pub(super) fn severity(severity: Option<Severity>) -> Option<AnyView> {
    let severity: Severity = severity?;
    let (level, code): (u8, &'static str) = (severity.level(), severity.code());
    Some(view! { <span class="stats__mark"><Shape level=level />{code}</span> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Unit;

    fn html(stat: Stat) -> String {
        stats(&[stat], Manner { unit: Unit::Seconds, decimals: None }, (0, 60_000)).to_html()
    }

    #[test]
    fn a_number_says_its_severity_in_a_shape_and_a_word_and_how_it_came_there() {
        let owner = Owner::new();
        owner.set();
        let spark = vec![(0, 1.0), (30_000, 5.0), (60_000, 20.0)];
        let html: String =
            html(Stat { name: "a".to_owned(), value: 20.0, severity: Some(Severity::P1), spark, ..Stat::default() });
        assert!(html.contains("P1") && html.contains("#sev-1") && html.contains("class=\"spark"), "{html}");
    }

    #[test]
    fn no_number_is_a_dash_that_is_read_aloud_and_one_point_is_no_line() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(Stat { value: f64::NAN, spark: vec![(0, 1.0)], ..Stat::default() });
        assert!(html.contains('—') && html.contains("データがありません") && !html.contains("<svg"), "{html}");
    }
}
