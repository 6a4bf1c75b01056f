//! What is read, what is filled in, and how an error looks.

use super::*;

fn job(yaml: &str) -> JobConfig {
    let config: ScrapeConfig = ScrapeConfig::parse(yaml).unwrap_or_else(|error| panic!("{error:?}"));
    config.jobs.into_iter().next().unwrap()
}

fn refusal(yaml: &str) -> String {
    match ScrapeConfig::parse(yaml).unwrap_err() {
        ConfigError::Yaml(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[test]
fn a_short_job_gets_prometheus_defaults() {
    let job: JobConfig = job("scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: [a:9100]\n");
    assert_eq!((job.interval, job.timeout), (Interval::seconds(60), Interval::seconds(10)));
    assert_eq!((job.metrics_path.as_str(), job.scheme), ("/metrics", Scheme::Http));
    assert!(job.honor_timestamps && job.follow_redirects && job.compression && !job.honor_labels);
    assert_eq!(job.body_bytes, 64 << 20);
    assert_eq!(job.limits.samples, Some(100_000));
    let group = Group { targets: vec!["a:9100".to_owned()], labels: BTreeMap::new() };
    assert_eq!(job.sources, [SourceConfig::Static(vec![group])]);
}

#[test]
fn every_field_is_understood() {
    let yaml = r"
global:
  scrape_interval: 15s
  sample_limit: 5
scrape_configs:
- job_name: all
  scrape_timeout: 5s
  metrics_path: /m
  scheme: https
  params:
    module: [http_2xx, b c]
  honor_labels: true
  honor_timestamps: false
  follow_redirects: false
  enable_compression: false
  basic_auth:
    username: u
    password_file: /run/secret
  tls_config:
    ca_file: /ca.pem
    cert_file: /cert.pem
    key_file: /key.pem
    insecure_skip_verify: true
  file_sd_configs:
  - files: [/etc/targets/*.yml, more.json]
    refresh_interval: 1m
  dns_sd_configs:
  - names: [_metrics._tcp.example.com]
  - names: [a.example.com]
    type: A
    port: 9100
  relabel_configs:
  - source_labels: [__address__]
    target_label: instance
  metric_relabel_configs:
  - regex: go_.*
    source_labels: [__name__]
    action: drop
  body_size_limit: 1MB
  sample_limit: 0
  label_limit: 30
  label_name_length_limit: 100
  label_value_length_limit: 200
  fallback_scrape_protocol: OpenMetricsText1.0.0
";
    let job: JobConfig = job(yaml);
    assert_eq!((job.interval, job.timeout), (Interval::seconds(15), Interval::seconds(5)));
    assert_eq!((job.body_bytes, job.limits.samples, job.limits.labels), (1 << 20, None, Some(30)));
    assert_eq!((job.limits.name_bytes, job.limits.value_bytes), (Some(100), Some(200)));
    assert_eq!((job.sources.len(), job.relabel.len(), job.metric_relabel.len()), (3, 1, 1));
    assert!(matches!(job.credentials, Some(Credentials::Basic { password: Some(SecretSource::File(_)), .. })));
    assert!(job.tls.insecure_skip_verify && job.tls.identity.is_some());
    assert_eq!(job.fallback, Some(Format::OpenMetrics));
    assert_eq!(job.params["module"], ["http_2xx", "b c"]);
}

#[test]
fn an_empty_file_has_no_jobs() {
    for yaml in ["", "\n", "scrape_configs: []\n"] {
        assert!(ScrapeConfig::parse(yaml).unwrap().jobs.is_empty());
    }
}

#[test]
fn what_is_not_known_is_refused_with_its_place_and_the_choice() {
    let unknown: String = refusal("scrape_configs:\n- job_name: a\n  scrape_intervall: 15s\n");
    assert!(unknown.contains("unknown field `scrape_intervall`"), "{unknown}");
    assert!(unknown.contains("`scrape_interval`"), "{unknown}");
    assert!(unknown.contains("at line 3 column 3"), "{unknown}");
    let duration: String = refusal("scrape_configs:\n- job_name: a\n  scrape_interval: soon\n");
    assert!(duration.contains("expected a duration such as 15s") && duration.contains("at line 3 column 20"), "{duration}");
    let action: String = refusal("scrape_configs:\n- job_name: a\n  relabel_configs:\n  - action: explode\n");
    assert!(action.contains("unknown variant `explode`") && action.contains("`labelmap`"), "{action}");
    let regex: String = refusal("scrape_configs:\n- job_name: a\n  relabel_configs:\n  - regex: (\n    target_label: b\n");
    assert!(regex.contains("expected a regular expression") && regex.contains("line 4"), "{regex}");
    assert!(refusal("scrape_configs:\n- scheme: http\n").contains("missing field `job_name`"));
    assert!(refusal("- a\n").contains("line 1") || refusal("- a\n").contains("invalid type"));
}

#[test]
fn what_has_no_meaning_is_refused_with_its_field() {
    let table = [
        ("- job_name: ''", "job \"\": job_name: a name is missing"),
        ("- job_name: a\n- job_name: a", "job \"a\": job_name: another job has the same name"),
        (
            "- job_name: a\n  scrape_interval: 5s\n  scrape_timeout: 6s",
            "job \"a\": scrape_timeout: it is longer than the scrape_interval",
        ),
        ("- job_name: a\n  metrics_path: m", "job \"a\": metrics_path: a path begins with a slash"),
        ("- job_name: a\n  relabel_configs: [{}]", "job \"a\": relabel_configs[0]: target_label is missing"),
        (
            "- job_name: a\n  bearer_token: b\n  basic_auth: {username: c}",
            "job \"a\": authorization: only one of basic_auth, authorization and bearer_token can be given",
        ),
        ("- job_name: a\n  authorization: {}", "job \"a\": authorization: credentials or credentials_file is missing"),
        (
            "- job_name: a\n  basic_auth: {username: b, password: c, password_file: d}",
            "job \"a\": basic_auth: the secret is given twice, here and in a file",
        ),
        ("- job_name: a\n  tls_config: {cert_file: b}", "job \"a\": tls_config: cert_file and key_file belong together"),
        (
            "- job_name: a\n  tls_config: {server_name: b}",
            "job \"a\": tls_config: server_name is not supported, name the target as its certificate does",
        ),
        (
            "- job_name: a\n  file_sd_configs: [{files: [b.txt]}]",
            "job \"a\": file_sd_configs[0]: the name of a file of targets ends in .json, .yml or .yaml",
        ),
        (
            "- job_name: a\n  file_sd_configs: [{files: ['*/b.yml']}]",
            "job \"a\": file_sd_configs[0]: only the name of a file may hold a *, and only one",
        ),
        (
            "- job_name: a\n  dns_sd_configs: [{names: [b], type: A}]",
            "job \"a\": dns_sd_configs[0]: port is missing, only SRV records have their own",
        ),
    ];
    for (yaml, expected) in table {
        assert_eq!(refusal(&format!("scrape_configs:\n{yaml}\n")), expected);
    }
}

#[test]
fn a_default_timeout_gives_way_to_a_short_interval() {
    let job: JobConfig = job("scrape_configs:\n- job_name: a\n  scrape_interval: 2s\n");
    assert_eq!(job.timeout, Interval::seconds(2));
}

#[test]
fn secrets_are_not_in_what_is_printed_for_debugging() {
    let job: JobConfig = job("scrape_configs:\n- job_name: a\n  bearer_token: hunter2\n");
    assert!(!format!("{job:?}").contains("hunter2"));
}
