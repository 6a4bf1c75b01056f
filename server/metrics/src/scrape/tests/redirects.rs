//! Where a target sends us on to.

use super::*;

/// A job whose target sends us on to `location`, and what becomes of it.
async fn sent_on(pool: &PgPool, location: String, more: &str) -> (Exporter, Arc<Metrics>, Arc<Core>) {
    let exporter: Exporter = Exporter::start("").await;
    exporter.say(|said| (said.status, said.location) = (StatusCode::FOUND, location));
    let (metrics, core) = started(pool, exporter.config(more)).await;
    round(&core, 1).await;
    (exporter, metrics, core)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn another_port_of_the_same_host_is_asked_without_credentials(pool: PgPool) {
    let other: Exporter = Exporter::start("a 1\n").await;
    let (exporter, metrics, core) = sent_on(&pool, format!("//{}/elsewhere?x=y", other.address), "  bearer_token: key\n").await;
    assert_eq!(only(&core).last_error, None);
    assert_eq!(values(&metrics, "a").await, ["1"]);
    assert_eq!(exporter.asked()[0].1["authorization"], "Bearer key");
    let (uri, headers) = other.asked().remove(0);
    assert_eq!((uri.as_str(), headers.get("authorization")), ("/elsewhere?x=y", None));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_target_can_not_send_us_to_another_host_of_ours(pool: PgPool) {
    let other: Exporter = Exporter::start("a 1\n").await;
    let location: String = format!("http://localhost:{}/metrics", other.address.port());
    let (_, metrics, core) = sent_on(&pool, location, "").await;
    assert!(only(&core).last_error.is_some_and(|error| error.contains("must not be reached")));
    assert!(other.asked().is_empty() && values(&metrics, "a").await.is_empty());
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn redirects_have_an_end_and_may_be_refused(pool: PgPool) {
    let (exporter, metrics, core) = sent_on(&pool, "/again".to_owned(), "").await;
    assert_eq!(only(&core).last_error.as_deref(), Some("more than 5 redirects"));
    assert_eq!(exporter.asked().len(), 6);
    core.apply(exporter.config("  follow_redirects: false\n"), NOON.plus_ms(MINUTE_MS)).await.unwrap();
    round(&core, 2).await;
    assert_eq!(only(&core).last_error.as_deref(), Some("the target answered with 302 Found"));
    assert_eq!(exporter.asked().len(), 7);
    metrics.close().await;
}
