//! Every address of the console. Screens and server build URLs only here, and a test prints them all.

pub mod dashboards;
pub mod documents;
mod postmortem;
mod query;

pub use postmortem::{
    ACTIONS, POSTMORTEMS, SHARED, actions_of, postmortem, postmortem_changes, postmortem_done, postmortem_file, postmortem_graph,
    postmortem_preview, postmortem_print, shared,
};
pub use query::{decode, encode, pairs, without_empty};

use crate::ids::{AlertId, IncidentId, IntegrationId, PersonId, RuleId};

pub const NOW: &str = "/";
pub const ALERTS: &str = "/alerts";
pub const EXPLORE: &str = "/explore";
/// What eats series and disk. Programs are answered here with our own figures.
pub const METRICS: &str = "/metrics";
/// Where samples come from.
pub const TARGETS: &str = "/targets";
pub const HOSTS: &str = "/hosts";
pub const RULES: &str = "/rules";
pub const PEOPLE: &str = "/people";
pub const ACCOUNT: &str = "/account";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const SET_UP: &str = "/set-up";
/// Invitations end here: `/join/<code>`.
pub const JOIN: &str = "/join";
pub const PREFERENCES: &str = "/preferences";
/// Silences and maintenance.
pub const SILENCES: &str = "/silences";
pub const SILENCE_NEW: &str = "/silences/new";
/// Who hears of which alert.
pub const ROUTES: &str = "/routes";
/// Where a route is edited: `/routes/edit?path=…`.
pub const ROUTE_EDIT: &str = "/routes/edit";
/// The ways to people.
pub const CHANNELS: &str = "/channels";
/// What was sent, to whom, and what came of it.
pub const DELIVERIES: &str = "/deliveries";
/// Whether the pager works.
pub const PAGER: &str = "/pager";
/// Who is on call.
pub const ONCALL: &str = "/oncall";
/// Who is paged after whom.
pub const ESCALATIONS: &str = "/escalations";
/// What being on call is worth.
pub const PAY: &str = "/pay";
pub const PAY_RULES: &str = "/pay/rules";
/// A month of pay as a file.
pub const PAY_CSV: &str = "/pay.csv";
/// Days off and business hours.
pub const HOLIDAYS: &str = "/holidays";
/// Where a file of holidays is sent.
pub const HOLIDAYS_IMPORT: &str = "/holidays/import";
/// Escalations that run and ran: why somebody was paged, and why nobody was.
pub const RUNS: &str = "/runs";
/// Tools that may send alerts.
pub const INTEGRATIONS: &str = "/integrations";
/// What people handle together.
pub const INCIDENTS: &str = "/incidents";
/// Where one is declared.
pub const INCIDENT_NEW: &str = "/incidents/new";
/// Looking back: how fast, how often, how loud, how fair.
pub const REVIEWS: &str = "/reviews";

/// Where one signs in again after the sign-in has expired, and comes back to `here` (path and query).
#[must_use]
pub fn sign_in_again(here: &str) -> String {
    format!("{SIGN_IN}?why=expired&next={}", encode(here))
}

/// One alert.
#[must_use]
pub fn alert(id: AlertId) -> String {
    format!("{ALERTS}/{id}")
}

/// The alerts of one rule, open and past.
#[must_use]
pub fn alerts_of_rule(rule: &RuleId) -> String {
    format!("{ALERTS}?rule={}", encode(&rule.0))
}

/// Alerts of one state (`open`, `held`, `pending`, `resolved`).
#[must_use]
pub fn alerts_by(show: &str) -> String {
    format!("{ALERTS}?show={}", encode(show))
}

/// One host's dashboard.
#[must_use]
pub fn host(name: &str) -> String {
    format!("{HOSTS}/{}", encode(name))
}

/// An expression over a range (`1h`); the usual one for an empty range.
#[must_use]
pub fn explore(expression: &str, range: &str) -> String {
    let range = if range.is_empty() { String::new() } else { format!("&range={}", encode(range)) };
    format!("{EXPLORE}?q={}{range}", encode(expression))
}

/// Everything that Explore is asked, as pairs.
#[must_use]
pub fn explore_with<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query: String = dashboards::query(pairs);
    if query.is_empty() { EXPLORE.to_owned() } else { format!("{EXPLORE}?{query}") }
}

/// One metric: its labels, and who sends it.
#[must_use]
pub fn metric(name: &str) -> String {
    format!("{METRICS}?metric={}", encode(name))
}

/// The targets of one state (`down`).
#[must_use]
pub fn targets_by(state: &str) -> String {
    format!("{TARGETS}?state={}", encode(state))
}

/// A rule.
#[must_use]
pub fn rule(id: &RuleId) -> String {
    format!("{RULES}/{}", encode(&id.0))
}

/// The form for a new rule; `like` is one to begin from, empty for none.
#[must_use]
pub fn rule_new(like: &str) -> String {
    if like.is_empty() { format!("{RULES}/new") } else { format!("{RULES}/new?like={}", encode(like)) }
}

/// The form in which a rule is changed, or a new one is made, as it is filled in.
#[must_use]
pub fn rule_form<'a>(
    id: Option<&RuleId>,
    fields: impl Iterator<Item = (&'a String, &'a String)>,
    version: Option<i64>,
) -> String {
    let screen: String = id.map_or_else(|| rule_new(""), |id| format!("{}/edit", rule(id)));
    let version: Option<String> = version.map(|version| format!("version={version}"));
    let fields = fields.map(|(field, text)| format!("draft%5B{}%5D={}", encode(field), encode(text)));
    let pairs: Vec<String> = version.into_iter().chain(fields).collect();
    if pairs.is_empty() { screen } else { format!("{screen}?{}", pairs.join("&")) }
}

/// One channel.
#[must_use]
pub fn channel(name: &str) -> String {
    format!("{CHANNELS}/{}", encode(name))
}

/// The empty form for a channel of a kind.
#[must_use]
pub fn channel_new(kind: &str) -> String {
    format!("{CHANNELS}/new?kind={}", encode(kind))
}

/// One tool that may send alerts.
#[must_use]
pub fn integration(id: IntegrationId) -> String {
    format!("{INTEGRATIONS}/{id}")
}

/// The open alerts of a tool, by its name in labels.
#[must_use]
pub fn alerts_of_integration(slug: &str) -> String {
    format!("{ALERTS}?search={}", encode(slug))
}

/// One delivery with all its attempts.
#[must_use]
pub fn delivery(id: &str) -> String {
    format!("{DELIVERIES}/{}", encode(id))
}

/// Everything that was sent by a channel.
#[must_use]
pub fn deliveries_of_channel(name: &str) -> String {
    format!("{DELIVERIES}?channel={}", encode(name))
}

/// Everything that was sent about an alert.
#[must_use]
pub fn deliveries_of_alert(id: AlertId) -> String {
    format!("{DELIVERIES}?alert={id}")
}

/// The form for a silence of these matchers (`host="app-01", alertname="cpu-usage"`), with a comment if there is one already.
#[must_use]
pub fn silence_new(matchers: &str, comment: &str) -> String {
    let comment = if comment.is_empty() { String::new() } else { format!("&comment={}", encode(comment)) };
    format!("{SILENCE_NEW}?matchers={}{comment}", encode(matchers))
}

/// One silence, in the list of those that are not over.
#[must_use]
pub fn silence(id: i64) -> String {
    format!("{SILENCES}#S-{id}")
}

/// The silences, with word of one that was just made.
#[must_use]
pub fn silence_made(id: i64) -> String {
    format!("{SILENCES}?made={id}")
}

/// Silences that are over, below a number.
#[must_use]
pub fn silences_before(id: i64) -> String {
    format!("{SILENCES}?before={id}")
}

/// Where an alert would go now.
#[must_use]
pub fn way_of_alert(id: AlertId) -> String {
    format!("{ROUTES}?about={id}")
}

/// One schedule.
#[must_use]
pub fn schedule(name: &str) -> String {
    format!("{ONCALL}/{}", encode(name))
}

/// A part of a schedule: `week`, `weeks` or `month` round a day (`2026-11-30`).
#[must_use]
pub fn schedule_at(name: &str, view: &str, day: &str) -> String {
    format!("{}?view={}&at={}", schedule(name), encode(view), encode(day))
}

/// A schedule, with word of what was just done there.
#[must_use]
pub fn schedule_done(name: &str, done: &str) -> String {
    format!("{}?done={}", schedule(name), encode(done))
}

/// The form for an override of a schedule, filled in with a role and with moments on its clock (`2026-11-30T10:00`).
#[must_use]
pub fn schedule_override(name: &str, role: &str, from: &str, until: &str) -> String {
    let (role, from, until): (String, String, String) = (encode(role), encode(from), encode(until));
    format!("{}?role={role}&from={from}&until={until}#override-person", schedule(name))
}

/// The form in which a schedule is changed; of an empty name, the one for a new schedule.
#[must_use]
pub fn schedule_form(name: &str) -> String {
    if name.is_empty() { format!("{ONCALL}/new") } else { format!("{}/edit", schedule(name)) }
}

/// One escalation policy.
#[must_use]
pub fn policy(name: &str) -> String {
    format!("{ESCALATIONS}/{}", encode(name))
}

/// The form in which a policy is changed; of an empty name, the one for a new policy.
#[must_use]
pub fn policy_form(name: &str) -> String {
    if name.is_empty() { format!("{ESCALATIONS}/new") } else { format!("{}/edit", policy(name)) }
}

/// The escalations of an alert, with every decision.
#[must_use]
pub fn runs_of_alert(id: AlertId) -> String {
    format!("{RUNS}?alert={id}")
}

/// The escalations by a policy.
#[must_use]
pub fn runs_of_policy(name: &str) -> String {
    format!("{RUNS}?policy={}", encode(name))
}

/// One incident.
#[must_use]
pub fn incident(id: IncidentId) -> String {
    format!("{INCIDENTS}/{id}")
}

/// An incident, with word of what was just done there.
#[must_use]
pub fn incident_done(id: IncidentId, done: &str) -> String {
    format!("{}?done={}", incident(id), encode(done))
}

/// A line of an incident's timeline.
#[must_use]
pub fn incident_line(id: IncidentId, line: i64) -> String {
    format!("{}?line={line}#line-{line}", incident(id))
}

/// An incident as it was at a second, in milliseconds since 1970.
#[must_use]
pub fn incident_at(id: IncidentId, at_ms: i64) -> String {
    format!("{}/at?t={at_ms}", incident(id))
}

/// The form in which an incident is declared from an alert.
#[must_use]
pub fn incident_of_alert(id: AlertId) -> String {
    format!("{INCIDENT_NEW}?alert={id}")
}

/// What a route of the tree is called inside its screen.
#[must_use]
pub fn route_anchor(path: &str) -> String {
    format!("route-{path}")
}

/// A route of the tree.
#[must_use]
pub fn route(path: &str) -> String {
    format!("{ROUTES}#{}", encode(&route_anchor(path)))
}

/// Where a route is edited: `set`, or `add`, `remove`, `up`, `down`.
#[must_use]
pub fn route_edit(path: &str, act: &str) -> String {
    format!("{ROUTE_EDIT}?path={}&act={}", encode(path), encode(act))
}

/// The routes, with word of a revision that was just put in force.
#[must_use]
pub fn routes_applied(revision: i64) -> String {
    format!("{ROUTES}?applied={revision}")
}

/// A month of pay (`2026-09`).
#[must_use]
pub fn pay_month(month: &str) -> String {
    format!("{PAY}?month={}", encode(month))
}

/// One person's month of pay.
#[must_use]
pub fn pay_person(month: &str, person: PersonId) -> String {
    format!("{PAY}/{}/{person}", encode(month))
}

/// A month of pay as a file.
#[must_use]
pub fn pay_csv(month: &str) -> String {
    format!("{PAY_CSV}?month={}", encode(month))
}

/// The form for a rule of pay of a duty.
#[must_use]
pub fn pay_rule(role: &str) -> String {
    format!("{PAY_RULES}?role={}", encode(role))
}

/// The days off of a year.
#[must_use]
pub fn holidays_of(year: i32) -> String {
    format!("{HOLIDAYS}?year={year}")
}

/// A file of holidays that waits to be taken.
#[must_use]
pub fn holidays_file(id: &str) -> String {
    format!("{HOLIDAYS}?file={}", encode(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_in_an_address_is_read_back() {
        let fields = [("name.ja", "使用率 100 % & a+b"), ("expr", "a{b=~\"x%20\"}\n/ 2"), ("label.0.name", "")];
        let fields: Vec<(String, String)> = fields.map(|(field, text)| (field.to_owned(), text.to_owned())).to_vec();
        let id = RuleId("cpu-usage".into());
        let address = rule_form(Some(&id), fields.iter().map(|(field, text)| (field, text)), Some(3));
        let (screen, search) = address.split_once('?').unwrap();
        let mut expected = vec![("version".to_owned(), "3".to_owned())];
        expected.extend(fields.into_iter().map(|(field, text)| (format!("draft[{field}]"), text)));
        assert_eq!((screen, pairs(search)), ("/rules/cpu-usage/edit", expected));
        assert!(address.is_ascii());
        assert_eq!(rule_form(None, [].into_iter(), None), "/rules/new");
    }

    #[test]
    fn every_address_is_printed_here() {
        let addresses = [
            (NOW.to_owned(), "/"),
            (alert(AlertId(7)), "/alerts/A-7"),
            (alerts_of_rule(&RuleId("cpu-usage".into())), "/alerts?rule=cpu-usage"),
            (alerts_by("open"), "/alerts?show=open"),
            (host("app 02/x"), "/hosts/app%2002%2Fx"),
            (explore("a % 2", "1h"), "/explore?q=a%20%25%202&range=1h"),
            (explore("up", ""), "/explore?q=up"),
            (explore_with([]), "/explore"),
            (explore_with([("q", "a + b"), ("q", "up")]), "/explore?q=a%20%2B%20b&q=up"),
            (metric("http.server/duration"), "/metrics?metric=http.server%2Fduration"),
            (targets_by("down"), "/targets?state=down"),
            (rule(&RuleId("cpu-usage".into())), "/rules/cpu-usage"),
            (rule_new(""), "/rules/new"),
            (rule_new("cpu-usage"), "/rules/new?like=cpu-usage"),
            (sign_in_again("/alerts?show=held"), "/sign-in?why=expired&next=%2Falerts%3Fshow%3Dheld"),
            (silence_new("host=\"a\"", ""), "/silences/new?matchers=host%3D%22a%22"),
            (silence_new("a=b", "deploy & test"), "/silences/new?matchers=a%3Db&comment=deploy%20%26%20test"),
            (silence(12), "/silences#S-12"),
            (silence_made(12), "/silences?made=12"),
            (silences_before(90), "/silences?before=90"),
            (way_of_alert(AlertId(7)), "/routes?about=A-7"),
            (route("all/urgent"), "/routes#route-all%2Furgent"),
            (route_edit("all/urgent", "up"), "/routes/edit?path=all%2Furgent&act=up"),
            (routes_applied(3), "/routes?applied=3"),
            (channel("ops"), "/channels/ops"),
            (channel_new("slack"), "/channels/new?kind=slack"),
            (delivery("0193"), "/deliveries/0193"),
            (deliveries_of_channel("ops"), "/deliveries?channel=ops"),
            (deliveries_of_alert(AlertId(7)), "/deliveries?alert=A-7"),
            (integration(IntegrationId(uuid::Uuid::nil())), "/integrations/00000000-0000-0000-0000-000000000000"),
            (alerts_of_integration("tokyo-tool"), "/alerts?search=tokyo-tool"),
        ];
        for (printed, expected) in addresses {
            assert_eq!(printed, expected);
        }
    }

    #[test]
    fn every_address_of_duty_is_printed_here() {
        let addresses = [
            (schedule("決済"), "/oncall/%E6%B1%BA%E6%B8%88"),
            (schedule_at("payments", "week", "2026-11-30"), "/oncall/payments?view=week&at=2026-11-30"),
            (schedule_done("payments", "cover"), "/oncall/payments?done=cover"),
            (
                schedule_override("payments", "primary", "2026-11-30T10:00", "2026-12-01T10:00"),
                "/oncall/payments?role=primary&from=2026-11-30T10%3A00&until=2026-12-01T10%3A00#override-person",
            ),
            (schedule_form(""), "/oncall/new"),
            (schedule_form("payments"), "/oncall/payments/edit"),
            (policy("payments"), "/escalations/payments"),
            (policy_form(""), "/escalations/new"),
            (policy_form("payments"), "/escalations/payments/edit"),
            (runs_of_alert(AlertId(7)), "/runs?alert=A-7"),
            (runs_of_policy("payments"), "/runs?policy=payments"),
            (pay_month("2026-09"), "/pay?month=2026-09"),
            (pay_person("2026-09", PersonId(uuid::Uuid::nil())), "/pay/2026-09/00000000-0000-0000-0000-000000000000"),
            (pay_csv("2026-09"), "/pay.csv?month=2026-09"),
            (pay_rule("primary"), "/pay/rules?role=primary"),
            (holidays_of(2026), "/holidays?year=2026"),
            (holidays_file("0193"), "/holidays?file=0193"),
            (incident(IncidentId(42)), "/incidents/I-42"),
            (incident_done(IncidentId(42), "level"), "/incidents/I-42?done=level"),
            (incident_line(IncidentId(42), 7), "/incidents/I-42?line=7#line-7"),
            (incident_at(IncidentId(42), 1_795_323_907_000), "/incidents/I-42/at?t=1795323907000"),
            (incident_of_alert(AlertId(7)), "/incidents/new?alert=A-7"),
        ];
        for (printed, expected) in addresses {
            assert_eq!(printed, expected);
        }
    }
}
