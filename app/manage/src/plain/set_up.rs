//! Set-up: the organisation and its first administrator, once.

use super::document::{Sheet, document, notice};
use super::entry::{Entry, Kind, first_to_fill};
use super::words::{self, Words};
use super::{Plain, Problem};
use leptos::prelude::*;
use model::links;
use ui::button::{Button, ButtonLink, Rank};

/// What was typed before, so that nobody types it twice. The password is never sent back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUpFields {
    pub organisation: String,
    pub name: String,
    pub email: String,
}

/// The document at `/set-up`. `code` is that of the one-time link.
#[must_use]
pub fn set_up(look: &Plain, code: &str, fields: &SetUpFields, problem: Option<&Problem>) -> String {
    let sheet = Sheet {
        locale: look.locale,
        theme: look.theme,
        style_href: &look.style_href,
        title: words::of(look.locale).set_up_title,
        back: Some(format!("{}?code={}", links::SET_UP, links::encode(code))),
    };
    document(&sheet, |words| {
        let said = notice(words.above(problem));
        view! {
            <h1 class="signin__title">{words.set_up_title}</h1>
            {said}
            {matter(words, code, fields, problem)}
        }
        .into_any()
    })
}

/// The form, where filling it in can lead anywhere.
fn matter(words: &'static Words, code: &str, fields: &SetUpFields, problem: Option<&Problem>) -> AnyView {
    match problem {
        Some(Problem::NoLink | Problem::WrongLink) => ().into_any(),
        Some(Problem::SetUpDone) => {
            view! { <p><ButtonLink href=links::SIGN_IN.to_owned() rank=Rank::Main>{words.to_sign_in}</ButtonLink></p> }.into_any()
        }
        _ => view! {
            <p class="setup__lead">{words.set_up_lead}</p>
            {form(words, code, fields, problem)}
        }
        .into_any(),
    }
}

fn form(words: &'static Words, code: &str, fields: &SetUpFields, problem: Option<&Problem>) -> AnyView {
    let refused = |name: &str| words.at(name, problem);
    let first = first_to_fill(&[
        ("organisation", refused("organisation").is_some(), fields.organisation.is_empty()),
        ("name", refused("name").is_some(), fields.name.is_empty()),
        ("email", refused("email").is_some(), fields.email.is_empty()),
        ("password", refused("password").is_some(), true),
    ]);
    let is_first = |name: &str| first == name;
    view! {
        <form class="form" method="post" action=links::SET_UP>
            <input type="hidden" name="code" value=code.to_owned() />
            <Entry
                name="organisation"
                kind=Kind::ORGANISATION
                label=words.organisation
                value=fields.organisation.clone()
                error=refused("organisation")
                focused=is_first("organisation")
            />
            <Entry
                name="name"
                kind=Kind::NAME
                label=words.name
                hint=words.name_hint
                value=fields.name.clone()
                error=refused("name")
                focused=is_first("name")
            />
            <Entry
                name="email"
                kind=Kind::EMAIL
                label=words.email
                hint=words.email_hint
                value=fields.email.clone()
                error=refused("email")
                focused=is_first("email")
            />
            <Entry
                name="password"
                kind=Kind::NEW_PASSWORD
                label=words.password
                hint=words.password_hint
                error=refused("password")
                focused=is_first("password")
            />
            <div class="form__foot signin__act">
                <Button kind="submit" rank=Rank::Main>{words.set_up_do}</Button>
            </div>
        </form>
    }
    .into_any()
}
