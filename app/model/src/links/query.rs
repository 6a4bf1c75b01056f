//! What stands in an address behind the question mark: written so that it stays what it is, and read back.

/// Percent-encodes everything but RFC 3986's unreserved characters.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The pairs of an address's query, decoded once: `+` is a blank, `%XX` a byte, and what is no such byte stays as it stands. A browser
/// writes the line breaks of a form as CR LF; they are read as LF. (The router's own map decodes percent signs twice.)
#[must_use]
pub fn pairs(search: &str) -> Vec<(String, String)> {
    let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value).replace("\r\n", "\n"))
    };
    pairs.map(read).collect()
}

/// The same address without the fields that a form left empty; `None` when there are none. What is not said is the same as what is said
/// to be empty.
#[must_use]
pub fn without_empty(search: &str) -> Option<String> {
    let search: &str = search.trim_start_matches('?');
    let is_said = |pair: &&str| !matches!(pair.split_once('='), Some((name, value)) if name.is_empty() || value.is_empty());
    let said: Vec<&str> = search.split('&').filter(|pair| !pair.is_empty()).filter(is_said).collect();
    let clean: String = said.join("&");
    (clean != search).then_some(clean)
}

/// Reads what [`encode`] wrote, and what a browser's form writes.
#[must_use]
pub fn decode(text: &str) -> String {
    let bytes: &[u8] = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at: usize = 0;
    while at < bytes.len() {
        let escaped: Option<u8> = if bytes[at] == b'%' { text.get(at + 1..at + 3).and_then(hex) } else { None };
        out.push(match escaped {
            Some(byte) => byte,
            None if bytes[at] == b'+' => b' ',
            None => bytes[at],
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &str) -> Option<u8> {
    let is_hex: bool = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex { u8::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_sends_is_read_alike() {
        let read = pairs("?draft%5Bexpr%5D=a+%2B%0D%0Ab&x&y=%zz%4&%E8%A6%8B=1&");
        let expected = [("draft[expr]", "a +\nb"), ("x", ""), ("y", "%zz%4"), ("見", "1")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_a_form_left_empty_stands_in_no_address() {
        for (search, clean) in [
            ("", None),
            ("a=1&b=%20", None),
            ("flag", None),
            ("?a=1&b=&=&c=2", Some("a=1&c=2")),
            ("a=&b=", Some("")),
            ("a=1&&b=2", Some("a=1&b=2")),
            ("draft%5Bexpr%5D=a%3D&draft%5Bid%5D=", Some("draft%5Bexpr%5D=a%3D")),
        ] {
            assert_eq!(without_empty(search).as_deref(), clean, "{search}");
        }
    }
}
