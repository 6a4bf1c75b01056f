//! Where targets come from: the configuration itself, files that are read again, names that are resolved again.
//!
//! What can't be read keeps its last targets: a broken file or an hour without DNS must not end the watch over what was known. What
//! is gone (a file that was deleted, a name that no longer exists) is gone.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use model::Time;

use super::config::{DnsKind, Group, SourceConfig};
use super::dns::{self, DnsError, Srv};

/// Bytes of a file of targets; a hundred thousand targets.
const LARGEST_FILE: u64 = 16 << 20;

/// Why targets could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// A file or directory can't be read.
    #[error("read {path}: {source}")]
    Read {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that no person wrote.
    #[error("{path} is larger than 16 MiB")]
    TooLarge {
        /// Which.
        path: String,
    },
    /// A file that is no list of targets.
    #[error("{path}: {source}")]
    Json {
        /// Which.
        path: String,
        /// Where and why.
        #[source]
        source: serde_json::Error,
    },
    /// A file that is no list of targets.
    #[error("{path}: {source}")]
    Yaml {
        /// Which.
        path: String,
        /// Where and why.
        #[source]
        source: serde_yaml_ng::Error,
    },
    /// A name can't be resolved.
    #[error("resolve {name}: {source}")]
    Dns {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: DnsError,
    },
}

/// One source and what it said last.
#[derive(Debug)]
pub(super) struct Source {
    config: SourceConfig,
    due: Time,
    /// By file or by name, so that one that fails leaves the others alone.
    found: BTreeMap<String, Vec<Group>>,
    /// What failed at the last look.
    pub(super) troubles: Vec<DiscoveryError>,
}

impl Source {
    pub(super) fn new(config: SourceConfig) -> Self {
        Self { config, due: Time(i64::MIN), found: BTreeMap::new(), troubles: Vec::new() }
    }

    /// Everything that is known.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.found.values().flatten()
    }

    /// Looks again when it is time; says whether it was.
    pub(super) async fn look(&mut self, now: Time) -> bool {
        if now < self.due {
            return false;
        }
        self.troubles.clear();
        match self.config.clone() {
            SourceConfig::Static(groups) => {
                self.found = BTreeMap::from([(String::new(), groups)]);
                self.due = Time(i64::MAX);
            }
            SourceConfig::Files { files, refresh } => {
                self.read_files(&files).await;
                self.due = now.plus_ms(refresh.ms);
            }
            SourceConfig::Dns { names, kind, port, refresh } => {
                for name in names {
                    let looked: Result<Vec<Group>, DiscoveryError> = resolve(&name, kind, port).await;
                    self.keep(name, looked);
                }
                self.due = now.plus_ms(refresh.ms);
            }
        }
        true
    }

    async fn read_files(&mut self, files: &[PathBuf]) {
        let mut present: Vec<PathBuf> = Vec::new();
        for pattern in files {
            match matching(pattern).await {
                Ok(paths) => present.extend(paths),
                Err(trouble) => self.troubles.push(trouble),
            }
        }
        let names: Vec<String> = present.iter().map(|path| path.display().to_string()).collect();
        self.found.retain(|name, _| names.contains(name));
        for (path, name) in present.iter().zip(names) {
            let read: Result<Vec<Group>, DiscoveryError> = read_file(path).await;
            match read {
                // Named, but not there: said, and its targets are gone.
                Err(DiscoveryError::Read { path, source }) if source.kind() == ErrorKind::NotFound => {
                    self.found.remove(&name);
                    self.troubles.push(DiscoveryError::Read { path, source });
                }
                read => self.keep(name, read),
            }
        }
    }

    fn keep(&mut self, name: String, looked: Result<Vec<Group>, DiscoveryError>) {
        match looked {
            Ok(groups) => drop(self.found.insert(name, groups)),
            Err(trouble) => self.troubles.push(trouble),
        }
    }
}

/// The path itself, or the files its `*` stands for.
async fn matching(pattern: &Path) -> Result<Vec<PathBuf>, DiscoveryError> {
    let name: &str = pattern.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let Some((front, back)) = name.split_once('*') else { return Ok(vec![pattern.to_owned()]) };
    let directory: &Path = match pattern.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let unreadable = |source: std::io::Error| DiscoveryError::Read { path: directory.display().to_string(), source };
    let mut entries = tokio::fs::read_dir(directory).await.map_err(unreadable)?;
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(entry) = entries.next_entry().await.map_err(unreadable)? {
        let file_name = entry.file_name();
        let file: &str = file_name.to_str().unwrap_or("");
        if file.len() >= front.len() + back.len() && file.starts_with(front) && file.ends_with(back) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

async fn read_file(path: &Path) -> Result<Vec<Group>, DiscoveryError> {
    let shown: String = path.display().to_string();
    let unreadable = |source: std::io::Error| DiscoveryError::Read { path: shown.clone(), source };
    let size: u64 = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > LARGEST_FILE {
        return Err(DiscoveryError::TooLarge { path: shown.clone() });
    }
    let text: String = tokio::fs::read_to_string(path).await.map_err(unreadable)?;
    let mut groups: Vec<Group> = parse(&shown, &text)?;
    for group in &mut groups {
        group.labels.insert("__meta_filepath".to_owned(), shown.clone());
    }
    Ok(groups)
}

fn parse(path: &str, text: &str) -> Result<Vec<Group>, DiscoveryError> {
    if path.ends_with(".json") {
        return serde_json::from_str(text).map_err(|source| DiscoveryError::Json { path: path.to_owned(), source });
    }
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    serde_yaml_ng::from_str(text).map_err(|source| DiscoveryError::Yaml { path: path.to_owned(), source })
}

async fn resolve(name: &str, kind: DnsKind, port: u16) -> Result<Vec<Group>, DiscoveryError> {
    let failed = |source: DnsError| DiscoveryError::Dns { name: name.to_owned(), source };
    if kind == DnsKind::Srv {
        let records: Vec<Srv> = dns::srv(name).await.map_err(failed)?;
        return Ok(records.iter().map(|record| srv_group(name, record)).collect());
    }
    let found = tokio::net::lookup_host((name, port)).await.map_err(|error| failed(DnsError::Io(error)))?;
    let mut addresses: Vec<SocketAddr> = found.filter(|address| address.is_ipv4() == (kind == DnsKind::A)).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let labels = BTreeMap::from([("__meta_dns_name".to_owned(), name.to_owned())]);
    Ok(vec![Group { targets: addresses.iter().map(ToString::to_string).collect(), labels }])
}

fn srv_group(name: &str, record: &Srv) -> Group {
    let labels = BTreeMap::from([
        ("__meta_dns_name".to_owned(), name.to_owned()),
        ("__meta_dns_srv_record_target".to_owned(), format!("{}.", record.target)),
        ("__meta_dns_srv_record_port".to_owned(), record.port.to_string()),
    ]);
    Group { targets: vec![format!("{}:{}", record.target, record.port)], labels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scrape::scalars::Interval;

    fn targets(source: &Source) -> Vec<String> {
        source.groups().flat_map(|group| group.targets.clone()).collect()
    }

    fn files(directory: &Path, names: &[&str]) -> Source {
        let files: Vec<PathBuf> = names.iter().map(|name| directory.join(name)).collect();
        Source::new(SourceConfig::Files { files, refresh: Interval::seconds(30) })
    }

    #[tokio::test]
    async fn files_are_read_again_and_a_broken_one_keeps_its_targets() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        std::fs::write(at("a.yml"), "- targets: [a:1]\n  labels: {port: 9100}\n").unwrap();
        std::fs::write(at("b.json"), "[{\"targets\": [\"b:1\"]}]").unwrap();
        std::fs::write(at("c.txt"), "- targets: [c:1]").unwrap();
        let mut source: Source = files(directory.path(), &["*.yml", "b.json"]);
        source.look(Time(0)).await;
        assert_eq!(targets(&source), ["a:1", "b:1"]);
        assert_eq!(source.groups().next().unwrap().labels["port"], "9100");
        assert!(source.troubles.is_empty());

        std::fs::write(at("a.yml"), "- targets: [a:2]\n  label: {}\n").unwrap();
        std::fs::write(at("b.json"), "[{\"targets\": [\"b:2\"]}]").unwrap();
        source.look(Time(29_999)).await;
        assert_eq!(targets(&source), ["a:1", "b:1"]);
        source.look(Time(30_000)).await;
        assert_eq!(targets(&source), ["a:1", "b:2"]);
        let trouble: String = source.troubles[0].to_string();
        assert!(trouble.contains("unknown field `label`") && trouble.contains("line 2"), "{trouble}");

        std::fs::remove_file(at("a.yml")).unwrap();
        std::fs::remove_file(at("b.json")).unwrap();
        source.look(Time(60_000)).await;
        assert!(targets(&source).is_empty());
        assert_eq!(source.troubles.len(), 1);
    }

    #[test]
    fn records_become_targets_with_their_origin() {
        let group: Group = srv_group("_m._tcp.x", &Srv { target: "host.x".to_owned(), port: 9100 });
        assert_eq!(group.targets, ["host.x:9100"]);
        assert_eq!(group.labels["__meta_dns_srv_record_target"], "host.x.");
    }
}
