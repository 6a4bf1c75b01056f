//! Icons: sixteen-unit drawings in the ink of their surroundings, kept once in the document and pointed at.

use leptos::prelude::*;

/// Every icon there is, named by what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// A bell.
    Bell,
    /// A speech balloon.
    Chat,
    /// A tick.
    Check,
    /// A cross.
    Close,
    /// Two sheets.
    Copy,
    /// A line over two axes.
    Graph,
    /// An arrow out of a box.
    Launch,
    /// An open book.
    Book,
    /// An angle pointing down.
    Down,
    /// A lens over a line.
    Scope,
    /// A camera.
    Camera,
    /// A globe.
    Globe,
    /// Six dots to hold.
    Grip,
    /// The flag of a holiday.
    Holiday,
    /// Two machines in a rack.
    Rack,
    /// A flag.
    Flag,
    /// A keyboard.
    Key,
    /// Steps going up.
    Ladder,
    /// An angle pointing left.
    Left,
    /// Two links of a chain.
    Link,
    /// A padlock.
    Lock,
    /// Lines of text.
    Lines,
    /// The eye with its needle: the mark of the house.
    Mark,
    /// Three dots.
    More,
    /// A pencil.
    Note,
    /// A gauge.
    Gauge,
    /// A struck-out signal.
    Offline,
    /// A telephone.
    Phone,
    /// An arrow out of a door.
    Out,
    /// Two bars.
    Pause,
    /// Two persons.
    People,
    /// A person.
    Person,
    /// A pin.
    Pin,
    /// A triangle to the right.
    Play,
    /// A plus.
    Plus,
    /// A written sheet.
    Sheet,
    /// A pulse.
    Pulse,
    /// A telephone in the hand.
    Mobile,
    /// An arrow round.
    Refresh,
    /// Four bars.
    Bars,
    /// An angle pointing right.
    Right,
    /// A lens.
    Search,
    /// Two sliders.
    Settings,
    /// A ring with a tick.
    StateBack,
    /// A ring half filled.
    StateHeld,
    /// A broken ring.
    StateNone,
    /// A ring with a full heart.
    StateOpen,
    /// A ring with two bars.
    StateSnooze,
    /// A dotted ring.
    StateWait,
    /// Two arrows.
    Swap,
    /// Two boxes joined.
    Boxes,
    /// A ruled table.
    Table,
    /// A disc half dark.
    Theme,
    /// An arrow falling.
    TrendDown,
    /// An arrow level.
    TrendFlat,
    /// An arrow rising.
    TrendUp,
    /// An arrow up.
    Up,
    /// A triangle with a mark.
    Warn,
    /// A lens with a minus.
    ZoomOut,
}

impl IconName {
    /// Every icon, by name.
    pub const ALL: [Self; 59] = [
        Self::Bell,
        Self::Chat,
        Self::Check,
        Self::Close,
        Self::Copy,
        Self::Graph,
        Self::Launch,
        Self::Book,
        Self::Down,
        Self::Scope,
        Self::Camera,
        Self::Globe,
        Self::Grip,
        Self::Holiday,
        Self::Rack,
        Self::Flag,
        Self::Key,
        Self::Ladder,
        Self::Left,
        Self::Link,
        Self::Lock,
        Self::Lines,
        Self::Mark,
        Self::More,
        Self::Note,
        Self::Gauge,
        Self::Offline,
        Self::Phone,
        Self::Out,
        Self::Pause,
        Self::People,
        Self::Person,
        Self::Pin,
        Self::Play,
        Self::Plus,
        Self::Sheet,
        Self::Pulse,
        Self::Mobile,
        Self::Refresh,
        Self::Bars,
        Self::Right,
        Self::Search,
        Self::Settings,
        Self::StateBack,
        Self::StateHeld,
        Self::StateNone,
        Self::StateOpen,
        Self::StateSnooze,
        Self::StateWait,
        Self::Swap,
        Self::Boxes,
        Self::Table,
        Self::Theme,
        Self::TrendDown,
        Self::TrendFlat,
        Self::TrendUp,
        Self::Up,
        Self::Warn,
        Self::ZoomOut,
    ];

    /// Where the drawing stands in the sprite: `#i-bell`.
    #[must_use]
    pub fn href(self) -> &'static str {
        match self {
            Self::Bell => "#i-bell",
            Self::Chat => "#i-chat",
            Self::Check => "#i-check",
            Self::Close => "#i-close",
            Self::Copy => "#i-copy",
            Self::Graph => "#i-graph",
            Self::Launch => "#i-launch",
            Self::Book => "#i-book",
            Self::Down => "#i-down",
            Self::Scope => "#i-scope",
            Self::Camera => "#i-camera",
            Self::Globe => "#i-globe",
            Self::Grip => "#i-grip",
            Self::Holiday => "#i-holiday",
            Self::Rack => "#i-rack",
            Self::Flag => "#i-flag",
            Self::Key => "#i-key",
            Self::Ladder => "#i-ladder",
            Self::Left => "#i-left",
            Self::Link => "#i-link",
            Self::Lock => "#i-lock",
            Self::Lines => "#i-lines",
            Self::Mark => "#i-mark",
            Self::More => "#i-more",
            Self::Note => "#i-note",
            Self::Gauge => "#i-gauge",
            Self::Offline => "#i-offline",
            Self::Phone => "#i-phone",
            Self::Out => "#i-out",
            Self::Pause => "#i-pause",
            Self::People => "#i-people",
            Self::Person => "#i-person",
            Self::Pin => "#i-pin",
            Self::Play => "#i-play",
            Self::Plus => "#i-plus",
            Self::Sheet => "#i-sheet",
            Self::Pulse => "#i-pulse",
            Self::Mobile => "#i-mobile",
            Self::Refresh => "#i-refresh",
            Self::Bars => "#i-bars",
            Self::Right => "#i-right",
            Self::Search => "#i-search",
            Self::Settings => "#i-settings",
            Self::StateBack => "#i-s-back",
            Self::StateHeld => "#i-s-held",
            Self::StateNone => "#i-s-none",
            Self::StateOpen => "#i-s-open",
            Self::StateSnooze => "#i-s-snooze",
            Self::StateWait => "#i-s-wait",
            Self::Swap => "#i-swap",
            Self::Boxes => "#i-boxes",
            Self::Table => "#i-table",
            Self::Theme => "#i-theme",
            Self::TrendDown => "#i-t-down",
            Self::TrendFlat => "#i-t-flat",
            Self::TrendUp => "#i-t-up",
            Self::Up => "#i-up",
            Self::Warn => "#i-warn",
            Self::ZoomOut => "#i-zoomout",
        }
    }
}

/// An icon. It says nothing to a screen reader: the word beside it does, and where there is none the control has a label.
#[component]
pub fn Icon(
    /// Which one.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use_ href=name.href()></use_>
        </svg>
    }
}
