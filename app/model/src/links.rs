//! Every address of the console. Screens and server build URLs only here, and a test prints them all.

use crate::ids::{AlertId, IntegrationId, RuleId};

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
/// Tools that may send alerts.
pub const INTEGRATIONS: &str = "/integrations";

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

/// Percent-encodes everything but RFC 3986's unreserved characters.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The pairs of an address's query, decoded once: `+` is a blank, `%XX` a byte, and what is no such byte stays as it stands. A browser
/// writes the line breaks of a form as CR LF; they are read as LF. (The router's own map decodes percent signs twice.)
#[must_use]
pub fn pairs(search: &str) -> Vec<(String, String)> {
    let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value).replace("\r\n", "\n"))
    };
    pairs.map(read).collect()
}

/// The same address without the fields that a form left empty; `None` when there are none. What is not said is the same as what is said
/// to be empty.
#[must_use]
pub fn without_empty(search: &str) -> Option<String> {
    let search: &str = search.trim_start_matches('?');
    let is_said = |pair: &&str| !matches!(pair.split_once('='), Some((name, value)) if name.is_empty() || value.is_empty());
    let said: Vec<&str> = search.split('&').filter(|pair| !pair.is_empty()).filter(is_said).collect();
    let clean: String = said.join("&");
    (clean != search).then_some(clean)
}

fn decode(text: &str) -> String {
    let bytes: &[u8] = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at: usize = 0;
    while at < bytes.len() {
        let escaped: Option<u8> = if bytes[at] == b'%' { text.get(at + 1..at + 3).and_then(hex) } else { None };
        out.push(match escaped {
            Some(byte) => byte,
            None if bytes[at] == b'+' => b' ',
            None => bytes[at],
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &str) -> Option<u8> {
    let is_hex: bool = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex { u8::from_str_radix(digits, 16).ok() } else { None }
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
    fn what_a_browser_sends_is_read_alike() {
        let read = pairs("?draft%5Bexpr%5D=a+%2B%0D%0Ab&x&y=%zz%4&%E8%A6%8B=1&");
        let expected = [("draft[expr]", "a +\nb"), ("x", ""), ("y", "%zz%4"), ("見", "1")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
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
    fn what_a_form_left_empty_stands_in_no_address() {
        for (search, clean) in [
            ("", None),
            ("a=1&b=%20", None),
            ("flag", None),
            ("?a=1&b=&=&c=2", Some("a=1&c=2")),
            ("a=&b=", Some("")),
            ("a=1&&b=2", Some("a=1&b=2")),
            ("draft%5Bexpr%5D=a%3D&draft%5Bid%5D=", Some("draft%5Bexpr%5D=a%3D")),
        ] {
            assert_eq!(without_empty(search).as_deref(), clean, "{search}");
        }
    }
}
