//! The screens that need no script at all: sign-in, set-up, joining, and what stands there while the database is away.
//!
//! Each function writes a whole document. They use the components of the console, so that both look alike, and link nothing but the
//! style sheet and an icon.

mod document;
mod entry;
mod join;
mod problem;
mod set_up;
mod shown_once;
mod sign_in;
mod trouble;
mod words;

#[cfg(test)]
mod tests;

pub use join::join;
pub use problem::{PasswordTrouble, Problem};
pub use set_up::{SetUpFields, set_up};
pub use shown_once::{Secret, shown_once};
pub use sign_in::sign_in;
pub use trouble::trouble;

use figures::Locale;
use model::theme::Theme;

/// How a stranger sees: what the server could tell from cookies and headers.
#[derive(Clone, Debug)]
pub struct Plain {
    pub locale: Locale,
    pub theme: Theme,
    /// The style sheet's address, with its hash.
    pub style_href: String,
}
