//! Sign-in: an e-mail, a password, nothing else.

use super::document::{Sheet, document, notice};
use super::entry::{Entry, Kind, first_to_fill};
use super::words::{self, Words};
use super::{Plain, Problem};
use leptos::prelude::*;
use model::links;
use ui::button::{Button, Rank};

/// The document at `/sign-in`. `email` is what was typed before; `next` is where to go afterwards, an own path.
#[must_use]
pub fn sign_in(look: &Plain, email: &str, next: &str, problem: Option<&Problem>) -> String {
    let sheet = Sheet {
        locale: look.locale,
        theme: look.theme,
        style_href: &look.style_href,
        title: words::of(look.locale).sign_in_title,
        back: Some(back(next)),
    };
    document(&sheet, |words| {
        let said = notice(words.above(problem));
        view! {
            <h1 class="signin__title">{words.sign_in_title}</h1>
            {said}
            {form(words, email, next)}
        }
        .into_any()
    })
}

/// Where the switches lead back to: this screen, still knowing what comes next.
fn back(next: &str) -> String {
    if next.is_empty() || next == links::NOW {
        links::SIGN_IN.to_owned()
    } else {
        format!("{}?next={}", links::SIGN_IN, links::encode(next))
    }
}

fn form(words: &'static Words, email: &str, next: &str) -> AnyView {
    let first = first_to_fill(&[("email", false, email.is_empty()), ("password", false, true)]);
    let is_first = |name: &str| first == name;
    view! {
        <form class="form" method="post" action=links::SIGN_IN>
            <input type="hidden" name="next" value=next.to_owned() />
            <Entry name="email" kind=Kind::EMAIL label=words.email value=email error=None focused=is_first("email") />
            <Entry name="password" kind=Kind::PASSWORD label=words.password error=None focused=is_first("password") />
            <div class="form__foot signin__act">
                <Button kind="submit" rank=Rank::Main>{words.sign_in}</Button>
            </div>
        </form>
    }
    .into_any()
}
