//! Settings of the watch over the watch: the daily test of every channel, the outbound heartbeat, and break-glass.

use super::{Error, Found, Setting, secrets, text, wrong};
use std::collections::BTreeMap;
use std::path::PathBuf;

type Settings = BTreeMap<&'static str, Found>;

/// What can be set, in the order it is explained.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "drill.at",
        env: "MIMAMORI_DRILL_AT",
        default: "10:00",
        about: "when every channel in use is tested, each day, as HH:MM in `zone`; after a late start the same day, but no later than ten hours \
                after it; `off`: never",
    },
    Setting {
        key: "drill.except",
        env: "MIMAMORI_DRILL_EXCEPT",
        default: "",
        about: "channels that the daily test leaves out, parted by commas: a telephone that should not ring each morning",
    },
    Setting {
        key: "deadman.url",
        env: "MIMAMORI_DEADMAN_URL",
        default: "",
        about: "an address of a monitoring service that is told every 30 s by POST that all is well, and pages when it hears nothing for two \
                minutes; held back as soon as rules, notifications, deliveries or the database stand still",
    },
    Setting {
        key: "breakglass",
        env: "MIMAMORI_BREAKGLASS",
        default: "on",
        about: "whether channels are told directly when the database is gone for 30 s: on or off. Whom to reach lies sealed in \
                data_dir/breakglass.sealed",
    },
    Setting {
        key: "faults.clock_file",
        env: "MIMAMORI_FAULTS_CLOCK_FILE",
        default: "",
        about: "a file that holds by how many milliseconds the machine's clock is to be wrong, for `bench faults`; refused in production",
    },
];

const URL: &str = "an http:// or https:// address";

/// The watch over the watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watching {
    /// Minutes after midnight; `None`: no daily test.
    pub drill_at: Option<u32>,
    /// Names of channels.
    pub drill_except: Vec<String>,
    /// Who hears that all is well. The address is a secret.
    pub deadman: Option<Hidden>,
    pub breakglass: bool,
    /// What makes the machine's clock wrong; never in production.
    pub wrong_clock: Option<PathBuf>,
}

/// A text that a log must not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

pub(super) fn check(found: &Settings) -> Result<Watching, Error> {
    let breakglass: bool = match text(found, "breakglass").as_deref() {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(wrong(found, "breakglass", "on or off")),
    };
    let except: String = text(found, "drill.except").unwrap_or_default();
    let except = except.split(',').map(str::trim).filter(|name| !name.is_empty());
    Ok(Watching {
        drill_at: drill_at(found)?,
        drill_except: except.map(str::to_owned).collect(),
        deadman: deadman(found)?,
        breakglass,
        wrong_clock: wrong_clock(found)?,
    })
}

/// A server that people rely on takes its time from nobody's file.
fn wrong_clock(found: &Settings) -> Result<Option<PathBuf>, Error> {
    let path: Option<PathBuf> = text(found, "faults.clock_file").map(PathBuf::from);
    let is_production: bool = text(found, "env").as_deref() == Some("production");
    if path.is_some() && is_production {
        return Err(wrong(found, "faults.clock_file", "nothing while env is production"));
    }
    Ok(path)
}

fn drill_at(found: &Settings) -> Result<Option<u32>, Error> {
    let written: String = text(found, "drill.at").unwrap_or_default();
    if written == "off" {
        return Ok(None);
    }
    minutes(&written).map(Some).ok_or_else(|| wrong(found, "drill.at", "HH:MM, such as 10:00, or off"))
}

/// `10:00` as minutes after midnight.
fn minutes(written: &str) -> Option<u32> {
    let (hour, minute) = written.split_once(':')?;
    let number = |digits: &str, below: u32| -> Option<u32> {
        let is_short: bool = (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|number| is_short && *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

/// Never says the address: whoever knows it can say that all is well.
fn deadman(found: &Settings) -> Result<Option<Hidden>, Error> {
    let Some(url) = text(found, "deadman.url") else { return Ok(None) };
    let rest: Option<&str> = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)) {
        return Ok(Some(Hidden(url)));
    }
    Err(secrets::wrong(found, "deadman.url", URL))
}

#[cfg(test)]
mod tests {
    use super::super::{check as check_all, explain, gather};
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Watching, Error> {
        let env = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        check_all(&gather(None, &env)?, false).map(|config| config.watching)
    }

    #[test]
    fn by_default_channels_are_tested_in_the_morning_and_the_glass_is_there() {
        let watching: Watching = with(&[]).unwrap();
        assert_eq!((watching.drill_at, watching.breakglass), (Some(600), true));
        assert!(watching.deadman.is_none() && watching.drill_except.is_empty());
    }

    #[test]
    fn what_is_set_is_read_and_what_is_wrong_is_refused() {
        for (at, expected) in [("09:30", Some(570)), ("0:05", Some(5)), ("off", None)] {
            assert_eq!(with(&[("MIMAMORI_DRILL_AT", at)]).unwrap().drill_at, expected, "{at}");
        }
        for at in ["24:00", "10", "10:60", "+9:00", "10:000", "never"] {
            assert!(with(&[("MIMAMORI_DRILL_AT", at)]).is_err(), "{at}");
        }
        assert_eq!(with(&[("MIMAMORI_DRILL_EXCEPT", "voice, sms,")]).unwrap().drill_except, ["voice", "sms"]);
        assert!(!with(&[("MIMAMORI_BREAKGLASS", "off")]).unwrap().breakglass);
        assert!(with(&[("MIMAMORI_BREAKGLASS", "no")]).is_err());
    }

    #[test]
    fn a_clock_is_made_wrong_anywhere_but_in_production() {
        let file = ("MIMAMORI_FAULTS_CLOCK_FILE", "/tmp/clock");
        assert_eq!(with(&[]).unwrap().wrong_clock, None);
        assert_eq!(with(&[file]).unwrap().wrong_clock, Some(PathBuf::from("/tmp/clock")));
        let production = [("MIMAMORI_ENV", "production"), ("DATABASE_URL", "postgres://a@b/c")];
        assert!(with(&production).is_ok());
        let refused: String = with(&[production[0], production[1], file]).unwrap_err().to_string();
        assert!(refused.contains("faults.clock_file"), "{refused}");
    }

    #[test]
    fn the_address_of_the_heartbeat_is_not_printed() {
        for url in ["https://beat.example/hush", "ftp://beat.example/hush"] {
            let env = |name: &str| (name == "MIMAMORI_DEADMAN_URL").then(|| url.to_owned());
            let found = gather(None, &env).unwrap();
            let said: String = match check_all(&found, false) {
                Ok(config) => format!("{} {config:?}", explain(&found)),
                Err(error) => error.to_string(),
            };
            assert!(said.contains("deadman") && !said.contains("hush"), "{said}");
        }
    }
}
