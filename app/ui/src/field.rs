//! Fields of a form: a name, the thing to fill, a hint, the reason when it was refused.

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// The frame of a field round whatever is filled in. The input itself must have `id` as its id and, so that hint and refusal are
/// read with it, [`described_by`] as its `aria-describedby`.
#[component]
pub fn Field(
    /// The input.
    children: Children,
    /// The id of the input, unique on the screen.
    #[prop(into)]
    id: String,
    /// The name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// What helps filling it in; empty for none.
    #[prop(optional, into)]
    hint: String,
    /// Whether it must be filled in.
    #[prop(default = false)]
    required: bool,
    /// Why it was refused, if it was.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let need = required.then(|| use_look().words().required);
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {move || label.get()}
                {need.map(|word| view! { <span class="field__need">{word}</span> })}
            </label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
            {move || error.get().map(|text| view! { <FieldError id=error_id.clone() text=text /> })}
        </div>
    }
}

/// The ids that describe the input of a field: its hint and its refusal.
#[must_use]
pub fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

#[component]
fn FieldError(id: String, text: String) -> impl IntoView {
    view! {
        <p class="field__error" id=id role="alert">
            <Icon name=IconName::Warn />
            {text}
        </p>
    }
}

/// A field with one line of text, which is most of them. It works without a script: `name` is what the form sends.
#[component]
pub fn TextField(
    /// What the form sends it as; also its id, so it must be unique on the screen.
    name: &'static str,
    /// The name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// `text` (the default), `email`, `password`, `search`, `number`, `url`, `datetime-local`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// The autofill token (HTML, section 4.10.18.7): password managers read it (WCAG 3.3.8).
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] hint: String,
    #[prop(default = false)] required: bool,
    #[prop(optional)] minlength: Option<u32>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let is_refused = move || error.with(Option::is_some);
    view! {
        <Field id=name label=label hint=hint required=required error=error>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                placeholder=placeholder
                required=required
                minlength=minlength.map(|n_characters| n_characters.to_string())
                aria-describedby=described_by(name)
                aria-invalid=move || is_refused().then_some("true")
            />
        </Field>
    }
}

/// A box to tick, with its words.
#[component]
pub fn Tick(
    /// What ticking it means.
    children: Children,
    /// What the form sends it as.
    name: &'static str,
    /// What it sends when ticked.
    #[prop(default = "true")]
    value: &'static str,
    #[prop(default = false)] checked: bool,
) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=checked />
            {children()}
        </label>
    }
}
