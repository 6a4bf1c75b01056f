//! A state as a sign and its word.

use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What a state amounts to, whatever it is the state of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Needs a person.
    Open,
    /// Somebody has it.
    Held,
    /// Put aside for a while.
    Paused,
    /// Not yet.
    Waiting,
    /// Came back.
    Back,
    /// No data, nobody.
    None,
}

impl StateKind {
    fn icon(self) -> IconName {
        match self {
            Self::Open => IconName::StateOpen,
            Self::Held => IconName::StateHeld,
            Self::Paused => IconName::StateSnooze,
            Self::Waiting => IconName::StateWait,
            Self::Back => IconName::StateBack,
            Self::None => IconName::StateNone,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Open => "state state--open",
            Self::Held | Self::Paused | Self::Waiting => "state",
            Self::Back => "state state--back",
            Self::None => "state state--none",
        }
    }
}

/// A state: its sign, its word.
#[component]
pub fn StateMark(
    /// What it amounts to.
    kind: StateKind,
    /// The state in words.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! {
        <span class=kind.class()>
            <Icon name=kind.icon() />
            {word}
        </span>
    }
}
