//! Alerts it is about: as they are now, with the way to them, and the form that adds others.

use super::detail::Acts;
use super::refusal::{Places, attempt, refusal_before};
use super::said::moment_text;
use crate::facts::name_of;
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use crate::words::{locale, words};
use api::incidents::view::{IncidentView, LinkedView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::field::Line;
use ui::part::Part;
use ui::severity::SeverityBadge;

/// The part.
pub fn linked(view: &IncidentView, acts: Acts) -> AnyView {
    let said = incident_words();
    let count = Some(view.alerts.len().to_string());
    let lines: Vec<AnyView> = view.alerts.iter().map(|alert| line(view, alert, acts)).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{said.alerts_none}</p> }.into_any()
    } else {
        view! { <ul class="linked">{lines}</ul> }.into_any()
    };
    let may: bool = view.can_work && !view.line.status.is_final();
    let form = may.then(|| form(view, acts));
    view! {
        <Part title=said.alerts_title.to_owned() count=count id="alerts">
            {refusal_before(acts.unlink)}
            {body}
            {form}
        </Part>
    }
    .into_any()
}

fn line(view: &IncidentView, alert: &LinkedView, acts: Acts) -> AnyView {
    let said = incident_words();
    let is_held: bool = alert.held_by.is_some() || !alert.is_open;
    let word: &'static str = words().severity_word(alert.severity);
    let resolved: Option<String> = alert.resolved_at.map(|at| (said.resolved_at)(&moment_text(at)));
    let held: Option<String> = alert.held_by.as_deref().filter(|_| alert.is_open).map(name_of);
    let origin: Option<String> = alert.origin.map(|id| id.to_string());
    let sub: Vec<String> = [Some(alert.id.to_string()), Some(alert.value.clone()), held, resolved, origin]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let fields: [AnyView; 2] = [hidden("id", &view.line.id.0.to_string()), hidden("alert", &alert.id.0.to_string())];
    let label: String = format!("{}: {}", said.unlink, alert.id);
    let act = view.can_work.then(|| {
        view! {
            <ActionForm action=acts.unlink>
                {fields.into_iter().collect_view()}
                <Button kind="submit" rank=Rank::Quiet label=label>{said.unlink}</Button>
            </ActionForm>
        }
    });
    view! {
        <li class="linked__one">
            <SeverityBadge level=alert.severity.level() held=is_held code=alert.severity.code() word=word />
            <span class="linked__what">
                <a class="link" href=links::alert(alert.id)>{alert.name.read(locale()).to_owned()}</a>
                <small class="mute">{sub.join(" · ")}</small>
            </span>
            {act}
        </li>
    }
    .into_any()
}

fn form(view: &IncidentView, acts: Acts) -> AnyView {
    let said = incident_words();
    let places: Places = vec![Named::new("alerts", "link-alerts", said.alert_numbers)];
    let attempt: Attempt = attempt(acts.link, places);
    let is_open: bool = attempt.typed.fields().is_some();
    let id: AnyView = hidden("id", &view.line.id.0.to_string());
    let numbers = Line {
        placeholder: Some("A-12, A-13".to_owned()),
        required: true,
        is_code: true,
        ..Line::new("link-alerts", "alerts", said.alert_numbers)
    };
    view! {
        <details class="case__more" open=is_open>
            <summary class="button button--quiet">{said.link_alerts}</summary>
            <ActionForm action=acts.link attr:class="form">
                {attempt.refused()}
                {id}
                {attempt.line(numbers)}
                <div class="form__foot"><Button kind="submit">{said.link_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
