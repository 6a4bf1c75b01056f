//! One line of a timeline: when, its sign, what it tells, and what was corrected of it.

use super::asked;
use super::picture::kept;
use super::said::{clock_name, moment_text, role_text, status_text};
use super::story::{PIN_FORM, SPLIT_FORM, UNPIN_FORM, anchor};
use crate::facts::{by_text, name_of};
use crate::now::icon_of;
use crate::words::incidents::incident_words;
use crate::words::{locale, words};
use api::incidents::line::{CorrectionView, EntrySaid, EntryView, StoryShow};
use api::incidents::view::IncidentView;
use leptos::prelude::*;
use model::ids::{AlertId, IncidentId};
use model::links;
use model::{Severity, Time};
use ui::attempt::Typed;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::person::PersonMark;
use ui::shape::Shape;

/// Who writes lines of clocks: nobody is told that twice.
const BY_ITSELF: &str = "incidents";

/// A line with its pin, the way to correct it, and the box to tick for it to go into another incident; `split`: what was ticked in a form
/// that was refused.
pub fn entry(line: &EntryView, view: &IncidentView, split: &Typed) -> AnyView {
    let class: &'static str = if line.pinned_by.is_some() { "story__one story__one--pinned" } else { "story__one" };
    let pick: Option<AnyView> = (view.can_work && view.line.status.is_open()).then(|| pick(line, split)).flatten();
    let acts: Option<AnyView> = view.can_work.then(|| acts(line, view.line.id, pick));
    view! {
        <li class=class id=anchor(line) data-key=anchor(line)>
            {when(line.at, Some(view.line.id))}
            {sign(&line.said)}
            <div class="story__what">{told(line)}</div>
            {acts}
        </li>
    }
    .into_any()
}

/// The same without anything that can be pressed, for the picture of a second.
pub fn still(line: &EntryView) -> AnyView {
    view! {
        <li class="story__one">
            {when(line.at, None)}
            {sign(&line.said)}
            <div class="story__what">{told(line)}</div>
        </li>
    }
    .into_any()
}

/// `14:52:07`, the seconds smaller; with its day where that is not today. It leads to how things stood then.
fn when(at: Time, of: Option<IncidentId>) -> AnyView {
    let look = use_look();
    let (exact, title): (String, String) = (figures::iso(at.0, &look.zone), figures::full_time(at.0, &look.zone, look.locale));
    let clock: String = figures::clock_time(at.0, &look.zone);
    let (time, seconds): (String, String) =
        clock.rsplit_once(':').map_or((clock.clone(), String::new()), |(time, seconds)| (time.to_owned(), format!(":{seconds}")));
    let is_today: bool =
        figures::date_line(at.0, &look.zone, look.locale) == figures::date_line(look.now_ms, &look.zone, look.locale);
    let day = (!is_today).then(|| view! { <small>{figures::month_day(at.0, &look.zone, look.locale)}" "</small> });
    let time = view! { <time datetime=exact title=title>{day}{time}<small>{seconds}</small></time> }.into_any();
    match of {
        Some(id) => view! { <a class="story__when" href=links::incident_at(id, at.0)>{time}</a> }.into_any(),
        None => view! { <span class="story__when">{time}</span> }.into_any(),
    }
}

fn sign(said: &EntrySaid) -> AnyView {
    let shape = |severity: Severity, is_hollow: bool| {
        view! { <span class="story__sign"><Shape level=severity.level() hollow=is_hollow /></span> }.into_any()
    };
    match said {
        EntrySaid::Alert { fact, severity: Some(severity), .. } if fact == "AlertFired" => shape(*severity, false),
        EntrySaid::Declared { severity: Some(severity), .. } | EntrySaid::Severity { to_severity: Some(severity), .. } => {
            shape(*severity, true)
        }
        other => view! { <span class="story__sign"><Icon name=icon(other) /></span> }.into_any(),
    }
}

fn icon(said: &EntrySaid) -> IconName {
    match said {
        EntrySaid::Declared { .. } => IconName::Flag,
        EntrySaid::Alert { fact, .. } | EntrySaid::Page { fact, .. } => icon_of(fact),
        EntrySaid::Escalation { .. } => IconName::Ladder,
        EntrySaid::Deploy { .. } => IconName::Launch,
        EntrySaid::Status { .. } => IconName::StateHeld,
        EntrySaid::Severity { .. } => IconName::Warn,
        EntrySaid::Role { .. } => IconName::Person,
        EntrySaid::Clock { .. } => IconName::StateWait,
        EntrySaid::Update { .. } | EntrySaid::Chat { .. } | EntrySaid::Room { .. } => IconName::Chat,
        EntrySaid::Note | EntrySaid::Correction { .. } | EntrySaid::Edit { .. } => IconName::Note,
        EntrySaid::Graph(_) => IconName::Graph,
        EntrySaid::Task { .. } | EntrySaid::FollowUp { .. } | EntrySaid::Runbook { .. } => IconName::Check,
        EntrySaid::Merge { .. } => IconName::Swap,
    }
}

/// What it tells: the sentence, who did it, what people wrote, what stands in its place.
fn told(line: &EntryView) -> AnyView {
    let body: AnyView = match &line.said {
        EntrySaid::Note | EntrySaid::Chat { .. } => written(line),
        EntrySaid::Update { ja, en, next_at } => update(line, ja, en, *next_at),
        EntrySaid::Graph(graph) => kept(graph, line),
        other => sentence(other, line),
    };
    let origin = line.origin.map(|id| {
        let said: String = (incident_words().from_other)(&id.to_string());
        view! { <small class="story__sub"><a class="link" href=links::incident(id)>{said}</a></small> }
    });
    view! { {body} {correction(line)} {origin} }.into_any()
}

/// What people wrote: larger, with who did.
fn written(line: &EntryView) -> AnyView {
    let class: &'static str = if line.correction.is_some() { "story__note story__note--corrected" } else { "story__note" };
    let url: Option<String> = if let EntrySaid::Chat { url } = &line.said { url.clone() } else { None };
    let way =
        url.map(|url| view! { <a class="link" href=url rel="external noopener noreferrer">{incident_words().in_slack}</a> });
    view! {
        <p class=class><PersonMark name=name_of(&line.by) /> <span class="story__text">{line.text.clone()}</span></p>
        {way}
    }
    .into_any()
}

fn update(line: &EntryView, ja: &str, en: &str, next_at: Option<Time>) -> AnyView {
    let said = incident_words();
    let next: Option<String> = next_at.map(|at| (said.next_promised)(&moment_text(at)));
    let sub: Vec<String> = [Some(name_of(&line.by)), next].into_iter().flatten().collect();
    view! {
        <b>{said.update_posted}</b> " " <small class="story__sub">{sub.join(" · ")}</small>
        {both(ja, en)}
    }
    .into_any()
}

/// Both languages side by side; one that was not written is not shown.
pub fn both(ja: &str, en: &str) -> AnyView {
    let one = |text: &str, lang: &'static str| {
        let text: String = text.to_owned();
        (!text.is_empty()).then(|| view! { <p lang=lang>{text}</p> })
    };
    view! { <div class="story__both">{one(ja, "ja")}{one(en, "en")}</div> }.into_any()
}

/// A line that was written by itself: a bold word or two, then what it is about.
fn sentence(said: &EntrySaid, line: &EntryView) -> AnyView {
    let (head, rest): (String, String) = phrase(said);
    let (alert, fact): (Option<AlertId>, &str) = about(said);
    let way = alert.map(|id| view! { " " <a class="link" href=links::alert(id)>{id.to_string()}</a> });
    let other = other_incident(said).map(|id| view! { " " <a class="link" href=links::incident(id)>{id.to_string()}</a> });
    let runbook = runbook(said);
    let by: Option<String> = by_text(fact, &line.by).filter(|name| !name.is_empty() && line.by != BY_ITSELF);
    let text = (!line.text.is_empty())
        .then(|| view! { <p class="story__note"><span class="story__text">{line.text.clone()}</span></p> });
    let sub = by.map(|name| view! { " " <small class="story__sub">{name}</small> });
    view! { <span class="story__auto"><b>{head}</b> " " {rest}{way}{other}{runbook}</span>{sub}{text} }.into_any()
}

fn about(said: &EntrySaid) -> (Option<AlertId>, &str) {
    match said {
        EntrySaid::Alert { fact, alert, .. }
        | EntrySaid::Page { fact, alert, .. }
        | EntrySaid::Escalation { fact, alert, .. } => (*alert, fact.as_str()),
        EntrySaid::Status { alert, .. } => (*alert, ""),
        EntrySaid::Deploy { fact, .. } => (None, fact.as_str()),
        _ => (None, ""),
    }
}

/// The way to the page that was worked through.
fn runbook(said: &EntrySaid) -> Option<AnyView> {
    let EntrySaid::Runbook { title, slug, .. } = said else {
        return None;
    };
    let href: String = links::documents::document(slug);
    Some(view! { " " <a class="link" href=href>{title.clone()}</a> }.into_any())
}

fn other_incident(said: &EntrySaid) -> Option<IncidentId> {
    if let EntrySaid::Merge { other, .. } = said { *other } else { None }
}

/// What happened, and what it happened to.
fn phrase(said: &EntrySaid) -> (String, String) {
    let words_of = incident_words();
    let joined = |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<&str>>().join(" · ");
    match said {
        EntrySaid::Declared { title, code, source, .. } => {
            ((words_of.said_declared)(code), joined(&[title, (words_of.sources)(source)]))
        }
        EntrySaid::Alert { fact, name, comment, .. } => {
            let head: &str = (words_of.link_fact)(fact).unwrap_or_else(|| (words().fact)(fact));
            (head.to_owned(), joined(&[name.read(locale()), comment]))
        }
        EntrySaid::Page { fact, place, reason, .. } => ((words().fact)(fact).to_owned(), joined(&[place, reason])),
        EntrySaid::Escalation { fact, policy, step, names, .. } => {
            let step: String = step.map(|step| (words_of.step_number)(step)).unwrap_or_default();
            ((words().fact)(fact).to_owned(), joined(&[policy, &step, &names.join(words_of.comma)]))
        }
        EntrySaid::Deploy { what, version, .. } => (words_of.said_deploy.to_owned(), joined(&[what, version])),
        EntrySaid::Status { from, to, reason, .. } => {
            let way: String = format!("{} → {}", status_text(*from), status_text(*to));
            (words_of.said_status.to_owned(), joined(&[&way, reason]))
        }
        EntrySaid::Severity { from, to, reason, .. } => {
            (words_of.said_level.to_owned(), joined(&[&format!("{from} → {to}"), reason]))
        }
        other => phrase_of_work(other),
    }
}

/// The same of what people do about it.
fn phrase_of_work(said: &EntrySaid) -> (String, String) {
    let words_of = incident_words();
    let joined = |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<&str>>().join(" · ");
    match said {
        EntrySaid::Role { role, name, from, is_given_up } => {
            let told: String = if *is_given_up { (words_of.role_left)(name) } else { (words_of.role_taken)(name, from) };
            (role_text(*role).to_owned(), told)
        }
        EntrySaid::Clock { kind, what, due_at } => {
            let due: String = due_at.map(moment_text).unwrap_or_default();
            (clock_name(*kind).to_owned(), (words_of.clock_told)(what, &due))
        }
        EntrySaid::Correction { of, at } => {
            let at: String = at.map(moment_text).unwrap_or_default();
            (words_of.said_correction.to_owned(), joined(&[&format!("#{of}"), &at]))
        }
        EntrySaid::Task { what, title, owner } => ((words_of.task_told)(what).to_owned(), joined(&[title, owner])),
        EntrySaid::FollowUp { what, title, owner, due_on } => {
            ((words_of.follow_up_told)(what).to_owned(), joined(&[title, owner, due_on]))
        }
        EntrySaid::Merge { what, title, .. } => ((words_of.merge_told)(what).to_owned(), title.clone()),
        EntrySaid::Edit { fields, mark, moment } => {
            let fields: Vec<&str> = fields.iter().map(|field| (words_of.edited_field)(field)).collect();
            let mark: &str = mark.as_deref().map_or("", |mark| (words_of.mark)(mark));
            let moment: String = moment.map(moment_text).unwrap_or_default();
            (words_of.said_edit.to_owned(), if mark.is_empty() { fields.join(words_of.comma) } else { joined(&[mark, &moment]) })
        }
        EntrySaid::Room { what, name, reason, .. } => ((words_of.room_told)(what).to_owned(), joined(&[name, reason])),
        EntrySaid::Runbook { what, step, note, .. } => ((words_of.runbook_told)(what).to_owned(), joined(&[step, note])),
        _ => (String::new(), String::new()),
    }
}

/// What stands in place of it. The original stays to be read.
fn correction(line: &EntryView) -> Option<AnyView> {
    let said = incident_words();
    let found: &CorrectionView = line.correction.as_ref()?;
    let (href, at): (String, Option<String>) = (format!("#line-{}", found.id), found.at.map(moment_text));
    let text: String = found.text.clone().unwrap_or_else(|| said.corrected_elsewhere.to_owned());
    let head: String = (said.corrected_by)(&name_of(&found.by));
    Some(
        view! {
            <p class="story__correction">
                <a class="link" href=href rel="external">{head}</a>
                {at.map(|at| view! { " " <b>{at}</b> })}
                " "
                <span class="story__text">{text}</span>
            </p>
        }
        .into_any(),
    )
}

/// Shown while the form that splits is open. How it began, and what it was part of, stays with the whole.
fn pick(line: &EntryView, split: &Typed) -> Option<AnyView> {
    if matches!(line.said, EntrySaid::Declared { .. } | EntrySaid::Merge { .. }) {
        return None;
    }
    let number: String = line.id.to_string();
    let is_ticked: bool = split.is_ticked("split[lines][]", &number, false);
    let label: String = (incident_words().split_take)(&moment_text(line.at));
    let title: String = label.clone();
    Some(
        view! {
            <label class="story__pick" title=title>
                <input type="checkbox" form=SPLIT_FORM name="split[lines][]" value=number checked=is_ticked aria-label=label />
            </label>
        }
        .into_any(),
    )
}

/// The pin, and the way to the form that corrects it.
fn acts(line: &EntryView, id: IncidentId, pick: Option<AnyView>) -> AnyView {
    let said = incident_words();
    let (form, label): (&'static str, String) = match &line.pinned_by {
        Some(by) => (UNPIN_FORM, (said.unpin)(by)),
        None => (PIN_FORM, said.pin.to_owned()),
    };
    let may_correct: bool = matches!(line.said, EntrySaid::Note | EntrySaid::Chat { .. } | EntrySaid::Declared { .. });
    let correct = may_correct.then(|| {
        let href: String = asked::story(id, StoryShow::All, &[("correct", &line.id.to_string()), ("line", &line.id.to_string())]);
        let href: String = href.replace("#story", "#note-text");
        view! { <a class="link story__correct" href=href>{said.correct}</a> }
    });
    view! {
        <span class="story__acts">
            {pick}
            {correct}
            <button class="story__pin" type="submit" form=form name="line" value=line.id.to_string() aria-label=label.clone() title=label>
                <Icon name=IconName::Pin />
            </button>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{phrase, pick, still};
    use api::incidents::line::{CorrectionView, EntrySaid, EntryView};
    use leptos::prelude::*;
    use model::Time;
    use model::clock::ClockKind;
    use model::incident::IncidentStatus;
    use model::incident::roles::IncidentRole;
    use ui::attempt::Typed;

    fn line(said: EntrySaid, text: &str) -> EntryView {
        EntryView {
            id: 7,
            at: Time(60_000),
            written_at: Time(60_000),
            by: "佐藤".to_owned(),
            text: text.to_owned(),
            said,
            origin: None,
            correction: None,
            pinned_by: None,
        }
    }

    #[test]
    fn what_people_wrote_stands_as_text_and_what_corrects_it_beside() {
        let owner = Owner::new();
        owner.set();
        let correction = CorrectionView { id: 9, by: "花".to_owned(), text: Some("v2.41 だった".to_owned()), at: None };
        let wrong = EntryView { correction: Some(correction), ..line(EntrySaid::Note, "<b>v2.40</b>") };
        let html = still(&wrong).to_html();
        assert!(html.contains("&lt;b&gt;v2.40&lt;/b&gt;") && html.contains("#line-9") && html.contains("v2.41 だった"), "{html}");
        assert!(html.contains("story__note--corrected"), "{html}");
    }

    #[test]
    fn a_line_is_ticked_for_the_form_that_splits_and_its_beginning_is_not() {
        let owner = Owner::new();
        owner.set();
        let typed = Typed::new(Some(vec![("split[lines][]".to_owned(), "7".to_owned())]));
        let html = pick(&line(EntrySaid::Note, "x"), &typed).unwrap().to_html();
        for part in ["form=\"split-form\"", "value=\"7\"", "checked", "aria-label"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!pick(&line(EntrySaid::Note, "x"), &Typed::default()).unwrap().to_html().contains("checked"));
        let declared = EntrySaid::Declared { title: String::new(), code: String::new(), severity: None, source: String::new() };
        assert!(pick(&line(declared, ""), &typed).is_none());
    }

    #[test]
    fn every_kind_of_work_is_told_in_words() {
        let owner = Owner::new();
        owner.set();
        let status = EntrySaid::Status {
            from: IncidentStatus::Declared,
            to: IncidentStatus::Acknowledged,
            reason: String::new(),
            alert: None,
        };
        assert_eq!(phrase(&status).1, "宣言 → 対応中");
        let role =
            EntrySaid::Role { role: IncidentRole::Commander, name: "花".to_owned(), from: String::new(), is_given_up: false };
        assert_eq!(phrase(&role), ("指揮".to_owned(), "花".to_owned()));
        let clock = EntrySaid::Clock { kind: ClockKind::Ack, what: "breached".to_owned(), due_at: Some(Time(60_000)) };
        assert_eq!(phrase(&clock), ("初動".to_owned(), "期限 00:01 を超過".to_owned()));
    }
}
