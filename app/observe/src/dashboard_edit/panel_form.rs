//! A panel as a form, and how it would look with what stands in it.
//!
//! Fields that mean nothing for its kind are hidden by the style sheet, which reads the kind that is chosen; the server leaves
//! them out.

use super::acts::Acts;
use super::mark::marked;
use super::queries::queries;
use super::refusal::{in_words, wrong_in};
use super::sheet::{Choices, Sheet, named, place, repeats};
use crate::dashboard::body::body;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use crate::words::locale;
use api::dashboards::editing::EditForm;
use api::dashboards::editing::view::{DashboardEditView, FieldWrong, PanelForm};
use dashboard::{Axis, Kind, Legend, Reduce};
use figures::Unit;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use std::hash::{DefaultHasher, Hash, Hasher};
use ui::attempt::Wrong;
use ui::button::{Button, ButtonLink, Rank};
use ui::part::Part;

const PREFIX: &str = "panel";

pub(super) fn panel_form(view: &DashboardEditView, part: &PanelForm, acts: Acts) -> AnyView {
    let wrong: Vec<Wrong> = wrong_in(acts.panel_save, &part.wrong, |field| place(PREFIX, field));
    let sheet = Sheet::new(PREFIX, &part.form, wrong);
    let slug: &str = &view.dashboard.slug;
    let fields = view! {
        {sheet.refused()}
        {hidden("slug", slug)}
        {hidden("part", "panel")}
        {hidden("panel", part.id.as_deref().unwrap_or_default())}
        {hidden("row", &part.row.to_string())}
        {head(&sheet)}
        {queries(&sheet)}
        {drawing(&sheet)}
        {more(&sheet, part, view)}
        {foot(slug, part)}
    };
    view! {
        <h2 class="dashboard-edit__title">{title(view, part)}</h2>
        <div class="dashboard-edit__two">
            <ActionForm action=acts.panel_save attr:class="form dashboard-edit__form" attr:data-panel-form="">
                {fields}
            </ActionForm>
            {preview(part)}
        </div>
    }
    .into_any()
}

fn title(view: &DashboardEditView, part: &PanelForm) -> String {
    let words = edit_words();
    match part.id.as_deref().and_then(|id| view.dashboard.panel(id)) {
        Some(panel) => (words.panel_of)(&super::tile::title(panel)),
        None => words.panel_new.to_owned(),
    }
}

fn head(sheet: &Sheet<'_>) -> AnyView {
    let words = edit_words();
    let reduce: Choices = named(&Reduce::ALL.map(Reduce::as_str), words.reduce);
    view! {
        <div class="dashboard-edit__pair">{sheet.both("title")}</div>
        {sheet.choice("kind", &named(&Kind::WORDS, words.kind))}
        <div class="dashboard-edit__of-text">{sheet.both_areas("text")}</div>
        <div class="dashboard-edit__of-states">{sheet.area("states")}</div>
        <div class="dashboard-edit__of-numbers">{sheet.choice("reduce", &reduce)}</div>
    }
    .into_any()
}

/// How values are written and judged. A text has none.
fn drawing(sheet: &Sheet<'_>) -> AnyView {
    let words = edit_words();
    let units: Vec<&'static str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
    let legend: Vec<AnyView> = Legend::ALL.into_iter().map(|legend| sheet.tick(&format!("legend.{}", legend.as_str()))).collect();
    view! {
        <fieldset class="dashboard-edit__group dashboard-edit__of-queries">
            <legend class="field__label">{words.drawing}</legend>
            <div class="dashboard-edit__pair">
                {sheet.choice("unit", &named(&units, words.unit))}
                {sheet.line("decimals")}
                {sheet.line("min")}
                {sheet.line("max")}
                {sheet.choice("axis", &named(&Axis::ALL.map(Axis::as_str), words.axis))}
                {sheet.line("past")}
            </div>
            {sheet.area("judges")}
            {sheet.area("series")}
            <div class="dashboard-edit__group dashboard-edit__of-table">
                {sheet.area("columns")}
                <div class="dashboard-edit__pair">
                    {sheet.line("sort.column")}
                    {sheet.line("limit")}
                </div>
                {sheet.tick("sort.falling")}
            </div>
            <fieldset class="dashboard-edit__ticks">
                <legend class="field__label">{words.legend}</legend>
                {legend}
            </fieldset>
        </fieldset>
    }
    .into_any()
}

/// What most panels do without. It is open when something in it is wrong.
fn more(sheet: &Sheet<'_>, part: &PanelForm, view: &DashboardEditView) -> AnyView {
    const HERE: [&str; 6] = ["description", "width", "height", "repeat", "id", "link"];
    let words = edit_words();
    let is_here = |one: &FieldWrong| HERE.contains(&one.field.split('.').next().unwrap_or_default());
    let is_open: bool = part.wrong.iter().any(is_here);
    let by: Choices = repeats(&view.dashboard);
    view! {
        <details class="dashboard-edit__fold" open=is_open>
            <summary class="dashboard-edit__more">{words.more}</summary>
            <div class="dashboard-edit__group">
                {sheet.both_areas("description")}
                <div class="dashboard-edit__pair">
                    {sheet.line("width")}
                    {sheet.line("height")}
                    {sheet.choice("repeat", &by)}
                    {sheet.code("id")}
                </div>
                {sheet.links()}
            </div>
        </details>
    }
    .into_any()
}

fn foot(slug: &str, part: &PanelForm) -> AnyView {
    let words = edit_words();
    let here: String = ways::edit(slug);
    let back: String = part.id.as_ref().map_or_else(|| here.clone(), |id| format!("{here}#panel-{id}"));
    let take: &'static str = if part.id.is_some() { words.take } else { words.panel_add };
    view! {
        <p class="form__foot">
            <Button kind="submit" rank=Rank::Main>{take}</Button>
            <button class="button" type="submit" formmethod="get" formaction=here formnovalidate=true>{words.preview}</button>
            <ButtonLink href=back rank=Rank::Quiet>{words.cancel}</ButtonLink>
        </p>
    }
    .into_any()
}

/// How it would look. `public/dashboards.js` draws it anew while somebody writes; until another form comes it is left to that.
fn preview(part: &PanelForm) -> AnyView {
    let words = edit_words();
    let marks: Vec<AnyView> = part.wrong.iter().filter_map(|wrong| mark(wrong, &part.form)).collect();
    let marks = (!marks.is_empty()).then(|| view! { <ul class="dashboard-edit__marks">{marks}</ul> });
    let picture: AnyView = match &part.shown {
        Some(shown) => body(shown, &part.prose.body, part.span),
        None => view! { <p class="mute">{words.no_preview}</p> }.into_any(),
    };
    let own: String = stamp(&part.form);
    view! {
        <aside class="dashboard-edit__preview">
            <Part title=words.preview.to_owned()>
                <p class="dashboard-edit__live mute">{words.preview_hint}</p>
                <div id="panel-preview" data-own=own>
                    {marks}
                    <div class="tile__body">{picture}</div>
                </div>
            </Part>
        </aside>
    }
    .into_any()
}

/// A mistake in an expression at its place.
fn mark(wrong: &FieldWrong, form: &EditForm) -> Option<AnyView> {
    let (at, text): ((usize, usize), &String) = (wrong.at?, form.get(&wrong.field)?);
    // What was judged had no blanks around it.
    let blanks: usize = text.len() - text.trim_start().len();
    let said: String = in_words(&wrong.said);
    let label: String = place(PREFIX, &wrong.field).map(|named| named.label).unwrap_or_default();
    let code: AnyView = marked(text, (at.0 + blanks, at.1 + blanks));
    Some(view! { <li><p><b>{label}</b> " " {said}</p> {code}</li> }.into_any())
}

/// The same for the same form.
fn stamp(form: &EditForm) -> String {
    let mut hasher = DefaultHasher::new();
    (form, locale()).hash(&mut hasher);
    format!("preview {:x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::view::EditPart;
    use dashboard::{Dashboard, ShownPanel};

    fn html(part: PanelForm) -> String {
        let view = DashboardEditView {
            dashboard: Dashboard { slug: "web".to_owned(), ..Dashboard::default() },
            base: 1,
            newest: 1,
            is_kept: false,
            is_behind: false,
            n_undo: 0,
            changed_at: None,
            part: EditPart::Panel(Box::new(part)),
        };
        let EditPart::Panel(part) = &view.part else { panic!("a panel") };
        panel_form(&view, part, Acts::new()).to_html().replace("<!>", "")
    }

    fn form(pairs: &[(&str, &str)]) -> EditForm {
        pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_mistake_stands_at_its_field_and_in_the_expression() {
        let owner = Owner::new();
        owner.set();
        let wrong = vec![FieldWrong { at: Some((4, 7)), ..FieldWrong::new("query.0.expr", "PromQL の誤り: x。") }];
        let html: String = html(PanelForm { form: form(&[("query.0.expr", " sum(rte(a))")]), wrong, ..PanelForm::default() });
        for part in ["href=\"#panel-query-0-expr\"", "aria-invalid=\"true\"", ">rte</mark>", "fields[query.1.expr]"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_form_shows_what_would_be_drawn_and_asks_for_it_by_its_address() {
        let owner = Owner::new();
        owner.set();
        let shown = Some(ShownPanel { key: "preview".to_owned(), ..ShownPanel::default() });
        let html: String = html(PanelForm { form: form(&[("kind", "stat")]), shown, ..PanelForm::default() });
        assert!(html.contains("formaction=\"/d/web/edit\"") && html.contains("データがありません"), "{html}");
        assert!(html.contains("<option value=\"stat\" selected"), "{html}");
    }

    #[test]
    fn what_is_said_of_series_and_columns_has_fields() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(PanelForm { form: form(&[("kind", "table"), ("columns", "host")]), ..PanelForm::default() });
        for part in ["fields[series]", "fields[columns]", "fields[sort.column]", "fields[sort.falling]", "fields[limit]"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn the_same_form_is_the_same_and_another_is_another() {
        let owner = Owner::new();
        owner.set();
        let one = form(&[("kind", "stat")]);
        assert_eq!(stamp(&one), stamp(&one.clone()));
        assert_ne!(stamp(&one), stamp(&form(&[("kind", "line")])));
    }
}
