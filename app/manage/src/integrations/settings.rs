//! How what an integration sends is read. It works without a script.

use super::detail::Acts;
use super::{HEARTBEAT, reason_not, severities};
use crate::report::refusal;
use crate::words::integrations::integration_words;
use api::integrations::IntegrationForm;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IntegrationId;
use ui::button::{Button, Rank};
use ui::field::{Field, Tick, described_by};
use ui::part::Part;

/// The form.
pub fn form(id: IntegrationId, kind: &str, form: IntegrationForm, acts: Acts) -> AnyView {
    let words = integration_words();
    let enabled = form.enabled;
    let severity = severities("set-severity", "form[default_severity]", &form.default_severity);
    let words_read = area("set-severities", "form[severities]".to_owned(), &form.severities);
    let labels_read = area("set-labels", "form[labels]".to_owned(), &form.labels);
    let (name, timeout) = (form.name, form.timeout);
    let (timeout_label, timeout_hint) =
        if kind == HEARTBEAT { (words.grace, words.grace_hint) } else { (words.timeout, words.timeout_hint) };
    view! {
        <Part title=words.settings.to_owned()>
            <ActionForm action=acts.change attr:class="form">
                <input type="hidden" name="id" value=id.to_string() />
                <Field id="set-name" label=words.name.to_owned() hint=words.name_hint required=true>
                    <input
                        class="input"
                        id="set-name"
                        name="form[name]"
                        autocomplete="off"
                        maxlength="100"
                        required=true
                        value=name
                        aria-describedby=described_by("set-name")
                    />
                </Field>
                <Field id="set-severity" label=words.default_severity.to_owned() hint=words.default_severity_hint>
                    {severity}
                </Field>
                <Field id="set-severities" label=words.severities.to_owned() hint=words.severities_hint>
                    {words_read}
                </Field>
                <Field id="set-labels" label=words.labels.to_owned() hint=words.labels_hint>
                    {labels_read}
                </Field>
                <Field id="set-timeout" label=timeout_label.to_owned() hint=timeout_hint>
                    <input
                        class="input"
                        id="set-timeout"
                        name="form[timeout]"
                        inputmode="numeric"
                        autocomplete="off"
                        value=timeout
                        aria-describedby=described_by("set-timeout")
                    />
                </Field>
                <div class="integration__tick">
                    <Tick name="form[enabled]" checked=enabled>{words.enabled}</Tick>
                    <p class="field__hint">{words.enabled_hint}</p>
                </div>
                {refusal(acts.change)}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason_not() busy=acts.change.pending()>{words.save}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}

/// A field of several lines.
pub fn area(id: &str, name: String, text: &str) -> AnyView {
    // As markup: between its tags a browser takes everything for text, also what frameworks leave there.
    let text = content(text);
    view! {
        <textarea
            class="input integration__lines"
            id=id.to_owned()
            name=name
            rows="3"
            spellcheck="false"
            autocapitalize="off"
            aria-describedby=described_by(id)
            inner_html=text
        ></textarea>
    }
    .into_any()
}

/// A line break at its beginning would be dropped by whoever reads it.
fn content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if text.starts_with('\n') { format!("\n{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::content;

    #[test]
    fn what_stands_in_a_field_is_no_markup() {
        assert_eq!(content("\n</textarea> & x"), "\n\n&lt;/textarea&gt; &amp; x");
    }
}
