//! What is missing now, each with the button that does it. Nothing here holds anybody up: only closing waits.

use super::detail::Acts;
use super::head::step_on;
use super::said::{missing_text, version};
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use api::incidents::view::IncidentView;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::incident::Move;
use model::incident::steps::{Missing, StageState};
use model::links;
use ui::button::{Button, Rank};
use ui::part::Part;

/// What could be put right here.
enum Remedy {
    /// A moment to note, by its word.
    Mark(&'static str),
    Step(Move),
    /// A part of this screen.
    There(&'static str),
    /// The postmortem: begun, or gone on with.
    Postmortem {
        is_begun: bool,
    },
    /// It comes by itself, or elsewhere.
    None,
}

fn remedy(missing: Missing) -> Remedy {
    match missing {
        Missing::Detection => Remedy::Mark("detected"),
        Missing::Occurrence => Remedy::Mark("occurred"),
        Missing::Classification => Remedy::There("level"),
        Missing::Acknowledgement => Remedy::Step(Move::Acknowledge),
        Missing::Commander => Remedy::There("roles"),
        Missing::Scope => Remedy::Mark("scope"),
        Missing::StopGap => Remedy::Mark("stop_gap"),
        Missing::Informing => Remedy::There("updates"),
        Missing::Search => Remedy::Mark("cause_sought"),
        Missing::Cause => Remedy::Step(Move::Identify),
        Missing::Fix => Remedy::Mark("fixed"),
        Missing::Verification => Remedy::Mark("verified"),
        Missing::FollowUps | Missing::Owners { .. } | Missing::Dates { .. } | Missing::Open { .. } => Remedy::There("follow-ups"),
        Missing::Postmortem => Remedy::Postmortem { is_begun: false },
        Missing::Publication => Remedy::Postmortem { is_begun: true },
        Missing::Page => Remedy::None,
    }
}

/// The part; nothing where nothing is missing of what was begun, or where it is over: nobody has to do it any more.
pub fn missing(view: &IncidentView, acts: Acts) -> Option<AnyView> {
    let words = incident_words();
    if view.line.status.is_final() {
        return None;
    }
    let is_begun = |state: StageState| matches!(state, StageState::Current | StageState::Passed);
    let open = view.stages.iter().filter(|stage| is_begun(stage.state));
    let all: Vec<Missing> = open.flat_map(|stage| stage.missing.iter().copied()).collect();
    if all.is_empty() {
        return None;
    }
    let count = Some(all.len().to_string());
    let lines: Vec<AnyView> = all.into_iter().map(|one| line(view, one, acts)).collect();
    Some(
        view! {
            <Part title=words.missing_title.to_owned() count=count id="missing">
                <ul class="case__missing">{lines}</ul>
            </Part>
        }
        .into_any(),
    )
}

fn line(view: &IncidentView, missing: Missing, acts: Acts) -> AnyView {
    let act: Option<AnyView> = view.can_work.then(|| act(view, missing, acts));
    view! { <li class="case__missing-one"><span>{missing_text(missing)}</span> {act}</li> }.into_any()
}

fn act(view: &IncidentView, missing: Missing, acts: Acts) -> AnyView {
    let words = incident_words();
    match remedy(missing) {
        Remedy::Mark(mark) => mark_form(view, mark, acts),
        Remedy::Step(by) if view.moves.contains(&by) => step_on(view, by, Rank::Row, acts),
        Remedy::There(id) => view! { <a class="link" href=format!("#{id}") rel="external">{words.there}</a> }.into_any(),
        Remedy::Postmortem { is_begun } => postmortem(view, is_begun, acts),
        Remedy::Step(_) | Remedy::None => "".into_any(),
    }
}

/// The way to the postmortem, and where nobody has begun the button that does: with what is known already filled in.
fn postmortem(view: &IncidentView, is_begun: bool, acts: Acts) -> AnyView {
    let words = incident_words();
    let href: String = links::postmortem(view.line.id);
    if is_begun {
        return view! { <a class="link" href=href>{words.to_postmortem}</a> }.into_any();
    }
    let incident: AnyView = hidden("incident", &view.line.id.0.to_string());
    view! {
        <span class="case__mark">
            <ActionForm action=acts.postmortem>
                {incident}
                <Button kind="submit" rank=Rank::Row>{words.begin_postmortem}</Button>
            </ActionForm>
            <a class="link" href=href>{words.to_postmortem}</a>
        </span>
    }
    .into_any()
}

/// Now, or at a time that somebody names: what is noted late happened earlier.
fn mark_form(view: &IncidentView, mark: &'static str, acts: Acts) -> AnyView {
    let words = incident_words();
    let fields = || [hidden("id", &view.line.id.0.to_string()), version(view.version), hidden("mark", mark)];
    let id: String = format!("mark-{mark}");
    let label: String = words.at_label.to_owned();
    let (now, then): (Vec<AnyView>, Vec<AnyView>) = (fields().into(), fields().into());
    view! {
        <span class="case__mark">
            <ActionForm action=acts.mark>
                {now}
                <Button kind="submit" rank=Rank::Row>{words.mark_now}</Button>
            </ActionForm>
            <details class="case__then">
                <summary class="button button--quiet">{words.mark_then}</summary>
                <ActionForm action=acts.mark attr:class="case__then-form">
                    {then}
                    <label class="hush" for=id.clone()>{label}</label>
                    <input class="input" type="datetime-local" id=id name="at" required=true />
                    <Button kind="submit" rank=Rank::Row>{words.mark_do}</Button>
                </ActionForm>
            </details>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Remedy, remedy};
    use model::Time;
    use model::incident::steps::{IncidentFacts, Missing, Step, missing};

    #[test]
    fn what_people_can_do_has_its_button() {
        let facts: IncidentFacts = IncidentFacts::declared(Time(0), true);
        let all = Step::ALL.into_iter().flat_map(|step| missing(step, &facts));
        let without: Vec<Missing> = all.filter(|one| matches!(remedy(*one), Remedy::None)).collect();
        assert_eq!(without, [Missing::Page]);
    }
}
