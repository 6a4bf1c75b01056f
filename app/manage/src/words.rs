//! The wing's words. Both languages are the same struct, so a missing one does not compile.

pub mod channels;
pub mod contacts;
mod en;
pub mod integrations;
mod ja;
pub mod pay;
pub mod push;

use api::ApiError;
use api::error::Expected;
use figures::Locale;
use leptos::prelude::*;
use model::Role;
use ui::context::use_look;

/// Everything this wing says.
pub struct Words {
    // People
    pub people: &'static str,
    pub people_lead: &'static str,
    pub people_and_teams: &'static str,
    pub admin_only: &'static str,
    pub roles: [&'static str; 4],
    pub role_says: [&'static str; 4],
    pub name: &'static str,
    pub email: &'static str,
    pub role: &'static str,
    pub role_of: fn(&str) -> String,
    pub change: &'static str,
    pub change_of: fn(&str) -> String,
    pub teams: &'static str,
    pub comma: &'static str,
    pub last_seen: &'static str,
    pub never: &'static str,
    pub state: &'static str,
    pub joined: &'static str,
    pub invited: &'static str,
    pub disabled: &'static str,
    pub you: &'static str,
    pub disable: &'static str,
    pub disable_of: fn(&str) -> String,
    pub enable: &'static str,
    pub enable_of: fn(&str) -> String,
    pub not_yourself: &'static str,
    // Inviting
    pub invite: &'static str,
    pub invite_do: &'static str,
    pub invite_hint: &'static str,
    pub invite_shown: &'static str,
    pub invite_email_hint: &'static str,
    // Teams
    pub no_teams: &'static str,
    pub no_teams_hint: &'static str,
    pub team_make: &'static str,
    pub team_make_do: &'static str,
    pub team_name: &'static str,
    pub team_delete: &'static str,
    pub team_delete_sure: fn(&str) -> String,
    pub team_delete_do: &'static str,
    pub members: fn(usize) -> String,
    pub no_members: &'static str,
    pub member_add: &'static str,
    pub member_add_to: fn(&str) -> String,
    pub member_remove: &'static str,
    pub member_remove_of: fn(&str, &str) -> String,
    pub everybody_in: &'static str,
    // Account
    pub account: &'static str,
    pub organisation: &'static str,
    pub account_lead: &'static str,
    pub preferences: &'static str,
    pub preferences_note: &'static str,
    pub language: &'static str,
    pub zone: &'static str,
    pub theme: &'static str,
    pub themes: [&'static str; 3],
    pub shortcuts: &'static str,
    pub shortcuts_on: &'static str,
    pub shortcuts_off: &'static str,
    pub shortcuts_hint: &'static str,
    pub save: &'static str,
    pub password: &'static str,
    pub password_old: &'static str,
    pub password_new: &'static str,
    pub password_hint: &'static str,
    pub password_note: &'static str,
    pub password_do: &'static str,
    pub sessions: &'static str,
    pub device: &'static str,
    pub address: &'static str,
    pub signed_in_at: &'static str,
    pub this_device: &'static str,
    pub unknown_device: &'static str,
    pub revoke: &'static str,
    pub revoke_session_of: fn(&str) -> String,
    pub revoke_others: &'static str,
    pub no_others: &'static str,
    pub sign_out: &'static str,
    pub tokens: &'static str,
    pub tokens_note: &'static str,
    pub no_tokens: &'static str,
    pub no_tokens_hint: &'static str,
    pub scopes: &'static str,
    pub scopes_note: &'static str,
    pub scope: fn(&str) -> &'static str,
    pub expires: &'static str,
    pub expired: &'static str,
    pub last_used: &'static str,
    pub not_used: &'static str,
    pub revoke_token_of: fn(&str) -> String,
    pub token_make: &'static str,
    pub token_make_do: &'static str,
    pub token_name: &'static str,
    pub token_name_hint: &'static str,
    pub token_days: &'static str,
    pub days: fn(u32) -> String,
    pub token_shown: &'static str,
    pub agent: &'static str,
    pub agent_note: &'static str,
    // What became of an act
    pub said_role: &'static str,
    pub said_team_deleted: &'static str,
    pub said_member: &'static str,
    pub said_member_removed: &'static str,
    pub said_session: &'static str,
    pub said_sessions: &'static str,
    pub said_token_revoked: &'static str,
    pub said_password: &'static str,
    pub refusal: fn(&ApiError) -> String,
    // When it can't be shown
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub sign_in: &'static str,
    pub sign_in_hint: &'static str,
    pub now: &'static str,
    pub lost_title: &'static str,
    pub lost_means: &'static str,
    pub lost_do: &'static str,
}

impl Words {
    /// 閲覧, レスポンダー, 編集, 管理者.
    #[must_use]
    pub fn role_word(&self, role: Role) -> &'static str {
        self.roles[role as usize]
    }

    /// Why the door refused, in the reader's language.
    #[must_use]
    pub fn refused(&self, error: &ApiError) -> String {
        (self.refusal)(error)
    }

    /// What a field should hold, at the field itself: its name stands there already.
    #[must_use]
    pub fn expected(&self, expected: &Expected) -> String {
        match expected {
            Expected::Other { said } => said.clone(),
            known => self.refused(&ApiError::Invalid { field: String::new(), expected: known.clone() }),
        }
    }
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn words() -> &'static Words {
    of(use_look().locale)
}

/// The viewer, for what they may do.
#[must_use]
pub fn viewer() -> api::Viewer {
    expect_context::<api::Viewer>()
}

/// Why this viewer can't change people and teams, if they can't.
#[must_use]
pub fn admin_reason() -> Option<String> {
    (!viewer().may(Role::Admin)).then(|| words().admin_only.to_owned())
}

#[cfg(test)]
mod tests {
    use super::of;
    use api::ApiError;
    use api::error::{Denial, Expected};
    use figures::Locale;
    use model::Role;
    use model::alert::AlertState;
    use model::ids::AlertId;

    fn denials() -> Vec<Denial> {
        let role = Denial::Role { action: "a".to_owned(), who: "b".to_owned(), needs: Role::Admin, has: Role::Viewer };
        vec![
            role,
            Denial::Scope { action: "a".to_owned(), scope: "read".to_owned() },
            Denial::NoToken { action: "a".to_owned() },
            Denial::WrongPassword,
            Denial::PersonTaken,
            Denial::TeamTaken,
            Denial::LastAdmin,
            Denial::RoleTooHigh { wanted: Role::Admin, has: Role::Viewer },
            Denial::NotAPerson,
            Denial::NotFiring { alert: AlertId(1), state: AlertState::Resolved },
        ]
    }

    fn expectations() -> Vec<Expected> {
        vec![
            Expected::Characters { least: 1, most: 100 },
            Expected::Email,
            Expected::LongerPassword { least: 8 },
            Expected::ShorterPassword { most: 128 },
            Expected::RarerPassword,
            Expected::PasswordUnlikeName,
            Expected::Scopes,
            Expected::Expiry { days: 366 },
            Expected::Zone,
        ]
    }

    #[test]
    fn every_reason_has_its_own_sentence_in_both_languages() {
        let denied = denials().into_iter().map(|reason| ApiError::Denied { reason });
        let wrong = expectations().into_iter().map(|expected| ApiError::Invalid { field: "name".to_owned(), expected });
        let others = [ApiError::SignedOut, ApiError::Unavailable, ApiError::TryLater { seconds: 3 }];
        for error in denied.chain(wrong).chain(others) {
            let (ja, en) = (of(Locale::Ja).refused(&error), of(Locale::En).refused(&error));
            assert!(ja.ends_with('。') && en.ends_with('.'), "{ja} {en}");
            assert!(!en.contains(&error.to_string()) && !ja.contains(&error.to_string()), "{error} is shown as programs get it");
        }
    }

    #[test]
    fn limits_are_said_as_they_came() {
        let short = ApiError::Invalid { field: "password".to_owned(), expected: Expected::LongerPassword { least: 9 } };
        assert_eq!(of(Locale::Ja).refused(&short), "短すぎます。9文字以上にしてください。");
        assert_eq!(of(Locale::En).refused(&short), "Too short: use 9 characters or more.");
    }

    #[test]
    fn a_reason_without_a_word_is_shown_as_it_came() {
        let odd = ApiError::Denied { reason: Denial::Other { said: "only on Sundays".to_owned() } };
        assert_eq!(of(Locale::Ja).refused(&odd), "only on Sundays");
        let wrong = ApiError::Invalid { field: "colour".to_owned(), expected: Expected::other("blue") };
        assert_eq!(of(Locale::En).refused(&wrong), "colour: blue");
    }
}
