//! Targets come, go, change and belong to somebody.

use async_trait::async_trait;

use super::*;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_series_of_a_target_that_is_gone_are_ended(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let (metrics, core) = started(&pool, exporter.config("")).await;
    round(&core, 1).await;
    core.apply(ScrapeConfig::default(), NOON.plus_ms(MINUTE_MS)).await.unwrap();
    assert!(core.all().is_empty());
    assert_eq!(values(&metrics, "a").await, ["1", "stale"]);
    assert_eq!(values(&metrics, "up").await, ["1", "stale"]);
    round(&core, 2).await;
    assert_eq!(exporter.asked().len(), 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_target_of_a_file_goes_with_its_line(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("targets.json");
    std::fs::write(&file, format!("[{{\"targets\": [\"{}\"], \"labels\": {{\"shop\": \"tokyo\"}}}}]", exporter.address)).unwrap();
    let yaml: String = format!("scrape_configs:\n- job_name: files\n  file_sd_configs:\n  - files: ['{}']\n", file.display());
    let (metrics, core) = started(&pool, ScrapeConfig::parse(&yaml).unwrap()).await;
    round(&core, 1).await;
    assert_eq!(only(&core).labels.get("shop"), "tokyo");
    std::fs::write(&file, "[]").unwrap();
    core.discover(NOON.plus_ms(MINUTE_MS)).await;
    assert!(core.all().is_empty());
    assert_eq!(values(&metrics, "a").await, ["1", "stale"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_changed_configuration_leaves_no_gap(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\nb 1\n").await;
    let (metrics, core) = started(&pool, exporter.config("")).await;
    round(&core, 1).await;
    let dropping = "  metric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]\n";
    core.apply(exporter.config(dropping), NOON.plus_ms(MINUTE_MS)).await.unwrap();
    assert_eq!(values(&metrics, "a").await, ["1"]);
    assert_eq!(only(&core).health, Health::Up);
    round(&core, 2).await;
    assert_eq!(values(&metrics, "a").await, ["1", "1"]);
    assert_eq!(values(&metrics, "b").await, ["1", "stale"]);
    assert_eq!(values(&metrics, "scrape_series_added").await, ["2", "0"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_configuration_that_can_not_be_set_up_changes_nothing(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let (metrics, core) = started(&pool, exporter.config("")).await;
    let refused: ScrapeError = core.apply(exporter.config("  tls_config: {ca_file: /nowhere/ca.pem}\n"), NOON).await.unwrap_err();
    assert!(refused.to_string().starts_with("job \"test\": read /nowhere/ca.pem: "), "{refused}");
    assert_eq!(core.all().len(), 1);
    round(&core, 1).await;
    assert_eq!(values(&metrics, "a").await, ["1"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_dropped_or_can_not_be_a_target_is_told(pool: PgPool) {
    let yaml = "scrape_configs:\n- job_name: odd\n  static_configs:\n  - targets: ['keep:1', 'drop:1', 'no/address']\n  relabel_configs: [{source_labels: [__address__], regex: 'drop.*', action: drop}]\n";
    let (metrics, core) = started(&pool, ScrapeConfig::parse(yaml).unwrap()).await;
    let job: JobState = lock::mutex(&core.jobs)[0].state();
    assert_eq!((core.all().len(), job.n_dropped), (1, 1));
    assert_eq!(job.dropped[0].get("__address__"), "drop:1");
    assert_eq!(job.troubles, ["no/address: \"no/address\" is not an address: expected host or host:port"]);
    metrics.close().await;
}

/// Says yes while its flag is set.
struct Sometimes(AtomicBool);

#[async_trait]
impl Turn for Sometimes {
    async fn mine(&self, _target_hash: u64) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_whose_turn_it_is_scrapes_and_who_loses_it_ends_nothing(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let turn: Arc<Sometimes> = Arc::new(Sometimes(AtomicBool::new(true)));
    let shared: Arc<dyn Turn> = turn.clone();
    let core: Arc<Core> = core(&metrics, here(), shared);
    core.apply(exporter.config(""), NOON).await.unwrap();
    round(&core, 1).await;
    turn.0.store(false, Ordering::SeqCst);
    round(&core, 2).await;
    assert_eq!(exporter.asked().len(), 1);
    assert!(!only(&core).is_mine);
    core.apply(ScrapeConfig::default(), NOON.plus_ms(2 * MINUTE_MS)).await.unwrap();
    assert_eq!(values(&metrics, "a").await, ["1"]);
    assert_eq!(values(&metrics, "up").await, ["1"]);
    metrics.close().await;
}
