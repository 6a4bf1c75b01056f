//! What people type, brought into shape or refused.

use crate::error::{Error, Expected};

const LONGEST_NAME: u32 = 100;
/// RFC 5321 section 4.5.3.1: a path of 256 octets with its two angle brackets.
const LONGEST_EMAIL: usize = 254;
/// Enough to recognise a browser; the rest of a hostile header is not worth keeping.
const LONGEST_AGENT: usize = 200;

/// A name of a person, team, token or organisation, without blanks around it.
///
/// # Errors
/// `Invalid` when it is empty, longer than 100 characters or holds control characters.
pub fn name(field: &'static str, typed: &str) -> Result<String, Error> {
    let name = typed.trim();
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME as usize || name.chars().any(char::is_control) {
        return Err(Error::Invalid { field, expected: Expected::Characters { least: 1, most: LONGEST_NAME } });
    }
    Ok(name.to_owned())
}

/// An e-mail address, without blanks around it. Only its shape is looked at: whether it exists is known when mail arrives.
///
/// # Errors
/// `Invalid` when it has not the shape `somebody@somewhere`.
pub fn email(typed: &str) -> Result<String, Error> {
    let email = typed.trim();
    let shaped = email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if !shaped || email.len() > LONGEST_EMAIL || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::Invalid { field: "email", expected: Expected::Email });
    }
    Ok(email.to_owned())
}

/// The form by which e-mail addresses and team names are compared. A NUL can't be stored, hence can't be searched for either.
pub fn key(text: &str) -> String {
    text.trim().to_lowercase().replace('\0', "")
}

/// A user agent as far as it is kept.
pub fn agent(header: &str) -> String {
    header.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mails_have_one_at_sign_with_something_on_both_sides() {
        assert_eq!(email(" Hana@Example.com ").unwrap(), "Hana@Example.com");
        for wrong in ["", "hana", "@example.com", "hana@", "a@b@c", "a b@example.com", "a\0@example.com"] {
            assert!(matches!(email(wrong), Err(Error::Invalid { field: "email", .. })), "{wrong:?}");
        }
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name("name", " 花 ").unwrap(), "花");
        for wrong in [String::new(), "  ".to_owned(), "a\nb".to_owned(), "x".repeat(101)] {
            assert!(matches!(name("name", &wrong), Err(Error::Invalid { field: "name", .. })), "{wrong:?}");
        }
    }

    #[test]
    fn keys_ignore_case_and_agents_are_cut() {
        assert_eq!(key(" Hana@Example.COM\0"), "hana@example.com");
        assert_eq!(agent(&"é\n".repeat(500)).chars().count(), 200);
    }
}
