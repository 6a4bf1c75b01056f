//! Ids, names and addresses.

use super::both;
use crate::said::Said;

const MOST_ID: usize = 64;
/// Bytes of an address.
const MOST_ADDRESS: usize = 2_000;

/// Whether a text may be a dashboard's slug or a panel's id: `a-z`, `0-9`, `-`, 1 to 64 of them.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MOST_ID).contains(&text.len()) && text.bytes().all(allowed)
}

pub(super) fn expected_id() -> Said {
    both("英小文字、数字、ハイフンで1〜64文字", "1 to 64 lower-case letters, digits and hyphens")
}

/// Whether a variable may have that name: letters, digits and `_`, not beginning with a digit nor with `__`, at most 64.
#[must_use]
pub fn is_variable_name(text: &str) -> bool {
    let starts: bool = text.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    starts && text.len() <= MOST_ID && !text.starts_with("__") && text.bytes().all(allowed)
}

pub(super) fn expected_variable_name() -> Said {
    both(
        "英字、数字、_ の名前（数字と __ では始まらない、64文字まで）",
        "a name of letters, digits and _, at most 64, that begins with neither a digit nor __",
    )
}

/// Whether a label of the data may have that name, `__name__` included.
pub(super) fn is_label_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 1_024 && !text.contains(['"', '\\', '\n'])
}

/// Whether a link may lead there: never to a script, never to another house by leaving out its protocol. A browser takes tabs and line
/// breaks out of an address and a backslash for a slash, so none may be in it.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain: bool = text.len() <= MOST_ADDRESS && !text.contains(|found: char| found.is_control() || found == '\\');
    let lower: String = text.to_ascii_lowercase();
    let is_abroad: bool = ["https://", "http://"].iter().any(|start| lower.starts_with(start) && lower.len() > start.len());
    is_plain && (is_abroad || (text.starts_with('/') && !text.starts_with("//")))
}
