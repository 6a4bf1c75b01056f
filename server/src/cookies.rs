//! The cookies we set, in one place: session, device, and the reader's preferences.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use figures::Locale;
use model::theme::Theme;
use time::Duration;

/// As long as the server remembers a device: `identity::devices::LIFE_MS`.
const DEVICE_DAYS: i64 = 180;
const PREFERENCE_DAYS: i64 = 365;

/// The session cookie's name. `__Host-` binds it to this host over https; plain-http localhost can't have it.
#[must_use]
pub fn session_name(https: bool) -> &'static str {
    if https { "__Host-mimamori" } else { "mimamori" }
}

/// The device cookie's name.
#[must_use]
pub fn device_name(https: bool) -> &'static str {
    if https { "__Host-mimamori-device" } else { "mimamori-device" }
}

fn secret(name: &'static str, value: String, https: bool) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").http_only(true).secure(https).same_site(SameSite::Lax).build()
}

/// Signs this browser in. Without an expiry of its own: the server's row decides.
#[must_use]
pub fn session(token: String, https: bool) -> Cookie<'static> {
    secret(session_name(https), token, https)
}

/// Remembers that this browser once signed in.
#[must_use]
pub fn device(token: String, https: bool) -> Cookie<'static> {
    let mut cookie = secret(device_name(https), token, https);
    cookie.set_max_age(Duration::days(DEVICE_DAYS));
    cookie
}

/// Signs this browser out.
#[must_use]
pub fn no_session(https: bool) -> Cookie<'static> {
    let mut cookie = secret(session_name(https), String::new(), https);
    cookie.make_removal();
    cookie
}

/// A preference that is no secret (`lang`, `theme`, `zone`, `width`).
#[must_use]
pub fn preference(name: &'static str, value: String, https: bool) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(https).same_site(SameSite::Lax).max_age(Duration::days(PREFERENCE_DAYS)).build()
}

/// The value of one cookie.
#[must_use]
pub fn read(jar: &CookieJar, name: &str) -> Option<String> {
    jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// The reader's language: cookie, then `Accept-Language`, then Japanese.
#[must_use]
pub fn locale(jar: &CookieJar, headers: &HeaderMap) -> Locale {
    if let Some(chosen) = read(jar, "lang").and_then(|tag| Locale::from_tag(&tag)) {
        return chosen;
    }
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted
        .split(',')
        .filter_map(|part| Locale::from_tag(part.split(';').next().unwrap_or_default().trim()))
        .next()
        .unwrap_or(Locale::Ja)
}

/// The reader's theme.
#[must_use]
pub fn theme(jar: &CookieJar) -> Theme {
    read(jar, "theme").map_or_else(Theme::default, |word| Theme::from_word(&word))
}
