//! Small things said about duties in more than one place.

use crate::words::duty::{duty_words, moment_text, role_text};
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::GridView;
use api::oncall::{FindingKind, FindingView, ReachView, SourceView, WayKind, WhoView};
use figures::{Zone, duration};
use leptos::prelude::*;
use model::Time;
use model::rota::DutyRole;
use ui::context::use_look;
use ui::icon::{Icon, IconName};

/// The role's word in forms and addresses.
#[must_use]
pub fn role_word(role: &DutyRole) -> String {
    match role {
        DutyRole::Primary => "primary".to_owned(),
        DutyRole::Secondary => "secondary".to_owned(),
        DutyRole::Shadow => "shadow".to_owned(),
        DutyRole::Custom(name) => name.clone(),
    }
}

/// Who it is, as text.
#[must_use]
pub fn who_text(who: &WhoView) -> String {
    match who {
        WhoView::Person(person) if person.name.is_empty() => oncall_words().unknown.to_owned(),
        WhoView::Person(person) => person.name.clone(),
        WhoView::Nobody => duty_words().nobody.to_owned(),
        WhoView::Gap => oncall_words().gap.to_owned(),
    }
}

/// Several of them.
#[must_use]
pub fn whos_text(all: &[WhoView]) -> String {
    all.iter().map(who_text).collect::<Vec<String>>().join(duty_words().comma)
}

/// Who it is; that nobody is there needs a person.
pub fn whos(all: &[WhoView]) -> AnyView {
    let is_gap: bool = all.iter().all(|who| *who == WhoView::Gap);
    let class: Option<&'static str> = is_gap.then_some("handovers__gap");
    view! { <span class=class>{whos_text(all)}</span> }.into_any()
}

/// Somebody or nobody.
#[must_use]
pub fn is_person(who: &WhoView) -> bool {
    matches!(who, WhoView::Person(_))
}

/// Whether it is the reader.
#[must_use]
pub fn is_me(who: &WhoView) -> bool {
    matches!(who, WhoView::Person(person) if person.is_me)
}

/// A moment on the clock of a schedule, and on the reader's where that shows something else.
pub fn moment(at: Time, zone: &Zone) -> AnyView {
    let look = use_look();
    let text: String = moment_text(at.0, zone, look.locale);
    let own: Option<String> = own_time(at, zone);
    let exact: String = figures::iso(at.0, zone);
    let title: String = format!("{} {}", figures::full_time(at.0, zone, look.locale), zone.name);
    view! {
        <span class="oncall-time">
            <time datetime=exact title=title>{text}</time>
            {own.map(|text| view! { <small class="oncall-time__own">{text}</small> })}
        </span>
    }
    .into_any()
}

/// The same moment on the reader's clock, where that differs.
fn own_time(at: Time, zone: &Zone) -> Option<String> {
    let look = use_look();
    let is_other: bool = look.zone.offset_at(at.0) != zone.offset_at(at.0);
    is_other.then(|| (oncall_words().own_time)(&moment_text(at.0, &look.zone, look.locale)))
}

/// From when until when, as text.
#[must_use]
pub fn span_text(from: Time, until: Time, zone: &Zone) -> String {
    let locale = locale();
    format!("{} – {}", moment_text(from.0, zone, locale), moment_text(until.0, zone, locale))
}

/// How long that is.
#[must_use]
pub fn length_text(from: Time, until: Time) -> String {
    let hours: i64 = until.since(from) / 3_600_000;
    // Gaps and shifts are thought of in hours until they are longer than two days.
    if (1..=48).contains(&hours) && until.since(from) % 3_600_000 == 0 {
        return (oncall_words().hours)(hours);
    }
    duration(until.since(from), locale())
}

/// How far off it is: `5日3時間`.
#[must_use]
pub fn distance_text(at: Time) -> String {
    duration(at.0.saturating_sub(use_look().now_ms).max(0), locale())
}

/// The same, said as a time ahead.
#[must_use]
pub fn ahead_text(at: Time) -> String {
    (oncall_words().ahead)(&distance_text(at))
}

/// What put somebody there, in a word.
#[must_use]
pub fn source_text(source: Option<SourceView>) -> &'static str {
    let words = oncall_words();
    match source {
        None => "",
        Some(SourceView::Rotation) => words.sources[0],
        Some(SourceView::Override) => words.sources[1],
        Some(SourceView::Swap) => words.sources[2],
        Some(SourceView::Calendar) => words.sources[3],
    }
}

/// A way to somebody, with its sign.
pub fn way(kind: WayKind) -> AnyView {
    view! { <span class="state"><Icon name=way_icon(kind) />{way_text(kind)}</span> }.into_any()
}

/// What it is called.
#[must_use]
pub fn way_text(kind: WayKind) -> &'static str {
    oncall_words().ways[kind as usize]
}

fn way_icon(kind: WayKind) -> IconName {
    match kind {
        WayKind::Push => IconName::Mobile,
        WayKind::Slack | WayKind::Sms => IconName::Chat,
        WayKind::Voice => IconName::Phone,
        WayKind::Email => IconName::Note,
    }
}

/// Whether somebody can be reached, and how.
pub fn reach(reach: &ReachView) -> AnyView {
    let words = oncall_words();
    let trouble = |said: &'static str| view! { <span class="oncall-warn"><Icon name=IconName::Warn />{said}</span> }.into_any();
    match reach {
        ReachView::By(ways) => ways.iter().map(|kind| way(*kind)).collect_view().into_any(),
        ReachView::Failing(ways) => {
            let ways = ways.iter().map(|kind| way(*kind)).collect_view();
            view! { {trouble(words.failing)} {ways} }.into_any()
        }
        ReachView::NoContact => trouble(words.no_contact),
        ReachView::Disabled => trouble(words.disabled),
    }
}

/// What the nightly look found, as a sentence.
#[must_use]
pub fn finding_text(finding: &FindingView, zone: &Zone) -> String {
    let words = oncall_words();
    let who: String = finding.person.clone().map(|person| who_text(&WhoView::Person(person))).unwrap_or_default();
    let role: String = finding.role.as_ref().map(role_text).unwrap_or_default();
    let when: String = match (finding.from, finding.until) {
        (Some(from), Some(until)) => span_text(from, until, zone),
        _ => String::new(),
    };
    match finding.kind {
        FindingKind::Gap => (words.find_gap)(&role, &when),
        FindingKind::NoContact => (words.find_no_contact)(&who),
        FindingKind::Disabled => (words.find_disabled)(&who),
        FindingKind::Away => (words.find_away)(&who, &role, &when),
        FindingKind::BothRoles => (words.find_both)(&who, &when),
        FindingKind::TooMuch => (words.find_too_much)(&who, finding.hours, &when),
        FindingKind::SamePerson => words.find_same.to_owned(),
        FindingKind::Layer => (words.find_layer)(&finding.detail),
        FindingKind::Calendar => (words.find_calendar)(&finding.detail),
        FindingKind::Other => finding.detail.clone(),
    }
}

/// What a view is called.
#[must_use]
pub fn view_text(view: GridView) -> &'static str {
    oncall_words().views[view as usize]
}

/// A field that nobody sees.
#[must_use]
pub fn hidden(name: &'static str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any()
}

/// A choice in a form: what it sends, and what is read.
#[must_use]
pub fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen: bool = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{finding_text, length_text, role_word, whos_text};
    use api::oncall::{FindingKind, FindingView, WhoView};
    use figures::Zone;
    use leptos::prelude::Owner;
    use model::Time;
    use model::rota::DutyRole;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn whole_hours_up_to_two_days_are_hours() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(length_text(Time(0), Time(48 * HOUR)), "48時間");
        assert_eq!(length_text(Time(0), Time(72 * HOUR)), "3日");
        assert_eq!(length_text(Time(0), Time(HOUR / 2)), "30分");
    }

    #[test]
    fn a_finding_is_a_sentence_with_its_time() {
        let owner = Owner::new();
        owner.set();
        let finding = FindingView {
            kind: FindingKind::Gap,
            person: None,
            role: Some(DutyRole::Secondary),
            from: Some(Time(0)),
            until: Some(Time(HOUR)),
            hours: 0,
            detail: String::new(),
        };
        let said = finding_text(&finding, &Zone::utc());
        assert!(said.contains("セカンダリ") && said.contains("1/1(木) 00:00 – 1/1(木) 01:00"), "{said}");
    }

    #[test]
    fn nobody_is_named_too() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(whos_text(&[WhoView::Gap, WhoView::Nobody]), "空き、担当者なし");
        assert_eq!(role_word(&DutyRole::Custom("窓口".to_owned())), "窓口");
    }
}
