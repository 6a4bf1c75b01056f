//! A house that pages into a sink: its channel, its integration, its rules and routes.

use super::console::Console;
use super::sink::Sink;
use super::sink::signature::SECRET;
use crate::error::Error;
use crate::house::{House, Setting, place};
use std::fs;
use tempfile::TempDir;

/// The channel that routes name.
pub const CHANNEL: &str = "sink";
/// The one of last resort, where there is one.
pub const SPARE: &str = "spare";
/// Characters of an integration's key.
const KEY: usize = 32;

/// Channels may reach these networks besides the internet, all replicas seal with one key, and no daily test comes between. The key keeps
/// nothing: the house is gone with everything in it when the bench ends.
pub fn settings(networks: &str) -> Vec<Setting> {
    vec![
        ("MIMAMORI_CHANNELS_ALLOW", networks.to_owned()),
        ("MIMAMORI_SECRET_KEY", "5e".repeat(32)),
        ("MIMAMORI_DRILL_AT", "off".to_owned()),
    ]
}

/// Adds a channel that sends to the sink.
///
/// # Errors
/// When it is refused.
pub async fn add_channel(console: &Console, url: &str, name: &str, sink: &Sink) -> Result<(), Error> {
    let address: String = sink.url();
    let last_resort: &str = if name == SPARE { "true" } else { "false" };
    let form: [(&str, &str); 8] = [
        ("channel[name]", name),
        ("channel[kind]", "webhook"),
        ("channel[settings][url]", address.as_str()),
        ("channel[settings][secret]", SECRET),
        ("channel[enabled]", "true"),
        ("channel[last_resort]", last_resort),
        ("channel[locale]", "en"),
        ("channel[zone]", "UTC"),
    ];
    console.call(url, "channel_save", &form).await.map(drop)
}

/// Lets an Alertmanager send; the path with its key.
///
/// # Errors
/// When it is refused, or answered with no key.
pub async fn add_integration(console: &Console, url: &str) -> Result<String, Error> {
    add_named(console, url, "Bench").await
}

/// The same under a name that no other one has.
///
/// # Errors
/// When it is refused, or answered with no key.
pub async fn add_named(console: &Console, url: &str, name: &str) -> Result<String, Error> {
    let form: [(&str, &str); 3] = [("name", name), ("kind", "alertmanager"), ("default_severity", "P2")];
    let answer: Vec<u8> = console.call(url, "integration_make", &form).await?;
    // Packed for the console: the length of the key, then the key.
    let key: Option<&[u8]> = answer.len().checked_sub(KEY).and_then(|at| answer.get(at..));
    let key: Option<&str> = key.and_then(|key| std::str::from_utf8(key).ok());
    let key: &str = key.ok_or_else(|| Error::unreadable("the key of an integration", &String::from_utf8_lossy(&answer)))?;
    Ok(format!("/hooks/in/alertmanager/{key}"))
}

/// A file to be applied: its name and its text.
pub type File = (&'static str, String);

/// Puts rules and routes in force in place of what was there.
///
/// # Errors
/// When they are refused.
pub async fn apply(house: &House, files: &[File]) -> Result<(), Error> {
    let directory: TempDir = place()?;
    for (name, text) in files {
        fs::write(directory.path().join(name), text).map_err(Error::io("write a file to be applied"))?;
    }
    let path: String = directory.path().display().to_string();
    house.run(&["apply", &path, "--allow-empty"]).await.map(drop)
}

/// How alerts are put together.
#[derive(Clone, Copy, Debug)]
pub struct Grouping {
    /// `...` puts none together.
    pub by: &'static str,
    pub wait: &'static str,
    pub interval: &'static str,
}

impl Grouping {
    /// Each alert by itself, at once.
    pub const EACH: Self = Self { by: "...", wait: "0", interval: "1s" };
}

/// One route for everything, to the channel. Nothing is said twice within a week, and nothing of what is over.
pub fn routes(grouping: Grouping) -> File {
    let Grouping { by, wait, interval } = grouping;
    let text: String = format!(
        "routes:\n  name: all\n  channels: [{CHANNEL}]\n  group_by: [\"{by}\"]\n  group_wait: {wait}\n  \
         group_interval: {interval}\n  repeat_interval: 7d\n  send_resolved: false\n"
    );
    ("routes.yaml", text)
}

/// No rule at all: those of a new installation watch this very machine, which is busy.
pub fn no_rules() -> File {
    ("rules.yaml", "groups: []\n".to_owned())
}
