//! An instant, written for the reader and, exactly, for machines.

use leptos::prelude::*;

use crate::context::{Look, use_look};

/// How much of an instant is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeForm {
    /// `14:05:07`.
    Clock,
    /// `14:05`.
    #[default]
    Short,
    /// `11/22 14:05`.
    Day,
    /// `2026年11月22日(日) 14:05`.
    Full,
    /// `11月22日(日)`.
    Date,
}

fn write(ms: i64, form: TimeForm, look: &Look) -> String {
    match form {
        TimeForm::Clock => ::figures::clock_time(ms, &look.zone),
        TimeForm::Short => ::figures::short_time(ms, &look.zone),
        TimeForm::Day => ::figures::day_time(ms, &look.zone, look.locale),
        TimeForm::Full => ::figures::full_time(ms, &look.zone, look.locale),
        TimeForm::Date => ::figures::date_line(ms, &look.zone, look.locale),
    }
}

/// An instant in the reader's zone. Whatever is left out stands in the title.
#[component]
pub fn TimeText(
    /// Epoch milliseconds.
    #[prop(into)]
    at_ms: Signal<i64>,
    #[prop(optional)] form: TimeForm,
) -> impl IntoView {
    let look = StoredValue::new(use_look());
    let text = move || look.with_value(|look| write(at_ms.get(), form, look));
    let exact = move || look.with_value(|look| ::figures::iso(at_ms.get(), &look.zone));
    let full = move || look.with_value(|look| format!("{} {}", write(at_ms.get(), TimeForm::Full, look), look.zone.abbreviation));
    view! {
        <time datetime=exact title=full>
            {text}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::{TimeForm, write};
    use crate::context::Look;
    use ::figures::{Locale, Zone};

    #[test]
    fn an_instant_is_written_in_the_readers_zone_and_language() {
        let ja = Look { zone: Zone::fixed("Asia/Tokyo", "JST", 540), ..Look::default() };
        let en = Look { locale: Locale::En, zone: Zone::utc(), ..Look::default() };
        let at_ms = 1_795_323_907_000;
        assert_eq!(write(at_ms, TimeForm::Clock, &ja), "14:05:07");
        assert_eq!(write(at_ms, TimeForm::Day, &ja), "11/22 14:05");
        assert_eq!(write(at_ms, TimeForm::Short, &en), "05:05");
    }
}
