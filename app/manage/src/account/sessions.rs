//! Where one is signed in.

use super::Acts;
use super::device::device;
use crate::report::refusal_before;
use crate::words::words;
use api::identity::SessionRow;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use ui::button::{Button, Rank};
use ui::part::Part;
use ui::table::{Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// Every browser that is signed in, this one marked.
#[component]
pub fn Sessions(sessions: Vec<SessionRow>, acts: Acts) -> impl IntoView {
    let words = words();
    let columns = vec![
        Column::text(words.device),
        Column::text(words.address),
        Column::text(words.signed_in_at),
        Column::text(words.last_seen),
        Column::text(""),
    ];
    let count = Some(sessions.len().to_string());
    let reason = sessions.iter().all(|session| session.current).then(|| words.no_others.to_owned());
    let rows = sessions.into_iter().map(|session| view! { <Session session=session acts=acts /> }).collect_view();
    view! {
        <Part title=words.sessions.to_owned() count=count>
            {refusal_before(acts.session)}
            {refusal_before(acts.others)}
            <div class="stacked">
                <Table caption=words.sessions columns=columns>{rows}</Table>
            </div>
            <ActionForm action=acts.others attr:class="account__foot">
                <Button kind="submit" disabled=reason busy=acts.others.pending()>{words.revoke_others}</Button>
            </ActionForm>
        </Part>
    }
    .into_any()
}

#[component]
fn Session(session: SessionRow, acts: Acts) -> impl IntoView {
    let words = words();
    let name = device(&session.agent).unwrap_or_else(|| words.unknown_device.to_owned());
    let here = session.current.then(|| view! { <small class="account__here">{words.this_device}</small> });
    let act = if session.current { sign_out() } else { revoke(&session, &name, acts) };
    view! {
        <tr>
            <th scope="row">{name} " " {here}</th>
            <td><code>{session.address}</code></td>
            <td><small class="stacked__name">{words.signed_in_at}</small> <TimeText at_ms=session.made_at.0 form=TimeForm::Day /></td>
            <td><small class="stacked__name">{words.last_seen}</small> <TimeText at_ms=session.seen_at.0 form=TimeForm::Day /></td>
            <td class="table__act">{act}</td>
        </tr>
    }
    .into_any()
}

fn sign_out() -> AnyView {
    view! {
        <form method="post" action=links::SIGN_OUT>
            <Button kind="submit" rank=Rank::Quiet>{words().sign_out}</Button>
        </form>
    }
    .into_any()
}

fn revoke(session: &SessionRow, name: &str, acts: Acts) -> AnyView {
    let words = words();
    let label = (words.revoke_session_of)(name);
    let id = session.id.to_string();
    view! {
        <ActionForm action=acts.session>
            <input type="hidden" name="session" value=id />
            <Button kind="submit" rank=Rank::Row label=label>{words.revoke}</Button>
        </ActionForm>
    }
    .into_any()
}
