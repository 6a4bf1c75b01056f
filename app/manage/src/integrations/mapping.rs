//! Where the parts of an alert stand in any JSON, tried on an example before it is put in force.

use super::detail::Acts;
use super::reason_not;
use crate::report::attempt;
use crate::words::integrations::{IntegrationWords, integration_words};
use api::integrations::{MappingForm, TriedAlert, TriedMapping};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IntegrationId;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::{Line, Tick};
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};

/// The field with several lines.
const ADDED: &str = "added";

/// The form, and what came of the last try.
pub fn editor(id: IntegrationId, tried: TriedMapping, acts: Acts) -> AnyView {
    let words = integration_words();
    let example = Named::new("example", "mapping-example", words.example);
    let named = words.mapping_fields.into_iter().map(|(name, label, _)| Named::new(name, &id_of(name), label));
    let attempt = attempt(acts.mapping, named.chain([example.clone()]).collect());
    let fields: Vec<AnyView> = words
        .mapping_fields
        .into_iter()
        .map(|(name, label, hint)| field(name, label, hint, &value(&tried.mapping, name), &attempt))
        .collect();
    let example = attempt.area(example, words.example_hint.to_owned(), &tried.example);
    let in_force = tried.in_force;
    let will_be: bool = attempt.typed.is_ticked("in_force", "true", false);
    let result = result(tried, words);
    view! {
        <Part title=words.mapping.to_owned() more=move || standing(in_force)>
            <p class="integration__lead">{words.mapping_lead}</p>
            <ActionForm action=acts.mapping attr:class="form">
                {attempt.refused()}
                <input type="hidden" name="id" value=id.to_string() />
                <div class="integration__fields">{fields}</div>
                {example}
                <Tick name="in_force" checked=will_be>{words.in_force}</Tick>
                <div class="form__foot">
                    <Button kind="submit" disabled=reason_not() busy=acts.mapping.pending()>{words.try_it}</Button>
                </div>
            </ActionForm>
        </Part>
        {result}
    }
    .into_any()
}

fn id_of(name: &str) -> String {
    format!("mapping-{name}")
}

fn standing(in_force: bool) -> AnyView {
    let words = integration_words();
    if in_force {
        view! { <span class="mute">{words.is_in_force}</span> }.into_any()
    } else {
        view! { <StateMark kind=StateKind::Waiting word=words.is_draft /> }.into_any()
    }
}

fn field(name: &'static str, label: &str, hint: &str, value: &str, attempt: &Attempt) -> AnyView {
    let sent_as: String = format!("mapping[{name}]");
    if name == ADDED {
        return attempt.area(Named::new(&sent_as, &id_of(name), label), hint.to_owned(), value);
    }
    attempt.line(Line {
        hint: hint.to_owned(),
        value: value.to_owned(),
        is_code: true,
        ..Line::new(&id_of(name), &sent_as, label)
    })
}

/// What a field of the form holds now.
fn value(mapping: &MappingForm, name: &str) -> String {
    let text: &String = match name {
        "list" => &mapping.list,
        "key" => &mapping.key,
        "status" => &mapping.status,
        "resolved" => &mapping.resolved,
        "acknowledged" => &mapping.acknowledged,
        "name" => &mapping.name,
        "summary" => &mapping.summary,
        "severity" => &mapping.severity,
        "url" => &mapping.url,
        "value" => &mapping.value,
        "started_at" => &mapping.started_at,
        "labels" => &mapping.labels,
        _ => &mapping.added,
    };
    text.clone()
}

fn result(tried: TriedMapping, words: &'static IntegrationWords) -> AnyView {
    let n_alerts = tried.alerts.len();
    let more = (tried.more > 0).then(|| view! { <p class="mute">{(words.more)(tried.more)}</p> });
    let body = match tried.problem {
        Some(problem) => view! { <p class="field__error" role="status">{problem}</p> }.into_any(),
        None if n_alerts == 0 => view! { <p class="mute">{words.no_result}</p> }.into_any(),
        None => table(tried.alerts, words),
    };
    view! { <Part title=words.result.to_owned()>{body} {more}</Part> }.into_any()
}

fn table(alerts: Vec<TriedAlert>, words: &'static IntegrationWords) -> AnyView {
    let columns = vec![
        Column::text(words.alert),
        Column::text(words.outcome),
        Column::text(words.severity),
        Column::text(words.key),
        Column::text(words.labels),
    ];
    let rows = alerts.into_iter().map(|alert| line(alert, words)).collect_view();
    view! { <Table caption=words.result columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(alert: TriedAlert, words: &'static IntegrationWords) -> AnyView {
    let labels: Vec<String> = alert.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{alert.summary}<small class="table__sub">{alert.name}</small></th>
            <Cell label=words.outcome>{(words.act)(&alert.act)}</Cell>
            <Cell label=words.severity>{alert.severity.code()}</Cell>
            <Cell label=words.key><code>{alert.key}</code></Cell>
            <Cell label=words.labels wide=true><code>{labels.join(" ")}</code></Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::value;
    use crate::words::integrations::of;
    use api::integrations::MappingForm;
    use figures::Locale;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_shows_its_own_text() {
        let text = |text: &str| text.to_owned();
        let mapping = MappingForm {
            list: text("list"),
            key: text("key"),
            status: text("status"),
            resolved: text("resolved"),
            acknowledged: text("acknowledged"),
            name: text("name"),
            summary: text("summary"),
            severity: text("severity"),
            url: text("url"),
            value: text("value"),
            started_at: text("started_at"),
            labels: text("labels"),
            added: text("added"),
        };
        let names: BTreeSet<&str> = of(Locale::Ja).mapping_fields.into_iter().map(|(name, _, _)| name).collect();
        assert_eq!(names.len(), 13);
        for name in names {
            assert_eq!(value(&mapping, name), name);
        }
    }
}
