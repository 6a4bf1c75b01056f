//! Why a stranger is not let in yet, and what they can do about it.

/// What a plain screen has to say besides its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Deliberately the same for an unknown e-mail and a wrong password.
    WrongCredentials,
    /// Too many failures: the next try counts only after so many seconds.
    TryLater { seconds: u32 },
    /// It could not be done just now, and not for a mistake of theirs.
    Busy,
    /// The session they had has ended.
    Expired,
    /// Somebody has finished the set-up.
    SetUpDone,
    /// The code of the link is wrong, used, renewed or expired.
    WrongLink,
    /// Set-up without the code of its link.
    NoLink,
    /// The chosen password breaks a rule.
    Password(PasswordTrouble),
    /// What was typed into the field of that name can't be taken.
    Field(&'static str),
}

/// Which rule a chosen password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordTrouble {
    /// Under 8 characters.
    TooShort,
    /// Over 128 characters.
    TooLong,
    /// Among the first that anybody would try.
    Common,
    /// The person's own name or e-mail.
    LikeName,
}

/// A problem in words: what happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub what: String,
    /// Empty when the first sentence says it all.
    pub action: String,
}

impl Said {
    pub(super) fn new(what: impl Into<String>, action: impl Into<String>) -> Self {
        Self { what: what.into(), action: action.into() }
    }
}
