//! One line to fill in. It sends its name and, unlike the console's fields, can be the one the cursor starts in.

use leptos::prelude::*;
use ui::field::{Field, described_by};

/// What the browser and a password manager are told about a field.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// `text`, `email` or `password`.
    input: &'static str,
    /// The autofill token (HTML, section 4.10.18.7).
    autocomplete: &'static str,
    minlength: Option<&'static str>,
}

impl Kind {
    /// The e-mail one signs in with.
    pub const EMAIL: Self = Self { input: "email", autocomplete: "username", minlength: None };
    /// The password one has.
    pub const PASSWORD: Self = Self { input: "password", autocomplete: "current-password", minlength: None };
    /// A password to be chosen. The length is checked again, and better explained, by the server.
    pub const NEW_PASSWORD: Self = Self { input: "password", autocomplete: "new-password", minlength: Some("8") };
    /// A person's name.
    pub const NAME: Self = Self { input: "text", autocomplete: "name", minlength: None };
    /// An organisation's name.
    pub const ORGANISATION: Self = Self { input: "text", autocomplete: "organization", minlength: None };
}

/// A field with its label, its hint and, when it was refused, the reason.
#[component]
pub(super) fn Entry(
    /// What the form sends it as, and its id.
    name: &'static str,
    kind: Kind,
    label: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// What helps filling it in; empty for none.
    #[prop(default = "")]
    hint: &'static str,
    /// Why it was refused, if it was.
    error: Option<String>,
    /// Whether the cursor starts here.
    focused: bool,
) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    // Capitals and corrections help with names and harm everything else.
    let is_name = kind.input == "text";
    let (capitals, spelling) = if is_name { ("words", "true") } else { ("none", "false") };
    view! {
        <Field id=name label=label.to_owned() hint=hint error=Signal::stored(error)>
            <input
                class="input"
                id=name
                name=name
                type=kind.input
                value=value
                autocomplete=kind.autocomplete
                autocapitalize=capitals
                spellcheck=spelling
                minlength=kind.minlength
                required=true
                autofocus=focused
                aria-describedby=described_by(name)
                aria-invalid=invalid
            />
        </Field>
    }
}

/// Which of the fields the cursor starts in: the first that is refused, else the first that is empty, else the last.
pub(super) fn first_to_fill(fields: &[(&'static str, bool, bool)]) -> &'static str {
    let refused = fields.iter().find(|(_, is_refused, _)| *is_refused);
    let empty = || fields.iter().find(|(_, _, is_empty)| *is_empty);
    refused.or_else(empty).or(fields.last()).map_or("", |(name, _, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::first_to_fill;

    #[test]
    fn the_cursor_starts_where_something_is_to_do() {
        assert_eq!(first_to_fill(&[("name", false, true), ("password", false, true)]), "name");
        assert_eq!(first_to_fill(&[("name", false, false), ("password", false, true)]), "password");
        assert_eq!(first_to_fill(&[("name", true, false), ("password", false, true)]), "name");
        assert_eq!(first_to_fill(&[("name", false, false)]), "name");
    }
}
