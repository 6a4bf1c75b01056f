//! Every address of the console. Screens and server build URLs only here, and a test prints them all.

use crate::ids::{AlertId, RuleId};

pub const NOW: &str = "/";
pub const ALERTS: &str = "/alerts";
pub const EXPLORE: &str = "/explore";
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

/// A rule.
#[must_use]
pub fn rule(id: &RuleId) -> String {
    format!("{RULES}#{}", encode(&id.0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_printed_here() {
        let printed = [
            NOW.to_owned(),
            alert(AlertId(7)),
            alerts_of_rule(&RuleId("cpu-usage".into())),
            alerts_by("open"),
            host("app 02/x"),
            explore("a % 2", "1h"),
            explore("up", ""),
            rule(&RuleId("cpu-usage".into())),
            sign_in_again("/alerts?show=held"),
        ];
        assert_eq!(
            printed,
            [
                "/",
                "/alerts/A-7",
                "/alerts?rule=cpu-usage",
                "/alerts?show=open",
                "/hosts/app%2002%2Fx",
                "/explore?q=a%20%25%202&range=1h",
                "/explore?q=up",
                "/rules#cpu-usage",
                "/sign-in?why=expired&next=%2Falerts%3Fshow%3Dheld"
            ]
        );
    }
}
