//! The tree, by branch: each space hangs from a rule, and what stands below a document is set in under it.

use super::said::{document_link, standing_mark};
use crate::words::documents::document_words;
use crate::words::locale;
use api::documents::view::{NodeView, SpaceTree, StandingView};
use leptos::prelude::*;
use model::links;
use model::links::documents as ways;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// Every space; or one of them, whole.
pub fn trees(spaces: &[SpaceTree], is_one: bool) -> AnyView {
    let is_further = |n: usize, space: &SpaceTree| spaces[..n].iter().any(|before| before.branch == space.branch);
    let drawn: Vec<AnyView> = spaces.iter().enumerate().map(|(n, space)| one(space, is_one, is_further(n, space))).collect();
    view! { <div class="branches">{drawn}</div> }.into_any()
}

/// A further space of a branch says of which: the first has its name.
fn one(space: &SpaceTree, is_one: bool, is_further: bool) -> AnyView {
    let words = document_words();
    let branch: Option<&'static str> = is_further.then(|| words.branches[space.branch as usize]);
    let title: String = space.title.read(locale()).to_owned();
    let count: Option<String> = (space.n > 0).then(|| space.n.to_string());
    let (slug, can_write): (String, bool) = (space.slug.clone(), space.can_write);
    let id: String = space.id.to_string();
    let more = move || {
        let branch = branch.map(|branch| view! { <span>{branch}</span> });
        view! { {branch} {space_ways(&slug, &id, can_write, is_one)} }
    };
    let body: AnyView = if space.nodes.is_empty() {
        view! { <p class="mute">{words.space_empty}</p> }.into_any()
    } else {
        view! { <ul class="branch">{nodes(&space.nodes)}</ul> }.into_any()
    };
    let rest = (space.n_left_out > 0).then(|| {
        let (href, text): (String, String) = (ways::space(&space.slug), (words.and_more)(space.n_left_out));
        let line: AnyView = if is_one { text.into_any() } else { view! { <a class="link" href=href>{text}</a> }.into_any() };
        view! { <p class="branch__rest">{line}</p> }
    });
    view! { <Part title=title count=count more=more>{body}{rest}</Part> }.into_any()
}

fn space_ways(slug: &str, id: &str, can_write: bool, is_one: bool) -> AnyView {
    let words = document_words();
    let add = can_write.then(|| {
        let href: String = format!("{}?space={}", ways::NEW, links::encode(id));
        view! { <a class="link" href=href>{words.add_here}</a> }
    });
    let export = is_one.then(|| {
        let href: String = ways::export(slug, "");
        view! { <a class="link" href=href rel="external">{words.export}</a> }
    });
    view! { {export} {add} }.into_any()
}

fn nodes(all: &[NodeView]) -> Vec<AnyView> {
    all.iter().map(node).collect()
}

fn node(node: &NodeView) -> AnyView {
    let words = document_words();
    // What is as it should be says nothing.
    let is_told: bool = !matches!(node.standing, StandingView::Verified | StandingView::Unverified);
    let standing: Option<AnyView> = is_told.then(|| standing_mark(node.standing, false));
    let closed = node.is_closed.then(|| view! { <Icon name=IconName::Lock /> <span class="hush">{words.closed}</span> });
    let template = node.is_template.then(|| view! { <small class="branch__kind">{words.template}</small> });
    let incident = node.incident.map(|incident| {
        let href: String = links::incident(incident);
        view! { <a class="branch__kind link" href=href>{incident.to_string()}</a> }
    });
    let below: Option<AnyView> =
        (!node.below.is_empty()).then(|| view! { <ul class="branch__below">{nodes(&node.below)}</ul> }.into_any());
    view! {
        <li class="branch__one">
            <span class="branch__line">{document_link(&node.slug, &node.title)} {closed} {template} {incident} {standing}</span>
            {below}
        </li>
    }
    .into_any()
}
