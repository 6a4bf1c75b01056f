//! One schedule: its timetable, who is on now, what comes next, and everything that is done about it.

use super::asked::{self, Asked};
use super::card::{clock, duties, finding_list};
use super::fair::fair;
use super::feeds::feeds;
use super::leave::leave;
use super::refusal::{failed, refusal_before};
use super::said::{hidden, length_text, moment, role_word, source_text, span_text, view_text, who_text};
use super::swaps::{cover_form, swaps};
use super::weeks::weeks;
use super::wish::override_form;
use crate::words::duty::{duty_words, role_text};
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::ask;
use api::oncall::schedule::{GridView, OverrideLine, ScheduleView, SwapWish, TurnsView};
use api::oncall::{
    FeedMake, FeedRemove, GapView, LeaveAdd, LeaveRemove, OverrideCancel, OverrideMake, ScheduleRemove, SwapAnswer, SwapAsk,
    WhoView, oncall_schedule,
};
use api::pulse::use_pulse;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use model::rota::Unit;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::choice::{Choice, ChoiceLink};
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::part::Part;

/// Everything one can do here.
#[derive(Clone, Copy)]
struct Acts {
    make: ServerAction<OverrideMake>,
    cancel: ServerAction<OverrideCancel>,
    cover: ServerAction<SwapAsk>,
    answer: ServerAction<SwapAnswer>,
    leave: ServerAction<LeaveAdd>,
    back: ServerAction<LeaveRemove>,
    feed: ServerAction<FeedMake>,
    unfeed: ServerAction<FeedRemove>,
    remove: ServerAction<ScheduleRemove>,
}

impl Acts {
    fn new() -> Self {
        Self {
            make: ServerAction::new(),
            cancel: ServerAction::new(),
            cover: ServerAction::new(),
            answer: ServerAction::new(),
            leave: ServerAction::new(),
            back: ServerAction::new(),
            feed: ServerAction::new(),
            unfeed: ServerAction::new(),
            remove: ServerAction::new(),
        }
    }
}

/// The screen at `/oncall/:name`.
#[component]
pub fn ScheduleScreen() -> impl IntoView {
    let (params, search, pulse) = (use_params_map(), use_location().search, use_pulse());
    let asked: Memo<Asked> = Memo::new(move |_| {
        let name: String = params.with(|params| params.get("name").unwrap_or_default());
        search.with(|search| asked::schedule(&name, search))
    });
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.with(|asked| asked.ask.clone()), moved()), |(ask, _)| oncall_schedule(ask));
    let acts = Acts::new();
    loaded(data, move |view| sheet(&view, &asked.get_untracked(), acts), failed)
}

fn sheet(view: &ScheduleView, asked: &Asked, acts: Acts) -> AnyView {
    let title: String = view.card.title.read(locale()).to_owned();
    let done = (oncall_words().done)(&asked.done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    view! {
        <Title text=title.clone() />
        <div class="roster" data-roster="">
            <header class="roster__head">
                <h1>{title}</h1>
                <p class="mute">{about(view)}</p>
                {tools(view)}
                {done}
            </header>
            {forms(view, &asked.cover, acts)}
            {gap_notice(view)}
            <div class="roster__main">
                {weeks(view)}
                {fair(&view.fair, &view.card.zone)}
                {overrides(view, acts.cancel)}
                {swaps(view, acts.answer)}
                {leave(view, acts.leave, acts.back)}
            </div>
            {side(view, acts)}
        </div>
    }
    .into_any()
}

/// How turns are taken, in which zone, and whose it is.
fn about(view: &ScheduleView) -> String {
    let turns: Option<String> = view.turns.as_ref().map(turns_text);
    let parts = [turns, view.card.owner.clone(), Some(view.card.zone.name.clone())];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// `1週間交代 · 月曜 10:00`.
fn turns_text(turns: &TurnsView) -> String {
    let words = oncall_words();
    let weekday: &'static str = duty_words().weekdays[usize::from(turns.weekday.min(6))];
    let length: String = (words.turns_of)(turns.unit as usize, turns.every);
    let when: String = if turns.unit == Unit::Week { (words.on_weekday)(weekday, &turns.clock) } else { turns.clock.clone() };
    format!("{length} · {when}")
}

/// Which part of the timetable, and the ways on.
fn tools(view: &ScheduleView) -> AnyView {
    let words = oncall_words();
    let name: &str = &view.card.name;
    let choices: Vec<ChoiceLink> = GridView::ALL
        .into_iter()
        .map(|one| ChoiceLink {
            label: view_text(one).to_owned(),
            href: links::schedule_at(name, one.as_str(), &view.at),
            is_current: one == view.view,
        })
        .collect();
    let step = |day: &str| links::schedule_at(name, view.view.as_str(), day);
    let today: String = format!("{}?view={}", links::schedule(name), view.view.as_str());
    let edit = view.can_edit.then(|| {
        let href: String = links::schedule_form(name);
        view! { <ButtonLink href=href icon=IconName::Note>{words.edit}</ButtonLink> }
    });
    view! {
        <div class="roster__tools">
            <Choice label=words.view options=choices />
            <ButtonLink href=step(&view.before) icon=IconName::Left label=words.earlier>""</ButtonLink>
            <ButtonLink href=today>{words.today}</ButtonLink>
            <ButtonLink href=step(&view.after) icon=IconName::Right label=words.later>""</ButtonLink>
            {edit}
        </div>
    }
    .into_any()
}

/// The forms that are folded in at the top, for whoever may send them.
fn forms(view: &ScheduleView, cover: &SwapWish, acts: Acts) -> AnyView {
    if !view.can_shift {
        return view! { <p class="mute roster__forms">{oncall_words().only_responders}</p> }.into_any();
    }
    view! {
        <div class="roster__forms">
            {override_form(view, acts.make)}
            {cover_form(view, cover, acts.cover)}
        </div>
    }
    .into_any()
}

/// The first gap among what is shown, and the way to fill it.
fn gap_notice(view: &ScheduleView) -> Option<AnyView> {
    let words = oncall_words();
    let gap: &GapView = view.gaps.first()?;
    let zone = &view.card.zone;
    let n_more: usize = view.gaps.len() - 1;
    let more = (n_more > 0).then(|| view! { <span class="mute">{(words.and_more)(n_more)}</span> });
    let wall = |at: model::Time| asked::wall(zone.civil(at.0));
    let href: String = links::schedule_override(&view.card.name, &role_word(&gap.role), &wall(gap.from), &wall(gap.until));
    let fill = view.can_shift.then(|| view! { <ButtonLink href=href>{words.fill}</ButtonLink> });
    Some(
        view! {
            <div class="gap-notice" role="note">
                <span class="gap-notice__swatch" aria-hidden="true"></span>
                <b class="gap-notice__length">{words.gap} " " {length_text(gap.from, gap.until)}</b>
                <span class="gap-notice__say">{(words.gap_say)(&span_text(gap.from, gap.until, zone), &role_text(&gap.role))}</span>
                {more}
                {fill}
            </div>
        }
        .into_any(),
    )
}

fn overrides(view: &ScheduleView, cancel: ServerAction<OverrideCancel>) -> AnyView {
    let words = oncall_words();
    let lines: Vec<AnyView> = view.overrides.iter().map(|one| override_line(view, one, cancel)).collect();
    let count = Some(lines.len().to_string());
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.overrides_none}</p> }.into_any()
    } else {
        view! { <ul class="duty-list">{lines}</ul> }.into_any()
    };
    view! { <Part title=words.overrides.to_owned() count=count>{refusal_before(cancel)}{body}</Part> }.into_any()
}

fn override_line(view: &ScheduleView, one: &OverrideLine, cancel: ServerAction<OverrideCancel>) -> AnyView {
    let words = oncall_words();
    let before: String = one.replaces.clone().map(|person| who_text(&WhoView::Person(person))).unwrap_or_default();
    let arrow: String = format!("{before} → {}", who_text(&one.to));
    let parts = [source_text(Some(one.source)).to_owned(), one.reason.clone(), one.by.clone()];
    let note: String = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" · ");
    let (schedule, id): (AnyView, AnyView) = (hidden("schedule", &view.card.name), hidden("id", &one.id));
    let act = one.can_cancel.then(|| {
        view! {
            <ActionForm action=cancel>
                {schedule}
                {id}
                <Button kind="submit" rank=Rank::Row>{words.override_cancel}</Button>
            </ActionForm>
        }
    });
    view! {
        <li class="duty-list__one">
            <b>{arrow.trim().to_owned()}</b>
            <span class="mute">{role_text(&one.role)}</span>
            <span>{moment(one.from, &view.card.zone)} " – " {moment(one.until, &view.card.zone)}</span>
            <small class="mute">{note}</small>
            {act}
        </li>
    }
    .into_any()
}

fn side(view: &ScheduleView, acts: Acts) -> AnyView {
    let words = oncall_words();
    let here: String = clock(&view.card.zone);
    let next: Vec<AnyView> =
        view.card.next.iter().map(|handover| super::handover_line(handover, &view.card.zone, None)).collect();
    let next: AnyView = if next.is_empty() {
        view! { <p class="mute">{words.no_handovers}</p> }.into_any()
    } else {
        view! { <ol class="handovers">{next}</ol> }.into_any()
    };
    let is_ready: bool = view.card.n_gaps == 0 && view.card.findings.is_empty();
    let checked: AnyView =
        if is_ready { view! { <p class="oncall-good">{words.all_ready}</p> }.into_any() } else { finding_list(&view.card) };
    let on_now: AnyView = duties(&view.card.duties, &view.card.zone);
    view! {
        <aside class="roster__side">
            <Part title=words.now.to_owned() more=move || here.clone()>{on_now}</Part>
            <Part title=words.next.to_owned() more=to_calendars>{next}</Part>
            <Part title=words.readiness.to_owned() more=move || words.readiness_note>{checked}</Part>
            {feeds(view, acts.feed, acts.unfeed)}
            {view.can_edit.then(|| removal(view, acts.remove))}
        </aside>
    }
    .into_any()
}

fn to_calendars() -> AnyView {
    view! { <a class="link" href="#calendars" rel="external">{oncall_words().to_calendar}</a> }.into_any()
}

/// The question before a schedule goes.
fn removal(view: &ScheduleView, remove: ServerAction<ScheduleRemove>) -> AnyView {
    let words = oncall_words();
    let hint = view.is_from_file.then(|| view! { <p class="mute">{words.from_file}</p> });
    let fields: [AnyView; 2] = [hidden("name", &view.card.name), hidden("version", &view.version.to_string())];
    view! {
        <Part title=words.settings.to_owned()>
            {hint}
            {refusal_before(remove)}
            <details class="duty-form">
                <summary class="button button--quiet">{words.schedule_remove}</summary>
                <ActionForm action=remove attr:class="form">
                    <p>{words.schedule_remove_sure}</p>
                    {fields.into_iter().collect_view()}
                    <div class="form__foot"><Button kind="submit">{words.schedule_remove_do}</Button></div>
                </ActionForm>
            </details>
        </Part>
    }
    .into_any()
}
