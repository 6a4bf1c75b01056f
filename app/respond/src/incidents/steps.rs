//! The nine steps as a bar: what is done and since when, where people are, and how much each still lacks.

use super::said::{missing_text, moment_text};
use crate::words::incidents::incident_words;
use api::incidents::view::IncidentView;
use leptos::prelude::*;
use model::incident::steps::{Stage, StageState};

/// The bar.
pub fn steps(view: &IncidentView) -> AnyView {
    let words = incident_words();
    let is_over: bool = view.line.status.is_final();
    let all: Vec<AnyView> = view.stages.iter().enumerate().map(|(place, stage)| step(place, stage, is_over)).collect();
    let lacking: Option<AnyView> = lacking(&view.stages, is_over);
    view! { <div class="case__steps"><ol class="steps" aria-label=words.steps_title>{all}</ol>{lacking}</div> }.into_any()
}

/// Everything that steps lack, for whoever wants to know; the bar has room for the first. Of one that is over: what it ended without.
fn lacking(stages: &[Stage], is_over: bool) -> Option<AnyView> {
    let words = incident_words();
    let summary: &'static str = if is_over { words.steps_left } else { words.steps_lack };
    let is_to_come = |stage: &Stage| !matches!(stage.state, StageState::Done { .. } | StageState::NotNeeded);
    let lines: Vec<AnyView> = stages
        .iter()
        .enumerate()
        .filter(|(_, stage)| is_to_come(stage) && !stage.missing.is_empty())
        .map(|(place, stage)| {
            let missing: Vec<String> = stage.missing.iter().map(|one| missing_text(*one)).collect();
            view! { <li><b>{name(place, stage)}</b> " " {missing.join(words.comma)}</li> }.into_any()
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    Some(
        view! {
            <details class="case__more">
                <summary class="button button--quiet">{summary}</summary>
                <ul class="steps__lacking">{lines}</ul>
            </details>
        }
        .into_any(),
    )
}

fn name(place: usize, stage: &Stage) -> String {
    format!("{} {}", place + 1, incident_words().steps[stage.step as usize])
}

fn step(place: usize, stage: &Stage, is_over: bool) -> AnyView {
    let is_here: bool = stage.state == StageState::Current && !is_over;
    view! {
        <li class=class(stage, is_over) aria-current=is_here.then_some("step")>
            <span class="steps__node" aria-hidden="true"></span>
            <b class="steps__name">{name(place, stage)}</b>
            <small class="steps__say">{said(stage, is_over)}</small>
        </li>
    }
    .into_any()
}

fn class(stage: &Stage, is_over: bool) -> &'static str {
    match stage.state {
        StageState::Done { .. } => "steps__one steps__one--done",
        StageState::Current if is_over => "steps__one steps__one--passed",
        StageState::Current => "steps__one steps__one--now",
        StageState::Passed => "steps__one steps__one--passed",
        StageState::Ahead => "steps__one",
        StageState::NotNeeded => "steps__one steps__one--none",
    }
}

/// Since when it is done, else what it lacks: the first, and how many more. Where it is over, nobody is asked for that any more.
fn said(stage: &Stage, is_over: bool) -> String {
    let words = incident_words();
    match stage.state {
        StageState::Done { at: Some(at) } => moment_text(at),
        StageState::Done { at: None } => words.step_done.to_owned(),
        StageState::NotNeeded => words.step_not_needed.to_owned(),
        StageState::Current | StageState::Passed | StageState::Ahead if is_over => words.step_left.to_owned(),
        StageState::Ahead => String::new(),
        StageState::Current | StageState::Passed => {
            let first: String = stage.missing.first().map(|one| missing_text(*one)).unwrap_or_default();
            let more: usize = stage.missing.len().saturating_sub(1);
            if more > 0 { (words.and_more)(&first, more) } else { first }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{class, lacking, said};
    use leptos::prelude::*;
    use model::Time;
    use model::incident::steps::{IncidentFacts, Stage, stages};

    #[test]
    fn everything_that_is_missing_can_be_read_without_a_mouse() {
        let owner = Owner::new();
        owner.set();
        let bar: Vec<Stage> = stages(&IncidentFacts::declared(Time(0), true));
        let html = lacking(&bar, false).unwrap().to_html();
        let ahead: usize = bar.iter().filter(|stage| !stage.missing.is_empty() && class(stage, false) == "steps__one").count();
        assert!(ahead > 0 && html.matches("<li").count() >= ahead, "{html}");
        assert!(html.contains("<summary") && html.contains("ポストモーテム"), "{html}");
        assert!(lacking(&[], false).is_none());
        let over = lacking(&bar, true).unwrap().to_html();
        assert!(over.contains("記録なしで終了") && !over.contains("不足項目"), "{over}");
    }

    #[test]
    fn a_step_says_since_when_or_what_it_lacks() {
        let owner = Owner::new();
        owner.set();
        let mut facts: IncidentFacts = IncidentFacts::declared(Time(0), false);
        facts.detected_at = Some(Time(0));
        facts.occurred_at = Some(Time(0));
        facts.classified_at = Some(Time(3_600_000));
        facts.acknowledged_at = Some(Time(7_200_000));
        let bar: Vec<Stage> = stages(&facts);
        assert_eq!((class(&bar[1], false), said(&bar[1], false).as_str()), ("steps__one steps__one--done", "01:00"));
        assert_eq!(class(&bar[3], false), "steps__one steps__one--now");
        assert_eq!(said(&bar[3], false), "指揮担当 ほか4件");
        assert_eq!((class(&bar[7], false), said(&bar[4], false).as_str()), ("steps__one steps__one--none", ""));
        assert_eq!((class(&bar[3], true), said(&bar[3], true).as_str()), ("steps__one steps__one--passed", "記録なし"));
    }
}
