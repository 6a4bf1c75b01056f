//! What stands there while the database is away: what happened, what it means, what to do. In both languages, because without the
//! database nobody knows who is reading.

use super::document::{Sheet, document};
use super::words::{self, Words};
use figures::Locale;
use leptos::prelude::*;
use model::theme::Theme;
use ui::button::{ButtonLink, Rank};

/// The document, with the given language first. It knows no address of its own: opening it again asks for the same one.
#[must_use]
pub fn trouble(locale: Locale, style_href: &str) -> String {
    let other = match locale {
        Locale::Ja => Locale::En,
        Locale::En => Locale::Ja,
    };
    let title = words::of(locale).trouble_title;
    let sheet = Sheet { locale, theme: Theme::Auto, style_href, title, back: None };
    document(&sheet, |words| {
        view! {
            <h1 class="signin__title">{words.trouble_title}</h1>
            {sentences(words)}
            <p class="signin__act">
                <ButtonLink href=String::new() rank=Rank::Main>{words.again}</ButtonLink>
            </p>
            <section class="signin__other" lang=other.as_str()>{in_short(words::of(other))}</section>
        }
        .into_any()
    })
}

fn sentences(words: &'static Words) -> AnyView {
    view! {
        <div class="signin__said" role="alert">
            <p>{words.trouble_what}</p>
            <p>{words.trouble_means}</p>
            <p>{words.trouble_do}</p>
        </div>
    }
    .into_any()
}

fn in_short(words: &'static Words) -> AnyView {
    view! {
        <h2>{words.trouble_title}</h2>
        <p>{words.trouble_means}</p>
        <p>{words.trouble_do}</p>
    }
    .into_any()
}
