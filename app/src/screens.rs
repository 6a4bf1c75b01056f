//! Every screen and its address, in one table. The server routes by it and draws by it; the browser asks for whatever an address leads to
//! and knows none of them.

use leptos_router::params::ParamsMap;

/// Every screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Account,
    Actions,
    Alert,
    Alerts,
    Channel,
    Channels,
    Dashboard,
    DashboardEdit,
    DashboardHistory,
    DashboardImport,
    DashboardNew,
    DashboardTrash,
    Dashboards,
    Deliveries,
    Delivery,
    Document,
    DocumentEdit,
    DocumentHistory,
    DocumentImport,
    DocumentNew,
    DocumentRun,
    DocumentSettings,
    DocumentSpaces,
    DocumentTrash,
    Documents,
    Escalations,
    Explore,
    Holidays,
    Host,
    Hosts,
    Incident,
    IncidentMoment,
    IncidentNew,
    Incidents,
    Integration,
    Integrations,
    /// For an address that leads nowhere.
    Lost,
    Metrics,
    NewChannel,
    Now,
    Oncall,
    Pager,
    Pay,
    PayPerson,
    PayRules,
    People,
    Policy,
    PolicyForm,
    Postmortem,
    Postmortems,
    Reviews,
    RouteEdit,
    Routes,
    Rule,
    RuleForm,
    Rules,
    Runs,
    Schedule,
    ScheduleForm,
    SilenceForm,
    Silences,
    Targets,
}

/// What leads where, as axum writes a path. Of two that fit the first counts.
pub const SCREENS: [(&str, Screen); 64] = [
    ("/", Screen::Now),
    ("/alerts", Screen::Alerts),
    ("/alerts/{id}", Screen::Alert),
    ("/silences", Screen::Silences),
    ("/silences/new", Screen::SilenceForm),
    ("/routes", Screen::Routes),
    ("/routes/edit", Screen::RouteEdit),
    ("/rules", Screen::Rules),
    ("/rules/new", Screen::RuleForm),
    ("/rules/{id}", Screen::Rule),
    ("/rules/{id}/edit", Screen::RuleForm),
    ("/incidents", Screen::Incidents),
    ("/incidents/new", Screen::IncidentNew),
    ("/incidents/{id}", Screen::Incident),
    ("/incidents/{id}/at", Screen::IncidentMoment),
    ("/postmortems", Screen::Postmortems),
    ("/postmortems/{incident}", Screen::Postmortem),
    ("/actions", Screen::Actions),
    ("/documents", Screen::Documents),
    ("/documents/new", Screen::DocumentNew),
    ("/documents/spaces", Screen::DocumentSpaces),
    ("/documents/trash", Screen::DocumentTrash),
    ("/documents/import", Screen::DocumentImport),
    ("/documents/{id}", Screen::Document),
    ("/documents/{id}/edit", Screen::DocumentEdit),
    ("/documents/{id}/history", Screen::DocumentHistory),
    ("/documents/{id}/settings", Screen::DocumentSettings),
    ("/documents/{id}/run", Screen::DocumentRun),
    ("/reviews", Screen::Reviews),
    ("/dashboards", Screen::Dashboards),
    ("/dashboards/new", Screen::DashboardNew),
    ("/dashboards/import", Screen::DashboardImport),
    ("/dashboards/trash", Screen::DashboardTrash),
    ("/d/{slug}", Screen::Dashboard),
    ("/d/{slug}/edit", Screen::DashboardEdit),
    ("/d/{slug}/history", Screen::DashboardHistory),
    ("/hosts", Screen::Hosts),
    ("/hosts/{host}", Screen::Host),
    ("/explore", Screen::Explore),
    ("/metrics", Screen::Metrics),
    ("/targets", Screen::Targets),
    ("/people", Screen::People),
    ("/channels", Screen::Channels),
    ("/channels/new", Screen::NewChannel),
    ("/channels/{name}", Screen::Channel),
    ("/deliveries", Screen::Deliveries),
    ("/deliveries/{id}", Screen::Delivery),
    ("/integrations", Screen::Integrations),
    ("/integrations/{id}", Screen::Integration),
    ("/pager", Screen::Pager),
    ("/oncall", Screen::Oncall),
    ("/oncall/new", Screen::ScheduleForm),
    ("/oncall/{name}", Screen::Schedule),
    ("/oncall/{name}/edit", Screen::ScheduleForm),
    ("/escalations", Screen::Escalations),
    ("/escalations/new", Screen::PolicyForm),
    ("/escalations/{name}", Screen::Policy),
    ("/escalations/{name}/edit", Screen::PolicyForm),
    ("/runs", Screen::Runs),
    ("/pay", Screen::Pay),
    ("/pay/rules", Screen::PayRules),
    ("/pay/{month}/{person}", Screen::PayPerson),
    ("/holidays", Screen::Holidays),
    ("/account", Screen::Account),
];

/// The screen at a path, and what its parts say.
#[must_use]
pub fn at(path: &str) -> (Screen, ParamsMap) {
    let found = SCREENS.iter().find_map(|(pattern, screen)| Some((*screen, parts(pattern, path)?)));
    found.unwrap_or_else(|| (Screen::Lost, ParamsMap::new()))
}

/// The named parts of a path that fits; `None` of one that does not.
fn parts(pattern: &str, path: &str) -> Option<ParamsMap> {
    if pattern.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut parts = ParamsMap::new();
    for (wanted, found) in pattern.split('/').zip(path.split('/')) {
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if !found.is_empty() => parts.insert(name.to_owned(), found.to_owned()),
            _ if wanted == found => {}
            _ => return None,
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::{SCREENS, Screen, at};
    use std::collections::BTreeSet;

    #[test]
    fn an_address_leads_to_its_screen_with_its_parts() {
        let part = |path: &str, name: &str| at(path).1.get(name);
        assert_eq!(at("/").0, Screen::Now);
        assert_eq!((at("/rules/new").0, at("/rules/cpu").0), (Screen::RuleForm, Screen::Rule));
        assert_eq!(part("/hosts/web%2F1", "host").as_deref(), Some("web/1"));
        assert_eq!(
            (part("/pay/2026-11/7", "month").as_deref(), part("/pay/2026-11/7", "person").as_deref()),
            (Some("2026-11"), Some("7"))
        );
        for lost in ["", "/alerts/", "/alerts/A-1/x", "/nowhere", "//"] {
            assert_eq!(at(lost).0, Screen::Lost, "{lost}");
        }
    }

    #[test]
    fn every_address_stands_there_once_and_none_hides_another() {
        let all: BTreeSet<&str> = SCREENS.iter().map(|(pattern, _)| *pattern).collect();
        assert_eq!(all.len(), SCREENS.len());
        for (pattern, screen) in SCREENS {
            assert_eq!(at(&pattern.replace(['{', '}'], "")).0, screen, "{pattern}");
        }
    }
}
