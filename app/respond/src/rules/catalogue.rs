//! What is shipped and not in force: a sentence for each file, its rules to look at, and the button that puts them in force.

use super::filters::look_at;
use super::table;
use crate::words::rules::rule_words;
use api::rules::{CatalogueFile, RuleAdopt, RuleLine, RuleList, RuleQuery};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::part::Part;

/// The files; nothing when everything shipped is in force.
#[component]
pub fn Catalogue(list: RuleList, query: Memo<RuleQuery>, adopt: ServerAction<RuleAdopt>) -> impl IntoView {
    if list.catalogue.is_empty() {
        return ().into_any();
    }
    let (said, now) = (rule_words(), query.get_untracked());
    let looked_at: String = now.catalogue.clone();
    let mut preview: Option<Vec<RuleLine>> = list.preview;
    let can_edit: bool = list.can_edit;
    let files: Vec<AnyView> = list
        .catalogue
        .into_iter()
        .map(|file| {
            let rules: Option<Vec<RuleLine>> = if file.name == looked_at { preview.take() } else { None };
            one(&file, &now, rules, can_edit.then_some(adopt))
        })
        .collect();
    view! {
        <Part title=said.catalogue.to_owned() id="catalogue">
            <p class="mute">{said.catalogue_hint}</p>
            <ul class="rules__catalogue">{files}</ul>
        </Part>
    }
    .into_any()
}

fn one(file: &CatalogueFile, query: &RuleQuery, rules: Option<Vec<RuleLine>>, adopt: Option<ServerAction<RuleAdopt>>) -> AnyView {
    let said = rule_words();
    let (title, watches) = (said.file)(&file.name);
    let href: String = look_at(query, &file.name);
    let n_rules: String = (said.n_rules)(file.n_rules);
    let is_shown: Option<&'static str> = rules.is_some().then_some("true");
    let name: String = file.name.clone();
    let shown =
        rules.map(|rules| view! { {adopt.map(|adopt| adopting(name, adopt))} {table(title.to_owned(), rules)} }.into_any());
    view! {
        <li class="rules__file">
            <p class="rules__sentence">
                <b>{title}</b> " " {n_rules} " · " <span class="soft">{watches}</span> " "
                <a class="link" href=href aria-current=is_shown>{said.look}<span class="hush">" (" {title} ")"</span></a>
            </p>
            {shown}
        </li>
    }
    .into_any()
}

fn adopting(file: String, adopt: ServerAction<RuleAdopt>) -> AnyView {
    let said = rule_words();
    view! {
        <ActionForm action=adopt attr:class="rules__adopt">
            <input type="hidden" name="file" value=file />
            <Button kind="submit" rank=Rank::Normal busy=adopt.pending()>{said.adopt}</Button>
            <p class="mute">{said.adopt_hint}</p>
        </ActionForm>
    }
    .into_any()
}
