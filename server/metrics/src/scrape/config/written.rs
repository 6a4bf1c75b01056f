//! The file as it is written, field by field; what is missing is filled in by [`super`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{DnsKind, Group, Scheme};
use crate::scrape::relabel::RuleYaml;
use crate::scrape::scalars::{Bytes, Interval, Secret};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileYaml {
    #[serde(default)]
    pub(super) global: GlobalYaml,
    #[serde(default)]
    pub(super) scrape_configs: Vec<JobYaml>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GlobalYaml {
    pub(super) scrape_interval: Option<Interval>,
    pub(super) scrape_timeout: Option<Interval>,
    pub(super) body_size_limit: Option<Bytes>,
    pub(super) sample_limit: Option<usize>,
    pub(super) label_limit: Option<usize>,
    pub(super) label_name_length_limit: Option<usize>,
    pub(super) label_value_length_limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobYaml {
    pub(super) job_name: String,
    pub(super) scrape_interval: Option<Interval>,
    pub(super) scrape_timeout: Option<Interval>,
    pub(super) metrics_path: Option<String>,
    #[serde(default)]
    pub(super) scheme: Scheme,
    #[serde(default)]
    pub(super) params: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) honor_labels: bool,
    pub(super) honor_timestamps: Option<bool>,
    pub(super) follow_redirects: Option<bool>,
    pub(super) enable_compression: Option<bool>,
    pub(super) basic_auth: Option<BasicAuthYaml>,
    pub(super) authorization: Option<AuthorizationYaml>,
    pub(super) bearer_token: Option<Secret>,
    pub(super) bearer_token_file: Option<PathBuf>,
    pub(super) tls_config: Option<TlsYaml>,
    #[serde(default)]
    pub(super) static_configs: Vec<Group>,
    #[serde(default)]
    pub(super) file_sd_configs: Vec<FileYamlSource>,
    #[serde(default)]
    pub(super) dns_sd_configs: Vec<DnsYaml>,
    #[serde(default)]
    pub(super) relabel_configs: Vec<RuleYaml>,
    #[serde(default)]
    pub(super) metric_relabel_configs: Vec<RuleYaml>,
    pub(super) body_size_limit: Option<Bytes>,
    pub(super) sample_limit: Option<usize>,
    pub(super) label_limit: Option<usize>,
    pub(super) label_name_length_limit: Option<usize>,
    pub(super) label_value_length_limit: Option<usize>,
    pub(super) fallback_scrape_protocol: Option<Protocol>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) enum Protocol {
    #[serde(rename = "OpenMetricsText0.0.1")]
    OpenMetrics0,
    #[serde(rename = "OpenMetricsText1.0.0")]
    OpenMetrics1,
    #[serde(rename = "PrometheusText0.0.4")]
    Text0,
    #[serde(rename = "PrometheusText1.0.0")]
    Text1,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasicAuthYaml {
    pub(super) username: String,
    pub(super) password: Option<Secret>,
    pub(super) password_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorizationYaml {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) credentials: Option<Secret>,
    pub(super) credentials_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsYaml {
    pub(super) ca_file: Option<PathBuf>,
    pub(super) cert_file: Option<PathBuf>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) server_name: Option<String>,
    #[serde(default)]
    pub(super) insecure_skip_verify: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileYamlSource {
    pub(super) files: Vec<PathBuf>,
    pub(super) refresh_interval: Option<Interval>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DnsYaml {
    pub(super) names: Vec<String>,
    #[serde(rename = "type", default)]
    pub(super) kind: DnsKind,
    pub(super) port: Option<u16>,
    pub(super) refresh_interval: Option<Interval>,
}
