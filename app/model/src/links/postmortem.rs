//! Addresses of postmortems, and of what is to be done after incidents.

use super::encode;
use crate::ids::IncidentId;

/// What is written after incidents.
pub const POSTMORTEMS: &str = "/postmortems";
/// What is to be done so that it does not happen again.
pub const ACTIONS: &str = "/actions";
/// Where outsiders read a postmortem: `/shared/<token>`.
pub const SHARED: &str = "/shared";

/// The postmortem of an incident.
#[must_use]
pub fn postmortem(id: IncidentId) -> String {
    format!("{POSTMORTEMS}/{id}")
}

/// A postmortem, with word of what was just done there.
#[must_use]
pub fn postmortem_done(id: IncidentId, done: &str) -> String {
    format!("{}?done={}", postmortem(id), encode(done))
}

/// A graph that was kept with a postmortem: all of it, or a stretch in milliseconds since 1970.
#[must_use]
pub fn postmortem_graph(id: IncidentId, graph: &str, stretch: Option<(i64, i64)>) -> String {
    let stretch: String = stretch.map(|(from, until)| format!("&from={from}&until={until}")).unwrap_or_default();
    format!("{}?graph={}{stretch}#graph", postmortem(id), encode(graph))
}

/// What changed so many hours before the incident of a postmortem began.
#[must_use]
pub fn postmortem_changes(id: IncidentId, hours: i64) -> String {
    format!("{}?back={hours}#changes", postmortem(id))
}

/// What outsiders would read of a postmortem.
#[must_use]
pub fn postmortem_preview(id: IncidentId) -> String {
    format!("{}?share=preview#share", postmortem(id))
}

/// A postmortem as Markdown: as it is stored, or with its directives written out.
#[must_use]
pub fn postmortem_file(id: IncidentId, is_expanded: bool) -> String {
    format!("{}/export?form={}", postmortem(id), if is_expanded { "expanded" } else { "stored" })
}

/// A postmortem as it is printed.
#[must_use]
pub fn postmortem_print(id: IncidentId) -> String {
    format!("{}/print", postmortem(id))
}

/// Where outsiders read a postmortem that was shared.
#[must_use]
pub fn shared(token: &str) -> String {
    format!("{SHARED}/{}", encode(token))
}

/// What somebody has to do; `me` is the reader.
#[must_use]
pub fn actions_of(owner: &str) -> String {
    format!("{ACTIONS}?owner={}", encode(owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_postmortems_is_printed_here() {
        let addresses = [
            (postmortem(IncidentId(42)), "/postmortems/I-42"),
            (postmortem_done(IncidentId(42), "begun"), "/postmortems/I-42?done=begun"),
            (postmortem_graph(IncidentId(42), "ab", None), "/postmortems/I-42?graph=ab#graph"),
            (postmortem_graph(IncidentId(42), "ab", Some((1, 2))), "/postmortems/I-42?graph=ab&from=1&until=2#graph"),
            (postmortem_changes(IncidentId(42), 72), "/postmortems/I-42?back=72#changes"),
            (postmortem_preview(IncidentId(42)), "/postmortems/I-42?share=preview#share"),
            (postmortem_file(IncidentId(42), true), "/postmortems/I-42/export?form=expanded"),
            (postmortem_print(IncidentId(42)), "/postmortems/I-42/print"),
            (shared("00ff"), "/shared/00ff"),
            (actions_of("me"), "/actions?owner=me"),
        ];
        for (printed, expected) in addresses {
            assert_eq!(printed, expected);
        }
    }
}
