//! Several matchers in one line, as people write them: `host="app-01", severity=~"P0|P1"`, in braces or without.

use super::matchers::{BadMatcher, Matcher};

/// Characters of one list: more than the longest matchers together are a mistake.
pub const MAX_LIST: usize = 40_000;

/// The matchers of a text. Commas and line breaks part them, except inside quotes; an empty text has none.
///
/// # Errors
/// The first that is none.
pub fn read(text: &str) -> Result<Vec<Matcher>, BadMatcher> {
    let n: usize = text.chars().count();
    if n > MAX_LIST {
        return Err(BadMatcher::Long { n });
    }
    let pieces: Vec<String> = pieces(without_braces(text.trim()));
    pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty()).map(|piece| piece.parse::<Matcher>()).collect()
}

/// Matchers as one line.
#[must_use]
pub fn print(matchers: &[Matcher]) -> String {
    matchers.iter().map(ToString::to_string).collect::<Vec<String>>().join(", ")
}

/// As `PromQL` writes them.
fn without_braces(text: &str) -> &str {
    text.strip_prefix('{').and_then(|inside| inside.strip_suffix('}')).unwrap_or(text)
}

fn pieces(text: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in text.chars() {
        if !is_quoted && matches!(character, ',' | '\n' | '\r') {
            all.push(String::new());
            continue;
        }
        if let Some(last) = all.last_mut() {
            last.push(character);
        }
        if character == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = is_quoted && character == '\\' && !is_escaped;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::matchers::Op;
    use super::*;
    use proptest::prelude::*;

    fn read_back(text: &str) -> Vec<String> {
        read(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            (" {} ", &[]),
            ("name=\"value\", host=~\"web.*\"", &["name=\"value\"", "host=~\"web.*\""]),
            ("{a=b,c!=d}", &["a=\"b\"", "c!=\"d\""]),
            ("a=b\r\nc=d\n", &["a=\"b\"", "c=\"d\""]),
            ("a=\"x, y\\\", z\",, b=1", &["a=\"x, y\\\", z\"", "b=\"1\""]),
        ];
        for (text, expected) in table {
            assert_eq!(read_back(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_that_is_none_is_told() {
        assert_eq!(read("a=b, oops, c=d"), Err(BadMatcher::Form("oops".to_owned())));
        assert!(read("a=~\"(\"").is_err());
        assert!(read("a=\"open, b=c").is_err(), "a quote that does not end");
        let long: String = "a=b,".repeat(MAX_LIST / 4 + 1);
        assert_eq!(read(&long), Err(BadMatcher::Long { n: long.len() }));
    }

    proptest! {
        #[test]
        fn a_list_reads_what_it_prints(values in prop::collection::vec(("[a-z\"\\\\\n,{} =~!]{0,10}", any::<bool>()), 0..5)) {
            let op = |is_equal: bool| if is_equal { Op::Equal } else { Op::NotEqual };
            let matchers: Vec<Matcher> =
                values.iter().map(|(value, is_equal)| Matcher::new("host", op(*is_equal), value).unwrap()).collect();
            prop_assert_eq!(read(&print(&matchers)).unwrap(), matchers);
        }
    }
}
