//! Rows of a dashboard, and where its panels stand in them.

use ::api::dashboards::editing::PanelPlace;
use dashboard::{Dashboard, Panel, Row};

/// A number of a form as an index. One that is too large for an index is behind all there is.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Puts a panel where a pointer has dragged it, and makes it as large.
pub fn put(dashboard: &mut Dashboard, id: &str, place: PanelPlace) {
    if let Some(row) = place.row {
        dashboard.to_place(id, index(row), place.index.map_or(usize::MAX, index));
    }
    let size: Option<(u8, u8)> = dashboard.panel(id).map(|panel| (panel.width, panel.height));
    if let Some((width, height)) = size {
        dashboard.resize(id, place.width.unwrap_or(width), place.height.unwrap_or(height));
    }
}

/// Puts another panel like it behind it.
pub fn copy(dashboard: &mut Dashboard, id: &str) {
    let Some((row, place)) = dashboard.place(id) else { return };
    let free: String = dashboard.free_id(&stem(id));
    let panel = Panel { id: free, ..dashboard.rows[row].panels[place].clone() };
    dashboard.rows[row].panels.insert(place + 1, panel);
}

/// An id with room for a number behind it.
fn stem(id: &str) -> String {
    const MOST: usize = 56;
    id.chars().take(MOST).collect()
}

/// Adds an empty row.
pub fn add(dashboard: &mut Dashboard) {
    dashboard.rows.push(Row::default());
}

/// Takes a row's heading away. Its panels go to the end of the row before it; those of the first row come first in the next.
pub fn remove(dashboard: &mut Dashboard, row: usize) {
    if row >= dashboard.rows.len() || dashboard.rows.len() == 1 {
        return;
    }
    let mut panels: Vec<Panel> = dashboard.rows.remove(row).panels;
    match row.checked_sub(1) {
        Some(before) => dashboard.rows[before].panels.append(&mut panels),
        None => {
            panels.append(&mut dashboard.rows[0].panels);
            dashboard.rows[0].panels = panels;
        }
    }
}

/// Moves one of a list by a place; at its end it stays.
pub fn step<T>(list: &mut [T], at: usize, is_up: bool) {
    let to: usize = stepped(at, is_up, list.len());
    if at < list.len() {
        list.swap(at, to);
    }
}

/// Where it stands then.
pub fn stepped(at: usize, is_up: bool, length: usize) -> usize {
    if is_up { at.saturating_sub(1) } else { (at + 1).min(length.saturating_sub(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"ab|c"` is a row of `a` and `b`, and one of `c`.
    fn board(rows: &str) -> Dashboard {
        let panel = |id: char| Panel { id: id.to_string(), width: 6, height: 6, ..Panel::default() };
        let row = |ids: &str| Row { panels: ids.chars().map(panel).collect(), ..Row::default() };
        Dashboard { rows: rows.split('|').map(row).collect(), ..Dashboard::default() }
    }

    fn order(dashboard: &Dashboard) -> String {
        let row = |row: &Row| row.panels.iter().map(|panel| panel.id.as_str()).collect::<Vec<&str>>().join(" ");
        dashboard.rows.iter().map(row).collect::<Vec<String>>().join("|")
    }

    #[test]
    fn no_panel_goes_with_its_row() {
        for (row, after) in [(0, "a b c|d"), (1, "a b c|d"), (2, "a b|c d"), (3, "a b|c|d")] {
            let mut board = board("ab|c|d");
            remove(&mut board, row);
            assert_eq!(order(&board), after, "{row}");
        }
        let mut only = board("a");
        remove(&mut only, 0);
        assert_eq!(order(&only), "a");
    }

    #[test]
    fn a_copy_stands_behind_with_an_id_of_its_own() {
        let mut twice = board("ab");
        copy(&mut twice, "a");
        copy(&mut twice, "a");
        copy(&mut twice, "x");
        assert_eq!(order(&twice), "a a-3 a-2 b");
        let long: String = "x".repeat(64);
        let mut long_one: Dashboard = board("a");
        long_one.rows[0].panels[0].id.clone_from(&long);
        copy(&mut long_one, &long);
        assert!(dashboard::is_id(&long_one.rows[0].panels[1].id));
    }

    #[test]
    fn a_panel_is_put_where_it_was_dragged_and_what_is_not_said_stays() {
        let mut moved = board("ab|c");
        put(&mut moved, "a", PanelPlace::new(Some(1), Some(0), None, None));
        assert_eq!(order(&moved), "b|a c");
        put(&mut moved, "a", PanelPlace::new(None, None, Some(99), None));
        let panel: &Panel = moved.panel("a").unwrap();
        assert_eq!((panel.width, panel.height, order(&moved).as_str()), (24, 6, "b|a c"));
        put(&mut moved, "x", PanelPlace::new(Some(0), None, Some(3), None));
    }

    #[test]
    fn rows_move_one_place_and_stay_at_the_ends() {
        let ends = [(0, true, "a|b|c"), (2, false, "a|b|c"), (9, true, "a|b|c")];
        for (at, is_up, after) in [(1, true, "b|a|c"), (1, false, "a|c|b")].into_iter().chain(ends) {
            let mut moved = board("a|b|c");
            step(&mut moved.rows, at, is_up);
            assert_eq!(order(&moved), after, "{at} {is_up}");
        }
    }
}
