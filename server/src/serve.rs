//! `mimamori serve`: in what order the house is put up and taken down.

use crate::breakglass::{Glass, Writes};
use crate::collector;
use crate::config::{Config, watching};
use crate::database::{self, Database};
use crate::deadman::Heart;
use crate::drill;
use crate::house_error::chain;
use crate::routes;
use crate::security::Rules;
use crate::signin::STYLE_HREF;
use crate::starting::{self, Front};
use crate::watch::Watch;
use crate::wiring::{self, Errand, House};
use crate::wrong_clock;
use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use identity::Identity;
use kernel::{Clock, Db, SharedClock, SystemClock};
use leptos::prelude::LeptosOptions;
use model::links;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error + Send + Sync>;
/// Something that works beside the requests, until it is told to stop.
type Worker = tokio::task::JoinHandle<()>;

/// Streams are told to end at once; requests under way get this long.
const GRACE: Duration = Duration::from_secs(10);
/// A page that is being sent is sent to its end, which takes a slow provider 25 s: cut off, it would be sent once more.
const WORKER_GRACE: Duration = Duration::from_secs(27);
/// How often partitions are made ahead and dropped.
const MAINTENANCE: Duration = Duration::from_secs(600);

/// Runs the server until it is told to stop.
///
/// # Errors
/// One line: port taken, no database, a migration that failed.
pub async fn run(config: Config) -> Result<(), Failure> {
    start_logging();
    let listener = listen(config.listen).await?;
    let leptos = leptos_options(config.listen);
    let _ = STYLE_HREF.set(style_href(&leptos));
    let shutdown = CancellationToken::new();
    cancel_when_told(shutdown.clone());
    let front = Front::new(starting::router(Rules::of(&config.public_url), &leptos));
    let serving = tokio::spawn(serve(listener, front.clone(), shutdown.clone()));
    let (house, database, glass) = tokio::select! {
        put_up = put_up(config, shutdown.clone()) => put_up?,
        // Whatever was begun is dropped; an embedded Postgres ends with us.
        () = shutdown.cancelled() => return Ok(()),
    };
    front.put(routes::router(house.clone(), leptos));
    let mut workers = start_workers(&house)?;
    workers.extend(glass);
    say_where(&house).await?;
    let served = serving.await?;
    take_down(&house, database, workers).await?;
    served
}

/// Everything that needs the database. Waits for it as long as it takes; who is to be told that it is gone is told meanwhile.
async fn put_up(config: Config, shutdown: CancellationToken) -> Result<(House, Database, Option<Worker>), Failure> {
    if let Some(path) = config.watching.wrong_clock.clone() {
        SystemClock::set_wrong_by(wrong_clock::read(&path).unwrap_or(0));
        tokio::spawn(wrong_clock::run(path, shutdown.clone()));
    }
    let clock = Arc::new(SharedClock::from_machine(&SystemClock));
    let database = database::open(&config).await?;
    let writes = Writes::default();
    let glass = break_glass(&config, &database, clock.clone(), &writes, shutdown.clone())?;
    database::migrate(&database.db).await?;
    // Nothing is decided by a clock that nobody has put right yet.
    clock.ask(&database.db).await?;
    tokio::spawn(follow(clock.clone(), database.db.clone(), shutdown.clone()));
    let house = wiring::build_at(config, database.db.clone(), clock, shutdown).await?;
    house.first_rules().await?;
    // There is one house a process.
    let _ = writes.set(house.pulse.clone());
    Ok((house, database, glass))
}

/// Keeps the clock right by the database's.
async fn follow(clock: Arc<SharedClock>, db: Db, stop: CancellationToken) {
    clock.follow(&db, stop).await;
}

/// Looks after the database from now on, unless that is switched off.
fn break_glass(
    config: &Config,
    database: &Database,
    clock: Arc<dyn Clock>,
    writes: &Writes,
    shutdown: CancellationToken,
) -> Result<Option<Worker>, Failure> {
    if !config.watching.breakglass {
        return Ok(None);
    }
    let glass = Glass::new(config, &database.db, clock, Arc::clone(writes))?;
    Ok(Some(tokio::spawn(glass.run(shutdown))))
}

async fn take_down(house: &House, database: Database, workers: Vec<Worker>) -> Result<(), Failure> {
    // Also when serving ended by itself: nothing may write any more.
    house.shutdown.cancel();
    for worker in workers {
        let _ = tokio::time::timeout(WORKER_GRACE, worker).await;
    }
    if let Some(scraper) = &house.scraper {
        scraper.close().await;
    }
    house.metrics.close().await;
    database.db.pool().close().await;
    if let Some(supervisor) = database.supervisor {
        supervisor.stop().await?;
    }
    Ok(())
}

fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MIMAMORI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,hyper=warn,tower_http=warn,leptos=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).compact().init();
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {} is taken: stop what listens there, or set MIMAMORI_LISTEN to another address:port", address.port())
                .into()
        }
        _ => format!("can't listen on {address}: {error}").into(),
    })
}

/// Everything that works beside the requests.
///
/// # Errors
/// When there is no way out for the outbound heartbeat.
fn start_workers(house: &House) -> Result<Vec<Worker>, Failure> {
    let stop = || house.shutdown.clone();
    let mut workers: Vec<Worker> = vec![
        tokio::spawn(house.live.clone().run(stop())),
        tokio::spawn(house.alerting.clone().run(stop())),
        tokio::spawn(decide(house.clone(), stop())),
        tokio::spawn(house.notify.clone().run(stop())),
        tokio::spawn(house.oncall.clone().run(stop())),
        tokio::spawn(house.pay.clone().run(stop())),
        tokio::spawn(house.incidents.clone().run(stop())),
        tokio::spawn(house.documents.clone().run(stop())),
        tokio::spawn(house.dashboards.clone().run(stop())),
        tokio::spawn(collector::run(house.clone(), stop())),
        tokio::spawn(maintain(house.clone(), stop())),
        tokio::spawn(Watch::new(house.clone()).run(stop())),
        tokio::spawn(drill::run(house.clone(), stop())),
    ];
    if let Some(watching::Hidden(url)) = &house.config.watching.deadman {
        workers.push(tokio::spawn(Heart::new(house.clone(), url)?.run(stop())));
    }
    Ok(workers)
}

/// Decides who is told of what, and leaves in the pulse when that last came to an end.
async fn decide(house: House, stop: CancellationToken) {
    let notifier = house.notifier();
    notifier.run(stop, move || house.pulse.passed(house.clock.now())).await;
}

async fn maintain(house: House, stop: CancellationToken) {
    loop {
        if let Err(error) = house.metrics.maintain().await {
            tracing::warn!(error = chain(&error), "could not maintain the partitions of samples");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(MAINTENANCE) => {}
        }
    }
}

async fn say_where(house: &House) -> Result<(), Failure> {
    let url = &house.config.public_url;
    println!("Mimamori is at {url}");
    if let Some(link) = set_up_link(&house.identity, url).await? {
        println!("Nobody has signed up yet. Set it up here, once, within 24 hours:\n  {link}");
    }
    Ok(())
}

async fn set_up_link(identity: &Identity, public_url: &str) -> Result<Option<String>, Failure> {
    let code = identity.set_up_code().await?;
    Ok(code.map(|code| format!("{public_url}{}?code={code}", links::SET_UP)))
}

/// `mimamori set-up-link`
///
/// # Errors
/// When there is no database.
pub async fn print_set_up_link(config: Config) -> Result<(), Failure> {
    let errand = Errand::begin(&config).await?;
    let link = set_up_link(&errand.identity, &config.public_url).await;
    errand.end().await?;
    match link? {
        Some(link) => println!("{link}"),
        None => return Err("set-up has already been done; sign in instead".into()),
    }
    Ok(())
}

fn cancel_when_told(shutdown: CancellationToken) {
    tokio::spawn(async move {
        told_to_stop().await;
        shutdown.cancel();
    });
}

async fn serve(listener: TcpListener, front: Front, shutdown: CancellationToken) -> Result<(), Failure> {
    let service = tower::service_fn(move |request: Request| front.clone().answer(request));
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let over = shutdown.clone();
    // What somebody types is sent letter by letter, and must not wait for more.
    let listener = listener.tap_io(|tcp| {
        // A connection that is gone already says so when it is read.
        let _ = tcp.set_nodelay(true);
    });
    let serving = axum::serve(listener, service).with_graceful_shutdown(over.cancelled_owned());
    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = async { serving.await } => result.map_err(Into::into),
        () = deadline => Ok(()),
    }
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Where the built site lies: beside the binary (as released), or where `./dev` put it.
fn leptos_options(listen: SocketAddr) -> LeptosOptions {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("site")));
    let root = std::env::var("LEPTOS_SITE_ROOT").ok().map(PathBuf::from);
    let root = root.or_else(|| beside.filter(|dir| dir.exists())).unwrap_or_else(|| PathBuf::from("target/site"));
    LeptosOptions::builder()
        .output_name("mimamori")
        .site_root(Arc::<str>::from(root.display().to_string()))
        .site_pkg_dir("pkg")
        .site_addr(listen)
        .hash_files(true)
        .hash_file(Arc::<str>::from("hash.txt"))
        .env(leptos::config::Env::PROD)
        .build()
}

/// The hashed name of the style sheet, as `frontend/site` wrote it beside the binary.
fn style_href(options: &LeptosOptions) -> String {
    let file = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("hash.txt")));
    let hashes = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let hash = hashes.lines().find_map(|line| line.trim().strip_prefix("css:").map(|hash| hash.trim().to_owned()));
    match hash {
        Some(hash) => format!("/{}/{}.{hash}.css", options.site_pkg_dir, options.output_name),
        None => format!("/{}/{}.css", options.site_pkg_dir, options.output_name),
    }
}
