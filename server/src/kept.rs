//! Forms that a browser sent without a script and that were refused: carried over the redirect, so that they come back as they were
//! filled in.
//!
//! 1. What was typed waits in the database for the browser that sent it (`identity::refused`), so it does not matter which replica
//!    answers next, and nothing of it stands in an address: there stands only its number.
//! 2. Only texts of the forms named here are kept, and of those no secret. A form that is not named loses its texts and keeps its refusal.
//! 3. While the database is away, the refusal goes into the address as Leptos puts it, and the texts are lost.

use crate::calls::{self, Asked};
use crate::context::Visitor;
use crate::house_error::chain;
use crate::told;
use crate::wiring::House;
use api::ApiError;
use api::alerting::{AlertAcknowledge, AlertComment, AlertResolve};
use api::channels::ChannelSave;
use api::contacts::{ContactAdd, ContactRulesSave};
use api::dashboards::editing::{
    DashboardDraftSave, DashboardPanelSave, DashboardRowSave, DashboardSettingsSave, DashboardSourceSave, DashboardVariableSave,
};
use api::dashboards::keeping::DashboardCreate;
use api::documents::{
    CommentChange, DocumentAround, DocumentBegin, DocumentComment, DocumentMove, DocumentRename, DocumentReply, DocumentRights,
    DocumentSuggest, DocumentTitle, RunbookBegin, RunbookCheck, RunbookEnd, RunbookTie, RunbookWrong, SpaceSave,
};
use api::escalations::{AlertPassOn, PolicySave};
use api::identity::{MemberAdd, PersonInvite, PersonRole, TeamMake, TokenMake};
use api::incidents::{
    IncidentAct, IncidentDeclare, IncidentEdit, IncidentFollowUp, IncidentFreeze, IncidentLevel, IncidentLink, IncidentMark,
    IncidentMerge, IncidentNote, IncidentSplit, IncidentTask, IncidentUpdate, IncidentVisibility,
};
use api::integrations::{IntegrationChange, IntegrationMake, IntegrationMapping};
use api::kept::{KeptForm, NAME};
use api::oncall::{LeaveAdd, OverrideMake, ScheduleSave, SwapAsk};
use api::pay::{CompanyDayAdd, PayOvertime, PayRuleSave, WeekSave, WorkAdd, WorkCorrect};
use api::postmortems::{
    ActionFinish, ActionSave, PostmortemAct, PostmortemAskReview, PostmortemBegin, PostmortemDescribe, PostmortemGraph,
    PostmortemShare,
};
use api::rules::RuleSave;
use api::silences::SilenceMake;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use identity::RefusedForm;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use model::links;
use notify::channels::{Field, fields};
use uuid::Uuid;

/// Forms that somebody writes into. A new one is added here, once it is certain that none of its fields is a secret.
const KEPT: [&str; 73] = [
    ActionFinish::PATH,
    ActionSave::PATH,
    AlertAcknowledge::PATH,
    AlertComment::PATH,
    AlertPassOn::PATH,
    AlertResolve::PATH,
    ChannelSave::PATH,
    CommentChange::PATH,
    CompanyDayAdd::PATH,
    ContactAdd::PATH,
    ContactRulesSave::PATH,
    DashboardCreate::PATH,
    DashboardDraftSave::PATH,
    DashboardPanelSave::PATH,
    DashboardRowSave::PATH,
    DashboardSettingsSave::PATH,
    DashboardSourceSave::PATH,
    DashboardVariableSave::PATH,
    DocumentAround::PATH,
    DocumentBegin::PATH,
    DocumentComment::PATH,
    DocumentMove::PATH,
    DocumentRename::PATH,
    DocumentReply::PATH,
    DocumentRights::PATH,
    DocumentSuggest::PATH,
    DocumentTitle::PATH,
    IncidentAct::PATH,
    IncidentDeclare::PATH,
    IncidentEdit::PATH,
    IncidentFollowUp::PATH,
    IncidentFreeze::PATH,
    IncidentLevel::PATH,
    IncidentLink::PATH,
    IncidentMark::PATH,
    IncidentMerge::PATH,
    IncidentNote::PATH,
    IncidentSplit::PATH,
    IncidentTask::PATH,
    IncidentUpdate::PATH,
    IncidentVisibility::PATH,
    IntegrationChange::PATH,
    IntegrationMake::PATH,
    IntegrationMapping::PATH,
    LeaveAdd::PATH,
    MemberAdd::PATH,
    OverrideMake::PATH,
    PayOvertime::PATH,
    PayRuleSave::PATH,
    PersonInvite::PATH,
    PersonRole::PATH,
    PolicySave::PATH,
    PostmortemAct::PATH,
    PostmortemAskReview::PATH,
    PostmortemBegin::PATH,
    PostmortemDescribe::PATH,
    PostmortemGraph::PATH,
    PostmortemShare::PATH,
    RuleSave::PATH,
    RunbookBegin::PATH,
    RunbookCheck::PATH,
    RunbookEnd::PATH,
    RunbookTie::PATH,
    RunbookWrong::PATH,
    ScheduleSave::PATH,
    SilenceMake::PATH,
    SpaceSave::PATH,
    SwapAsk::PATH,
    TeamMake::PATH,
    TokenMake::PATH,
    WeekSave::PATH,
    WorkAdd::PATH,
    WorkCorrect::PATH,
];
/// No form of ours has so many fields.
const MOST_FIELDS: usize = 1_000;
/// What Leptos and we put behind the address of a screen whose form was refused.
const CARRIED: [&str; 3] = ["__path", "__err", NAME];
/// What a screen says was just done.
const DONE: &str = "done";

/// What a form sent, as far as it may be kept.
#[must_use]
pub fn typed(call: &str, body: &str) -> Vec<(String, String)> {
    if !KEPT.contains(&call) {
        return Vec::new();
    }
    let sent: Vec<(String, String)> = links::pairs(body);
    let kind: String = sent.iter().find(|(name, _)| name == "channel[kind]").map(|(_, text)| text.clone()).unwrap_or_default();
    // A NUL can't be stored, and nobody types one.
    let clean = |(name, text): (String, String)| (name.replace('\0', ""), text.replace('\0', ""));
    sent.into_iter().map(clean).filter(|(name, _)| !is_secret(name, &kind)).take(MOST_FIELDS).collect()
}

/// A setting of a channel counts as a secret unless its kind says that it is none.
fn is_secret(name: &str, kind: &str) -> bool {
    let Some(setting) = name.strip_prefix("channel[settings]") else { return false };
    let setting: &str = setting.trim_matches(['[', ']']);
    let known: Option<&Field> = fields(kind).iter().find(|field| field.name == setting);
    known.is_none_or(|field| field.secret)
}

/// The number of a refused form in what stands behind the question mark.
fn number(query: &str) -> Option<Uuid> {
    links::pairs(query).into_iter().find(|(name, _)| name == NAME).and_then(|(_, text)| text.parse::<Uuid>().ok())
}

/// The number in the address of the screen that sent a form: it had been refused before.
#[must_use]
pub fn number_before(headers: &HeaderMap) -> Option<Uuid> {
    let referer: &str = headers.get(header::REFERER).and_then(|value| value.to_str().ok())?;
    referer.split_once('?').and_then(|(_, query)| number(query))
}

/// The refused form that a screen is opened with, if it is this browser's.
pub async fn handed_over(house: &House, visitor: &Visitor, uri: &Uri) -> Option<KeptForm> {
    let (session, id) = (visitor.session?, number(uri.query()?)?);
    match house.identity.refused_form(session, id).await {
        Ok(form) => form.map(|form| KeptForm { call: form.call, refusal: form.refusal, fields: form.fields }),
        Err(error) => {
            tracing::warn!(error = chain(&error), "a refused form could not be read back");
            None
        }
    }
}

/// Sends a browser back after its form: with the number of what was refused, or without any once it was taken.
pub async fn carry(house: &House, visitor: &Visitor, asked: &Asked, answer: Response) -> Response {
    if !asked.by_form() || !answer.status().is_redirection() {
        return answer;
    }
    let is_refusal: bool = answer.headers().contains_key(SERVER_FN_ERROR_HEADER);
    forget(house, visitor, asked).await;
    if is_refusal { refused(house, visitor, asked, answer).await } else { done(asked, answer).await }
}

/// The way back of what was taken, with the word of what it came to where there is one.
async fn done(asked: &Asked, answer: Response) -> Response {
    if !told::is_told(asked.path()) {
        return led(answer, None);
    }
    let Some((parts, body)) = calls::read(answer).await else { return calls::fault() };
    let pair: Option<String> = told::told(asked.path(), &body).map(|told| format!("{DONE}={}", told.word()));
    led(Response::from_parts(parts, axum::body::Body::from(body)), pair)
}

/// What had been refused before is over: it was sent again.
async fn forget(house: &House, visitor: &Visitor, asked: &Asked) {
    let (Some(session), Some(id)) = (visitor.session, asked.number()) else { return };
    if let Err(error) = house.identity.forget_refused(session, id).await {
        tracing::warn!(error = chain(&error), "a refused form could not be forgotten");
    }
}

async fn refused(house: &House, visitor: &Visitor, asked: &Asked, answer: Response) -> Response {
    let Some((parts, body)) = calls::read(answer).await else { return calls::fault() };
    let id: Option<Uuid> = keep(house, visitor, asked, &body).await;
    let answer = Response::from_parts(parts, axum::body::Body::from(body));
    match id {
        Some(id) => led(answer, Some(format!("{NAME}={id}"))),
        None => answer,
    }
}

/// `None` where it can't be kept: then the answer stays as Leptos made it.
async fn keep(house: &House, visitor: &Visitor, asked: &Asked, reason: &Bytes) -> Option<Uuid> {
    let session = visitor.session?;
    // What is no reason of ours is not carried on.
    serde_json::from_slice::<ApiError>(reason).ok()?;
    let form = RefusedForm { call: asked.path().to_owned(), refusal: URL_SAFE.encode(reason), fields: asked.typed().to_vec() };
    match house.identity.keep_refused(session, &form).await {
        Ok(id) => id,
        Err(error) => {
            tracing::warn!(error = chain(&error), "a refused form could not be kept");
            None
        }
    }
}

/// The answer with its way rid of what was carried before, and with what is carried now, if anything is.
fn led(mut answer: Response, carried: Option<String>) -> Response {
    let way: Option<String> =
        answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(|way| address(way, carried));
    if let Some(Ok(way)) = way.map(|way| HeaderValue::from_str(&way)) {
        answer.headers_mut().insert(header::LOCATION, way);
    }
    answer
}

fn address(way: &str, carried: Option<String>) -> String {
    let (path, query) = way.split_once('?').unwrap_or((way, ""));
    // An act that leads somewhere names a path. A whole address is where the form stood: what was done before that was told there.
    let is_back: bool = !way.starts_with('/');
    let is_own = |pair: &&str| {
        let name: &str = pair.split('=').next().unwrap_or_default();
        let is_told: bool = is_back && name == DONE;
        !name.is_empty() && !CARRIED.contains(&name) && !is_told
    };
    let own = query.split('&').filter(is_own).map(str::to_owned);
    let pairs: Vec<String> = own.chain(carried).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::contacts::ContactVerify;
    use api::identity::PasswordChange;
    use api::push::BrowserAdd;

    fn text<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
        fields.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    #[test]
    fn no_secret_is_ever_kept() {
        assert!(typed(PasswordChange::PATH, "old=a&new=b").is_empty());
        assert!(typed(BrowserAdd::PATH, "endpoint=e&auth=s").is_empty());
        assert!(typed(ContactVerify::PATH, "id=7&code=123456").is_empty());
        let settings = "channel%5Bsettings%5D%5Btoken%5D=xoxb-1&channel%5Bsettings%5D%5Bchannel%5D=%23ops";
        let slack = typed(ChannelSave::PATH, &format!("channel%5Bkind%5D=slack&channel%5Bname%5D=Ops&{settings}"));
        assert_eq!(text(&slack, "channel[settings][channel]"), Some("#ops"));
        assert_eq!((text(&slack, "channel[name]"), text(&slack, "channel[settings][token]")), (Some("Ops"), None));
        // What no kind explains could be anything.
        let odd = typed(ChannelSave::PATH, &format!("channel[kind]=odd&{settings}&channel[settings]=x&channel[settings][]=y"));
        assert_eq!(odd, [("channel[kind]".to_owned(), "odd".to_owned())]);
    }

    #[test]
    fn every_secret_of_every_kind_is_left_out() {
        for kind in notify::channels::KINDS {
            for field in fields(kind) {
                let body = format!("channel[kind]={kind}&channel[settings][{}]=x", field.name);
                assert_eq!(typed(ChannelSave::PATH, &body).len(), if field.secret { 1 } else { 2 }, "{kind} {}", field.name);
            }
        }
    }

    #[test]
    fn what_was_typed_is_kept_in_its_order() {
        let kept = typed(TokenMake::PATH, "name=%E8%8A%B1%00+1&scopes%5B%5D=read&scopes%5B%5D=rules%3Awrite");
        let expected = [("name", "花 1"), ("scopes[]", "read"), ("scopes[]", "rules:write")];
        assert_eq!(kept, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn the_way_back_carries_one_number_and_nothing_else() {
        let (old, new) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let refused = format!("http://a/people?show=all&kept={old}&__path=%2Fcall%2Fx&__err=e30%3D");
        let kept = || Some(format!("kept={new}"));
        assert_eq!(address(&refused, kept()), format!("http://a/people?show=all&kept={new}"));
        assert_eq!(address(&refused, None), "http://a/people?show=all");
        assert_eq!(address("/people", kept()), format!("/people?kept={new}"));
        assert_eq!(address("/people?__err=x", None), "/people");
        let told = "incidents/I-1?show=notes&done=noted";
        assert_eq!(address(&format!("http://a/{told}"), None), "http://a/incidents/I-1?show=notes", "it was told before");
        assert_eq!(address(&format!("/{told}"), None), format!("/{told}"));
        let taken = Some("done=alert-taken.A-8".to_owned());
        assert_eq!(address("http://a/alerts?done=alert-taken.A-7", taken), "http://a/alerts?done=alert-taken.A-8");
        assert_eq!(number(&format!("show=all&kept={old}")), Some(old));
        assert_eq!(number("kept=1"), None);
    }
}
