//! Another engine in place of ours: any that speaks Prometheus' HTTP API.
//!
//! When an installation outgrows one Postgres, samples are forwarded (`forward`) and questions are handed on: queries of people, of programs
//! and of rules all go to the remote engine as soon as `metrics.engine` says so. Nothing else changes: writes still end in our batches, alerts
//! and incidents stay where they are, and the way back is the same setting. Until then [`Metrics::compare`] asks both.
//!
//! A question to the remote engine takes a turn like one that is computed here, so the limits on how many run at once and for how long are
//! the same; the size of an answer has its own. Absent: roll-ups (`rolled`) and cardinality are always ours.

pub mod endpoint;
pub mod error;
pub(crate) mod form;
pub(crate) mod reply;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use kernel::outbound::{Answer as Response, Client, OutboundError, Request};
use model::Time;
use model::labels::Labels;
use promql::ast::Expr;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;

use crate::Metrics;
use crate::engine::endpoint::Endpoint;
use crate::engine::error::RemoteError;
use crate::engine::form::{Form, seconds, selector};
use crate::engine::reply::Reply;
use crate::error::Error;
use crate::eval::{Answer, EvalError, Until};
use crate::listing::{Listing, MOST, Scope};
use crate::turns::Turns;

/// Bytes of an answer: a million points and more. What holds it in memory is smaller than its text.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The remote engine is asked to give up this much earlier than we do, so that its words still reach us.
const SPARE: Duration = Duration::from_millis(500);

/// Who answers questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// We do.
    #[default]
    Local,
    /// The engine at [`crate::Config::remote`].
    Prometheus,
}

/// The engine that is asked, chosen when the room opens.
#[derive(Clone)]
pub(crate) struct Engines {
    choice: Choice,
    remote: Option<Arc<Remote>>,
}

impl Engines {
    /// Prepares what the settings name. Nothing is asked yet.
    ///
    /// # Errors
    /// [`RemoteError::NotSet`] when the remote engine is chosen and has no address; what is wrong with the address.
    pub(crate) fn open(choice: Choice, remote: Option<&Endpoint>) -> Result<Self, Error> {
        let remote: Option<Arc<Remote>> = match remote {
            Some(endpoint) => Some(Arc::new(Remote::open(endpoint)?)),
            None => None,
        };
        if choice == Choice::Prometheus && remote.is_none() {
            return Err(RemoteError::NotSet.into());
        }
        Ok(Self { choice, remote })
    }

    /// The remote engine, when it answers in our place.
    pub(crate) fn asked(&self) -> Option<&Arc<Remote>> {
        match self.choice {
            Choice::Local => None,
            Choice::Prometheus => self.remote.as_ref(),
        }
    }

    /// The remote engine, whoever answers.
    pub(crate) fn remote(&self) -> Option<&Arc<Remote>> {
        self.remote.as_ref()
    }
}

/// An engine elsewhere.
pub(crate) struct Remote {
    base: String,
    client: Client,
    headers: HeaderMap,
}

impl Remote {
    fn open(endpoint: &Endpoint) -> Result<Self, RemoteError> {
        let mut headers: HeaderMap = endpoint.headers()?;
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(Self { base: endpoint.url.trim_end_matches('/').to_owned(), client: endpoint.client()?, headers })
    }

    /// The value of an expression at one moment.
    pub(crate) async fn instant(self: &Arc<Self>, turns: &Turns, expr: &Expr, at: Time) -> Result<Answer, Error> {
        let mut form = Form::new();
        form.push("query", &expr.to_string());
        form.push("time", &seconds(at));
        let reply: Reply<reply::Found> = self.ask(turns, Asked::post("query", form)).await?;
        reply.into_answer(Some(at)).map_err(Error::from)
    }

    /// The values of an expression at `start`, `start + step_ms` … up to `end`.
    pub(crate) async fn range(
        self: &Arc<Self>,
        turns: &Turns,
        expr: &Expr,
        start: Time,
        end: Time,
        step_ms: i64,
    ) -> Result<Answer, Error> {
        let mut form = Form::new();
        form.push("query", &expr.to_string());
        form.push("start", &seconds(start));
        form.push("end", &seconds(end));
        form.push("step", &seconds(Time(step_ms)));
        let reply: Reply<reply::Found> = self.ask(turns, Asked::post("query_range", form)).await?;
        reply.into_answer(None).map_err(Error::from)
    }

    /// The labels of the series.
    pub(crate) async fn series(self: &Arc<Self>, turns: &Turns, scope: &Scope) -> Result<Listing<Labels>, Error> {
        let mut form: Form = within(scope);
        if scope.selectors.is_empty() {
            // Here a selector must be given.
            form.push("match[]", "{__name__=~\".+\"}");
        }
        let reply: Reply<Vec<reply::Names>> = self.ask(turns, Asked::post("series", form)).await?;
        let found: Vec<Labels> = reply.into_data()?.into_iter().map(reply::Names::into_labels).collect();
        Ok(listing(found, scope.most))
    }

    /// The names of the labels that the series have.
    pub(crate) async fn label_names(self: &Arc<Self>, turns: &Turns, scope: &Scope) -> Result<Listing<String>, Error> {
        let reply: Reply<Vec<String>> = self.ask(turns, Asked::post("labels", within(scope))).await?;
        Ok(listing(reply.into_data()?, scope.most))
    }

    /// The values of one label that the series have.
    pub(crate) async fn label_values(
        self: &Arc<Self>,
        turns: &Turns,
        name: &str,
        scope: &Scope,
    ) -> Result<Listing<String>, Error> {
        let path: String = format!("label/{}/values", form::escaped(name));
        let reply: Reply<Vec<String>> = self.ask(turns, Asked::get(&path, within(scope))).await?;
        Ok(listing(reply.into_data()?, scope.most))
    }

    /// Asks in a turn, on a thread of its own: reading a large answer is work.
    async fn ask<T: DeserializeOwned + Send + 'static>(self: &Arc<Self>, turns: &Turns, asked: Asked) -> Result<Reply<T>, Error> {
        let (remote, handle): (Arc<Self>, Handle) = (Arc::clone(self), Handle::current());
        let exchange = move |until: Until| -> Result<Reply<T>, Error> {
            let response: Response = handle.block_on(remote.exchange(asked, until.at()))?;
            reply::read(response.status.as_u16(), &response.body)
        };
        turns.compute(exchange).await
    }

    async fn exchange(&self, mut asked: Asked, until: Instant) -> Result<Response, Error> {
        let timeout: Duration = until.saturating_duration_since(Instant::now());
        let theirs_ms: u128 = timeout.saturating_sub(SPARE).as_millis().max(1);
        asked.form.push("timeout", &format!("{theirs_ms}ms"));
        let request: Request = self.request(asked, timeout);
        match self.client.send(request).await {
            Ok(response) => Ok(response),
            Err(OutboundError::TimedOut { .. }) => Err(EvalError::TimedOut.into()),
            Err(error) => Err(RemoteError::Unreachable(error).into()),
        }
    }

    fn request(&self, asked: Asked, timeout: Duration) -> Request {
        let mut url: String = format!("{}/api/v1/{}", self.base, asked.path);
        let mut headers: HeaderMap = self.headers.clone();
        let mut body: Vec<u8> = Vec::new();
        if asked.method == Method::GET {
            url.push('?');
            url.push_str(&asked.form.into_text());
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            body = asked.form.into_text().into_bytes();
        }
        Request { method: asked.method, url, headers, body, timeout, max_bytes: MAX_ANSWER_BYTES }
    }
}

/// One question.
struct Asked {
    method: Method,
    path: String,
    form: Form,
}

impl Asked {
    fn post(path: &str, form: Form) -> Self {
        Self { method: Method::POST, path: path.to_owned(), form }
    }

    /// Values of a label are only asked with GET.
    fn get(path: &str, form: Form) -> Self {
        Self { method: Method::GET, path: path.to_owned(), form }
    }
}

/// The earliest start of a list. VictoriaMetrics takes a start of 0 for none at all, and lists the last five minutes.
const FIRST_START: Time = Time(1);

/// What a list is made of and, for engines that know it, how much of it we take: one more than that, to know whether it is cut.
fn within(scope: &Scope) -> Form {
    let mut form = Form::new();
    for matchers in &scope.selectors {
        form.push("match[]", &selector(matchers));
    }
    form.push("start", &seconds(scope.since.max(FIRST_START)));
    form.push("limit", &scope.most.min(MOST).saturating_add(1).to_string());
    form
}

fn listing<T: Ord>(mut found: Vec<T>, most: usize) -> Listing<T> {
    let most: usize = most.min(MOST);
    found.sort_unstable();
    found.dedup();
    let is_cut: bool = found.len() > most;
    found.truncate(most);
    Listing { found, is_cut }
}

impl Metrics {
    /// Who answers questions.
    pub(crate) fn remote(&self) -> Option<&Arc<Remote>> {
        self.engines.asked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_engine_that_is_chosen_needs_an_address() {
        assert!(matches!(Engines::open(Choice::Prometheus, None), Err(Error::Remote(_))));
        let endpoint = Endpoint::at("http://127.0.0.1:9/select/0/prometheus/");
        let engines: Engines = Engines::open(Choice::Local, Some(&endpoint)).unwrap();
        assert!(engines.asked().is_none() && engines.remote().is_some());
        assert!(Engines::open(Choice::Prometheus, Some(&endpoint)).unwrap().asked().is_some());
        assert!(Engines::open(Choice::Local, None).unwrap().remote().is_none());
    }

    #[test]
    fn questions_go_below_the_address_whatever_its_path() {
        let remote = Remote::open(&Endpoint::at("http://127.0.0.1:9/select/0/prometheus/")).unwrap();
        let mut form = Form::new();
        form.push("query", "a+b");
        let posted: Request = remote.request(Asked::post("query", form.clone()), SPARE);
        assert_eq!(
            (posted.url.as_str(), &posted.body[..]),
            ("http://127.0.0.1:9/select/0/prometheus/api/v1/query", &b"query=a%2Bb"[..])
        );
        let got: Request = remote.request(Asked::get("label/job/values", form), SPARE);
        assert_eq!(got.url, "http://127.0.0.1:9/select/0/prometheus/api/v1/label/job/values?query=a%2Bb");
        assert!(got.body.is_empty());
    }

    #[test]
    fn a_long_list_is_cut_and_sorted() {
        let words: Vec<usize> = (0..=MOST).rev().collect();
        let cut: Listing<usize> = listing(words, usize::MAX);
        assert_eq!((cut.found.len(), cut.is_cut, cut.found[0]), (MOST, true, 0));
        assert_eq!(listing(vec![3, 1, 2, 1], 2), Listing { found: vec![1, 2], is_cut: true });
        assert_eq!(listing(vec![2, 1, 2], 2), Listing { found: vec![1, 2], is_cut: false });
    }
}
