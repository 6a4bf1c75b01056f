//! The tokens one has.

use super::Acts;
use crate::report::refusal_before;
use crate::words::{viewer, words};
use api::identity::TokenRow;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::{Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// Every token that is not revoked, expired ones too: they still say what has stopped working.
#[component]
pub fn Tokens(tokens: Vec<TokenRow>, acts: Acts) -> impl IntoView {
    let words = words();
    let count = Some(tokens.len().to_string());
    let body = if tokens.is_empty() {
        view! { <Empty title=words.no_tokens say=words.no_tokens_hint /> }.into_any()
    } else {
        list(tokens, acts)
    };
    view! {
        <Part title=words.tokens.to_owned() count=count more=move || words.tokens_note>
            {refusal_before(acts.token)}
            {body}
        </Part>
    }
    .into_any()
}

fn list(tokens: Vec<TokenRow>, acts: Acts) -> AnyView {
    let words = words();
    let columns = vec![
        Column::text(words.name),
        Column::text(words.scopes),
        Column::text(words.expires),
        Column::text(words.last_used),
        Column::text(""),
    ];
    let rows = tokens.into_iter().map(|token| view! { <Token token=token acts=acts /> }).collect_view();
    view! {
        <div class="stacked">
            <Table caption=words.tokens columns=columns>{rows}</Table>
        </div>
    }
    .into_any()
}

#[component]
fn Token(token: TokenRow, acts: Acts) -> impl IntoView {
    let words = words();
    let is_over = token.expires_at <= viewer().now;
    let over = is_over.then(|| view! { <StateMark kind=StateKind::None word=words.expired /> });
    let scopes = token.scopes.iter().map(|scope| view! { <code class="account__scope">{scope.clone()}</code> }).collect_view();
    let used = match token.used_at {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => view! { <span class="mute">{words.not_used}</span> }.into_any(),
    };
    let label = (words.revoke_token_of)(&token.name);
    view! {
        <tr>
            <th scope="row">
                {token.name}
                <code class="account__prefix">{token.prefix} "…"</code>
            </th>
            <td>{scopes}</td>
            <td><small class="stacked__name">{words.expires}</small> <TimeText at_ms=token.expires_at.0 form=TimeForm::Full /> {over}</td>
            <td><small class="stacked__name">{words.last_used}</small> {used}</td>
            <td class="table__act">
                <ActionForm action=acts.token>
                    <input type="hidden" name="token" value=token.id.to_string() />
                    <Button kind="submit" rank=Rank::Row label=label>{words.revoke}</Button>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}
