//! Where panels stand: rows as panels of type `row`, collapsed ones with their panels in them, and the `rows` of older versions.

use super::{Importer, both, json, title};
use dashboard::{COLUMNS, LEAST_HEIGHT, MOST_HEIGHT, MOST_PANELS, MOST_ROWS, Panel, Row, Said};
use serde_json::Value;

/// Pixels of one of Grafana's grid rows with its gap, which is about one of ours.
const GRID_ROW: f64 = 38.0;
/// What a panel is high that does not say.
const USUAL_HEIGHT: u8 = 7;

/// Width and height on our grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u8,
    pub(super) height: u8,
}

impl Importer {
    pub(super) fn rows(&mut self, board: &Value) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for (index, row) in json::list(board, "/rows").iter().enumerate() {
            self.old_row(&format!("rows[{index}]"), row, &mut rows);
        }
        for (index, panel) in in_order(json::list(board, "/panels")) {
            let path = format!("panels[{index}]");
            if json::text(panel, "/type") == "row" {
                self.row_panel(&path, panel, &mut rows);
            } else {
                self.put(&path, panel, size(panel), &mut rows);
            }
        }
        if self.n_panels > MOST_PANELS {
            let what = format!("{} panels", self.n_panels);
            let why = Said {
                ja: format!("先頭の{MOST_PANELS}枚だけを写しました"),
                en: format!("only the first {MOST_PANELS} of them are mapped"),
            };
            self.note("panels", &what, why);
        }
        // Only rows that somebody named stand without panels.
        rows.retain(|row| !row.panels.is_empty() || !row.title.is_empty());
        if rows.len() > MOST_ROWS {
            rows = self.fewer_rows(rows);
        }
        rows
    }

    /// The panels of what is too many rows stand in the last one there may be.
    fn fewer_rows(&mut self, mut rows: Vec<Row>) -> Vec<Row> {
        let what = format!("{} rows", rows.len());
        let why = Said {
            ja: format!("行は{MOST_ROWS}までです。残りのパネルは最後の行に入れました"),
            en: format!("there may be {MOST_ROWS} rows; the panels of the others stand in the last one"),
        };
        self.note("panels", &what, why);
        let others: Vec<Row> = rows.split_off(MOST_ROWS);
        if let Some(last) = rows.last_mut() {
            last.panels.extend(others.into_iter().flat_map(|row| row.panels));
        }
        rows
    }

    /// A row of version 16 and later; a collapsed one holds its panels.
    fn row_panel(&mut self, path: &str, panel: &Value, rows: &mut Vec<Row>) {
        rows.push(Row {
            title: title(json::text(panel, "/title")),
            is_folded: json::flag(panel, "/collapsed"),
            repeat: repeat(panel),
            panels: Vec::new(),
        });
        for (index, inner) in in_order(json::list(panel, "/panels")) {
            self.put(&format!("{path}.panels[{index}]"), inner, size(inner), rows);
        }
    }

    /// A row of older versions: widths in twelfths, one height for all.
    fn old_row(&mut self, path: &str, row: &Value, rows: &mut Vec<Row>) {
        let is_titled: bool = json::flag(row, "/showTitle") || json::flag(row, "/collapse");
        rows.push(Row {
            title: if is_titled { title(json::text(row, "/title")) } else { Said::default() },
            is_folded: json::flag(row, "/collapse"),
            repeat: repeat(row),
            panels: Vec::new(),
        });
        for (index, panel) in json::list(row, "/panels").iter().enumerate() {
            let width: u8 = json::small(panel, "/span", 1, 12).unwrap_or(12) * 2;
            let height: u8 = pixels(panel).or_else(|| pixels(row)).unwrap_or(USUAL_HEIGHT);
            self.put(&format!("{path}.panels[{index}]"), panel, Size { width, height }, rows);
        }
    }

    /// Maps a panel and puts it at the end of the last row.
    fn put(&mut self, path: &str, panel: &Value, size: Size, rows: &mut Vec<Row>) {
        self.n_panels += 1;
        if self.n_panels > MOST_PANELS {
            return;
        }
        if !panel.is_object() {
            self.note(path, &json::described(panel), both("パネルではありません", "is no panel"));
            return;
        }
        let Some(mapped) = self.panel(path, panel, size) else {
            return;
        };
        if rows.is_empty() {
            rows.push(Row::default());
        }
        if let Some(last) = rows.last_mut() {
            last.panels.push(mapped);
        }
    }

    /// An id that no other panel has.
    pub(super) fn free_id(&mut self, wish: &str) -> String {
        let wish: &str = if wish.is_empty() { "panel" } else { wish };
        let mut id: String = wish.to_owned();
        let mut number: usize = 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{wish}-{number}");
            number += 1;
        }
        id
    }
}

/// What repeats, if anything does.
pub(super) fn repeat(panel: &Value) -> Option<String> {
    Some(json::text(panel, "/repeat")).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// From the top, and from the left; with the places in the file.
fn in_order(panels: &[Value]) -> Vec<(usize, &Value)> {
    let mut ordered: Vec<(usize, &Value)> = panels.iter().enumerate().collect();
    let place = |panel: &Value, pointer: &str| json::number(panel, pointer).unwrap_or(0.0);
    // Where no panel says its place, the order of the file stands.
    ordered.sort_by(|(_, one), (_, other)| {
        let down = place(one, "/gridPos/y").total_cmp(&place(other, "/gridPos/y"));
        down.then_with(|| place(one, "/gridPos/x").total_cmp(&place(other, "/gridPos/x")))
    });
    ordered
}

fn size(panel: &Value) -> Size {
    Size {
        width: json::small(panel, "/gridPos/w", 1, COLUMNS).unwrap_or(COLUMNS / 2),
        height: json::small(panel, "/gridPos/h", LEAST_HEIGHT, MOST_HEIGHT).unwrap_or(USUAL_HEIGHT),
    }
}

/// `"250px"` or 250, in grid rows.
fn pixels(of: &Value) -> Option<u8> {
    let text: String = of.get("height").and_then(json::scalar)?;
    let pixels: f64 = text.trim_end_matches("px").trim().parse::<f64>().ok().filter(|pixels| pixels.is_finite())?;
    let rows: f64 = (pixels / GRID_ROW).round();
    (LEAST_HEIGHT..=MOST_HEIGHT).find(|height| f64::from(*height) >= rows).or(Some(MOST_HEIGHT))
}

/// Puts what was mapped on our grid.
pub(super) fn sized(panel: Panel, size: Size) -> Panel {
    Panel { width: size.width, height: size.height, ..panel }
}
