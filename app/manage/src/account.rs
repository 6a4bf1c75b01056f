//! One's own account: who one is, how one sees things, the password, where one is signed in, and tokens.

mod agent;
mod contacts;
mod device;
mod me;
mod password;
mod preferences;
mod push;
mod sessions;
mod token_form;
mod tokens;

use crate::screen::loaded;
use crate::words::words;
use agent::AgentHint;
use api::identity::{
    AccountView, PasswordChange, SessionRevoke, SessionsRevokeOthers, TokenMake, TokenRevoke, account as ask_account,
};
use api::pulse::use_pulse;
use api::{ApiError, Asked, ask};
use contacts::Contacts;
use leptos::prelude::*;
use leptos_meta::Title;
use me::Me;
use password::Password;
use preferences::Preferences;
use push::Browsers;
use sessions::Sessions;
use token_form::TokenForm;
use tokens::Tokens;

/// Everything one can do here, except the preferences: those are plain forms.
#[derive(Clone, Copy)]
pub struct Acts {
    pub password: ServerAction<PasswordChange>,
    pub session: ServerAction<SessionRevoke>,
    pub others: ServerAction<SessionsRevokeOthers>,
    pub token_make: ServerAction<TokenMake>,
    pub token: ServerAction<TokenRevoke>,
}

impl Acts {
    fn new() -> Self {
        Self {
            password: ServerAction::new(),
            session: ServerAction::new(),
            others: ServerAction::new(),
            token_make: ServerAction::new(),
            token: ServerAction::new(),
        }
    }

    /// Moves when any of them was answered.
    fn version(&self) -> usize {
        let sessions = self.password.version().get() + self.session.version().get() + self.others.version().get();
        sessions + self.token_make.version().get() + self.token.version().get()
    }
}

/// The screen at `/account`.
#[component]
pub fn AccountScreen() -> impl IntoView {
    let words = words();
    let acts = Acts::new();
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), acts.version()), |_| ask_account());
    view! {
        <Title text=words.account />
        <div class="account">
            <header class="screen-head">
                <h1>{words.account}</h1>
                <p class="screen-head__lead">{words.account_lead}</p>
            </header>
            <Me />
            <Contacts />
            {chosen(data)}
            <Password acts=acts />
            <div class="account__lists">
                <Browsers />
                {loaded(data, move |view| view! { <Lists view=view acts=acts /> }.into_any())}
            </div>
            <TokenForm acts=acts />
            <AgentHint />
        </div>
    }
    .into_any()
}

/// The preferences stand even when the list of zones could not be had: the one in force is always there.
fn chosen(data: Asked<Result<AccountView, ApiError>>) -> AnyView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let zones = data.await.map(|view| view.zones).unwrap_or_default();
                view! { <Preferences zones=zones /> }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Lists(view: AccountView, acts: Acts) -> impl IntoView {
    view! {
        <Sessions sessions=view.sessions acts=acts />
        <Tokens tokens=view.tokens acts=acts />
    }
    .into_any()
}
