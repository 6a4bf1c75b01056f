//! The words of silences and maintenance.

use crate::words::locale;
use api::ApiError;
use api::silences::Trouble;
use figures::Locale;

/// Everything the screens of silences say.
pub struct SilenceWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub new: &'static str,
    pub silence: &'static str,
    pub maintenance: &'static str,
    pub active: &'static str,
    pub upcoming: &'static str,
    pub over: &'static str,
    pub none_active: &'static str,
    pub none_active_hint: &'static str,
    pub none_over: &'static str,
    /// Of one that recurs and does not hold now.
    pub between: &'static str,
    pub state: &'static str,
    pub target: &'static str,
    pub when: &'static str,
    pub holds: &'static str,
    pub n_held: fn(u32) -> String,
    pub at_least: &'static str,
    pub next: &'static str,
    pub by: fn(&str) -> String,
    pub from_file: fn(&str) -> String,
    pub ended_by: fn(&str) -> String,
    pub end: &'static str,
    pub end_of: fn(i64) -> String,
    pub extend: &'static str,
    pub extend_of: fn(i64) -> String,
    /// By half an hour, by two hours, until tomorrow morning.
    pub longer: [&'static str; 3],
    pub again: &'static str,
    pub again_of: fn(i64) -> String,
    pub older: &'static str,
    pub newest: &'static str,
    pub made: fn(i64) -> String,
    pub said_ended: &'static str,
    pub said_extended: fn(i64) -> String,
    pub new_lead: &'static str,
    pub matchers: &'static str,
    pub matchers_hint: &'static str,
    pub kind: &'static str,
    pub kind_hint: &'static str,
    pub span: &'static str,
    /// Half an hour, two hours, eight hours, a day, until tomorrow morning, chosen.
    pub spans: [&'static str; 6],
    pub from: &'static str,
    pub until: &'static str,
    pub custom_hint: fn(&str) -> String,
    pub repeat: &'static str,
    pub repeat_hint: &'static str,
    pub days: [&'static str; 7],
    pub time_from: &'static str,
    pub time_until: &'static str,
    pub comment: &'static str,
    pub comment_hint: &'static str,
    pub preview: &'static str,
    pub preview_title: &'static str,
    pub would_hold: fn(u32) -> String,
    pub would_hold_later: fn(u32) -> String,
    pub would_hold_none: &'static str,
    pub and_more: fn(u32) -> String,
    pub nothing_asked: &'static str,
    pub goes_on: &'static str,
    pub first_on: &'static str,
    pub save: &'static str,
    pub gone: &'static str,
    /// What stands between a label's name and its value, and behind it: for the sign of a matcher, and whether the value is empty.
    pub sign: fn(&str, bool) -> (&'static str, &'static str),
    pub trouble: fn(Trouble) -> &'static str,
}

static JA: SilenceWords = SilenceWords {
    title: "サイレンス",
    lead: "条件に合うアラートの通知を、決めた時間だけ止めます。評価は続き、終了時にまだ発報していれば、そのとき通知します。",
    new: "サイレンスを作成",
    silence: "サイレンス",
    maintenance: "メンテナンス",
    active: "有効",
    upcoming: "予定",
    over: "終了",
    none_active: "有効なサイレンスはありません。",
    none_active_hint: "すべてのアラートが、通知経路のとおりに通知されます。",
    none_over: "終了したサイレンスはまだありません。",
    between: "時間外",
    state: "状態",
    target: "対象",
    when: "期間",
    holds: "止めているアラート",
    n_held: |n| format!("{n} 件"),
    at_least: "アラートが多いため一部だけを数えました。件数はこれ以上の場合があります。",
    next: "次回",
    by: |name| format!("作成 {name}"),
    from_file: |name| format!("設定ファイルの {name}"),
    ended_by: |name| format!("{name} が途中で終了"),
    end: "今すぐ終了",
    end_of: |id| format!("サイレンス S-{id} を今すぐ終了"),
    extend: "延長",
    extend_of: |id| format!("サイレンス S-{id} を延長"),
    longer: ["30分延ばす", "2時間延ばす", "明日の9:00まで"],
    again: "同じ条件で作成",
    again_of: |id| format!("サイレンス S-{id} と同じ条件で作成"),
    older: "以前のものを見る",
    newest: "最新へ戻る",
    made: |id| format!("サイレンス S-{id} を作成しました。"),
    said_ended: "サイレンスを終了しました。まだ発報しているアラートは、すぐに通知されます。",
    said_extended: |id| format!("延長しました。新しい番号は S-{id} です。"),
    new_lead: "だれも気づけなくなる範囲にならないよう、対象を確かめてから作成してください。",
    matchers: "対象（マッチャー）",
    matchers_hint: "例 alertname=\"cpu-usage\", host=~\"web.*\"　すべてに合うアラートが対象です。=~ は正規表現、!= と !~ は否定です。",
    kind: "種類",
    kind_hint: "メンテナンスは計画した作業です。動作は同じで、一覧での呼び方だけが変わります。",
    span: "期間",
    spans: ["30分", "2時間", "8時間", "24時間", "明日の9:00まで", "日時を指定"],
    from: "開始",
    until: "終了",
    custom_hint: |zone| format!("時刻は {zone} です。"),
    repeat: "繰り返し",
    repeat_hint: "曜日を選ぶと、期間のうちその曜日の時間帯だけ通知を止めます。時刻が空なら終日、終了が開始以前なら翌日までです。",
    days: ["月", "火", "水", "木", "金", "土", "日"],
    time_from: "時刻（から）",
    time_until: "時刻（まで）",
    comment: "理由",
    comment_hint: "例 app-01 の入れ替え作業。見た人が判断できるように書きます。",
    preview: "対象を確かめる",
    preview_title: "作成する前の確認",
    would_hold: |n| format!("いま発報中の {n} 件の通知が止まります。"),
    would_hold_later: |n| format!("いま発報中のものでは {n} 件が対象です。"),
    would_hold_none: "いま発報中のアラートに、対象はありません。これから発報するものが対象になります。",
    and_more: |n| format!("ほか {n} 件"),
    nothing_asked: "対象を入力すると、通知が止まるアラートがここに表示されます。",
    goes_on: "通知停止",
    first_on: "最初に止まるのは",
    save: "作成する",
    gone: "そのサイレンスは見つかりません。",
    sign: |sign, is_empty| match (sign, is_empty) {
        ("=", false) => (" が ", ""),
        ("=", true) => (" が", "ない"),
        ("!=", false) => (" が ", " 以外"),
        ("!=", true) => (" が", "ある"),
        ("=~", _) => (" が ", " に一致"),
        _ => (" が ", " に一致しない"),
    },
    trouble: |trouble| match trouble {
        Trouble::Matchers => "対象を1個から32個のマッチャーで指定してください。",
        Trouble::Matcher => {
            "読み取れないマッチャーがあります。名前、記号、値の順に書き、正規表現は閉じ括弧まで確かめてください。"
        }
        Trouble::Everything => {
            "この条件では、ほとんどすべてのアラートの通知が止まります。ラベルの値をひとつ以上指定してください。"
        }
        Trouble::Moment => "日時を読み取れません。開始と終了を入力してください。",
        Trouble::Over => "終了は、開始よりも現在よりも後にしてください。すでに終了したものは延長できません。",
        Trouble::Long => "期間が長すぎます。366日まで、繰り返しを使う場合はその10倍までです。",
        Trouble::Times => "繰り返しの時刻は、から・までの両方を入力するか、両方とも空にしてください。",
        Trouble::Never => "この期間には、選んだ曜日の時間帯が一度も来ません。",
        Trouble::Comment => "理由を1文字から4000文字で入力してください。",
        Trouble::TooMany => "終了していないサイレンスが多すぎます。不要なものを終了してください。",
    },
};

static EN: SilenceWords = SilenceWords {
    title: "Silences",
    lead: "Alerts that match tell nobody for a while. They are evaluated all the same, and what still fires at the end is told then.",
    new: "New silence",
    silence: "Silence",
    maintenance: "Maintenance",
    active: "Active",
    upcoming: "Upcoming",
    over: "Over",
    none_active: "No silence is active.",
    none_active_hint: "Every alert is told as the routes say.",
    none_over: "No silence is over yet.",
    between: "Not now",
    state: "State",
    target: "What",
    when: "When",
    holds: "Alerts held",
    n_held: |n| n.to_string(),
    at_least: "There are so many alerts that only some were counted: each number is the least.",
    next: "next",
    by: |name| format!("by {name}"),
    from_file: |name| format!("{name} in the configuration files"),
    ended_by: |name| format!("ended early by {name}"),
    end: "End now",
    end_of: |id| format!("End now: silence S-{id}"),
    extend: "Extend",
    extend_of: |id| format!("Extend silence S-{id}"),
    longer: ["By 30 minutes", "By 2 hours", "Until tomorrow 9:00"],
    again: "Same again",
    again_of: |id| format!("Same again: silence S-{id}"),
    older: "Show older ones",
    newest: "Back to the newest",
    made: |id| format!("Silence S-{id} was created."),
    said_ended: "The silence is over. Alerts that still fire are told at once.",
    said_extended: |id| format!("Extended. Its number is S-{id} now."),
    new_lead: "See what it covers before you create it, so that nothing goes unheard.",
    matchers: "What to silence (matchers)",
    matchers_hint: "Such as alertname=\"cpu-usage\", host=~\"web.*\". An alert must satisfy all of them; =~ takes a regular expression, != and !~ say the opposite.",
    kind: "Kind",
    kind_hint: "Maintenance is work that was planned. It does the same and is only called so in lists.",
    span: "How long",
    spans: ["30 minutes", "2 hours", "8 hours", "24 hours", "Until tomorrow 9:00", "From and until …"],
    from: "From",
    until: "Until",
    custom_hint: |zone| format!("Times are in {zone}."),
    repeat: "Recurring",
    repeat_hint: "With days ticked it holds only at these times of these days. Empty times mean the whole day; an end that is not later is on the next day.",
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    time_from: "From (time)",
    time_until: "Until (time)",
    comment: "Why",
    comment_hint: "Such as: replacing app-01. Write what a reader needs to judge it.",
    preview: "See what it covers",
    preview_title: "Before it is created",
    would_hold: |n| if n == 1 { "Would silence this one now.".to_owned() } else { format!("Would silence these {n} now.") },
    would_hold_later: |n| format!("Of what fires now it would cover {n}."),
    would_hold_none: "Nothing that fires now is covered. What fires later will be.",
    and_more: |n| format!("and {n} more"),
    nothing_asked: "What it covers is shown here as soon as there are matchers.",
    goes_on: "Silent",
    first_on: "First silent at",
    save: "Create",
    gone: "There is no such silence.",
    sign: |sign, is_empty| match (sign, is_empty) {
        ("=", false) => (" is ", ""),
        ("=", true) => (" ", "is absent"),
        ("!=", false) => (" is not ", ""),
        ("!=", true) => (" ", "is present"),
        ("=~", _) => (" matches ", ""),
        _ => (" does not match ", ""),
    },
    trouble: |trouble| match trouble {
        Trouble::Matchers => "Say what to silence with 1 to 32 matchers.",
        Trouble::Matcher => {
            "Something there is no matcher: write a label's name, a sign and a value; of a regular expression check the brackets."
        }
        Trouble::Everything => "This would silence nearly everything. Name the value of at least one label.",
        Trouble::Moment => "A moment can't be read. Fill in both, from and until.",
        Trouble::Over => "The end must be after the beginning and after now. What is over can't be extended.",
        Trouble::Long => "That is too long: 366 days at most, ten times that when it recurs.",
        Trouble::Times => "Fill in both times of the days, or neither.",
        Trouble::Never => "The days and times don't come once before the end.",
        Trouble::Comment => "Say why, in 1 to 4000 characters.",
        Trouble::TooMany => "Too many silences are not over. End some that nobody needs.",
    },
};

/// The words in the reader's language.
#[must_use]
pub fn silence_words() -> &'static SilenceWords {
    of(locale())
}

fn of(locale: Locale) -> &'static SilenceWords {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// Why a silence was refused, in the reader's language; nothing for what other screens say.
#[must_use]
pub fn refused(error: &ApiError) -> Option<String> {
    if let ApiError::NotFound { what } = error {
        return what.starts_with("silence ").then(|| silence_words().gone.to_owned());
    }
    Trouble::of(error).map(|trouble| (silence_words().trouble)(trouble).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{of, refused};
    use api::ApiError;
    use api::silences::Trouble;
    use figures::Locale;

    #[test]
    fn every_sign_is_said_with_and_without_a_value() {
        for sign in ["=", "!=", "=~", "!~"] {
            for locale in [Locale::Ja, Locale::En] {
                let (between, after) = (of(locale).sign)(sign, false);
                assert!(between.ends_with(' ') && !(between.trim().is_empty() && after.is_empty()), "{sign}");
            }
        }
        assert_eq!((of(Locale::En).sign)("=", true), (" ", "is absent"));
    }

    #[test]
    fn what_was_refused_is_said_and_what_is_not_ours_is_left() {
        assert_eq!(refused(&Trouble::Comment.refused("x")).as_deref(), Some("理由を1文字から4000文字で入力してください。"));
        assert_eq!(
            refused(&ApiError::NotFound { what: "silence S-12".to_owned() }).as_deref(),
            Some("そのサイレンスは見つかりません。")
        );
        assert_eq!(refused(&ApiError::NotFound { what: "alert A-12".to_owned() }), None);
        assert_eq!(refused(&ApiError::Unavailable), None);
    }
}
