//! Configuration: one documented TOML file plus environment. `mimamori config check` prints every value and where it came from.

use ipnet::IpNet;
use postgres::{EmbeddedConfig, Source};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

mod beyond;
mod samples;
pub mod secrets;
pub mod watching;

pub use beyond::Beyond;
pub use samples::Samples;
pub use secrets::Secrets;
pub use watching::Watching;

/// One thing that can be set.
pub struct Setting {
    /// The key in the TOML file.
    pub key: &'static str,
    /// The environment variable that overrides it.
    pub env: &'static str,
    pub default: &'static str,
    /// What it does, for `config check` and the README.
    pub about: &'static str,
}

/// Everything that can be set, in the order it is explained.
const SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        env: "MIMAMORI_LISTEN",
        default: "127.0.0.1:3000",
        about: "address and port the console and the ingest listen on",
    },
    Setting {
        key: "public_url",
        env: "MIMAMORI_PUBLIC_URL",
        default: "",
        about: "the address people type; https makes cookies Secure and switches HSTS on (default: http://<listen>)",
    },
    Setting { key: "data_dir", env: "MIMAMORI_DATA_DIR", default: "data", about: "where the embedded Postgres lives" },
    Setting {
        key: "database_url",
        env: "DATABASE_URL",
        default: "",
        about: "a Postgres of your own, 15 or later; empty starts the embedded one",
    },
    Setting {
        key: "env",
        env: "MIMAMORI_ENV",
        default: "development",
        about: "`production` refuses to start without database_url, as a public `listen` does",
    },
    Setting { key: "zone", env: "MIMAMORI_ZONE", default: "Asia/Tokyo", about: "IANA time zone for people who have chosen none" },
    Setting {
        key: "trusted_proxies",
        env: "MIMAMORI_TRUSTED_PROXIES",
        default: "",
        about: "networks (CIDR, parted by commas) whose X-Forwarded-For is believed",
    },
    Setting {
        key: "host_name",
        env: "MIMAMORI_HOST_NAME",
        default: "",
        about: "the `host` label of this machine's own metrics (default: its host name)",
    },
    Setting {
        key: "database_connections",
        env: "MIMAMORI_DATABASE_CONNECTIONS",
        default: "10",
        about: "size of the connection pool, 4 to 200",
    },
    Setting {
        key: "retention_days",
        env: "MIMAMORI_RETENTION_DAYS",
        default: "15",
        about: "how long samples are kept, 1 to 3650",
    },
    Setting {
        key: "metrics.engine",
        env: "MIMAMORI_METRICS_ENGINE",
        default: "local",
        about: "who answers queries and rules: `local`, or `prometheus` for the engine at metrics.engine_url",
    },
    Setting {
        key: "metrics.engine_url",
        env: "MIMAMORI_METRICS_ENGINE_URL",
        default: "",
        about: "a Prometheus-compatible engine, without /api/v1; also what `mimamori metrics compare` compares with",
    },
    Setting {
        key: "metrics.engine_access",
        env: "MIMAMORI_METRICS_ENGINE_ACCESS",
        default: "",
        about: "a table: bearer or bearer_file, user with password or password_file, headers, ca_file, cert_file, key_file, insecure",
    },
    Setting {
        key: "metrics.forward",
        env: "MIMAMORI_METRICS_FORWARD",
        default: "",
        about: "a list of tables with name, url (remote write 1.0) and what metrics.engine_access knows; every sample is sent there too",
    },
    Setting {
        key: "metrics.forward_hold_hours",
        env: "MIMAMORI_METRICS_FORWARD_HOLD_HOURS",
        default: "24",
        about: "how long samples wait on our disk for a destination of metrics.forward that does not take them, 1 to 720",
    },
    Setting {
        key: "channels.allow",
        env: "MIMAMORI_CHANNELS_ALLOW",
        default: "",
        about: "networks (CIDR, parted by commas) that channels may reach besides the public internet: a mail relay, a chat server of your own",
    },
];

/// Everything that can be set, in the order it is explained.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(samples::SETTINGS).chain(secrets::SETTINGS).chain(watching::SETTINGS)
}

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: String,
    /// `database_url`, or the embedded Postgres in `data_dir`.
    pub source: Source,
    /// Where this process keeps what must outlive it.
    pub data_dir: PathBuf,
    pub zone: chrono_tz::Tz,
    pub trusted_proxies: Vec<IpNet>,
    pub host_name: String,
    pub database_connections: u32,
    pub retention_days: u32,
    pub samples: Samples,
    pub beyond: Beyond,
    /// What channels may reach besides the public internet.
    pub channels_allow: Vec<IpNet>,
    /// Where the master key comes from.
    pub secrets: Secrets,
    /// Who watches this server.
    pub watching: Watching,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("can't read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not valid TOML: {source}")]
    Toml { path: PathBuf, source: Box<toml::de::Error> },
    #[error("{path}: unknown key `{key}`; known keys: {known}")]
    UnknownKey { path: PathBuf, key: String, known: String },
    #[error("{origin}: `{key}` is `{found}`, expected {expected}")]
    Value { origin: String, key: &'static str, found: String, expected: &'static str },
    #[error("{origin}: `{key}` can't be used: expected {expected}")]
    Secret { origin: String, key: &'static str, expected: &'static str },
    #[error(transparent)]
    Database(#[from] postgres::Error),
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Found {
    pub value: String,
    pub origin: String,
}

/// Every value by key, before checking: environment, then file, then default.
///
/// # Errors
/// When the file can't be read, is not TOML, or has an unknown key.
pub fn gather(file: Option<&Path>, env: &dyn Fn(&str) -> Option<String>) -> Result<BTreeMap<&'static str, Found>, Error> {
    let from_file = file.map_or_else(|| Ok(toml::Table::new()), read)?;
    if let (Some(path), Some(key)) = (file, unknown(&from_file)) {
        let known = settings().map(|setting| setting.key).collect::<Vec<_>>().join(", ");
        return Err(Error::UnknownKey { path: path.to_owned(), key, known });
    }
    Ok(settings().map(|setting| (setting.key, find(setting, file, &from_file, env))).collect())
}

/// A key that stands for nothing. `metrics.engine` stands in the table `metrics`.
fn unknown(table: &toml::Table) -> Option<String> {
    let mut keys: Vec<String> = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) if is_room(key) => keys.extend(inner.keys().map(|inner| format!("{key}.{inner}"))),
            _ => keys.push(key.clone()),
        }
    }
    keys.into_iter().find(|key| settings().all(|setting| setting.key != key))
}

/// Whether settings stand in a table of this name.
fn is_room(key: &str) -> bool {
    settings().any(|setting| setting.key.split_once('.').is_some_and(|(room, _)| room == key))
}

fn at<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        Some((room, rest)) => table.get(room)?.as_table()?.get(rest),
        None => table.get(key),
    }
}

fn find(setting: &Setting, file: Option<&Path>, table: &toml::Table, env: &dyn Fn(&str) -> Option<String>) -> Found {
    if let Some(value) = env(setting.env).filter(|value| !value.is_empty()) {
        return Found { value, origin: format!("environment {}", setting.env) };
    }
    if let (Some(path), Some(value)) = (file, at(table, setting.key)) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Found { value, origin: path.display().to_string() };
    }
    Found { value: setting.default.to_owned(), origin: "default".to_owned() }
}

fn read(path: &Path) -> Result<toml::Table, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    text.parse().map_err(|source| Error::Toml { path: path.to_owned(), source: Box::new(source) })
}

/// Checks the gathered values.
///
/// # Errors
/// The first value that is not what was expected, with where it stands.
pub fn check(found: &BTreeMap<&'static str, Found>, embedded_is_known: bool) -> Result<Config, Error> {
    let listen: SocketAddr = parse(found, "listen", "address:port, such as 127.0.0.1:3000")?;
    let is_production = text(found, "env").as_deref() == Some("production");
    let must_be_real = (is_production || is_public(listen.ip())) && !embedded_is_known;
    let data_dir = PathBuf::from(text(found, "data_dir").unwrap_or_default());
    let secrets = secrets::check(found, &data_dir, is_production)?;
    let embedded = EmbeddedConfig { data_dir: data_dir.clone(), bin_dir: None };
    let source = Source::choose(text(found, "database_url"), embedded, must_be_real)?;
    Ok(Config {
        listen,
        public_url: public_url(found, listen)?,
        source,
        data_dir,
        zone: parse(found, "zone", "an IANA time zone, such as Asia/Tokyo")?,
        trusted_proxies: networks_of(found, "trusted_proxies")?,
        host_name: text(found, "host_name")
            .unwrap_or_else(|| sysinfo::System::host_name().unwrap_or_else(|| "localhost".to_owned())),
        database_connections: within(found, "database_connections", 4, 200, "a number from 4 to 200")?,
        retention_days: within(found, "retention_days", 1, 3650, "a number from 1 to 3650")?,
        samples: samples::check(found)?,
        beyond: beyond::check(found)?,
        channels_allow: networks_of(found, "channels.allow")?,
        secrets,
        watching: watching::check(found)?,
    })
}

/// Whether strangers may reach that address: any that is not of this machine or of a private network. All addresses of the machine
/// (`0.0.0.0`) count as public, as one of them may be.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !(v4.is_loopback() || v4.is_private() || v4.is_link_local()),
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local()),
    }
}

fn text(found: &BTreeMap<&'static str, Found>, key: &'static str) -> Option<String> {
    found.get(key).map(|found| found.value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn wrong(found: &BTreeMap<&'static str, Found>, key: &'static str, expected: &'static str) -> Error {
    let (value, origin) = found.get(key).map_or_else(Default::default, |found| (found.value.clone(), found.origin.clone()));
    Error::Value { origin, key, found: value, expected }
}

fn parse<T: std::str::FromStr>(
    found: &BTreeMap<&'static str, Found>,
    key: &'static str,
    expected: &'static str,
) -> Result<T, Error> {
    text(found, key).unwrap_or_default().parse().map_err(|_| wrong(found, key, expected))
}

fn within(
    found: &BTreeMap<&'static str, Found>,
    key: &'static str,
    least: u32,
    most: u32,
    expected: &'static str,
) -> Result<u32, Error> {
    let number: u32 = parse(found, key, expected)?;
    if (least..=most).contains(&number) { Ok(number) } else { Err(wrong(found, key, expected)) }
}

fn public_url(found: &BTreeMap<&'static str, Found>, listen: SocketAddr) -> Result<String, Error> {
    let Some(url) = text(found, "public_url") else { return Ok(format!("http://{listen}")) };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.trim_end_matches('/').contains('/') => Ok(url.trim_end_matches('/').to_owned()),
        _ => Err(wrong(found, "public_url", "http:// or https:// with a host and no path")),
    }
}

fn networks_of(found: &BTreeMap<&'static str, Found>, key: &'static str) -> Result<Vec<IpNet>, Error> {
    let list = text(found, key).unwrap_or_default();
    let each = list.split(',').map(str::trim).filter(|network| !network.is_empty());
    each.map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong(found, key, "networks such as 10.0.0.0/8"))
}

/// The explanation that `mimamori config check` prints. A database URL is shown without its password.
#[must_use]
pub fn explain(found: &BTreeMap<&'static str, Found>) -> String {
    let mut out = String::new();
    for setting in settings() {
        let Some(found) = found.get(setting.key) else { continue };
        let value = match setting.key {
            "database_url" => without_password(&found.value),
            "metrics.engine_access" | "metrics.forward" => beyond::without_secrets(&found.value),
            "secrets.key" | "secrets.older_keys" | "deadman.url" => secrets::hidden(&found.value),
            _ => found.value.clone(),
        };
        let (key, env, about, origin) = (setting.key, setting.env, setting.about, &found.origin);
        out.push_str(&format!("{key} = {value:?}   # from {origin}\n    {about}; environment {env}\n"));
    }
    out
}

fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((credentials, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = credentials.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:…@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Error> {
        let env = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        check(&gather(None, &env)?, false)
    }

    #[test]
    fn the_defaults_are_valid_and_local() {
        let config = with(&[]).unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert!(config.listen.ip().is_loopback());
    }

    #[test]
    fn production_without_a_database_refuses_and_says_the_line_to_set() {
        let error = with(&[("MIMAMORI_ENV", "production")]).unwrap_err().to_string();
        assert!(error.contains("set DATABASE_URL=postgres://"), "{error}");
        assert!(with(&[("MIMAMORI_ENV", "production"), ("DATABASE_URL", "postgres://a@b/c")]).is_ok());
    }

    #[test]
    fn a_public_address_without_a_database_refuses_unless_somebody_says_so() {
        for (listen, allowed) in [
            ("127.0.0.1:3000", true),
            ("[::1]:3000", true),
            ("192.168.1.5:3000", true),
            ("0.0.0.0:3000", false),
            ("[::]:3000", false),
            ("203.0.113.5:3000", false),
        ] {
            let env = |name: &str| (name == "MIMAMORI_LISTEN").then(|| listen.to_owned());
            let found = gather(None, &env).unwrap();
            assert_eq!(check(&found, false).is_ok(), allowed, "{listen}");
            assert!(check(&found, true).is_ok(), "{listen}");
        }
        assert!(with(&[("MIMAMORI_LISTEN", "0.0.0.0:3000"), ("DATABASE_URL", "postgres://a@b/c")]).is_ok());
    }

    #[test]
    fn a_wrong_value_names_its_origin_and_what_was_expected() {
        let error = with(&[("MIMAMORI_LISTEN", "3000")]).unwrap_err().to_string();
        assert_eq!(error, "environment MIMAMORI_LISTEN: `listen` is `3000`, expected address:port, such as 127.0.0.1:3000");
        assert!(with(&[("MIMAMORI_PUBLIC_URL", "https://a/b")]).is_err());
        assert!(with(&[("MIMAMORI_RETENTION_DAYS", "0")]).is_err());
    }

    #[test]
    fn a_password_is_not_printed() {
        let env = |name: &str| (name == "DATABASE_URL").then(|| "postgres://u:hunter2@h/d".to_owned());
        let text = explain(&gather(None, &env).unwrap());
        assert!(text.contains("postgres://u:…@h/d") && !text.contains("hunter2"), "{text}");
    }
}
