//! Rows and panels that stand once for each chosen value of a variable.

use crate::board::{Dashboard, Row};
use crate::panel::Panel;
use crate::values::{Chosen, Values};

/// Panels of one dashboard after repeating. More would be no dashboard any more.
pub const MOST_STANDING: usize = 400;

/// A dashboard with its repeats carried out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repeated {
    pub rows: Vec<RepeatedRow>,
    /// Whether panels were left out because there would be too many.
    pub is_cut: bool,
}

/// A row as it stands for one value, or as it is where it does not repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedRow {
    /// Its place among the rows as written.
    pub index: usize,
    /// The value it stands for.
    pub value: Option<String>,
    /// What its title is filled in with.
    pub values: Values,
    pub panels: Vec<RepeatedPanel>,
}

/// A panel as it stands for one value of its own and its row's.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedPanel {
    /// The panel's id; `id~value` where it or its row repeats, `id~row's~own` where both do.
    pub key: String,
    pub panel: Panel,
    /// What its texts and queries are filled in with.
    pub values: Values,
}

/// Carries out the repeats of a dashboard. Where nothing is chosen of a variable, what repeats by it stands once.
#[must_use]
pub fn repeated(dashboard: &Dashboard, values: &Values) -> Repeated {
    let mut repeated = Repeated::default();
    let mut room: usize = MOST_STANDING;
    for (index, row) in dashboard.rows.iter().enumerate() {
        for (value, values) in each(row.repeat.as_deref(), values) {
            let panels: Vec<RepeatedPanel> = panels(row, value.as_deref(), &values, room + 1);
            if panels.len() > room {
                repeated.is_cut = true;
                let panels: Vec<RepeatedPanel> = panels.into_iter().take(room).collect();
                repeated.rows.extend((room > 0).then_some(RepeatedRow { index, value, values, panels }));
                return repeated;
            }
            room -= panels.len();
            repeated.rows.push(RepeatedRow { index, value, values, panels });
        }
    }
    repeated
}

/// The panels of a row, at most `most`.
fn panels(row: &Row, value_of_row: Option<&str>, values: &Values, most: usize) -> Vec<RepeatedPanel> {
    let mut standing: Vec<RepeatedPanel> = Vec::new();
    for panel in &row.panels {
        for (value, values) in each(panel.repeat.as_deref(), values) {
            if standing.len() >= most {
                return standing;
            }
            let key: String = key(&panel.id, value_of_row, value.as_deref());
            standing.push(RepeatedPanel { key, panel: panel.clone(), values });
        }
    }
    standing
}

fn key(id: &str, value_of_row: Option<&str>, value: Option<&str>) -> String {
    let mut key: String = id.to_owned();
    for value in [value_of_row, value].into_iter().flatten() {
        key.push('~');
        key.push_str(value);
    }
    key
}

/// The values to stand for, and with what each is filled in.
fn each(variable: Option<&str>, values: &Values) -> Vec<(Option<String>, Values)> {
    let list: Vec<String> = variable.and_then(|name| values.chosen.get(name)).map(Chosen::list).unwrap_or_default();
    let Some(name) = variable.filter(|_| !list.is_empty()) else {
        return vec![(None, values.clone())];
    };
    list.into_iter()
        .take(MOST_STANDING + 1)
        .map(|value| {
            let of_it: Values = values.with(name, Chosen::Several(vec![value.clone()]));
            (Some(value), of_it)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(id: &str, repeat: Option<&str>) -> Panel {
        Panel { id: id.to_owned(), repeat: repeat.map(str::to_owned), ..Panel::default() }
    }

    fn chosen(values: &[&str]) -> Chosen {
        Chosen::Several(values.iter().map(|value| (*value).to_owned()).collect())
    }

    fn dashboard(rows: Vec<Row>) -> Dashboard {
        Dashboard { rows, ..Dashboard::default() }
    }

    fn keys(repeated: &Repeated) -> Vec<&str> {
        repeated.rows.iter().flat_map(|row| &row.panels).map(|panel| panel.key.as_str()).collect()
    }

    #[test]
    fn rows_and_panels_stand_once_for_each_value() {
        let both =
            Row { repeat: Some("host".to_owned()), panels: vec![panel("a", Some("disk")), panel("b", None)], ..Row::default() };
        let plain = Row { panels: vec![panel("c", Some("absent"))], ..Row::default() };
        let values = Values::default().with("host", chosen(&["x", "y"])).with("disk", chosen(&["1", "2"]));
        let repeated = repeated(&dashboard(vec![both, plain]), &values);
        assert_eq!(keys(&repeated), ["a~x~1", "a~x~2", "b~x", "a~y~1", "a~y~2", "b~y", "c"]);
        assert_eq!(repeated.rows.iter().map(|row| row.index).collect::<Vec<usize>>(), [0, 0, 1]);
        let last = &repeated.rows[1].panels[1];
        assert_eq!(last.values.chosen.get("host"), Some(&chosen(&["y"])));
        assert_eq!(last.values.chosen.get("disk"), Some(&chosen(&["2"])));
        assert_eq!(repeated.rows[0].values.chosen.get("disk"), Some(&chosen(&["1", "2"])));
    }

    #[test]
    fn what_does_not_repeat_keeps_its_id() {
        let rows = vec![Row { panels: vec![panel("a", None), panel("b", Some("host"))], ..Row::default() }];
        assert_eq!(keys(&repeated(&dashboard(rows), &Values::default().with("host", Chosen::Any))), ["a", "b"]);
    }

    #[test]
    fn too_many_are_counted_and_left_out() {
        let many: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
        let rows = vec![Row { panels: vec![panel("a", Some("host"))], ..Row::default() }; 3];
        let repeated = repeated(&dashboard(rows), &Values::default().with("host", Chosen::Several(many)));
        assert_eq!(keys(&repeated).len(), MOST_STANDING);
        assert!(repeated.is_cut);
        assert_eq!(repeated.rows.len(), 1);
    }
}
