//! Which month it is, how it stands, and the ways to those beside it.

use crate::words::pay::pay_words;
use api::pay::{PayHead, PayState, PayWait};
use leptos::prelude::*;
use model::Time;
use ui::button::ButtonLink;
use ui::context::use_look;
use ui::state::{StateKind, StateMark};

/// The months as links; `href` says where one stands.
pub fn head(head: &PayHead, href: &dyn Fn(&str) -> String) -> AnyView {
    let words = pay_words();
    let link = |month: &str, word: &'static str| {
        let (href, label) = (href(month), format!("{word}: {}", (words.month_name)(month)));
        view! { <ButtonLink href=href label=label>{word}</ButtonLink> }.into_any()
    };
    let after: Option<AnyView> = (!head.after.is_empty()).then(|| link(&head.after, words.after));
    view! {
        <nav class="pay__months" aria-label=words.months>
            {link(&head.before, words.before)}
            <strong class="pay__month" aria-current="page">{(words.month_name)(&head.month)}</strong>
            {after}
            {state(&head.state)}
        </nav>
    }
    .into_any()
}

fn state(state: &PayState) -> AnyView {
    let kind: StateKind = match state {
        PayState::Running | PayState::Waiting(_) => StateKind::Waiting,
        PayState::Over => StateKind::Open,
        PayState::Closed { .. } => StateKind::Held,
    };
    view! { <StateMark kind=kind word=state_text(state) /> }.into_any()
}

/// How a month stands, in words.
pub fn state_text(state: &PayState) -> String {
    let words = pay_words();
    match state {
        PayState::Running => words.running.to_owned(),
        PayState::Over => words.over.to_owned(),
        PayState::Waiting(PayWait::Order(month)) => (words.wait_order)(&(words.month_name)(month)),
        PayState::Waiting(PayWait::Standby(until)) => (words.wait_standby)(&when(*until)),
        PayState::Closed { by, at } => (words.closed)(by, &when(*at)),
    }
}

/// A moment in the reader's zone.
pub fn when(at: Time) -> String {
    let look = use_look();
    ::figures::day_time(at.0, &look.zone, look.locale)
}
