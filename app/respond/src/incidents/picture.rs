//! Graphs as the server paints them: those that were kept, and those of a second.

use super::said::moment_text;
use crate::facts::name_of;
use crate::words::incidents::incident_words;
use crate::words::viewer;
use api::incidents::line::{EntryView, KeptGraph};
use chart::{Plot, Size};
use leptos::prelude::*;
use model::links;
use ui::chart::ServerPainter;
use ui::icon::{Icon, IconName};

/// The size of a graph where the window is wide, and where it is narrow.
const WIDE: Size = Size { width: 640.0, height: 200.0 };
const NARROW: Size = Size { width: 330.0, height: 180.0 };

/// A graph, painted.
pub fn painted(plot: &Plot, label: &str) -> AnyView {
    let size: Size = if viewer().narrow { NARROW } else { WIDE };
    let drawing: Option<String> = use_context::<ServerPainter>().map(|painter| painter.0(plot, size, label));
    view! { <div class="frozen__paper" inner_html=drawing.unwrap_or_default()></div> }.into_any()
}

/// A graph that was kept, in its line: what it shows, from when until when, and that it will not change.
pub fn kept(graph: &KeptGraph, line: &EntryView) -> AnyView {
    let said = incident_words();
    let title: String = if graph.title.is_empty() { graph.query.clone() } else { graph.title.clone() };
    let span: String = format!("{} – {}", moment_text(graph.from), moment_text(graph.until));
    let caption: String = format!("{} · {}", (said.frozen)(&span), name_of(&line.by));
    let body: AnyView = match &graph.plot {
        Some(plot) => painted(plot, &chart::spoken(plot, &title)),
        None => {
            view! { <p><a class="link" href=format!("?graph={}#line-{}", graph.id, line.id)>{said.draw_it}</a></p> }.into_any()
        }
    };
    let again: String = links::explore(&graph.query, "");
    view! {
        <figure class="frozen">
            <b>{title}</b>
            {body}
            <figcaption class="frozen__caption">
                <Icon name=IconName::Lock />
                <span>{caption}</span>
                <a class="link" href=again>{said.measure_now}</a>
            </figcaption>
        </figure>
    }
    .into_any()
}
