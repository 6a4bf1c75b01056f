//! What is scraped, by job: how each target is, when it was asked last, and what went wrong, in full.

use super::address::{self, Asked};
use crate::metrics_use::draw::{cell, count, figure, table};
use crate::words::locale;
use crate::words::targets::{TargetsWords, targets_words};
use api::targets::{JobView, Pairs, TargetRow, TargetState, TargetsQuery, TargetsView};
use leptos::prelude::*;
use model::{Time, links};
use ui::button::ButtonLink;
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::facts::{Fact, Facts};
use ui::icon::{Icon, IconName};
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::Column;
use ui::time_text::{TimeForm, TimeText};

/// What every row is written with.
#[derive(Clone, Copy)]
struct Pen {
    words: &'static TargetsWords,
    now: Time,
    asked: Memo<Asked>,
}

/// The jobs, or why there are none.
pub fn sheet(view: &TargetsView, asked: Memo<Asked>) -> AnyView {
    let words = targets_words();
    if !view.is_scraping {
        return view! {
            <div class="targets__off">
                <Part title=words.scrape_way.0.to_owned()>
                    <Empty title=words.not_scraping say=words.not_scraping_hint />
                </Part>
            </div>
        }
        .into_any();
    }
    if view.jobs.is_empty() {
        return view! {
            <Empty title=words.nothing say=words.nothing_hint>
                <ButtonLink href=links::TARGETS.to_owned()>{words.all}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    let pen = Pen { words, now: view.now, asked };
    let jobs: Vec<AnyView> = view.jobs.iter().map(|job| pen.job(job)).collect();
    let rest = (view.rest > 0).then(|| {
        let said: String = (words.rest)(&figures::count(i64::from(view.rest)));
        view! { <p class="usage__note">{said}</p> }
    });
    view! { {jobs} {rest} }.into_any()
}

impl Pen {
    fn job(self, job: &JobView) -> AnyView {
        let words = self.words;
        let query = TargetsQuery { job: Some(job.name.clone()), ..TargetsQuery::default() };
        let href: String = address::href(&query, None);
        let only = move || view! { <a class="link" href=href.clone()>{words.only_job}</a> };
        let (troubles, dropped): (AnyView, AnyView) = (troubles(words, &job.troubles), dropped(words, job));
        let body: AnyView = if job.targets.is_empty() {
            view! { <p class="usage__note">{words.no_targets}</p> }.into_any()
        } else {
            self.table(job)
        };
        view! {
            <Part title=job.name.clone() count=Some(tally(words, job.tally)) more=only>
                {troubles}
                {body}
                {dropped}
            </Part>
        }
        .into_any()
    }

    fn table(self, job: &JobView) -> AnyView {
        let words = self.words;
        let columns = vec![
            Column::text(words.state_title),
            Column::text(words.target),
            Column::text(words.last_scrape),
            Column::number(words.took),
            Column::number(words.samples),
        ];
        table(job.name.clone(), columns, job.targets.iter().map(|target| self.row(target)).collect())
    }

    fn row(self, target: &TargetRow) -> AnyView {
        let words = self.words;
        let error = target.error.clone().map(|error| view! { <Callout tone=Tone::Warn>{error}</Callout> });
        let samples: String = count(target.samples);
        view! {
            <tr role="row">
                <td role="cell">{state(words, target.state)}</td>
                <th scope="row" role="rowheader">
                    <code>{target.url.clone()}</code>
                    {error}
                    {self.labels(target)}
                </th>
                {cell(words.last_scrape, self.asked_at(target))}
                {figure(words.took, took(target))}
                {figure(words.samples, samples)}
            </tr>
        }
        .into_any()
    }

    fn asked_at(self, target: &TargetRow) -> AnyView {
        let words = self.words;
        let every: String = (words.every)(&figures::duration(target.interval_ms, locale()));
        let at = match target.last_scrape {
            Some(at) => {
                let age: String = figures::duration(self.now.since(at).max(0), locale());
                let ago: String = (words.ago)(&age);
                view! { <TimeText at_ms=at.0 form=TimeForm::Clock /> " " {ago} }.into_any()
            }
            None => view! { <span class="mute">{words.never}</span> }.into_any(),
        };
        view! { {at} <small class="table__sub">{every}</small> }.into_any()
    }

    /// A link that shows both sets of labels, before and after relabelling, or hides them again.
    fn labels(self, target: &TargetRow) -> AnyView {
        let Self { words, asked, .. } = self;
        let (target, url) = (target.clone(), target.url.clone());
        let is_open = Memo::new(move |_| asked.with(|asked| asked.open.as_ref() == Some(&url)));
        let link_url: String = target.url.clone();
        let href = move || {
            let open = (!is_open.get()).then(|| link_url.clone());
            asked.with(|asked| address::href(&asked.query, open.as_deref()))
        };
        let expanded = move || if is_open.get() { "true" } else { "false" };
        let label = move || if is_open.get() { words.hide } else { words.labels };
        let both = move || is_open.get().then(|| both(words, &target));
        view! {
            <a class="link targets__labels" href=href aria-expanded=expanded>{label}</a>
            {both}
        }
        .into_any()
    }
}

/// Targets by state, without those of which there are none.
fn tally(words: &TargetsWords, tally: [u32; 3]) -> String {
    let counted = TargetState::ALL.into_iter().zip(tally).filter(|(_, n)| *n > 0);
    let said = counted.map(|(state, n)| (words.n_state)((words.state)(state), &figures::count(i64::from(n))));
    said.collect::<Vec<String>>().join(" · ")
}

fn state(words: &TargetsWords, state: TargetState) -> AnyView {
    let word: &'static str = (words.state)(state);
    match state {
        TargetState::Down => view! { <StateMark kind=StateKind::Open word=word /> }.into_any(),
        TargetState::Unknown => view! { <StateMark kind=StateKind::None word=word /> }.into_any(),
        // Normal has no colour.
        TargetState::Up => view! { <span class="state"><Icon name=IconName::Check />{word}</span> }.into_any(),
    }
}

fn took(target: &TargetRow) -> String {
    match target.last_scrape {
        Some(_) => figures::value(target.took_ms as f64, figures::Unit::Milliseconds, locale()).joined(),
        None => "—".to_owned(),
    }
}

fn both(words: &'static TargetsWords, target: &TargetRow) -> AnyView {
    view! {
        <div class="targets__both">
            {set(words.relabelled, &target.labels)}
            {set(words.discovered, &target.discovered)}
        </div>
    }
    .into_any()
}

fn set(title: &'static str, pairs: &Pairs) -> AnyView {
    let facts: Vec<AnyView> = pairs.iter().map(|(name, value)| fact(name, value)).collect();
    view! {
        <div>
            <p class="targets__set">{title}</p>
            <Facts>{facts}</Facts>
        </div>
    }
    .into_any()
}

fn fact(name: &str, value: &str) -> AnyView {
    let (name, value): (String, String) = (name.to_owned(), value.to_owned());
    view! { <Fact name=name><code>{value}</code></Fact> }.into_any()
}

fn troubles(words: &'static TargetsWords, troubles: &[String]) -> AnyView {
    if troubles.is_empty() {
        return ().into_any();
    }
    let lines: Vec<AnyView> = troubles.iter().map(|trouble| view! { <li>{trouble.clone()}</li> }.into_any()).collect();
    view! {
        <div class="targets__troubles">
            <Callout tone=Tone::Warn>{words.troubles}</Callout>
            <ul class="usage__ways">{lines}</ul>
        </div>
    }
    .into_any()
}

fn dropped(words: &'static TargetsWords, job: &JobView) -> AnyView {
    if job.dropped_total == 0 {
        return ().into_any();
    }
    let total: String = (words.dropped)(&figures::count(i64::from(job.dropped_total)));
    let lines: Vec<AnyView> =
        job.dropped.iter().map(|pairs| view! { <li><code>{written(pairs)}</code></li> }.into_any()).collect();
    view! {
        <p class="usage__note">{total}</p>
        <ul class="usage__ways">{lines}</ul>
    }
    .into_any()
}

fn written(pairs: &Pairs) -> String {
    pairs.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_says_how_many_of_its_targets_are_how() {
        let owner = Owner::new();
        owner.set();
        let words = targets_words();
        assert_eq!(tally(words, [0, 0, 1_234]), "正常 1,234");
        assert_eq!(tally(words, [2, 1, 0]), "失敗 2 · 未確認 1");
        assert_eq!(tally(words, [0, 0, 0]), "");
    }
}
