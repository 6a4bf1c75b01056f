//! Where pages arrive: a provider of our own on this machine, that writes down what it was told and when, and misbehaves when it is asked
//! to. What it is told in our own format must be signed (Standard Webhooks); what is not is counted and refused.

pub mod ledger;
pub mod message;
pub mod signature;
mod wire;

use crate::error::Error;
use crate::load::motion::share;
use ledger::{Ledger, Received};
use message::Message;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use wire::{Connection, Request};

/// A sender waits 15 s for its answer; one that hangs outlasts that, and is over then.
const HANG: Duration = Duration::from_secs(30);
/// Connections at once: more is a sender gone wild.
const MOST_CONNECTIONS: usize = 2_000;
/// The mixed weather of a provider: up to which share requests are never answered, fail, or are taken and not answered.
const MIXED: [(f64, Mood); 3] = [(0.10, Mood::Hangs), (0.15, Mood::Answers(500)), (0.17, Mood::Drops)];
const SEED: u64 = 0x5eed;

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes what it is told.
    Fine,
    /// Answers with this status and takes nothing.
    Answers(u16),
    /// Reads the request and never answers.
    Hangs,
    /// Takes the request and hangs up.
    Drops,
    /// Of a hundred requests ten hang, five fail, two are taken and dropped.
    Mixed,
}

/// What it is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our webhook, signed.
    Ours,
    /// Alertmanager's, which signs nothing.
    Alertmanager,
}

struct Inner {
    format: Format,
    mood: Mutex<Mood>,
    ledger: Mutex<Ledger>,
    /// Requests so far.
    asked: AtomicU64,
}

/// A provider. It ends when it is dropped, with every connection it has.
pub struct Sink {
    inner: Arc<Inner>,
    address: SocketAddr,
    /// `None` while it refuses connections.
    open: Option<JoinHandle<()>>,
}

impl Sink {
    /// One that takes everything, on a free port of `address`.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn open(address: IpAddr, format: Format) -> Result<Self, Error> {
        let listener: TcpListener = TcpListener::bind((address, 0)).await.map_err(Error::io("open the sink"))?;
        let address: SocketAddr = listener.local_addr().map_err(Error::io("open the sink"))?;
        let (mood, ledger) = (Mutex::new(Mood::Fine), Mutex::new(Ledger::default()));
        let inner = Arc::new(Inner { format, mood, ledger, asked: AtomicU64::new(0) });
        let open: JoinHandle<()> = tokio::spawn(accept(Arc::clone(&inner), listener));
        Ok(Self { inner, address, open: Some(open) })
    }

    /// Where pages are sent to.
    pub fn url(&self) -> String {
        format!("http://{}/pages", self.address)
    }

    /// Behaves like that from now on.
    pub fn set(&self, mood: Mood) {
        *locked(&self.inner.mood) = mood;
    }

    /// Closes the door: connections are refused, those there are end.
    pub async fn refuse(&mut self) {
        if let Some(open) = self.open.take() {
            open.abort();
            // It was aborted, so it ends with an error.
            let _ = open.await;
        }
    }

    /// Opens it again, at the same address.
    ///
    /// # Errors
    /// When somebody else took the port meanwhile.
    pub async fn welcome(&mut self) -> Result<(), Error> {
        if self.open.is_none() {
            let listener: TcpListener = TcpListener::bind(self.address).await.map_err(Error::io("open the sink again"))?;
            self.open = Some(tokio::spawn(accept(Arc::clone(&self.inner), listener)));
        }
        Ok(())
    }

    /// A look at what it was told.
    pub fn read<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&locked(&self.inner.ledger))
    }

    /// A second one that reads the same ledger, for a task.
    pub fn reader(&self) -> Reader {
        Reader(Arc::clone(&self.inner))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(open) = &self.open {
            open.abort();
        }
    }
}

/// Reads what a sink was told. Cheap to clone.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

impl Reader {
    /// A look at what it was told.
    pub fn read<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&locked(&self.0.ledger))
    }
}

/// A panic elsewhere leaves nothing half-written here.
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until it is aborted; its connections end with it.
async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    let mut connections: JoinSet<()> = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        while connections.try_join_next().is_some() {}
        if connections.len() < MOST_CONNECTIONS {
            connections.spawn(serve(Arc::clone(&inner), stream));
        }
    }
}

async fn serve(inner: Arc<Inner>, stream: TcpStream) {
    let mut connection = Connection::new(stream);
    while let Some(request) = connection.read().await {
        match inner.behave() {
            Mood::Answers(status) => {
                inner.note(&request, false);
                if !connection.answer(status).await {
                    return;
                }
            }
            Mood::Hangs => {
                inner.note(&request, false);
                // Until the sender has enough of it.
                let _ = timeout(HANG, connection.read()).await;
                return;
            }
            Mood::Drops => {
                inner.note(&request, false);
                return;
            }
            Mood::Fine | Mood::Mixed => {
                let status: u16 = if inner.note(&request, true) { 200 } else { 401 };
                if !connection.answer(status).await {
                    return;
                }
            }
        }
    }
}

impl Inner {
    /// How the next request is met.
    fn behave(&self) -> Mood {
        let asked: u64 = self.asked.fetch_add(1, Ordering::Relaxed);
        match *locked(&self.mood) {
            Mood::Mixed => mixed(share(SEED, asked)),
            mood => mood,
        }
    }

    /// Writes a request down; whether it is one that may be taken.
    fn note(&self, request: &Request, would_take: bool) -> bool {
        let at: Instant = Instant::now();
        let is_signed: bool = self.format == Format::Alertmanager || signature::holds(&request.headers, &request.body);
        let message: Option<Message> = match self.format {
            Format::Ours => message::ours(&request.headers, &request.body),
            Format::Alertmanager => message::alertmanagers(&request.body),
        };
        let mut ledger = locked(&self.ledger);
        match message {
            Some(message) if is_signed => {
                ledger.put(Received { message, at, taken: would_take });
                true
            }
            Some(_) => {
                ledger.forged += 1;
                false
            }
            None => {
                ledger.unreadable += 1;
                false
            }
        }
    }
}

fn mixed(share: f64) -> Mood {
    MIXED.iter().find(|(below, _)| share < *below).map_or(Mood::Fine, |(_, mood)| *mood)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn signed() -> reqwest::RequestBuilder {
        let body = r#"{"type":"alert.fired","data":{"key":"g1-1/sink","n_alerts":1,"alerts":[{"labels":{"bench":"7"}}]}}"#;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post("http://127.0.0.1/pages").header("webhook-id", "g1-1/sink");
        let request = request.header("webhook-timestamp", signature::now_s().to_string());
        let signed = signature::of("g1-1/sink", &signature::now_s().to_string(), body.as_bytes());
        request.header("webhook-signature", signed).body(body)
    }

    async fn send(to: &str, request: reqwest::RequestBuilder) -> Option<u16> {
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        *request.url_mut() = to.parse().unwrap();
        client.execute(request).await.ok().map(|answer| answer.status().as_u16())
    }

    #[tokio::test]
    async fn what_is_signed_is_taken_and_what_is_not_is_counted() {
        let sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await.unwrap();
        assert_eq!(send(&sink.url(), signed()).await, Some(200));
        // The later of two headers counts.
        let forged = signed().header("webhook-signature", "v1,AAAA");
        assert_eq!(send(&sink.url(), forged).await, Some(401));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        assert_eq!(send(&sink.url(), client.post("http://127.0.0.1/").body("{}")).await, Some(401));
        let counts = sink.read(|ledger| (ledger.first_calls().len(), ledger.forged, ledger.unreadable));
        assert_eq!(counts, (1, 1, 1));
    }

    #[tokio::test]
    async fn it_fails_hangs_up_and_refuses_as_it_is_told() {
        let mut sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await.unwrap();
        sink.set(Mood::Answers(500));
        assert_eq!(send(&sink.url(), signed()).await, Some(500));
        sink.set(Mood::Drops);
        assert_eq!(send(&sink.url(), signed()).await, None);
        sink.set(Mood::Fine);
        sink.refuse().await;
        assert_eq!(send(&sink.url(), signed()).await, None);
        sink.welcome().await.unwrap();
        assert_eq!(send(&sink.url(), signed()).await, Some(200));
        assert_eq!(sink.read(|ledger| ledger.first_calls().len()), 1);
    }

    #[test]
    fn the_weather_is_mixed_as_it_says() {
        let n = |mood: Mood| (0..10_000_u64).filter(|asked| mixed(share(SEED, *asked)) == mood).count();
        assert!((900..1_100).contains(&n(Mood::Hangs)) && (400..600).contains(&n(Mood::Answers(500))));
        assert!((120..280).contains(&n(Mood::Drops)) && (8_100..8_500).contains(&n(Mood::Fine)));
    }
}
