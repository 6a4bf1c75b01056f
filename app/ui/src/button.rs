//! Buttons, and links that look like them.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// How much a button weighs. One `Main` to a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rank {
    /// The one thing to do here.
    Main,
    /// Everything else.
    #[default]
    Normal,
    /// A word in the margin.
    Quiet,
    /// In a row of a list.
    Row,
}

impl Rank {
    /// The classes of this rank.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Main => "button button--main",
            Self::Normal => "button",
            Self::Quiet => "button button--quiet",
            Self::Row => "button button--row",
        }
    }
}

/// A button. With a `disabled` reason it stays focusable, says the reason and does nothing: hiding it would leave the reader
/// searching, and a dead button without a reason is no better.
#[component]
pub fn Button(
    /// What it says.
    children: Children,
    #[prop(optional)] rank: Rank,
    /// `button` (the default) or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    /// The name and value it submits, when a form has several.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional)] icon: Option<IconName>,
    /// The key that does the same.
    #[prop(optional)]
    kbd: Option<&'static str>,
    /// The label when the children are only a sign.
    #[prop(optional, into)]
    label: Option<String>,
    /// Why it can't be pressed now, if it can't.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    /// Under way: pressing again would do it twice.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional)] on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let is_off = move || disabled.with(Option::is_some) || busy.get();
    let press = move |event: MouseEvent| {
        if is_off() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(event);
        }
    };
    view! {
        <button
            class=rank.class()
            type=kind
            name=name
            value=value
            aria-label=label
            title=move || disabled.get()
            aria-disabled=move || is_off().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-keyshortcuts=kbd
            on:click=press
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
            {kbd.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// A link with the weight of a button.
#[component]
pub fn ButtonLink(
    /// What it says.
    children: Children,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    #[prop(optional)] rank: Rank,
    #[prop(optional)] icon: Option<IconName>,
    /// The key that does the same.
    #[prop(optional)]
    kbd: Option<&'static str>,
    /// The label when the children are only a sign.
    #[prop(optional, into)]
    label: Option<String>,
    /// `external` for an address that the console's router must leave to the browser.
    #[prop(optional)]
    rel: Option<&'static str>,
) -> impl IntoView {
    view! {
        <a class=rank.class() href=move || href.get() rel=rel aria-label=label aria-keyshortcuts=kbd>
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
            {kbd.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_button_says_why_and_stays_focusable() {
        let owner = Owner::new();
        owner.set();
        let off = view! { <Button disabled=Some("only responders may".to_owned())>"Take"</Button> }.to_html();
        assert!(off.contains("aria-disabled=\"true\"") && off.contains("only responders may"), "{off}");
        let on = view! { <Button kbd="A">"Take"</Button> }.to_html();
        assert!(!on.contains("aria-disabled") && on.contains("<kbd"), "{on}");
    }
}
