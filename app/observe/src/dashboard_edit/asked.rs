//! What the address asks for, and what came back of a form. Pure.

use api::dashboards::editing::EditForm;
use api::dashboards::editing::view::DashboardEditAsk;
use model::links;

/// Which part of the draft. What came back of a form goes before what the address says.
pub(super) fn read(slug: String, search: &str, back: &[(String, String)]) -> DashboardEditAsk {
    let mut ask = DashboardEditAsk { slug, ..DashboardEditAsk::default() };
    if !back.is_empty() {
        take(&mut ask, without_fields(links::pairs(search)));
        take(&mut ask, back.to_vec());
    } else {
        take(&mut ask, links::pairs(search));
    }
    if ask.part.is_empty() && !ask.panel.is_empty() {
        "panel".clone_into(&mut ask.part);
    }
    ask
}

/// The fields among what a form sent.
pub(super) fn fields(sent: &[(String, String)]) -> EditForm {
    let field = |(name, text): &(String, String)| Some((field_of(name)?.to_owned(), text.clone()));
    sent.iter().filter_map(field).collect()
}

fn without_fields(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().filter(|(name, _)| field_of(name).is_none()).collect()
}

fn field_of(name: &str) -> Option<&str> {
    name.strip_prefix("fields[")?.strip_suffix(']')
}

fn take(ask: &mut DashboardEditAsk, pairs: Vec<(String, String)>) {
    for (name, value) in pairs {
        match name.as_str() {
            "part" => ask.part = value,
            "panel" => ask.panel = value,
            "row" => ask.row = value.parse().unwrap_or_default(),
            "kind" => ask.kind = value,
            "variable" => ask.variable = value,
            "source" => {
                ask.fields.insert("source".to_owned(), value);
            }
            name => {
                if let Some(field) = field_of(name) {
                    ask.fields.insert(field.to_owned(), value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(search: &str) -> DashboardEditAsk {
        read("web".to_owned(), search, &[])
    }

    #[test]
    fn an_address_says_the_part_and_what_stands_in_its_form() {
        let ask = asked("?panel=cpu");
        assert_eq!((ask.part.as_str(), ask.panel.as_str(), ask.fields.len()), ("panel", "cpu", 0));
        let ask = asked("?part=panel&row=2&kind=stat");
        assert_eq!((ask.part.as_str(), ask.panel.as_str(), ask.row, ask.kind.as_str()), ("panel", "", 2, "stat"));
        let ask = asked("?part=variables&variable=job&fields%5Bexpr%5D=up%0Aor+x&kept=1");
        assert_eq!((ask.variable.as_str(), ask.fields["expr"].as_str()), ("job", "up\nor x"));
        assert_eq!(asked("?part=source").part, "source");
        assert!(asked("").part.is_empty());
    }

    #[test]
    fn what_came_back_goes_before_the_address_and_a_box_that_was_not_ticked_stays_so() {
        let sent = [("panel", "cpu"), ("row", "0"), ("fields[title.ja]", "使用率")];
        let sent: Vec<(String, String)> = sent.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let ask = read("web".to_owned(), "?panel=cpu&fields%5Blegend.last%5D=true&kept=1", &sent);
        assert_eq!((ask.part.as_str(), ask.fields.len(), ask.fields["title.ja"].as_str()), ("panel", 1, "使用率"));
        assert_eq!(fields(&sent), ask.fields);
    }
}
