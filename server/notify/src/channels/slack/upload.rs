//! The graph of a message, handed to Slack: asked for a place, put there, said to be whole. Then the message can show it.
//!
//! It takes the scope `files:write`. Whatever goes wrong, the message goes without its graph and says why in the log of deliveries; after
//! a refusal Slack is left alone with graphs for a while. Format: docs.slack.dev, `files.getUploadURLExternal` and
//! `files.completeUploadExternal`.

use super::Bot;
use crate::channels::{text, wire};
use crate::page::{Page, Png};
use kernel::outbound::Answer;
use model::Time;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// All three exchanges together: a page does not wait for its graph.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long Slack is left alone after it refused.
const REST_MS: i64 = 600_000;
const NAME: &str = "graph.png";
const TITLE: usize = 150;

/// Whether graphs are tried at all.
#[derive(Debug, Default)]
pub(super) struct Rest {
    until: AtomicI64,
}

/// What became of the graph of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Graph {
    /// How Slack calls it.
    pub(super) file: Option<String>,
    /// Why there is none, for the log; empty when none was wanted.
    pub(super) note: String,
}

impl Graph {
    fn none(why: &str) -> Self {
        Self { file: None, note: format!(", without its graph: {why}") }
    }
}

impl Bot {
    /// Hands the graph of a page over, if it has one.
    pub(super) async fn graph(&self, page: &Page) -> Graph {
        let Some(png) = &page.picture else { return Graph::default() };
        if page.at.0 < self.rest.until.load(Ordering::Relaxed) {
            return Graph::none("Slack refused graphs a short while ago");
        }
        match tokio::time::timeout(PATIENCE, self.upload(png, page)).await {
            Ok(Ok(file)) => Graph { file: Some(file), note: String::new() },
            Ok(Err(why)) => Graph::none(&why),
            Err(_) => Graph::none("Slack took too long to take it"),
        }
    }

    async fn upload(&self, png: &Png, page: &Page) -> Result<String, String> {
        let form: String = format!("filename={NAME}&length={}", png.bytes().len());
        let place: Value = self.ask("files.getUploadURLExternal", FORM, form.into_bytes(), page.at).await?;
        let (file, url): (&str, &str) =
            place["file_id"].as_str().zip(place["upload_url"].as_str()).ok_or("Slack named no place")?;
        if !self.may_take(url) {
            return Err("the place that Slack named is not reached by https".to_owned());
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
        let put = self.wire.exchange(Method::POST, url, headers, png.bytes().to_vec(), PATIENCE).await;
        let answer: Answer = put.map_err(|error| error.to_string())?;
        self.wire.judge(&answer, page.at).map_err(|error| error.to_string())?;
        let title: String = text::cut(&crate::channels::words::name(page), TITLE);
        let whole: Value = json!({ "files": [{ "id": file, "title": title }] });
        self.ask("files.completeUploadExternal", JSON, whole.to_string().into_bytes(), page.at).await?;
        Ok(file.to_owned())
    }

    /// One question; a refusal is remembered for a while.
    async fn ask(&self, method: &str, kind: &'static str, body: Vec<u8>, at: Time) -> Result<Value, String> {
        let mut headers: HeaderMap = self.headers();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let url: String = format!("{}/{method}", self.api);
        let asked = self.wire.exchange(Method::POST, &url, headers, body, wire::PATIENCE).await;
        let answer: Answer = asked.map_err(|error| error.to_string())?;
        self.wire.judge(&answer, at).map_err(|error| error.to_string())?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        if said["ok"].as_bool() == Some(true) {
            return Ok(said);
        }
        self.rest.until.store(at.plus_ms(REST_MS).0, Ordering::Relaxed);
        let error: &str = said["error"].as_str().unwrap_or("nothing");
        let advice: &str = if error == "missing_scope" { " (give the app the scope files:write)" } else { "" };
        Err(format!("Slack answered {}{advice}", self.wire.quotable(error)))
    }

    /// Over https, or at the host that stands in for Slack.
    fn may_take(&self, address: &str) -> bool {
        let (Ok(address), Ok(api)) = (Url::parse(address), Url::parse(&self.api)) else { return false };
        address.scheme() == "https" || address.origin() == api.origin()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json; charset=utf-8";
