//! What the palette finds: every screen, and the acts of the frame.

use crate::words::Words;
use leptos::prelude::*;
use model::links;
use ui::palette::PaletteEntry;
use ui::shortcuts::{Shortcut, ShortcutGroup};

/// Screens by name, in both languages as keywords.
pub fn entries(words: &'static Words) -> Vec<PaletteEntry> {
    [
        (words.now, links::NOW, "now ima いま home"),
        (words.alerts, links::ALERTS, "alerts arato アラート firing"),
        (words.rules, links::RULES, "rules ruru ルール threshold しきい値"),
        (words.hosts, links::HOSTS, "hosts hosuto ホスト dashboard ダッシュボード server cpu"),
        (words.people, links::PEOPLE, "people teams members メンバー チーム invite 招待"),
        (words.account, links::ACCOUNT, "account アカウント sessions tokens language theme zone 言語 時刻帯"),
    ]
    .into_iter()
    .map(|(label, href, keywords)| PaletteEntry {
        label: label.to_owned(),
        hint: href.to_owned(),
        href: href.to_owned(),
        keywords: keywords.to_owned(),
        group: words.screens.to_owned(),
    })
    .collect()
}

/// The keys, for the sheet.
pub fn shortcuts(words: &'static Words) -> Vec<ShortcutGroup> {
    let group = |title: &str, keys: &[(&str, &str)]| ShortcutGroup {
        title: title.to_owned(),
        shortcuts: keys.iter().map(|(key, what)| Shortcut { key: (*key).to_owned(), what: (*what).to_owned() }).collect(),
    };
    vec![
        group(words.keys_everywhere, &[("⌘K / Ctrl+K", words.key_palette), ("?", words.key_sheet), ("p", words.key_pause)]),
        group(
            words.keys_list,
            &[("j", words.key_next), ("k", words.key_previous), ("Enter", words.key_open), ("a", words.key_take)],
        ),
    ]
}

/// Both as signals that never change.
pub fn stored(words: &'static Words) -> (Signal<Vec<PaletteEntry>>, Signal<Vec<ShortcutGroup>>) {
    (Signal::stored(entries(words)), Signal::stored(shortcuts(words)))
}
