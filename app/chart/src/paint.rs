//! Roles instead of colours.
//!
//! Plotters knows only colours, so a role crosses it disguised as one: red is the kind of role, green its
//! argument (a series or a severity), blue a constant that tells our disguises from real colours. The recording
//! backend takes the disguise off again. Colours themselves stand in the style sheet, in both themes.

/// What something drawn means. The style sheet and the canvas decide how that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paint {
    /// A hairline across the chart.
    Grid,
    /// The time axis and its ticks.
    Axis,
    /// Small, quiet text: numbers at an axis, "no data".
    Tick,
    /// The line of a series, by its style 1 to 8.
    Series(u8),
    /// The line of the series that is judged, on a large chart.
    SeriesHeavy(u8),
    /// The area below a series.
    SeriesFill(u8),
    /// A single sample of a series.
    SeriesDot(u8),
    /// A line of the past.
    Past,
    /// A shaded range of values, by severity 0 to 3.
    Band(u8),
    /// A limit's line, by severity.
    Limit(u8),
    /// A limit's value on a small chart.
    LimitWord(u8),
    /// A limit's label on a large chart.
    LimitStrong(u8),
    /// A severity's shape.
    Shape(u8),
    /// The dashed line from a marker to its words.
    Pole,
    /// Arrows and brackets.
    Ink,
    /// The ring where a limit was crossed.
    Ring,
    /// Text that matters.
    Word,
    /// Text that matters most.
    Strong,
    /// The crosshair.
    Cross,
    /// The filled tag that names the crosshair's time, and the words on it.
    Tag,
    TagWord,
    /// No data.
    Hatch,
}

/// Tells a disguised role from a colour.
const DISGUISE: u8 = 0x5a;

impl Paint {
    /// The role as two small numbers: its kind, and its argument or 0. Part of the canvas format.
    #[must_use]
    pub fn code(self) -> (u8, u8) {
        match self {
            Paint::Grid => (0, 0),
            Paint::Axis => (1, 0),
            Paint::Tick => (2, 0),
            Paint::Series(style) => (3, style),
            Paint::SeriesHeavy(style) => (4, style),
            Paint::SeriesFill(style) => (5, style),
            Paint::SeriesDot(style) => (6, style),
            Paint::Past => (7, 0),
            Paint::Band(severity) => (8, severity),
            Paint::Limit(severity) => (9, severity),
            Paint::LimitWord(severity) => (10, severity),
            Paint::LimitStrong(severity) => (11, severity),
            Paint::Shape(severity) => (12, severity),
            Paint::Pole => (13, 0),
            Paint::Ink => (14, 0),
            Paint::Ring => (15, 0),
            Paint::Word => (16, 0),
            Paint::Strong => (17, 0),
            Paint::Cross => (18, 0),
            Paint::Tag => (19, 0),
            Paint::TagWord => (20, 0),
            Paint::Hatch => (21, 0),
        }
    }

    /// Reads what [`Paint::code`] wrote.
    #[must_use]
    pub fn from_code(kind: u8, argument: u8) -> Option<Paint> {
        let paint = match kind {
            0 => Paint::Grid,
            1 => Paint::Axis,
            2 => Paint::Tick,
            3 => Paint::Series(argument),
            4 => Paint::SeriesHeavy(argument),
            5 => Paint::SeriesFill(argument),
            6 => Paint::SeriesDot(argument),
            7 => Paint::Past,
            8 => Paint::Band(argument),
            9 => Paint::Limit(argument),
            10 => Paint::LimitWord(argument),
            11 => Paint::LimitStrong(argument),
            12 => Paint::Shape(argument),
            13 => Paint::Pole,
            14 => Paint::Ink,
            15 => Paint::Ring,
            16 => Paint::Word,
            17 => Paint::Strong,
            18 => Paint::Cross,
            19 => Paint::Tag,
            20 => Paint::TagWord,
            21 => Paint::Hatch,
            _ => return None,
        };
        Some(paint)
    }

    /// The classes of the role in SVG; empty for text that looks like all text of a chart.
    #[must_use]
    pub fn class(self) -> String {
        match self {
            Paint::Grid => "chart__grid".to_owned(),
            Paint::Axis => "chart__axis".to_owned(),
            Paint::Tick => String::new(),
            Paint::Series(style) => format!("chart__line s-{style}"),
            Paint::SeriesHeavy(style) => format!("chart__line chart__line--heavy s-{style}"),
            Paint::SeriesFill(style) => format!("chart__area f-{style}"),
            Paint::SeriesDot(style) => format!("chart__dot f-{style}"),
            Paint::Past => "chart__past".to_owned(),
            Paint::Band(severity) => format!("chart__band--{severity}"),
            Paint::Limit(severity) => format!("chart__limit chart__limit--{severity}"),
            Paint::LimitWord(severity) => format!("chart__limitword chart__word--{severity}"),
            Paint::LimitStrong(severity) => {
                format!("chart__word chart__word--strong chart__word--{severity}")
            }
            Paint::Shape(severity) => format!("chart__shape--{severity}"),
            Paint::Pole => "chart__pole".to_owned(),
            Paint::Ink => "chart__inkline".to_owned(),
            Paint::Ring => "chart__ring".to_owned(),
            Paint::Word => "chart__word".to_owned(),
            Paint::Strong => "chart__word chart__word--strong".to_owned(),
            Paint::Cross => "chart__cross".to_owned(),
            Paint::Tag => "chart__tag".to_owned(),
            Paint::TagWord => "chart__tagword".to_owned(),
            Paint::Hatch => "chart__hatch".to_owned(),
        }
    }

    /// The line of a series by its style, where 0 is the past.
    pub(crate) fn line(style: u8, is_heavy: bool) -> Paint {
        match (style, is_heavy) {
            (0, _) => Paint::Past,
            (_, true) => Paint::SeriesHeavy(style),
            (_, false) => Paint::Series(style),
        }
    }

    pub(crate) fn disguised(self) -> (u8, u8, u8) {
        let (kind, argument) = self.code();
        (kind, argument, DISGUISE)
    }

    /// The role behind a colour. A colour that is no disguise could only come from plotters itself; it is drawn
    /// as an axis rather than lost.
    pub(crate) fn undisguised(rgb: (u8, u8, u8)) -> Paint {
        if rgb.2 == DISGUISE { Paint::from_code(rgb.0, rgb.1).unwrap_or(Paint::Axis) } else { Paint::Axis }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_survives_its_disguise() {
        let mut n_roles = 0;
        for kind in 0..=u8::MAX {
            let Some(paint) = Paint::from_code(kind, 3) else { continue };
            n_roles += 1;
            assert_eq!(paint.code().0, kind);
            assert_eq!(Paint::undisguised(paint.disguised()), paint);
        }
        assert_eq!(n_roles, 22);
    }

    #[test]
    fn a_real_colour_is_drawn_as_an_axis() {
        assert_eq!(Paint::undisguised((255, 0, 0)), Paint::Axis);
        assert_eq!(Paint::undisguised((200, 0, DISGUISE)), Paint::Axis);
    }
}
