//! Every channel against a small server that looks at what it gets and answers as the provider documents it.

mod browsers;
mod bulletins;
mod certificates;
mod chats;
mod encrypted;
mod hostile;
mod mails;
mod pagers;
mod rooms;
mod servers;
mod settings;
mod slack;
mod smtp;
mod telephones;
mod texts;

use crate::channels::{self, Channel};
use crate::page::{Kind, Page, PagedAlert};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use figures::Locale;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// 2025-10-20T10:30:45Z: 19:30:45 in Tokyo, as in the requirement document's message.
const FIRED: Time = Time(1_760_956_245_000);

/// One request as it came.
#[derive(Clone, Debug)]
struct Seen {
    method: Method,
    /// Path and query.
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What the fake answers.
#[derive(Clone, Debug)]
struct Reply {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: Vec::new(), body: body.to_owned() }
}

impl Reply {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

#[derive(Clone, Default)]
struct Script {
    seen: Arc<Mutex<Vec<Seen>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

/// A provider on this machine.
struct Fake {
    url: String,
    script: Script,
}

impl Fake {
    /// Answers with these, one after the other.
    async fn start(replies: Vec<Reply>) -> Self {
        let script = Script { seen: Arc::default(), replies: Arc::new(Mutex::new(replies.into())) };
        let app: Router = Router::new().fallback(answer).with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: String = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, script }
    }

    /// Answers with these from now on.
    fn will(&self, replies: Vec<Reply>) {
        *self.script.replies.lock().unwrap() = replies.into();
    }

    fn seen(&self) -> Vec<Seen> {
        self.script.seen.lock().unwrap().clone()
    }
}

async fn answer(State(script): State<Script>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path: String = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    script.seen.lock().unwrap().push(Seen { method, path, headers, body: body.to_vec() });
    let reply: Reply = script.replies.lock().unwrap().pop_front().unwrap_or_else(|| reply(500, "the script is over"));
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// May reach this machine.
fn outbound() -> Outbound {
    Outbound::new(Reach { loopback: true, ..Reach::default() })
}

fn channel(kind: &str, settings: &Value) -> Box<dyn Channel> {
    channels::make(kind, settings, &outbound()).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn alert(id: i64) -> PagedAlert {
    PagedAlert {
        id: AlertId(id),
        severity: Severity::P0,
        name: "API応答時間が遅い".to_owned(),
        summary: "APIの応答時間が500msを超えています。".to_owned(),
        description: None,
        value: Some("612 ms".to_owned()),
        condition: "≥ 500 ms".to_owned(),
        labels: Labels::new([("env", "production"), ("service", "api")]),
        fired_at: FIRED,
        resolved_at: None,
        holder: None,
        runbook_url: None,
        dashboard_url: Some("https://mimamori.example.jp/dashboards/api".to_owned()),
        source_url: None,
    }
}

fn page(kind: Kind) -> Page {
    Page {
        key: format!("key-{}", kind.as_str()),
        kind,
        alerts: vec![alert(12)],
        bulletin: None,
        unlisted: 0,
        locale: Locale::Ja,
        zone: chrono_tz::Asia::Tokyo,
        url: "https://mimamori.example.jp/alerts/A-12".to_owned(),
        acknowledge_url: Some("https://mimamori.example.jp/acknowledge/abc".to_owned()),
        settings_url: Some("https://mimamori.example.jp/channels/ops".to_owned()),
        previous: None,
        later: Vec::new(),
        is_raised: false,
        at: FIRED.plus_ms(5_000),
        picture: None,
    }
}

/// The same in English, in Berlin.
fn english(kind: Kind) -> Page {
    let told =
        PagedAlert { name: "API is slow".to_owned(), summary: "The API takes longer than 500 ms.".to_owned(), ..alert(12) };
    Page { alerts: vec![told], locale: Locale::En, zone: chrono_tz::Europe::Berlin, ..page(kind) }
}

/// A later page about the same group.
fn later(kind: Kind, previous: &str) -> Page {
    let told = PagedAlert {
        holder: Some("佐藤".to_owned()),
        resolved_at: if kind == Kind::Resolved { Some(FIRED.plus_ms(192_000)) } else { None },
        ..alert(12)
    };
    Page { alerts: vec![told], previous: Some(previous.to_owned()), ..page(kind) }
}

/// All texts in a JSON value, with the path of keys that leads there.
fn texts(value: &Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(String::new(), text.clone())],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => {
            let inside = fields
                .iter()
                .flat_map(|(name, value)| texts(value).into_iter().map(move |(path, text)| (format!("/{name}{path}"), text)));
            inside.collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn every_kind_has_a_form_in_both_languages() {
    for kind in channels::KINDS {
        let fields = channels::fields(kind);
        assert!(!fields.is_empty(), "{kind}");
        for field in fields {
            for said in [field.label, field.help] {
                let is_japanese: bool = !said.ja.is_ascii();
                assert!(is_japanese && !said.en.is_empty() && said.ja != said.en, "{kind} {}", field.name);
            }
        }
    }
    assert!(channels::fields("fax").is_empty());
    assert!(channels::make("fax", &json!({}), &outbound()).is_err());
}
