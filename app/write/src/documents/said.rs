//! Small things said about documents in more than one place.

use crate::screen::{day_text, moment_text};
use crate::words::documents::document_words;
use api::documents::run::OutcomeView;
use api::documents::view::{RunBrief, StandingView, WhyView, WriterView};
use leptos::prelude::*;
use model::Time;
use model::links;
use model::links::documents as ways;
use ui::state::{StateKind, StateMark};

/// How much a document can be relied upon, in words.
#[must_use]
pub fn standing_text(standing: StandingView) -> &'static str {
    document_words().standings[standing as usize]
}

/// The same with its sign. Where it is `quiet`, what nobody has to look at is a word alone.
pub fn standing_mark(standing: StandingView, quiet: bool) -> AnyView {
    let kind: StateKind = match standing {
        StandingView::Verified => StateKind::Back,
        StandingView::Unverified => StateKind::None,
        StandingView::Due => StateKind::Waiting,
        StandingView::Overdue | StandingView::MustReview => StateKind::Open,
    };
    let word: &'static str = standing_text(standing);
    if quiet && matches!(standing, StandingView::Verified | StandingView::Unverified) {
        return view! { <span class="mute">{word}</span> }.into_any();
    }
    view! { <StateMark kind=kind word=word /> }.into_any()
}

/// When it has to be looked at.
#[must_use]
pub fn due_text(due: Time) -> String {
    (document_words().due)(&day_text(due))
}

/// Why it has to be looked at before its time.
#[must_use]
pub fn why_text(why: &WhyView) -> String {
    let words = document_words();
    match why {
        WhyView::Incident(Some(incident)) => (words.why_incident)(&incident.to_string()),
        WhyView::Incident(None) => words.why_some_incident.to_owned(),
        WhyView::Paths(what, _) => (words.why_paths)(what),
        WhyView::Release(what) => (words.why_release)(what),
        WhyView::Step { text, instead } => (words.why_step)(text, instead),
        WhyView::Other => words.why_other.to_owned(),
    }
}

/// Where that can be seen.
pub fn why_way(why: &WhyView) -> Option<AnyView> {
    let words = document_words();
    match why {
        WhyView::Incident(Some(incident)) => {
            let href: String = links::incident(*incident);
            Some(view! { <a class="link" href=href>{words.see_it}</a> }.into_any())
        }
        WhyView::Paths(_, Some(url)) => {
            let url: String = url.clone();
            Some(view! { <a class="link" href=url rel="external noopener noreferrer">{words.see_it}</a> }.into_any())
        }
        _ => None,
    }
}

/// A document by its title.
pub fn document_link(slug: &str, title: &str) -> AnyView {
    let href: String = ways::document(slug);
    let title: String = if title.is_empty() { slug.to_owned() } else { title.to_owned() };
    view! { <a class="link" href=href>{title}</a> }.into_any()
}

/// Who edits now.
pub fn writers(all: &[WriterView]) -> Option<AnyView> {
    let words = document_words();
    if all.is_empty() {
        return None;
    }
    let one = |writer: &WriterView| -> AnyView {
        let name: String = if writer.is_me { (words.me)(&writer.name) } else { writer.name.clone() };
        view! { <li class="writers__one" data-colour=writer.colour.to_string()>{name}</li> }.into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(one).collect();
    Some(
        view! {
            <div class="writers">
                <span class="writers__word">{words.editing_now}</span>
                <ul class="writers__all">{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

/// How a run stands: its sign and word, and how many steps are behind it. One that ended halfway is no success.
pub fn run_mark(run: &RunBrief) -> AnyView {
    let words = document_words();
    let (kind, word): (StateKind, &'static str) = match (run.ended_at, run.outcome) {
        (None, _) => (StateKind::Held, words.run_open),
        (Some(_), Some(outcome)) => (outcome_kind(outcome), words.run_outcomes[outcome as usize]),
        // Ended before anybody was asked.
        (Some(_), None) if run.n_done >= run.n => (StateKind::Back, words.run_over),
        (Some(_), None) => (StateKind::None, words.run_halfway),
    };
    let progress: String = (words.progress)(run.n_done, run.n);
    view! { <StateMark kind=kind word=word /> " " <span class="mute">{progress}</span> }.into_any()
}

/// Only what helped looks like it; what did not wants somebody to look at the runbook.
fn outcome_kind(outcome: OutcomeView) -> StateKind {
    match outcome {
        OutcomeView::Worked => StateKind::Back,
        OutcomeView::Failed => StateKind::Open,
        OutcomeView::Stopped => StateKind::None,
    }
}

/// A run in a list: how far it is, who, when, for what.
pub fn run_line(run: &RunBrief) -> AnyView {
    let href: String = ways::run(&run.slug, Some(run.id));
    let when: String = moment_text(run.began_at);
    let incident = run.incident.map(|incident| {
        let href: String = links::incident(incident);
        view! { " · " <a class="link" href=href>{incident.to_string()}</a> }
    });
    let alert = run.alert.map(|alert| {
        let href: String = links::alert(alert);
        view! { " · " <a class="link" href=href>{alert.to_string()}</a> }
    });
    view! {
        <li class="shelf__one">
            <a class="link" href=href>{run.id.to_string()}</a>
            {run_mark(run)}
            <small class="shelf__told">{when} " · " {run.began_by.clone()} {incident} {alert}</small>
        </li>
    }
    .into_any()
}

/// Bytes as a person reads them.
#[must_use]
pub fn size_text(bytes: i64) -> String {
    const KIB: i64 = 1_024;
    const MIB: i64 = KIB * KIB;
    match bytes {
        bytes if bytes >= MIB => format!("{}.{} MiB", bytes / MIB, bytes % MIB * 10 / MIB),
        bytes if bytes >= KIB => format!("{} KiB", bytes / KIB),
        bytes => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::{run_mark, size_text, why_text};
    use api::documents::run::OutcomeView;
    use api::documents::view::{RunBrief, WhyView};
    use leptos::prelude::*;
    use model::Time;
    use model::ids::{IncidentId, RunbookRunId};

    #[test]
    fn a_run_that_was_given_up_does_not_look_like_one_that_was_done() {
        let owner = Owner::new();
        owner.set();
        let run = |ended_at: Option<Time>, n_done: u32, outcome: Option<OutcomeView>| RunBrief {
            id: RunbookRunId(7),
            slug: "restart".to_owned(),
            incident: None,
            alert: None,
            began_by: "佐藤".to_owned(),
            began_at: Time(0),
            ended_at,
            outcome,
            outcome_note: String::new(),
            n_done,
            n: 5,
        };
        let html = |run: RunBrief| run_mark(&run).to_html();
        let over = |n_done: u32, outcome: Option<OutcomeView>| html(run(Some(Time(1)), n_done, outcome));
        let (going, halfway, done) = (html(run(None, 0, None)), over(0, None), over(5, None));
        assert!(over(2, Some(OutcomeView::Worked)).contains("state--back"));
        let failed: String = over(5, Some(OutcomeView::Failed));
        assert!(failed.contains("効果なし") && !failed.contains("state--back"), "{failed}");
        assert!(done.contains("state--back") && !halfway.contains("state--back") && !going.contains("state--back"));
        assert!(halfway.contains("state--none") && halfway.contains("0 / 5"), "{halfway}");
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, expected) in [(0, "0 B"), (2_048, "2 KiB"), (1_572_864, "1.5 MiB"), (26_214_400, "25.0 MiB")] {
            assert_eq!(size_text(bytes), expected);
        }
    }

    #[test]
    fn a_reason_names_what_happened() {
        let owner = Owner::new();
        owner.set();
        assert!(why_text(&WhyView::Incident(Some(IncidentId(42)))).contains("I-42"));
        let step = WhyView::Step { text: "再起動".to_owned(), instead: "切り離す".to_owned() };
        assert!(why_text(&step).contains("再起動") && why_text(&step).contains("切り離す"));
    }
}
