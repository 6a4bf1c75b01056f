//! Matchers: in words where they are read, as text where they are written.

use crate::words::silences::silence_words;
use api::alerting::AlertRow;
use api::silences::MatcherView;
use leptos::prelude::*;

/// Matchers in words, one a line.
pub fn said(matchers: &[MatcherView]) -> AnyView {
    let lines = matchers.iter().map(one).collect_view();
    view! { <ul class="matchers">{lines}</ul> }.into_any()
}

fn one(matcher: &MatcherView) -> AnyView {
    let (between, after) = (silence_words().sign)(&matcher.sign, matcher.value.is_empty());
    let value = (!matcher.value.is_empty()).then(|| view! { <code>{matcher.value.clone()}</code> });
    view! {
        <li>
            <code class="matchers__name">{matcher.name.clone()}</code>
            {between}
            {value}
            {after}
        </li>
    }
    .into_any()
}

/// Matchers as text, as a form takes them.
#[must_use]
pub fn text(matchers: &[MatcherView]) -> String {
    let written = matchers.iter().map(|matcher| format!("{}{}{}", matcher.name, matcher.sign, quoted(&matcher.value)));
    written.collect::<Vec<String>>().join(", ")
}

/// The matchers that find an alert again: its rule, and every label it has. Of what another tool sent the rule begins with the integration,
/// which is a label of its own.
#[must_use]
pub fn of_alert(row: &AlertRow) -> String {
    let own = row.labels.iter().filter(|(name, _)| name != "alertname" && name != "severity");
    let labels = own.map(|(name, value)| format!("{name}={}", quoted(value)));
    let rule: &str = row.rule.0.split_once('/').map_or(row.rule.0.as_str(), |(_, name)| name);
    std::iter::once(format!("alertname={}", quoted(rule))).chain(labels).collect::<Vec<String>>().join(", ")
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::text;
    use api::silences::MatcherView;

    #[test]
    fn matchers_are_written_as_they_are_read() {
        let matcher = |name: &str, sign: &str, value: &str| MatcherView {
            name: name.to_owned(),
            sign: sign.to_owned(),
            value: value.to_owned(),
        };
        let matchers = [matcher("host", "=~", "web.*"), matcher("path", "!=", "C:\\\"x\"")];
        assert_eq!(text(&matchers), "host=~\"web.*\", path!=\"C:\\\\\\\"x\\\"\"");
    }
}
