//! What is scraped, in the words of Prometheus' configuration file.
//!
//! Strict: a field that is not known here is an error with its line, its column and the fields there are. What Prometheus has and
//! this has not is thereby refused by name, never left out in silence. Files with secrets are read at each scrape, so that they can be
//! replaced; certificates are read when the configuration is applied.

#[cfg(test)]
mod tests;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;

use super::relabel::{Rule, RuleYaml};
use super::scalars::{Interval, Secret};
use crate::exposition::Format;
use written::{FileYaml, GlobalYaml, JobYaml, Protocol, TlsYaml};

/// As in Prometheus.
const SCRAPE_INTERVAL: Interval = Interval::seconds(60);
const SCRAPE_TIMEOUT: Interval = Interval::seconds(10);
/// Prometheus watches its files; we read them again this often.
const FILE_REFRESH: Interval = Interval::seconds(30);
const DNS_REFRESH: Interval = Interval::seconds(30);
/// Ten thousand series take about 1 MiB; more than this is nothing a person reads.
const BODY_LIMIT: u64 = 64 << 20;
/// Samples of an answer when the file names no limit: a fifth of the series that the room takes by default, so that a target that goes
/// mad leaves room for the others. Prometheus has none.
const SAMPLE_LIMIT: usize = 100_000;

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No YAML, or not of this form. The message says where.
    #[error("read the scrape configuration")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// Read, but without meaning.
    #[error("job {job:?}: {place}: {what}")]
    Job {
        /// Its name.
        job: String,
        /// The field.
        place: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// How a target is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// In the clear.
    #[default]
    Http,
    /// With TLS.
    Https,
}

impl Scheme {
    /// As in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Targets with labels in common: `static_configs`, and the content of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// `host:port`.
    #[serde(default)]
    pub targets: Vec<String>,
    /// For all of them.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// Which records are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DnsKind {
    /// Hosts with ports.
    #[default]
    Srv,
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

/// Where targets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceConfig {
    /// Out of the configuration itself.
    Static(Vec<Group>),
    /// Out of files, JSON or YAML by their endings; the name of a file may hold one `*`.
    Files {
        /// Paths.
        files: Vec<PathBuf>,
        /// Read again after this time.
        refresh: Interval,
    },
    /// Out of DNS.
    Dns {
        /// Asked one by one.
        names: Vec<String>,
        /// For which records.
        kind: DnsKind,
        /// Of the targets; SRV records bring their own.
        port: u16,
        /// Asked again after this time.
        refresh: Interval,
    },
}

/// A secret, here or in a file.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// Here.
    Inline(Secret),
    /// In a file, read at each scrape; white space around it is left out.
    File(PathBuf),
}

/// Who we say we are.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// `Authorization: Basic …`
    Basic {
        /// The name.
        username: String,
        /// None is an empty one.
        password: Option<SecretSource>,
    },
    /// `Authorization: <scheme> …`
    Bearer {
        /// Mostly `Bearer`.
        scheme: String,
        /// What follows.
        token: SecretSource,
    },
}

/// Files for TLS.
#[derive(Clone, Debug, Default)]
pub struct TlsConfig {
    /// Trusted instead of the public authorities.
    pub ca_file: Option<PathBuf>,
    /// Our certificate and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// Takes every certificate.
    pub insecure_skip_verify: bool,
}

/// What a scrape may bring; none means that only the built-in limits hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Samples after relabelling; 100,000 unless the file says otherwise, and 0 there means none.
    pub samples: Option<usize>,
    /// Labels of a sample.
    pub labels: Option<usize>,
    /// Bytes of a label's name.
    pub name_bytes: Option<usize>,
    /// Bytes of a label's value.
    pub value_bytes: Option<usize>,
}

/// One entry of `scrape_configs`, with its defaults filled in.
#[derive(Clone, Debug)]
pub struct JobConfig {
    /// Becomes the label `job`.
    pub name: String,
    /// Between two scrapes of a target.
    pub interval: Interval,
    /// No longer than the interval.
    pub timeout: Interval,
    /// Begins with a slash.
    pub metrics_path: String,
    /// http or https.
    pub scheme: Scheme,
    /// The query of the URL.
    pub params: BTreeMap<String, Vec<String>>,
    /// Labels of the target give way to those of the samples.
    pub honor_labels: bool,
    /// Timestamps of the samples are kept.
    pub honor_timestamps: bool,
    /// At most five.
    pub follow_redirects: bool,
    /// Asks for gzip.
    pub compression: bool,
    /// Who we say we are.
    pub credentials: Option<Credentials>,
    /// For https.
    pub tls: TlsConfig,
    /// Where targets come from.
    pub sources: Vec<SourceConfig>,
    /// Rules for the labels of targets.
    pub relabel: Vec<Rule>,
    /// Rules for the labels of samples.
    pub metric_relabel: Vec<Rule>,
    /// Of the answer, decompressed.
    pub body_bytes: usize,
    /// Of the samples.
    pub limits: Limits,
    /// Stands in for a missing or unknown content type.
    pub fallback: Option<Format>,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct ScrapeConfig {
    /// In the order of the file.
    pub jobs: Vec<JobConfig>,
}

impl ScrapeConfig {
    /// Reads `global` and `scrape_configs`.
    ///
    /// # Errors
    /// [`ConfigError`] with the place and what was expected there.
    pub fn parse(yaml: &str) -> Result<Self, ConfigError> {
        if yaml.trim().is_empty() {
            return Ok(Self::default());
        }
        let file: FileYaml = serde_yaml_ng::from_str(yaml)?;
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut jobs: Vec<JobConfig> = Vec::with_capacity(file.scrape_configs.len());
        for yaml in file.scrape_configs {
            let job: JobConfig = resolve(yaml, &file.global)?;
            if !names.insert(job.name.clone()) {
                return Err(wrong(&job.name, "job_name", "another job has the same name"));
            }
            jobs.push(job);
        }
        Ok(Self { jobs })
    }
}

fn wrong(job: &str, place: impl Into<String>, what: &'static str) -> ConfigError {
    ConfigError::Job { job: job.to_owned(), place: place.into(), what }
}

fn resolve(yaml: JobYaml, global: &GlobalYaml) -> Result<JobConfig, ConfigError> {
    let name: String = yaml.job_name.clone();
    if name.is_empty() {
        return Err(wrong(&name, "job_name", "a name is missing"));
    }
    let interval: Interval = yaml.scrape_interval.or(global.scrape_interval).unwrap_or(SCRAPE_INTERVAL);
    let timeout: Interval = timeout(&yaml, global, interval)?;
    let metrics_path: String = yaml.metrics_path.clone().unwrap_or_else(|| "/metrics".to_owned());
    if !metrics_path.starts_with('/') {
        return Err(wrong(&name, "metrics_path", "a path begins with a slash"));
    }
    let limits = Limits {
        samples: limit(yaml.sample_limit, global.sample_limit.or(Some(SAMPLE_LIMIT))),
        labels: limit(yaml.label_limit, global.label_limit),
        name_bytes: limit(yaml.label_name_length_limit, global.label_name_length_limit),
        value_bytes: limit(yaml.label_value_length_limit, global.label_value_length_limit),
    };
    let body_bytes: u64 = yaml.body_size_limit.or(global.body_size_limit).map_or(0, |bytes| bytes.0);
    let (credentials, sources) = (credentials(&yaml)?, sources(&yaml)?);
    let tls: TlsConfig = tls(&name, yaml.tls_config)?;
    Ok(JobConfig {
        interval,
        timeout,
        metrics_path,
        scheme: yaml.scheme,
        params: yaml.params,
        honor_labels: yaml.honor_labels,
        honor_timestamps: yaml.honor_timestamps.unwrap_or(true),
        follow_redirects: yaml.follow_redirects.unwrap_or(true),
        compression: yaml.enable_compression.unwrap_or(true),
        credentials,
        tls,
        sources,
        relabel: rules(&name, "relabel_configs", yaml.relabel_configs)?,
        metric_relabel: rules(&name, "metric_relabel_configs", yaml.metric_relabel_configs)?,
        body_bytes: usize::try_from(if body_bytes == 0 { BODY_LIMIT } else { body_bytes }).unwrap_or(usize::MAX),
        limits,
        fallback: yaml.fallback_scrape_protocol.map(format),
        name,
    })
}

/// Not longer than the interval; a default gives way to it, as in Prometheus.
fn timeout(yaml: &JobYaml, global: &GlobalYaml, interval: Interval) -> Result<Interval, ConfigError> {
    match yaml.scrape_timeout {
        Some(timeout) if timeout > interval => {
            Err(wrong(&yaml.job_name, "scrape_timeout", "it is longer than the scrape_interval"))
        }
        Some(timeout) => Ok(timeout),
        None => Ok(global.scrape_timeout.unwrap_or(SCRAPE_TIMEOUT).min(interval)),
    }
}

/// 0 means none, as in Prometheus.
fn limit(own: Option<usize>, global: Option<usize>) -> Option<usize> {
    own.or(global).filter(|limit| *limit > 0)
}

fn format(protocol: Protocol) -> Format {
    match protocol {
        Protocol::OpenMetrics0 | Protocol::OpenMetrics1 => Format::OpenMetrics,
        Protocol::Text0 | Protocol::Text1 => Format::Text,
    }
}

fn rules(job: &str, field: &str, yaml: Vec<RuleYaml>) -> Result<Vec<Rule>, ConfigError> {
    let numbered = yaml.into_iter().enumerate();
    numbered.map(|(at, rule)| Rule::new(rule).map_err(|what| wrong(job, format!("{field}[{at}]"), what))).collect()
}

fn secret(inline: Option<&Secret>, file: Option<&PathBuf>) -> Result<Option<SecretSource>, &'static str> {
    match (inline, file) {
        (Some(_), Some(_)) => Err("the secret is given twice, here and in a file"),
        (Some(secret), None) => Ok(Some(SecretSource::Inline(secret.clone()))),
        (None, Some(file)) => Ok(Some(SecretSource::File(file.clone()))),
        (None, None) => Ok(None),
    }
}

fn credentials(yaml: &JobYaml) -> Result<Option<Credentials>, ConfigError> {
    let bad = |place: &str, what: &'static str| wrong(&yaml.job_name, place, what);
    let token: Option<SecretSource> =
        secret(yaml.bearer_token.as_ref(), yaml.bearer_token_file.as_ref()).map_err(|what| bad("bearer_token", what))?;
    let n_given: usize =
        [yaml.basic_auth.is_some(), yaml.authorization.is_some(), token.is_some()].into_iter().filter(|given| *given).count();
    if n_given > 1 {
        return Err(bad("authorization", "only one of basic_auth, authorization and bearer_token can be given"));
    }
    if let Some(basic) = &yaml.basic_auth {
        let password: Option<SecretSource> =
            secret(basic.password.as_ref(), basic.password_file.as_ref()).map_err(|what| bad("basic_auth", what))?;
        return Ok(Some(Credentials::Basic { username: basic.username.clone(), password }));
    }
    if let Some(given) = &yaml.authorization {
        let scheme: String = given.kind.clone().unwrap_or_else(|| "Bearer".to_owned());
        if scheme.is_empty() || scheme.eq_ignore_ascii_case("basic") {
            return Err(bad("authorization", "basic is written as basic_auth"));
        }
        let token: SecretSource = secret(given.credentials.as_ref(), given.credentials_file.as_ref())
            .map_err(|what| bad("authorization", what))?
            .ok_or_else(|| bad("authorization", "credentials or credentials_file is missing"))?;
        return Ok(Some(Credentials::Bearer { scheme, token }));
    }
    Ok(token.map(|token| Credentials::Bearer { scheme: "Bearer".to_owned(), token }))
}

fn tls(job: &str, yaml: Option<TlsYaml>) -> Result<TlsConfig, ConfigError> {
    let Some(yaml) = yaml else { return Ok(TlsConfig::default()) };
    let bad = |what: &'static str| wrong(job, "tls_config", what);
    if yaml.server_name.is_some() {
        return Err(bad("server_name is not supported, name the target as its certificate does"));
    }
    let identity: Option<(PathBuf, PathBuf)> = match (yaml.cert_file, yaml.key_file) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (None, None) => None,
        _ => return Err(bad("cert_file and key_file belong together")),
    };
    Ok(TlsConfig { ca_file: yaml.ca_file, identity, insecure_skip_verify: yaml.insecure_skip_verify })
}

fn sources(yaml: &JobYaml) -> Result<Vec<SourceConfig>, ConfigError> {
    let mut sources: Vec<SourceConfig> = Vec::new();
    if !yaml.static_configs.is_empty() {
        sources.push(SourceConfig::Static(yaml.static_configs.clone()));
    }
    for (at, files) in yaml.file_sd_configs.iter().enumerate() {
        if let Some(what) = files.files.iter().find_map(|path| unreadable(path)) {
            return Err(wrong(&yaml.job_name, format!("file_sd_configs[{at}]"), what));
        }
        let refresh: Interval = files.refresh_interval.unwrap_or(FILE_REFRESH);
        sources.push(SourceConfig::Files { files: files.files.clone(), refresh });
    }
    for (at, dns) in yaml.dns_sd_configs.iter().enumerate() {
        let bad = |what: &'static str| wrong(&yaml.job_name, format!("dns_sd_configs[{at}]"), what);
        if dns.names.is_empty() || dns.names.iter().any(String::is_empty) {
            return Err(bad("names are missing"));
        }
        if dns.kind != DnsKind::Srv && dns.port.is_none() {
            return Err(bad("port is missing, only SRV records have their own"));
        }
        let refresh: Interval = dns.refresh_interval.unwrap_or(DNS_REFRESH);
        let (names, port) = (dns.names.clone(), dns.port.unwrap_or(0));
        sources.push(SourceConfig::Dns { names, kind: dns.kind, port, refresh });
    }
    Ok(sources)
}

/// What is wrong with the path of a file of targets.
fn unreadable(path: &std::path::Path) -> Option<&'static str> {
    let name: &str = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let is_known: bool = [".json", ".yml", ".yaml"].iter().any(|ending| name.ends_with(ending));
    let directory: String = path.parent().map_or(String::new(), |parent| parent.display().to_string());
    if !is_known {
        Some("the name of a file of targets ends in .json, .yml or .yaml")
    } else if name.matches('*').count() > 1 || directory.contains('*') {
        Some("only the name of a file may hold a *, and only one")
    } else {
        None
    }
}
