//! The seat: the owner sits in it, or the button that takes the alert stands there.

use crate::facts::{name_of, until_text};
use crate::quiet;
use crate::words::{viewer, words};
use api::alerting::{AlertAcknowledge, AlertRow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Role;
use model::alert::AlertState;
use ui::button::{Button, Rank};
use ui::person::PersonMark;
use ui::time_text::{TimeForm, TimeText};

/// Who has it, or the way to take it. A form, so that it works without any script.
#[component]
pub fn Seat(row: AlertRow) -> impl IntoView {
    let words = words();
    if let Some(at) = row.resolved_at {
        return view! {
            <span class="seat">
                {row.held.map(|held| view! { <PersonMark name=name_of(&held.by) /> })}
                <small class="seat__say">{words.resolved} " " <TimeText at_ms=at.0 form=TimeForm::Day /></small>
            </span>
        }
        .into_any();
    }
    match row.held {
        Some(held) => {
            let since = view! { <TimeText at_ms=held.at.0 /> };
            let end = held.until.map(|at| format!(" · {}", until_text(at)));
            let muted = row.muted.as_ref().map(|muted| view! { <small class="seat__say">{quiet::short(muted)}</small> });
            view! {
                <span class="seat">
                    <PersonMark name=name_of(&held.by) />
                    <small class="seat__say">{words.held} " · " {since} {end}</small>
                    {muted}
                </span>
            }
            .into_any()
        }
        None => view! { <EmptySeat row=row /> }.into_any(),
    }
}

#[component]
fn EmptySeat(row: AlertRow) -> impl IntoView {
    let words = words();
    if row.state == AlertState::Pending {
        return view! { <span class="seat"><small class="seat__say">{words.pending}</small></span> }.into_any();
    }
    let id = row.id;
    let reason = (!viewer().may(Role::Responder)).then(|| words.viewer_hint.to_owned());
    let label = format!("{}: {id}", words.take);
    let said = match &row.muted {
        Some(muted) => quiet::short(muted),
        None => view! { <b>{words.unanswered}</b> }.into_any(),
    };
    view! {
        <span class="seat">
            <form class="seat__form" method="post" action=AlertAcknowledge::url()>
                <input type="hidden" name="id" value=id.0.to_string() />
                <Button kind="submit" rank=Rank::Row label=label disabled=reason>{words.take}</Button>
            </form>
            <small class="seat__say">{said}</small>
        </span>
    }
    .into_any()
}
