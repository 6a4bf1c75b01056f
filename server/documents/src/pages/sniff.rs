//! What a file is, by what is inside: what it is called is what whoever sent it says, and a browser must never be told more than is so.

use super::refused::Refused;

/// What a file may be, and how it is called then.
const KNOWN: [&str; 18] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    TEXT,
];
/// What a browser may draw in a page: it runs nothing of it.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];
/// Any text, whatever its language: shown as letters and nothing else.
pub const TEXT: &str = "text/plain; charset=utf-8";
const EXPECTED: &str = "a picture, PDF, text, office document, film, sound or archive";

/// The type of a file, if it is of those that may belong to a page.
///
/// # Errors
/// [`Refused::BadFile`] when it is not, above all when it is a program.
pub fn media_type(name: &str, bytes: &[u8]) -> Result<&'static str, Refused> {
    let found: &'static str = match infer::get(bytes) {
        Some(kind) => kind.mime_type(),
        None if is_text(bytes) => TEXT,
        None => "unknown bytes",
    };
    // Markup is text that a browser must not read as markup.
    let found: &'static str = if found.starts_with("text/") && is_text(bytes) { TEXT } else { found };
    match KNOWN.into_iter().find(|known| *known == found) {
        Some(known) => Ok(known),
        None => Err(Refused::BadFile { name: name.to_owned(), found: found.to_owned(), expected: EXPECTED }),
    }
}

/// Whether a browser may draw it in a page.
#[must_use]
pub fn is_shown(media_type: &str) -> bool {
    SHOWN.contains(&media_type)
}

fn is_text(bytes: &[u8]) -> bool {
    let has_control = |text: &str| text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'));
    std::str::from_utf8(bytes).is_ok_and(|text| !has_control(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_is_inside() {
        let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        for (name, bytes, expected) in [
            ("a.txt", png, Some("image/png")),
            ("a.png", "<!DOCTYPE html><script>x</script>".as_bytes(), Some(TEXT)),
            ("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x\"/>".as_bytes(), Some(TEXT)),
            ("a.png", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".as_slice(), None),
            ("a.pdf", b"%PDF-1.7\n".as_slice(), Some("application/pdf")),
            ("a.bin", b"\0\x01\x02".as_slice(), None),
            ("a.sjis", b"\x82\xa0".as_slice(), None),
            ("empty", b"".as_slice(), Some(TEXT)),
            ("手順.yaml", "段階: 1\n".as_bytes(), Some(TEXT)),
        ] {
            assert_eq!(media_type(name, bytes).ok(), expected, "{name}");
        }
        assert!(is_shown("image/png") && !is_shown(TEXT) && !is_shown("image/svg+xml") && !is_shown("application/pdf"));
    }
}
