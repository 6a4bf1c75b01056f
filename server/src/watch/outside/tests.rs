//! The watcher before a server that is well, stands still, is away or is somebody else, and a webhook that is paged.

use super::*;
use crate::watch::answer;
use crate::watch::tests::{START, Sink};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::TestClock;
use std::collections::HashMap;
use std::sync::Mutex;
use tempfile::TempDir;
use tokio::net::TcpListener;

const TOKEN: &str = "mmr_watch_token";
const EVERY_MS: i64 = 15_000;

/// How the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    Away,
    StandsStill,
    /// Says that all is well, and can't prove who it is.
    Impostor,
}

type Server = Arc<Mutex<Mood>>;

async fn readyz(State(server): State<Server>) -> Response {
    match *server.lock().unwrap() {
        Mood::Away => (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n").into_response(),
        _ => "ok\n".into_response(),
    }
}

async fn health(State(server): State<Server>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let (token, body) = match *server.lock().unwrap() {
        Mood::Impostor => ("another", r#"{"healthy":true,"ailments":[]}"#),
        Mood::StandsStill => (TOKEN, r#"{"healthy":false,"ailments":["notifier"]}"#),
        Mood::Well | Mood::Away => (TOKEN, r#"{"healthy":true,"ailments":[]}"#),
    };
    ([(answer::SIGNATURE, answer::sign(token, &asked["nonce"], body))], body).into_response()
}

/// A watcher, what it watches, and whom it pages.
struct Scene {
    server: Server,
    sink: Sink,
    clock: Arc<TestClock>,
    watcher: Watcher,
    url: String,
    dir: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let server: Server = Arc::new(Mutex::new(Mood::Well));
        let router: Router =
            Router::new().route("/readyz", get(readyz)).route(answer::PATH, get(health)).with_state(Arc::clone(&server));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: String = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let (sink, dir) = (Sink::open().await, tempfile::tempdir().unwrap());
        let channels: String = format!(
            "allow = [\"127.0.0.0/8\"]\n[[channel]]\nname = \"duty\"\nkind = \"webhook\"\nlocale = \"en\"\n\
             settings = {{ url = \"{}\", secret = \"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\" }}\n",
            sink.url
        );
        std::fs::write(dir.path().join("channels.toml"), channels).unwrap();
        let clock = Arc::new(TestClock::new(START));
        let watcher: Watcher = watcher(&url, &dir, &clock);
        Self { server, sink, clock, watcher, url, dir }
    }

    fn is(&self, mood: Mood) {
        *self.server.lock().unwrap() = mood;
    }

    async fn look(&mut self, n: usize) {
        for _ in 0..n {
            self.watcher.look().await;
            self.clock.advance_ms(EVERY_MS);
        }
    }

    /// The watcher is killed and started again.
    fn restart(&mut self) {
        self.watcher = watcher(&self.url, &self.dir, &self.clock);
    }

    /// The kinds of what was told.
    fn told(&self) -> Vec<String> {
        self.sink.heard().iter().map(|said| said["type"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn watcher(url: &str, dir: &TempDir, clock: &Arc<TestClock>) -> Watcher {
    let args = WatchArgs {
        url: format!("{url}/"),
        token: Some(TOKEN.to_owned()),
        every: Duration::from_secs(15),
        after: Duration::from_secs(90),
        again: Duration::from_secs(900),
        channel_file: dir.path().join("channels.toml"),
        state: dir.path().join("state.json"),
        test: false,
    };
    let clock: Arc<dyn Clock> = clock.clone();
    Watcher::new(args, clock).unwrap()
}

#[tokio::test]
async fn whatever_is_wrong_over_there_is_told_after_its_time_and_its_end_too() {
    for mood in [Mood::Away, Mood::StandsStill, Mood::Impostor] {
        let mut scene = Scene::new().await;
        scene.look(10).await;
        assert!(scene.told().is_empty());
        scene.is(mood);
        scene.look(6).await;
        assert!(scene.told().is_empty(), "{mood:?}: it fails for less than 90 s");
        scene.look(10).await;
        assert_eq!(scene.told(), ["alert.fired"], "{mood:?}");
        scene.is(Mood::Well);
        scene.look(5).await;
        assert_eq!(scene.told(), ["alert.fired", "alert.resolved"], "{mood:?}");
    }
}

#[tokio::test]
async fn a_restart_of_the_watcher_pages_nobody_twice() {
    let mut scene = Scene::new().await;
    scene.is(Mood::Away);
    scene.look(8).await;
    assert_eq!(scene.told(), ["alert.fired"]);
    scene.restart();
    scene.look(10).await;
    assert_eq!(scene.told(), ["alert.fired"]);
    scene.is(Mood::Well);
    scene.restart();
    scene.look(3).await;
    assert_eq!(scene.told(), ["alert.fired", "alert.resolved"]);
    let heard = scene.sink.heard();
    assert_eq!(heard[0]["data"]["group"], heard[1]["data"]["group"], "one conversation");
}

#[tokio::test]
async fn a_page_that_is_not_taken_is_tried_again() {
    let mut scene = Scene::new().await;
    scene.is(Mood::Away);
    scene.sink.refuse(true);
    scene.look(9).await;
    assert_eq!(scene.told().len(), 3);
    scene.sink.refuse(false);
    scene.look(5).await;
    assert_eq!(scene.told().len(), 4, "taken once, it is told");
}

#[tokio::test]
async fn a_server_that_nobody_answers_for_fails() {
    let nobody = Asker::new("http://127.0.0.1:1", None).unwrap();
    assert!(nobody.ask().await.is_err_and(|reason| reason.contains("no answer")));
    assert!(Asker::new("watch.example", None).is_err());
}

#[test]
fn durations_are_read_as_in_rules() {
    assert_eq!((duration("15s"), duration("1m30s")), (Ok(Duration::from_secs(15)), Ok(Duration::from_secs(90))));
    for text in ["", "15", "0s", "fast", "500ms"] {
        assert!(duration(text).is_err(), "{text}");
    }
}
