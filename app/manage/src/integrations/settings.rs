//! How what an integration sends is read. It works without a script.

use super::detail::Acts;
use super::{HEARTBEAT, reason_not, severities};
use crate::report::attempt;
use crate::words::integrations::integration_words;
use api::integrations::IntegrationForm;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IntegrationId;
use ui::attempt::Named;
use ui::button::{Button, Rank};
use ui::field::{Line, Tick};
use ui::part::Part;

/// A field of this form: what it is called on both sides, and its name.
fn named(field: &str, label: &str) -> Named {
    Named::new(field, &format!("set-{}", field.replace('_', "-")), label)
}

/// The same as it is sent.
fn sent(named: &Named) -> Named {
    Named { field: format!("form[{}]", named.field), ..named.clone() }
}

/// The form.
pub fn form(id: IntegrationId, kind: &str, form: IntegrationForm, acts: Acts) -> AnyView {
    let words = integration_words();
    let (timeout_label, timeout_hint) =
        if kind == HEARTBEAT { (words.grace, words.grace_hint) } else { (words.timeout, words.timeout_hint) };
    let fields = [
        named("name", words.name),
        named("default_severity", words.default_severity),
        named("severities", words.severities),
        named("labels", words.labels),
        named("timeout", timeout_label),
    ];
    let attempt = attempt(acts.change, fields.to_vec());
    let [name, severity, severities_read, labels_read, timeout] = fields.map(|field| sent(&field));
    let name = Line {
        hint: words.name_hint.to_owned(),
        value: form.name,
        most: Some(100),
        required: true,
        says_required: true,
        ..Line::new(&name.id, &name.field, &name.label)
    };
    let timeout = Line {
        hint: timeout_hint.to_owned(),
        value: form.timeout,
        keys: Some("numeric"),
        ..Line::new(&timeout.id, &timeout.field, &timeout.label)
    };
    let chosen: Vec<AnyView> = severities(&attempt.typed.text(&severity.field, &form.default_severity));
    let enabled: bool = attempt.typed.is_ticked("form[enabled]", "true", form.enabled);
    view! {
        <Part title=words.settings.to_owned()>
            <ActionForm action=acts.change attr:class="form">
                {attempt.refused()}
                <input type="hidden" name="id" value=id.to_string() />
                {attempt.line(name)}
                {attempt.select(severity, words.default_severity_hint.to_owned(), chosen)}
                {attempt.area(severities_read, words.severities_hint.to_owned(), &form.severities)}
                {attempt.area(labels_read, words.labels_hint.to_owned(), &form.labels)}
                {attempt.line(timeout)}
                <div class="integration__tick">
                    <Tick name="form[enabled]" checked=enabled>{words.enabled}</Tick>
                    <p class="field__hint">{words.enabled_hint}</p>
                </div>
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason_not() busy=acts.change.pending()>{words.save}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{named, sent};

    #[test]
    fn a_field_is_refused_by_its_name_and_sent_as_part_of_the_form() {
        let severity = named("default_severity", "Severity");
        assert_eq!((severity.id.as_str(), severity.field.as_str()), ("set-default-severity", "default_severity"));
        assert_eq!(sent(&severity).field, "form[default_severity]");
    }
}
