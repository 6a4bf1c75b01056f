//! A postmortem leaves the house: as Markdown, on paper, and by a link for outsiders, who read it without names and secrets.

use super::one::Acts;
use crate::report::attempt;
use crate::screen::{day_text, hidden, option};
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::{PostmortemView, PreviewView, ShareView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use model::postmortem::State;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, ButtonLink, Rank};
use ui::context::use_look;
use ui::icon::IconName;
use ui::part::Part;

/// For how many days a link can be made.
const DAYS: [i64; 4] = [7, 14, 30, 90];
const USUAL_DAYS: i64 = 14;

/// How a published one leaves the house, in its head: the copy that outsiders read or the way to make one, and paper.
pub fn ways(view: &PostmortemView) -> Option<AnyView> {
    let words = postmortem_words();
    if view.line.state != State::Published {
        return None;
    }
    let open: Option<String> = view.shares.iter().filter(|one| !is_over(one)).find_map(|one| one.href.clone());
    let (preview, print): (String, String) =
        (links::postmortem_preview(view.line.incident), links::postmortem_print(view.line.incident));
    let may_make: bool = view.can_approve && !view.line.is_private;
    let shared: Option<AnyView> = match open {
        Some(href) => {
            Some(view! { <ButtonLink href=href rel="external" icon=IconName::Launch>{words.share}</ButtonLink> }.into_any())
        }
        None if may_make => {
            Some(view! { <ButtonLink href=preview icon=IconName::Launch>{words.share_make}</ButtonLink> }.into_any())
        }
        None => None,
    };
    Some(
        view! {
            <p class="postmortem__do">
                {shared}
                <ButtonLink href=print rel="external">{words.print}</ButtonLink>
            </p>
        }
        .into_any(),
    )
}

/// Nobody can read by it any more.
fn is_over(one: &ShareView) -> bool {
    one.is_revoked || one.expires_at.0 <= use_look().now_ms
}

/// The part.
pub fn share(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let (stored, expanded): (String, String) =
        (links::postmortem_file(view.line.incident, false), links::postmortem_file(view.line.incident, true));
    let print: String = links::postmortem_print(view.line.incident);
    let sharing: Option<AnyView> = (!view.line.is_private).then(|| sharing(view, acts));
    view! {
        <Part title=words.exports.to_owned() id="share">
            <ul class="postmortem__list">
                <li><a class="link" href=expanded rel="external" download="">{words.expanded}</a></li>
                <li><a class="link" href=stored rel="external" download="">{words.as_stored}</a></li>
                <li><a class="link" href=print rel="external">{words.print}</a></li>
            </ul>
            {sharing}
        </Part>
    }
    .into_any()
}

/// Only what is published goes out, and only after somebody looked at it as outsiders will read it.
fn sharing(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let shares: Vec<AnyView> = view.shares.iter().map(|one| made(view, one, acts)).collect();
    let is_published: bool = view.line.state == State::Published;
    let next: AnyView = match (&view.preview, is_published && view.can_approve) {
        (Some(preview), true) => previewed(view, preview, acts),
        (None, true) => {
            let href: String = links::postmortem_preview(view.line.incident);
            view! { <p><a class="button button--quiet" href=href>{words.share_preview}</a></p> }.into_any()
        }
        (_, false) => view! { <p class="mute">{words.share_after}</p> }.into_any(),
    };
    view! {
        <h3 class="postmortem__sub">{words.share}</h3>
        <p class="postmortem__hint">{words.share_lead}</p>
        <ul class="postmortem__list">{shares}</ul>
        {next}
    }
    .into_any()
}

fn previewed(view: &PostmortemView, preview: &PreviewView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let places: Vec<Named> = vec![Named::new("days", "share-days", words.share_days)];
    let attempt: Attempt = attempt(acts.share, places);
    let incident: AnyView = hidden("incident", &view.line.incident.0.to_string());
    let chosen: String = attempt.typed.text("days", &USUAL_DAYS.to_string());
    let days: Vec<AnyView> = DAYS.into_iter().map(|n| option(&n.to_string(), &(words.days)(n), &chosen)).collect();
    let (refused, days): (AnyView, AnyView) =
        (attempt.refused(), attempt.select(Named::new("days", "share-days", words.share_days), String::new(), days));
    let whole: String = format!("# {}\n\n{}", preview.title, preview.text);
    view! {
        <p class="postmortem__hint">{words.share_previewed}</p>
        <pre class="postmortem__preview" tabindex="0" role="group" aria-label=words.share_preview>{whole}</pre>
        <ActionForm action=acts.share attr:class="form">
            {refused}
            {incident}
            {days}
            <div class="form__foot"><Button kind="submit">{words.share_do}</Button></div>
        </ActionForm>
    }
    .into_any()
}

fn made(view: &PostmortemView, one: &ShareView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let state: &'static str = match (one.is_revoked, is_over(one)) {
        (true, _) => words.share_revoked,
        (false, true) => words.share_ended,
        (false, false) => words.share_open,
    };
    let told: String = (words.share_made)(&one.made_by, &day_text(one.made_at), &day_text(one.expires_at));
    let way = one.href.clone().map(|href| view! { <a class="link" href=href rel="external">{words.share}</a> });
    let can_end: bool = one.href.is_some() && view.can_approve;
    let end = can_end.then(|| {
        let fields: Vec<AnyView> = vec![hidden("incident", &view.line.incident.0.to_string()), hidden("share", &one.id)];
        view! {
            <ActionForm action=acts.unshare>
                {fields}
                <Button kind="submit" rank=Rank::Row>{words.unshare}</Button>
            </ActionForm>
        }
    });
    view! { <li class="postmortem__share"><span>{state}</span> {way} <small class="mute">{told}</small> {end}</li> }.into_any()
}
