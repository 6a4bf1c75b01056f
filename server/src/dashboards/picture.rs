//! A panel as one picture to hand on: its title above, what its colours mean below. Alone, it has no screen around it that would say so.

use chart::{Anchor, DisplayList, Figure, Gauge, Op, Paint, Plot, Size};
use dashboard::{Body, NamedGauge, ShownPanel};

/// CSS pixels: the title with the room around it, a line of the legend, the edge at both sides.
const HEAD_PX: f32 = 30.0;
const LINE_PX: f32 = 18.0;
const EDGE_PX: f32 = 12.0;
/// A grid row, as on the screen.
const GRID_ROW_PX: f64 = 40.0;
/// No picture is higher.
const MOST_PX: f32 = 2_000.0;
/// Gauges side by side.
const MOST_ABREAST: usize = 4;
/// Of a stroke of the legend, and from its beginning to the name.
const STROKE_PX: f32 = 14.0;
const NAME_PX: f32 = 22.0;
/// Of the names in a legend.
const TEXT_PX: f64 = 11.0;

/// The picture of a panel; none of numbers, tables and texts.
pub(super) fn sheet(panel: &ShownPanel, width: f64) -> Option<DisplayList> {
    let inner = Size { width: width - 2.0 * f64::from(EDGE_PX), height: f64::from(panel.height.max(2)) * GRID_ROW_PX };
    let (list, legend): (DisplayList, Vec<(u8, &str)>) = match &panel.body {
        Body::Figure { figure, .. } => (chart::picture(figure, inner), legend_of(figure)),
        Body::Gauges(gauges) => (abreast(gauges, inner), Vec::new()),
        Body::Empty | Body::Stats(_) | Body::Table(_) | Body::Text(_) => return None,
    };
    let mut ops: Vec<Op> = vec![word(EDGE_PX, 20.0, &panel.title, Paint::Strong, inner.width)];
    ops.extend(list.ops.into_iter().map(|op| shifted(op, EDGE_PX, HEAD_PX)));
    let below: f32 = HEAD_PX + list.height + EDGE_PX / 2.0;
    let n_lines: usize = legend.len().min(((MOST_PX - below - EDGE_PX).max(0.0) / LINE_PX) as usize);
    for (line, (style, name)) in legend.into_iter().take(n_lines).enumerate() {
        let y: f32 = below + LINE_PX * line as f32;
        let paint: Paint = if style == 0 { Paint::Past } else { Paint::Series(style) };
        ops.push(Op::Path { points: vec![EDGE_PX, y + 9.0, EDGE_PX + STROKE_PX, y + 9.0], paint });
        ops.push(word(EDGE_PX + NAME_PX, y + 13.0, name, Paint::Label, inner.width - f64::from(NAME_PX)));
    }
    let height: f32 = (below + LINE_PX * n_lines as f32 + EDGE_PX / 2.0).min(MOST_PX);
    Some(DisplayList { width: width as f32, height, ops })
}

/// Styles and names of what is drawn over time; other figures name their parts themselves.
fn legend_of(figure: &Figure) -> Vec<(u8, &str)> {
    match figure {
        Figure::Plot(Plot { series, .. }) => series.iter().map(|one| (one.style, one.name.as_str())).collect(),
        Figure::Heat(_) | Figure::States(_) | Figure::Histogram(_) | Figure::Pie(_) | Figure::Gauge(_) => Vec::new(),
    }
}

/// Gauges in rows, each above its name.
fn abreast(gauges: &[NamedGauge], room: Size) -> DisplayList {
    let n_abreast: usize = gauges.len().clamp(1, MOST_ABREAST);
    let n_rows: usize = gauges.len().div_ceil(n_abreast).max(1);
    let (width, height): (f64, f64) = (room.width / n_abreast as f64, (room.height / n_rows as f64).max(80.0));
    let mut ops: Vec<Op> = Vec::new();
    for (place, NamedGauge { name, gauge, .. }) in gauges.iter().enumerate() {
        let (x, y) = ((place % n_abreast) as f64 * width, (place / n_abreast) as f64 * height);
        let (x, y): (f32, f32) = (x as f32, y as f32);
        let figure: Figure = Figure::Gauge(Gauge::clone(gauge));
        let one: DisplayList = chart::picture(&figure, Size { width, height: height - f64::from(LINE_PX) });
        ops.extend(one.ops.into_iter().map(|op| shifted(op, x, y)));
        ops.push(word(x, y + height as f32 - 4.0, name, Paint::Label, width - f64::from(EDGE_PX)));
    }
    DisplayList { width: room.width as f32, height: (height * n_rows as f64) as f32, ops }
}

/// A text that ends where there is no more room.
fn word(x: f32, y: f32, text: &str, paint: Paint, most_px: f64) -> Op {
    let is_strong: bool = paint == Paint::Strong;
    let mut left: f64 = most_px - chart::width("…", TEXT_PX, is_strong);
    let mut fitting = String::new();
    for letter in text.chars() {
        left -= chart::width(letter.encode_utf8(&mut [0; 4]), TEXT_PX, is_strong);
        if left < 0.0 {
            fitting.push('…');
            break;
        }
        fitting.push(letter);
    }
    Op::Text { x, y, anchor: Anchor::Start, text: fitting, paint }
}

/// The same elsewhere.
fn shifted(op: Op, right: f32, down: f32) -> Op {
    let points = |points: Vec<f32>| -> Vec<f32> {
        let along = |(place, value): (usize, f32)| value + if place % 2 == 0 { right } else { down };
        points.into_iter().enumerate().map(along).collect()
    };
    match op {
        Op::Path { points: all, paint } => Op::Path { points: points(all), paint },
        Op::Fill { points: all, paint } => Op::Fill { points: points(all), paint },
        Op::Rect { x, y, width, height, paint } => Op::Rect { x: x + right, y: y + down, width, height, paint },
        Op::Circle { x, y, radius, paint } => Op::Circle { x: x + right, y: y + down, radius, paint },
        Op::Text { x, y, anchor, text, paint } => Op::Text { x: x + right, y: y + down, anchor, text, paint },
        Op::Note { text } => Op::Note { text },
        Op::Hatch { x, y, width, height } => Op::Hatch { x: x + right, y: y + down, width, height },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::Series;
    use figures::{Locale, Unit, Zone};

    fn panel(body: Body) -> ShownPanel {
        ShownPanel { title: "CPU".to_owned(), height: 7, body, ..ShownPanel::default() }
    }

    fn plot(names: &[&str]) -> Body {
        let series = names.iter().map(|name| Series {
            name: (*name).to_owned(),
            style: 1,
            points: vec![(0, 1.0), (60_000, 2.0)],
            fill: false,
        });
        let plot = Plot { series: series.collect(), ..Plot::new(0, 60_000, Zone::utc(), Locale::Ja) };
        Body::Figure { figure: Figure::Plot(plot), legend: Vec::new() }
    }

    fn words(list: &DisplayList) -> Vec<&str> {
        let word = |op: &'_ Op| matches!(op, Op::Text { paint: Paint::Strong | Paint::Label, .. });
        list.ops.iter().filter(|op| word(op)).map(|op| if let Op::Text { text, .. } = op { text.as_str() } else { "" }).collect()
    }

    #[test]
    fn a_picture_says_what_it_is_and_what_its_colours_mean() {
        let list: DisplayList = sheet(&panel(plot(&["kura-01", "蔵-02"])), 480.0).unwrap();
        assert_eq!(words(&list), ["CPU", "2", "kura-01", "蔵-02"], "title, the newest value, legend");
        assert!(list.height > 280.0 + HEAD_PX + 2.0 * LINE_PX, "{}", list.height);
    }

    #[test]
    fn long_names_end_at_the_edge_and_a_long_legend_at_the_bottom() {
        let long: String = "長い名前".repeat(500);
        let names: Vec<&str> = vec![long.as_str(); 300];
        let list: DisplayList = sheet(&panel(plot(&names)), 480.0).unwrap();
        assert!(list.height <= MOST_PX, "{}", list.height);
        let last: &str = words(&list).pop().unwrap();
        assert!(last.ends_with('…') && chart::width(last, TEXT_PX, false) <= 480.0, "{last}");
    }

    #[test]
    fn several_gauges_stand_side_by_side() {
        let gauge =
            Gauge { value: 1.0, low: 0.0, high: 2.0, bands: Vec::new(), unit: Unit::Percent, decimals: None, locale: Locale::Ja };
        let named = |name: &str| NamedGauge { name: name.to_owned(), gauge: gauge.clone(), severity: None };
        let list: DisplayList = sheet(&panel(Body::Gauges(vec![named("a"), named("b")])), 480.0).unwrap();
        assert!(words(&list).contains(&"a") && words(&list).contains(&"b"));
    }

    #[test]
    fn of_numbers_and_texts_there_is_no_picture() {
        assert_eq!(sheet(&panel(Body::Empty), 480.0), None);
        assert_eq!(sheet(&panel(Body::Text("x".to_owned())), 480.0), None);
    }
}
