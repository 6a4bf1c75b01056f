//! A secret that is shown exactly once, where no script could show it at its form: an invitation's link, or a token.

use super::Plain;
use super::document::{Sheet, document};
use super::words::{self, Words};
use leptos::prelude::*;
use model::links;
use ui::button::{ButtonLink, Rank};
use ui::context::use_look;

/// Where the secret stands. One press chooses the whole of it; a script that knows `data-copy` shows the button, and copies.
const SECRET: &str = "secret";

/// Which secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The address that an invited person opens.
    Invitation,
    /// A program's token.
    Token,
    /// The key of a tool that sends alerts.
    Integration,
    /// The address from which a calendar fetches who is on call.
    Calendar,
}

impl Secret {
    /// Where the form stands that it was made by.
    fn back(self) -> &'static str {
        match self {
            Self::Invitation => links::PEOPLE,
            Self::Token => links::ACCOUNT,
            Self::Integration => links::INTEGRATIONS,
            Self::Calendar => links::ONCALL,
        }
    }

    fn words(self, words: &'static Words) -> [&'static str; 3] {
        match self {
            Self::Invitation => words.invitation_made,
            Self::Token => words.token_made,
            Self::Integration => words.integration_made,
            Self::Calendar => words.calendar_made,
        }
    }
}

/// The document that answers the form. It has no switches at its foot: they would lead away from what can't be shown again.
#[must_use]
pub fn shown_once(look: &Plain, which: Secret, secret: &str) -> String {
    let title = which.words(words::of(look.locale))[0];
    let sheet = Sheet { locale: look.locale, theme: look.theme, style_href: &look.style_href, title, back: None };
    document(&sheet, |words| {
        let [title, say, back] = which.words(words);
        view! {
            <h1 class="signin__title">{title}</h1>
            <div class="shown-once">
                <p class="shown-once__say">{say}</p>
                <code class="shown-once__secret" id=SECRET>{secret.to_owned()}</code>
                <button class="button" type="button" data-copy=SECRET hidden=true>{use_look().words().copy}</button>
            </div>
            <p class="signin__act">
                <ButtonLink href=which.back().to_owned() rank=Rank::Main>{back}</ButtonLink>
            </p>
        }
        .into_any()
    })
}
