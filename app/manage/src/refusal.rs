//! Why an act was refused, as something that can be said in both languages.
//!
//! The door sends one English sentence. Those that a reader of these screens can cause are recognised here, and only here; any other
//! is shown as it came.

use api::ApiError;

/// What a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    SignedOut,
    /// The role is too low.
    NotAllowed,
    WrongPassword,
    PasswordTooShort,
    PasswordTooLong,
    PasswordCommon,
    PasswordLikeName,
    PersonTaken,
    TeamTaken,
    LastAdmin,
    /// A name of no or too many characters.
    Name,
    Email,
    Scopes,
    Expiry,
    /// What the act was about is not there any more.
    Gone,
    /// The database is away.
    Away,
    TryLater {
        seconds: u32,
    },
    /// The call did not reach the server.
    NotReached,
    Other(String),
}

impl Refusal {
    /// Reads the door's error.
    #[must_use]
    pub fn of(error: &ApiError) -> Self {
        match error {
            ApiError::SignedOut => Self::SignedOut,
            ApiError::Denied { reason } => denied(reason),
            ApiError::NotFound { .. } => Self::Gone,
            ApiError::Invalid { field, expected } => invalid(field, expected, error),
            ApiError::Unavailable => Self::Away,
            ApiError::TryLater { seconds } => Self::TryLater { seconds: *seconds },
            ApiError::Transport { .. } => Self::NotReached,
        }
    }
}

fn denied(reason: &str) -> Refusal {
    let known = [
        ("needs the role", Refusal::NotAllowed),
        ("the password is wrong", Refusal::WrongPassword),
        ("a person of that name", Refusal::PersonTaken),
        ("a team of that name", Refusal::TeamTaken),
        ("the last enabled admin", Refusal::LastAdmin),
    ];
    known
        .into_iter()
        .find(|(part, _)| reason.contains(*part))
        .map_or_else(|| Refusal::Other(reason.to_owned()), |(_, refusal)| refusal)
}

fn invalid(field: &str, expected: &str, error: &ApiError) -> Refusal {
    match field {
        "name" => Refusal::Name,
        "email" => Refusal::Email,
        "scopes" => Refusal::Scopes,
        "expires_at" => Refusal::Expiry,
        "password" if expected.contains("at least") => Refusal::PasswordTooShort,
        "password" if expected.contains("at most") => Refusal::PasswordTooLong,
        "password" if expected.contains("anybody would try") => Refusal::PasswordCommon,
        "password" if expected.contains("own name") => Refusal::PasswordLikeName,
        _ => Refusal::Other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use api::ApiError;

    fn denied(reason: &str) -> Refusal {
        Refusal::of(&ApiError::Denied { reason: reason.to_owned() })
    }

    fn invalid(field: &str, expected: &str) -> Refusal {
        Refusal::of(&ApiError::Invalid { field: field.to_owned(), expected: expected.to_owned() })
    }

    #[test]
    fn sentences_of_the_door_are_recognised() {
        for (reason, expected) in [
            ("manage people needs the role admin, Hana has viewer", Refusal::NotAllowed),
            ("the e-mail or the password is wrong", Refusal::WrongPassword),
            ("a person of that name exists already", Refusal::PersonTaken),
            ("a team of that name exists already", Refusal::TeamTaken),
            ("the last enabled admin can be neither disabled nor given another role", Refusal::LastAdmin),
        ] {
            assert_eq!(denied(reason), expected, "{reason}");
        }
        assert_eq!(
            invalid("password", "a password needs at least 8 characters; 15 or more are better"),
            Refusal::PasswordTooShort
        );
        assert_eq!(invalid("password", "a password has at most 128 characters"), Refusal::PasswordTooLong);
        assert_eq!(invalid("password", "this password is among the first that anybody would try"), Refusal::PasswordCommon);
        assert_eq!(invalid("password", "a password can't be one's own name or e-mail address"), Refusal::PasswordLikeName);
        assert_eq!(invalid("email", "an address like hana@example.com"), Refusal::Email);
    }

    #[test]
    fn a_sentence_nobody_knows_is_shown_as_it_came() {
        assert_eq!(denied("only on Sundays"), Refusal::Other("only on Sundays".to_owned()));
        assert_eq!(invalid("colour", "blue"), Refusal::Other("colour: blue".to_owned()));
    }
}
