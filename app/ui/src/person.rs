//! A person: the seal and the name.

use leptos::prelude::*;

/// The first character of a name, as a seal shows it.
fn seal(name: &str) -> String {
    name.trim().chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

/// A person's seal and name.
#[component]
pub fn PersonMark(
    /// The name as the person writes it.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let first = seal(&name);
    view! {
        <span class="person">
            <span class="person__mark" aria-hidden="true">
                {first}
            </span>
            {name}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::seal;

    #[test]
    fn the_seal_is_the_first_character_of_the_name() {
        for (name, expected) in [("佐藤 健", "佐"), (" emma", "E"), ("", "")] {
            assert_eq!(seal(name), expected);
        }
    }
}
