//! What was just done, for the screen that a form of this wing comes back to.

use crate::words::channels::channel_words;
use crate::words::integrations::integration_words;
use crate::words::push;
use crate::words::words;
use api::told::Told;
use leptos::prelude::*;
use ui::callout::{Callout, Tone};

/// The note that says it; `None` when it is not of this wing.
#[must_use]
pub fn told(told: &Told) -> Option<AnyView> {
    let text: &'static str = said(&told.call)?;
    Some(view! { <Callout tone=Tone::Back>{text}</Callout> }.into_any())
}

fn said(call: &str) -> Option<&'static str> {
    let (words, channels, integrations, browsers) = (words(), channel_words(), integration_words(), push::words());
    Some(match call {
        "browser_remove" => browsers.said_off,
        "browser_test" => browsers.said_tested,
        "channel_remove" => channels.said_removed,
        "channel_save" => channels.said_saved,
        "integration_change" => integrations.said_saved,
        "integration_mapping" => integrations.said_tried,
        "integration_remove" => integrations.said_removed,
        "member_add" => words.said_member,
        "member_remove" => words.said_member_removed,
        "pager_test" => channels.tests_sent,
        "password_change" => words.said_password,
        "person_role" => words.said_role,
        "session_revoke" => words.said_session,
        "sessions_revoke_others" => words.said_sessions,
        "team_delete" => words.said_team_deleted,
        "token_revoke" => words.said_token_revoked,
        _ => return None,
    })
}
