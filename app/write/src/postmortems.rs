//! Postmortems: those that have to be written, those that were, what came again and what was learned; and what is to be done afterwards.
//!
//! These screens are drawn by the server alone: links, plain forms and `<details>`. What is asked of them stands in the address.

mod actions;
mod asked;
mod causes;
mod changes;
mod describe;
mod filters;
mod gate;
mod graph;
mod items;
mod moves;
mod one;
mod paper;
pub mod refusal;
mod reviewers;
mod said;
mod share;

pub use actions::ActionsScreen;
pub use one::PostmortemScreen;

use crate::screen::day_text;
use crate::words::postmortems::{PostmortemWords, postmortem_words};
use api::ask;
use api::postmortems::{PostmortemLine, PostmortemList, PostmortemQuery, postmortems};
use api::pulse::use_pulse;
use filters::filters;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use refusal::failed;
use said::{badge, detection_text, due, factor_text, moment_text, name_text, state_mark, trigger_text};
use ui::empty::Empty;
use ui::icon::{Icon, IconName};
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The screen at `/postmortems`.
#[component]
pub fn PostmortemsScreen() -> impl IntoView {
    let (words, pulse, search) = (postmortem_words(), use_pulse(), use_location().search);
    let asked: Memo<PostmortemQuery> = Memo::new(move |_| search.with(|search| asked::list(search)));
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.get(), moved()), |(query, _)| postmortems(query));
    view! {
        <Title text=words.title />
        <div class="postmortems">{loaded(data, move |list| sheet(&list, &asked.get_untracked()), failed)}</div>
    }
    .into_any()
}

fn sheet(list: &PostmortemList, query: &PostmortemQuery) -> AnyView {
    let words = postmortem_words();
    let (open, lessons): (Option<AnyView>, Option<AnyView>) = (open(list, query), causes::lessons(list, query));
    let repeats: Option<AnyView> = (!query.is_filtered() && query.before.is_none()).then(|| causes::repeats(list));
    view! {
        <header class="screen-head">
            <h1>{words.title}</h1>
            <p class="screen-head__lead">{words.lead}</p>
            <p class="screen-head__ways"><a class="link" href=links::ACTIONS>{words.to_actions}</a></p>
        </header>
        {filters(query)}
        {open}
        {lessons}
        {others(list, query)}
        {repeats}
    }
    .into_any()
}

/// What has to be written stands above what was, unless somebody asked for something else.
fn open(list: &PostmortemList, query: &PostmortemQuery) -> Option<AnyView> {
    let words = postmortem_words();
    if query.is_filtered() || query.before.is_some() {
        return None;
    }
    let count = Some(list.open.len().to_string());
    let body: AnyView = if list.open.is_empty() {
        view! { <Empty title=words.none_open say=words.none_open_hint /> }.into_any()
    } else {
        table(words.open, &list.open)
    };
    Some(view! { <Part title=words.open.to_owned() count=count id="open">{body}</Part> }.into_any())
}

fn others(list: &PostmortemList, query: &PostmortemQuery) -> AnyView {
    let words = postmortem_words();
    let title: &'static str = if query.is_filtered() { words.found } else { words.others };
    let body: AnyView = if list.others.is_empty() {
        let hint: &'static str = if query.is_filtered() { words.nothing_hint } else { words.none_hint };
        view! { <Empty title=words.none say=hint /> }.into_any()
    } else {
        table(title, &list.others)
    };
    let more = list.more.map(|before| {
        let href: String = asked::older(query, before);
        view! { <p class="postmortems__foot"><a class="link" href=href>{words.older}</a></p> }
    });
    let first = query.before.is_some().then(|| {
        let href: String = asked::first(query);
        view! { <p class="postmortems__foot"><a class="link" href=href>{words.to_top}</a></p> }
    });
    view! { <Part title=title.to_owned() id="others">{first}{body}{more}</Part> }.into_any()
}

fn table(caption: &'static str, lines: &[PostmortemLine]) -> AnyView {
    let words = postmortem_words();
    let columns = vec![
        Column::text(words.severity),
        Column::text(words.incident),
        Column::text(words.state),
        Column::text(words.due),
        Column::text(words.owner),
        Column::text(words.causes),
    ];
    let rows: Vec<AnyView> = lines.iter().map(row).collect();
    view! { <Table caption=caption columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(line: &PostmortemLine) -> AnyView {
    let words: &PostmortemWords = postmortem_words();
    let who: AnyView = match &line.owner {
        Some(person) => name_text(person).into_any(),
        None if line.state.is_over() => "".into_any(),
        None => view! { <span class="postmortem-none">{words.no_owner}</span> }.into_any(),
    };
    let when: AnyView = match line.published_at {
        Some(at) => format!("{} {}", words.published, moment_text(at)).into_any(),
        None => due(line),
    };
    let private = line.is_private.then(|| view! { <Icon name=IconName::Lock /> <span class="hush">{words.private}</span> });
    let (badge, mark): (AnyView, AnyView) = (badge(line), state_mark(line.state, line.is_begun));
    let about: String = about(line);
    let resolved: String = line.resolved_at.map(|at| (words.resolved)(&day_text(at))).unwrap_or_default();
    view! {
        <tr role="row">
            <Cell>{badge}</Cell>
            <th scope="row" role="rowheader">
                <a class="link" href=links::postmortem(line.incident)>{line.title.clone()}</a>
                <small class="table__sub">{line.incident.to_string()} " " {resolved} " " {private}</small>
            </th>
            <Cell label=words.state>{mark}</Cell>
            <Cell label=words.due>{when}</Cell>
            <Cell label=words.owner>{who}</Cell>
            <Cell label=words.causes wide=true>{about}</Cell>
        </tr>
    }
    .into_any()
}

/// Trigger, detection, factors and tags, as far as they were said.
fn about(line: &PostmortemLine) -> String {
    let mut said: Vec<String> = Vec::new();
    said.extend(line.trigger.map(|trigger| trigger_text(trigger).to_owned()));
    said.extend(line.detection.map(|detection| detection_text(detection).to_owned()));
    said.extend(line.factors.iter().map(|factor| factor_text(*factor).to_owned()));
    said.extend(line.tags.iter().map(|tag| format!("#{tag}")));
    said.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::{about, row};
    use api::postmortems::PostmortemLine;
    use leptos::prelude::*;
    use model::ids::IncidentId;
    use model::postmortem::{Detection, Factor, State, Trigger};
    use model::{Severity, Time};

    fn line() -> PostmortemLine {
        PostmortemLine {
            incident: IncidentId(42),
            title: "配信の停止".to_owned(),
            code: "P1".to_owned(),
            severity: Severity::P1,
            is_private: false,
            state: State::Draft,
            is_begun: false,
            owner: None,
            due_at: Some(Time(-60_000)),
            is_overdue: true,
            resolved_at: Some(Time(-86_400_000)),
            published_at: None,
            trigger: Some(Trigger::Deploy),
            detection: Some(Detection::Alert),
            factors: vec![Factor::MissingTest],
            tags: vec!["決済".to_owned()],
        }
    }

    #[test]
    fn a_line_says_that_it_is_overdue_and_that_nobody_has_it() {
        let owner = Owner::new();
        owner.set();
        let html = row(&line()).to_html();
        for part in ["/postmortems/I-42", "postmortem-due--late", "担当なし", "未着手", "に解決"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(about(&line()), "デプロイ · アラート · テストの不足 · #決済");
    }
}
