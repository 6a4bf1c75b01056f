//! Every URL we answer, grouped by who calls it.

use crate::context::{self, Visitor};
use crate::hooks::knocks;
use crate::security;
use crate::wiring::House;
use crate::{
    acknowledge, apis, calls, collab, dashboards, documents, health, hooks, house_error, kept, live, postmortems, signin,
    trouble, watch,
};
use app::shell;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use leptos::context::provide_context;
use leptos::nonce::Nonce;
use leptos::prelude::LeptosOptions;
use model::links;
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// Forms and calls of the console are small.
const CONSOLE_BODY_LIMIT: usize = 256 * 1024;
/// The limit of the ingest as it arrives. The doors know how it is compressed, and allow what is compressed less:
/// [`metrics::MOST_BODY_BYTES`].
const INGEST_BODY_LIMIT: usize = metrics::MOST_EXPANDED_BYTES;

/// The address that Grafana and `promtool` are given: Prometheus' HTTP API with all its paths.
const PROMETHEUS: &str = "/prometheus";

/// Files of `public/` that may be fetched by anybody.
const FILES: &[&str] = &[
    "/favicon.svg",
    "/icon-192.png",
    "/icon-512.png",
    "/site.webmanifest",
    "/chart.js",
    "/frame.js",
    "/palette.js",
    "/moment.js",
    "/toasts.js",
    "/screen.js",
    "/alerts.js",
    "/oncall.js",
    "/dashboards.js",
    "/expression.js",
    "/scrubber.js",
    "/push.js",
    "/sw.js",
    "/editor.js",
    "/write.js",
];

/// What axum hands to every handler.
#[derive(Clone)]
pub struct AppState {
    pub house: House,
    pub leptos: LeptosOptions,
}

impl FromRef<AppState> for House {
    fn from_ref(state: &AppState) -> Self {
        state.house.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// The whole server.
pub fn router(house: House, leptos: LeptosOptions) -> Router {
    // Leptos begins what its renders run on when it is asked for routes; ours stand in a table of their own.
    let _ = leptos_axum::generate_route_list(|| ());
    let state = AppState { house: house.clone(), leptos };
    let rules = house.rules();
    let people = Router::new()
        .merge(console(&state))
        .merge(together())
        .merge(strangers())
        .merge(outsiders(&house))
        .fallback(missing)
        .layer(from_fn_with_state(rules.clone(), security::refuse_forgeries))
        .layer(from_fn_with_state(house.clone(), context::establish))
        .layer(from_fn_with_state(figures(&house), figures_for_programs));
    people
        .merge(machines(&state))
        .merge(answers(&house))
        .merge(calendars(&house))
        .merge(probes())
        .merge(files(&state.leptos))
        .layer(CompressionLayer::new())
        .layer(from_fn(trouble::catch_panics))
        .layer(from_fn_with_state(rules, security::headers))
        .with_state(state)
}

/// Load balancers and other watchers. They are answered without asking the database who they are, unless they show a token.
fn probes() -> Router<AppState> {
    Router::new().route("/livez", get(health::livez)).route("/readyz", get(health::readyz)).route("/startupz", get(health::livez))
}

/// Our own figures. They are told without asking the database who asks, unless a token is shown.
fn figures(house: &House) -> Router {
    Router::new()
        .route(links::METRICS, get(health::metrics))
        .layer(from_fn_with_state(house.clone(), context::establish_program))
        .with_state(house.clone())
}

/// `/metrics` is a screen for people, and for programs our own figures, because every Prometheus looks for them there. A browser that shows
/// a screen asks for HTML; nothing that scrapes does.
async fn figures_for_programs(State(figures): State<Router>, request: Request, next: Next) -> Response {
    let is_there: bool = request.uri().path() == links::METRICS && matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_there || context::wants_html(request.headers()) {
        return next.run(request).await;
    }
    figures.oneshot(request).await.into_response()
}

/// Editors of documents. Who may not is refused on the connection itself, because a refused handshake is tried again for ever.
fn together() -> Router<AppState> {
    Router::new().route(collab::ROUTE, get(collab::upgrade))
}

/// Whoever has a link to something that was shared: the key in the address is the lock.
fn outsiders(house: &House) -> Router<AppState> {
    Router::new().route(postmortems::SHARED, get(postmortems::shared)).layer(from_fn_with_state(house.clone(), knocks::limit))
}

/// Anybody in front of a screen.
fn strangers() -> Router<AppState> {
    Router::new()
        .route(links::SIGN_IN, get(signin::sign_in_screen).post(signin::sign_in))
        .route(links::SET_UP, get(signin::set_up_screen).post(signin::set_up))
        .route("/join/{code}", get(signin::join_screen).post(signin::join))
        .route(links::PREFERENCES, post(signin::preferences))
        .route(acknowledge::ROUTE, get(acknowledge::show).post(acknowledge::act))
        .layer(DefaultBodyLimit::max(CONSOLE_BODY_LIMIT))
}

/// Programs with a token. Only that counts here: no cookie, and hence no forgery to refuse.
fn machines(state: &AppState) -> Router<AppState> {
    let house = &state.house;
    let write = metrics::http::write_routes(house.metrics.clone())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::WriteMetrics>))
        .layer(DefaultBodyLimit::max(INGEST_BODY_LIMIT));
    let push = metrics::http::push_routes(house.metrics.clone())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::WriteMetrics>))
        .layer(DefaultBodyLimit::max(INGEST_BODY_LIMIT));
    let datadog = metrics::http::datadog_routes(house.metrics.clone())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::WriteMetrics>))
        .layer(from_fn_with_state(house.clone(), apis::machine::limit))
        .layer(from_fn_with_state(house.clone(), context::establish_program))
        .layer(from_fn(apis::machine::datadog));
    let read = metrics::http::read_routes(house.metrics.clone())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::ReadMetrics>))
        .layer(DefaultBodyLimit::max(CONSOLE_BODY_LIMIT));
    let prometheus = metrics::http::prometheus_routes(house.prometheus())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::ReadMetrics>))
        .layer(DefaultBodyLimit::max(CONSOLE_BODY_LIMIT));
    let pager = Router::new()
        .route(watch::answer::PATH, get(watch::answer::health))
        .with_state(house.clone())
        .layer(from_fn_with_state((), apis::machine::require::<model::access::ReadMetrics>));
    // Senders of alerts have a key of their own, which is asked for inside.
    let alerts =
        alerting::inbound::http::routes(house.alerting.inbound().clone()).layer(from_fn_with_state(house.clone(), knocks::limit));
    Router::new()
        .merge(pager)
        .merge(write)
        .merge(push)
        .merge(read)
        .merge(documents::changes::routes(house))
        .merge(dashboards::machine::routes(house))
        .nest(PROMETHEUS, prometheus)
        .layer(from_fn_with_state(house.clone(), apis::machine::limit))
        .layer(from_fn_with_state(house.clone(), context::establish_program))
        .merge(datadog)
        .merge(alerts)
        .method_not_allowed_fallback(house_error::wrong_method)
        .route("/api", any(house_error::no_such_call))
        .route("/api/", any(house_error::no_such_call))
        .route("/api/{*call}", any(house_error::no_such_call))
        .with_state(())
}

/// Providers that answer us. They are believed by their signatures alone: no cookie counts, and nobody is established.
fn answers(house: &House) -> Router<AppState> {
    Router::new()
        .route("/hooks/slack", post(hooks::slack::pressed))
        .route("/hooks/pagerduty/{channel}", post(hooks::pagerduty::heard))
        .layer(DefaultBodyLimit::max(hooks::BODY_LIMIT))
        .layer(from_fn_with_state(house.clone(), knocks::limit))
}

/// Calendars that people's programs follow: the key in the address is the lock.
fn calendars(house: &House) -> Router<AppState> {
    oncall::schedules::http::routes(house.oncall.schedules().clone())
        .layer(from_fn_with_state(house.clone(), knocks::limit))
        .with_state(())
}

/// Signed-in people.
fn console(state: &AppState) -> Router<AppState> {
    let leptos = state.leptos.clone();
    let screens: Router<AppState> = app::SCREENS.iter().fold(Router::new(), |router, (path, _)| router.route(path, get(screen)));
    screens
        .route("/call/{*call}", post(call))
        .route(links::PAY_CSV, get(apis::pay::download::file))
        .route(links::HOLIDAYS_IMPORT, post(apis::pay::upload::file))
        .route(postmortems::EXPORT, get(postmortems::export))
        .route(postmortems::PRINT, get(postmortems::print))
        .merge(documents::routes())
        .merge(dashboards::routes())
        .route(api::expression::PATH, post(apis::expression::look))
        .route(api::live::PATH, get(live::stream))
        .route(links::SIGN_OUT, post(signin::sign_out))
        .layer(from_fn_with_state(state.house.clone(), context::require_person))
        .layer(DefaultBodyLimit::max(CONSOLE_BODY_LIMIT))
        .layer(map_response(no_sniffed_streams))
        .with_state::<AppState>(AppState { house: state.house.clone(), leptos })
}

/// A proxy must not gather a live stream into one answer.
async fn no_sniffed_streams(mut response: Response) -> Response {
    let is_stream = response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if is_stream {
        response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    }
    response
}

/// Renders a screen.
async fn screen(State(state): State<AppState>, visitor: Visitor, request: Request) -> Response {
    screen_with(state, visitor, request, || {}).await
}

/// The same with something else in its context: a form of its own that was refused.
pub async fn screen_with(
    state: AppState,
    visitor: Visitor,
    request: Request,
    with: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    if let Some(short) = short_of_itself(&request) {
        return Redirect::to(&short).into_response();
    }
    let refused = kept::handed_over(&state.house, &visitor, request.uri()).await;
    let common = provider(&state.house, &visitor, &request);
    let context = move || {
        common();
        with();
        if let Some(form) = &refused {
            provide_context(form.clone());
        }
    };
    let options = state.leptos.clone();
    let render = leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    render(request).await.into_response()
}

/// The address without the fields that a form left empty: what is read aloud, kept and sent on should say what was asked and no more.
fn short_of_itself(request: &Request) -> Option<String> {
    if *request.method() != Method::GET {
        return None;
    }
    let query: String = links::without_empty(request.uri().query()?)?;
    let path: &str = request.uri().path();
    Some(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

/// Answers a server function.
async fn call(State(state): State<AppState>, visitor: Visitor, request: Request) -> Response {
    let Some((asked, request)) = calls::Asked::of(request, CONSOLE_BODY_LIMIT).await else {
        return calls::too_large(CONSOLE_BODY_LIMIT);
    };
    let context = provider(&state.house, &visitor, &request);
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    let answer = calls::finish(&asked, &visitor.viewer, answer).await;
    kept::carry(&state.house, &visitor, &asked, answer).await
}

/// A screen that does not exist. Strangers are sent to sign-in instead: they learn nothing about what exists.
async fn missing(State(state): State<AppState>, visitor: Visitor, request: Request) -> Response {
    if visitor.actor.is_none() && context::wants_html(request.headers()) {
        return signin::send_to_sign_in(&state.house, &visitor, "/").await;
    }
    if !context::wants_html(request.headers()) {
        return house_error::honest(&api::ApiError::NotFound { what: request.uri().path().to_owned() });
    }
    let mut response = screen(State(state), visitor, request).await;
    if !response.status().is_redirection() {
        *response.status_mut() = axum::http::StatusCode::NOT_FOUND;
    }
    response
}

/// The one place where a render or a call gets its context.
fn provider(house: &House, visitor: &Visitor, request: &Request) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let nonce = request.extensions().get::<security::ScriptNonce>().map(|nonce| nonce.0.clone());
    let viewer = visitor.viewer.clone();
    let answers = Arc::new(apis::Answers::new(house, visitor));
    move || {
        if let Some(nonce) = &nonce {
            provide_context(Nonce::from_value(nonce.clone()));
        }
        provide_context(viewer.clone());
        answers.provide();
    }
}

/// What anybody may fetch, without asking the database.
pub fn files<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let root = options.site_root.to_string();
    let pkg = ServeDir::new(format!("{root}/{}", options.site_pkg_dir)).precompressed_br().precompressed_gzip();
    let pkg = Router::new().fallback_service(pkg).layer(map_response(immutable));
    let mut router = Router::new().nest(&format!("/{}", options.site_pkg_dir), pkg);
    for file in FILES {
        let served = ServeFile::new(format!("{root}{file}")).precompressed_br().precompressed_gzip();
        router = router.route_service(file, served);
    }
    router
}

/// Hashed names never change their content.
async fn immutable(mut response: Response) -> Response {
    if response.status().is_success() {
        let forever = axum::http::HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(axum::http::header::CACHE_CONTROL, forever);
    }
    response
}
