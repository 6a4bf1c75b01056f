//! English.

use super::Words;
use crate::plain::problem::{PasswordTrouble, Problem, Said};
use figures::{Locale, duration};

pub(super) static WORDS: Words = Words {
    product: "Mimamori",
    email: "E-mail",
    password: "Password",
    password_hint: "8 characters or more, better 15. Pasting works. No symbols or capitals are asked for.",
    sign_in: "Sign in",
    sign_in_title: "Sign in",
    set_up_title: "Begin with Mimamori",
    set_up_lead: "This makes one organisation and your account, its first administrator.",
    set_up_do: "Make organisation and account",
    organisation: "Name of the organisation",
    name: "Your name",
    name_hint: "Others see it where you have taken an alert.",
    email_hint: "You sign in with it.",
    join_title: "Join",
    welcome: |name| format!("Welcome, {name}"),
    join_lead: "Choose a password to join. You are signed in at once.",
    join_do: "Set password and join",
    invitation_made: ["Invitation link", "Send this link to the person. It is shown only now.", "Back to People"],
    token_made: ["API token", "Put this token where it is safe. It is shown only now.", "Back to Account"],
    integration_made: [
        "Key of an integration",
        "Put this key where the settings of its tool say KEY. It is shown only now.",
        "Back to integrations",
    ],
    calendar_made: [
        "Calendar address",
        "Subscribe to it in your calendar. It is shown only now. Whoever knows it can read it, so don't share it.",
        "Back to on call",
    ],
    to_sign_in: "Go to sign-in",
    theme: "Theme",
    themes: ["Auto", "Light", "Dark"],
    other_language: "日本語",
    other_language_tag: "ja",
    trouble_title: "The database can't be reached",
    trouble_what: "Mimamori is running, but has lost its connection to the database.",
    trouble_means: "Nothing that was confirmed is lost, neither acts nor measurements. Alerts are evaluated again as soon as the connection is back.",
    trouble_do: "It usually takes a few seconds. Open this again; if it goes on, look at Postgres and at the server's log.",
    again: "Open again",
    field,
    password_trouble,
    problem,
    wrong_invitation: || {
        Said::new(
            "This invitation does not work.",
            "It was used, withdrawn, or is older than 7 days. Ask the administrator who invited you for a new one.",
        )
    },
};

fn field(name: &str) -> &'static str {
    match name {
        "email" => "This e-mail can't be used. Write it like hana@example.com.",
        "organisation" | "name" => "Write 1 to 100 characters.",
        _ => "This can't be used. Check what you typed.",
    }
}

fn password_trouble(trouble: PasswordTrouble) -> &'static str {
    match trouble {
        PasswordTrouble::TooShort => "Too short: use 8 characters or more.",
        PasswordTrouble::TooLong => "Too long: use at most 128 characters.",
        PasswordTrouble::Common => "This is among the first that anybody would try. Choose another one.",
        PasswordTrouble::LikeName => "It can't be your own name or e-mail. Choose another one.",
    }
}

fn problem(problem: &Problem) -> Said {
    match problem {
        Problem::WrongCredentials => {
            Said::new("The e-mail or the password is wrong.", "Check both, capitals too, and try again.")
        }
        Problem::TryLater { seconds } => {
            let wait = duration(i64::from(*seconds) * 1_000, Locale::En);
            Said::new("Too many failures in a row.", format!("Wait {wait}, then try again."))
        }
        Problem::Busy => Said::new("That could not be done just now.", "It was no mistake of yours. Try again in a few seconds."),
        Problem::Expired => Said::new("Your sign-in has expired.", "Sign in again to return to where you were."),
        Problem::SetUpDone => Said::new("The set-up is done already.", "Sign in, or ask an administrator to invite you."),
        Problem::WrongLink => Said::new(
            "This link does not work.",
            "It is older than 24 hours, or a newer one has replaced it. Run mimamori set-up-link on the server for a new one.",
        ),
        Problem::NoLink => Said::new(
            "The set-up needs the link that was printed at the start.",
            "Open the one in the terminal. If you can't find it, run mimamori set-up-link on the server for a new one.",
        ),
        Problem::Password(trouble) => Said::new(password_trouble(*trouble), ""),
        Problem::Field(name) => Said::new(field(name), ""),
    }
}
