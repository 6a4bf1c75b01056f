//! The variables of a dashboard, each as a form behind its line, and an empty one at the end.
//!
//! Fields that mean nothing for where its values come from are hidden by the style sheet; the server leaves them out.

use super::acts::Acts;
use super::refusal::wrong_in;
use super::sheet::{Sheet, named, place};
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use api::dashboards::editing::view::{DashboardEditView, VariableForm, VariableForms};
use dashboard::Offer;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Wrong, refused};
use ui::button::{Button, Rank};

/// Where a variable stands among the others.
#[derive(Clone, Copy)]
struct Seat<'a> {
    slug: &'a str,
    index: usize,
    n_all: usize,
    acts: Acts,
}

pub(super) fn variables(view: &DashboardEditView, forms: &VariableForms, acts: Acts) -> AnyView {
    let words = edit_words();
    let seat = Seat { slug: &view.dashboard.slug, index: 0, n_all: view.dashboard.variables.len(), acts };
    let all: Vec<AnyView> = forms.all.iter().enumerate().map(|(index, form)| variable(form, Seat { index, ..seat })).collect();
    let is_explained: bool = forms.all.iter().any(|form| !form.wrong.is_empty());
    let told: Vec<Wrong> = if is_explained { Vec::new() } else { wrong_in(acts.variable_save, &[], |_| None) };
    view! {
        {refused(Signal::stored(told))}
        <p class="mute dashboard-edit__lead">{words.variables_lead}</p>
        <ul class="dashboard-edit__variables">{all}</ul>
    }
    .into_any()
}

fn variable(form: &VariableForm, seat: Seat<'_>) -> AnyView {
    let words = edit_words();
    let is_new: bool = form.name.is_empty();
    let is_open: bool = !form.wrong.is_empty() || (is_new && seat.n_all == 0);
    let name: String = if is_new { words.variable_new.to_owned() } else { format!("${}", form.name) };
    let offer: &str = form.form.get("offer").map(String::as_str).unwrap_or_default();
    let about = (!is_new).then(|| view! { <small class="mute">{(words.offer)(offer)}</small> });
    let tools: Option<AnyView> = (!is_new).then(|| tools(&form.name, seat));
    let id: String = if is_new { "variable-new".to_owned() } else { format!("variable-{}", form.name) };
    view! {
        <li class="dashboard-edit__variable" id=id>
            <details class="dashboard-edit__fold" open=is_open>
                <summary class="dashboard-edit__more">{name} " " {about}</summary>
                {editing(form, seat)}
            </details>
            {tools}
        </li>
    }
    .into_any()
}

fn editing(form: &VariableForm, seat: Seat<'_>) -> AnyView {
    let words = edit_words();
    let prefix: String = format!("variable-{}", seat.index);
    let wrong: Vec<Wrong> = if form.wrong.is_empty() {
        Vec::new()
    } else {
        wrong_in(seat.acts.variable_save, &form.wrong, |field| place(&prefix, field))
    };
    let sheet = Sheet::new(&prefix, &form.form, wrong);
    let take: &'static str = if form.name.is_empty() { words.variable_add } else { words.take };
    let fields = view! {
        {sheet.refused()}
        {hidden("slug", seat.slug)}
        {hidden("variable", &form.name)}
        {sheet.code("name")}
        <div class="dashboard-edit__pair">{sheet.both("label")}</div>
        {sheet.choice("offer", &named(&Offer::WORDS, words.offer))}
        {offering(&sheet)}
        {sheet.area("default")}
        <div class="dashboard-edit__ticks">
            {sheet.tick("multi")}
            {sheet.tick("all")}
            {sheet.tick("hidden")}
        </div>
        <p class="form__foot"><Button kind="submit">{take}</Button></p>
    };
    view! { <ActionForm action=seat.acts.variable_save attr:class="form dashboard-edit__form">{fields}</ActionForm> }.into_any()
}

fn offering(sheet: &Sheet<'_>) -> AnyView {
    view! {
        <div class="dashboard-edit__of-query">{sheet.expression("expr")}</div>
        <div class="dashboard-edit__of-labels">{sheet.code("label")}</div>
        <div class="dashboard-edit__of-series">
            {sheet.code("selector")}
            {sheet.code("regex")}
        </div>
        <div class="dashboard-edit__of-values">{sheet.area("values")}</div>
    }
    .into_any()
}

fn tools(name: &str, seat: Seat<'_>) -> AnyView {
    let words = edit_words();
    let title: String = format!("${name}");
    let first: Option<String> = (seat.index == 0).then(|| words.is_first.to_owned());
    let last: Option<String> = (seat.index + 1 == seat.n_all).then(|| words.is_last.to_owned());
    let (up, down): (String, String) = ((words.of)(words.up, &title), (words.of)(words.down, &title));
    let remove: String = (words.of)(words.remove, &title);
    let moving = view! {
        {hidden("slug", seat.slug)}
        {hidden("variable", name)}
        <Button kind="submit" rank=Rank::Row name="step" value="up" label=up disabled=first>"↑"</Button>
        <Button kind="submit" rank=Rank::Row name="step" value="down" label=down disabled=last>"↓"</Button>
    };
    let removing = view! {
        {hidden("slug", seat.slug)}
        {hidden("variable", name)}
        <Button kind="submit" rank=Rank::Row label=remove>{words.remove}</Button>
    };
    view! {
        <div class="dashboard-edit__tools">
            <ActionForm action=seat.acts.variable_step attr:class="dashboard-edit__acts">{moving}</ActionForm>
            <ActionForm action=seat.acts.variable_remove>{removing}</ActionForm>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::EditForm;
    use api::dashboards::editing::view::FieldWrong;

    fn html(forms: &[VariableForm]) -> String {
        let acts = Acts::new();
        let seat = Seat { slug: "web", index: 0, n_all: forms.len() - 1, acts };
        forms.iter().enumerate().map(|(index, form)| variable(form, Seat { index, ..seat }).to_html()).collect()
    }

    #[test]
    fn the_form_that_was_refused_is_open_and_the_others_are_not() {
        let owner = Owner::new();
        owner.set();
        let named = |name: &str| VariableForm {
            name: name.to_owned(),
            form: EditForm::from([("name".to_owned(), name.to_owned()), ("offer".to_owned(), "query".to_owned())]),
            wrong: Vec::new(),
        };
        let refused = VariableForm { wrong: vec![FieldWrong::new("expr", "式が必要です。")], ..named("b") };
        let html: String = html(&[named("a"), refused, VariableForm::default()]);
        assert_eq!((html.matches("<details").count(), html.matches(" open").count()), (3, 1), "{html}");
        assert!(html.contains("href=\"#variable-1-expr\"") && html.contains("式が必要です。"), "{html}");
        assert_eq!(html.matches("/call/dashboard_variable_remove").count(), 2, "an empty one can't be taken away");
    }
}
