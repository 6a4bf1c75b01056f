//! Joining: somebody who was invited chooses a password.

use super::document::{Sheet, document, notice};
use super::entry::{Entry, Kind};
use super::words::{self, Words};
use super::{Plain, Problem};
use leptos::prelude::*;
use model::links;
use ui::button::{Button, ButtonLink, Rank};

/// The document at `/join/<code>`. `name` and `email` are the invited person's, empty where they are not known.
#[must_use]
pub fn join(look: &Plain, code: &str, name: &str, email: &str, problem: Option<&Problem>) -> String {
    let address = format!("{}/{}", links::JOIN, links::encode(code));
    let sheet = Sheet {
        locale: look.locale,
        theme: look.theme,
        style_href: &look.style_href,
        title: words::of(look.locale).join_title,
        back: Some(address.clone()),
    };
    document(&sheet, |words| {
        let title = if name.is_empty() { words.join_title.to_owned() } else { (words.welcome)(name) };
        let is_lost = problem == Some(&Problem::WrongLink);
        let said = if is_lost { Some((words.wrong_invitation)()) } else { words.above(problem) };
        let matter = if is_lost { to_sign_in(words) } else { form(words, address, email, problem) };
        view! {
            <h1 class="signin__title">{title}</h1>
            {notice(said)}
            {matter}
        }
        .into_any()
    })
}

/// Whoever has joined already needs no invitation.
fn to_sign_in(words: &'static Words) -> AnyView {
    view! { <p><ButtonLink href=links::SIGN_IN.to_owned()>{words.to_sign_in}</ButtonLink></p> }.into_any()
}

fn form(words: &'static Words, address: String, email: &str, problem: Option<&Problem>) -> AnyView {
    // So that a password manager knows whose password it keeps; without a name it is not sent.
    let username = (!email.is_empty()).then(|| {
        view! { <input type="text" value=email.to_owned() autocomplete="username" readonly=true hidden=true /> }
    });
    view! {
        <p class="signin__lead">{words.join_lead}</p>
        <form class="form" method="post" action=address>
            {username}
            <Entry
                name="password"
                kind=Kind::NEW_PASSWORD
                label=words.password
                hint=words.password_hint
                error=words.at("password", problem)
                focused=true
            />
            <div class="form__foot signin__act">
                <Button kind="submit" rank=Rank::Main>{words.join_do}</Button>
            </div>
        </form>
    }
    .into_any()
}
