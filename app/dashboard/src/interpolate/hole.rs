//! Where a value is to be filled in.

/// A name in a text, with its dollar sign and braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) name: String,
    /// The word behind the colon of `${name:regex}`.
    pub(super) form: Option<String>,
    /// The byte behind it.
    pub(super) end: usize,
}

/// What begins at byte `at` of `text`, if it is one: `$name`, `${name}`, `${name:form}`, `[[name]]`, `[[name:form]]`.
pub(super) fn at(text: &str, at: usize) -> Option<Hole> {
    let rest: &str = text.get(at..)?;
    if let Some(inner) = rest.strip_prefix("${") {
        return closed(inner, "}", at + 2);
    }
    if let Some(inner) = rest.strip_prefix("[[") {
        return closed(inner, "]]", at + 2);
    }
    let inner: &str = rest.strip_prefix('$')?;
    let length: usize = name_length(inner);
    (length > 0).then(|| Hole { name: inner[..length].to_owned(), form: None, end: at + 1 + length })
}

fn closed(inner: &str, close: &str, begin: usize) -> Option<Hole> {
    let length: usize = inner.find(close)?;
    let (name, form): (&str, Option<&str>) = match inner[..length].split_once(':') {
        Some((name, form)) => (name, Some(form)),
        None => (&inner[..length], None),
    };
    let is_hole: bool = is_name(name) && form.is_none_or(is_name);
    is_hole.then(|| Hole { name: name.to_owned(), form: form.map(str::to_owned), end: begin + length + close.len() })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// How many bytes at the beginning of `text` are a name: letters, digits and `_`, no digit first.
fn name_length(text: &str) -> usize {
    if text.bytes().next().is_none_or(|first| first.is_ascii_digit()) {
        return 0;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_all_their_forms() {
        for (text, name, form, end) in [
            ("$host", "host", None, 5),
            ("$host-1", "host", None, 5),
            ("$__range_s]", "__range_s", None, 10),
            ("${host}", "host", None, 7),
            ("${host:regex}.", "host", Some("regex"), 13),
            ("[[host]]]", "host", None, 8),
            ("[[host:csv]]", "host", Some("csv"), 12),
        ] {
            let hole = Hole { name: name.to_owned(), form: form.map(str::to_owned), end };
            assert_eq!(at(text, 0), Some(hole), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in
            ["$1", "$", "$$", "${1}", "${}", "${a b}", "${a:}", "${a:\"}", "${a", "[[a]", "[5m]", "[[[a]]]", "a", "", "$é"]
        {
            assert_eq!(at(text, 0), None, "{text}");
        }
        assert_eq!(at("é$a", 1), None);
    }
}
