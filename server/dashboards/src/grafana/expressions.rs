//! The queries of Grafana's variables: `label_values(up{job="x"}, instance)` and its like.

use dashboard::Offer;

/// What such a query asks; `None` when there is nothing like it here.
pub(super) fn offer(query: &str, regex: &str) -> Option<Offer> {
    let query: &str = query.trim();
    let regex: String = bare(regex);
    if let Some(inner) = call(query, "label_values") {
        let (selector, label): (&str, &str) = match last_comma(inner) {
            Some(at) => (inner[..at].trim(), inner[at + 1..].trim()),
            None => ("", inner),
        };
        let is_label: bool = !label.is_empty() && !label.contains(['{', '(', ' ', '$']);
        return is_label.then(|| Offer::LabelValues { label: label.to_owned(), selector: selector.to_owned(), regex });
    }
    if let Some(inner) = call(query, "metrics") {
        // A selector that matches everything is refused; every metric has a name.
        let inner: &str = if inner == ".*" { ".+" } else { inner };
        let selector: String = format!("{{__name__=~{}}}", promql::strings::quote(inner));
        return Some(Offer::LabelValues { label: "__name__".to_owned(), selector, regex });
    }
    let expr: &str = call(query, "query_result")?;
    Some(Offer::Query { expr: expr.to_owned(), label: label_of(&regex)? })
}

/// What stands in the parentheses of a call that is the whole text.
fn call<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let inner: &str = query.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    Some(inner.trim())
}

/// The last comma that stands in no brackets and no string.
fn last_comma(text: &str) -> Option<usize> {
    let mut depth: usize = 0;
    let mut quote: Option<char> = None;
    let mut is_escaped: bool = false;
    let mut found: Option<usize> = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(open), '\\') => is_escaped = open != '`',
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '{' | '(' | '[') => depth += 1,
            (None, '}' | ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => found = Some(at),
            (None, _) => {}
        }
    }
    found
}

/// `/…/` without its slashes.
pub(super) fn bare(regex: &str) -> String {
    let regex: &str = regex.trim();
    let inner: Option<&str> = regex.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')).map(|(inner, _)| inner);
    inner.unwrap_or(regex).to_owned()
}

/// Whether our regular expressions know what this one asks for: they look neither ahead nor back.
pub(super) fn is_known_regex(regex: &str) -> bool {
    let is_plain: bool = !["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| regex.contains(look));
    // Groups named text and value mean two things at once to Grafana.
    is_plain && !regex.contains("?<text>") && !regex.contains("?<value>")
}

/// The label that a regular expression takes out of `metric{label="value"} 1 1600000000`.
fn label_of(regex: &str) -> Option<String> {
    let (before, _) = regex.split_once("=\"(").or_else(|| regex.split_once("=\\\"("))?;
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let start: usize = before.rfind(|character: char| !is_name(character)).map_or(0, |at| at + 1);
    let label: &str = before.get(start..)?;
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(label: &str, selector: &str, regex: &str) -> Option<Offer> {
        Some(Offer::LabelValues { label: label.to_owned(), selector: selector.to_owned(), regex: regex.to_owned() })
    }

    #[test]
    fn queries_of_variables_are_read() {
        for (query, regex, expected) in [
            ("label_values(job)", "", values("job", "", "")),
            ("label_values(up, instance)", "/web-(.*)/", values("instance", "up", "web-(.*)")),
            (" label_values( up{a=\"b,c)\", d=~`x,`} , host ) ", "", values("host", "up{a=\"b,c)\", d=~`x,`}", "")),
            ("label_values(sum(x) by (a, b), a)", "", values("a", "sum(x) by (a, b)", "")),
            ("label_values(up{job=\"$job\"}, instance)", "a/b", values("instance", "up{job=\"$job\"}", "a/b")),
            ("metrics(node_.*)", "", values("__name__", "{__name__=~\"node_.*\"}", "")),
            (
                "query_result(topk(5, x))",
                "/.*instance=\"([^\"]+)\".*/",
                Some(Offer::Query { expr: "topk(5, x)".to_owned(), label: "instance".to_owned() }),
            ),
            ("query_result(up)", "", None),
            ("label_names()", "", None),
            ("label_values(up, $label)", "", None),
            ("label_values()", "", None),
            ("", "", None),
        ] {
            assert_eq!(offer(query, regex), expected, "{query}");
        }
    }

    #[test]
    fn looking_around_is_not_known() {
        assert!(is_known_regex("web-(.*)"));
        assert!(!is_known_regex("(?!web).*"));
        assert!(!is_known_regex("(?<text>.*)-(?<value>.*)"));
    }
}
