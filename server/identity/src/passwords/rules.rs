//! Which passwords are accepted: long enough, not everybody's first idea, not the person's own name. No rule about kinds of characters
//! and no expiry: both make passwords worse (OWASP ASVS 5.0, 6.2).

/// ASVS 6.2.1.
pub const SHORTEST: u32 = 8;
/// ASVS 6.2.9 wants at least 64; the upper end only bounds the work.
pub const LONGEST: u32 = 128;

/// Those of the world's most common passwords that are long enough to pass otherwise, lower case, one a line.
const COMMON: &str = include_str!("common.txt");

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("a password needs at least 8 characters; 15 or more are better")]
    TooShort,
    #[error("a password has at most 128 characters")]
    TooLong,
    #[error("this password is among the first that anybody would try")]
    TooCommon,
    #[error("a password can't be one's own name or e-mail address")]
    LikeYou,
}

/// Judges a new password of somebody. Characters are counted as Unicode scalar values: 花火 has two.
///
/// # Errors
/// The rule it breaks.
pub fn check(password: &str, name: &str, email: &str) -> Result<(), PasswordProblem> {
    let length = password.chars().count();
    if length < SHORTEST as usize {
        return Err(PasswordProblem::TooShort);
    }
    if length > LONGEST as usize {
        return Err(PasswordProblem::TooLong);
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        return Err(PasswordProblem::TooCommon);
    }
    if is_own_name(&lower, name, email) {
        return Err(PasswordProblem::LikeYou);
    }
    Ok(())
}

/// Whether it could be anybody's password at all. What is longer need not be hashed to be wrong.
pub fn is_possible(password: &str) -> bool {
    password.chars().count() <= LONGEST as usize
}

fn is_common(lower: &str) -> bool {
    let first = lower.chars().next();
    COMMON.lines().any(|line| line == lower) || lower.chars().all(|c| Some(c) == first)
}

fn is_own_name(lower: &str, name: &str, email: &str) -> bool {
    let email = email.to_lowercase();
    let local = email.split('@').next().unwrap_or("");
    let name = name.to_lowercase();
    let name_in_one = name.split_whitespace().collect::<String>();
    [email.as_str(), local, name.as_str(), name_in_one.as_str()].contains(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(password: &str) -> Result<(), PasswordProblem> {
        check(password, "Hanako Yamada", "hanako.yamada@example.com")
    }

    #[test]
    fn every_rule_has_its_refusal() {
        for (password, expected) in [
            ("correct horse", Ok(())),
            ("ひとつふたつみっつ", Ok(())),
            ("seven77", Err(PasswordProblem::TooShort)),
            ("花火花火花火花", Err(PasswordProblem::TooShort)),
            ("Password123", Err(PasswordProblem::TooCommon)),
            ("ああああああああ", Err(PasswordProblem::TooCommon)),
            ("HANAKO.YAMADA", Err(PasswordProblem::LikeYou)),
            ("Hanako.Yamada@example.com", Err(PasswordProblem::LikeYou)),
            ("hanako yamada", Err(PasswordProblem::LikeYou)),
            ("hanakoyamada", Err(PasswordProblem::LikeYou)),
        ] {
            assert_eq!(judge(password), expected, "{password}");
        }
    }

    #[test]
    fn length_is_bounded_on_both_sides() {
        assert_eq!(judge(&"ab".repeat(64)), Ok(()));
        assert_eq!(judge(&"ab".repeat(65)), Err(PasswordProblem::TooLong));
        assert!(is_possible(&"花".repeat(128)));
        assert!(!is_possible(&"花".repeat(129)));
    }

    #[test]
    fn the_common_list_holds_only_what_other_rules_let_through() {
        for line in COMMON.lines() {
            assert!(line.chars().count() >= SHORTEST as usize, "{line}");
            assert_eq!(line, line.to_lowercase());
        }
        assert!(COMMON.lines().count() >= 200);
    }
}
