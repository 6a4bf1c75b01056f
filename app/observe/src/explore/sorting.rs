//! What the rows of the tables stand by: `sort=value&order=desc`, `sort=label-host&order=asc`. Pure.

use super::address::Address;
use api::explore::{ExploreBy, ExploreSort};
use ui::table::{Order, SortLink};

/// What the word of a label begins with; its name follows.
const LABEL: &str = "label-";
const RISING: &str = "asc";
const FALLING: &str = "desc";

/// What an address asks for. A word that nobody knows sorts nothing.
pub(super) fn read(word: Option<&str>, order: Option<&str>) -> Option<ExploreSort> {
    let word: &str = word?;
    let by: ExploreBy = match word {
        "series" => ExploreBy::Series,
        "value" => ExploreBy::Last,
        "min" => ExploreBy::Min,
        "max" => ExploreBy::Max,
        "avg" => ExploreBy::Avg,
        "count" => ExploreBy::Count,
        _ => ExploreBy::Label(word.strip_prefix(LABEL).filter(|name| !name.is_empty())?.to_owned()),
    };
    Some(ExploreSort { by, is_falling: order == Some(FALLING) })
}

pub(super) fn word(by: &ExploreBy) -> String {
    match by {
        ExploreBy::Series => "series".to_owned(),
        ExploreBy::Label(name) => format!("{LABEL}{name}"),
        ExploreBy::Last => "value".to_owned(),
        ExploreBy::Min => "min".to_owned(),
        ExploreBy::Max => "max".to_owned(),
        ExploreBy::Avg => "avg".to_owned(),
        ExploreBy::Count => "count".to_owned(),
    }
}

pub(super) fn order(sort: &ExploreSort) -> &'static str {
    if sort.is_falling { FALLING } else { RISING }
}

/// How the head of a column sorts: first the way one looks for something in it (figures from the largest, words from the first), then the
/// other way, then not at all.
pub(super) fn link(by: ExploreBy, address: &Address) -> SortLink {
    let now: Option<bool> = address.query.sort.as_ref().filter(|sort| sort.by == by).map(|sort| sort.is_falling);
    let begins_falling: bool = !matches!(by, ExploreBy::Series | ExploreBy::Label(_));
    let next: Option<bool> = match now {
        None => Some(begins_falling),
        Some(is_falling) if is_falling == begins_falling => Some(!is_falling),
        Some(_) => None,
    };
    let href: String = address.with_sort(next.map(|is_falling| ExploreSort { by, is_falling })).href();
    let current: Option<Order> = now.map(|is_falling| if is_falling { Order::Falling } else { Order::Rising });
    SortLink { href, current }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    fn at(search: &str) -> Address {
        Address::read(search, &Zone::utc())
    }

    #[test]
    fn every_order_comes_back_from_its_word_and_nonsense_is_none() {
        let label = |name: &str| ExploreBy::Label(name.to_owned());
        let all = [ExploreBy::Series, ExploreBy::Last, ExploreBy::Min, ExploreBy::Max, ExploreBy::Avg, ExploreBy::Count];
        for by in all.into_iter().chain([label("host"), label("series"), label("label-x")]) {
            let sort = ExploreSort { by, is_falling: true };
            assert_eq!(read(Some(&word(&sort.by)), Some(order(&sort))), Some(sort));
        }
        for odd in ["", "label-", "host", "VALUE"] {
            assert_eq!(read(Some(odd), Some(FALLING)), None, "{odd}");
        }
        assert_eq!(read(None, Some(FALLING)), None);
        assert_eq!(read(Some("value"), Some("up")).map(|sort| sort.is_falling), Some(false));
    }

    #[test]
    fn a_head_sorts_one_way_then_the_other_then_not_at_all() {
        let first = link(ExploreBy::Last, &at("q=up&part=1-3"));
        assert_eq!((first.href.as_str(), first.current), ("/explore?q=up&sort=value&order=desc", None));
        let second = link(ExploreBy::Last, &at("q=up&sort=value&order=desc"));
        assert_eq!((second.href.as_str(), second.current), ("/explore?q=up&sort=value&order=asc", Some(Order::Falling)));
        let third = link(ExploreBy::Last, &at("q=up&sort=value&order=asc"));
        assert_eq!((third.href.as_str(), third.current), ("/explore?q=up", Some(Order::Rising)));
        let other = link(ExploreBy::Label("host".to_owned()), &at("q=up&sort=value&order=asc"));
        assert_eq!((other.href.as_str(), other.current), ("/explore?q=up&sort=label-host&order=asc", None));
    }
}
