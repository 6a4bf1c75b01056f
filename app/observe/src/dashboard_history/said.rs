//! Small things said on the screens of dashboards as they are kept.

use crate::words::dashboard_keeping::keeping_words;
use leptos::prelude::*;
use model::{Time, links};
use ui::callout::{Callout, Tone};
use ui::context::use_look;

/// What lies nearer to now is written without its day.
const TODAY_MS: i64 = 16 * 3_600_000;

/// A moment in the reader's zone: with its day where it is not of these hours.
#[must_use]
pub fn moment_text(at: Time) -> String {
    let look = use_look();
    let is_near: bool = (at.0 - look.now_ms).abs() < TODAY_MS;
    if is_near { figures::short_time(at.0, &look.zone) } else { figures::day_time(at.0, &look.zone, look.locale) }
}

/// What a form sends and nobody sees.
pub fn hidden(name: &'static str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any()
}

/// Word of what was just done, where the address has one.
pub fn done(search: &str) -> Option<AnyView> {
    let (_, word): (String, String) = links::pairs(search).into_iter().find(|(name, _)| name == "done")?;
    let said: &'static str = (keeping_words().done)(&word)?;
    Some(view! { <Callout tone=Tone::Back>{said}</Callout> }.into_any())
}
