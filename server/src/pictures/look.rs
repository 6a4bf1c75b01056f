//! How each role of a chart looks: the light theme of `style/tokens.css`, in sRGB.

use chart::Paint;

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// The sheet.
pub(super) const SURFACE: Rgb = [0xf9, 0xf6, 0xf2];
const INK: Rgb = [0x1e, 0x1a, 0x15];
const INK_QUIET: Rgb = [0x69, 0x62, 0x5b];
const LINE: Rgb = [0x84, 0x7f, 0x78];
const GRID: Rgb = [0xe2, 0xdf, 0xdb];
const PAST: Rgb = [0xa2, 0x9e, 0x98];
const ACCENT: Rgb = [0x00, 0x64, 0x6d];
/// By severity.
const SEVERITY: [Rgb; 4] = [[0xb7, 0x19, 0x1c], [0xab, 0x4c, 0x12], [0x83, 0x5f, 0x03], [0x48, 0x5a, 0x6b]];
const WASH: [Rgb; 4] = [[0xfc, 0xe5, 0xe2], [0xfc, 0xeb, 0xdf], [0xf7, 0xef, 0xd9], [0xea, 0xee, 0xf1]];
/// The solid colour of a severity, and what is written on it.
const SEVERITY_FILL: [Rgb; 4] = [[0xc7, 0x18, 0x1d], [0xe5, 0x68, 0x16], [0xee, 0xbd, 0x30], [0xc6, 0xd3, 0xdf]];
const SEVERITY_ON: [Rgb; 4] = [[0xfd, 0xfc, 0xf8], [0x1f, 0x10, 0x07], [0x23, 0x19, 0x03], [0x13, 0x1c, 0x23]];
/// What is filled without meaning anything.
const TRACK: Rgb = [0xe0, 0xdc, 0xd5];
const MINOR: Rgb = [0xec, 0xea, 0xe5];
/// The steps of a heat map, from few to most.
const HEAT: [Rgb; 7] = [
    [0xdc, 0xe2, 0xe7],
    [0xbf, 0xce, 0xdc],
    [0x9e, 0xb7, 0xcf],
    [0x7e, 0x9f, 0xc1],
    [0x5c, 0x87, 0xb3],
    [0x36, 0x6d, 0xa2],
    [0x00, 0x51, 0x91],
];
/// By style, from 1 on.
const SERIES: [Rgb; 8] = [
    [0x00, 0x51, 0x91],
    [0xb6, 0x77, 0x03],
    [0x00, 0x7d, 0x54],
    [0xb9, 0x4f, 0x87],
    [0x28, 0x84, 0xae],
    [0x69, 0x36, 0x09],
    [0x5c, 0x64, 0x00],
    [0x2d, 0x28, 0x23],
];
/// Lengths of line and gap in CSS pixels; empty for a whole line.
const WHOLE: &[f32] = &[];
const LIMIT: &[f32] = &[5.0, 3.0];
const POLE: &[f32] = &[2.0, 2.0];
const FAINT: &[f32] = &[1.5, 2.5];

/// How something is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Of the inside of a shape, and of text.
    pub(super) fill: Rgb,
    /// Of lines, and around a shape.
    pub(super) stroke: Option<Rgb>,
    /// Of lines, in CSS pixels.
    pub(super) width: f32,
    pub(super) dash: &'static [f32],
    /// Of the inside, from 0 to 1.
    pub(super) alpha: f32,
    pub(super) is_bold: bool,
    /// How many times as large as usual text is.
    pub(super) enlarged: u8,
}

impl Look {
    fn line(colour: Rgb, width: f32, dash: &'static [f32]) -> Self {
        Self { fill: colour, stroke: Some(colour), width, dash, alpha: 1.0, is_bold: false, enlarged: 1 }
    }

    fn fill(colour: Rgb) -> Self {
        Self { fill: colour, stroke: None, width: 1.0, dash: WHOLE, alpha: 1.0, is_bold: false, enlarged: 1 }
    }

    /// Of a role.
    pub(super) fn of(paint: Paint) -> Self {
        match paint {
            Paint::Grid => Self::line(GRID, 1.0, WHOLE),
            Paint::Axis | Paint::Hatch => Self::line(LINE, 1.0, WHOLE),
            Paint::Tick => Self::fill(INK_QUIET),
            Paint::Series(style) => Self::line(series(style), 1.5, WHOLE),
            Paint::SeriesHeavy(style) => Self::line(series(style), 2.0, WHOLE),
            Paint::SeriesFill(style) => Self { alpha: 0.22, ..Self::fill(series(style)) },
            Paint::SeriesDot(style) => Self::fill(series(style)),
            Paint::Past => Self::line(PAST, 1.0, FAINT),
            Paint::Band(severity) => Self::fill(WASH[usize::from(severity.min(3))]),
            Paint::Limit(severity) => Self::line(of_severity(severity), 1.0, LIMIT),
            Paint::LimitWord(severity) | Paint::Shape(severity) => Self::fill(of_severity(severity)),
            Paint::LimitStrong(severity) => Self { is_bold: true, ..Self::fill(of_severity(severity)) },
            Paint::Pole => Self::line(INK_QUIET, 1.0, POLE),
            Paint::Ink => Self::line(INK, 1.25, WHOLE),
            Paint::Ring => Self { fill: SURFACE, ..Self::line(INK, 1.75, WHOLE) },
            Paint::Word => Self::fill(INK),
            Paint::Strong => Self { is_bold: true, ..Self::fill(INK) },
            Paint::Cross => Self::line(ACCENT, 1.0, WHOLE),
            Paint::Tag => Self::fill(ACCENT),
            Paint::TagWord => Self { is_bold: true, ..Self::fill(SURFACE) },
            Paint::Heat(step) => Self::fill(HEAT[usize::from(step.clamp(1, 7)) - 1]),
            Paint::Bar(style) => Self::fill(series(style)),
            Paint::State(style) => Self { alpha: 0.4, ..Self::fill(series(style)) },
            Paint::StateFine | Paint::Track => Self::fill(TRACK),
            Paint::StateSeverity(severity) | Paint::Arc(severity) => Self::fill(SEVERITY_FILL[usize::from(severity.min(3))]),
            Paint::StateWord(severity) => Self { is_bold: true, ..Self::fill(SEVERITY_ON[usize::from(severity.min(3))]) },
            // A note is never drawn.
            Paint::Label | Paint::Note => Self::fill(INK),
            Paint::Slice(style) => Self { stroke: Some(SURFACE), width: 1.5, ..Self::fill(series(style)) },
            Paint::SliceRest => Self { stroke: Some(SURFACE), width: 1.5, ..Self::fill(TRACK) },
            Paint::Needle => Self::line(INK, 2.0, WHOLE),
            Paint::Reading => Self { is_bold: true, enlarged: 2, ..Self::fill(INK) },
            Paint::Minor => Self::line(MINOR, 1.0, WHOLE),
        }
    }
}

fn series(style: u8) -> Rgb {
    SERIES[usize::from(style.clamp(1, 8)) - 1]
}

fn of_severity(severity: u8) -> Rgb {
    SEVERITY[usize::from(severity.min(3))]
}
