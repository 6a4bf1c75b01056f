//! What of a dashboard is asked for, as an address says it: `range`, or `from` and `to` in milliseconds, and `var-NAME` once for each value.

use crate::context::Visitor;
use dashboards::{Ask, Asked};
use model::{Time, links};
use std::collections::{BTreeMap, BTreeSet};

/// CSS pixels of a picture where the address does not say, and within which they have to be.
const USUAL_PX: u32 = 960;
const LEAST_PX: u32 = 240;
const MOST_PX: u32 = 2_000;
/// Before the name of a variable.
const VARIABLE: &str = "var-";

/// A panel, and with what.
pub(super) struct AskedPanel {
    pub(super) key: String,
    pub(super) asked: Asked,
}

/// Reads what stands behind the question mark. What can't be read says nothing.
pub(super) fn read(query: &str, visitor: &Visitor, now: Time) -> AskedPanel {
    let pairs: Vec<(String, String)> = links::pairs(query);
    let text = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let number = |name: &str| text(name).parse::<i64>().ok();
    let span: Ask = match (number("from"), number("to"), text("range")) {
        (Some(from), Some(to), _) => Ask::Between(Time(from), Time(to)),
        (_, _, "") => Ask::Usual,
        (_, _, word) => Ask::Last(word.to_owned()),
    };
    let mut chosen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &pairs {
        if let Some(variable) = name.strip_prefix(VARIABLE) {
            chosen.entry(variable.to_owned()).or_default().push(value.clone());
        }
    }
    let width_px: u32 = text("width").parse::<u32>().unwrap_or(USUAL_PX).clamp(LEAST_PX, MOST_PX);
    let open_rows: BTreeSet<String> = pairs.iter().filter(|(name, _)| name == "open").map(|(_, value)| value.clone()).collect();
    let (locale, zone) = (visitor.viewer.locale, visitor.viewer.zone.clone());
    let asked = Asked { span, chosen, open_rows, width_px, locale, zone, now };
    AskedPanel { key: text("panel").to_owned(), asked }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Viewer;

    fn asked(query: &str) -> AskedPanel {
        read(query, &Visitor::nobody(Viewer::stranger(Time(7))), Time(7))
    }

    #[test]
    fn an_address_says_the_panel_the_span_and_what_was_chosen() {
        let found: AskedPanel = asked("panel=cpu~a%2Fb&range=6h&var-host=a&var-host=b%26c&var-limit=&open=1&width=99999");
        assert_eq!((found.key.as_str(), found.asked.width_px, found.asked.now), ("cpu~a/b", MOST_PX, Time(7)));
        assert!(matches!(&found.asked.span, Ask::Last(word) if word == "6h"));
        assert_eq!(found.asked.chosen["host"], ["a", "b&c"]);
        assert_eq!(found.asked.chosen["limit"], [""]);
        assert!(found.asked.open_rows.contains("1"));
    }

    #[test]
    fn both_ends_go_before_a_range_and_nothing_is_the_usual() {
        assert!(matches!(asked("from=1&to=2&range=6h").asked.span, Ask::Between(Time(1), Time(2))));
        assert!(matches!(asked("from=1&to=x").asked.span, Ask::Usual));
        assert_eq!((asked("").key.as_str(), asked("width=x").asked.width_px), ("", USUAL_PX));
    }
}
