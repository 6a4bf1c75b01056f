//! Why something about pay, business hours or days off is not done, in the reader's language.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::error::{Denial, Expected};
use figures::Locale;
use model::holidays::csv::BadFile;
use model::pay::BadRule;
use oncall::Error;
use oncall::pay::refused::Refused;
use oncall::pay::work::{MAX_LABEL, MAX_REASON};
use oncall::schedules::refused::Refused as ScheduleRefused;

/// One of two texts.
pub fn said(locale: Locale, ja: String, en: String) -> String {
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn denied(locale: Locale, ja: &str, en: &str) -> ApiError {
    ApiError::Denied { reason: Denial::Other { said: said(locale, ja.to_owned(), en.to_owned()) } }
}

/// A field and what it should hold, as it is shown.
pub fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

fn wrong(field: &str, locale: Locale, ja: &str, en: &str) -> ApiError {
    invalid(field, &said(locale, ja.to_owned(), en.to_owned()))
}

fn characters(field: &str, most: usize) -> ApiError {
    let expected = Expected::Characters { least: 1, most: u32::try_from(most).unwrap_or(u32::MAX) };
    ApiError::Invalid { field: field.to_owned(), expected }
}

/// A file that waits no more.
pub fn no_file(locale: Locale) -> ApiError {
    denied(locale, "ファイルが見つかりません。もう一度送ってください。", "The file was not found. Send it again.")
}

/// No file was chosen, or what came is none.
pub fn not_sent(locale: Locale) -> ApiError {
    denied(locale, "ファイルを選んでください。", "Choose a file.")
}

/// What a screen may see of the room's errors.
pub fn refused(error: Error, locale: Locale) -> ApiError {
    match error {
        Error::Pay(refused) => of_pay(refused, locale),
        Error::Schedule(refused) => of_days(refused, locale),
        Error::Database(_) | Error::Corrupt { .. } | Error::Encode(_) | Error::World(_) => unavailable(&error),
        other => ApiError::Denied { reason: Denial::Other { said: other.to_string() } },
    }
}

fn of_pay(refused: Refused, locale: Locale) -> ApiError {
    match refused {
        Refused::NotYours => {
            denied(locale, "ほかの人の手当は管理者だけが見られます。", "Only administrators see the pay of others.")
        }
        Refused::Month(text) => ApiError::NotFound { what: format!("the month {text:?}") },
        Refused::NoPerson => ApiError::NotFound { what: "the person".to_owned() },
        Refused::NoWork => ApiError::NotFound { what: "the worked time".to_owned() },
        Refused::Rule(bad) => of_rule(bad, locale),
        Refused::Zone(_) => ApiError::Invalid { field: "zone".to_owned(), expected: Expected::Zone },
        Refused::Reason => characters("reason", MAX_REASON),
        Refused::Label => characters("label", MAX_LABEL),
        Refused::NoFile => no_file(locale),
        other => of_times(other, locale),
    }
}

fn of_times(refused: Refused, locale: Locale) -> ApiError {
    match refused {
        Refused::NoEnd => {
            wrong("until", locale, "まだ続いている対応です。終わった時刻を入力してください。", "It goes on. Say when it ended.")
        }
        Refused::Stretch => wrong(
            "until",
            locale,
            "開始より後、72時間以内の時刻にしてください。",
            "Choose an end after the beginning, at most 72 hours later.",
        ),
        Refused::Future => wrong("until", locale, "これからの時間は入力できません。", "Choose a time that is over."),
        Refused::TooOld => wrong(
            "from",
            locale,
            "360日より前の対応は訂正できません。",
            "Work of more than 360 days ago can't be changed any more.",
        ),
        Refused::TooMuch => denied(
            locale,
            "手入力は1か月に300件、訂正は1件につき50回までです。",
            "At most 300 times a month can be added by hand, each corrected 50 times at most.",
        ),
        Refused::OtherOvertime => wrong("hours", locale, "0〜744時間にしてください。", "Write 0 to 744 hours."),
        Refused::Role => {
            wrong("role", locale, "担当の名前を64文字以内で入力してください。", "Write a duty in at most 64 characters.")
        }
        Refused::Day(_) => wrong("day", locale, "日付を 2026-09-23 の形で入力してください。", "Write a day such as 2026-09-23."),
        Refused::NoCalendar(_) => wrong("calendar", locale, "その祝日カレンダーはありません。", "There is no such calendar."),
        Refused::Hours(bad) => denied(
            locale,
            &format!("営業時間が重なっているか、順序が逆です（{bad}）。"),
            &format!("Business hours can't be so: {bad}."),
        ),
        other => of_closing(other, locale),
    }
}

fn of_closing(refused: Refused, locale: Locale) -> ApiError {
    match refused {
        Refused::NotOver => denied(locale, "まだ終わっていない月は締められません。", "A month that is not over can't be closed."),
        Refused::Closed => denied(
            locale,
            "締め済みの月です。以後の変更は翌月に差額として支給されます。",
            "The month is closed. What changes now is paid with the next one.",
        ),
        Refused::Order { expected } => denied(
            locale,
            &format!("月は順に締めます。次は {expected} です。"),
            &format!("Months are closed in order: {expected} is next."),
        ),
        Refused::NotWrittenDown { .. } => denied(
            locale,
            "月末までの待機がまだ記録されていません。1日ほど待って、もう一度試してください。",
            "The month's standby is not written down to its end yet. Try again in a day.",
        ),
        Refused::LongAgo => {
            denied(locale, "13か月より前の月は変えられません。", "Months of more than 13 months ago don't change.")
        }
        Refused::Stale { found, .. } => denied(
            locale,
            &format!("ほかの人が先に変更しました（版 {found}）。画面を読み直してください。"),
            &format!("Somebody changed it meanwhile (version {found}). Load the screen again."),
        ),
        Refused::TooManyVersions => denied(locale, "版が多すぎます。", "There are too many versions."),
        Refused::LargeFile { .. } => {
            denied(locale, "ファイルが大きすぎます（200 KB まで）。", "The file is too large (200 kB at most).")
        }
        Refused::TooManyFiles => denied(
            locale,
            "確認待ちのファイルが多すぎます。取り込むか取り消してから、もう一度試してください。",
            "Too many files wait to be looked at. Take or discard some first.",
        ),
        other => ApiError::Denied { reason: Denial::Other { said: other.to_string() } },
    }
}

fn of_rule(bad: BadRule, locale: Locale) -> ApiError {
    match bad {
        BadRule::Base { .. } => {
            wrong("worked_yen", locale, "時給は 1,000,000 円までです。", "At most 1,000,000 yen an hour can be written.")
        }
        BadRule::Premium { .. } => denied(locale, "割増は 1000 % までです。", "A premium may be 1000 % at most."),
        BadRule::Night { .. } => {
            wrong("night_until", locale, "夜の始まりと終わりを変えてください。", "A night needs a beginning and another end.")
        }
        BadRule::Days { .. } => {
            wrong("statutory_days", locale, "法定休日の指定は 366 日までです。", "At most 366 single days can be named.")
        }
        BadRule::Duties { n } => denied(
            locale,
            &format!("1人の1か月に {n} 件の勤務があり、計算できません。"),
            &format!("One person has {n} duties in a month, which are too many."),
        ),
    }
}

fn of_days(refused: ScheduleRefused, locale: Locale) -> ApiError {
    match refused {
        ScheduleRefused::Holidays(bad) => of_file(&bad, locale),
        ScheduleRefused::Encoding => denied(
            locale,
            "文字コードを読み取れません。内閣府の syukujitsu.csv（Shift_JIS か UTF-8）を送ってください。",
            "The text can't be read. Send the Cabinet Office's syukujitsu.csv in UTF-8 or Shift_JIS.",
        ),
        ScheduleRefused::Title(_) => wrong("name_ja", locale, "名前を1行で入力してください。", "Write a name on one line."),
        ScheduleRefused::NoDay => denied(locale, "その休みはもうありません。", "That day off is not there any more."),
        ScheduleRefused::NoCalendar(_) => {
            wrong("calendar", locale, "その祝日カレンダーはありません。", "There is no such calendar.")
        }
        ScheduleRefused::TooMany(max) => denied(locale, &format!("{max} 件までです。"), &format!("There may be {max} at most.")),
        other => ApiError::Denied { reason: Denial::Other { said: other.to_string() } },
    }
}

fn of_file(bad: &BadFile, locale: Locale) -> ApiError {
    let ja: String = match bad {
        BadFile::Long { n } => format!("行が多すぎます（{n} 行）。"),
        BadFile::Line { line, found } => {
            format!("{line} 行目を読み取れません（{found}）。2026/9/21,敬老の日 の形にしてください。")
        }
        BadFile::Date { line, found } => format!("{line} 行目の {found} は日付ではありません。"),
        BadFile::Twice { line, date } => format!("{line} 行目の {date} は2回出てきます。"),
        BadFile::Part { year, n } => {
            format!("{year} 年の祝日が {n} 日しかありません。年ごとに置き換えるため、1年分が必要です。")
        }
        BadFile::Empty => "祝日がありません。".to_owned(),
    };
    denied(locale, &ja, &format!("The file can't be taken: {bad}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_in_the_readers_language() {
        let order = || Error::Pay(Refused::Order { expected: "2026-10".to_owned() });
        assert_eq!(refused(order(), Locale::Ja).to_string(), "月は順に締めます。次は 2026-10 です。");
        assert_eq!(refused(order(), Locale::En).to_string(), "Months are closed in order: 2026-10 is next.");
        let file = Error::Schedule(ScheduleRefused::Holidays(BadFile::Part { year: 2028, n: 1 }));
        assert!(refused(file, Locale::Ja).to_string().starts_with("2028 年の祝日が 1 日"));
    }

    #[test]
    fn what_is_wrong_with_a_field_stands_at_it() {
        let field = |refusal: Refused| refused(Error::Pay(refusal), Locale::En).mistakes().remove(0).field;
        assert_eq!(field(Refused::Stretch), "until");
        assert_eq!(field(Refused::Reason), "reason");
        assert_eq!(field(Refused::Zone("Asia/Edo".to_owned())), "zone");
        assert_eq!(field(Refused::Rule(BadRule::Base { found: 1 })), "worked_yen");
    }

    #[test]
    fn what_lies_inside_does_not_cross_the_door() {
        assert_eq!(refused(Error::Database(sqlx::Error::PoolTimedOut), Locale::En), ApiError::Unavailable);
    }
}
