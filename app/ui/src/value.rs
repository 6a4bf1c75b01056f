//! Figures as they are read: a value with its unit, a duration with its units. The unit is set smaller.

use ::figures::Unit;
use leptos::prelude::*;

use crate::context::use_look;

/// A value in the base of its unit.
#[component]
pub fn ValueText(
    /// NaN is shown as a dash: no sample.
    #[prop(into)]
    value: Signal<f64>,
    #[prop(default = Unit::None)] unit: Unit,
) -> impl IntoView {
    let locale = use_look().locale;
    let written = Memo::new(move |_| ::figures::value(value.get(), unit, locale));
    let small = move || {
        let unit_text = written.with(|text| text.unit.clone());
        (!unit_text.is_empty()).then(|| view! { <span class="value__unit">{unit_text}</span> })
    };
    view! { <span class="value">{move || written.with(|text| text.number.clone())}{small}</span> }
}

/// How long something took or has been going on, in its two largest parts.
#[component]
pub fn Elapsed(
    /// Milliseconds.
    #[prop(into)]
    ms: Signal<i64>,
) -> impl IntoView {
    let locale = use_look().locale;
    // A tick of the clock may be under way when a refetch replaces the row it belongs to: then there is nothing left to write.
    let parts = move || {
        ::figures::duration_parts(ms.try_get().unwrap_or_default(), locale)
            .into_iter()
            .map(|(number, unit)| view! { <>{number}<span class="elapsed__unit">{unit}</span></> })
            .collect_view()
    };
    view! { <span class="elapsed">{parts}</span> }
}
