//! Whom the watcher pages: a TOML file.
//!
//! ```toml
//! # Networks that channels may reach besides the internet.
//! allow = ["10.0.0.0/8"]
//!
//! [[channel]]
//! name = "duty"
//! kind = "pagerduty"          # any kind the console offers, but not web_push
//! locale = "ja"
//! zone = "Asia/Tokyo"
//! last_resort = false         # with one that is, the others are asked only when it fails
//! settings = { routing_key = "…" }
//! ```

use crate::house_error::chain;
use crate::watch::voice::Voice;
use figures::Locale;
use ipnet::IpNet;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use notify::emergency::Contact;
use serde::Deserialize;
use std::path::Path;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    channel: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    kind: String,
    #[serde(default)]
    locale: Locale,
    #[serde(default = "utc")]
    zone: String,
    #[serde(default)]
    last_resort: bool,
    /// Read by the channel, whose mistakes quote no value.
    settings: toml::Value,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The channels of a file, ready to be spoken by.
///
/// # Errors
/// When it can't be read, names no channel, or one can't be used. No setting is quoted: it may be a secret.
pub(super) fn read(path: &Path) -> Result<Vec<Voice>, Failure> {
    let shown = path.display();
    let text: String = std::fs::read_to_string(path).map_err(|error| format!("can't read {shown}: {error}"))?;
    parse(&text).map_err(|error| format!("{shown}: {error}").into())
}

fn parse(text: &str) -> Result<Vec<Voice>, String> {
    // The message alone: the parser's own quotes the line, which may hold a secret.
    let file: File = toml::from_str(text).map_err(|error| format!("is not what was expected: {}", error.message()))?;
    let listed: Result<Vec<IpNet>, _> = file.allow.iter().map(|network| network.parse::<IpNet>()).collect();
    let listed: Vec<IpNet> = listed.map_err(|_| "`allow`: expected networks such as 10.0.0.0/8".to_owned())?;
    let outbound = Outbound::new(Reach { listed, ..Reach::default() });
    if file.channel.is_empty() {
        return Err("there is no [[channel]]: nobody could be paged".to_owned());
    }
    let mut voices: Vec<Voice> = Vec::with_capacity(file.channel.len());
    for entry in file.channel {
        if voices.iter().any(|voice| voice.name == entry.name) {
            return Err(format!("there are two channels named {:?}", entry.name));
        }
        voices.push(voice(entry, &outbound)?);
    }
    Ok(voices)
}

fn voice(entry: Entry, outbound: &Outbound) -> Result<Voice, String> {
    let name: String = entry.name.clone();
    if entry.kind == "web_push" {
        return Err(format!("channel {name:?}: browsers can only be reached by the server itself"));
    }
    if entry.zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(format!("channel {name:?}: `zone` expects an IANA name such as Asia/Tokyo"));
    }
    let settings: serde_json::Value =
        serde_json::to_value(&entry.settings).map_err(|_| format!("channel {name:?}: `settings` can't be read"))?;
    let (kind, locale, zone) = (entry.kind, entry.locale, entry.zone);
    let contact = Contact { name: entry.name, kind, settings, last_resort: entry.last_resort, locale, zone };
    Voice::of(&contact, outbound).map_err(|error| format!("channel {name:?}: {}", chain(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[channel]]\nname = \"duty\"\nkind = \"webhook\"\nlocale = \"en\"\n\
                        settings = { url = \"https://a.example/x\", secret = \"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\" }\n";

    fn refusal(text: &str) -> String {
        parse(text).err().unwrap_or_default()
    }

    #[test]
    fn channels_are_read_and_every_mistake_is_said_without_a_secret() {
        assert_eq!(parse(GOOD).map(|voices| voices.len()).unwrap_or_default(), 1);
        for (text, says) in [
            (String::new(), "no [[channel]]"),
            (GOOD.replace("webhook", "web_push"), "browsers"),
            (GOOD.replace("webhook", "pigeon"), "pigeon"),
            (format!("{GOOD}{GOOD}"), "two channels"),
            (format!("allow = [\"all\"]\n{GOOD}"), "10.0.0.0/8"),
            (GOOD.replace("locale", "zone"), "IANA"),
            (GOOD.replace("locale", "lokale"), "lokale"),
            (GOOD.replace("url =", "adress ="), "adress"),
            (GOOD.replace("whsec_", ""), "secret"),
        ] {
            let said: String = refusal(&text);
            assert!(said.contains(says) && !said.contains("C2FV"), "{text}: {said}");
        }
    }
}
