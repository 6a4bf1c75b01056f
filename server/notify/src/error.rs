//! What can go wrong in this room. Those before [`Error::Database`] are safe to show; the others belong in the log.

use crate::channels::BadSettings;
use crate::sealed::SealError;

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no channel named {name:?}")]
    NoChannel { name: String },
    #[error("there is a channel named {name:?} already")]
    Taken { name: String },
    #[error("{name:?} can't name a channel: expected 1 to 63 of a-z, 0-9 and -, not beginning with -")]
    Name { name: String },
    #[error("the channel {name:?} was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { name: String, expected: i64, found: i64 },
    #[error("the channel {name:?} is of the kind {is} and can't become {wanted}: add another channel")]
    KindFixed { name: String, is: String, wanted: String },
    #[error("the settings of a channel may have {max} bytes, these have {n}")]
    Large { n: usize, max: usize },
    #[error("there may be {max} channels")]
    TooMany { max: i64 },
    #[error("{zone:?} is no time zone: expected an IANA name such as Asia/Tokyo")]
    Zone { zone: String },
    /// What the channel itself says about its settings.
    #[error(transparent)]
    Settings(#[from] BadSettings),
    /// Several of those before, in the order of the form.
    #[error("{all}", all = listed(.0))]
    Several(Vec<Error>),
    #[error("ask the database about channels and deliveries")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} holds {value:?}")]
    Corrupt { table: &'static str, column: &'static str, row: String, value: String },
    #[error("write what a page says as JSON")]
    Encode(#[source] serde_json::Error),
    #[error("tell what became of a page to a person")]
    Personal(#[from] crate::needs::NotTold),
    #[error("open or seal the secrets of a channel")]
    Sealed(#[from] SealError),
}

fn listed(wrong: &[Error]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ")
}

impl Error {
    /// Everything that is wrong as one; `None` when nothing is.
    pub(crate) fn of_all(mut wrong: Vec<Self>) -> Option<Self> {
        if wrong.len() > 1 { Some(Self::Several(wrong)) } else { wrong.pop() }
    }
}
