//! The one error that crosses the door. Safe to show: it says what happened, never what lies inside.
//!
//! Reasons are data, so that a screen says them in its reader's language; as text they are English, for programs and logs.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::Role;
use model::alert::AlertState;
use model::ids::AlertId;
use serde::{Deserialize, Serialize};

/// Why the server did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// No valid session: sign in again.
    #[error("not signed in, or the sign-in has expired")]
    SignedOut,
    /// Understood, but not done: whoever asks may not, or things don't stand that way.
    #[error("{reason}")]
    Denied { reason: Denial },
    /// There is no such thing (any more).
    #[error("{what} was not found")]
    NotFound { what: String },
    /// The input is wrong: which field, and what was expected.
    #[error("{field}: {expected}")]
    Invalid { field: String, expected: Expected },
    /// The database can't be reached; it heals by itself.
    #[error("the database can't be reached")]
    Unavailable,
    /// Too many requests; try again later.
    #[error("too many attempts: try again in {seconds} s")]
    TryLater { seconds: u32 },
    /// The call did not reach the server or was not understood.
    #[error("{reason}")]
    Transport { reason: String },
    /// Several fields are wrong at once, in the order of the form.
    #[error("{all}", all = listed(wrong))]
    Mistakes { wrong: Vec<Mistake> },
}

/// One wrong field of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct Mistake {
    pub field: String,
    pub expected: Expected,
}

fn listed(wrong: &[Mistake]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ")
}

impl Mistake {
    /// A field and what it should hold.
    #[must_use]
    pub fn new(field: &str, expected: Expected) -> Self {
        Self { field: field.to_owned(), expected }
    }
}

impl ApiError {
    /// Everything that is wrong with a form; `None` when nothing is.
    #[must_use]
    pub fn of_mistakes(mut wrong: Vec<Mistake>) -> Option<Self> {
        match wrong.len() {
            0 => None,
            1 => wrong.pop().map(|Mistake { field, expected }| Self::Invalid { field, expected }),
            _ => Some(Self::Mistakes { wrong }),
        }
    }

    /// The fields that are wrong; none where it is about something else.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        match self {
            Self::Invalid { field, expected } => vec![Mistake::new(field, expected.clone())],
            Self::Mistakes { wrong } => wrong.clone(),
            _ => Vec::new(),
        }
    }
}

/// Why something that was understood is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The role is too low for the action.
    #[error("{action} needs the role {needs}, {who} has {has}", needs = needs.as_str(), has = has.as_str())]
    Role { action: String, who: String, needs: Role, has: Role },
    /// A program's token lacks a scope.
    #[error("{action} needs a token with the scope {scope}")]
    Scope { action: String, scope: String },
    /// No token may do it, whatever its scopes.
    #[error("{action} can't be done with a token, only by a signed-in person")]
    NoToken { action: String },
    #[error("the password is wrong")]
    WrongPassword,
    #[error("somebody with that e-mail exists already")]
    PersonTaken,
    #[error("a team of that name exists already")]
    TeamTaken,
    /// Somebody must remain who can manage people.
    #[error("the last enabled admin can be neither disabled nor given another role")]
    LastAdmin,
    /// A token can't do more than its maker.
    #[error("a token can't have the role {wanted}, its maker has {has}", wanted = wanted.as_str(), has = has.as_str())]
    RoleTooHigh { wanted: Role, has: Role },
    /// A token or a worker asked for something that only a person has.
    #[error("only a person has an account")]
    NotAPerson,
    /// Only a firing alert can be answered.
    #[error("alert {alert} is {word}, not firing", word = .state.as_str())]
    NotFiring { alert: AlertId, state: AlertState },
    /// A reason without a word of its own: shown as it came.
    #[error("{said}")]
    Other { said: String },
}

/// What a field should hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    #[error("{least} to {most} characters")]
    Characters { least: u32, most: u32 },
    #[error("an address like hana@example.com")]
    Email,
    #[error("a password of at least {least} characters; 15 or more are better")]
    LongerPassword { least: u32 },
    #[error("a password of at most {most} characters")]
    ShorterPassword { most: u32 },
    #[error("a password that is not among the first that anybody would try")]
    RarerPassword,
    #[error("a password that is not one's own name or e-mail address")]
    PasswordUnlikeName,
    #[error("at least one scope, and only known ones")]
    Scopes,
    #[error("a moment from now to {days} days ahead")]
    Expiry { days: u32 },
    #[error("an IANA time zone like Asia/Tokyo")]
    Zone,
    /// Without a word of its own: shown as it came.
    #[error("{said}")]
    Other { said: String },
}

impl Expected {
    /// One that only programs and hand-written addresses can miss, and that hence needs no translation.
    #[must_use]
    pub fn other(said: &str) -> Self {
        Self::Other { said: said.to_owned() }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// Arguments that can't be read are the caller's mistake; everything else happened on the way.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(said) | ServerFnErrorErr::MissingArg(said) => {
                Self::Invalid { field: "arguments".to_owned(), expected: Expected::Other { said } }
            }
            other => Self::Transport { reason: other.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(error: &ApiError) -> String {
        let text = serde_json::to_string(error).expect("an error is plain data");
        let back: ApiError = serde_json::from_str(&text).expect("what was written can be read");
        assert_eq!(&back, error);
        text
    }

    #[test]
    fn reasons_cross_the_door_with_their_parameters() {
        let role =
            Denial::Role { action: "manage people".to_owned(), who: "Hana".to_owned(), needs: Role::Admin, has: Role::Viewer };
        let text = round(&ApiError::Denied { reason: role.clone() });
        assert!(text.starts_with(r#"{"denied":{"reason":{"role":{"action":"manage people""#), "{text}");
        assert_eq!(role.to_string(), "manage people needs the role admin, Hana has viewer");
        let held = Denial::NotFiring { alert: AlertId(7), state: AlertState::Resolved };
        assert_eq!(held.to_string(), "alert A-7 is resolved, not firing");
        round(&ApiError::Denied { reason: held });
        let field = "name".to_owned();
        let text = round(&ApiError::Invalid { field, expected: Expected::Characters { least: 1, most: 100 } });
        assert_eq!(text, r#"{"invalid":{"field":"name","expected":{"characters":{"least":1,"most":100}}}}"#);
    }

    #[test]
    fn one_mistake_is_one_and_several_are_told_together() {
        let email = Mistake::new("email", Expected::Email);
        let zone = Mistake::new("zone", Expected::Zone);
        assert_eq!(ApiError::of_mistakes(Vec::new()), None);
        let one = ApiError::of_mistakes(vec![email.clone()]).unwrap();
        assert_eq!(one, ApiError::Invalid { field: "email".to_owned(), expected: Expected::Email });
        assert_eq!(one.mistakes(), std::slice::from_ref(&email));
        let both = ApiError::of_mistakes(vec![email.clone(), zone.clone()]).unwrap();
        assert_eq!(both.to_string(), format!("{email}; {zone}"));
        assert_eq!(both.mistakes(), [email, zone]);
        round(&both);
        assert_eq!(ApiError::Unavailable.mistakes(), []);
    }

    #[test]
    fn arguments_that_cannot_be_read_are_the_callers_mistake() {
        let missing = ApiError::from_server_fn_error(ServerFnErrorErr::MissingArg("id".to_owned()));
        assert_eq!(missing, ApiError::Invalid { field: "arguments".to_owned(), expected: Expected::other("id") });
        let lost = ApiError::from_server_fn_error(ServerFnErrorErr::Request("no line".to_owned()));
        assert!(matches!(lost, ApiError::Transport { .. }));
    }
}
