//! The proof: every stretch of time with one price, and what makes it.

use super::written::{hours, percent, stretch, yen};
use crate::words::pay::{PayWords, pay_words};
use api::pay::{PayPersonView, PaySegment};
use leptos::prelude::*;
use model::pay::premium::Part as Premium;
use model::pay::{PayBasis, WHOLE_BP};
use ui::icon::{Icon, IconName};
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// All segments of a month.
pub fn segments(view: &PayPersonView) -> AnyView {
    let words = pay_words();
    let count: Option<String> = Some(view.segments.len().to_string());
    let lead: String = (words.zone_note)(&view.zone);
    let body: AnyView = if view.segments.is_empty() {
        view! { <p class="mute">{words.no_segments}</p> }.into_any()
    } else {
        table(&view.segments)
    };
    view! {
        <Part title=words.segments.to_owned() count=count id="segments">
            <p class="pay__hint">{words.segments_hint} " " {lead}</p>
            {body}
        </Part>
    }
    .into_any()
}

fn table(all: &[PaySegment]) -> AnyView {
    let words = pay_words();
    let columns = vec![
        Column::text(words.when),
        Column::text(words.category),
        Column::number(words.duration),
        Column::number(words.per_hour),
        Column::text(words.premium),
        Column::number(words.paid),
        Column::number(words.floor),
        Column::number(words.yen),
        Column::text(words.sources),
    ];
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    view! { <Table caption=words.segments columns=columns stacked=true>{lines}</Table> }.into_any()
}

fn line(one: &PaySegment) -> AnyView {
    let words = pay_words();
    let parts: Vec<String> = one.parts.iter().map(|part| part_text(part, words)).collect();
    let base: String = if one.is_paid { yen(i64::from(one.base_yen)) } else { words.by_salary.to_owned() };
    let paid: String = percent(one.premium_bp.saturating_add(if one.is_paid { WHOLE_BP } else { 0 }));
    let (category, floor): (String, AnyView) = (category(one, words), floor(one, words));
    let (duration, money): (String, String) = (hours(one.ms), yen(one.yen));
    let parts: String = parts.join(" + ");
    let sources: String = one.sources.join(" · ");
    let rule: String = (words.by_rule)(&(words.duty_name)(&one.rule), one.version);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {stretch(one.from, one.until)}
                <small class="table__sub">{basis(one.basis, words)}</small>
            </th>
            <Cell label=words.category>{category}</Cell>
            <Cell label=words.duration number=true>{duration}</Cell>
            <Cell label=words.per_hour number=true>{base}</Cell>
            <Cell label=words.premium>{parts}</Cell>
            <Cell label=words.paid number=true>{paid}</Cell>
            <Cell label=words.floor number=true>{floor}</Cell>
            <Cell label=words.yen number=true>{money}</Cell>
            <Cell label=words.sources wide=true>{sources} <small class="table__sub">{rule}</small></Cell>
        </tr>
    }
    .into_any()
}

fn basis(basis: PayBasis, words: &PayWords) -> &'static str {
    match basis {
        PayBasis::Standby => words.standby,
        PayBasis::Worked => words.worked,
    }
}

fn category(one: &PaySegment, words: &PayWords) -> String {
    let word: &str = words.categories[one.category as usize];
    if one.is_statutory { format!("{word} · {}", words.statutory) } else { word.to_owned() }
}

fn part_text(part: &Premium, words: &PayWords) -> String {
    format!("{} {}", (words.part)(part.kind), percent(part.bp))
}

/// The least that the law asks for work, and a sign where less is paid. Standby has none.
fn floor(one: &PaySegment, words: &PayWords) -> AnyView {
    if one.basis == PayBasis::Standby {
        return ().into_any();
    }
    let text: String = percent(one.floor_bp);
    if one.is_below {
        view! { <span class="pay__note pay__note--grave"><Icon name=IconName::Warn />{text} " " {words.below}</span> }.into_any()
    } else {
        text.into_any()
    }
}
