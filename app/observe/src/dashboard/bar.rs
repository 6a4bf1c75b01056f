//! The bar: which span is shown, and the ways to others. Each is an address, so browser history is zoom history.

use super::address::Address;
use super::steps::{RANGES, after, before, wider};
use crate::words::dashboards::board_words;
use crate::words::locale;
use dashboard::{Refresh, Shown};
use leptos::prelude::*;
use ui::choice::{Choice, ChoiceLink};
use ui::context::{Look, use_look};
use ui::icon::{Icon, IconName};

const DAY_MS: i64 = 86_400_000;

pub(super) fn bar(shown: &Shown, address: &Address) -> AnyView {
    let (words, now_ms) = (board_words(), use_look().now_ms);
    let words_said = RANGES.iter().zip(words.ranges);
    let options: Vec<ChoiceLink> = words_said.map(|((word, _), said)| range(word, said, shown, address)).collect();
    let again: String = address.href();
    view! {
        <div class="board__bar">
            <Choice label=words.range options=options />
            <span class="dashboard__steps" role="group" aria-label=words.range>
                {step(before(address, shown), words.before, "", IconName::Left)}
                {step(after(address, shown, now_ms), words.after, words.after_now, IconName::Right)}
                {step(wider(address, shown, now_ms), words.wider, words.widest, IconName::ZoomOut)}
            </span>
            <a class="button" href=again rel="external" data-again="" aria-label=words.again title=words.again>
                <Icon name=IconName::Refresh />
            </a>
            {when(shown)}
        </div>
    }
    .into_any()
}

fn range(word: &str, said: &str, shown: &Shown, address: &Address) -> ChoiceLink {
    let is_current: bool = shown.is_now && shown.range == word;
    ChoiceLink { label: said.to_owned(), href: address.with_range(word).href(), is_current }
}

/// A way to another span, or why there is none.
fn step(to: Option<Address>, said: &'static str, why_not: &'static str, icon: IconName) -> AnyView {
    match to {
        Some(address) => {
            view! { <a class="button" href=address.href() aria-label=said title=said><Icon name=icon /></a> }.into_any()
        }
        None => {
            let label: String = if why_not.is_empty() { said.to_owned() } else { format!("{said}: {why_not}") };
            let hint: String = label.clone();
            view! {
                <a class="button" role="link" aria-disabled="true" aria-label=label title=hint>
                    <Icon name=icon />
                </a>
            }
            .into_any()
        }
    }
}

/// The span in words, and when new points come.
pub(super) fn when(shown: &Shown) -> AnyView {
    let look: Look = use_look();
    let from: String = figures::day_time(shown.from_ms, &look.zone, look.locale);
    let is_long: bool = shown.to_ms - shown.from_ms >= DAY_MS;
    let to: String = if is_long {
        figures::day_time(shown.to_ms, &look.zone, look.locale)
    } else {
        figures::short_time(shown.to_ms, &look.zone)
    };
    let zone: String = look.zone.abbreviation;
    view! {
        <p class="board__when"><span class="mute">{moves(shown)}</span> " " <b>{from} " – " {to}</b> " " {zone}</p>
    }
    .into_any()
}

fn moves(shown: &Shown) -> String {
    let words = board_words();
    match shown.refresh {
        _ if !shown.is_now => words.past.to_owned(),
        Refresh::Live => words.live.to_owned(),
        Refresh::Every(ms) => (words.every)(&figures::duration(ms, locale())),
        Refresh::Off => words.by_hand.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::view;
    use super::*;

    fn html(shown: &Shown, search: &str) -> String {
        bar(shown, &Address::read("http".to_owned(), search)).to_html()
    }

    #[test]
    fn the_span_in_force_is_marked_and_what_was_chosen_stays() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(&view().shown, "var-job=a");
        assert_eq!(html.matches("aria-current").count(), 1, "{html}");
        for way in ["/d/http?var-job=a&amp;range=30d", "/d/http?var-job=a&amp;range=6h", "data-again"] {
            assert!(html.contains(way), "{way} in {html}");
        }
        // Nothing comes after now, and nothing before 1970.
        assert_eq!(html.matches("aria-disabled").count(), 2, "{html}");
        assert!(html.contains("ライブ更新"), "{html}");
    }

    #[test]
    fn a_span_of_the_past_is_called_so() {
        let owner = Owner::new();
        owner.set();
        let past = Shown { is_now: false, range: String::new(), from_ms: 7_200_000, to_ms: 10_800_000, ..view().shown };
        let html: String = html(&past, "from=7200000&to=10800000");
        assert!(html.contains("過去の期間を表示しています") && !html.contains("aria-current"), "{html}");
        assert!(html.contains("from=3600000&amp;to=7200000"), "{html}");
    }

    #[test]
    fn it_says_when_new_points_come() {
        let owner = Owner::new();
        owner.set();
        let shown = |refresh: Refresh| Shown { refresh, ..view().shown };
        assert_eq!(moves(&shown(Refresh::Every(30_000))), "30秒ごとに更新");
        assert_eq!(moves(&shown(Refresh::Off)), board_words().by_hand);
    }
}
