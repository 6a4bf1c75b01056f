//! Cover: asking for it, and answering those who ask.

use super::refusal::{Places, attempt};
use super::said::{hidden, moment, option, role_word, who_text};
use super::wish::moment_field;
use crate::words::duty::role_text;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{OfferLine, ScheduleView, SwapLine, SwapWish};
use api::oncall::{MyShift, PersonName, SwapAnswer, SwapAsk, WhoView};
use figures::Zone;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Time;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::field::Line;
use ui::part::Part;

/// The form that asks for cover, folded in until somebody begins it.
pub fn cover_form(view: &ScheduleView, cover: &SwapWish, ask: ServerAction<SwapAsk>) -> AnyView {
    let words = oncall_words();
    let attempt: Attempt = attempt(ask, places());
    let is_open: bool = !cover.from.is_empty() || attempt.typed.fields().is_some();
    let begun: SwapWish = begun(view, cover);
    let (schedule, fields): (AnyView, AnyView) = (hidden("wish[schedule]", &view.card.name), fields(view, &begun, &attempt));
    view! {
        <details class="duty-form" id="cover" open=is_open>
            <summary class="button">{words.ask_cover}</summary>
            <ActionForm action=ask attr:class="form">
                {attempt.refused()}
                <p class="field__hint">{words.cover_lead}</p>
                {schedule}
                {fields}
                <div class="form__foot"><Button kind="submit" rank=Rank::Main>{words.cover_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// What the address says, else the reader's next duty.
fn begun(view: &ScheduleView, cover: &SwapWish) -> SwapWish {
    let next: Option<&MyShift> = view.mine.first().filter(|_| cover.from.is_empty());
    let Some(shift) = next else { return cover.clone() };
    let wall = |at: Time| super::asked::wall(view.card.zone.civil(at.0));
    SwapWish { role: role_word(&shift.role), from: wall(shift.from), until: wall(shift.until), ..cover.clone() }
}

fn places() -> Places {
    let words = oncall_words();
    vec![
        Named::new("role", "cover-role", words.role),
        Named::new("from", "cover-from", words.from),
        Named::new("until", "cover-until", words.until_field),
        Named::new("back", "cover-back-from", words.back_from),
        Named::new("reason", "cover-reason", words.reason),
    ]
}

fn fields(view: &ScheduleView, cover: &SwapWish, attempt: &Attempt) -> AnyView {
    let words = oncall_words();
    let chosen: String = attempt.typed.text("wish[role]", &cover.role);
    let roles: Vec<AnyView> = view.roles.iter().map(|role| option(&role_word(role), &role_text(role), &chosen)).collect();
    let back = |id: &str, name: &str, label: &str| attempt.line(Line { kind: "datetime-local", ..Line::new(id, name, label) });
    view! {
        {attempt.select(Named::new("wish[role]", "cover-role", words.role), String::new(), roles)}
        <div class="duty-form__pair">
            {moment_field("cover-from", "wish[from]", words.from, &cover.from, attempt)}
            {moment_field("cover-until", "wish[until]", words.until_field, &cover.until, attempt)}
        </div>
        <fieldset class="duty-form__back">
            <legend class="field__label">{words.back}</legend>
            <p class="field__hint">{words.back_hint}</p>
            <div class="duty-form__pair">
                {back("cover-back-from", "wish[back_from]", words.back_from)}
                {back("cover-back-until", "wish[back_until]", words.back_until)}
            </div>
        </fieldset>
        {attempt.line(Line { most: Some(300), ..Line::new("cover-reason", "wish[reason]", words.reason) })}
    }
    .into_any()
}

/// The requests that are open, and those that were taken.
pub fn swaps(view: &ScheduleView, answer: ServerAction<SwapAnswer>) -> AnyView {
    let words = oncall_words();
    let count = Some(view.swaps.len().to_string());
    let refused: AnyView = super::refusal::refusal_before(answer);
    let body: AnyView = if view.swaps.is_empty() {
        view! { <Empty title=words.swaps_none say=words.swaps_none_hint /> }.into_any()
    } else {
        let lines: Vec<AnyView> = view.swaps.iter().map(|one| line(view, one, answer)).collect();
        view! { <ul class="swaps">{lines}</ul> }.into_any()
    };
    view! { <Part title=words.swaps.to_owned() count=count id="swaps">{refused}{body}</Part> }.into_any()
}

fn name(person: &PersonName) -> String {
    who_text(&WhoView::Person(person.clone()))
}

fn between(from: Time, until: Time, zone: &Zone) -> AnyView {
    view! { <span class="swaps__when">{moment(from, zone)} " – " {moment(until, zone)}</span> }.into_any()
}

fn line(view: &ScheduleView, one: &SwapLine, answer: ServerAction<SwapAnswer>) -> AnyView {
    let words = oncall_words();
    let zone: &Zone = &view.card.zone;
    let taken = one.taken_by.as_ref().map(|person| {
        let said: String = (words.taken_by)(&name(person));
        view! { <span class="swaps__taken">{said}</span> }
    });
    let back =
        one.back.map(|(from, until)| view! { <p class="swaps__back">{words.in_return} " " {between(from, until, zone)}</p> });
    let reason = (!one.reason.is_empty()).then(|| view! { <q class="log__quote">{one.reason.clone()}</q> });
    let offers: Vec<AnyView> = one.offers.iter().map(|offer| offer_line(view, one, offer, answer)).collect();
    let offers = (!offers.is_empty()).then(|| view! { <ul class="swaps__offers">{offers}</ul> });
    view! {
        <li class="swaps__one">
            <p class="swaps__head"><b>{name(&one.person)}</b> <span class="mute">{role_text(&one.role)}</span> {between(one.from, one.until, zone)} {taken}</p>
            {back}
            {reason}
            {offers}
            {acts(view, one, answer)}
        </li>
    }
    .into_any()
}

fn offer_line(view: &ScheduleView, swap: &SwapLine, offer: &OfferLine, answer: ServerAction<SwapAnswer>) -> AnyView {
    let words = oncall_words();
    let said: String = (words.offers)(&name(&offer.by));
    let accept = (swap.is_open && swap.is_mine).then(|| act(view, swap, answer, "accept", words.accept, Some(&offer.id)));
    view! { <li class="swaps__offer">{said} " " {between(offer.from, offer.until, &view.card.zone)} {accept}</li> }.into_any()
}

/// What the reader can do about a request.
fn acts(view: &ScheduleView, one: &SwapLine, answer: ServerAction<SwapAnswer>) -> AnyView {
    let words = oncall_words();
    let take = (one.is_open && one.can_take).then(|| act(view, one, answer, "take", words.take, None));
    // A swap that was asked for names what it wants already.
    let offer = (one.is_open && one.can_take && one.back.is_none()).then(|| offer_form(view, one, answer));
    let cancel = one.is_mine.then(|| {
        let word: &'static str = if one.is_open { words.take_back } else { words.undo_swap };
        act(view, one, answer, "cancel", word, None)
    });
    view! { <div class="swaps__acts">{take}{offer}{cancel}</div> }.into_any()
}

/// What every answer says.
fn about(view: &ScheduleView, one: &SwapLine, act: &str) -> Vec<AnyView> {
    vec![hidden("answer[schedule]", &view.card.name), hidden("answer[id]", &one.id), hidden("answer[act]", act)]
}

/// A button that is a form of its own.
fn act(
    view: &ScheduleView,
    one: &SwapLine,
    answer: ServerAction<SwapAnswer>,
    act: &'static str,
    word: &'static str,
    offer: Option<&str>,
) -> AnyView {
    let mut fields: Vec<AnyView> = about(view, one, act);
    fields.extend(offer.map(|id| hidden("answer[offer]", id)));
    view! {
        <ActionForm action=answer>
            {fields}
            <Button kind="submit" rank=Rank::Row>{word}</Button>
        </ActionForm>
    }
    .into_any()
}

/// Takes it for a duty of one's own, which the other would do.
fn offer_form(view: &ScheduleView, one: &SwapLine, answer: ServerAction<SwapAnswer>) -> AnyView {
    let words = oncall_words();
    let field = |part: &str, label: &'static str| {
        let id: String = format!("offer-{part}-{}", one.id);
        let name: String = format!("answer[{part}]");
        ui::field::line(Line { kind: "datetime-local", required: true, ..Line::new(&id, &name, label) })
    };
    let (about, from, until) = (about(view, one, "offer"), field("from", words.back_from), field("until", words.back_until));
    view! {
        <details class="swaps__more">
            <summary class="button button--row">{words.offer}</summary>
            <ActionForm action=answer attr:class="form">
                <p class="field__hint">{words.offer_hint}</p>
                {about}
                {from}
                {until}
                <div class="form__foot"><Button kind="submit">{words.offer_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
