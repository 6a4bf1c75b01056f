//! How fast: incidents and alerts, until somebody had them and until they were over. Mean, median, nine of ten, worst; each opens the list it
//! was worked out from.

use super::asked::list_address;
use super::number;
use crate::words::locale;
use crate::words::reviews::review_words;
use api::reviews::{NOT_YET, ReviewQuery, ReviewView, TookView};
use figures::duration;
use leptos::prelude::*;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The part.
pub fn figures_of(view: &ReviewView, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let columns = vec![
        Column::text(said.what),
        Column::number(said.counted),
        Column::number(said.mean),
        Column::number(said.median),
        Column::number(said.p90),
        Column::number(said.worst),
        Column::number(said.not_yet),
    ];
    let rows: Vec<AnyView> = vec![
        row(said.incident_ack, "ack", &view.incident_ack, query),
        row(said.incident_resolve, "resolve", &view.incident_resolve, query),
        row(said.alert_ack, "alert-ack", &view.alert_ack, query),
        row(said.alert_resolve, "alert-resolve", &view.alert_resolve, query),
    ];
    let breaches: AnyView = number(query, "breaches", "", view.n_breaches, said.breaches);
    let told: String = (said.happened)(view.n_incidents, view.n_alerts);
    view! {
        <Part title=said.figures_title.to_owned() id="figures">
            <p class="reviews__told"><span>{told}</span> <span>{said.breaches} " " {breaches}</span></p>
            <Table caption=said.figures_title columns=columns stacked=true>{rows}</Table>
        </Part>
    }
    .into_any()
}

fn row(what: &'static str, list: &'static str, took: &TookView, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let href: String = list_address(query, list, "");
    let figure = |pick: fn(&model::review::Figures) -> i64| -> AnyView {
        match took.figures.as_ref() {
            Some(found) => {
                let text: String = duration(pick(found), locale());
                view! { <a class="link" href=href.clone()>{text}</a> }.into_any()
            }
            None => view! { <span class="mute">"—"</span> }.into_any(),
        }
    };
    let n: u32 = took.figures.as_ref().map_or(0, |found| u32::try_from(found.n).unwrap_or(u32::MAX));
    let (mean, median, p90, worst): (AnyView, AnyView, AnyView, AnyView) = (
        figure(|found| found.mean_ms),
        figure(|found| found.median_ms),
        figure(|found| found.p90_ms),
        figure(|found| found.worst_ms),
    );
    let not_yet: String = format!("{list}{NOT_YET}");
    let (counted, not_yet): (AnyView, AnyView) =
        (number(query, list, "", n, said.counted), number(query, &not_yet, "", took.n_not_yet, said.not_yet));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{what}</th>
            <Cell label=said.counted number=true>{counted}</Cell>
            <Cell label=said.mean number=true>{mean}</Cell>
            <Cell label=said.median number=true>{median}</Cell>
            <Cell label=said.p90 number=true>{p90}</Cell>
            <Cell label=said.worst number=true>{worst}</Cell>
            <Cell label=said.not_yet number=true>{not_yet}</Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::row;
    use api::reviews::{ReviewQuery, TookView};
    use leptos::prelude::*;
    use model::review::figures;

    #[test]
    fn what_is_counted_and_what_has_not_happened_open_different_lists() {
        let owner = Owner::new();
        owner.set();
        let took = TookView { figures: figures(&[60_000]), n_not_yet: 2 };
        let html = row("x", "ack", &took, &ReviewQuery::default()).to_html();
        assert_eq!(html.matches("/reviews?list=ack#list").count(), 5, "{html}");
        assert_eq!(html.matches("/reviews?list=ack-not-yet#list").count(), 1, "{html}");
    }
}
