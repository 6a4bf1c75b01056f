//! Which addresses of a text are followed.
//!
//! A browser drops tabs and line ends from an address and takes `\` for `/`: so does whoever looks at it here.

/// What may stand before the colon.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The address, if following it does no harm.
#[must_use]
pub fn followed(target: &str) -> Option<String> {
    let seen: String = target.chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()).collect();
    if seen.is_empty() || seen.starts_with("//") || seen.contains('\\') {
        return None;
    }
    match scheme(&seen) {
        Some(scheme) if !SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => None,
        _ => Some(seen),
    }
}

/// The address of a picture, if it lies in this house: one elsewhere would tell a stranger who reads.
#[must_use]
pub fn shown(target: &str) -> Option<String> {
    let target: String = followed(target)?;
    (target.starts_with('/') && scheme(&target).is_none()).then_some(target)
}

/// Whether it leads out of the house.
#[must_use]
pub fn is_elsewhere(target: &str) -> bool {
    scheme(target).is_some()
}

/// What stands before a colon that comes before everything that can't be in a scheme.
fn scheme(target: &str) -> Option<&str> {
    let end: usize = target.find(['/', '?', '#', ':'])?;
    let (before, rest) = target.split_at(end);
    rest.starts_with(':').then_some(before)
}
