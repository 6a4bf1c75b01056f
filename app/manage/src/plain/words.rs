//! The words of the plain screens. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use super::problem::{PasswordTrouble, Problem, Said};
use figures::Locale;

/// Everything the plain screens say.
pub(super) struct Words {
    pub product: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub password_hint: &'static str,
    pub sign_in: &'static str,
    pub sign_in_title: &'static str,
    pub set_up_title: &'static str,
    pub set_up_lead: &'static str,
    pub set_up_do: &'static str,
    pub organisation: &'static str,
    pub name: &'static str,
    pub name_hint: &'static str,
    pub email_hint: &'static str,
    pub join_title: &'static str,
    pub welcome: fn(&str) -> String,
    pub join_lead: &'static str,
    pub join_do: &'static str,
    /// Of a secret shown once: its name, what to do with it, and the way back.
    pub invitation_made: [&'static str; 3],
    pub token_made: [&'static str; 3],
    pub integration_made: [&'static str; 3],
    pub calendar_made: [&'static str; 3],
    pub to_sign_in: &'static str,
    pub theme: &'static str,
    pub themes: [&'static str; 3],
    pub other_language: &'static str,
    pub other_language_tag: &'static str,
    pub trouble_title: &'static str,
    pub trouble_what: &'static str,
    pub trouble_means: &'static str,
    pub trouble_do: &'static str,
    pub again: &'static str,
    /// What is wrong with the field of that name.
    pub field: fn(&str) -> &'static str,
    pub password_trouble: fn(PasswordTrouble) -> &'static str,
    /// A problem that belongs to no field.
    pub problem: fn(&Problem) -> Said,
    /// Why an invitation's link does not work.
    pub wrong_invitation: fn() -> Said,
}

impl Words {
    /// What stands above the form: problems of a field stand at the field instead.
    pub(super) fn above(&self, problem: Option<&Problem>) -> Option<Said> {
        problem
            .filter(|problem| !matches!(problem, Problem::Password(_) | Problem::Field(_)))
            .map(|problem| (self.problem)(problem))
    }

    /// What stands at the field `name`.
    pub(super) fn at(&self, name: &str, problem: Option<&Problem>) -> Option<String> {
        match problem {
            Some(Problem::Password(trouble)) if name == "password" => Some((self.password_trouble)(*trouble).to_owned()),
            Some(Problem::Field(field)) if *field == name => Some((self.field)(field).to_owned()),
            _ => None,
        }
    }
}

/// The words of a language.
pub(super) fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}
