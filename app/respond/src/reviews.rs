//! Looking back: how fast people answered, who was woken, what was noise, and whether the load is shared. Every number opens its list, and
//! the list has an address.

mod asked;
mod figures_of;
mod lists;

use crate::oncall::said::option;
use crate::screen::loaded;
use crate::words::reviews::review_words;
use crate::words::{locale, words};
use api::ask;
use api::pulse::use_pulse;
use api::reviews::{FairnessView, LoadLine, NoiseLine, PagesLine, ReviewQuery, ReviewView, SwapView, review};
use asked::list_address;
use figures::{Zone, duration};
use figures_of::figures_of;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::ids::RuleId;
use model::links;
use ui::button::Button;
use ui::callout::{Callout, Tone};
use ui::field::Field;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// Sources of noise that are listed; the others made less of it.
const MOST_NOISE: usize = 30;

/// The screen at `/reviews`.
#[component]
pub fn ReviewsScreen() -> impl IntoView {
    let (said, pulse, search) = (review_words(), use_pulse(), use_location().search);
    let asked: Memo<ReviewQuery> = Memo::new(move |_| search.with(|search| asked::query(search)));
    let data = ask(move || (asked.get(), pulse.reconnected.get()), |(query, _)| review(query));
    view! {
        <Title text=said.title />
        <div class="reviews">{loaded(data, move |view| sheet(&view, &asked.get_untracked()))}</div>
    }
    .into_any()
}

fn sheet(view: &ReviewView, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let cut = view.is_cut.then(|| view! { <Callout tone=Tone::Plain>{said.is_cut}</Callout> });
    view! {
        <header class="screen-head">
            <h1>{said.title}</h1>
            <p class="screen-head__lead">{said.lead}</p>
            <p class="screen-head__ways"><a class="link" href=links::INCIDENTS>{said.to_incidents}</a></p>
        </header>
        {filters(view, query)}
        {cut}
        {lists::opened(view, query)}
        {figures_of(view, query)}
        {pages(&view.pages, query)}
        {noise(&view.noise, query)}
        {fairness(&view.fairness)}
    }
    .into_any()
}

/// Which period, team and system.
fn filters(view: &ReviewView, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let mut teams: Vec<AnyView> = vec![option("", words().any, &query.team)];
    teams.extend(view.teams.iter().map(|(id, name)| option(&id.to_string(), name, &query.team)));
    let mut systems: Vec<AnyView> = vec![option("", words().any, &query.system)];
    systems.extend(view.systems.iter().map(|name| option(name, name, &query.system)));
    let (from, until): (String, String) = (view.from_day.clone(), view.until_day.clone());
    view! {
        <form class="incidents__filters" method="get" action=links::REVIEWS role="search">
            <Field id="review-from" label=said.from_day.to_owned()>
                <input class="input" id="review-from" name="from" type="date" value=from />
            </Field>
            <Field id="review-until" label=said.until_day.to_owned()>
                <input class="input" id="review-until" name="until" type="date" value=until />
            </Field>
            <Field id="review-team" label=said.team.to_owned()>
                <select class="input" id="review-team" name="team">{teams}</select>
            </Field>
            <Field id="review-system" label=said.system.to_owned()>
                <select class="input" id="review-system" name="system">{systems}</select>
            </Field>
            <p class="incidents__filter-acts"><Button kind="submit">{words().apply}</Button></p>
        </form>
    }
    .into_any()
}

/// A number that opens its list; nothing to open where it is none.
pub fn number(query: &ReviewQuery, list: &str, of: &str, n: u32, what: &str) -> AnyView {
    if n == 0 {
        return view! { <span class="mute">"0"</span> }.into_any();
    }
    let label: String = format!("{what}: {n}");
    view! { <a class="link" href=list_address(query, list, of) aria-label=label>{n}</a> }.into_any()
}

/// Pages by person: when, and how often they were woken.
fn pages(lines: &[PagesLine], query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let columns = vec![
        Column::text(said.person),
        Column::number(said.pages),
        Column::number(said.in_business),
        Column::number(said.on_days_off),
        Column::number(said.at_night),
        Column::number(said.nights),
        Column::number(said.woken),
        Column::number(said.in_a_row),
    ];
    let rows: Vec<AnyView> = lines.iter().map(|line| pages_row(line, query)).collect();
    let body: AnyView = if rows.is_empty() {
        view! { <p class="mute">{said.pages_none}</p> }.into_any()
    } else {
        view! { <Table caption=said.pages_title columns=columns stacked=true>{rows}</Table> }.into_any()
    };
    let more = || review_words().pages_note;
    view! { <Part title=said.pages_title.to_owned() more=more id="pages">{body}</Part> }.into_any()
}

fn pages_row(line: &PagesLine, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let person: String = line.person.id.to_string();
    let (pages, nights): (AnyView, AnyView) = (
        number(query, "pages", &person, line.n_pages, said.pages),
        number(query, "nights", &person, line.n_at_night, said.at_night),
    );
    let name: String = if line.person.name.is_empty() { said.unknown.to_owned() } else { line.person.name.clone() };
    let (n_in_business, n_on_days_off, n_nights): (u32, u32, u32) = (line.n_in_business, line.n_on_days_off, line.n_nights);
    let (n_woken, longest_run): (u32, u32) = (line.n_interruptions, line.longest_run);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <Cell label=said.pages number=true>{pages}</Cell>
            <Cell label=said.in_business number=true>{n_in_business}</Cell>
            <Cell label=said.on_days_off number=true>{n_on_days_off}</Cell>
            <Cell label=said.at_night number=true>{nights}</Cell>
            <Cell label=said.nights number=true>{n_nights}</Cell>
            <Cell label=said.woken number=true>{n_woken}</Cell>
            <Cell label=said.in_a_row number=true>{longest_run}</Cell>
        </tr>
    }
    .into_any()
}

/// Alerts that called somebody, and nobody did anything.
fn noise(lines: &[NoiseLine], query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let columns =
        vec![Column::text(said.source), Column::number(said.paged), Column::number(said.idle), Column::number(said.share)];
    let rows: Vec<AnyView> = lines.iter().take(MOST_NOISE).map(|line| noise_row(line, query)).collect();
    let body: AnyView = if rows.is_empty() {
        view! { <p class="mute">{said.noise_none}</p> }.into_any()
    } else {
        view! { <Table caption=said.noise_title columns=columns stacked=true>{rows}</Table> }.into_any()
    };
    let more = || review_words().noise_note;
    view! { <Part title=said.noise_title.to_owned() more=more id="noise">{body}</Part> }.into_any()
}

fn noise_row(line: &NoiseLine, query: &ReviewQuery) -> AnyView {
    let said = review_words();
    let text: String = line.name.read(locale()).to_owned();
    let name: AnyView = if line.is_rule {
        view! { <a class="link" href=links::rule(&RuleId(line.source.clone()))>{text}</a> }.into_any()
    } else {
        text.into_any()
    };
    let (paged, idle): (AnyView, AnyView) = (
        number(query, "paged", &line.source, line.n_paged, said.paged),
        number(query, "idle", &line.source, line.n_idle, said.idle),
    );
    let share: String = percent(line.share_bp);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <Cell label=said.paged number=true>{paged}</Cell>
            <Cell label=said.idle number=true>{idle}</Cell>
            <Cell label=said.share number=true>{share}</Cell>
        </tr>
    }
    .into_any()
}

/// Ten-thousandths as a percentage.
fn percent(bp: u32) -> String {
    format!("{}%", bp / 100)
}

/// Who carried what, and swaps that would even it out.
fn fairness(all: &[FairnessView]) -> AnyView {
    let said = review_words();
    let drawn: Vec<AnyView> = all.iter().map(schedule).collect();
    let body: AnyView =
        if drawn.is_empty() { view! { <p class="mute">{said.fairness_none}</p> }.into_any() } else { drawn.into_any() };
    let more = || review_words().fairness_note;
    view! { <Part title=said.fairness_title.to_owned() more=more id="fairness">{body}</Part> }.into_any()
}

fn schedule(one: &FairnessView) -> AnyView {
    let said = review_words();
    let columns: Vec<Column> = [Column::text(said.person)]
        .into_iter()
        .chain(said.categories.into_iter().map(Column::number))
        .chain([Column::number(said.load)])
        .collect();
    let rows: Vec<AnyView> = one.loads.iter().map(load_row).collect();
    let title: String = one.title.read(locale()).to_owned();
    let spread: String = (said.spread)(&percent(one.spread_bp));
    let swaps: Vec<AnyView> = one.swaps.iter().map(|swap| swap_line(one, swap)).collect();
    let proposals: AnyView = if swaps.is_empty() {
        view! { <p class="mute">{said.no_swaps}</p> }.into_any()
    } else {
        view! { <ul class="reviews__swaps">{swaps}</ul> }.into_any()
    };
    view! {
        <section class="reviews__schedule">
            <h3 class="reviews__name"><a class="link link--within" href=links::schedule(&one.schedule)>{title.clone()}</a> <small class="mute">{spread}</small></h3>
            <Table caption=title columns=columns stacked=true>{rows}</Table>
            {proposals}
        </section>
    }
    .into_any()
}

fn load_row(line: &LoadLine) -> AnyView {
    let said = review_words();
    let cell = |(ms, label): (i64, &'static str)| view! { <Cell label=label number=true>{hours(ms)}</Cell> }.into_any();
    let load: String = hours(line.load_ms);
    let cells: Vec<AnyView> = line.category_ms.into_iter().zip(said.categories).map(cell).collect();
    let name: String = if line.person.name.is_empty() { said.unknown.to_owned() } else { line.person.name.clone() };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            {cells}
            <Cell label=said.load number=true>{load}</Cell>
        </tr>
    }
    .into_any()
}

/// Whole hours: nobody compares duties by minutes.
fn hours(ms: i64) -> String {
    (ms / 3_600_000).to_string()
}

fn swap_line(one: &FairnessView, swap: &SwapView) -> AnyView {
    let said = review_words();
    let shift = |shift: &api::reviews::ShiftView| {
        let zone: &Zone = &one.zone;
        let when: String = crate::words::duty::moment_text(shift.from.0, zone, locale());
        format!("{} {when} ({})", shift.person.name, duration(shift.until.since(shift.from), locale()))
    };
    let told: String = (said.swap)(&shift(&swap.give), &shift(&swap.take));
    let gain: String = (said.evens)(&percent(swap.before_bp), &percent(swap.after_bp));
    let href: String = links::schedule_at(&one.schedule, "weeks", &swap.day);
    view! { <li><a class="link" href=href>{told}</a> <small class="mute">{gain}</small></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{number, percent};
    use api::reviews::ReviewQuery;
    use leptos::prelude::*;

    #[test]
    fn a_number_opens_its_list_and_nothing_opens_none() {
        let owner = Owner::new();
        owner.set();
        let query = ReviewQuery { from: "2026-11-01".to_owned(), ..ReviewQuery::default() };
        let html = number(&query, "nights", "7", 3, "夜間").to_html();
        assert!(
            html.contains("/reviews?from=2026-11-01&amp;list=nights&amp;of=7#list")
                || html.contains("/reviews?from=2026-11-01&list=nights&of=7#list"),
            "{html}"
        );
        assert!(!number(&query, "nights", "7", 0, "夜間").to_html().contains("<a"));
        assert_eq!((percent(10_000).as_str(), percent(3_349).as_str()), ("100%", "33%"));
    }
}
