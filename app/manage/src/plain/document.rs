//! The document around every plain screen: head, brand, the matter, and the switches at its foot.

use super::problem::Said;
use super::words::{self, Words};
use figures::Locale;
use leptos::prelude::*;
use model::links;
use model::theme::Theme;
use ui::context::Look;
use ui::icon::{Icon, IconName};
use ui::sprite::IconSprite;

/// What the document needs to know besides its matter.
pub(super) struct Sheet<'a> {
    pub locale: Locale,
    pub theme: Theme,
    pub style_href: &'a str,
    /// The screen's name, for the window.
    pub title: &'a str,
    /// Where the switches at the foot lead back to; without it there are none.
    pub back: Option<String>,
}

/// The whole document. `matter` is drawn with the reader's look in place.
pub(super) fn document(sheet: &Sheet<'_>, matter: impl FnOnce(&'static Words) -> AnyView) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Look { locale: sheet.locale, theme: sheet.theme.as_str(), ..Look::default() });
        let words = words::of(sheet.locale);
        let matter = matter(words);
        whole(sheet, words, matter).to_html()
    });
    format!("<!DOCTYPE html>{html}")
}

fn whole(sheet: &Sheet<'_>, words: &'static Words, matter: AnyView) -> AnyView {
    let theme = (sheet.theme != Theme::Auto).then(|| sheet.theme.as_str());
    let title = format!("{} · {}", sheet.title, words.product);
    let foot = sheet.back.clone().map(|back| foot(words, sheet.theme, back));
    view! {
        <html lang=sheet.locale.as_str() data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=sheet.style_href.to_owned() />
            </head>
            <body>
                <div class="bare">
                    <div class="signin">
                        <header class="signin__brand">
                            <Icon name=IconName::Mark />
                            <span class="brand__name" lang="ja">"見守り"</span>
                            <span class="brand__en" lang="en">"Mimamori"</span>
                        </header>
                        <main class="signin__main">{matter}</main>
                        {foot}
                    </div>
                </div>
                <IconSprite />
            </body>
        </html>
    }
    .into_any()
}

/// Theme and language: every button sends the whole form, so they work without script and in the first paint.
fn foot(words: &'static Words, theme: Theme, back: String) -> AnyView {
    let themes = [Theme::Auto, Theme::Light, Theme::Dark].into_iter().zip(words.themes);
    let themes = themes.map(|(one, word)| theme_button(one, word, one == theme)).collect_view();
    view! {
        <footer class="signin__foot">
            <form class="signin__prefs" method="post" action=links::PREFERENCES>
                <input type="hidden" name="back" value=back />
                <span class="signin__themes" role="group" aria-label=words.theme>{themes}</span>
                <button type="submit" name="lang" value=words.other_language_tag lang=words.other_language_tag>
                    {words.other_language}
                </button>
            </form>
        </footer>
    }
    .into_any()
}

fn theme_button(theme: Theme, word: &'static str, is_current: bool) -> AnyView {
    let pressed = if is_current { "true" } else { "false" };
    view! { <button type="submit" name="theme" value=theme.as_str() aria-pressed=pressed>{word}</button> }.into_any()
}

/// A problem above the form, said aloud.
pub(super) fn notice(said: Option<Said>) -> Option<AnyView> {
    let said = said?;
    let action = (!said.action.is_empty()).then(|| view! { <p class="signin__do">{said.action.clone()}</p> });
    let drawn = view! {
        <div class="signin__notice" role="alert">
            <Icon name=IconName::Warn />
            <p class="signin__what">{said.what.clone()}</p>
            {action}
        </div>
    };
    Some(drawn.into_any())
}
