//! What is said to whoever pressed, in the language of the channel.

use figures::Locale;
use model::alert::{AlertState, MAX_COMMENT};

/// Somebody may not, and what to do about it.
pub fn not_allowed(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "この操作には「対応者」以上の役割が必要です。Mimamori の管理者に役割の変更を依頼してください。",
        Locale::En => "This needs the role Responder or higher. Ask an administrator of Mimamori to change your role.",
    }
}

/// Their account is switched off.
pub fn disabled(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "あなたのアカウントは無効になっているため、操作できません。Mimamori の管理者に連絡してください。",
        Locale::En => "Your account is disabled, so nothing was changed. Ask an administrator of Mimamori.",
    }
}

/// Something of ours is away.
pub fn away(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "いまは操作を記録できませんでした。少し待ってからもう一度押してください。",
        Locale::En => "It could not be recorded just now. Wait a moment and press again.",
    }
}

/// There is no such alert.
pub fn not_found(alert: &str, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("{alert} が見つかりません。"),
        Locale::En => format!("{alert} was not found."),
    }
}

/// Only what fires can be answered.
pub fn not_firing(alert: &str, state: AlertState, locale: Locale) -> String {
    match (locale, state) {
        (Locale::Ja, AlertState::Resolved) => format!("{alert} はすでに解消しています。"),
        (Locale::Ja, _) => format!("{alert} はまだ発報していません。"),
        (Locale::En, AlertState::Resolved) => format!("{alert} is resolved already."),
        (Locale::En, _) => format!("{alert} is not firing yet."),
    }
}

/// A comment of the wrong length.
pub fn comment_length(locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("コメントは 1 文字以上 {MAX_COMMENT} 文字以内で入力してください。"),
        Locale::En => format!("A comment has 1 to {MAX_COMMENT} characters."),
    }
}

/// What stands in an alert's history when PagerDuty gave its incident to others.
pub fn reassigned(to: &[String], locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("PagerDuty で {} に割り当てられました。", to.join("、")),
        Locale::En => format!("Assigned to {} in PagerDuty.", to.join(", ")),
    }
}
