//! Whom a comment names: `@` and a name, as somebody types it on a phone. Names have blanks in them that are left out when typed, and Japanese
//! ones are followed by a particle without any sign that they are over, so the longest name that fits counts.

use model::ids::PersonId;

/// Signs that are looked at: more of them name nobody.
const MOST_SIGNS: usize = 200;

/// Those of these people whom a text names, each once, in the order in which it does.
#[must_use]
pub fn named(text: &str, people: &[(PersonId, String)]) -> Vec<PersonId> {
    let mut found: Vec<PersonId> = Vec::new();
    for (place, sign) in text.char_indices().filter(|(_, one)| matches!(one, '@' | '＠')).take(MOST_SIGNS) {
        let (before, behind): (&str, &str) = (&text[..place], &text[place + sign.len_utf8()..]);
        // An address of mail has something before the sign.
        if before.chars().next_back().is_some_and(|one| one.is_ascii_alphanumeric()) {
            continue;
        }
        let fitting = people.iter().filter_map(|(person, name)| fits(behind, name).map(|n| (n, *person)));
        if let Some((_, person)) = fitting.max_by_key(|(n, _)| *n)
            && !found.contains(&person)
        {
            found.push(person);
        }
    }
    found
}

/// How much of a text is a name, if it begins with it.
fn fits(text: &str, name: &str) -> Option<usize> {
    let short: String = name.split_whitespace().collect();
    let given: Vec<&str> = [name, short.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
    given.into_iter().filter_map(|name| begins(text, name)).max()
}

fn begins(text: &str, name: &str) -> Option<usize> {
    let mut letters = text.chars();
    for expected in name.chars() {
        let found: char = letters.next()?;
        if !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    // `@ann` is not `@anna`.
    let goes_on: bool = name.ends_with(|one: char| one.is_ascii_alphanumeric())
        && letters.next().is_some_and(|next| next.is_ascii_alphanumeric());
    (!goes_on).then(|| name.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn people() -> Vec<(PersonId, String)> {
        ["佐藤 健", "佐藤 健一", "Ann", "Anna Lee", ""].iter().zip(1..).map(|(name, n)| (person(n), (*name).to_owned())).collect()
    }

    #[test]
    fn the_longest_name_that_fits_is_meant() {
        for (text, expected) in [
            ("@佐藤健さん、確認お願いします", vec![1]),
            ("@佐藤健一さん", vec![2]),
            ("＠佐藤 健 と @ann", vec![1, 3]),
            ("@annabel", vec![]),
            ("@anna lee!", vec![4]),
            ("@Ann @Ann @佐藤健", vec![3, 1]),
            ("mail to x@ann.example", vec![]),
            ("@ @@ @誰か", vec![]),
        ] {
            let expected: Vec<PersonId> = expected.into_iter().map(person).collect();
            assert_eq!(named(text, &people()), expected, "{text}");
        }
    }
}
