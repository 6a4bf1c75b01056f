//! Forms and calls over the whole router: what a browser gets with a script and without one.

use crate::routes;
use crate::strangers::rooms;
use crate::wiring::House;
use api::ApiError;
use api::error::{Denial, Expected};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use leptos::prelude::LeptosOptions;
use sqlx::PgPool;
use tower::ServiceExt;

const ORIGIN: &str = "http://127.0.0.1:3000";
const HTML: &str = "text/html";
const JSON: &str = "application/json";

/// A browser with the cookies it was given.
struct Browser {
    router: Router,
    cookies: String,
}

impl Browser {
    fn new(house: &House) -> Self {
        let router = routes::router(house.clone(), LeptosOptions::builder().output_name("mimamori").build());
        Self { router, cookies: String::new() }
    }

    /// Of the first admin.
    async fn of_hana(house: &House) -> Self {
        let mut browser = Self::new(house);
        let code = house.identity.set_up_code().await.unwrap().unwrap();
        let form = format!("code={code}&organisation=Shop&name=Hana&email=hana%40example.com&password=correct+horse+battery");
        let answer = browser.post("/set-up", HTML, &form).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser.take_cookies(answer.headers());
        browser
    }

    fn take_cookies(&mut self, headers: &HeaderMap) {
        let set = headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let pairs: Vec<&str> = set.map(|cookie| cookie.split(';').next().unwrap()).collect();
        self.cookies = pairs.join("; ");
    }

    async fn post(&self, path: &str, accept: &str, form: &str) -> Response {
        self.send(&format!("{ORIGIN}/people"), path, accept, form).await
    }

    /// Without a script, from a screen.
    async fn post_from(&self, screen: &str, path: &str, form: &str) -> Response {
        self.send(screen, path, HTML, form).await
    }

    async fn send(&self, screen: &str, path: &str, accept: &str, form: &str) -> Response {
        let request = Request::builder().method(Method::POST).uri(path).header("origin", ORIGIN).header("accept", accept);
        let request = request.header("referer", screen).header("cookie", &self.cookies);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form.to_owned()));
        self.router.clone().oneshot(request.unwrap()).await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        let request = Request::builder().uri(path).header("accept", HTML).header("cookie", &self.cookies);
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }
}

async fn text(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), 1_000_000).await.unwrap().to_vec()).unwrap()
}

async fn refusal(answer: Response) -> (StatusCode, ApiError) {
    let status = answer.status();
    (status, serde_json::from_str(&text(answer).await).unwrap())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_secret_made_without_script_stands_on_a_screen_that_nobody_keeps(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    for (path, form, secret) in [
        ("/call/person_invite", "name=Jiro&email=jiro%40example.com&role=responder", "/join/"),
        ("/call/token_make", "name=ci&scopes%5B%5D=read&days=30", "mmr_api_"),
    ] {
        let answer = browser.post(path, HTML, form).await;
        assert_eq!((answer.status(), answer.headers().get(header::LOCATION)), (StatusCode::OK, None), "{path}");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'none'"), "{policy}");
        let html = text(answer).await;
        assert!(html.contains(secret) && html.contains("shown-once__secret"), "{html}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_script_gets_the_secret_as_data(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let answer = browser.post("/call/token_make", JSON, "name=ci&scopes%5B%5D=read&days=30").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(text(answer).await.contains("mmr_api_"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refused_call_has_an_honest_status_and_its_reason(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let taken = browser.post("/call/person_invite", JSON, "name=H&email=hana%40example.com&role=viewer").await;
    assert_eq!(refusal(taken).await, (StatusCode::CONFLICT, ApiError::Denied { reason: Denial::PersonTaken }));
    let wrong = browser.post("/call/person_invite", JSON, "name=H&email=hana&role=viewer").await;
    let email = ApiError::Invalid { field: "email".to_owned(), expected: Expected::Email };
    assert_eq!(refusal(wrong).await, (StatusCode::UNPROCESSABLE_ENTITY, email));
    let gone = browser.post("/call/team_delete", JSON, "team=00000000-0000-0000-0000-000000000000").await;
    assert_eq!(refusal(gone).await.0, StatusCode::NOT_FOUND);
    let unread = browser.post("/call/team_delete", JSON, "team=x").await;
    assert_eq!(refusal(unread).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = browser.post("/call/no_such_call", JSON, "").await;
    assert_eq!(refusal(unknown).await.0, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refused_form_without_script_goes_back_with_the_reason(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let answer = browser.post("/call/person_invite", HTML, "name=H&email=hana&role=viewer").await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let back = answer.headers()[header::LOCATION].to_str().unwrap();
    let number = back.strip_prefix("http://127.0.0.1:3000/people?kept=").unwrap();
    let html = text(browser.get(&format!("/people?kept={number}")).await).await;
    assert!(html.contains("value=\"hana\"") && html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("href=\"#invite-email\""), "{html}");
    let clean = text(browser.get("/people").await).await;
    assert!(!clean.contains("value=\"hana\"") && !clean.contains("aria-invalid"), "{clean}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn why_an_alert_was_not_taken_is_said_where_it_stood(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let refused = browser.post_from(&format!("{ORIGIN}/alerts"), "/call/alert_acknowledge", "id=7").await;
    let back = refused.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let (_, query) = back.split_once("/alerts?").unwrap();
    let html = text(browser.get(&format!("/alerts?{query}")).await).await;
    assert!(html.contains("data-said=\"failed\""), "{html}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_taken_can_be_taken_back_from_wherever_it_is_told(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    for path in ["/", "/alerts", "/rules"] {
        let html = text(browser.get(&format!("{path}?done=alert_acknowledge.A-7")).await).await;
        assert!(html.contains("/call/alert_undo_take"), "{path}: {html}");
        let silent = text(browser.get(&format!("{path}?done=alert_acknowledge.%3Cb%3E")).await).await;
        assert!(!silent.contains("/call/alert_undo_take"), "{path}: {silent}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_draft_of_a_rule_is_judged_as_its_address_has_it(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let draft = "/rules/new?draft%5Bexpr%5D=rate%28";
    let begun = text(browser.get(draft).await).await;
    assert!(begun.contains("explore__wrong") && !begun.contains("form__refused"), "what is missing waits: {begun}");
    let tried = text(browser.get(&format!("{draft}&tried=true")).await).await;
    assert!(tried.contains("form__refused") && tried.contains("name=\"tried\""), "{tried}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_somebody_writes_is_told_of_to_a_script(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let answer = browser.post(api::expression::PATH, JSON, "text=irat&caret=4&offers=typed").await;
    assert_eq!((answer.status(), &answer.headers()[header::CONTENT_TYPE]), (StatusCode::OK, &JSON.parse().unwrap()));
    let told: serde_json::Value = serde_json::from_str(&text(answer).await).unwrap();
    assert_eq!((&told["offers"][0]["insert"], &told["replaces"]), (&"irate(".into(), &serde_json::json!([0, 4])));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_refused_comes_back_to_nobody_else_and_goes_once_it_is_taken(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let refused = browser.post("/call/team_make", HTML, "name=").await;
    let back = refused.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let (_, query) = back.split_once('?').unwrap();
    let signed_out = Browser::new(&house).get(&format!("/people?{query}")).await;
    assert_eq!(signed_out.status(), StatusCode::SEE_OTHER);
    let taken = browser.post_from(&back, "/call/team_make", "name=web").await;
    assert_eq!(taken.headers()[header::LOCATION], "http://127.0.0.1:3000/people");
    let html = text(browser.get(&format!("/people?{query}")).await).await;
    assert!(!html.contains("aria-invalid"), "{html}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refused_password_is_not_kept(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let refused = browser.post("/call/password_change", HTML, "old=incorrect-horse&new=another-long-one").await;
    let back = refused.headers()[header::LOCATION].to_str().unwrap();
    let (_, query) = back.split_once('?').unwrap();
    assert!(query.starts_with("kept="), "{query}");
    let html = text(browser.get(&format!("/account?{query}")).await).await;
    assert!(!html.contains("incorrect-horse") && !html.contains("another-long-one"), "{html}");
    assert!(html.contains("aria-invalid=\"true\""), "{html}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_form_that_is_too_large_is_not_read(pool: PgPool) {
    let house = rooms(pool).await;
    let browser = Browser::of_hana(&house).await;
    let answer = browser.post("/call/team_make", HTML, &format!("name={}", "x".repeat(300_000))).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn joining_signs_in(pool: PgPool) {
    let house = rooms(pool).await;
    let hana = Browser::of_hana(&house).await;
    let made = text(hana.post("/call/person_invite", JSON, "name=Jiro&email=jiro%40example.com&role=viewer").await).await;
    let (_, rest) = made.split_once("/join/").unwrap();
    let path = format!("/join/{}", rest.split('"').next().unwrap());
    let mut jiro = Browser::new(&house);
    assert_eq!(jiro.get(&path).await.status(), StatusCode::OK);
    let joined = jiro.post(&path, HTML, "password=correct+horse+battery").await;
    assert_eq!((joined.status(), &joined.headers()[header::LOCATION]), (StatusCode::SEE_OTHER, &"/".parse().unwrap()));
    jiro.take_cookies(joined.headers());
    let account = jiro.post("/call/account", JSON, "").await;
    assert_eq!(account.status(), StatusCode::OK);
    assert_eq!(Browser::new(&house).get(&path).await.status(), StatusCode::FORBIDDEN, "the link works once");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_set_up_link_that_leads_nowhere_shows_no_form(pool: PgPool) {
    let house = rooms(pool).await;
    let stranger = Browser::new(&house);
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let right = stranger.get(&format!("/set-up?code={code}")).await;
    assert_eq!(right.status(), StatusCode::OK);
    assert!(text(right).await.contains("type=\"password\""));
    let wrong = stranger.get("/set-up?code=wrong").await;
    assert_eq!(wrong.status(), StatusCode::FORBIDDEN);
    let html = text(wrong).await;
    assert!(html.contains("mimamori set-up-link") && !html.contains("type=\"password\""), "{html}");

    Browser::of_hana(&house).await;
    let used = stranger.get(&format!("/set-up?code={code}")).await;
    assert_eq!(used.status(), StatusCode::CONFLICT);
    let html = text(used).await;
    assert!(html.contains("href=\"/sign-in\"") && !html.contains("type=\"password\""), "{html}");
}
