//! String literals: Go's escapes, as Prometheus reads them, and back.

/// The contents of a string literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unquoted {
    /// The text; U+FFFD stands for bytes that are not UTF-8.
    pub text: String,
    /// Whether escapes such as `\xff` made bytes that are not UTF-8.
    pub lossy: bool,
}

/// A wrong escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscapeError {
    /// Byte offset of the backslash inside the literal.
    pub at: usize,
    /// What is wrong.
    pub message: &'static str,
}

/// Reads a literal with its quotes: `"…"`, `'…'` with escapes, or `` `…` `` as it stands.
///
/// # Errors
/// On the first escape Go does not know.
pub fn unquote(literal: &str) -> Result<Unquoted, EscapeError> {
    Ok(match String::from_utf8(unquoted_bytes(literal)?) {
        Ok(text) => Unquoted { text, lossy: false },
        Err(error) => Unquoted { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), lossy: true },
    })
}

fn unquoted_bytes(literal: &str) -> Result<Vec<u8>, EscapeError> {
    let quote: u8 = literal.as_bytes().first().copied().unwrap_or(b'"');
    let end: usize = literal.len().saturating_sub(1).max(1);
    let body: &[u8] = literal.as_bytes().get(1..end).unwrap_or_default();
    let mut bytes: Vec<u8> = Vec::with_capacity(body.len());
    let mut at: usize = 0;
    while at < body.len() {
        if body[at] == b'\\' && quote != b'`' {
            let escaped: Result<usize, &'static str> = escape(&body[at + 1..], quote, &mut bytes);
            let backslash: usize = at + 1;
            at += escaped.map_err(|message| EscapeError { at: backslash, message })?;
        } else {
            bytes.push(body[at]);
        }
        at += 1;
    }
    Ok(bytes)
}

/// A literal written again as a double-quoted one, bytes that are not UTF-8 as `\xff`: how messages show it.
///
/// # Errors
/// As [`unquote`].
pub fn requote(literal: &str) -> Result<String, EscapeError> {
    let bytes: Vec<u8> = unquoted_bytes(literal)?;
    let mut quoted: String = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        push_escaped(&mut quoted, chunk.valid());
        for byte in chunk.invalid() {
            quoted.push_str(&format!("\\x{byte:02x}"));
        }
    }
    quoted.push('"');
    Ok(quoted)
}

/// Appends what the escape after a backslash stands for; returns its length without the backslash.
fn escape(rest: &[u8], quote: u8, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let kind: u8 = *rest.first().ok_or("escape sequence not terminated")?;
    let simple: Option<u8> = match kind {
        b'a' => Some(0x07),
        b'b' => Some(0x08),
        b'f' => Some(0x0c),
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'v' => Some(0x0b),
        b'\\' => Some(b'\\'),
        _ if kind == quote => Some(quote),
        _ => None,
    };
    if let Some(byte) = simple {
        out.push(byte);
        return Ok(1);
    }
    match kind {
        b'0'..=b'7' => push_byte(digits(rest, 3, 8)?, 3, out),
        b'x' => push_byte(digits(&rest[1..], 2, 16)?, 3, out),
        b'u' => push_char(digits(&rest[1..], 4, 16)?, 5, out),
        b'U' => push_char(digits(&rest[1..], 8, 16)?, 9, out),
        _ => Err("unknown escape sequence"),
    }
}

fn digits(rest: &[u8], count: usize, radix: u32) -> Result<u32, &'static str> {
    const WRONG: &str = "escape sequence has too few digits";
    let text: &[u8] = rest.get(..count).ok_or(WRONG)?;
    let mut value: u32 = 0;
    for byte in text {
        let digit: u32 = char::from(*byte).to_digit(radix).ok_or(WRONG)?;
        // Eight hexadecimal digits fill a u32 exactly, so nothing is lost here.
        value = value.wrapping_mul(radix).wrapping_add(digit);
    }
    Ok(value)
}

fn push_byte(value: u32, length: usize, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let byte: u8 = u8::try_from(value).map_err(|_| "octal escape is above 377")?;
    out.push(byte);
    Ok(length)
}

fn push_char(value: u32, length: usize, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let character: char = char::from_u32(value).ok_or("escape sequence is no valid Unicode code point")?;
    let mut buffer: [u8; 4] = [0; 4];
    out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    Ok(length)
}

/// Writes text as a double-quoted literal that [`unquote`] reads back.
pub fn quote(text: &str) -> String {
    let mut quoted: String = String::with_capacity(text.len() + 2);
    quoted.push('"');
    push_escaped(&mut quoted, text);
    quoted.push('"');
    quoted
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
}
