//! `/ack/<token>`: taking alerts on by the link in a page, without signing in and without a script.
//!
//! Opening the link shows what it is about and changes nothing: mail scanners and previews open every link. Only the button acts, once,
//! and within three days of the page. Whoever holds the link acts as the link of its channel, because nothing more is known of them; who is
//! signed in acts under their own name, and so does whose own telephone or mailbox the page went to. A link that was used or is too old says so, and shows how things stand all the same.

mod calls;
mod links;
mod markup;
mod owner;
mod passing;
mod screen;
mod words;

#[cfg(test)]
mod tests;

pub use links::SignedLinks;

use crate::context::Visitor;
use crate::house_error::chain;
use crate::security::NoScript;
use crate::trouble::{self, Asker};
use crate::wiring::House;
use ::api::alerting::span_ms;
use alerting::routing::muted::Hushed;
use alerting::{Acknowledged, AlertDetail};
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use calls::Call;
use model::access::AnswerAlert;
use model::ids::AlertId;
use model::{Actor, Time};
use notify::{ChannelRow, DeliveryId, DeliveryRow};
use passing::{PASS, Passed};
use screen::{Asked, Matter, Screen};
use serde::Deserialize;
use std::collections::HashMap;

/// The route; [`SignedLinks`] writes the same.
pub const ROUTE: &str = "/ack/{token}";
/// For how long a link acts, counted from when its page was asked for.
const LIFE_MS: i64 = 72 * 3_600_000;
/// Alerts that are shown; the button takes on all the page was about.
const MOST_SHOWN: usize = 20;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    comment: String,
    /// For how long: a word of [`::api::alerting::SPANS`], or nothing.
    #[serde(default)]
    span: String,
    /// [`passing::PASS`] of whoever can't; else they take it on.
    #[serde(default)]
    act: String,
}

/// What a good link leads to.
struct Found {
    delivery: DeliveryRow,
    channel: Option<ChannelRow>,
    /// Who answered by it, and when.
    answered: Option<(Time, String)>,
    alerts: Vec<AlertDetail>,
    /// Why those of them that call nobody don't.
    hushed: HashMap<AlertId, Hushed>,
    /// Whom else pages about the first of them went to.
    calls: Vec<Call>,
    /// Somebody else could be paged instead.
    can_pass: bool,
    now: Time,
}

impl Found {
    /// Until when the link acts.
    fn expires_at(&self) -> Time {
        self.delivery.at.plus_ms(LIFE_MS)
    }

    fn is_expired(&self) -> bool {
        self.now > self.expires_at()
    }
}

/// Why a link leads nowhere.
enum Lost {
    /// Never ours, or damaged on its way.
    Unknown,
    /// Ours once.
    Expired,
    /// The database is away.
    Away,
}

/// `GET /ack/<token>`: shows, and changes nothing.
pub async fn show(State(house): State<House>, visitor: Visitor, Path(token): Path<String>) -> Response {
    match found(&house, &token).await {
        Ok(found) => {
            let (status, matter): (StatusCode, Matter<'_>) = match &found.answered {
                Some((at, by)) => (StatusCode::OK, Matter::Used { by, at: *at }),
                None if found.is_expired() => (StatusCode::GONE, Matter::Expired),
                None => (StatusCode::OK, Matter::Ask(Asked::default())),
            };
            answer(status, &visitor, &token, &found, &matter)
        }
        Err(lost) => nowhere(&lost, &visitor),
    }
}

/// `POST /ack/<token>`: takes on what the page was about, and says who has it.
pub async fn act(
    State(house): State<House>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Response {
    let found: Found = match found(&house, &token).await {
        Ok(found) => found,
        Err(lost) => return nowhere(&lost, &visitor),
    };
    if let Some((at, by)) = &found.answered {
        return answer(StatusCode::CONFLICT, &visitor, &token, &found, &Matter::Used { by, at: *at });
    }
    if found.is_expired() {
        return answer(StatusCode::GONE, &visitor, &token, &found, &Matter::Expired);
    }
    let words = words::of(visitor.viewer.locale);
    let refused = |problem: &'static str| {
        let asked = Asked { problem: Some(problem), comment: &form.comment, span: &form.span };
        answer(StatusCode::UNPROCESSABLE_ENTITY, &visitor, &token, &found, &Matter::Ask(asked))
    };
    let Some(lasting_ms) = span_ms(&form.span) else {
        return refused(words.odd_span);
    };
    let owner: Option<Actor> = owner::of(&house, found.delivery.id).await;
    let actor: Actor = actor(&visitor, &found, owner);
    if form.act == PASS {
        return match passing::pass_on(&house, &actor, &found.delivery, &form.comment).await {
            Passed::Done => passed(&house, &visitor, &token, found.delivery.id, &actor).await,
            Passed::NotEscalating => refused(words.not_escalating),
            Passed::LongReason => refused(words.long_reason),
            Passed::Away => away(&visitor),
        };
    }
    match take_on(&house, &actor, &found.delivery, &form.comment, lasting_ms).await {
        Ok(taken) => done(&house, &visitor, &token, found.delivery.id, &actor, &taken).await,
        Err(alerting::Error::LongComment { .. }) => refused(words.long_comment),
        Err(error) => {
            tracing::error!(error = chain(&error), "an alert could not be taken on by a link");
            away(&visitor)
        }
    }
}

/// Looks the link up. A signature that is wrong asks nothing of the database.
async fn found(house: &House, token: &str) -> Result<Found, Lost> {
    let id: DeliveryId = links::read(&house.keys, token).ok_or(Lost::Unknown)?;
    let delivery: DeliveryRow = house.notify.delivery(id).await.map_err(|error| lost(&error))?.ok_or(Lost::Expired)?.row;
    let channel: Option<ChannelRow> = house.notify.channel(&delivery.channel).await.map_err(|error| lost(&error))?;
    let answered: Option<(Time, String)> = house.notify.answered_by_link(id).await.map_err(|error| lost(&error))?;
    let alerts: Vec<AlertDetail> = alerts(house, &delivery.alerts).await.map_err(|error| lost(&error))?;
    let muted: Vec<AlertId> = alerts.iter().filter(|alert| alert.row.is_muted).map(|alert| alert.row.id).collect();
    let hushed: HashMap<AlertId, Hushed> = house.routing.hushed(&muted).await.map_err(|error| lost(&error))?;
    let calls: Vec<Call> = calls::about(house, &delivery, alerts.first()).await.map_err(|error| lost(&error))?;
    let can_pass: bool = passing::is_possible(house, &alerts).await;
    Ok(Found { delivery, channel, answered, alerts, hushed, calls, can_pass, now: house.clock.now() })
}

/// The first alerts of a page; those that need somebody most come first.
async fn alerts(house: &House, ids: &[AlertId]) -> Result<Vec<AlertDetail>, alerting::Error> {
    let mut alerts: Vec<AlertDetail> = Vec::new();
    for id in ids.iter().take(MOST_SHOWN) {
        alerts.extend(house.alerting.alert(*id).await?);
    }
    alerts.sort_by_key(|alert| (alert.row.resolved_at.is_some(), alert.row.severity, alert.row.id));
    Ok(alerts)
}

fn lost(error: &(dyn std::error::Error + 'static)) -> Lost {
    tracing::error!(error = chain(error), "what a link leads to can't be told");
    Lost::Away
}

/// Takes on every alert of the page that still fires. What is over, or was taken on before, is left as it is. The link is not spent
/// before all of that is done: an error in between can be answered by pressing again.
async fn take_on(
    house: &House,
    actor: &Actor,
    delivery: &DeliveryRow,
    comment: &str,
    lasting_ms: Option<i64>,
) -> Result<Vec<Acknowledged>, alerting::Error> {
    let Ok(grant) = kernel::authorize::<AnswerAlert>(actor, None) else { return Ok(Vec::new()) };
    let mut taken: Vec<Acknowledged> = Vec::new();
    for id in &delivery.alerts {
        let comment: Option<String> = Some(comment.to_owned()).filter(|comment| !comment.trim().is_empty());
        match house.alerting.acknowledge_for(&grant, *id, comment, lasting_ms).await {
            Ok(acknowledged) => taken.push(acknowledged),
            Err(alerting::Error::NotFiring { .. } | alerting::Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(taken)
}

/// The link is spent now; shows how things stand.
async fn done(house: &House, visitor: &Visitor, token: &str, id: DeliveryId, actor: &Actor, taken: &[Acknowledged]) -> Response {
    if let Err(error) = house.notify.note_answer_by_link(id, actor.name()).await {
        // What was done is done; the link can be pressed once more, which changes nothing.
        tracing::warn!(error = chain(&error), "that a link was answered by could not be written down");
    }
    match found(house, token).await {
        Ok(found) => {
            let n_taken: usize = taken.iter().filter(|one| !one.already).count();
            answer(StatusCode::OK, visitor, token, &found, &Matter::Done { n_taken, by: actor.name() })
        }
        Err(lost) => nowhere(&lost, visitor),
    }
}

/// The same of whoever can't: the link is spent, and the next step pages.
async fn passed(house: &House, visitor: &Visitor, token: &str, id: DeliveryId, actor: &Actor) -> Response {
    if let Err(error) = house.notify.note_answer_by_link(id, actor.name()).await {
        tracing::warn!(error = chain(&error), "that a link was answered by could not be written down");
    }
    match found(house, token).await {
        Ok(found) => answer(StatusCode::OK, visitor, token, &found, &Matter::Passed { by: actor.name() }),
        Err(lost) => nowhere(&lost, visitor),
    }
}

/// The person who is signed in here and may do it, else the link. What is stored of a link is in nobody's language.
fn actor(visitor: &Visitor, found: &Found, owner: Option<Actor>) -> Actor {
    let own: Option<&Actor> = visitor.actor.as_ref().filter(|actor| kernel::authorize::<AnswerAlert>(actor, None).is_ok());
    own.cloned().or(owner).unwrap_or_else(|| Actor::by_link(&calls::place(found.channel.as_ref(), &found.delivery.channel)))
}

fn answer(status: StatusCode, visitor: &Visitor, token: &str, found: &Found, matter: &Matter<'_>) -> Response {
    let screen = Screen {
        viewer: &visitor.viewer,
        action: links::path(token),
        alerts: &found.alerts,
        hushed: &found.hushed,
        calls: &found.calls,
        can_pass: found.can_pass,
        now: found.now,
        expires_at: found.expires_at(),
        n_more: found.delivery.alerts.len().saturating_sub(found.alerts.len()),
    };
    plain(status, screen.html(matter))
}

fn nowhere(lost: &Lost, visitor: &Visitor) -> Response {
    match lost {
        Lost::Unknown => plain(StatusCode::NOT_FOUND, screen::lost(&visitor.viewer, false)),
        Lost::Expired => plain(StatusCode::GONE, screen::lost(&visitor.viewer, true)),
        Lost::Away => away(visitor),
    }
}

fn away(visitor: &Visitor) -> Response {
    trouble::no_database(Asker::Person(visitor.viewer.locale))
}

/// Nothing keeps it, nothing runs in it, and no search engine lists it.
fn plain(status: StatusCode, html: String) -> Response {
    let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}
