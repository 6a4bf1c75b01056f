//! What went on around the series: the bands of what lasted, and the words at a moment, for the needle and for those who hear the chart.

use figures::Locale;

use crate::display::Anchor;
use crate::layout::{Frame, LABEL_PX};
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::{Marker, MarkerKind, Plot, Stretch};
use crate::text;

/// How far from a flag the needle still tells what it is.
const NEAR_PX: f64 = 6.0;
/// More than this are counted rather than read out.
const MOST_SPOKEN: usize = 4;
/// Between a band's words and its edges.
const EDGE_PX: f64 = 6.0;

/// What went on at a moment, in words: flags near it, and what lasted over it.
#[must_use]
pub fn happened(plot: &Plot, frame: &Frame, ms: i64) -> Vec<String> {
    let x = frame.x(ms);
    let flags = flags(plot).filter(|flag| (frame.x(flag.ms) - x).abs() <= NEAR_PX).map(|flag| at(flag, plot));
    let lasting = plot.stretches.iter().filter(|stretch| (stretch.from_ms..stretch.to_ms).contains(&ms));
    flags.chain(lasting.map(|stretch| stretch.label.clone())).collect()
}

fn flags(plot: &Plot) -> impl Iterator<Item = &Marker> {
    let shown = move |marker: &&Marker| marker.kind == MarkerKind::Flag && (plot.from_ms..=plot.to_ms).contains(&marker.ms);
    plot.markers.iter().filter(shown)
}

/// `14:02 I-12 began: slow checkout`
fn at(flag: &Marker, plot: &Plot) -> String {
    format!("{} {}", figures::short_time(flag.ms, &plot.zone), flag.label)
}

/// Bands behind everything else, with an edge where they begin and end, and their words where they are wide enough.
pub(crate) fn stretches(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    for stretch in &plot.stretches {
        let (left, right) = (frame.x(stretch.from_ms).max(frame.left), frame.x(stretch.to_ms).min(frame.right));
        if right - left < 1.0 {
            continue;
        }
        pen.rect((left, frame.top), (right, frame.bottom), Paint::StateFine)?;
        pen.note(&over(stretch, plot))?;
        for x in [frame.x(stretch.from_ms), frame.x(stretch.to_ms)] {
            if (frame.left..=frame.right).contains(&x) {
                pen.line(&[(x, frame.top), (x, frame.bottom)], Paint::Pole)?;
            }
        }
    }
    Ok(())
}

/// The words of bands, above the lines: behind them nobody could read them.
pub(crate) fn stretch_words(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let mut free_from = frame.left;
    for stretch in &plot.stretches {
        let left = frame.x(stretch.from_ms).max(free_from);
        let right = frame.x(stretch.to_ms).min(frame.right);
        let width = text::width(&stretch.label, LABEL_PX, false);
        if left + EDGE_PX + width <= right {
            pen.text((left + EDGE_PX, frame.bottom - EDGE_PX), Anchor::Start, &stretch.label, Paint::Label)?;
            free_from = left + EDGE_PX + width;
        }
    }
    Ok(())
}

fn over(stretch: &Stretch, plot: &Plot) -> String {
    let [from, to] = [stretch.from_ms, stretch.to_ms].map(|ms| figures::short_time(ms, &plot.zone));
    match plot.locale {
        Locale::Ja => format!("{from}〜{to} {}", stretch.label),
        Locale::En => format!("{from} to {to} {}", stretch.label),
    }
}

/// What went on within the span, in a sentence; `None` where nothing did.
pub(crate) fn sentence(plot: &Plot) -> Option<String> {
    let seen = plot.stretches.iter().filter(|stretch| stretch.from_ms < plot.to_ms && stretch.to_ms > plot.from_ms);
    let all: Vec<String> = seen.map(|stretch| over(stretch, plot)).chain(flags(plot).map(|flag| at(flag, plot))).collect();
    let told = all.get(..MOST_SPOKEN).unwrap_or(&all);
    let n_rest = all.len() - told.len();
    let rest = match plot.locale {
        Locale::Ja => format!("ほか{n_rest}件"),
        Locale::En => format!("{n_rest} more"),
    };
    let parts: Vec<&str> = told.iter().map(String::as_str).chain((n_rest > 0).then_some(rest.as_str())).collect();
    if parts.is_empty() {
        return None;
    }
    Some(match plot.locale {
        Locale::Ja => format!("できごと: {}", parts.join("、")),
        Locale::En => format!("Happened: {}", parts.join("; ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Size;
    use crate::draw::display;
    use figures::Zone;

    const MINUTE: i64 = 60_000;

    fn plot(locale: Locale) -> Plot {
        let flag = |minute: i64, label: &str| Marker {
            ms: minute * MINUTE,
            kind: MarkerKind::Flag,
            severity: 3,
            label: label.to_owned(),
        };
        let mut plot = Plot::new(0, 60 * MINUTE, Zone::utc(), locale);
        plot.markers = vec![flag(10, "I-1"), flag(11, "I-2"), flag(50, "I-3"), flag(90, "later")];
        plot.stretches = vec![Stretch { from_ms: 45 * MINUTE, to_ms: 75 * MINUTE, label: "move".to_owned() }];
        plot
    }

    #[test]
    fn the_needle_tells_of_flags_beside_it_and_of_what_lasts() {
        let plot = plot(Locale::En);
        // The frame is 353 wide: a minute is 5.9 px.
        let frame = Frame::of(&plot, Size::PANEL);
        assert_eq!(happened(&plot, &frame, 10 * MINUTE), ["00:10 I-1", "00:11 I-2"]);
        assert_eq!(happened(&plot, &frame, 50 * MINUTE), ["00:50 I-3", "move"]);
        assert!(happened(&plot, &frame, 30 * MINUTE).is_empty());
    }

    #[test]
    fn what_happened_is_said_and_more_of_it_counted() {
        assert_eq!(sentence(&plot(Locale::Ja)).as_deref(), Some("できごと: 00:45〜01:15 move、00:10 I-1、00:11 I-2、00:50 I-3"));
        let mut many = plot(Locale::En);
        many.stretches.clear();
        many.markers.extend(many.markers.clone());
        assert_eq!(sentence(&many).as_deref(), Some("Happened: 00:10 I-1; 00:11 I-2; 00:50 I-3; 00:10 I-1; 2 more"));
        assert_eq!(sentence(&Plot::new(0, 1, Zone::utc(), Locale::En)), None);
    }

    #[test]
    fn what_lasted_is_a_band_that_ends_with_the_frame() {
        let drawn = display(&plot(Locale::En), Size::PANEL).to_string();
        // From three quarters of 353 px on: 34 + 264.75.
        let expected = "rect StateFine 298.8,14 88.3,102\nnote 00:45 to 01:15 move\npath Pole 298.8,14 298.8,116\n";
        assert!(drawn.starts_with(&format!("size 389x136\n{expected}")), "{drawn}");
        assert!(drawn.contains("text Label 304.8,110 Start move\n"), "{drawn}");
    }
}
