//! The way to one person's own contact: the account of a channel of that kind, and the address that came with the page.

use super::{Sender, Unsent, refused, with_cause};
use crate::channels::Channel;
use crate::conversation::Spoken;
use crate::error::Error;
use crate::page::Page;
use crate::personal::{Reach, Stored};
use crate::saved::{ChannelRow, Saved};
use crate::sealed::SealError;
use crate::store;
use crate::store::claims::Claimed;
use model::Time;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Whose account is used, and which setting the address takes the place of.
struct Account {
    kinds: &'static [&'static str],
    address: &'static str,
}

fn account(reach: Reach) -> Account {
    match reach {
        // Browsers need none.
        Reach::Push => Account { kinds: &[], address: "" },
        Reach::Slack => Account { kinds: &["slack"], address: "channel" },
        Reach::Sms => Account { kinds: &["sms", "voice"], address: "to" },
        Reach::Voice => Account { kinds: &["voice", "sms"], address: "to" },
        Reach::Email => Account { kinds: &["email"], address: "to" },
    }
}

impl Sender {
    pub(super) async fn prepare_personal(&self, claimed: &Claimed, now: Time) -> Result<(Arc<dyn Channel>, Page), Unsent> {
        let stored: Option<Stored> = store::personal::one(&self.db, claimed.id).await.map_err(Unsent::Database)?;
        let Some(stored) = stored else {
            return Err(refused("the contact of this page is not known".to_owned()));
        };
        let channel: Arc<dyn Channel> = self.personal_channel(&stored).await?;
        let spoken: Vec<Spoken> = store::conversation::spoken(&self.db, claimed).await.map_err(Unsent::Database)?;
        let saved: Saved = as_channel(claimed, &stored, channel.kind(), now);
        Ok((channel, self.page(claimed, &saved, &spoken, now).await))
    }

    async fn personal_channel(&self, stored: &Stored) -> Result<Arc<dyn Channel>, Unsent> {
        if stored.reach == Reach::Push {
            let made: Option<Box<dyn Channel>> = self.make.person(stored.person);
            return made.map(Arc::from).ok_or_else(|| refused("nobody here knows the browsers of people".to_owned()));
        }
        let word: &str = stored.reach.as_str();
        let channels: Vec<Saved> = store::settings::list(&self.db, None).await.map_err(Unsent::Database)?;
        let Some(account) = chosen(&channels, stored.reach) else {
            return Err(refused(format!("no channel of the kind {word} is switched on, whose account could be used")));
        };
        let mut whole: Value = account.whole(&self.keys).map_err(|error| refused(with_cause(&error)))?;
        let address: String = self.address(stored).map_err(|error| refused(with_cause(&error)))?;
        if let Some(settings) = whole.as_object_mut() {
            settings.insert(self::account(stored.reach).address.to_owned(), Value::from(address));
            // A direct message is answered by its link, which is its reader's own.
            settings.remove("signing_secret");
        }
        let made = self.make.make(word, &whole);
        Ok(Arc::from(made.map_err(|error| refused(error.to_string()))?))
    }

    fn address(&self, stored: &Stored) -> Result<String, Error> {
        let plain: Vec<u8> = self.keys.open(&stored.place, &stored.sealed)?;
        String::from_utf8(plain).map_err(|_| Error::Sealed(SealError::Damaged))
    }
}

/// The first channel by name of the best kind that can reach it.
fn chosen(channels: &[Saved], reach: Reach) -> Option<&Saved> {
    let is_usable =
        |saved: &&Saved, kind: &str| saved.row.enabled && saved.row.kind == kind && (reach != Reach::Voice || calls(saved));
    account(reach).kinds.iter().find_map(|kind| channels.iter().find(|saved| is_usable(saved, kind)))
}

/// A messaging service is no telephone.
fn calls(saved: &Saved) -> bool {
    saved.row.settings.get("from").and_then(Value::as_str).is_some_and(|from| from.trim().starts_with('+'))
}

/// What a page needs to know of where it goes.
fn as_channel(claimed: &Claimed, stored: &Stored, kind: &str, now: Time) -> Saved {
    let row = ChannelRow {
        name: claimed.channel.clone(),
        kind: kind.to_owned(),
        version: 0,
        settings: Map::new(),
        secrets: Vec::new(),
        enabled: true,
        last_resort: false,
        locale: stored.locale,
        zone: stored.zone.clone(),
        changed_by: String::new(),
        changed_at: now,
    };
    Saved { row, sealed: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Locale;
    use serde_json::json;

    fn channel(name: &str, kind: &str, from: &str, enabled: bool) -> Saved {
        let row = ChannelRow {
            name: name.to_owned(),
            kind: kind.to_owned(),
            version: 1,
            settings: json!({ "from": from }).as_object().cloned().unwrap(),
            secrets: Vec::new(),
            enabled,
            last_resort: false,
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
            changed_by: String::new(),
            changed_at: Time(0),
        };
        Saved { row, sealed: Vec::new() }
    }

    #[test]
    fn the_account_is_that_of_the_first_channel_of_the_kind_that_can_do_it() {
        let channels = [
            channel("a", "sms", "MG0123", true),
            channel("b", "sms", "+15005550006", true),
            channel("c", "email", "ops@example.jp", false),
            channel("d", "email", "ops@example.jp", true),
        ];
        let name = |reach: Reach| chosen(&channels, reach).map(|saved| saved.row.name.as_str());
        assert_eq!(name(Reach::Sms), Some("a"));
        assert_eq!(name(Reach::Voice), Some("b"), "a messaging service can't call");
        assert_eq!(name(Reach::Email), Some("d"));
        assert_eq!((name(Reach::Slack), name(Reach::Push)), (None, None));
    }
}
