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
    /// A cell of a heat map, by step 1 (few) to 7 (most).
    Heat(u8),
    /// A bar of a series.
    Bar(u8),
    /// A stretch of a state, by style 1 to 8.
    State(u8),
    /// A stretch in which all is as it should be.
    StateFine,
    /// A stretch of a state that has a severity.
    StateSeverity(u8),
    /// Words on such a stretch.
    StateWord(u8),
    /// Small text that matters: the name of a lane, of a slice.
    Label,
    /// A share of a pie.
    Slice(u8),
    /// The share of all that is not named.
    SliceRest,
    /// What a gauge has not reached.
    Track,
    /// A stretch of a gauge that has a severity.
    Arc(u8),
    /// The needle of a gauge.
    Needle,
    /// The number of a gauge, large.
    Reading,
    /// A hairline between those of a logarithmic axis.
    Minor,
    /// Words that are said and not seen; see `Op::Note`.
    Note,
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
            Paint::Heat(step) => (22, step),
            Paint::Bar(style) => (23, style),
            Paint::State(style) => (24, style),
            Paint::StateFine => (25, 0),
            Paint::StateSeverity(severity) => (26, severity),
            Paint::StateWord(severity) => (27, severity),
            Paint::Label => (28, 0),
            Paint::Slice(style) => (29, style),
            Paint::SliceRest => (30, 0),
            Paint::Track => (31, 0),
            Paint::Arc(severity) => (32, severity),
            Paint::Needle => (33, 0),
            Paint::Reading => (34, 0),
            Paint::Minor => (35, 0),
            Paint::Note => (36, 0),
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
            22 => Paint::Heat(argument),
            23 => Paint::Bar(argument),
            24 => Paint::State(argument),
            25 => Paint::StateFine,
            26 => Paint::StateSeverity(argument),
            27 => Paint::StateWord(argument),
            28 => Paint::Label,
            29 => Paint::Slice(argument),
            30 => Paint::SliceRest,
            31 => Paint::Track,
            32 => Paint::Arc(argument),
            33 => Paint::Needle,
            34 => Paint::Reading,
            35 => Paint::Minor,
            36 => Paint::Note,
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
            Paint::Heat(step) => format!("chart__heat--{step}"),
            Paint::Bar(style) => format!("chart__bar f-{style}"),
            Paint::State(style) => format!("chart__state f-{style}"),
            Paint::StateFine => "chart__state--fine".to_owned(),
            Paint::StateSeverity(severity) => format!("chart__state--{severity}"),
            Paint::StateWord(severity) => format!("chart__on--{severity}"),
            Paint::Label => "chart__label".to_owned(),
            Paint::Slice(style) => format!("chart__slice f-{style}"),
            Paint::SliceRest => "chart__slice chart__slice--rest".to_owned(),
            Paint::Track => "chart__track".to_owned(),
            Paint::Arc(severity) => format!("chart__arc--{severity}"),
            Paint::Needle => "chart__needle".to_owned(),
            Paint::Reading => "chart__reading".to_owned(),
            Paint::Minor => "chart__minor".to_owned(),
            Paint::Note => String::new(),
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

    /// The stretch of a state: 0 is fine, 1 to 8 a colour, 101 to 104 a severity.
    pub(crate) fn state(style: u8) -> Paint {
        match style {
            1..=8 => Paint::State(style),
            101..=104 => Paint::StateSeverity(style - 101),
            _ => Paint::StateFine,
        }
    }

    /// Roles whose rectangles come by the hundred: in SVG those that follow each other share an element.
    pub(crate) fn is_numerous(self) -> bool {
        matches!(self, Paint::Heat(_) | Paint::Bar(_) | Paint::State(_) | Paint::StateFine | Paint::StateSeverity(_))
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
        assert_eq!(n_roles, 37);
    }

    #[test]
    fn states_are_fine_coloured_or_severe() {
        for (style, expected) in [
            (0, Paint::StateFine),
            (1, Paint::State(1)),
            (8, Paint::State(8)),
            (9, Paint::StateFine),
            (101, Paint::StateSeverity(0)),
            (104, Paint::StateSeverity(3)),
            (105, Paint::StateFine),
        ] {
            assert_eq!(Paint::state(style), expected, "{style}");
        }
    }

    #[test]
    fn a_real_colour_is_drawn_as_an_axis() {
        assert_eq!(Paint::undisguised((255, 0, 0)), Paint::Axis);
        assert_eq!(Paint::undisguised((200, 0, DISGUISE)), Paint::Axis);
    }
}
