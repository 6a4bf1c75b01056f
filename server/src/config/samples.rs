//! Settings of samples on their way in: how late and how many, and what is scraped.

use super::{Error, Found, Setting, networks_of, text, within, wrong};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

/// What can be set, in the order it is explained.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "metrics.out_of_order_hours",
        env: "MIMAMORI_METRICS_OUT_OF_ORDER",
        default: "2",
        about: "samples older than this are refused, 1 to 1000; what a sender keeps while it can't deliver",
    },
    Setting {
        key: "metrics.compact_after_minutes",
        env: "MIMAMORI_METRICS_COMPACT_AFTER",
        default: "20",
        about: "how long after its end a window of two hours is rewritten as chunks, 5 to 60000",
    },
    Setting {
        key: "metrics.max_series",
        env: "MIMAMORI_METRICS_MAX_SERIES",
        default: "500000",
        about: "series that may exist at once, 1000 to 100000000; one takes about 2 KB of memory",
    },
    Setting {
        key: "metrics.token_max_series",
        env: "MIMAMORI_METRICS_TOKEN_MAX_SERIES",
        default: "0",
        about: "series that one token may write within about an hour; 0: no limit but metrics.max_series",
    },
    Setting {
        key: "metrics.token_samples_per_second",
        env: "MIMAMORI_METRICS_TOKEN_RATE",
        default: "0",
        about: "samples a second that one token may send in the mean; 0: no limit",
    },
    Setting {
        key: "metrics.ha_labels",
        env: "MIMAMORI_METRICS_HA_LABELS",
        default: "",
        about: "the labels that tell pairs of Prometheus servers apart, cluster first: cluster,__replica__; of each pair one is listened to",
    },
    Setting {
        key: "scrape.file",
        env: "MIMAMORI_SCRAPE_FILE",
        default: "",
        about: "a YAML file with scrape_configs as Prometheus writes them; without it nothing is scraped",
    },
    Setting {
        key: "scrape.private",
        env: "MIMAMORI_SCRAPE_PRIVATE",
        default: "on",
        about: "whether targets in private networks are scraped: on or off; never what clouds answer with credentials",
    },
    Setting {
        key: "scrape.loopback",
        env: "MIMAMORI_SCRAPE_LOOPBACK",
        default: "",
        about: "what of this machine is scraped, one by one and separated by commas: localhost:9100, 127.0.0.1:9187; nothing else of it is, so \
                that no file of targets and no redirect leads to what listens only here. This server's own figures need no scraping",
    },
    Setting {
        key: "scrape.redirects_inside",
        env: "MIMAMORI_SCRAPE_REDIRECTS_INSIDE",
        default: "off",
        about: "whether a target may send us on to another host wherever targets may be: on or off; off: only to public ones and those of scrape.allow",
    },
    Setting {
        key: "scrape.allow",
        env: "MIMAMORI_SCRAPE_ALLOW",
        default: "",
        about: "networks that are scraped whatever stands in them, separated by commas",
    },
];

/// Samples on their way in.
#[derive(Clone, Debug)]
pub struct Samples {
    pub out_of_order_hours: u32,
    pub compact_after_minutes: u32,
    pub max_series: u32,
    /// Of one token; `None`: no limit of its own.
    pub token_max_series: Option<u32>,
    pub token_samples_per_second: Option<u32>,
    /// The labels of the cluster and of the replica in it; `None`: nobody sends in pairs.
    pub ha_labels: Option<(String, String)>,
    pub scrape_file: Option<PathBuf>,
    pub scrape_private: bool,
    /// Single doors of this machine.
    pub scrape_loopback: Vec<SocketAddr>,
    /// Whether redirects to other hosts reach as far as targets do.
    pub scrape_redirects_inside: bool,
    pub scrape_allow: Vec<IpNet>,
}

pub(super) fn check(found: &BTreeMap<&'static str, Found>) -> Result<Samples, Error> {
    let no_limit = |number: u32| (number > 0).then_some(number);
    let token = |key: &'static str| within(found, key, 0, 100_000_000, "a number from 0 to 100000000").map(no_limit);
    Ok(Samples {
        out_of_order_hours: within(found, "metrics.out_of_order_hours", 1, 1_000, "a number from 1 to 1000")?,
        compact_after_minutes: within(found, "metrics.compact_after_minutes", 5, 60_000, "a number from 5 to 60000")?,
        max_series: within(found, "metrics.max_series", 1_000, 100_000_000, "a number from 1000 to 100000000")?,
        token_max_series: token("metrics.token_max_series")?,
        token_samples_per_second: token("metrics.token_samples_per_second")?,
        ha_labels: pair(found, "metrics.ha_labels")?,
        scrape_file: text(found, "scrape.file").map(PathBuf::from),
        scrape_private: switch(found, "scrape.private")?,
        scrape_loopback: doors(found, "scrape.loopback")?,
        scrape_redirects_inside: switch(found, "scrape.redirects_inside")?,
        scrape_allow: networks_of(found, "scrape.allow")?,
    })
}

/// Two different names with a comma between them, or nothing.
fn pair(found: &BTreeMap<&'static str, Found>, key: &'static str) -> Result<Option<(String, String)>, Error> {
    let Some(given) = text(found, key) else { return Ok(None) };
    let names: Vec<&str> = given.split(',').map(str::trim).collect();
    match names[..] {
        [first, second] if !first.is_empty() && !second.is_empty() && first != second => {
            Ok(Some((first.to_owned(), second.to_owned())))
        }
        _ => Err(wrong(found, key, "two names of labels, such as cluster,__replica__")),
    }
}

const DOORS: &str = "addresses of this machine with their ports, such as localhost:9100, 127.0.0.1:9187";

/// `localhost:9100` is that port of both addresses of this machine.
fn doors(found: &BTreeMap<&'static str, Found>, key: &'static str) -> Result<Vec<SocketAddr>, Error> {
    let list: String = text(found, key).unwrap_or_default();
    let mut doors: Vec<SocketAddr> = Vec::new();
    for written in list.split(',').map(str::trim).filter(|written| !written.is_empty()) {
        doors.extend(door(written).ok_or_else(|| wrong(found, key, DOORS))?);
    }
    Ok(doors)
}

fn door(written: &str) -> Option<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = match written.strip_prefix("localhost:") {
        Some(port) => {
            let port: u16 = port.parse().ok()?;
            vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port)]
        }
        None => vec![written.parse::<SocketAddr>().ok()?],
    };
    let is_door = |door: &SocketAddr| door.ip().is_loopback() && door.port() > 0;
    Some(found).filter(|found| found.iter().all(is_door))
}

fn switch(found: &BTreeMap<&'static str, Found>, key: &'static str) -> Result<bool, Error> {
    match text(found, key).as_deref() {
        Some("on") => Ok(true),
        Some("off") => Ok(false),
        _ => Err(wrong(found, key, "on or off")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{check as check_all, gather};
    use super::*;

    fn listed(written: &str) -> Result<Vec<String>, Error> {
        let env = |name: &str| (name == "MIMAMORI_SCRAPE_LOOPBACK").then(|| written.to_owned());
        let config = check_all(&gather(None, &env)?, false)?;
        Ok(config.samples.scrape_loopback.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn of_this_machine_only_what_is_listed_is_scraped() {
        assert!(listed("").unwrap().is_empty(), "nothing unless it is named");
        let found = listed("localhost:9100, 127.0.0.1:9187,[::1]:9090,").unwrap();
        assert_eq!(found, ["127.0.0.1:9100", "[::1]:9100", "127.0.0.1:9187", "[::1]:9090"]);
        for wrong in ["on", "localhost", "localhost:0", "10.0.0.1:9100", "127.0.0.1", "127.0.0.0/8", "localhost:99999"] {
            let error: String = listed(wrong).unwrap_err().to_string();
            assert!(error.contains("scrape.loopback") && error.contains("localhost:9100"), "{wrong}: {error}");
        }
    }
}
