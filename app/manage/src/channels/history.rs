//! What was changed about a channel, by whom and when.

use crate::words::channels::{ChannelWords, channel_words};
use api::Text;
use api::channels::VersionView;
use figures::Locale;
use leptos::prelude::*;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::time_text::TimeForm;

/// Every version, the newest first.
pub fn history(versions: &[VersionView]) -> Option<AnyView> {
    if versions.is_empty() {
        return None;
    }
    let words = channel_words();
    let locale = use_look().locale;
    let lines: Vec<AnyView> = versions.iter().map(|version| line(version, words, locale)).collect();
    Some(view! { <Part title=words.history.to_owned()><Log>{lines}</Log></Part> }.into_any())
}

fn line(version: &VersionView, words: &'static ChannelWords, locale: Locale) -> AnyView {
    let said = said(version, words, locale);
    let sub = format!("{} · {}", (words.version)(version.version), version.by);
    view! {
        <LogEntry at_ms=version.at.0 form=TimeForm::Day sign=|| view! { <Icon name=IconName::Note /> } sub=sub>
            {said}
        </LogEntry>
    }
    .into_any()
}

/// One sentence of everything a version changed.
fn said(version: &VersionView, words: &ChannelWords, locale: Locale) -> String {
    if version.is_removal {
        return words.removed.to_owned();
    }
    let names = |texts: &[Text]| texts.iter().map(|text| text.read(locale)).collect::<Vec<&str>>().join(words.comma);
    let mut parts: Vec<String> = Vec::new();
    if version.is_first {
        parts.push(words.made.to_owned());
    }
    if !version.changed.is_empty() {
        parts.push((words.changed)(&names(&version.changed)));
    }
    if !version.replaced.is_empty() && !version.is_first {
        parts.push((words.replaced)(&names(&version.replaced)));
    }
    parts.extend(version.enabled.map(|on| (words.switched)(on).to_owned()));
    parts.extend(version.last_resort.map(|on| (words.last_resort_switched)(on).to_owned()));
    if parts.is_empty() { words.unchanged.to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::words::channels::of;
    use api::Text;
    use api::channels::VersionView;
    use figures::Locale;
    use model::Time;

    fn version() -> VersionView {
        VersionView {
            version: 2,
            by: "Hana".to_owned(),
            at: Time(0),
            changed: Vec::new(),
            replaced: Vec::new(),
            enabled: None,
            last_resort: None,
            is_first: false,
            is_removal: false,
        }
    }

    #[test]
    fn a_version_is_one_sentence() {
        let token = || vec![Text { ja: "トークン".to_owned(), en: "Token".to_owned() }];
        let words = of(Locale::En);
        for (view, expected) in [
            (version(), "Saved without another change"),
            (VersionView { is_first: true, replaced: token(), ..version() }, "Added"),
            (VersionView { replaced: token(), enabled: Some(false), ..version() }, "New secret: Token · Switched off"),
            (VersionView { is_removal: true, enabled: Some(false), ..version() }, "Removed"),
        ] {
            assert_eq!(said(&view, words, Locale::En), expected);
        }
        let changed = VersionView { changed: token(), ..version() };
        assert_eq!(said(&changed, of(Locale::Ja), Locale::Ja), "変更：トークン");
    }
}
