//! What several screens say about a delivery: its state, why it was asked for, when exactly, and what came back.

use crate::words::channels::{ChannelWords, channel_words};
use api::deliveries::{DeliveryRow, DeliveryState};
use leptos::prelude::*;
use model::ids::AlertId;
use model::{Time, links};
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::now::use_now;

/// Alerts of a page that are named; the rest is counted.
const MOST_ALERTS: usize = 3;
/// Between who did it and what they did, in the words of the room.
const TESTED: &str = "tested by ";
/// Before the policy, and between it and its step.
const ESCALATED: &str = "escalation ";
const STEP: &str = ", step ";

/// The state as a sign and its word. Only what failed needs a person.
pub fn state_mark(state: DeliveryState) -> AnyView {
    let (icon, class) = match state {
        DeliveryState::Due => (IconName::StateWait, "state"),
        DeliveryState::Sending => (IconName::StateHeld, "state"),
        DeliveryState::Sent => (IconName::Check, "state"),
        DeliveryState::Failed => (IconName::StateOpen, "state state--open"),
        DeliveryState::Superseded => (IconName::StateNone, "state state--none"),
    };
    let word = channel_words().states[state as usize];
    view! { <span class=class><Icon name=icon />{word}</span> }.into_any()
}

/// A moment to the millisecond, in the reader's zone: `11/22 14:05:07.123`.
pub fn exact(at: Time) -> AnyView {
    let look = use_look();
    let day = figures::month_day(at.0, &look.zone, look.locale);
    let clock = figures::clock_time(at.0, &look.zone);
    let text = format!("{day} {clock}.{:03}", at.0.rem_euclid(1_000));
    let title = format!("{} {}", figures::full_time(at.0, &look.zone, look.locale), look.zone.abbreviation);
    view! { <time datetime=figures::iso(at.0, &look.zone) title=title>{text}</time> }.into_any()
}

/// How long ago that was, by a running clock; the moment itself stands in the title.
pub fn age(at: Time) -> AnyView {
    let look = use_look();
    let (now, locale) = (use_now(), look.locale);
    let words = channel_words();
    let title = format!("{} {}", figures::full_time(at.0, &look.zone, locale), look.zone.abbreviation);
    // The clock may be gone before the row.
    let said = move || ago(words, now.0.try_get().unwrap_or(at.0).saturating_sub(at.0), locale);
    view! { <time datetime=figures::iso(at.0, &look.zone) title=title>{said}</time> }.into_any()
}

/// `3分前`; a moment of another clock is never in the future.
pub fn ago(words: &ChannelWords, ms: i64, locale: figures::Locale) -> String {
    (words.ago)(&figures::duration(ms.max(0) / 1_000 * 1_000, locale))
}

/// The alerts it is about, each a link.
pub fn alerts(alerts: &[AlertId]) -> AnyView {
    let rest = alerts.len().saturating_sub(MOST_ALERTS);
    let link = |id: &AlertId| view! { <a class="link" href=links::alert(*id)>{id.to_string()}</a> " " };
    let named = alerts.iter().take(MOST_ALERTS).map(link).collect_view();
    let rest = (rest > 0).then(|| view! { <span class="mute">{format!("+{rest}")}</span> });
    view! { <span>{named}{rest}</span> }.into_any()
}

/// From where it was passed on, if it was.
pub fn passed(row: &DeliveryRow) -> Option<AnyView> {
    let origin = row.passed_from.as_ref()?;
    let said = (channel_words().passed_from)(origin);
    Some(view! { <small class="table__sub">{said}</small> }.into_any())
}

/// Why it was asked for, and why it is not needed any more. A step of an escalation leads to every decision of that.
pub fn why(row: &DeliveryRow) -> AnyView {
    let words = channel_words();
    let withdrawn = row.withdrawn.as_deref().map(words.withdrawn);
    let said: String = if row.why.is_empty() && row.is_personal { words.to_confirm.to_owned() } else { reasons(words, &row.why) };
    let said: AnyView = match row.alerts.first().filter(|_| escalated(&row.why).is_some()) {
        Some(alert) => view! { <a class="link" href=links::runs_of_alert(*alert)>{said}</a> }.into_any(),
        None => said.into_any(),
    };
    view! {
        {said}
        {withdrawn.map(|said| view! { <small class="table__sub">{said}</small> })}
    }
    .into_any()
}

/// The policy and the number of the step, where an escalation asked for it.
fn escalated(why: &str) -> Option<(&str, &str)> {
    why.strip_prefix(ESCALATED)?.split_once(STEP)
}

fn reasons(words: &ChannelWords, why: &str) -> String {
    if let Some((policy, step)) = escalated(why) {
        return (words.escalation_step)(policy, step);
    }
    if let Some(name) = why.strip_prefix(TESTED) {
        return (words.tested_by)(name);
    }
    let said: Vec<&str> = why.split(", ").map(|reason| (words.reason)(reason).unwrap_or(reason)).collect();
    said.join(words.comma)
}

/// What the provider said last; what nobody has asked yet has said nothing.
pub fn answer(row: &DeliveryRow) -> AnyView {
    match &row.answer {
        Some(text) => view! { <span class="deliveries__answer">{(channel_words().answered)(text)}</span> }.into_any(),
        None => view! { <span class="mute">"—"</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ago, reasons};
    use crate::words::channels::of;
    use figures::Locale;

    #[test]
    fn reasons_are_said_in_the_readers_language_and_unknown_ones_as_they_came() {
        let (ja, en) = (of(Locale::Ja), of(Locale::En));
        assert_eq!(reasons(ja, "severity raised, new alerts added"), "重大度が上がった、アラートが増えた");
        assert_eq!(reasons(en, "repeat interval elapsed, of its own"), "nobody has answered, of its own");
        assert_eq!(reasons(ja, "tested by 佐藤 健"), "佐藤 健 がテスト");
        assert_eq!(reasons(ja, "escalation payments, step 2"), "エスカレーション payments の第2段");
        assert_eq!(reasons(en, "escalation payments, step 2"), "step 2 of the escalation payments");
    }

    #[test]
    fn what_a_provider_said_is_told_with_what_can_be_done() {
        let (ja, en) = (of(Locale::Ja), of(Locale::En));
        assert_eq!((ja.answered)("answered 200 OK"), "応答 200 OK");
        assert_eq!((ja.answered)("the webhook answered 500 Internal Server Error"), "エラー応答 500 Internal Server Error");
        assert_eq!((ja.answered)("connection refused"), "connection refused");
        let inside = "10.0.0.5 is at 10.0.0.5, which must not be reached unless it is listed";
        for words in [ja, en] {
            let said = (words.answered)(inside);
            assert!(said.contains(inside) && said.contains("MIMAMORI_CHANNELS_ALLOW"), "{said}");
        }
    }

    #[test]
    fn an_age_is_never_in_the_future() {
        let words = of(Locale::En);
        assert_eq!((ago(words, 61_900, Locale::En), ago(words, -5, Locale::En)), ("1m 01s ago".to_owned(), "0s ago".to_owned()));
    }
}
