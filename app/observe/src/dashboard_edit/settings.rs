//! What a dashboard says besides its panels, as a form.

use super::acts::Acts;
use super::refusal::wrong_in;
use super::sheet::{Choices, Sheet, place};
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use api::dashboards::editing::view::{DashboardEditView, SettingsForm};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::attempt::Wrong;
use ui::button::{Button, ButtonLink, Rank};

const PREFIX: &str = "board";

pub(super) fn settings(view: &DashboardEditView, part: &SettingsForm, acts: Acts) -> AnyView {
    let words = edit_words();
    let wrong: Vec<Wrong> = wrong_in(acts.settings_save, &part.wrong, |field| place(PREFIX, field));
    let sheet = Sheet::new(PREFIX, &part.form, wrong);
    let teams = part.teams.iter().map(|team| (team.clone(), team.clone()));
    let teams: Choices = std::iter::once((String::new(), words.no_team.to_owned())).chain(teams).collect();
    let (slug, back): (&str, String) = (&view.dashboard.slug, ways::edit(&view.dashboard.slug));
    let fields = view! {
        {sheet.refused()}
        {hidden("slug", slug)}
        <div class="dashboard-edit__pair">{sheet.both("title")}</div>
        {sheet.both_areas("description")}
        {sheet.area("tags")}
        {sheet.choice("team", &teams)}
        <div class="dashboard-edit__pair">
            {sheet.code("span")}
            {sheet.code("refresh")}
        </div>
        {sheet.links()}
        <p class="form__foot">
            <Button kind="submit" rank=Rank::Main>{words.take}</Button>
            <ButtonLink href=back rank=Rank::Quiet>{words.cancel}</ButtonLink>
        </p>
    };
    view! { <ActionForm action=acts.settings_save attr:class="form">{fields}</ActionForm> }.into_any()
}
