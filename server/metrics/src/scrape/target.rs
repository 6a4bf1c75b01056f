//! From a discovered address to something that can be scraped: labels, URL, its own moment within the interval. Pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::Time;
use model::labels::Labels;

use super::config::JobConfig;
use super::relabel::relabel;
use super::scalars::Interval;
use crate::hash::{CHECKSUM_SEED, hash64};

/// Begins the labels that are gone when relabelling is done.
const RESERVED: &str = "__";
const PARAM: &str = "__param_";

/// Something that is scraped.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// Job, URL and labels: what makes it this one and no other.
    pub(super) key: String,
    /// Of the key, the same in every replica and after every restart.
    pub(super) hash: u64,
    /// Written with every sample.
    pub(super) labels: Labels,
    /// Before relabelling.
    pub(super) discovered: Labels,
    pub(super) url: String,
    pub(super) interval: Interval,
    pub(super) timeout: Interval,
}

/// Why something discovered can't be a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Relabelling took it away.
    #[error("a target has no __address__")]
    NoAddress,
    /// It is not `host` or `host:port`.
    #[error("{0:?} is not an address: expected host or host:port")]
    Address(String),
    /// Neither http nor https.
    #[error("{0:?} is not a scheme: expected http or https")]
    Scheme(String),
    /// It does not begin with a slash.
    #[error("{0:?} is not a path: expected a slash at its beginning")]
    Path(String),
    /// Relabelling wrote no duration.
    #[error("{label}: {why}")]
    Duration {
        /// `__scrape_interval__` or `__scrape_timeout__`.
        label: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Relabelling made it so.
    #[error("__scrape_timeout__ is longer than __scrape_interval__")]
    Timeout,
}

/// The labels a target has before relabelling.
pub(super) fn discovered(job: &JobConfig, group: &BTreeMap<String, String>, address: &str) -> Labels {
    let mut labels = Labels::new(group.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    labels.set("__address__".to_owned(), address.to_owned());
    let defaults: [(&str, String); 5] = [
        ("job", job.name.clone()),
        ("__scheme__", job.scheme.as_str().to_owned()),
        ("__metrics_path__", job.metrics_path.clone()),
        ("__scrape_interval__", job.interval.to_string()),
        ("__scrape_timeout__", job.timeout.to_string()),
    ];
    let params = job.params.iter().filter_map(|(name, values)| Some((format!("{PARAM}{name}"), values.first()?.clone())));
    for (name, value) in defaults.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(params) {
        if labels.get(&name).is_empty() {
            labels.set(name, value);
        }
    }
    labels
}

/// The target, or nothing when relabelling drops it.
pub(super) fn target(job: &JobConfig, discovered: Labels) -> Result<Option<Target>, TargetError> {
    let mut labels: Labels = discovered.clone();
    if !relabel(&mut labels, &job.relabel) {
        return Ok(None);
    }
    let address: String = address(&labels)?;
    let url: String = url(job, &labels, &address)?;
    let interval: Interval = duration(&labels, "__scrape_interval__")?;
    let timeout: Interval = duration(&labels, "__scrape_timeout__")?;
    if timeout > interval {
        return Err(TargetError::Timeout);
    }
    if labels.get("instance").is_empty() {
        labels.set("instance".to_owned(), address);
    }
    let labels: Labels = Labels::new(labels.iter().filter(|(name, _)| !name.starts_with(RESERVED)));
    let key: String = format!("{}\n{url}\n{labels}", job.name);
    let hash: u64 = hash64(CHECKSUM_SEED, key.as_bytes());
    Ok(Some(Target { key, hash, labels, discovered, url, interval, timeout }))
}

fn address(labels: &Labels) -> Result<String, TargetError> {
    let address: &str = labels.get("__address__");
    let is_foreign = |letter: char| letter.is_whitespace() || letter.is_control() || "/?#@\\%\"<>".contains(letter);
    if address.is_empty() {
        Err(TargetError::NoAddress)
    } else if address.contains(is_foreign) {
        Err(TargetError::Address(address.to_owned()))
    } else {
        Ok(address.to_owned())
    }
}

fn duration(labels: &Labels, label: &'static str) -> Result<Interval, TargetError> {
    Interval::parse(labels.get(label)).map_err(|why| TargetError::Duration { label, why })
}

fn url(job: &JobConfig, labels: &Labels, address: &str) -> Result<String, TargetError> {
    let (scheme, path) = (labels.get("__scheme__"), labels.get("__metrics_path__"));
    if !matches!(scheme, "http" | "https") {
        return Err(TargetError::Scheme(scheme.to_owned()));
    }
    if !path.starts_with('/') {
        return Err(TargetError::Path(path.to_owned()));
    }
    let mut url: String = format!("{scheme}://{address}");
    encode(&mut url, path, b"/!$&'()*+,;=:@");
    let mut separator: char = '?';
    for (name, value) in params(job, labels) {
        url.push(separator);
        encode(&mut url, &name, b"");
        url.push('=');
        encode(&mut url, &value, b"");
        separator = '&';
    }
    Ok(url)
}

/// The parameters of the job; the first of a name can be relabelled.
fn params(job: &JobConfig, labels: &Labels) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, Vec<String>> = job.params.clone();
    for (label, value) in labels.iter() {
        let Some(name) = label.strip_prefix(PARAM) else { continue };
        let values: &mut Vec<String> = all.entry(name.to_owned()).or_default();
        match values.first_mut() {
            Some(first) => value.clone_into(first),
            None => values.push(value.to_owned()),
        }
    }
    all.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value))).collect()
}

/// Percent-encodes all but letters, digits, `-._~` and `kept`.
fn encode(out: &mut String, text: &str, kept: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

impl Target {
    /// The first moment after `now` that is this target's. Spread over the interval by the hash, so that a thousand targets don't
    /// answer at once, and the same after every restart, so that samples keep their distance.
    pub(super) fn due_after(&self, now: Time) -> Time {
        let interval: i64 = self.interval.ms;
        // The remainder is smaller than the interval, which fits.
        let offset: i64 = i64::try_from(self.hash % self.interval.ms.unsigned_abs()).unwrap_or(0);
        let due: i64 = now.0 - (now.0 - offset).rem_euclid(interval) + interval;
        Time(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scrape::config::ScrapeConfig;
    use proptest::prelude::*;

    fn job(more: &str) -> JobConfig {
        let yaml: String = format!("scrape_configs:\n- job_name: node\n{more}");
        ScrapeConfig::parse(&yaml).unwrap().jobs.remove(0)
    }

    fn built(job: &JobConfig, address: &str) -> Result<Option<Target>, TargetError> {
        let group = BTreeMap::from([("env".to_owned(), "test".to_owned())]);
        target(job, discovered(job, &group, address))
    }

    #[test]
    fn labels_and_url_are_those_of_prometheus() {
        let target: Target = built(&job("  metrics_path: /a b\n  params: {module: [x y, z]}\n"), "host:9100").unwrap().unwrap();
        assert_eq!(target.labels.to_string(), "{env=\"test\",instance=\"host:9100\",job=\"node\"}");
        assert_eq!(target.url, "http://host:9100/a%20b?module=x%20y&module=z");
        assert_eq!(target.discovered.get("__param_module"), "x y");
        assert_eq!(target.discovered.get("__scrape_interval__"), "1m");
    }

    #[test]
    fn relabelling_can_change_everything_and_drop() {
        let rules = "  relabel_configs:\n  - {source_labels: [__address__], target_label: __param_target}\n  - {target_label: __address__, replacement: 'probe:9115'}\n  - {target_label: __scheme__, replacement: https}\n  - {target_label: __scrape_interval__, replacement: 30s}\n  - {source_labels: [__param_target], regex: gone, action: drop}\n";
        let job: JobConfig = job(rules);
        let target: Target = built(&job, "a/b?c").unwrap().unwrap();
        assert_eq!(target.url, "https://probe:9115/metrics?target=a%2Fb%3Fc");
        assert_eq!((target.interval, target.labels.get("instance")), (Interval::seconds(30), "probe:9115"));
        assert_eq!(built(&job, "gone"), Ok(None));
    }

    #[test]
    fn what_can_not_be_scraped_says_why() {
        let plain: JobConfig = job("");
        assert_eq!(built(&plain, ""), Err(TargetError::NoAddress));
        for address in ["a/b", "user@a", "a?b", "a b", "a#b"] {
            assert_eq!(built(&plain, address), Err(TargetError::Address(address.to_owned())));
        }
        let rule = |label: &str, value: &str| {
            job(&format!("  relabel_configs:\n  - {{target_label: {label}, replacement: '{value}'}}\n"))
        };
        assert_eq!(built(&rule("__scheme__", "ftp"), "a"), Err(TargetError::Scheme("ftp".to_owned())));
        assert_eq!(built(&rule("__metrics_path__", "m"), "a"), Err(TargetError::Path("m".to_owned())));
        assert_eq!(built(&rule("__scrape_timeout__", "2m"), "a"), Err(TargetError::Timeout));
        assert!(matches!(built(&rule("__scrape_interval__", "x"), "a"), Err(TargetError::Duration { .. })));
    }

    #[test]
    fn targets_differ_by_job_url_and_labels() {
        let (node, other) = (job(""), job("  metrics_path: /other\n"));
        let hash = |job: &JobConfig, address: &str| built(job, address).unwrap().unwrap().hash;
        assert_eq!(hash(&node, "a:1"), hash(&node, "a:1"));
        assert_ne!(hash(&node, "a:1"), hash(&node, "a:2"));
        assert_ne!(hash(&node, "a:1"), hash(&other, "a:1"));
    }

    proptest! {
        #[test]
        fn a_target_keeps_its_distance(now in 0_i64..4_000_000_000_000, number in 0_u32..50) {
            let target: Target = built(&job(""), &format!("host{number}:1")).unwrap().unwrap();
            let due: Time = target.due_after(Time(now));
            prop_assert!(due.0 > now && due.0 <= now + 60_000);
            prop_assert_eq!(target.due_after(due).0, due.0 + 60_000);
        }
    }
}
