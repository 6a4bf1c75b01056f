//! What hangs on a document: what stands below it, runs of it, what names it, and what else is known of it.

use super::said::{document_link, run_line, standing_mark};
use crate::screen::{day_text, moment_text};
use crate::words::documents::document_words;
use api::documents::view::{DocumentView, NodeView, RightView};
use leptos::prelude::*;
use model::links::documents as ways;
use ui::button::ButtonLink;
use ui::facts::{Fact, Facts};
use ui::icon::IconName;
use ui::part::Part;

/// Those right below it.
pub fn below(view: &DocumentView) -> Option<AnyView> {
    let words = document_words();
    let is_writer: bool = view.head.right == RightView::Write && view.head.trashed.is_none();
    if view.below.is_empty() && !is_writer {
        return None;
    }
    let line = |line: &NodeView| -> AnyView {
        view! { <li class="shelf__one">{document_link(&line.slug, &line.title)} {standing_mark(line.standing, true)}</li> }
            .into_any()
    };
    let lines: Vec<AnyView> = view.below.iter().map(line).collect();
    let slug: String = view.head.slug.clone();
    let more = move || {
        is_writer.then(|| {
            let href: String = ways::new_below(&slug);
            view! { <a class="link" href=href>{document_words().add_below}</a> }
        })
    };
    let count: Option<String> = (!view.below.is_empty()).then(|| view.below.len().to_string());
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.nothing_below}</p> }.into_any()
    } else {
        view! { <ul class="shelf">{lines}</ul> }.into_any()
    };
    Some(view! { <Part title=words.below.to_owned() count=count more=more>{body}</Part> }.into_any())
}

/// Working through it, and who did.
pub fn runs(view: &DocumentView) -> Option<AnyView> {
    let words = document_words();
    if view.n_steps == 0 && view.runs.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> = view.runs.iter().map(run_line).collect();
    let may: bool = view.head.can_work && view.n_steps > 0 && view.head.trashed.is_none();
    let begin = may.then(|| {
        let (href, text): (String, String) = (ways::run(&view.head.slug, None), (words.run_steps)(view.n_steps));
        view! { <p class="folio__run"><ButtonLink href=href icon=IconName::Check>{text}</ButtonLink></p> }
    });
    Some(
        view! {
            <Part title=words.runs.to_owned() id="runs">
                {begin}
                <ul class="shelf">{lines}</ul>
            </Part>
        }
        .into_any(),
    )
}

/// Documents that name it.
pub fn backlinks(view: &DocumentView) -> Option<AnyView> {
    let words = document_words();
    if view.backlinks.is_empty() {
        return None;
    }
    let line = |(slug, title): &(String, String)| -> AnyView {
        view! { <li class="shelf__one">{document_link(slug, title)}</li> }.into_any()
    };
    let lines: Vec<AnyView> = view.backlinks.iter().map(line).collect();
    let count: String = view.backlinks.len().to_string();
    Some(view! { <Part title=words.backlinks.to_owned() count=Some(count)><ul class="shelf">{lines}</ul></Part> }.into_any())
}

/// Labels, alerts, when and by whom.
pub fn facts(view: &DocumentView) -> AnyView {
    let words = document_words();
    let label = |label: &String| -> AnyView {
        let (href, text): (String, String) = (ways::labelled(label), label.clone());
        view! { <a class="link" href=href>{text}</a> " " }.into_any()
    };
    let alert = |name: &String| -> AnyView { view! { <code>{name.clone()}</code> " " }.into_any() };
    let labels: Vec<AnyView> = view.head.labels.iter().map(label).collect();
    let alerts: Vec<AnyView> = view.head.alertnames.iter().map(alert).collect();
    let labels = (!labels.is_empty()).then(|| view! { <Fact name=words.labels>{labels}</Fact> });
    let alerts = (!alerts.is_empty()).then(|| view! { <Fact name=words.alertnames>{alerts}</Fact> });
    let made: String = format!("{} · {}", day_text(view.head.made_at), view.head.made_by);
    let (edited, letters): (String, String) = (moment_text(view.head.edited_at), (words.letters)(view.n_letters));
    let export: String = ways::export(&view.head.space_slug, &view.head.slug);
    view! {
        <Part title=words.about.to_owned()>
            <Facts>
                {labels}
                {alerts}
                <Fact name=words.edited>{edited}</Fact>
                <Fact name=words.made>{made}</Fact>
                <Fact name=words.length>{letters}</Fact>
            </Facts>
            <p class="folio__export"><a class="link" href=export rel="external">{words.export}</a></p>
        </Part>
    }
    .into_any()
}
