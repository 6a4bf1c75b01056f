//! Notes in the flow of a screen, and the one above the whole console.

use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What a note is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    #[default]
    Plain,
    /// Something to do.
    Warn,
    /// Something came back, or was done.
    Back,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "callout",
            Self::Warn => "callout callout--warn",
            Self::Back => "callout callout--back",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Plain => IconName::StateOpen,
            Self::Warn => IconName::Warn,
            Self::Back => IconName::StateBack,
        }
    }
}

/// A note between two hairlines. That something was done becomes a toast where there is a script (`data-said`, `public/toasts.js`).
#[component]
pub fn Callout(
    /// What it says.
    children: Children,
    #[prop(optional)] tone: Tone,
    /// What can be done about it.
    #[prop(optional, into)]
    acts: ViewFn,
    /// Belongs to the screen, and not to what was just done.
    #[prop(optional)]
    stays: bool,
) -> impl IntoView {
    let said = (tone == Tone::Back && !stays).then_some("");
    view! {
        <div class=tone.class() role="note" data-said=said>
            <Icon name=tone.icon() />
            <p class="callout__text">{children()}</p>
            <div class="callout__acts">{acts.run()}</div>
        </div>
    }
}

/// A note about the whole console: that something was not done. It is said aloud when it appears, and becomes a toast where there is a
/// script (`data-said`, `public/toasts.js`).
#[component]
pub fn Banner(
    /// What it says.
    children: Children,
    #[prop(default = IconName::Offline)] icon: IconName,
) -> impl IntoView {
    view! {
        <div class="banner" role="status" data-said="failed">
            <Icon name=icon />
            {children()}
        </div>
    }
}
