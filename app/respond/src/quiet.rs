//! That an alert calls nobody: what keeps it from that, the way there, and until when. The same wherever an alert is shown.

use crate::routes_tree::node::until;
use crate::words::answers::answer_words;
use api::alerting::{Muted, MutedBy};
use leptos::prelude::*;
use model::links;
use ui::state::{StateKind, StateMark};

/// The word of what keeps it quiet, with its sign.
pub fn mark(muted: &Muted) -> AnyView {
    view! { <StateMark kind=StateKind::Paused word=(answer_words().muted)(&muted.by) /> }.into_any()
}

/// What it is and until when, as small as a row has room for.
pub fn short(muted: &Muted) -> AnyView {
    let words = answer_words();
    let end = muted.until.map(|at| view! { " · " {until(at)} });
    view! { {(words.muted)(&muted.by)} {end} }.into_any()
}

/// The whole of it, on the alert's own screen.
pub fn line(muted: &Muted) -> AnyView {
    let words = answer_words();
    let (href, name) = (href(&muted.by), (words.muted_by)(&muted.by));
    let comment = (!muted.comment.is_empty()).then(|| view! { <q class="alert__muted-why">{muted.comment.clone()}</q> });
    view! {
        <p class="alert__muted">
            {mark(muted)}
            <a class="link" href=href>{name}</a>
            {muted.until.map(|at| view! { <span>{until(at)}</span> })}
            {comment}
            <span class="mute">{words.muted_say}</span>
        </p>
    }
    .into_any()
}

/// Where it can be looked at and ended.
fn href(by: &MutedBy) -> String {
    match by {
        MutedBy::Silence(id) | MutedBy::Maintenance(id) => links::silence(*id),
        MutedBy::Alert(id, _) => links::alert(*id),
        MutedBy::Calendar(_) => links::ROUTES.to_owned(),
    }
}
