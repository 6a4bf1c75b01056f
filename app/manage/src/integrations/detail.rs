//! One integration: how its tool is set up, how what it sends is read, what came, and its key.

use super::mapping::editor;
use super::receipts::receipts;
use super::settings::form;
use super::{failed, moment, reason_not, state};
use crate::report::refusal;
use crate::shown_once::shown_once;
use crate::words::integrations::integration_words;
use api::integrations::{
    IntegrationChange, IntegrationMapping, IntegrationRekey, IntegrationRemove, IntegrationView, integration_detail,
};
use api::{ApiError, ask};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::ids::IntegrationId;
use model::links;
use ui::button::{Button, Rank};
use ui::copy::CopyButton;
use ui::facts::{Fact, Facts};
use ui::loaded::loaded;
use ui::menu::Menu;
use ui::part::Part;

/// Everything one can do here. One set for the screen, so that it outlives each drawing.
#[derive(Clone, Copy)]
pub struct Acts {
    pub change: ServerAction<IntegrationChange>,
    pub mapping: ServerAction<IntegrationMapping>,
    pub rekey: ServerAction<IntegrationRekey>,
    pub remove: ServerAction<IntegrationRemove>,
}

impl Acts {
    fn new() -> Self {
        Self {
            change: ServerAction::new(),
            mapping: ServerAction::new(),
            rekey: ServerAction::new(),
            remove: ServerAction::new(),
        }
    }
}

/// Moves when an act was done, and not when it was refused: then what is filled in must stay.
fn done<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    let (value, version) = (action.value(), action.version());
    Memo::new(move |before: Option<&usize>| {
        let n_answers = version.get();
        let is_done = value.with(|value| matches!(value, Some(Ok(_))));
        if is_done { n_answers } else { before.copied().unwrap_or_default() }
    })
}

/// The screen at `/integrations/:id`.
#[component]
pub fn IntegrationScreen() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|text| text.parse::<IntegrationId>().ok())));
    let acts = Acts::new();
    let (changed, mapped, rekeyed) = (done(acts.change), done(acts.mapping), done(acts.rekey));
    // Not fetched again with the house: what somebody is filling in must not be replaced under their hands.
    let data = ask(move || (id.get(), changed.get(), mapped.get(), rekeyed.get()), |(id, _, _, _)| found(id));
    loaded(data, move |view| sheet(view, acts), failed)
}

/// An address without a number that could be one leads nowhere.
async fn found(id: Option<IntegrationId>) -> Result<IntegrationView, ApiError> {
    match id {
        Some(id) => integration_detail(id).await,
        None => Err(ApiError::NotFound { what: "integration".to_owned() }),
    }
}

fn sheet(integration: IntegrationView, acts: Acts) -> AnyView {
    let words = integration_words();
    let title = integration.row.name.clone();
    let kind = (words.kind_name)(&integration.row.kind);
    let standing = standing(&integration, acts);
    let setup = setup(&integration);
    let came = receipts(integration.receipts);
    let id = integration.row.id;
    let mapping = integration.tried.map(|tried| editor(id, tried, acts));
    let form = form(id, &integration.row.kind, integration.form, acts);
    view! {
        <Title text=title.clone() />
        <div class="integration">
            <header class="screen-head">
                <h1>{title}</h1>
                <p class="screen-head__lead">{kind}</p>
                <a class="link" href=links::INTEGRATIONS>{words.to_all}</a>
            </header>
            <div class="integration__main">{setup} {mapping} {came}</div>
            <aside class="integration__side">{standing} {form}</aside>
        </div>
    }
    .into_any()
}

/// How it does, with its key and its end.
fn standing(integration: &IntegrationView, acts: Acts) -> AnyView {
    let words = integration_words();
    let row = &integration.row;
    let alerts = links::alerts_of_integration(&row.slug);
    let label = format!("integration={}", row.slug);
    let (received, refused) = (moment(row.last_received_at), moment(row.last_refused_at));
    let counts = (words.count_of)(row.received, row.refused);
    let (state, made) = (state(row.enabled), moment(Some(integration.made_at)));
    let (prefix, by) = (format!("{}…", row.key_prefix), integration.made_by.clone());
    let (key, removal) = (rekey(row.id, acts), removal(row.id, acts));
    view! {
        <Part title=words.state.to_owned() more=move || view! { <a class="link" href=alerts.clone()>{words.alerts}</a> }>
            <Facts>
                <Fact name=words.state>{state}</Fact>
                <Fact name=words.last_received>{received}</Fact>
                <Fact name=words.last_refused>{refused}</Fact>
                <Fact name=words.counts>{counts}</Fact>
                <Fact name=words.label><code>{label}</code></Fact>
                <Fact name=words.key><code>{prefix}</code></Fact>
                <Fact name=words.made>{made} " " {by}</Fact>
            </Facts>
            <div class="integration__acts">{key} {removal}</div>
            {refusal(acts.rekey)}
            {refusal(acts.remove)}
            {shown_once(acts.rekey, words.key_shown)}
        </Part>
    }
    .into_any()
}

fn rekey(id: IntegrationId, acts: Acts) -> AnyView {
    let words = integration_words();
    if let Some(reason) = reason_not() {
        return view! { <Button rank=Rank::Quiet disabled=Some(reason)>{words.rekey}</Button> }.into_any();
    }
    view! {
        <Menu label=words.rekey>
            <ActionForm action=acts.rekey attr:class="integration__sure" attr:data-whole="">
                <p>{words.rekey_sure}</p>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind="submit" busy=acts.rekey.pending()>{words.rekey_do}</Button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}

/// The question before an integration goes.
fn removal(id: IntegrationId, acts: Acts) -> AnyView {
    let words = integration_words();
    if let Some(reason) = reason_not() {
        return view! { <Button rank=Rank::Quiet disabled=Some(reason)>{words.remove}</Button> }.into_any();
    }
    view! {
        <Menu label=words.remove>
            <ActionForm action=acts.remove attr:class="integration__sure">
                <p>{words.remove_sure}</p>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind="submit" busy=acts.remove.pending()>{words.remove_do}</Button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}

/// What is written into its tool, to be copied.
fn setup(integration: &IntegrationView) -> AnyView {
    let words = integration_words();
    let (address, text) = (integration.address.clone(), integration.setup.clone());
    view! {
        <Part title=words.setup.to_owned() more=move || words.setup_hint>
            <p class="integration__line">
                <span class="mute">{words.address}</span>
                <code>{address.clone()}</code>
                <CopyButton text=address />
            </p>
            <div class="integration__setup">
                <pre tabindex="0">{text.clone()}</pre>
                <CopyButton text=text />
            </div>
        </Part>
    }
    .into_any()
}
