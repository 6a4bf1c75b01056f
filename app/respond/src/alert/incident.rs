//! The incident an alert belongs to, or the way to declare one from it.

use crate::words::declared::declared_words;
use api::incidents::{Belonging, incident_of_alert};
use api::{ApiError, Asked, ask};
use leptos::prelude::*;
use model::ids::AlertId;
use model::links;
use ui::button::ButtonLink;
use ui::icon::IconName;
use ui::part::Part;

/// What the part shows.
pub type Owned = Asked<Result<Belonging, ApiError>>;

/// Asked once for the screen.
pub fn data(id: AlertId) -> Owned {
    ask(move || id, incident_of_alert)
}

/// The part; nothing while that is not known.
pub fn part(id: AlertId, data: Owned) -> AnyView {
    let drawn = move || {
        Suspend::new(async move {
            let found: Option<Belonging> = data.await.ok();
            found.and_then(|found| drawn(id, found))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn drawn(id: AlertId, found: Belonging) -> Option<AnyView> {
    let words = declared_words();
    let body: AnyView = match found.incident {
        Some((incident, title)) => {
            let text: String = format!("{incident} {title}");
            view! { <p><a class="link" href=links::incident(incident)>{text}</a></p> }.into_any()
        }
        None if found.can_declare => {
            let href: String = links::incident_of_alert(id);
            view! {
                <p class="mute">{words.declare_hint}</p>
                <p><ButtonLink href=href icon=IconName::Flag>{words.declare}</ButtonLink></p>
            }
            .into_any()
        }
        None => return None,
    };
    Some(view! { <Part title=words.incident.to_owned() id="incident">{body}</Part> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use api::incidents::Belonging;
    use leptos::prelude::*;
    use model::ids::{AlertId, IncidentId};

    #[test]
    fn an_alert_leads_to_its_incident_or_to_declaring_one() {
        let owner = Owner::new();
        owner.set();
        let html = |found: Belonging| drawn(AlertId(12), found).map(|view| view.to_html()).unwrap_or_default();
        let owned = html(Belonging { incident: Some((IncidentId(3), "停止".to_owned())), can_declare: true });
        assert!(owned.contains("/incidents/I-3") && !owned.contains("/incidents/new"), "{owned}");
        let free = html(Belonging { incident: None, can_declare: true });
        assert!(free.contains("/incidents/new?alert=A-12"), "{free}");
        assert_eq!(html(Belonging { incident: None, can_declare: false }), "");
    }
}
