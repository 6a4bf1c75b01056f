//! Whether channels deliver what they are asked to, and what that means for the whole. Pure.
//!
//! One that lets nothing through is told of by the others; when that is every one, nobody is left to tell, and only somebody outside can
//! (`deadman.rs`, `outside.rs`).

use super::condition::LATE_MS;
use model::Time;
use notify::troubles::{OpenTrouble, What};
use notify::{ChannelRow, Stuck};

/// How the channels do, as far as that was told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) n_failing: usize,
    /// Since when every channel in use fails.
    pub(super) unheard_since: Option<Time>,
}

/// Those that have let nothing through for long enough to say so, and since when. A provider's bad minute is none of it.
pub(super) fn failing(stuck: &[Stuck], now: Time) -> impl Iterator<Item = (&Stuck, Time)> {
    let lasting = move |one: &&Stuck| one.failing_since.is_some_and(|since| now.since(since) > LATE_MS);
    stuck.iter().filter(lasting).filter_map(|one| one.failing_since.map(|since| (one, since)))
}

/// By the troubles that were told.
pub(super) fn standing(open: &[OpenTrouble], channels: &[ChannelRow]) -> Standing {
    let failing: Vec<&OpenTrouble> = open.iter().filter(|known| known.what == What::ChannelFails).collect();
    let since = |channel: &ChannelRow| failing.iter().find(|known| known.subject == channel.name).map(|known| known.since);
    let used = channels.iter().filter(|channel| channel.enabled);
    // One that does not fail makes the whole of it nothing.
    let all: Option<Vec<Time>> = used.map(since).collect();
    Standing { n_failing: failing.len(), unheard_since: all.and_then(|all| all.into_iter().max()) }
}

#[cfg(test)]
mod tests {
    use super::super::condition::tests::NOW;
    use super::*;
    use ::figures::Locale;
    use notify::DeliveryId;

    fn stuck(channel: &str, failing_ago_ms: Option<i64>) -> Stuck {
        Stuck {
            channel: channel.to_owned(),
            waiting: 1,
            refused: 0,
            oldest: DeliveryId(uuid::Uuid::nil()),
            asked_at: NOW.plus_ms(-86_400_000),
            error: "503".to_owned(),
            next_at: None,
            failing_since: failing_ago_ms.map(|ago_ms| NOW.plus_ms(-ago_ms)),
        }
    }

    fn channel(name: &str, enabled: bool) -> ChannelRow {
        ChannelRow {
            name: name.to_owned(),
            kind: "webhook".to_owned(),
            version: 1,
            settings: serde_json::Map::new(),
            secrets: Vec::new(),
            enabled,
            last_resort: false,
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
            changed_by: String::new(),
            changed_at: NOW,
        }
    }

    fn open(what: What, subject: &str, ago_ms: i64) -> OpenTrouble {
        OpenTrouble { what, subject: subject.to_owned(), since: NOW.plus_ms(-ago_ms), found_at: NOW }
    }

    #[test]
    fn a_channel_fails_when_nothing_gets_through_for_a_minute() {
        let all = [stuck("long", Some(LATE_MS + 1)), stuck("just", Some(LATE_MS)), stuck("others", None)];
        let found: Vec<(&str, Time)> = failing(&all, NOW).map(|(one, since)| (one.channel.as_str(), since)).collect();
        assert_eq!(found, [("long", NOW.plus_ms(-LATE_MS - 1))]);
    }

    #[test]
    fn nobody_is_left_to_tell_when_the_last_channel_fails() {
        let (chat, mail, off) = (channel("chat", true), channel("mail", true), channel("off", false));
        let one = [open(What::ChannelFails, "chat", 90), open(What::ReplicaSilent, "mail", 80)];
        assert_eq!(standing(&one, &[chat.clone(), mail.clone()]), Standing { n_failing: 1, unheard_since: None });
        let both = [open(What::ChannelFails, "chat", 90), open(What::ChannelFails, "mail", 50)];
        let expected = Standing { n_failing: 2, unheard_since: Some(NOW.plus_ms(-50)) };
        assert_eq!(standing(&both, &[chat, mail, off.clone()]), expected);
        assert_eq!(standing(&both, &[off]).unheard_since, None, "without a channel there is nothing that fails");
    }
}
