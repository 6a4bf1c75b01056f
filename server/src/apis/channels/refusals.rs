//! Why a channel is not saved, in the reader's language: the room says it in data and English, and a form needs the sentence beside it.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::error::{Denial, Expected, Mistake};
use figures::Locale;
use notify::Error;
use notify::channels::BadSettings;

/// What the room expects of a setting, and the same in Japanese. What is not here is shown as it came.
const EXPECTED: [(&str, &str); 21] = [
    ("one of its choices", "一覧にある値"),
    ("a text", "文字列"),
    ("at most 4096 bytes", "4096 バイト以内"),
    ("an address that begins with https:// or http://", "https:// または http:// で始まるアドレス"),
    ("an address", "アドレス"),
    ("1 to 20 e-mail addresses", "1〜20 件のメールアドレス"),
    ("e-mail addresses", "メールアドレス"),
    ("16 bytes as base64url", "base64url で書いた 16 バイト"),
    ("65 bytes as base64url", "base64url で書いた 65 バイト"),
    ("32 letters and digits", "32 文字の英数字"),
    ("letters and digits", "英数字"),
    ("a + and 7 to 15 digits", "+ と 7〜15 桁の数字"),
    ("a key this server made", "このサーバーが作った鍵"),
    ("a number from 1 to 65535", "1〜65535 の数"),
    ("a token of printable characters", "印字できる文字のトークン"),
    ("printable characters", "印字できる文字"),
    ("mailto: or https://", "mailto: または https:// で始まるアドレス"),
    ("starttls or tls, because there is a password", "starttls または tls（パスワードがあるため）"),
    ("the name of a host", "ホスト名"),
    ("the value of a header", "ヘッダーの値"),
    ("whsec_ and 24 to 64 bytes as Base64", "whsec_ と、24〜64 バイトを Base64 にした文字列"),
];

fn said(locale: Locale, ja: String, en: String) -> String {
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn denied(locale: Locale, ja: String, en: String) -> ApiError {
    ApiError::Denied { reason: Denial::Other { said: said(locale, ja, en) } }
}

/// A field and what it should hold, as it is shown.
pub fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

/// A name that is an address of ours.
pub fn reserved(name: &str, locale: Locale) -> ApiError {
    let ja: String = format!("「{name}」は使えない名前です。別の名前にしてください。");
    invalid("name", &said(locale, ja, format!("“{name}” can't be used as a name. Choose another one.")))
}

/// What a screen may see of the room's errors. Settings are named as the form sends them: `settings.token`.
pub fn refused(error: Error, locale: Locale) -> ApiError {
    match error {
        Error::NoChannel { name } => ApiError::NotFound { what: format!("the channel {name:?}") },
        Error::Stale { found, .. } => stale(found, locale),
        Error::Taken { name } => {
            let ja: String = format!("「{name}」という通知先がもうあります。別の名前にしてください。");
            invalid("name", &said(locale, ja, format!("There is a channel named “{name}” already. Choose another name.")))
        }
        Error::Name { .. } => {
            let (ja, en) = ("小文字の英数字と - だけで、1〜63 文字", "1 to 63 of a-z, 0-9 and -, not beginning with -");
            invalid("name", &said(locale, ja.to_owned(), en.to_owned()))
        }
        Error::Zone { .. } => ApiError::Invalid { field: "zone".to_owned(), expected: Expected::Zone },
        Error::TooMany { max } => {
            denied(locale, format!("通知先は {max} 件までです。"), format!("There can be {max} channels at most."))
        }
        Error::KindFixed { .. } => {
            let ja: &str = "種類は後から変えられません。別の名前で追加してください。";
            denied(locale, ja.to_owned(), "A channel keeps its kind. Add another one.".to_owned())
        }
        Error::Large { max, .. } => {
            denied(locale, format!("設定は {max} バイトまでです。"), format!("Settings can have {max} bytes at most."))
        }
        Error::Settings(bad) => of_settings(bad, locale),
        Error::Several(all) => together(all.into_iter().map(|one| refused(one, locale)).collect()),
        Error::Sealed(_) => sealed(&error, locale),
        other => unavailable(&other),
    }
}

fn stale(found: i64, locale: Locale) -> ApiError {
    let ja: String = format!("ほかの人が先に変更しました（いまは版 {found}）。開き直して、もう一度変更してください。");
    let en: String = format!("Somebody changed it first (it is version {found} now). Open it again, then make your change.");
    denied(locale, ja, en)
}

/// The only cure is in the hands of whoever runs the server, or of whoever knows every secret.
fn sealed(error: &Error, locale: Locale) -> ApiError {
    // Logged like every fault; what is shown says what to do about it.
    let _ = unavailable(error);
    let ja: &str = "保存済みの秘密を開けません（マスターキーが違います）。すべての秘密を入力し直して保存してください。";
    let en: &str = "The saved secrets can't be opened: the master key is another one. Fill in every secret again and save.";
    denied(locale, ja.to_owned(), en.to_owned())
}

fn of_settings(bad: BadSettings, locale: Locale) -> ApiError {
    let at = |field: &str, said: &str| invalid(&format!("settings.{field}"), said);
    match bad {
        BadSettings::Missing { field } => at(field, &said(locale, "入力してください。".to_owned(), "Fill this in.".to_owned())),
        BadSettings::Wrong { field, expected } => at(field, &in_words(expected, locale)),
        BadSettings::Several(all) => together(all.into_iter().map(|one| of_settings(one, locale)).collect()),
        BadSettings::Outbound(_) => unavailable(&bad),
        other => invalid("settings", &other.to_string()),
    }
}

/// Several refusals as one. What is no mistake of the writer's goes before.
fn together(all: Vec<ApiError>) -> ApiError {
    let mut wrong: Vec<Mistake> = Vec::new();
    for one in all {
        match one.mistakes() {
            mistakes if mistakes.is_empty() => return one,
            mistakes => wrong.extend(mistakes),
        }
    }
    ApiError::of_mistakes(wrong).unwrap_or(ApiError::Unavailable)
}

fn in_words(expected: &str, locale: Locale) -> String {
    let ja: Option<&str> = EXPECTED.iter().find(|(en, _)| *en == expected).map(|(_, ja)| *ja);
    said(locale, ja.unwrap_or(expected).to_owned(), expected.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(error: Error, locale: Locale) -> String {
        refused(error, locale).to_string()
    }

    #[test]
    fn a_wrong_setting_is_named_as_the_form_sends_it() {
        let wrong = || Error::Settings(BadSettings::Wrong { field: "routing_key", expected: "32 letters and digits" });
        assert_eq!(shown(wrong(), Locale::Ja), "settings.routing_key: 32 文字の英数字");
        assert_eq!(shown(wrong(), Locale::En), "settings.routing_key: 32 letters and digits");
        let missing = Error::Settings(BadSettings::Missing { field: "routing_key" });
        assert_eq!(shown(missing, Locale::Ja), "settings.routing_key: 入力してください。");
        let odd = Error::Settings(BadSettings::Wrong { field: "other", expected: "something new" });
        assert_eq!(shown(odd, Locale::Ja), "settings.other: something new");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let missing = |field: &'static str| BadSettings::Missing { field };
        let settings = Error::Settings(BadSettings::Several(vec![missing("token"), missing("channel")]));
        let all = Error::Several(vec![Error::Name { name: String::new() }, settings]);
        let fields: Vec<String> = refused(all, Locale::En).mistakes().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["name", "settings.token", "settings.channel"]);
        let fault = Error::Several(vec![Error::Name { name: String::new() }, Error::Database(sqlx::Error::PoolTimedOut)]);
        assert_eq!(refused(fault, Locale::En), ApiError::Unavailable);
    }

    #[test]
    fn who_comes_second_is_told_in_their_language() {
        let stale = || Error::Stale { name: "ops".to_owned(), expected: 3, found: 5 };
        assert!(shown(stale(), Locale::Ja).contains("版 5"));
        assert!(shown(stale(), Locale::En).contains("version 5"));
        assert!(matches!(refused(stale(), Locale::Ja), ApiError::Denied { .. }));
    }

    #[test]
    fn what_lies_inside_does_not_cross_the_door() {
        assert_eq!(refused(Error::Database(sqlx::Error::PoolTimedOut), Locale::En), ApiError::Unavailable);
    }
}
