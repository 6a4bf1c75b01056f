//! What can go wrong in this room. Messages are safe to show, except those of the last four variants, which belong in the log.

use crate::passwords::rules::PasswordProblem;
use model::Role;

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Deliberately the same for an unknown e-mail, a wrong password, a disabled and a not yet joined person.
    #[error("the e-mail or the password is wrong")]
    WrongCredentials,
    #[error("too many attempts: try again in {seconds} s")]
    TryLater { seconds: u32 },
    /// Every hashing permit stayed taken for as long as a person waits.
    #[error("too many sign-ins at once: try again in a moment")]
    Overloaded,
    #[error("set-up has already been done")]
    SetUpDone,
    #[error("the set-up code is wrong or has expired")]
    WrongSetUpCode,
    #[error("the invitation is wrong, used or has expired")]
    WrongInvitation,
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    #[error("{field}: {expected}")]
    Invalid { field: &'static str, expected: Expected },
    /// Several fields are wrong, in the order of the form.
    #[error("{all}", all = listed(.0))]
    Mistakes(Vec<Mistake>),
    #[error("somebody with that e-mail exists already")]
    PersonTaken,
    #[error("a team of that name exists already")]
    TeamTaken,
    #[error("{what} was not found")]
    NotFound { what: &'static str },
    #[error("the last enabled admin can be neither disabled nor given another role")]
    LastAdmin,
    #[error("a token can't have the role {wanted}, its maker has {has}", wanted = wanted.as_str(), has = has.as_str())]
    RoleTooHigh { wanted: Role, has: Role },
    /// A worker or a token asked for something that only a person has.
    #[error("only a person has an account")]
    NotAPerson,
    #[error("ask the database about people and sessions")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} holds {value:?}")]
    Corrupt { table: &'static str, column: &'static str, row: String, value: String },
    #[error("hash a password: {0}")]
    Hashing(argon2::password_hash::Error),
    #[error("wait for a password to be hashed")]
    HashingThread(#[source] tokio::task::JoinError),
}

/// One wrong field of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct Mistake {
    pub field: &'static str,
    pub expected: Expected,
}

fn listed(wrong: &[Mistake]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ")
}

impl Error {
    /// Both answers, or everything that is wrong with either.
    ///
    /// # Errors
    /// The mistakes of both; what is no mistake of the writer's goes before.
    pub(crate) fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
            (Err(one), Err(other)) => Err(one.with(other)),
        }
    }

    fn with(self, other: Self) -> Self {
        match (self.mistakes(), other.mistakes()) {
            (Some(one), Some(more)) => Self::Mistakes(one.into_iter().chain(more).collect()),
            (None, _) => self,
            (Some(_), None) => other,
        }
    }

    /// The fields that are wrong; `None` where it is about something else.
    fn mistakes(&self) -> Option<Vec<Mistake>> {
        match self {
            Self::Invalid { field, expected } => Some(vec![Mistake { field, expected: *expected }]),
            Self::Mistakes(wrong) => Some(wrong.clone()),
            _ => None,
        }
    }
}

/// What a field should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    #[error("{least} to {most} characters")]
    Characters { least: u32, most: u32 },
    #[error("an address like hana@example.com")]
    Email,
    #[error("at least one, and only known ones")]
    Scopes,
    #[error("a moment from now to {days} days ahead")]
    Expiry { days: u32 },
    #[error("an IANA time zone like Asia/Tokyo")]
    Zone,
}

#[cfg(test)]
mod tests {
    use super::{Error, Expected};

    fn wrong(field: &'static str) -> Result<(), Error> {
        Err(Error::Invalid { field, expected: Expected::Email })
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let both = Error::both(wrong("name"), wrong("email")).map(|_| ());
        let all = Error::both(both, wrong("zone")).unwrap_err();
        assert_eq!(all.to_string().matches("an address like").count(), 3);
        assert!(matches!(&all, Error::Mistakes(wrong) if wrong.len() == 3), "{all}");
        assert!(matches!(Error::both(Ok(1), wrong("email")), Err(Error::Invalid { field: "email", .. })));
        assert!(matches!(Error::both(wrong("name"), Err::<(), Error>(Error::PersonTaken)), Err(Error::PersonTaken)));
        assert!(matches!(Error::both(Ok(1), Ok(2)), Ok((1, 2))));
    }
}
