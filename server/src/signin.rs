//! Sign-in, set-up, joining, signing out and the reader's preferences: plain forms without any script.

use crate::context::Visitor;
use crate::cookies;
use crate::house_error::chain;
use crate::security::NoScript;
use crate::trouble::Asker;
use crate::wiring::House;
use api::Viewer;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use identity::{Error, Join, PasswordProblem, SetUp, SignIn, SignedIn};
use manage::plain::{self, PasswordTrouble, Plain, Problem};
use model::links;
use model::theme::Theme;
use serde::Deserialize;
use std::sync::OnceLock;

/// The style sheet's address, hashed as the build left it. Set once by `serve`.
pub static STYLE_HREF: OnceLock<String> = OnceLock::new();

/// The style sheet's address.
#[must_use]
pub fn style_href() -> String {
    STYLE_HREF.get().cloned().unwrap_or_else(|| "/pkg/mimamori.css".to_owned())
}

/// Where to go after signing in, and why one is here.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    why: String,
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// The set-up link's code.
#[derive(Debug, Default, Deserialize)]
pub struct Code {
    #[serde(default)]
    code: String,
}

/// What the set-up form sends.
#[derive(Deserialize)]
pub struct SetUpForm {
    code: String,
    organisation: String,
    name: String,
    email: String,
    password: String,
}

/// What the joining form sends.
#[derive(Deserialize)]
pub struct JoinForm {
    password: String,
}

/// What the preference forms send: one or more of them.
#[derive(Debug, Default, Deserialize)]
pub struct PreferencesForm {
    lang: Option<String>,
    theme: Option<String>,
    zone: Option<String>,
    shortcuts: Option<String>,
    #[serde(default)]
    back: String,
}

fn screen(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}

fn plain_look(visitor: &Visitor) -> Plain {
    look_of(&visitor.viewer)
}

/// How a plain screen looks to somebody.
#[must_use]
pub fn look_of(viewer: &Viewer) -> Plain {
    Plain { locale: viewer.locale, theme: viewer.theme, style_href: style_href() }
}

/// Only paths of our own may be returned to: anything else could send people elsewhere. Browsers strip tabs and line ends out of an
/// address before they read it, so `/<tab>/evil.example` would be `//evil.example`.
fn own_path(path: &str) -> &str {
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c.is_control() || c == '\\');
    if is_ours { path } else { links::NOW }
}

/// Sends a stranger to sign-in, or to set-up while nobody has signed up.
pub async fn send_to_sign_in(house: &House, visitor: &Visitor, path: &str) -> Response {
    match house.identity.set_up_needed().await {
        Ok(true) => Redirect::to(links::SET_UP).into_response(),
        Ok(false) => Redirect::to(&sign_in_link(visitor.expired, own_path(path))).into_response(),
        Err(error) => {
            tracing::warn!(error = chain(&error), "can't ask whether set-up is needed");
            crate::trouble::no_database(Asker::Person(visitor.viewer.locale))
        }
    }
}

/// Where to sign in, with the reason and the way back when there are any.
fn sign_in_link(expired: bool, next: &str) -> String {
    let why = expired.then(|| "why=expired".to_owned());
    let next = (next != links::NOW).then(|| format!("next={}", links::encode(next)));
    let query = why.into_iter().chain(next).collect::<Vec<_>>().join("&");
    if query.is_empty() { links::SIGN_IN.to_owned() } else { format!("{}?{query}", links::SIGN_IN) }
}

/// `GET /sign-in`
pub async fn sign_in_screen(State(house): State<House>, visitor: Visitor, Query(next): Query<Next>) -> Response {
    if visitor.actor.is_some() {
        return Redirect::to(own_path(&next.next)).into_response();
    }
    if matches!(house.identity.set_up_needed().await, Ok(true)) {
        return Redirect::to(links::SET_UP).into_response();
    }
    let problem = (next.why == "expired").then_some(Problem::Expired);
    screen(StatusCode::OK, plain::sign_in(&plain_look(&visitor), "", own_path(&next.next), problem.as_ref()))
}

/// `POST /sign-in`
pub async fn sign_in(State(house): State<House>, visitor: Visitor, jar: CookieJar, Form(form): Form<SignInForm>) -> Response {
    let device = cookies::read(&jar, cookies::device_name(house.rules().https()));
    let asked = SignIn {
        email: form.email.clone(),
        password: form.password,
        address: visitor.address,
        user_agent: visitor.agent.clone(),
        device,
    };
    match house.identity.sign_in(asked).await {
        Ok(signed_in) => welcome(&house, jar, signed_in, own_path(&form.next)),
        Err(error) => {
            let (status, problem) = problem_of(error, "/sign-in");
            screen(status, plain::sign_in(&plain_look(&visitor), &form.email, own_path(&form.next), Some(&problem)))
        }
    }
}

fn welcome(house: &House, jar: CookieJar, signed_in: SignedIn, next: &str) -> Response {
    let https = house.rules().https();
    let jar = jar.add(cookies::session(signed_in.session_token, https)).add(cookies::device(signed_in.device_token, https));
    (jar, Redirect::to(next)).into_response()
}

/// What a stranger may learn of an error, and with which status.
fn problem_of(error: Error, path: &str) -> (StatusCode, Problem) {
    match error {
        Error::WrongCredentials => (StatusCode::UNAUTHORIZED, Problem::WrongCredentials),
        Error::TryLater { seconds } => (StatusCode::TOO_MANY_REQUESTS, Problem::TryLater { seconds }),
        Error::Overloaded => (StatusCode::TOO_MANY_REQUESTS, Problem::Busy),
        Error::SetUpDone => (StatusCode::CONFLICT, Problem::SetUpDone),
        Error::WrongSetUpCode | Error::WrongInvitation => (StatusCode::FORBIDDEN, Problem::WrongLink),
        Error::Password(problem) => (StatusCode::UNPROCESSABLE_ENTITY, Problem::Password(trouble_of(problem))),
        Error::Invalid { field, .. } => (StatusCode::UNPROCESSABLE_ENTITY, Problem::Field(field)),
        Error::PersonTaken => (StatusCode::CONFLICT, Problem::Field("email")),
        other => {
            tracing::error!(error = %other, path, "a plain form failed");
            (StatusCode::SERVICE_UNAVAILABLE, Problem::Busy)
        }
    }
}

/// The same rule, in the words of the screens.
fn trouble_of(problem: PasswordProblem) -> PasswordTrouble {
    match problem {
        PasswordProblem::TooShort => PasswordTrouble::TooShort,
        PasswordProblem::TooLong => PasswordTrouble::TooLong,
        PasswordProblem::TooCommon => PasswordTrouble::Common,
        PasswordProblem::LikeYou => PasswordTrouble::LikeName,
    }
}

/// `POST /sign-out`
pub async fn sign_out(State(house): State<House>, jar: CookieJar) -> Response {
    let https = house.rules().https();
    if let Some(token) = cookies::read(&jar, cookies::session_name(https))
        && let Err(error) = house.identity.sign_out(&token).await
    {
        tracing::warn!(error = chain(&error), "could not end a session at sign-out");
    }
    (jar.add(cookies::no_session(https)), Redirect::to(links::SIGN_IN)).into_response()
}

/// `GET /set-up?code=…`: the form for a code that is good, else why it leads nowhere and what to do.
pub async fn set_up_screen(State(house): State<House>, visitor: Visitor, Query(code): Query<Code>) -> Response {
    if code.code.is_empty() {
        return set_up_without_code(&house, &visitor).await;
    }
    let look = plain_look(&visitor);
    let (status, problem) = match house.identity.check_set_up_code(&code.code).await {
        Ok(()) => (StatusCode::OK, None),
        Err(error @ (Error::SetUpDone | Error::WrongSetUpCode)) => {
            let (status, problem) = problem_of(error, links::SET_UP);
            (status, Some(problem))
        }
        Err(error) => {
            tracing::warn!(error = chain(&error), "can't judge a set-up code");
            return crate::trouble::no_database(Asker::Person(visitor.viewer.locale));
        }
    };
    screen(status, plain::set_up(&look, &code.code, &plain::SetUpFields::default(), problem.as_ref()))
}

/// Whoever comes without the link needs it while nobody has signed up, and signs in afterwards.
async fn set_up_without_code(house: &House, visitor: &Visitor) -> Response {
    match house.identity.set_up_needed().await {
        Ok(true) => {
            let fields = plain::SetUpFields::default();
            screen(StatusCode::OK, plain::set_up(&plain_look(visitor), "", &fields, Some(&Problem::NoLink)))
        }
        Ok(false) => Redirect::to(links::SIGN_IN).into_response(),
        Err(error) => {
            tracing::warn!(error = chain(&error), "can't ask whether set-up is needed");
            crate::trouble::no_database(Asker::Person(visitor.viewer.locale))
        }
    }
}

/// `POST /set-up`
pub async fn set_up(State(house): State<House>, visitor: Visitor, jar: CookieJar, Form(form): Form<SetUpForm>) -> Response {
    let fields =
        plain::SetUpFields { organisation: form.organisation.clone(), name: form.name.clone(), email: form.email.clone() };
    let asked = SetUp {
        code: form.code.clone(),
        organisation: form.organisation,
        name: form.name,
        email: form.email,
        password: form.password,
        locale: visitor.viewer.locale,
        address: visitor.address,
        user_agent: visitor.agent.clone(),
    };
    match house.identity.set_up(asked).await {
        Ok(signed_in) => welcome(&house, jar, signed_in, links::NOW),
        Err(error) => {
            let (status, problem) = problem_of(error, links::SET_UP);
            screen(status, plain::set_up(&plain_look(&visitor), &form.code, &fields, Some(&problem)))
        }
    }
}

/// `GET /join/{code}`
pub async fn join_screen(State(house): State<House>, visitor: Visitor, Path(code): Path<String>) -> Response {
    match house.identity.invitation(&code).await {
        Ok(Some(invited)) => {
            screen(StatusCode::OK, plain::join(&plain_look(&visitor), &code, &invited.name, &invited.email, None))
        }
        Ok(None) => screen(StatusCode::FORBIDDEN, plain::join(&plain_look(&visitor), &code, "", "", Some(&Problem::WrongLink))),
        Err(error) => {
            let (status, problem) = problem_of(error, links::JOIN);
            screen(status, plain::join(&plain_look(&visitor), &code, "", "", Some(&problem)))
        }
    }
}

/// `POST /join/{code}`: sets the password and signs in.
pub async fn join(
    State(house): State<House>,
    visitor: Visitor,
    jar: CookieJar,
    Path(code): Path<String>,
    Form(form): Form<JoinForm>,
) -> Response {
    let device = cookies::read(&jar, cookies::device_name(house.rules().https()));
    let joining =
        Join { code: code.clone(), password: form.password, address: visitor.address, user_agent: visitor.agent.clone(), device };
    match house.identity.accept(joining).await {
        Ok(signed_in) => welcome(&house, jar, signed_in, links::NOW),
        Err(error) => {
            let (status, problem) = problem_of(error, links::JOIN);
            // Whoever it is for is greeted as before; where that can't be asked, the reason is what counts.
            let (name, email) = match house.identity.invitation(&code).await {
                Ok(Some(invited)) => (invited.name, invited.email),
                Ok(None) | Err(_) => (String::new(), String::new()),
            };
            screen(status, plain::join(&plain_look(&visitor), &code, &name, &email, Some(&problem)))
        }
    }
}

/// `POST /preferences`: language, theme, zone and shortcuts are cookies, so that they work before sign-in and in the first paint.
pub async fn preferences(
    State(house): State<House>,
    jar: CookieJar,
    headers: HeaderMap,
    Form(form): Form<PreferencesForm>,
) -> Response {
    let https = house.rules().https();
    let mut jar = jar;
    if let Some(locale) = form.lang.as_deref().and_then(figures::Locale::from_tag) {
        jar = jar.add(cookies::preference("lang", locale.as_str().to_owned(), https));
    }
    if let Some(theme) = &form.theme {
        jar = jar.add(cookies::preference("theme", Theme::from_word(theme).as_str().to_owned(), https));
    }
    if let Some(zone) = form.zone.as_deref().and_then(|name| name.parse::<chrono_tz::Tz>().ok()) {
        jar = jar.add(cookies::preference("zone", zone.name().to_owned(), https));
    }
    if let Some(shortcuts) = &form.shortcuts {
        let word = if shortcuts == "off" { "off" } else { "on" };
        jar = jar.add(cookies::preference("shortcuts", word.to_owned(), https));
    }
    let back = if form.back.is_empty() { referer_path(&headers) } else { form.back };
    (jar, Redirect::to(own_path(&back))).into_response()
}

/// Path and query of the screen that sent this request; empty when it is not known.
pub fn referer_path(headers: &HeaderMap) -> String {
    let referer = headers.get("referer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let after = referer.find("://").map_or("", |at| &referer[at + 3..]);
    after.find('/').map_or_else(String::new, |at| after[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_a_foreign_place_after_signing_in() {
        for (path, expected) in [
            ("/alerts/A-1?x=y", "/alerts/A-1?x=y"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
            ("/a\r\nset-cookie: x", "/"),
            ("/\t/evil.example", "/"),
            ("/\t\n/evil.example", "/"),
            ("/a\u{7f}", "/"),
            ("/a\0", "/"),
        ] {
            assert_eq!(own_path(path), expected, "{path:?}");
        }
    }

    #[test]
    fn the_way_back_and_the_reason_travel_with_whoever_is_sent_to_sign_in() {
        for (expired, next, expected) in [
            (false, "/", "/sign-in"),
            (true, "/", "/sign-in?why=expired"),
            (false, "/people", "/sign-in?next=%2Fpeople"),
            (true, "/alerts?x=y", "/sign-in?why=expired&next=%2Falerts%3Fx%3Dy"),
        ] {
            assert_eq!(sign_in_link(expired, next), expected);
        }
    }
}
