//! Settings of other stores and engines: `metrics.engine…` and `metrics.forward…`.
//!
//! ```toml
//! [metrics]
//! engine = "prometheus"
//! engine_url = "https://metrics.example.com/select/0/prometheus"
//! engine_access = { bearer_file = "/etc/mimamori/engine.token" }
//!
//! [[metrics.forward]]
//! name = "mimir"
//! url = "https://mimir.example.com/api/v1/push"
//! user = "mimamori"
//! password_file = "/etc/mimamori/mimir.password"
//! headers = { X-Scope-OrgID = "team-a" }
//! ```
//!
//! In the environment a table or a list is written as inline TOML, as on the right of `=` here.

use super::{Error, Found, text, within, wrong};
use metrics::engine::Choice;
use metrics::engine::endpoint::{Authorization, Endpoint};
use metrics::forward::Destination;
use std::collections::BTreeMap;
use toml::{Table, Value};

type Settings = BTreeMap<&'static str, Found>;

const ACCESS: &str = "a table with bearer, bearer_file, user, password, password_file, headers, ca_file, cert_file, key_file or insecure, and files that can be read";
const FORWARD: &str =
    "a list of tables, each with a name of its own, an http:// or https:// url, and what metrics.engine_access knows";
/// What a destination has besides its access.
const OF_DESTINATION: [&str; 2] = ["name", "url"];
const OF_ACCESS: [&str; 10] =
    ["bearer", "bearer_file", "user", "password", "password_file", "headers", "ca_file", "cert_file", "key_file", "insecure"];
/// What is never printed.
const SECRETS: [&str; 3] = ["bearer", "password", "headers"];

/// Where samples go and questions are asked beyond this machine. By default nowhere.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    pub engine: Choice,
    pub remote: Option<Endpoint>,
    pub forward: Vec<Destination>,
    pub forward_hold_hours: u32,
}

pub(super) fn check(found: &Settings) -> Result<Beyond, Error> {
    let engine: Choice = match text(found, "metrics.engine").as_deref() {
        Some("local") => Choice::Local,
        Some("prometheus") => Choice::Prometheus,
        _ => return Err(wrong(found, "metrics.engine", "local or prometheus")),
    };
    let remote: Option<Endpoint> = remote(found)?;
    if engine == Choice::Prometheus && remote.is_none() {
        return Err(wrong(found, "metrics.engine_url", "an address, because metrics.engine is prometheus"));
    }
    let forward_hold_hours: u32 = within(found, "metrics.forward_hold_hours", 1, 720, "a number from 1 to 720")?;
    Ok(Beyond { engine, remote, forward: forward(found)?, forward_hold_hours })
}

fn remote(found: &Settings) -> Result<Option<Endpoint>, Error> {
    let Some(url) = text(found, "metrics.engine_url") else { return Ok(None) };
    if !is_http(&url) {
        return Err(wrong(found, "metrics.engine_url", "an http:// or https:// URL"));
    }
    let access = || -> Option<Endpoint> {
        match inline(&text(found, "metrics.engine_access").unwrap_or_else(|| "{}".to_owned()))? {
            Value::Table(table) => endpoint(&url, &table, &[]),
            _ => None,
        }
    };
    access().map(Some).ok_or_else(|| hidden(found, "metrics.engine_access", ACCESS))
}

fn forward(found: &Settings) -> Result<Vec<Destination>, Error> {
    let Some(written) = text(found, "metrics.forward") else { return Ok(Vec::new()) };
    let refused = || hidden(found, "metrics.forward", FORWARD);
    let Some(Value::Array(list)) = inline(&written) else { return Err(refused()) };
    let all: Option<Vec<Destination>> = list.iter().map(destination).collect();
    let all: Vec<Destination> = all.ok_or_else(refused)?;
    let is_twice = |name: &str| all.iter().filter(|other| other.name == name).count() > 1;
    if all.iter().any(|destination| is_twice(&destination.name)) { Err(refused()) } else { Ok(all) }
}

fn destination(value: &Value) -> Option<Destination> {
    let table: &Table = value.as_table()?;
    let name: &str = table.get("name")?.as_str().filter(|name| !name.is_empty())?;
    let url: &str = table.get("url")?.as_str().filter(|url| is_http(url))?;
    Some(Destination { name: name.to_owned(), endpoint: endpoint(url, table, &OF_DESTINATION)? })
}

/// An address and its access; `None` when something in the table is not what it should be.
fn endpoint(url: &str, table: &Table, besides: &[&str]) -> Option<Endpoint> {
    if table.keys().any(|key| !OF_ACCESS.contains(&key.as_str()) && !besides.contains(&key.as_str())) {
        return None;
    }
    let mut endpoint: Endpoint = Endpoint::at(url);
    endpoint.authorization = authorization(table)?;
    if let Some(headers) = table.get("headers") {
        for (name, value) in headers.as_table()? {
            endpoint.headers.push((name.clone(), value.as_str()?.to_owned()));
        }
    }
    endpoint.tls.authorities = file(table, "ca_file")?;
    endpoint.tls.identity = identity(table)?;
    if let Some(insecure) = table.get("insecure") {
        endpoint.tls.accept_invalid = insecure.as_bool()?;
    }
    Some(endpoint)
}

fn authorization(table: &Table) -> Option<Option<Authorization>> {
    let (bearer, password) = (secret(table, "bearer", "bearer_file")?, secret(table, "password", "password_file")?);
    match (bearer, table.get("user"), password) {
        (None, None, None) => Some(None),
        (Some(token), None, None) => Some(Some(Authorization::Bearer(token))),
        (None, Some(user), password) => {
            let user: String = user.as_str()?.to_owned();
            Some(Some(Authorization::Basic { user, password: password.unwrap_or_default() }))
        }
        _ => None,
    }
}

/// A secret as it stands, or out of a file; not both.
fn secret(table: &Table, key: &str, key_of_file: &str) -> Option<Option<String>> {
    match (table.get(key), file(table, key_of_file)?) {
        (None, None) => Some(None),
        (Some(value), None) => Some(Some(value.as_str()?.to_owned())),
        (None, Some(bytes)) => Some(Some(String::from_utf8(bytes).ok()?.trim().to_owned())),
        (Some(_), Some(_)) => None,
    }
}

fn identity(table: &Table) -> Option<Option<Vec<u8>>> {
    match (file(table, "cert_file")?, file(table, "key_file")?) {
        (None, None) => Some(None),
        (Some(mut pem), Some(key)) => {
            pem.push(b'\n');
            pem.extend(key);
            Some(Some(pem))
        }
        _ => None,
    }
}

/// What stands in the file that `key` names; the outer `None` when it can't be read.
fn file(table: &Table, key: &str) -> Option<Option<Vec<u8>>> {
    match table.get(key) {
        None => Some(None),
        Some(path) => Some(Some(std::fs::read(path.as_str()?).ok()?)),
    }
}

fn is_http(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

fn inline(written: &str) -> Option<Value> {
    let mut table: Table = format!("value = {written}").parse().ok()?;
    table.remove("value").filter(|_| table.is_empty())
}

/// As [`wrong`], without the secrets that may be in it.
fn hidden(found: &Settings, key: &'static str, expected: &'static str) -> Error {
    match wrong(found, key, expected) {
        Error::Value { origin, key, found, expected } => Error::Value { origin, key, found: without_secrets(&found), expected },
        other => other,
    }
}

/// A table or a list of them, secrets replaced; what can't be read is not shown at all.
pub(super) fn without_secrets(written: &str) -> String {
    if written.trim().is_empty() {
        return String::new();
    }
    match inline(written) {
        Some(mut value) => {
            hide(&mut value);
            value.to_string()
        }
        None => "…".to_owned(),
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(hide),
        Value::Table(table) => {
            for (_, value) in table.iter_mut().filter(|(key, _)| SECRETS.contains(&key.as_str())) {
                *value = Value::String("…".to_owned());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{check as check_all, explain, gather};
    use super::*;
    use std::path::Path;

    fn with(pairs: &[(&str, &str)]) -> Result<Beyond, Error> {
        let env = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        check_all(&gather(None, &env)?, false).map(|config| config.beyond)
    }

    fn from_file(toml: &str) -> Result<Beyond, Error> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mimamori.toml");
        std::fs::write(&path, toml).unwrap();
        let path: &Path = &path;
        check_all(&gather(Some(path), &|_| None)?, false).map(|config| config.beyond)
    }

    #[test]
    fn by_default_nothing_leaves_this_machine() {
        let beyond: Beyond = with(&[]).unwrap();
        assert_eq!((beyond.engine, beyond.forward.len(), beyond.forward_hold_hours), (Choice::Local, 0, 24));
        assert!(beyond.remote.is_none());
    }

    #[test]
    fn a_file_names_engines_and_destinations() {
        let beyond: Beyond = from_file(
            "[metrics]\nengine = \"prometheus\"\nengine_url = \"http://10.0.0.1/select/0/prometheus\"\nforward_hold_hours = 6\n\
             [[metrics.forward]]\nname = \"one\"\nurl = \"http://10.0.0.2/write\"\nbearer = \"t\"\nheaders = { X-Scope-OrgID = \"a\" }\n\
             [[metrics.forward]]\nname = \"two\"\nurl = \"https://example.com/write\"\nuser = \"u\"\npassword = \"p\"\ninsecure = true\n",
        )
        .unwrap();
        assert_eq!((beyond.engine, beyond.forward_hold_hours), (Choice::Prometheus, 6));
        let [one, two] = &beyond.forward[..] else { panic!("{:?}", beyond.forward) };
        assert!(matches!(&one.endpoint.authorization, Some(Authorization::Bearer(token)) if token == "t"));
        assert_eq!(one.endpoint.headers, [("X-Scope-OrgID".to_owned(), "a".to_owned())]);
        assert!(matches!(&two.endpoint.authorization, Some(Authorization::Basic { user, .. }) if user == "u"));
        assert!(two.endpoint.tls.accept_invalid && !one.endpoint.tls.accept_invalid);
        let error: String = from_file("[metrics]\nengin = \"local\"\n").unwrap_err().to_string();
        assert!(error.contains("unknown key `metrics.engin`"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let forward = |value: &str| with(&[("MIMAMORI_METRICS_FORWARD", value)]);
        assert_eq!(forward("[{ name = \"a\", url = \"http://b/c\" }]").unwrap().forward.len(), 1);
        for value in [
            "[{ name = \"a\", url = \"b\" }]",
            "[{ url = \"http://b\" }]",
            "[{ name = \"a\", url = \"http://b\", token = \"c\" }]",
            "[{ name = \"a\", url = \"http://b\", bearer = \"c\", user = \"d\" }]",
            "[{ name = \"a\", url = \"http://b\", ca_file = \"/nowhere/at/all\" }]",
            "[{ name = \"a\", url = \"http://b\" }, { name = \"a\", url = \"http://c\" }]",
            "http://b",
        ] {
            assert!(forward(value).is_err(), "{value}");
        }
        assert!(with(&[("MIMAMORI_METRICS_ENGINE", "prometheus")]).is_err());
        assert!(with(&[("MIMAMORI_METRICS_ENGINE", "mimir")]).is_err());
        assert!(with(&[("MIMAMORI_METRICS_FORWARD_HOLD_HOURS", "0")]).is_err());
    }

    #[test]
    fn secrets_are_not_printed() {
        let env = |name: &str| {
            (name == "MIMAMORI_METRICS_FORWARD")
                .then(|| "[{ name = \"a\", url = \"b\", bearer = \"hush\", headers = { x = \"hush\" } }]".to_owned())
        };
        let found = gather(None, &env).unwrap();
        let (said, refused): (String, String) = (explain(&found), check_all(&found, false).unwrap_err().to_string());
        assert!(said.contains("name = \\\"a\\\"") && !said.contains("hush"), "{said}");
        assert!(refused.contains("metrics.forward") && !refused.contains("hush"), "{refused}");
    }
}
