//! What else was unusual: a window is marked, and every metric compared with what came before it.

use super::address::Address;
use super::span::{Window, window_form};
use crate::words::explore::explore_words;
use crate::words::locale;
use api::explore::{UnlikeRow, UnlikeView};
use leptos::prelude::*;
use model::{Time, links};
use ui::context::use_look;
use ui::empty::Empty;
use ui::part::Part;
use ui::spark::Spark;
use ui::table::{Cell, Column, Table};

/// `shown` are the ends of the span that is shown.
pub(super) fn unlike(found: Option<&UnlikeView>, address: &Address, shown: (i64, i64)) -> AnyView {
    let words = explore_words();
    let ends: (i64, i64) = address.query.mark.unwrap_or(shown);
    // Whoever has zoomed in on something means that.
    let here = (address.is_chosen() && address.query.mark.is_none()).then(|| {
        let href: String = address.with_mark(Some(shown)).href();
        view! { <a class="button" href=href>{words.unlike_here}</a> }
    });
    let leave = found.map(|_| {
        let href: String = address.with_mark(None).href();
        view! { <a class="link" href=href>{words.unlike_leave}</a> }
    });
    let form: AnyView = window_form(address, &Window { name: "mark", id: "explore-mark", act: words.unlike_do, ends });
    view! {
        <div class="explore__unlike">
            {here}
            <details class="explore__fold" open=found.is_some()>
                <summary class="link">{words.unlike}</summary>
                <p class="mute">{words.unlike_about}</p>
                {form}
                {leave}
                {found.map(answer)}
            </details>
        </div>
    }
    .into_any()
}

fn answer(found: &UnlikeView) -> AnyView {
    let words = explore_words();
    let window: String = format!("{} – {}", moment(found.from), moment(found.to));
    let when: String = (words.unlike_when)(&window, &moment(found.since));
    let looked: String = (words.looked)(found.n_looked, found.n_known, found.n_unanswered);
    let over: &'static str = if found.is_cut { words.time_over } else { "" };
    let body: AnyView = if found.rows.is_empty() {
        view! { <Empty title=words.unlike_none say=words.unlike_none_hint /> }.into_any()
    } else {
        table(found)
    };
    view! {
        <Part title=words.unlike.to_owned()>
            <p class="explore__head">{when} " " {looked} " " {over}</p>
            {body}
        </Part>
    }
    .into_any()
}

fn moment(at: Time) -> String {
    let look = use_look();
    figures::day_time(at.0, &look.zone, look.locale)
}

fn table(found: &UnlikeView) -> AnyView {
    let words = explore_words();
    let columns = vec![
        Column::text(words.metric),
        Column::number(words.score),
        Column::number(words.usual),
        Column::number(words.inside),
        Column::text(words.course),
    ];
    let rows: Vec<AnyView> = found.rows.iter().map(|one| row(one, found)).collect();
    view! { <Table caption=words.unlike columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(one: &UnlikeRow, found: &UnlikeView) -> AnyView {
    let words = explore_words();
    let href: String = links::dashboards::explore(&one.expression, found.since.0, found.to.0);
    let figure = |value: f64| figures::value(value, one.unit, locale()).joined();
    let (score, usual, inside): (String, String, String) = (format!("{:.1}", one.score), figure(one.usual), figure(one.inside));
    let drawing: String = chart::spark(&one.points, found.since.0, found.to.0, None, None, &(words.course_of)(&one.metric));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="link code" href=href>{one.metric.clone()}</a></th>
            <Cell label=words.score number=true>{score}</Cell>
            <Cell label=words.usual number=true>{usual}</Cell>
            <Cell label=words.inside number=true>{inside}</Cell>
            <Cell label=words.course><Spark drawing=drawing /></Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Unit, Zone};

    fn view(rows: Vec<UnlikeRow>) -> UnlikeView {
        UnlikeView {
            from: Time(8_000_000),
            to: Time(9_000_000),
            since: Time(0),
            rows,
            n_looked: 12,
            n_known: 400,
            n_unanswered: 1,
            is_cut: true,
        }
    }

    #[test]
    fn what_was_found_leads_to_explore_and_what_was_left_out_is_said() {
        let owner = Owner::new();
        owner.set();
        let row = UnlikeRow {
            metric: "queue_bytes".to_owned(),
            expression: "avg(queue_bytes)".to_owned(),
            unit: Unit::Bytes,
            score: 12.34,
            usual: 1.0,
            inside: 90.0,
            points: vec![(0, 1.0), (9_000_000, 90.0)],
        };
        let address = Address::read("q=up&mark=8000000-9000000", &Zone::utc());
        let html: String = unlike(Some(&view(vec![row])), &address, (0, 1)).to_html();
        for part in ["12.3", "/explore?q=avg%28queue_bytes%29&amp;from=0&amp;to=9000000", "class=\"spark", "400", "5秒で"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let none: String = unlike(Some(&view(Vec::new())), &address, (0, 1)).to_html();
        assert!(none.contains(explore_words().unlike_none), "{none}");
    }

    #[test]
    fn whoever_has_zoomed_in_is_offered_to_mark_that() {
        let owner = Owner::new();
        owner.set();
        let html = |search: &str| unlike(None, &Address::read(search, &Zone::utc()), (5, 6)).to_html();
        assert!(html("q=up&from=5&to=6").contains("mark=5-6"));
        assert!(!html("q=up").contains("mark=5-6"));
    }
}
