//! The wing's words. Both languages are the same struct, so a missing one does not compile.

pub mod documents;
pub mod postmortems;

use api::ApiError;
use api::error::Denial;
use figures::Locale;
use ui::context::use_look;

/// What every screen of this wing says.
pub struct Words {
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub sign_in: &'static str,
    pub sign_in_hint: &'static str,
    pub now: &'static str,
    pub signed_out: &'static str,
    pub not_allowed: &'static str,
    pub not_found: &'static str,
    pub to_mend: &'static str,
    pub unavailable: &'static str,
    pub later: fn(u32) -> String,
    pub unreached: &'static str,
}

static JA: Words = Words {
    failed: "表示できませんでした",
    failed_hint: "しばらくしてから読み込み直してください。",
    sign_in: "サインイン",
    sign_in_hint: "サインインすると、この画面に戻ります。",
    now: "いま",
    signed_out: "サインインの期限が切れました。もう一度サインインしてください。",
    not_allowed: "この操作をする権限がありません。",
    not_found: "見つかりませんでした。",
    to_mend: "送られた内容を処理できませんでした。画面を開き直して、もう一度お試しください。",
    unavailable: "データベースに接続できません。保存済みの内容は失われていません。",
    later: |seconds| format!("混み合っています。{seconds}秒後にもう一度お試しください。"),
    unreached: "サーバーに接続できませんでした。",
};

static EN: Words = Words {
    failed: "Couldn’t load this screen",
    failed_hint: "Try reloading in a moment.",
    sign_in: "Sign in",
    sign_in_hint: "You’ll come back to this screen after signing in.",
    now: "Now",
    signed_out: "Your session has expired. Sign in again.",
    not_allowed: "You don’t have permission to do this.",
    not_found: "Not found.",
    to_mend: "We couldn’t process that. Reload the screen and try again.",
    unavailable: "Can’t reach the database. Nothing you’ve saved is lost.",
    later: |seconds| format!("Too busy right now. Try again in {seconds} s."),
    unreached: "Couldn’t reach the server.",
};

/// The reader's language.
#[must_use]
pub fn locale() -> Locale {
    use_look().locale
}

/// The words of the reader's language.
#[must_use]
pub fn words() -> &'static Words {
    match locale() {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// Why the server did not do it.
#[must_use]
pub fn refused(error: &ApiError) -> String {
    let words = words();
    match error {
        ApiError::SignedOut => words.signed_out.to_owned(),
        ApiError::Denied { reason: Denial::Other { said } } => said.clone(),
        ApiError::Denied { .. } => words.not_allowed.to_owned(),
        ApiError::NotFound { .. } => words.not_found.to_owned(),
        // What has a sentence of its own was found before: this would be said in the words of programs.
        ApiError::Invalid { .. } | ApiError::Mistakes { .. } => words.to_mend.to_owned(),
        ApiError::Unavailable => words.unavailable.to_owned(),
        ApiError::TryLater { seconds } => (words.later)(*seconds),
        ApiError::Transport { .. } => words.unreached.to_owned(),
    }
}
