//! What forms put into the address, and how it is read back.
//!
//! Read from the address itself and not from the router's map of it: the map decodes percent signs twice, which an expression such as
//! `host=~"100%25"` does not survive, and it keeps one value of a name, where a form sends every box that is ticked.

use api::silences::SilenceAsk;

/// The names and values of the part behind the question mark, in order.
#[must_use]
pub fn pairs(search: &str) -> Vec<(String, String)> {
    let written = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    written
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value).replace("\r\n", "\n"))
        })
        .collect()
}

/// The silence that the address asks for, and its comment.
#[must_use]
pub fn silence(search: &str) -> (SilenceAsk, String) {
    let (mut ask, mut comment) = (SilenceAsk::default(), String::new());
    for (name, value) in pairs(search) {
        match name.as_str() {
            "kind" => ask.kind = value,
            "matchers" => ask.matchers = value,
            "span" => ask.span = value,
            "from" => ask.from = value,
            "until" => ask.until = value,
            "repeat[]" => ask.repeat.push(value),
            "comment" => comment = value,
            _ => {}
        }
    }
    (ask, comment)
}

/// As a form encodes it: `+` is a blank, `%XX` a byte. What is no such byte stays as it stands.
fn decoded(value: &str) -> String {
    let bytes: &[u8] = value.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at: usize = 0;
    while at < bytes.len() {
        match (bytes[at], escaped(bytes, at)) {
            (_, Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', None) => out.push(b' '),
            (byte, None) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The byte that `%XX` at this place stands for.
fn escaped(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes[at] != b'%' {
        return None;
    }
    let digit = |place: usize| char::from(*bytes.get(place)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(at + 1)? * 16 + digit(at + 2)?)
}

#[cfg(test)]
mod tests {
    use super::{pairs, silence};

    #[test]
    fn a_form_comes_back_from_its_address() {
        let sent = "?kind=maintenance&matchers=host%3D~%22100%25.%2B%22%0D%0Ateam%3Ddb&span=custom&from=2026-11-22T18%3A00\
                    &repeat%5B%5D=mon&repeat%5B%5D=02%3A00&repeat%5B%5D=03%3A00&comment=deploy+%26+test&other=1";
        let (ask, comment) = silence(sent);
        assert_eq!(ask.matchers, "host=~\"100%.+\"\nteam=db");
        assert_eq!((ask.kind.as_str(), ask.span.as_str(), ask.from.as_str()), ("maintenance", "custom", "2026-11-22T18:00"));
        assert_eq!(ask.repeat, ["mon", "02:00", "03:00"]);
        assert_eq!(comment, "deploy & test");
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert!(pairs("").is_empty() && pairs("?").is_empty());
        let expected = [("a", "%zz%4"), ("b", ""), ("見", "守")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs("a=%zz%4&b&%E8%A6%8B=%E5%AE%88"), expected);
    }
}
