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

/// Why something with that id was refused, where no [`Field`] stands round it.
pub fn field_error(id: &str, error: Signal<Option<String>>) -> AnyView {
    let id: String = format!("{id}-error");
    (move || error.get().map(|text| view! { <FieldError id=id.clone() text=text /> })).into_any()
}

#[component]
fn FieldError(id: String, text: String) -> impl IntoView {
    view! {
        <p class="field__error" id=id>
            <Icon name=IconName::Warn />
            {text}
        </p>
    }
}

/// One line to fill in, with everything that can be said about it. A plain value, because forms have many of them and each component
/// weighs in the browser.
#[derive(Clone)]
pub struct Line {
    /// Unique on the screen.
    pub id: String,
    /// What the form sends it as.
    pub name: String,
    pub label: String,
    /// What helps filling it in; empty for none.
    pub hint: String,
    /// `text`, `email`, `password` …
    pub kind: &'static str,
    /// What stands in it at first.
    pub value: String,
    /// The autofill token (HTML, section 4.10.18.7).
    pub autocomplete: &'static str,
    pub placeholder: Option<String>,
    /// The keys a phone offers: `numeric`, `decimal`.
    pub keys: Option<&'static str>,
    pub pattern: Option<&'static str>,
    /// The least and the most characters.
    pub least: Option<u32>,
    pub most: Option<u32>,
    pub required: bool,
    /// Whether the name says that it must be filled in.
    pub says_required: bool,
    /// A name for machines: no capitals and no spelling.
    pub is_code: bool,
    pub is_off: bool,
    /// Why it was refused, if it was.
    pub error: Signal<Option<String>>,
}

impl Line {
    /// A free text that may stay empty.
    #[must_use]
    pub fn new(id: &str, name: &str, label: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            kind: "text",
            value: String::new(),
            autocomplete: "off",
            placeholder: None,
            keys: None,
            pattern: None,
            least: None,
            most: None,
            required: false,
            says_required: false,
            is_code: false,
            is_off: false,
            error: Signal::default(),
        }
    }
}

/// The field of a line.
pub fn line(line: Line) -> AnyView {
    let error = line.error;
    let described = described_by(&line.id);
    let characters = |n: Option<u32>| n.map(|n| n.to_string());
    let input = view! {
        <input
            class="input"
            id=line.id.clone()
            name=line.name
            type=line.kind
            value=line.value
            autocomplete=line.autocomplete
            autocapitalize=line.is_code.then_some("none")
            spellcheck=line.is_code.then_some("false")
            placeholder=line.placeholder
            inputmode=line.keys
            pattern=line.pattern
            minlength=characters(line.least)
            maxlength=characters(line.most)
            required=line.required
            disabled=line.is_off
            aria-describedby=described
            aria-invalid=invalid(error)
        />
    }
    .into_any();
    view! {
        <Field id=line.id label=line.label hint=line.hint required=line.says_required error=error>
            {input}
        </Field>
    }
    .into_any()
}

/// What an input that was refused says of itself, as its `aria-invalid`.
pub fn invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
    move || error.with(Option::is_some).then_some("true")
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
