//! Moving and resizing panels one step at a time, so that whatever a pointer can do, a key or a button can do too.

use crate::board::Dashboard;
use crate::panel::Panel;

/// Columns of the grid.
pub const COLUMNS: u8 = 24;
/// Grid rows of a panel.
pub const LEAST_HEIGHT: u8 = 2;
pub const MOST_HEIGHT: u8 = 30;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Earlier,
    Later,
    Wider,
    Narrower,
    Taller,
    Shorter,
}

impl Step {
    /// Every step, in the order an editor offers them.
    pub const ALL: [Self; 6] = [Self::Earlier, Self::Later, Self::Wider, Self::Narrower, Self::Taller, Self::Shorter];

    /// The word in a form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Taller => "taller",
            Self::Shorter => "shorter",
        }
    }

    /// Reads what [`Step::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }
}

/// Every one of these says whether anything changed: not at the end of the grid, nor where there is no such panel.
impl Dashboard {
    /// Takes a step with a panel.
    pub fn step(&mut self, id: &str, step: Step) -> bool {
        match step {
            Step::Earlier => self.earlier(id),
            Step::Later => self.later(id),
            Step::Wider => self.wider(id),
            Step::Narrower => self.narrower(id),
            Step::Taller => self.taller(id),
            Step::Shorter => self.shorter(id),
        }
    }

    /// Before the panel that stands before it; from the beginning of a row to the end of the one before.
    pub fn earlier(&mut self, id: &str) -> bool {
        match self.place(id) {
            Some((row, panel)) if panel > 0 => {
                self.rows[row].panels.swap(panel, panel - 1);
                true
            }
            Some((row, _)) if row > 0 => self.to_row(id, row - 1),
            _ => false,
        }
    }

    /// Behind the panel that stands behind it; from the end of a row to the beginning of the next.
    pub fn later(&mut self, id: &str) -> bool {
        match self.place(id) {
            Some((row, panel)) if panel + 1 < self.rows[row].panels.len() => {
                self.rows[row].panels.swap(panel, panel + 1);
                true
            }
            Some((row, _)) if row + 1 < self.rows.len() => self.to_place(id, row + 1, 0),
            _ => false,
        }
    }

    /// A column wider.
    pub fn wider(&mut self, id: &str) -> bool {
        self.sized(id, 1, 0)
    }

    /// A column narrower.
    pub fn narrower(&mut self, id: &str) -> bool {
        self.sized(id, -1, 0)
    }

    /// A grid row taller.
    pub fn taller(&mut self, id: &str) -> bool {
        self.sized(id, 0, 1)
    }

    /// A grid row shorter.
    pub fn shorter(&mut self, id: &str) -> bool {
        self.sized(id, 0, -1)
    }

    /// To the end of a row.
    pub fn to_row(&mut self, id: &str, row: usize) -> bool {
        self.to_place(id, row, usize::MAX)
    }

    /// Into a row, before the panel that stands at `index` of it once this one is taken out; behind all where there is none.
    pub fn to_place(&mut self, id: &str, row: usize, index: usize) -> bool {
        let Some((from_row, from)) = self.place(id).filter(|_| row < self.rows.len()) else {
            return false;
        };
        let panel: Panel = self.rows[from_row].panels.remove(from);
        let index: usize = index.min(self.rows[row].panels.len());
        self.rows[row].panels.insert(index, panel);
        (row, index) != (from_row, from)
    }

    /// Takes a size, as near to what is asked for as the grid has it.
    pub fn resize(&mut self, id: &str, width: u8, height: u8) -> bool {
        let Some(panel) = self.panel_mut(id) else {
            return false;
        };
        let before: (u8, u8) = (panel.width, panel.height);
        panel.width = width.clamp(1, COLUMNS);
        panel.height = height.clamp(LEAST_HEIGHT, MOST_HEIGHT);
        before != (panel.width, panel.height)
    }

    /// The panel of that id.
    #[must_use]
    pub fn panel(&self, id: &str) -> Option<&Panel> {
        self.rows.iter().flat_map(|row| &row.panels).find(|panel| panel.id == id)
    }

    /// The same, to be changed.
    pub fn panel_mut(&mut self, id: &str) -> Option<&mut Panel> {
        self.rows.iter_mut().flat_map(|row| &mut row.panels).find(|panel| panel.id == id)
    }

    /// Row and place in it.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<(usize, usize)> {
        let place = |panels: &[Panel]| panels.iter().position(|panel| panel.id == id);
        self.rows.iter().enumerate().find_map(|(index, row)| place(&row.panels).map(|panel| (index, panel)))
    }

    /// The first of `wish`, `wish-2`, `wish-3` … that no panel has.
    #[must_use]
    pub fn free_id(&self, wish: &str) -> String {
        let mut id: String = wish.to_owned();
        let mut number: usize = 2;
        while self.panel(&id).is_some() {
            id = format!("{wish}-{number}");
            number += 1;
        }
        id
    }

    fn sized(&mut self, id: &str, columns: i8, rows: i8) -> bool {
        let Some(panel) = self.panel(id) else {
            return false;
        };
        let (width, height): (u8, u8) = (panel.width.saturating_add_signed(columns), panel.height.saturating_add_signed(rows));
        self.resize(id, width, height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Row;
    use proptest::prelude::*;

    /// `"ab|c"` is a row of `a` and `b`, and one of `c`.
    fn dashboard(rows: &str) -> Dashboard {
        let panel = |id: char| Panel { id: id.to_string(), width: 6, height: 6, ..Panel::default() };
        let row = |ids: &str| Row { panels: ids.chars().map(panel).collect(), ..Row::default() };
        Dashboard { rows: rows.split('|').map(row).collect(), ..Dashboard::default() }
    }

    fn order(dashboard: &Dashboard) -> String {
        let row = |row: &Row| row.panels.iter().map(|panel| panel.id.as_str()).collect::<String>();
        dashboard.rows.iter().map(row).collect::<Vec<String>>().join("|")
    }

    #[test]
    fn panels_move_one_place_and_over_the_ends_of_rows() {
        for (before, step, id, after) in [
            ("abc", Step::Earlier, "b", "bac"),
            ("abc", Step::Later, "b", "acb"),
            ("a|bc", Step::Earlier, "b", "ab|c"),
            ("ab|c", Step::Later, "b", "a|bc"),
            ("ab||c", Step::Later, "b", "a|b|c"),
            ("abc", Step::Earlier, "a", "abc"),
            ("abc", Step::Later, "c", "abc"),
            ("abc", Step::Later, "x", "abc"),
        ] {
            let mut moved = dashboard(before);
            assert_eq!(moved.step(id, step), before != after, "{before} {id}");
            assert_eq!(order(&moved), after, "{before} {id}");
        }
    }

    #[test]
    fn panels_are_put_into_rows() {
        for (id, row, index, after, is_moved) in [
            ("a", 1, 0, "b|acd", true),
            ("a", 1, 99, "b|cda", true),
            ("a", 0, 1, "ba|cd", true),
            ("a", 0, 0, "ab|cd", false),
            ("a", 2, 0, "ab|cd", false),
            ("x", 1, 0, "ab|cd", false),
        ] {
            let mut moved = dashboard("ab|cd");
            assert_eq!(moved.to_place(id, row, index), is_moved, "{id} to {row}.{index}");
            assert_eq!(order(&moved), after, "{id} to {row}.{index}");
        }
    }

    #[test]
    fn a_size_stays_on_the_grid() {
        let mut sized = dashboard("a");
        assert!(sized.resize("a", 200, 0));
        assert_eq!((sized.rows[0].panels[0].width, sized.rows[0].panels[0].height), (COLUMNS, LEAST_HEIGHT));
        assert!(!sized.wider("a") && !sized.shorter("a"));
        assert!(sized.narrower("a") && sized.taller("a"));
        assert!(!sized.resize("x", 1, 2));
    }

    #[test]
    fn ids_are_found_that_are_free() {
        let mut board = dashboard("a");
        assert_eq!(board.free_id("b"), "b");
        assert_eq!(board.free_id("a"), "a-2");
        board.rows[0].panels[0].id = "a-2".to_owned();
        assert_eq!(board.free_id("a"), "a");
    }

    #[test]
    fn words_are_read_back() {
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.as_str()), Some(step));
        }
        assert_eq!(Step::from_word("sideways"), None);
    }

    proptest! {
        #[test]
        fn no_panel_is_lost_and_every_step_can_be_taken_back(steps in proptest::collection::vec((0_usize..5, 0_usize..6), 1..30)) {
            let mut moved = dashboard("ab|cd|e");
            for (panel, step) in steps {
                let (id, step): (&str, Step) = (["a", "b", "c", "d", "e"][panel], Step::ALL[step]);
                let before: Dashboard = moved.clone();
                let has_changed: bool = moved.step(id, step);
                prop_assert_eq!(has_changed, before != moved);
                let mut ids: Vec<char> = order(&moved).replace('|', "").chars().collect();
                ids.sort_unstable();
                prop_assert_eq!(ids, ['a', 'b', 'c', 'd', 'e']);
                if has_changed {
                    let mut back: Dashboard = moved.clone();
                    back.step(id, opposite(step));
                    prop_assert_eq!(back, before);
                }
            }
        }
    }

    fn opposite(step: Step) -> Step {
        match step {
            Step::Earlier => Step::Later,
            Step::Later => Step::Earlier,
            Step::Wider => Step::Narrower,
            Step::Narrower => Step::Wider,
            Step::Taller => Step::Shorter,
            Step::Shorter => Step::Taller,
        }
    }
}
