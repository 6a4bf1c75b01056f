//! The link in a page, from the webhook that was told it to the alert that somebody has.

use crate::paging::tests::Watch;
use crate::routes;
use alerting::AlertRow;
use alerting::silences::{Kind, NewSilence};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use kernel::Clock;
use leptos::prelude::LeptosOptions;
use model::access::AnswerAlert;
use model::{Actor, Time};
use sqlx::PgPool;
use tower::ServiceExt;

const ORIGIN: &str = "http://127.0.0.1:3000";

/// A house in which one alert fires, and the path of the link in its page.
async fn paged(pool: PgPool) -> (Watch, Router, String) {
    let watch = Watch::new(pool).await;
    watch.measure(1, 9.0).await;
    watch.tell().await;
    let url: String = watch.heard()[0]["data"]["acknowledge_url"].as_str().unwrap().to_owned();
    let path: String = url.strip_prefix(ORIGIN).unwrap().to_owned();
    let router: Router = routes::router(watch.house.clone(), LeptosOptions::builder().output_name("mimamori").build());
    (watch, router, path)
}

async fn get(router: &Router, path: &str) -> Response {
    let request = Request::builder().uri(path).header("accept", "text/html").header("accept-language", "en");
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn post(router: &Router, path: &str, origin: &str, form: &str) -> Response {
    let request = Request::builder().method(Method::POST).uri(path).header("origin", origin).header("accept-language", "en");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form.to_owned()));
    router.clone().oneshot(request.unwrap()).await.unwrap()
}

async fn text(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), 1_000_000).await.unwrap().to_vec()).unwrap()
}

/// Who has the one alert that fires.
async fn holder(watch: &Watch) -> Option<String> {
    watch.open().await.remove(0).held.map(|held| held.by)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn opening_the_link_shows_and_the_button_acts_once(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    let shown: Response = get(&router, &path).await;
    assert_eq!((shown.status(), shown.headers()[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-store"));
    assert!(shown.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'none'"));
    let shown: String = text(shown).await;
    assert!(shown.contains("web-0 has a load of 9") && shown.contains("Nobody has it yet"), "{shown}");
    assert_eq!(holder(&watch).await, None, "a mail scanner opens every link");

    let done: Response = post(&router, &path, ORIGIN, "comment=on+my+way").await;
    assert_eq!(done.status(), StatusCode::OK);
    let done: String = text(done).await;
    assert!(done.contains("Hand back") && done.contains("link in Webhook hook"), "{done}");
    assert_eq!(holder(&watch).await.as_deref(), Some("link/Webhook hook"), "a name in nobody's language");
    let held = watch.open().await.remove(0).held.unwrap();
    assert_eq!((held.comment.as_deref(), held.person), (Some("on my way"), None));

    let again: Response = post(&router, &path, ORIGIN, "").await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let shown: String = text(get(&router, &path).await).await;
    assert!(shown.contains("This link was used") && !shown.contains("<form"), "{shown}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_request_from_elsewhere_takes_nothing_on(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    for origin in ["https://evil.example", "null"] {
        assert_eq!(post(&router, &path, origin, "").await.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(holder(&watch).await, None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_link_that_is_not_ours_or_too_old_leads_nowhere(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    for strange in ["/ack/x", &path[..path.len() - 1], &format!("{path}A")] {
        assert_eq!(get(&router, strange).await.status(), StatusCode::NOT_FOUND, "{strange}");
        assert_eq!(post(&router, strange, ORIGIN, "").await.status(), StatusCode::NOT_FOUND, "{strange}");
    }
    watch.clock.advance_ms(super::LIFE_MS + 1);
    assert_eq!(get(&router, &path).await.status(), StatusCode::GONE);
    assert_eq!(post(&router, &path, ORIGIN, "").await.status(), StatusCode::GONE);
    assert_eq!(holder(&watch).await, None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_typed_is_kept_when_it_is_too_long_and_the_link_still_works(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    let long: Response = post(&router, &path, ORIGIN, &format!("comment=%3Cb%3E{}", "x".repeat(4_000))).await;
    assert_eq!(long.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let long: String = text(long).await;
    assert!(long.contains("too long") && long.contains("&lt;b&gt;xxx") && !long.contains("<b>xxx"));
    assert_eq!(post(&router, &path, ORIGIN, "").await.status(), StatusCode::OK);
    assert!(holder(&watch).await.is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_time_that_was_chosen_runs_out_and_the_alert_calls_again(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    let now: Time = watch.clock.now();
    assert_eq!(post(&router, &path, ORIGIN, "span=30m").await.status(), StatusCode::OK);
    let held = watch.open().await.remove(0).held.unwrap();
    assert_eq!(held.until, Some(now.plus_ms(30 * 60_000)));
    watch.tell().await;
    assert_eq!(watch.heard().last().unwrap()["type"], "alert.acknowledged");
    watch.clock.advance_ms(31 * 60_000);
    assert_eq!(watch.house.alerting.lapse().await.unwrap(), 1);
    watch.tell().await;
    assert_eq!((holder(&watch).await, &watch.heard().last().unwrap()["type"]), (None, &serde_json::json!("alert.again")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_time_that_nobody_offers_is_refused_in_place_and_what_was_typed_stays(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    let refused: Response = post(&router, &path, ORIGIN, "span=2d&comment=on+my+way").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused: String = text(refused).await;
    assert!(refused.contains("Choose again") && refused.contains(">on my way</textarea>"), "{refused}");
    assert_eq!(holder(&watch).await, None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_link_that_is_too_old_says_so_and_shows_how_things_stand(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    watch.clock.advance_ms(super::LIFE_MS + 1);
    let shown: String = text(get(&router, &path).await).await;
    assert!(shown.contains("expired") && shown.contains("web-0 has a load of 9") && !shown.contains("<form"), "{shown}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whom_else_it_calls_and_what_to_do_stand_below(pool: PgPool) {
    let (_watch, router, path) = paged(pool).await;
    let shown: String = text(get(&router, &path).await).await;
    let (button, calls) = (shown.find("<button").unwrap(), shown.find("Who is called").unwrap());
    assert!(button < calls, "the button comes first");
    assert!(shown.contains("Webhook hook") && shown.contains("sent (this message)"), "{shown}");
    assert!(shown.contains("Restart it") && shown.contains("≥ 5"), "{shown}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_kept_quiet_says_by_what(pool: PgPool) {
    let (watch, router, path) = paged(pool).await;
    let grant = kernel::authorize::<AnswerAlert>(&Actor::worker("test"), None).unwrap();
    let from: Time = watch.clock.now();
    let wanted = NewSilence {
        kind: Kind::Maintenance,
        matchers: vec!["host=web-0".parse().unwrap()],
        from,
        until: from.plus_ms(3_600_000),
        calendar: None,
        comment: "deploy".to_owned(),
    };
    watch.house.routing.create_silence(&grant, wanted).await.unwrap();
    watch.tell().await;
    let row: AlertRow = watch.open().await.remove(0);
    assert!(row.is_muted);
    let shown: String = text(get(&router, &path).await).await;
    assert!(shown.contains("In maintenance (S-1)") && shown.contains("until"), "{shown}");
}
