//! The head of one document: what it is, where it stands, who answers for it and until when, and the ways to its other screens.

use super::said::{due_text, standing_mark, why_text, why_way, writers};
use crate::screen::{day_text, hidden, moment_text};
use crate::words::documents::document_words;
use crate::words::locale;
use api::documents::view::{DocumentHead, RightView};
use api::documents::{DocumentBringBack, DocumentStillRight, DocumentWatch};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use model::links::documents as ways;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::icon::{Icon, IconName};

/// What one can do in the head.
#[derive(Clone, Copy)]
pub struct HeadActs {
    pub still_right: ServerAction<DocumentStillRight>,
    pub watch: ServerAction<DocumentWatch>,
    pub bring_back: ServerAction<DocumentBringBack>,
}

impl HeadActs {
    #[must_use]
    pub fn new() -> Self {
        Self { still_right: ServerAction::new(), watch: ServerAction::new(), bring_back: ServerAction::new() }
    }
}

/// Which of its screens is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Read,
    Write,
    History,
    Settings,
    Run,
}

/// The head of the screen on which it is read.
pub fn head(head: &DocumentHead, acts: HeadActs) -> AnyView {
    view! {
        {title(head, Shown::Read)}
        {standing(head, acts)}
    }
    .into_any()
}

/// Where it stands, what it is called, and its screens.
pub fn title(head: &DocumentHead, shown: Shown) -> AnyView {
    let words = document_words();
    let text: String = head.title.clone();
    let edit = (head.right == RightView::Write && shown == Shown::Read && head.trashed.is_none()).then(|| {
        let href: String = ways::edit(&head.slug);
        view! { <ButtonLink href=href rank=Rank::Main icon=IconName::Note>{words.edit}</ButtonLink> }
    });
    let template = head.is_template.then(|| view! { <small class="folio__kind">{words.template}</small> });
    let language: Option<String> = (head.language != locale().as_str()).then(|| head.language.clone());
    view! {
        <header class="folio__head">
            {way(head)}
            <div class="folio__title">
                <h1 lang=language>{text}</h1>
                {template}
                {edit}
            </div>
            {screens(head, shown)}
        </header>
    }
    .into_any()
}

/// Those above it.
fn way(head: &DocumentHead) -> AnyView {
    let words = document_words();
    let space: String = head.space.read(locale()).to_owned();
    let step = |(slug, title): &(String, String)| -> AnyView {
        let (href, title): (String, String) = (ways::document(slug), title.clone());
        view! { <li><a class="link" href=href>{title}</a></li> }.into_any()
    };
    let steps: Vec<AnyView> = head.way.iter().map(step).collect();
    let incident = head.incident.map(|incident| {
        let (href, number): (String, String) = (links::postmortem(incident), incident.to_string());
        view! { <li><a class="link" href=href>{number}</a></li> }
    });
    let href: String = ways::space(&head.space_slug);
    view! {
        <nav aria-label=words.place>
            <ol class="folio__way">
                <li><a class="link" href=href>{space}</a></li>
                {steps}
                {incident}
            </ol>
        </nav>
    }
    .into_any()
}

/// Its screens, as a row of links.
fn screens(head: &DocumentHead, shown: Shown) -> AnyView {
    let words = document_words();
    let slug: &str = &head.slug;
    let link = |which: Shown, href: String, word: &'static str| -> AnyView {
        let current: Option<&'static str> = (which == shown).then_some("page");
        view! { <li><a class="folio__screen" href=href aria-current=current>{word}</a></li> }.into_any()
    };
    let is_writer: bool = head.right == RightView::Write && head.trashed.is_none();
    let mut all: Vec<AnyView> = vec![link(Shown::Read, ways::document(slug), words.read)];
    if is_writer {
        all.push(link(Shown::Write, ways::edit(slug), words.edit));
    }
    all.push(link(Shown::History, ways::history(slug), words.history));
    if head.can_work {
        all.push(link(Shown::Settings, ways::settings(slug), words.settings));
    }
    if shown == Shown::Run {
        all.push(link(Shown::Run, ways::run(slug, None), words.run));
    }
    view! { <nav aria-label=words.screens><ul class="folio__screens">{all}</ul></nav> }.into_any()
}

/// How much it can be relied upon, who answers for it, and the one act that says that it is right.
fn standing(head: &DocumentHead, acts: HeadActs) -> AnyView {
    let words = document_words();
    let owners: Vec<String> = [head.person.clone(), head.team.clone()].into_iter().flatten().collect();
    let owner: String = if owners.is_empty() { words.no_owner.to_owned() } else { owners.join(" · ") };
    let verified = head.verified.as_ref().map(|(by, at)| (words.verified_by)(by, &day_text(*at)));
    let due = head.due_at.map(due_text);
    let dates: Vec<String> = [verified, due].into_iter().flatten().collect();
    let still = (head.can_work && head.trashed.is_none()).then(|| still_right(head, acts));
    view! {
        <div class="folio__standing">
            <p class="folio__state">{standing_mark(head.standing, false)}</p>
            <p class="folio__owner"><span class="mute">{words.owner}</span> " " {owner}</p>
            <p class="folio__dates">{dates.join(" · ")}</p>
            {still}
            {watch(head, acts)}
            {writers(&head.writers)}
        </div>
        {notes(head, acts)}
    }
    .into_any()
}

fn still_right(head: &DocumentHead, acts: HeadActs) -> AnyView {
    let words = document_words();
    let rank: Rank = if head.standing.is_wanting() { Rank::Normal } else { Rank::Quiet };
    let fields = view! {
        {hidden("id", &head.id.to_string())}
        <Button kind="submit" rank=rank icon=IconName::Check>{words.still_right}</Button>
    };
    view! { <ActionForm action=acts.still_right>{fields}</ActionForm> }.into_any()
}

fn watch(head: &DocumentHead, acts: HeadActs) -> AnyView {
    let words = document_words();
    let (wants, word): (&'static str, &'static str) =
        if head.is_watching { ("false", words.unwatch) } else { ("true", words.watch) };
    let n: Option<String> = (head.n_watchers > 0).then(|| format!("{word} {}", head.n_watchers));
    let text: String = n.unwrap_or_else(|| word.to_owned());
    let fields = view! {
        {hidden("id", &head.id.to_string())}
        {hidden("wants", wants)}
        <Button kind="submit" rank=Rank::Quiet icon=IconName::Bell>{text}</Button>
    };
    view! { <ActionForm action=acts.watch>{fields}</ActionForm> }.into_any()
}

/// What a reader has to know before reading on.
fn notes(head: &DocumentHead, acts: HeadActs) -> AnyView {
    let words = document_words();
    let trashed = head.trashed.as_ref().map(|(by, at)| {
        let (text, id): (String, String) = ((words.trashed_by)(by, &moment_text(*at)), head.id.to_string());
        let (may, title): (bool, String) = (head.can_work, head.title.clone());
        let act = move || may.then(|| bring_back(&id, &title, acts.bring_back));
        view! { <Callout tone=Tone::Warn acts=act>{text}</Callout> }.into_any()
    });
    let why = head.why.as_ref().map(|why| {
        let (text, way): (String, Option<AnyView>) = (why_text(why), why_way(why));
        view! { <p class="folio__why"><Icon name=IconName::Warn /> {text} " " {way}</p> }.into_any()
    });
    let incident = head.incident.map(|incident| {
        let (href, text): (String, String) = (links::postmortem(incident), (words.of_incident)(&incident.to_string()));
        view! { <p class="folio__why"><Icon name=IconName::Flag /> <a class="link" href=href>{text}</a></p> }.into_any()
    });
    view! { {trashed} {why} {incident} }.into_any()
}

/// Brings it back out of the trash. In a list each button says of which document.
pub fn bring_back(id: &str, title: &str, action: ServerAction<DocumentBringBack>) -> AnyView {
    let words = document_words();
    let label: String = format!("{}: {title}", words.bring_back);
    let fields = view! {
        {hidden("id", id)}
        <Button kind="submit" label=label>{words.bring_back}</Button>
    };
    view! { <ActionForm action=action>{fields}</ActionForm> }.into_any()
}
