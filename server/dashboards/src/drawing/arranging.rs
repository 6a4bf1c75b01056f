//! How a table stands: which of its columns, in which order, under which heads, and what its lines stand by. Pure.

use dashboard::{Column, OTHER_COLUMNS, Sort};
use std::cmp::Ordering;

/// A column that is shown: its place among all of them, and what stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) place: usize,
    pub(super) title: String,
}

/// The columns that are shown, in their order. `all` are the names that each may be said by, the first of which stands above it.
pub(super) fn arranged(columns: &[Column], all: &[Vec<String>]) -> Vec<Standing> {
    let others: Option<usize> = columns.iter().position(|column| column.name == OTHER_COLUMNS);
    let mut standing: Vec<(usize, Standing)> = Vec::new();
    for (place, names) in all.iter().enumerate() {
        let own: Option<usize> = columns.iter().position(|column| column.name != OTHER_COLUMNS && names.contains(&column.name));
        let said: Option<&Column> = own.or(others).and_then(|index| columns.get(index));
        if said.is_some_and(|column| column.is_hidden) {
            continue;
        }
        let title: Option<&String> = own.and_then(|index| columns.get(index)).map(|column| &column.title);
        let title: Option<&String> = title.filter(|title| !title.is_empty()).or_else(|| names.first());
        let rank: usize = own.or(others).unwrap_or(columns.len());
        standing.push((rank, Standing { place, title: title.cloned().unwrap_or_default() }));
    }
    standing.sort_by_key(|(rank, _)| *rank);
    standing.into_iter().map(|(_, one)| one).collect()
}

/// The place of the column that lines stand by, by any of its names or by the title it was given.
pub(super) fn sorted_by(sort: &Sort, columns: &[Column], all: &[Vec<String>]) -> Option<usize> {
    let given: Option<&Column> = columns.iter().find(|column| column.title == sort.column);
    let is_meant = |names: &Vec<String>| names.contains(&sort.column) || given.is_some_and(|column| names.contains(&column.name));
    all.iter().position(is_meant)
}

/// Values: what is no number stands last either way.
pub(super) fn by_value(one: Option<f64>, other: Option<f64>, is_falling: bool) -> Ordering {
    let number = |value: Option<f64>| value.filter(|value| !value.is_nan());
    match (number(one), number(other)) {
        (Some(one), Some(other)) if is_falling => other.total_cmp(&one),
        (Some(one), Some(other)) => one.total_cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

/// Values of a label: what is not there stands last either way.
pub(super) fn by_word(one: &str, other: &str, is_falling: bool) -> Ordering {
    let order: Ordering = if is_falling { other.cmp(one) } else { one.cmp(other) };
    one.is_empty().cmp(&other.is_empty()).then(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, title: &str, is_hidden: bool) -> Column {
        Column { name: name.to_owned(), title: title.to_owned(), is_hidden }
    }

    fn titles(columns: &[Column]) -> Vec<String> {
        let all = [vec!["device".to_owned()], vec!["host".to_owned()], vec!["Used".to_owned(), "query 1".to_owned()]];
        arranged(columns, &all).into_iter().map(|one| one.title).collect()
    }

    #[test]
    fn columns_stand_in_their_order_under_their_titles() {
        assert_eq!(titles(&[]), ["device", "host", "Used"]);
        assert_eq!(titles(&[column("host", "Host", false)]), ["Host", "device", "Used"]);
        assert_eq!(
            titles(&[column("query 1", "", false), column("*", "", false), column("host", "", false)]),
            ["Used", "device", "host"]
        );
        assert_eq!(titles(&[column("host", "", false), column("*", "", true)]), ["host"]);
        assert_eq!(titles(&[column("Used", "", true), column("nothing", "", false)]), ["device", "host"]);
    }

    #[test]
    fn lines_stand_by_a_column_by_any_of_its_names() {
        let all = [vec!["host".to_owned()], vec!["Used".to_owned(), "query 1".to_owned()]];
        let columns = [column("host", "Machine", false)];
        let place = |name: &str| sorted_by(&Sort { column: name.to_owned(), is_falling: false }, &columns, &all);
        assert_eq!((place("host"), place("Machine"), place("query 1"), place("gone")), (Some(0), Some(0), Some(1), None));
    }

    #[test]
    fn what_is_nothing_stands_last_either_way() {
        for is_falling in [false, true] {
            assert_eq!(by_value(None, Some(1.0), is_falling), Ordering::Greater);
            assert_eq!(by_value(Some(1.0), Some(f64::NAN), is_falling), Ordering::Less);
            assert_eq!(by_word("", "a", is_falling), Ordering::Greater);
        }
        assert_eq!((by_value(Some(1.0), Some(2.0), true), by_word("a", "b", true)), (Ordering::Greater, Ordering::Greater));
    }
}
