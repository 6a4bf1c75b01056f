//! A new document: from one of the house's templates, like one of the team's, or empty.

use super::asked;
use super::said::document_link;
use crate::report::attempt;
use crate::screen::{failed, hidden, option};
use crate::words::documents::document_words;
use crate::words::locale;
use api::ask;
use api::documents::form::BeginForm;
use api::documents::view::{BeginView, BranchView, TemplateView};
use api::documents::{DocumentBegin, document_beginning};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use model::links::documents as ways;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::field::Line;
use ui::icon::{Icon, IconName};
use ui::loaded::loaded;
use ui::part::Part;

/// The screen at `/documents/new`.
#[component]
pub fn NewDocumentScreen() -> impl IntoView {
    let (words, search) = (document_words(), use_location().search);
    let asked: Memo<BeginForm> = Memo::new(move |_| search.with(|search| asked::beginning(search)));
    let begin: ServerAction<DocumentBegin> = ServerAction::new();
    let data = ask(move || asked.get(), document_beginning);
    view! {
        <Title text=words.new_title />
        <div class="begin">{loaded(data, move |view: BeginView| sheet(&view, begin), failed)}</div>
    }
    .into_any()
}

fn sheet(view: &BeginView, begin: ServerAction<DocumentBegin>) -> AnyView {
    let words = document_words();
    let known = view.known.as_ref().map(|(slug, title)| {
        let (text, href): (String, String) = ((words.runbook_known)(&view.form.alertname, title), ways::document(slug));
        let act = move || view! { <ButtonLink href=href.clone()>{document_words().open_it}</ButtonLink> };
        view! { <Callout tone=Tone::Plain acts=act>{text}</Callout> }.into_any()
    });
    let body: AnyView = if view.can_write {
        view! { <div class="begin__sheet">{form(view, begin)} {templates(view)}</div> }.into_any()
    } else {
        view! { <p class="mute">{words.only_writers}</p> }.into_any()
    };
    view! {
        <header class="screen-head">
            <h1>{words.new_title}</h1>
            <p class="screen-head__lead">{words.new_lead}</p>
        </header>
        {known}
        {body}
    }
    .into_any()
}

fn form(view: &BeginView, begin: ServerAction<DocumentBegin>) -> AnyView {
    let words = document_words();
    let fields = vec![
        Named::new("title", "begin-title", words.title_label),
        Named::new("space", "begin-space", words.space),
        Named::new("template", "begin-title", words.template),
    ];
    let attempt: Attempt = attempt(begin, fields);
    let is_plain: bool = view.form.template.is_empty() && view.form.like.is_empty();
    let title = Line {
        value: view.form.title.clone(),
        hint: if is_plain { String::new() } else { words.title_from_template.to_owned() },
        required: is_plain,
        says_required: is_plain,
        most: Some(200),
        ..Line::new("begin-title", "form[title]", words.title_label)
    };
    let fields = view! {
        {attempt.refused()}
        {hidden("form[template]", &view.form.template)}
        {hidden("form[like]", &view.form.like)}
        {hidden("form[alertname]", &view.form.alertname)}
        {from(view)}
        {attempt.line(title)}
        {place(view, &attempt)}
        <p class="form__foot">
            <Button kind="submit" rank=Rank::Main>{words.begin}</Button>
            <ButtonLink href=ways::DOCUMENTS.to_owned()>{words.cancel}</ButtonLink>
        </p>
    };
    view! { <ActionForm action=begin attr:class="form">{fields}</ActionForm> }.into_any()
}

/// What it begins with.
fn from(view: &BeginView) -> AnyView {
    let words = document_words();
    let chosen: Option<&TemplateView> = view.templates.iter().find(|template| is_chosen(template, &view.form));
    let text: String = chosen.map_or_else(|| words.empty_document.to_owned(), |template| (words.begins_with)(&template.title));
    let alert = (!view.form.alertname.is_empty()).then(|| {
        let text: String = (words.for_alert)(&view.form.alertname);
        view! { <p>{text}</p> }
    });
    view! { <p class="begin__from"><Icon name=IconName::Book /> {text}</p> {alert} }.into_any()
}

fn is_chosen(template: &TemplateView, form: &BeginForm) -> bool {
    if template.slug.is_empty() { template.name == form.template } else { template.slug == form.like }
}

fn place(view: &BeginView, attempt: &Attempt) -> AnyView {
    let words = document_words();
    let language: String = if view.form.language.is_empty() { locale().as_str().to_owned() } else { view.form.language.clone() };
    let language: String = attempt.typed.text("form[language]", &language);
    let languages: Vec<AnyView> = vec![option("ja", words.japanese, &language), option("en", words.english, &language)];
    let home: AnyView = match &view.parent {
        Some((slug, title)) => {
            let link: AnyView = document_link(slug, title);
            view! { <p>{words.below_of} " " {link}</p> {hidden("form[parent]", slug)} {hidden("form[space]", &view.form.space)} }
                .into_any()
        }
        None => {
            let space: String = attempt.typed.text("form[space]", &view.form.space);
            let spaces: Vec<AnyView> = view.spaces.iter().map(|(id, name)| option(&id.to_string(), name, &space)).collect();
            attempt.select(Named::new("form[space]", "begin-space", words.space), String::new(), spaces)
        }
    };
    view! {
        {home}
        {attempt.select(Named::new("form[language]", "begin-language", words.language), String::new(), languages)}
    }
    .into_any()
}

/// Every template, by branch; each is an address.
fn templates(view: &BeginView) -> AnyView {
    let words = document_words();
    let branches = BranchView::ALL.into_iter().zip(words.branches);
    let groups: Vec<AnyView> = branches.filter_map(|((branch, _), title)| group(view, branch, title)).collect();
    let is_plain: bool = view.form.template.is_empty() && view.form.like.is_empty();
    let current: Option<&'static str> = is_plain.then_some("true");
    let href: String = address(view, "", "");
    view! {
        <Part title=words.templates.to_owned()>
            <ul class="begin__templates"><li><a class="begin__template" href=href aria-current=current>{words.empty_document}</a></li></ul>
            {groups}
        </Part>
    }
    .into_any()
}

fn group(view: &BeginView, branch: BranchView, title: &'static str) -> Option<AnyView> {
    let mut lines: Vec<AnyView> = Vec::new();
    for template in view.templates.iter().filter(|template| template.branch == branch) {
        let current: Option<&'static str> = is_chosen(template, &view.form).then_some("true");
        let href: String = address(view, &template.name, &template.slug);
        let text: String = template.title.clone();
        lines.push(view! { <li><a class="begin__template" href=href aria-current=current>{text}</a></li> }.into_any());
    }
    if lines.is_empty() {
        return None;
    }
    Some(view! { <h3 class="begin__branch">{title}</h3> <ul class="begin__templates">{lines}</ul> }.into_any())
}

/// The same form with another template.
fn address(view: &BeginView, template: &str, like: &str) -> String {
    let form: &BeginForm = &view.form;
    let parts: [(&str, &str); 5] = [
        ("template", if like.is_empty() { template } else { "" }),
        ("like", like),
        ("parent", form.parent.as_str()),
        ("space", form.space.as_str()),
        ("alertname", form.alertname.as_str()),
    ];
    let said = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    if pairs.is_empty() { ways::NEW.to_owned() } else { format!("{}?{}", ways::NEW, pairs.join("&")) }
}
