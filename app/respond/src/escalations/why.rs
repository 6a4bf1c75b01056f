//! Why somebody was paged, and why nobody was: every decision of an escalation, in order, in words.

use crate::oncall::said::way_text;
use crate::words::duty::duty_words;
use crate::words::escalations::escalation_words;
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::escalations::WhyLine;
use leptos::prelude::*;
use model::actor::place_of_link;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::log::{Log, LogEntry};
use ui::time_text::TimeForm;

/// Whether the policy that was named does not exist.
#[must_use]
pub fn is_unknown(lines: &[WhyLine]) -> bool {
    lines.iter().any(|one| one.what == "policy unknown")
}

/// Decisions about a person: whoever is gone since is somebody all the same.
const ABOUT_SOMEBODY: [&str; 12] = [
    "disabled",
    "no contact",
    "paged",
    "held",
    "asked",
    "bundled",
    "accepted",
    "failed",
    "unsure",
    "no contact left",
    "acknowledged",
    "passed on",
];

/// All of it, the first decision first.
pub fn why(lines: &[WhyLine]) -> AnyView {
    let drawn: Vec<AnyView> = lines.iter().map(line).collect();
    view! { <Log>{drawn}</Log> }.into_any()
}

fn line(one: &WhyLine) -> AnyView {
    let (said, sub, icon): (String, String, IconName) = (said(one), sub(one), icon(&one.what));
    view! {
        <LogEntry at_ms=one.at.0 form=TimeForm::Clock sign=move || view! { <Icon name=icon /> } sub=sub>{said}</LogEntry>
    }
    .into_any()
}

/// The decision as a sentence, about whom it is.
fn said(one: &WhyLine) -> String {
    let words = escalation_words();
    let is_by_link: bool = one.what == "acknowledged" && one.detail.as_deref().is_some_and(|by| place_of_link(by).is_some());
    let what: &str = (words.what)(if is_by_link { "acknowledged by link" } else { one.what.as_str() });
    let unknown = || ABOUT_SOMEBODY.contains(&one.what.as_str()).then(|| oncall_words().unknown.to_owned());
    let who: Option<String> = one.person.clone().or_else(|| named(one)).or_else(unknown);
    let step: String = one.place.map(|place| step_text(one, place)).unwrap_or_default();
    let about: Vec<String> = [Some(step), who].into_iter().flatten().filter(|text| !text.is_empty()).collect();
    if about.is_empty() { what.to_owned() } else { format!("{} {what}", about.join(" · ")) }
}

fn step_text(one: &WhyLine, place: (u32, u32)) -> String {
    let words = escalation_words();
    let (pass, step): (u32, u32) = place;
    match one.what.as_str() {
        // Its place is the beginning of the pass.
        "next pass" => (words.pass)(pass),
        _ if pass > 1 => (words.step_of_pass)(step, pass),
        _ => (words.step)(step),
    }
}

/// Whom the detail names, where it is no reason.
fn named(one: &WhyLine) -> Option<String> {
    let detail: &str = one.detail.as_deref()?;
    let is_name: bool = matches!(one.what.as_str(), "nobody named" | "channel told" | "acknowledged" | "policy unknown");
    is_name.then(|| place_of_link(detail).unwrap_or(detail).to_owned())
}

/// By which way, for what reason, and until when.
fn sub(one: &WhyLine) -> String {
    let words = escalation_words();
    let way: Option<String> = one.way.map(|kind| way_text(kind).to_owned());
    let reason: Option<String> = one.detail.as_deref().filter(|_| named(one).is_none()).and_then(|detail| reason(one, detail));
    let look = use_look();
    let until: Option<String> = one.until.map(|at| (words.until)(&figures::day_time(at.0, &look.zone, locale())));
    [way, reason, until].into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// A reason in words where it is one of ours, else as a person or a provider put it.
fn reason(one: &WhyLine, detail: &str) -> Option<String> {
    let words = escalation_words();
    let known: fn(&str) -> &'static str = match one.what.as_str() {
        // The kind of contact stands there already.
        "asked" => return None,
        "not its time" => words.when_word,
        "ended" => words.ended,
        "started" | "updated" | "hastened" => words.reason,
        _ => return (!detail.is_empty()).then(|| detail.to_owned()),
    };
    let said = detail.split(", ").map(|part| Some(known(part)).filter(|said| !said.is_empty()).unwrap_or(part));
    let said: String = said.collect::<Vec<&str>>().join(duty_words().comma);
    (!said.is_empty()).then_some(said)
}

fn icon(what: &str) -> IconName {
    match what {
        "paged" | "step fired" | "asked" | "bundled" => IconName::Phone,
        "accepted" | "acknowledged" => IconName::StateBack,
        "step empty" | "nobody named" | "disabled" | "no contact" | "failed" | "no contact left" | "policy unknown"
        | "fallback" | "last resort" => IconName::Warn,
        "held" | "waits for its time" | "not its time" | "unsure" => IconName::StateWait,
        "passed on" | "next pass" => IconName::Swap,
        "channel told" => IconName::Chat,
        _ => IconName::StateNone,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_unknown, said, sub};
    use api::escalations::WhyLine;
    use api::oncall::WayKind;
    use leptos::prelude::Owner;
    use model::Time;

    fn line(what: &str) -> WhyLine {
        WhyLine { at: Time(0), what: what.to_owned(), place: None, person: None, way: None, detail: None, until: None }
    }

    #[test]
    fn a_decision_says_who_which_step_and_by_which_way() {
        let owner = Owner::new();
        owner.set();
        let asked = WhyLine {
            place: Some((1, 2)),
            person: Some("佐藤".to_owned()),
            way: Some(WayKind::Voice),
            detail: Some("voice".to_owned()),
            ..line("asked")
        };
        assert!(said(&asked).contains("佐藤") && said(&asked).contains('2'), "{}", said(&asked));
        assert_eq!(sub(&asked), "電話");
        let nobody = WhyLine { detail: Some("決済チーム".to_owned()), ..line("nobody named") };
        assert!(said(&nobody).contains("決済チーム") && sub(&nobody).is_empty());
        let failed = WhyLine { detail: Some("404 no such number".to_owned()), ..line("failed") };
        assert_eq!(sub(&failed), "404 no such number");
    }

    #[test]
    fn whoever_is_gone_is_somebody_and_a_link_is_nobody() {
        let owner = Owner::new();
        owner.set();
        assert!(said(&line("paged")).contains("不明な人"), "{}", said(&line("paged")));
        let linked = WhyLine { detail: Some("link/Slack #ops".to_owned()), ..line("acknowledged") };
        assert!(said(&linked).starts_with("Slack #ops に送ったリンク"), "{}", said(&linked));
        assert!(is_unknown(&[line("started"), line("policy unknown")]) && !is_unknown(&[line("started")]));
    }

    #[test]
    fn the_reason_somebody_passed_it_on_for_is_quoted() {
        let owner = Owner::new();
        owner.set();
        let passed = WhyLine { person: Some("佐藤".to_owned()), detail: Some("移動中".to_owned()), ..line("passed on") };
        assert_eq!(sub(&passed), "移動中");
    }
}
