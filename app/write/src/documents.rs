//! Documents: the tree with search and what has to be looked at, and the screens of one document.
//!
//! These screens are drawn by the server alone: links, plain forms and `<details>`. What is asked of them stands in the address.

mod about;
mod asked;
mod begin;
mod detail;
mod files;
mod folder;
mod head;
mod history;
mod margin;
mod place;
pub mod prose;
pub mod refusal;
mod rights;
mod run;
mod said;
mod settings;
mod spaces;
mod trash;
mod tree;
mod writing;

pub use begin::NewDocumentScreen;
pub use detail::DocumentScreen;
pub use folder::ImportScreen;
pub use history::HistoryScreen;
pub use run::RunScreen;
pub use settings::SettingsScreen;
pub use spaces::SpacesScreen;
pub use trash::TrashScreen;
pub use writing::WritingScreen;

use crate::report::refusal_before;
use crate::screen::{failed, hidden, option};
use crate::words::documents::document_words;
use crate::words::locale;
use api::ask;
use api::documents::view::{DocumentLine, DocumentsAsk, DocumentsView, HitView, MarkedPiece, UnguidedRule};
use api::documents::{DocumentsLayOut, documents};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use model::links::documents as ways;
use said::{document_link, due_text, standing_mark, why_text};
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::field::Field;
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::part::Part;
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/documents`.
#[component]
pub fn DocumentsScreen() -> impl IntoView {
    let (words, search) = (document_words(), use_location().search);
    let asked: Memo<DocumentsAsk> = Memo::new(move |_| search.with(|search| asked::list(search)));
    let done: Memo<String> = Memo::new(move |_| search.with(|search| asked::of(search, "done")));
    let lay_out: ServerAction<DocumentsLayOut> = ServerAction::new();
    let data = ask(move || asked.get(), documents);
    let draw = move |view: DocumentsView| sheet(&view, &asked.get_untracked(), &done.get_untracked(), lay_out);
    view! {
        <Title text=words.title />
        <div class="library">{loaded(data, draw, failed)}</div>
    }
    .into_any()
}

fn sheet(view: &DocumentsView, ask: &DocumentsAsk, done: &str, lay_out: ServerAction<DocumentsLayOut>) -> AnyView {
    let is_asked: bool = *ask != DocumentsAsk::default();
    let body: AnyView = if view.is_empty() && !is_asked { empty(view, lay_out) } else { shelves(view, ask) };
    let said = (document_words().done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    view! {
        {top(view)}
        {said}
        {refusal_before(lay_out)}
        {find(view, ask)}
        {body}
    }
    .into_any()
}

fn top(view: &DocumentsView) -> AnyView {
    let words = document_words();
    let new = view.can_write.then(|| {
        view! { <ButtonLink href=ways::NEW.to_owned() rank=Rank::Main icon=IconName::Plus>{words.new}</ButtonLink> }
    });
    let import = view.can_manage.then(|| view! { <a class="link" href=ways::IMPORT>{words.import}</a> });
    view! {
        <header class="screen-head screen-head--row">
            <h1>{words.title}</h1>
            {new}
            <p class="screen-head__lead">{words.lead}</p>
            <p class="screen-head__ways">
                <a class="link" href=ways::SPACES>{words.spaces}</a>
                {import}
                <a class="link" href=ways::TRASH>{words.trash}</a>
            </p>
        </header>
    }
    .into_any()
}

/// A form that asks by the address.
fn find(view: &DocumentsView, ask: &DocumentsAsk) -> AnyView {
    let words = document_words();
    let mut labels: Vec<AnyView> = vec![option("", words.any, &ask.label)];
    labels.extend(view.labels.iter().map(|(label, n)| option(label, &format!("{label} ({n})"), &ask.label)));
    let is_asked: bool = *ask != DocumentsAsk::default();
    let clear = is_asked.then(|| view! { <ButtonLink href=ways::DOCUMENTS.to_owned()>{words.clear}</ButtonLink> });
    let mut spaces: Vec<AnyView> = vec![option("", words.any, &ask.space)];
    spaces.extend(view.choices.iter().map(|(slug, title)| option(slug, title.read(locale()), &ask.space)));
    let text: String = ask.q.clone();
    view! {
        <form class="library__find" method="get" action=ways::DOCUMENTS role="search">
            <Field id="documents-q" label=words.search.to_owned() hint=words.search_hint>
                <input class="input" id="documents-q" name="q" type="search" value=text autocomplete="off" aria-describedby="documents-q-hint" />
            </Field>
            <Field id="documents-space" label=words.space.to_owned()>
                <select class="input" id="documents-space" name="space">{spaces}</select>
            </Field>
            <Field id="documents-label" label=words.label.to_owned()>
                <select class="input" id="documents-label" name="label">{labels}</select>
            </Field>
            <p class="library__find-acts"><Button kind="submit" icon=IconName::Search>{words.find}</Button> {clear}</p>
        </form>
    }
    .into_any()
}

/// Nothing is there yet: the documents that a team begins with can be laid out at once.
fn empty(view: &DocumentsView, lay_out: ServerAction<DocumentsLayOut>) -> AnyView {
    let words = document_words();
    let acts = view.can_manage.then(|| {
        let language: &'static str = locale().as_str();
        view! {
            <ActionForm action=lay_out attr:class="library__begin">
                {hidden("language", language)}
                <Button kind="submit" rank=Rank::Main icon=IconName::Book>{words.lay_out}</Button>
                <ButtonLink href=ways::NEW.to_owned()>{words.begin_empty}</ButtonLink>
                <ButtonLink href=ways::IMPORT.to_owned()>{words.import}</ButtonLink>
            </ActionForm>
        }
    });
    let hint: &'static str = if view.can_manage { words.none_hint } else { words.only_editors };
    view! { <Empty title=words.none say=hint>{acts}</Empty> }.into_any()
}

fn shelves(view: &DocumentsView, ask: &DocumentsAsk) -> AnyView {
    let found: Option<AnyView> = view.found.as_ref().map(|(hits, has_more)| found(hits, *has_more));
    let main: AnyView = match found {
        Some(found) => found,
        None => tree::trees(&view.spaces, !ask.space.is_empty()),
    };
    view! {
        <div class="library__sheet">
            <div class="library__main">{main}</div>
            <aside class="library__side">
                {review(view, ask)}
                {recent(&view.recent)}
                {unguided(&view.unguided)}
                {labels(&view.labels)}
            </aside>
        </div>
    }
    .into_any()
}

fn found(hits: &[HitView], has_more: bool) -> AnyView {
    let words = document_words();
    let count: String = if has_more { format!("{}+", hits.len()) } else { hits.len().to_string() };
    let lines: Vec<AnyView> = hits.iter().map(hit).collect();
    let body: AnyView = if hits.is_empty() {
        view! { <Empty title=words.nothing say=words.nothing_hint /> }.into_any()
    } else {
        let more = has_more.then(|| view! { <p class="mute">{words.has_more}</p> });
        view! { <ol class="hits">{lines}</ol> {more} }.into_any()
    };
    view! { <Part title=words.found.to_owned() count=Some(count)>{body}</Part> }.into_any()
}

fn hit(hit: &HitView) -> AnyView {
    let (title, snippet): (Vec<AnyView>, Vec<AnyView>) = (marked(&hit.title), marked(&hit.snippet));
    let (href, space): (String, String) = (ways::document(&hit.slug), hit.space.read(locale()).to_owned());
    let edited_at: i64 = hit.edited_at.0;
    view! {
        <li class="hits__one">
            <a class="hits__title" href=href>{title}</a>
            <p class="hits__text">{snippet}</p>
            <p class="hits__foot">{space} <TimeText at_ms=edited_at form=TimeForm::Date /> {standing_mark(hit.standing, true)}</p>
        </li>
    }
    .into_any()
}

/// Words, with what was looked for marked.
fn marked(pieces: &[MarkedPiece]) -> Vec<AnyView> {
    let piece = |piece: &MarkedPiece| -> AnyView {
        let text: String = piece.text.clone();
        if piece.is_marked { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    pieces.iter().map(piece).collect()
}

/// What somebody has to look at.
fn review(view: &DocumentsView, ask: &DocumentsAsk) -> AnyView {
    let words = document_words();
    let lines: Vec<AnyView> = view.review.iter().map(review_line).collect();
    let is_mine: bool = !ask.mine.is_empty();
    let more = move || {
        let words = document_words();
        let (href, word): (String, &'static str) = if is_mine {
            (format!("{}#review", ways::DOCUMENTS), words.review_all)
        } else {
            (format!("{}?mine=1#review", ways::DOCUMENTS), words.review_mine)
        };
        view! { <a class="link" href=href>{word}</a> }
    };
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.review_none}</p> }.into_any()
    } else {
        view! { <ul class="shelf">{lines}</ul> }.into_any()
    };
    let count: Option<String> = (!view.review.is_empty()).then(|| view.review.len().to_string());
    view! { <Part title=words.review.to_owned() count=count more=more id="review">{body}</Part> }.into_any()
}

fn review_line(line: &DocumentLine) -> AnyView {
    let why: Option<String> = line.why.as_ref().map(why_text).or_else(|| line.due_at.map(due_text));
    let told: Vec<String> = [why, Some(line.owner.clone()).filter(|owner| !owner.is_empty())].into_iter().flatten().collect();
    view! {
        <li class="shelf__one">
            {document_link(&line.slug, &line.title)}
            {standing_mark(line.standing, true)}
            <small class="shelf__told">{told.join(" · ")}</small>
        </li>
    }
    .into_any()
}

fn recent(lines: &[DocumentLine]) -> Option<AnyView> {
    let words = document_words();
    if lines.is_empty() {
        return None;
    }
    let line = |line: &DocumentLine| -> AnyView {
        let (at, space): (i64, String) = (line.edited_at.0, line.space.read(locale()).to_owned());
        view! {
            <li class="shelf__one">
                {document_link(&line.slug, &line.title)}
                <small class="shelf__told"><TimeText at_ms=at form=TimeForm::Day /> " · " {space}</small>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = lines.iter().map(line).collect();
    Some(view! { <Part title=words.recent.to_owned()><ul class="shelf">{lines}</ul></Part> }.into_any())
}

/// Rules that fired and say nothing of what to do.
fn unguided(rules: &[UnguidedRule]) -> Option<AnyView> {
    let words = document_words();
    if rules.is_empty() {
        return None;
    }
    let line = |rule: &UnguidedRule| -> AnyView {
        let (href, n): (String, String) = (ways::new_runbook(&rule.alertname), (words.fired)(rule.n_alerts));
        let at: i64 = rule.newest_at.0;
        let about: String = links::rule(&model::ids::RuleId(rule.rule.clone()));
        view! {
            <li class="shelf__one">
                <a class="link" href=about>{rule.alertname.clone()}</a>
                <a class="button button--row" href=href>{words.make_runbook}</a>
                <small class="shelf__told">{n} " · " <TimeText at_ms=at form=TimeForm::Day /></small>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = rules.iter().map(line).collect();
    let count: String = rules.len().to_string();
    Some(view! { <Part title=words.unguided.to_owned() count=Some(count)><ul class="shelf">{lines}</ul></Part> }.into_any())
}

fn labels(labels: &[(String, i64)]) -> Option<AnyView> {
    let words = document_words();
    if labels.is_empty() {
        return None;
    }
    let label = |(label, n): &(String, i64)| -> AnyView {
        let (href, text): (String, String) = (ways::labelled(label), label.clone());
        view! { <li><a class="link" href=href>{text}</a> <small class="mute">{n.to_string()}</small></li> }.into_any()
    };
    let all: Vec<AnyView> = labels.iter().map(label).collect();
    Some(view! { <Part title=words.labels.to_owned()><ul class="library__labels">{all}</ul></Part> }.into_any())
}
