//! Whom a page went to, as people read it: a channel by its name; where it went to somebody's own contact, that person and the way.

use crate::house_error::chain;
use crate::wiring::House;
use figures::Locale;
use identity::PersonRow;
use model::ids::PersonId;
use notify::DeliveryId;
use notify::personal::Reach;
use std::collections::HashMap;

/// The names of those to whose own contacts some deliveries went.
#[derive(Debug, Default)]
pub struct Recipients(HashMap<DeliveryId, String>);

impl Recipients {
    /// Asks who they are, if there are any. Whoever can't be told stays without a name: the way is said all the same.
    pub async fn of(house: &House, deliveries: &[DeliveryId]) -> Self {
        if deliveries.is_empty() {
            return Self::default();
        }
        let found: HashMap<DeliveryId, PersonId> = match house.notify.people_of(deliveries).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(error = chain(&error), "whom pages went to can't be told");
                return Self::default();
            }
        };
        let people: Vec<PersonRow> = match house.identity.people_list().await {
            Ok(people) => people,
            Err(error) => {
                tracing::warn!(error = chain(&error), "whom pages went to can't be told");
                return Self::default();
            }
        };
        let names: HashMap<PersonId, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
        let named = |(delivery, person): (DeliveryId, PersonId)| Some((delivery, names.get(&person)?.clone()));
        Self(found.into_iter().filter_map(named).collect())
    }

    /// Whom a delivery went to, if it went to somebody's own contact.
    pub fn name(&self, delivery: Option<DeliveryId>) -> Option<&str> {
        self.0.get(&delivery?).map(String::as_str)
    }

    /// `ops`; `田中 美咲 にメールで`.
    pub fn said(&self, delivery: Option<DeliveryId>, channel: &str, locale: Locale) -> String {
        match Reach::of_channel(channel) {
            Some(reach) => by_way(self.name(delivery), reach, locale),
            None => channel.to_owned(),
        }
    }
}

/// The delivery that a Fact names, if it went to somebody's own contact.
pub fn of_fact(delivery: Option<&str>, channel: Option<&str>) -> Option<DeliveryId> {
    Reach::of_channel(channel?)?;
    delivery?.parse().ok()
}

fn by_way(name: Option<&str>, reach: Reach, locale: Locale) -> String {
    let way: &str = match (locale, reach) {
        (Locale::Ja, Reach::Push) => "プッシュ通知で",
        (Locale::Ja, Reach::Slack) => "Slack で",
        (Locale::Ja, Reach::Sms) => "SMS で",
        (Locale::Ja, Reach::Voice) => "電話で",
        (Locale::Ja, Reach::Email) => "メールで",
        (Locale::En, Reach::Push) => "by push",
        (Locale::En, Reach::Slack) => "by Slack",
        (Locale::En, Reach::Sms) => "by SMS",
        (Locale::En, Reach::Voice) => "by phone",
        (Locale::En, Reach::Email) => "by mail",
    };
    match (name, locale) {
        (None, _) => way.to_owned(),
        (Some(name), Locale::En) => format!("{name} {way}"),
        (Some(name), Locale::Ja) => {
            // Latin letters keep a space before them.
            let gap: &str = if way.is_char_boundary(1) { " " } else { "" };
            format!("{name} に{gap}{way}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const PAGE: DeliveryId = DeliveryId(Uuid::from_u128(7));

    #[test]
    fn a_person_is_named_with_the_way_and_a_channel_by_its_name() {
        let known = Recipients(HashMap::from([(PAGE, "田中 美咲".to_owned())]));
        assert_eq!(known.said(Some(PAGE), "@email", Locale::Ja), "田中 美咲 にメールで");
        assert_eq!(known.said(Some(PAGE), "@slack", Locale::Ja), "田中 美咲 に Slack で");
        assert_eq!(known.said(Some(PAGE), "@voice", Locale::En), "田中 美咲 by phone");
        assert_eq!(known.said(Some(PAGE), "ops", Locale::Ja), "ops");
        assert_eq!(known.said(None, "@sms", Locale::En), "by SMS", "whoever is not known any more");
    }

    #[test]
    fn only_a_page_to_a_person_is_looked_up() {
        let id: String = PAGE.to_string();
        assert_eq!(of_fact(Some(&id), Some("@push")), Some(PAGE));
        assert_eq!(of_fact(Some(&id), Some("ops")), None);
        assert_eq!(
            (of_fact(None, Some("@push")), of_fact(Some("x"), Some("@push")), of_fact(Some(&id), None)),
            (None, None, None)
        );
    }

    #[test]
    fn no_mark_is_ever_shown() {
        for way in ["push", "slack", "sms", "voice", "email"] {
            for locale in [Locale::Ja, Locale::En] {
                assert!(!Recipients::default().said(None, &format!("@{way}"), locale).contains('@'), "{way}");
            }
        }
    }
}
