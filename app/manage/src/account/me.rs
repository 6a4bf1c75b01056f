//! Who am I.

use crate::words::{viewer, words};
use leptos::prelude::*;
use model::links;
use ui::facts::{Fact, Facts};
use ui::part::Part;
use ui::person::PersonMark;

/// Name, e-mail, role, organisation. Others change them; here they stand to be checked.
#[component]
pub fn Me() -> impl IntoView {
    let words = words();
    let viewer = viewer();
    let organisation = viewer.organisation.clone();
    let organisation = (!organisation.is_empty()).then(|| view! { <Fact name=words.organisation>{organisation}</Fact> });
    let person = viewer.person.map(|person| {
        view! {
            <Fact name=words.name><PersonMark name=person.name.clone() /></Fact>
            <Fact name=words.email>{person.email.clone()}</Fact>
            <Fact name=words.role>{words.role_word(person.role)}</Fact>
        }
    });
    view! {
        <Part title=words.you.to_owned() more=move || view! { <a class="link" href=links::PEOPLE>{words.people}</a> }>
            <Facts>{person}{organisation}</Facts>
        </Part>
    }
    .into_any()
}
