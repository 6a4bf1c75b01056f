//! How this organisation handles incidents: its levels and promises, who hears updates, and when a channel is opened.

use crate::Incidents;
use crate::error::Error;
use crate::history;
use crate::store;
use figures::Locale;
use kernel::{Fact, Grant, Tx, facts};
use model::access::SetUpIncidents;
use model::clock::NUDGE_MS;
use model::scheme::{Level, Scheme, Target};
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Levels of a scheme.
const MAX_LEVELS: usize = 10;
/// Characters of a level's code, its names and its definitions.
const MAX_CODE: usize = 8;
const MAX_NAME: usize = 40;
const MAX_DEFINITION: usize = 500;
/// No promise is longer: a quarter of a year.
const MAX_TARGET_MS: i64 = 92 * 86_400_000;
/// No promise is shorter: nobody reads that fast.
const MIN_TARGET_MS: i64 = 60_000;
/// Channels that hear every update.
const MAX_CHANNELS: usize = 50;
/// The reaction that brings a message into the timeline, unless another is named.
const MARK: &str = "pushpin";

/// What is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Definition {
    /// The preset of four levels (`p`), of three (`l`), or the organisation's own.
    pub scheme: Scheme,
    /// Names of channels of the house that hear every update.
    pub announce_channels: Vec<String>,
    /// A channel is opened for what is this bad or worse; `None`: only by hand.
    pub room_from: Option<Severity>,
    /// What is said there.
    pub room_locale: Locale,
    /// The reaction that brings a message into the timeline, as Slack names it.
    pub mark: String,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            scheme: Scheme::default(),
            announce_channels: Vec::new(),
            room_from: Some(Severity::P1),
            room_locale: Locale::Ja,
            mark: MARK.to_owned(),
        }
    }
}

impl Definition {
    pub(crate) fn opens_room(&self, severity: Severity) -> bool {
        self.room_from.is_some_and(|least| severity <= least)
    }
}

/// What is set up, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUp {
    pub definition: Definition,
    /// 0: nobody has changed anything yet.
    pub version: i64,
    pub changed_by: Option<String>,
    pub changed_at: Option<Time>,
}

impl Incidents {
    /// What is set up; the presets where nothing was.
    ///
    /// # Errors
    /// The database's.
    pub async fn setup(&self) -> Result<SetUp, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::setup::read(&mut tx).await
    }

    /// Sets it up anew, and says the new version. Incidents that are there keep the level they have; `version` is that of what was looked
    /// at.
    ///
    /// # Errors
    /// [`Error::BadScheme`], [`Error::Stale`], [`Error::Large`]. The database's.
    pub async fn set_up(&self, grant: &Grant<SetUpIncidents>, definition: &Definition, version: i64) -> Result<i64, Error> {
        check(definition)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::setup::lock(&mut tx).await?;
        let before: SetUp = store::setup::read(&mut tx).await?;
        if before.version != version {
            let what: String = "what is set up for incidents".to_owned();
            return Err(Error::Stale { what, expected: version, found: before.version });
        }
        let next: i64 = version + 1;
        store::setup::write(&mut tx, definition, next, grant.actor().name(), now).await?;
        let codes: Vec<&str> = definition.scheme.levels.iter().map(|level| &*level.code).collect();
        let body = json!({ "version": next, "scheme": definition.scheme.name, "levels": codes });
        let fact = Fact { kind: history::SET_UP, actor: grant.actor(), subject: "incidents".to_owned(), body, at: now };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        Ok(next)
    }
}

fn check(definition: &Definition) -> Result<(), Error> {
    let levels: &[Level] = &definition.scheme.levels;
    let bad = |reason: String| Err(Error::BadScheme { reason });
    if levels.is_empty() || levels.len() > MAX_LEVELS {
        return bad(format!("expected 1 to {MAX_LEVELS} levels, found {}", levels.len()));
    }
    for (place, level) in levels.iter().enumerate() {
        check_level(level)?;
        let is_again: bool = levels.iter().take(place).any(|other| other.code.eq_ignore_ascii_case(&level.code));
        if is_again {
            return bad(format!("the code {} stands twice", level.code));
        }
    }
    if definition.announce_channels.len() > MAX_CHANNELS {
        return Err(Error::Large { what: "the list of channels", n: definition.announce_channels.len(), max: MAX_CHANNELS });
    }
    let is_mark = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '+' | '\'');
    if definition.mark.is_empty() || definition.mark.len() > MAX_NAME || !definition.mark.chars().all(is_mark) {
        return bad("the reaction is no name as Slack has them, such as pushpin".to_owned());
    }
    Ok(())
}

fn check_level(level: &Level) -> Result<(), Error> {
    let code: &str = &level.code;
    let bad = |reason: String| Err(Error::BadScheme { reason });
    if code.is_empty() || code.len() > MAX_CODE || !code.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return bad(format!("a code has 1 to {MAX_CODE} letters and digits"));
    }
    let texts = [
        (&level.name_ja, MAX_NAME),
        (&level.name_en, MAX_NAME),
        (&level.definition_ja, MAX_DEFINITION),
        (&level.definition_en, MAX_DEFINITION),
    ];
    if texts.iter().any(|(text, max)| text.chars().count() > *max) {
        return bad(format!("a name or a definition of {code} is too long"));
    }
    if level.name_ja.trim().is_empty() && level.name_en.trim().is_empty() {
        return bad(format!("{code} has no name"));
    }
    let update: Option<i64> = level.update_every_ms;
    let is_promise = |target: &Target| (MIN_TARGET_MS..=MAX_TARGET_MS).contains(&target.length_ms);
    if !is_promise(&level.answer) || level.resolve.is_some_and(|target| !is_promise(&target)) {
        return bad(format!("a time of {code} is shorter than a minute or longer than a quarter of a year"));
    }
    if update.is_some_and(|every| every <= NUDGE_MS || every > MAX_TARGET_MS) {
        return bad(format!(
            "updates of {code} must be more than five minutes apart, since they are asked for five minutes before"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_can_be_set_up_and_nonsense_can_not() {
        assert!(check(&Definition::default()).is_ok());
        assert!(check(&Definition { scheme: Scheme::three_levels(), ..Definition::default() }).is_ok());
        let spoilt = |spoil: fn(&mut Definition)| {
            let mut definition = Definition::default();
            spoil(&mut definition);
            check(&definition)
        };
        let spoils: [fn(&mut Definition); 7] = [
            |definition| definition.scheme.levels.clear(),
            |definition| definition.scheme.levels[1].code = "p0".into(),
            |definition| definition.scheme.levels[0].code = "P 0".into(),
            |definition| definition.scheme.levels[0].answer = Target::elapsed(0),
            |definition| definition.scheme.levels[0].update_every_ms = Some(NUDGE_MS),
            |definition| definition.scheme.levels[0].resolve = Some(Target::elapsed(i64::MAX)),
            |definition| definition.mark = ":pushpin:".to_owned(),
        ];
        for (place, spoil) in spoils.into_iter().enumerate() {
            assert!(matches!(spoilt(spoil), Err(Error::BadScheme { .. })), "{place}");
        }
    }

    #[test]
    fn a_definition_of_an_older_release_is_read() {
        let read: Definition = serde_json::from_value(json!({ "mark": "eyes" })).unwrap();
        assert_eq!(read, Definition { mark: "eyes".to_owned(), ..Definition::default() });
        let default = Definition::default();
        assert!(default.opens_room(Severity::P0) && default.opens_room(Severity::P1) && !default.opens_room(Severity::P2));
    }
}
