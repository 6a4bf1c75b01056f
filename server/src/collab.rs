//! `/collab/{document}`: the socket of an editor. It only carries frames; what they mean is the room's (`server/documents/src/collab.rs`).
//!
//! 1. A foreign origin gets 403 before anything else: a socket is not held to one origin by the browser.
//! 2. Whoever else may not is let in, told so, and closed with a code their editor takes for final: a refused handshake looks like a broken
//!    network to it, and is tried again for ever.
//! 3. What somebody may is looked at again every minute, when a Fact says that it may have changed, and once more when every process has
//!    forgotten what it remembered of their session.

use crate::context::Visitor;
use crate::house_error::{self, chain};
use crate::wiring::House;
use crate::{cookies, security};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use documents::collab::MOST_FRAME_BYTES;
use documents::pages::Right;
use documents::{Code, Connection, Inlet, Out, Outlet, Seat};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use kernel::facts::Recorded;
use model::Actor;
use model::actor::Who;
use model::ids::{DocumentId, PersonId, SessionId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

pub const ROUTE: &str = "/collab/{document}";

/// A little more than the room takes, so that it can say itself that a frame is too large.
const LARGEST_MESSAGE: usize = 4 * MOST_FRAME_BYTES;
/// What somebody may is looked at again at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// And not more often, however many Facts there are.
const REST: Duration = Duration::from_millis(500);
/// Sessions are remembered for 4 s by each process; what another one ended is seen after that.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// A client that takes no more is not waited for.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);
/// Frames that are sent together.
const MOST_TOGETHER: usize = 256;
/// The colours of people are numbered from one.
const N_COLOURS: u128 = 8;

/// Facts about a person after which they may be somebody else, or nobody.
const OF_A_PERSON: [&str; 7] =
    ["SignedOut", "SessionRevoked", "OtherSessionsRevoked", "SessionsEnded", "PersonDisabled", "RoleChanged", "PasswordChanged"];
/// Beginnings of Facts after which anybody may do more or less with a document.
const OF_RIGHTS: [&str; 11] = [
    "TeamMember",
    "TeamDeleted",
    "DocumentRights",
    "DocumentSpace",
    "DocumentMoved",
    "DocumentTrashed",
    "DocumentRestored",
    "DocumentDeleted",
    "Postmortem",
    // Who may know of a private incident may read its postmortem, and nobody else.
    "IncidentVisibilityChanged",
    "IncidentRoleChanged",
];

/// Whoever came, for as long as they stay.
struct Came {
    house: House,
    /// Of their session.
    token: Option<String>,
    /// `None`: what stood in the address is no id.
    document: Option<DocumentId>,
}

/// Who they are at this moment, and what they may.
struct Standing {
    person: PersonId,
    name: String,
    session: SessionId,
    may_write: bool,
}

/// `GET /collab/{document}`
pub async fn upgrade(
    State(house): State<House>,
    visitor: Visitor,
    jar: CookieJar,
    Path(document): Path<String>,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !is_from_here(&headers, &house.config.public_url) {
        return (StatusCode::FORBIDDEN, "this socket was not opened by Mimamori's own screens\n").into_response();
    }
    let socket: WebSocketUpgrade = match socket {
        Ok(socket) => socket,
        Err(_) if visitor.actor.is_none() => return house_error::honest(&api::ApiError::SignedOut),
        Err(rejection) => return rejection.into_response(),
    };
    let token: Option<String> = cookies::read(&jar, cookies::session_name(house.rules().https()));
    let came = Came { house, token, document: document.parse().ok() };
    socket.max_message_size(LARGEST_MESSAGE).max_frame_size(LARGEST_MESSAGE).on_upgrade(move |socket| serve(came, socket))
}

/// Browsers say of every socket which origin opened it; only ours will do, whatever else is said.
fn is_from_here(headers: &HeaderMap, public_url: &str) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return false;
    }
    let mut said = HeaderMap::new();
    for name in [header::ORIGIN, header::HOST] {
        if let Some(value) = headers.get(&name) {
            said.insert(name, value.clone());
        }
    }
    security::same_origin(&said, public_url)
}

async fn serve(came: Came, socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    let code: Option<Code> = match sit(&came).await {
        Ok((id, person, connection)) => carry(&came, id, person, connection, &mut sink, &mut stream).await,
        Err(code) => Some(code),
    };
    if let Some(code) = code {
        // Whoever does not take it is gone, or will be.
        let _ = tokio::time::timeout(CLOSED_WITHIN, close(&mut sink, &mut stream, code)).await;
    }
}

/// Sits them down, or says how it ends.
async fn sit(came: &Came) -> Result<(DocumentId, PersonId, Connection), Code> {
    let id: DocumentId = came.document.ok_or(Code::Unknown)?;
    let standing: Standing = standing(came, id).await?;
    let seat = Seat {
        person: standing.person,
        name: standing.name,
        colour: colour_of(standing.person),
        may_write: standing.may_write,
        session: standing.session.0,
    };
    let connection: Connection = came.house.documents.seat(id, seat).await?;
    Ok((id, standing.person, connection))
}

/// The same for one person on every screen.
#[must_use]
pub fn colour_of(person: PersonId) -> u8 {
    u8::try_from(person.0.as_u128() % N_COLOURS).unwrap_or_default() + 1
}

/// Who they are now and what they may, from the database.
async fn standing(came: &Came, id: DocumentId) -> Result<Standing, Code> {
    let token: &str = came.token.as_deref().ok_or(Code::SignedOut)?;
    // An editor that stays open is no use of a session: typing comes with other requests.
    let known = came.house.identity.actor_of_session(token, false).await.map_err(|error| later(&error))?;
    let known = known.ok_or(Code::SignedOut)?;
    let Who::Person { id: person, name } = &known.actor.who else { return Err(Code::Forbidden) };
    let right: Right = right(came, &known.actor, id).await?;
    Ok(Standing { person: *person, name: name.clone(), session: known.session, may_write: right == Right::Write })
}

async fn right(came: &Came, actor: &Actor, id: DocumentId) -> Result<Right, Code> {
    let documents = &came.house.documents;
    let right: Right = documents.right_of(actor, id).await.map_err(|error| later(&error))?;
    if right != Right::None {
        return Ok(right);
    }
    let is_there: bool = documents.page(id).await.map_err(|error| later(&error))?.is_some();
    Err(if is_there { Code::Forbidden } else { Code::Unknown })
}

/// What can't be found out now.
fn later(error: &(dyn std::error::Error + 'static)) -> Code {
    tracing::warn!(error = chain(error), "what somebody may do with a document can't be found out now");
    Code::Later
}

/// Carries frames until one side ends it; how to close, if it is not the client who did.
async fn carry(
    came: &Came,
    id: DocumentId,
    person: PersonId,
    connection: Connection,
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
) -> Option<Code> {
    let Connection { inlet, mut outlet } = connection;
    let again = Notify::new();
    tokio::select! {
        code = read(stream, &inlet) => code,
        code = write(sink, &mut outlet, &again) => code,
        () = watch(came, id, person, &inlet, &again) => None,
    }
}

async fn read(stream: &mut SplitStream<WebSocket>, inlet: &Inlet) -> Option<Code> {
    while let Some(message) = stream.next().await {
        match message {
            Ok(Message::Binary(frame)) => {
                if !inlet.receive(frame).await {
                    return Some(Code::Later);
                }
            }
            Ok(Message::Text(_)) => inlet.close(Code::Malformed),
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Close(_)) => return None,
            // The network broke, which nobody hears, or the message was larger than the transport lets in.
            Err(_) => return Some(Code::TooLarge),
        }
    }
    None
}

async fn write(sink: &mut SplitSink<WebSocket, Message>, outlet: &mut Outlet, again: &Notify) -> Option<Code> {
    let ends: CancellationToken = outlet.ends();
    loop {
        match outlet.next().await {
            Out::Close(code) => return Some(code),
            Out::Recheck => again.notify_one(),
            Out::Frame(frame) => {
                let sent = tokio::select! {
                    // It is over while the client takes nothing: what follows is the close.
                    () = ends.cancelled() => continue,
                    sent = send(sink, outlet, frame, again) => sent,
                };
                if sent.is_err() {
                    return None;
                }
            }
        }
    }
}

/// Sends a frame and those that wait behind it, together.
async fn send(
    sink: &mut SplitSink<WebSocket, Message>,
    outlet: &mut Outlet,
    frame: bytes::Bytes,
    again: &Notify,
) -> Result<(), axum::Error> {
    sink.feed(Message::Binary(frame)).await?;
    for _ in 0..MOST_TOGETHER {
        match outlet.next_at_once() {
            Some(Out::Frame(frame)) => sink.feed(Message::Binary(frame)).await?,
            Some(Out::Recheck) => again.notify_one(),
            Some(Out::Close(_)) | None => break,
        }
    }
    sink.flush().await
}

/// Says how it ends, and reads on until the client has heard it: closing over what it still sends would take the word back.
async fn close(sink: &mut SplitSink<WebSocket, Message>, stream: &mut SplitStream<WebSocket>, code: Code) {
    if code.is_denial() && sink.send(Message::Binary(code.denial())).await.is_err() {
        return;
    }
    let frame = CloseFrame { code: code.number(), reason: code.reason().into() };
    if sink.send(Message::Close(Some(frame))).await.is_err() {
        return;
    }
    while let Some(Ok(_)) = stream.next().await {}
}

/// Looks again and again at what they may. Never ends by itself.
async fn watch(came: &Came, id: DocumentId, person: PersonId, inlet: &Inlet, again: &Notify) {
    let mut facts = came.house.live.subscribe();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.reset();
    loop {
        let is_event: bool = tokio::select! {
            _ = ticks.tick() => false,
            () = again.notified() => true,
            () = concerned(&mut facts, person) => true,
        };
        match standing(came, id).await {
            Ok(standing) => inlet.may_write(standing.may_write),
            // While the database is gone nobody can save anything either.
            Err(Code::Later) => {}
            Err(code) => inlet.close(code),
        }
        if is_event {
            ticks.reset_after(LOOK_AGAIN_AFTER);
        }
        tokio::time::sleep(REST).await;
    }
}

/// Comes when a Fact says that they may do more or less.
async fn concerned(facts: &mut broadcast::Receiver<Arc<Recorded>>, person: PersonId) {
    loop {
        match facts.recv().await {
            Ok(fact) if is_about(&fact, person) => return,
            Ok(_) => {}
            // What was missed may have been about them.
            Err(broadcast::error::RecvError::Lagged(_)) => return,
            // The server stops.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn is_about(fact: &Recorded, person: PersonId) -> bool {
    let is_theirs: bool = OF_A_PERSON.contains(&fact.kind.as_str()) && fact.subject == format!("person/{person}");
    is_theirs || OF_RIGHTS.iter().any(|beginning| fact.kind.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::facts::Cursor;
    use model::Time;
    use uuid::Uuid;

    fn headers(said: &[(&'static str, &str)]) -> HeaderMap {
        said.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_origin_opens_a_socket() {
        let ours = "https://watch.example.jp";
        assert!(is_from_here(&headers(&[("origin", ours)]), ours));
        let foreign: [&[(&'static str, &str)]; 8] = [
            &[],
            &[("origin", "https://evil.example")],
            &[("origin", "https://watch.example.jp.evil.example")],
            &[("origin", "http://watch.example.jp")],
            &[("referer", "https://watch.example.jp/documents")],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("origin", "null")],
        ];
        for said in foreign {
            assert!(!is_from_here(&headers(said), ours), "{said:?}");
        }
    }

    #[test]
    fn facts_about_others_concern_nobody_but_rights_concern_all() {
        let person = PersonId(Uuid::from_u128(7));
        let fact = |kind: &str, subject: &str| Recorded {
            cursor: Cursor::default(),
            kind: kind.to_owned(),
            actor: serde_json::Value::Null,
            subject: subject.to_owned(),
            body: serde_json::Value::Null,
            at: Time(0),
        };
        assert!(is_about(&fact("RoleChanged", &format!("person/{person}")), person));
        assert!(!is_about(&fact("RoleChanged", &format!("person/{}", Uuid::from_u128(8))), person));
        assert!(!is_about(&fact("PersonRenamed", &format!("person/{person}")), person));
        assert!(is_about(&fact("DocumentRightsChanged", "document/x"), person));
        assert!(is_about(&fact("TeamMemberRemoved", "team/x"), person));
        assert!(is_about(&fact("IncidentVisibilityChanged", "incident/1"), person));
        assert!(!is_about(&fact("AlertFired", "alert/1"), person));
    }

    #[test]
    fn everybody_has_one_of_the_colours() {
        for n in 0..50 {
            assert!((1..=8).contains(&colour_of(PersonId(Uuid::from_u128(n)))));
        }
    }
}
