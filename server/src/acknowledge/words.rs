//! What the screen of a link says, in both languages.

use alerting::routing::muted::Quiet;
use alerting::silences::Kind;
use figures::Locale;
use model::actor::place_of_link;
use notify::State;

/// Texts of one language.
pub(super) struct Words {
    pub severity: [&'static str; 4],
    pub title: &'static str,
    pub lead: &'static str,
    pub button: &'static str,
    pub comment: &'static str,
    pub optional: &'static str,
    pub long_comment: &'static str,
    /// "Can't, pass on."
    pub pass: &'static str,
    pub pass_hint: &'static str,
    pub passed: fn(&str) -> String,
    pub not_escalating: &'static str,
    pub long_reason: &'static str,
    pub value: &'static str,
    pub condition: &'static str,
    pub since: &'static str,
    pub held_by: fn(&str) -> String,
    pub nobody: &'static str,
    pub over: &'static str,
    pub nothing_left: &'static str,
    pub more: fn(usize) -> String,
    pub done: fn(usize, &str) -> String,
    pub done_nothing: &'static str,
    pub undo: &'static str,
    pub used: fn(&str, &str) -> String,
    /// Whoever answered by the link in a page that went there.
    pub by_link: fn(&str) -> String,
    pub quiet: fn(&Quiet) -> String,
    pub until: fn(&str) -> String,
    /// Since when it burns, as a duration.
    pub age: fn(&str) -> String,
    pub span: &'static str,
    pub span_whole: &'static str,
    pub span_hint: &'static str,
    pub odd_span: &'static str,
    pub calls: &'static str,
    pub call: fn(State) -> &'static str,
    pub here: &'static str,
    pub runbook: &'static str,
    pub runbook_open: &'static str,
    pub open: &'static str,
    pub open_hint: &'static str,
    pub expires: fn(&str) -> String,
    pub lost_title: &'static str,
    pub lost: &'static str,
    pub expired_title: &'static str,
    pub expired: &'static str,
    pub to_console: &'static str,
}

static JA: Words = Words {
    severity: ["緊急", "高", "中", "低"],
    title: "アラートを引き受ける",
    lead: "この画面を開いただけでは引き受けになりません。押すと、ほかの人への呼び出しが止まります。",
    button: "対応を引き受ける",
    comment: "コメント",
    optional: "任意",
    long_comment: "コメントが長すぎます。4,000文字までにしてください。",
    pass: "対応できない・次の人に回す",
    pass_hint: "コメントは理由として残ります。あなたへの呼び出しは止まり、次の段をすぐに呼び出します。",
    passed: |by| format!("「{by}」は対応できないと伝えました。次の人を呼び出しています。"),
    not_escalating: "いまは誰も呼び出していないため、次の人に回せません。",
    long_reason: "理由が長すぎます。500文字までにしてください。",
    value: "現在の値",
    condition: "条件",
    since: "発報",
    held_by: |name| format!("{name} が対応しています"),
    nobody: "まだ誰も対応していません",
    over: "解消しました",
    nothing_left: "引き受けるアラートはもうありません。",
    more: |n| format!("ほか{n}件"),
    done: |n, by| format!("{n}件のアラートを「{by}」として引き受けました。呼び出しは止まりました。"),
    done_nothing: "すでに誰かが引き受けたか、解消しています。何も変えていません。",
    undo: "取り消すには、アラートを開いてサインインして「手放す」を押してください。次の担当がいなければ、また呼び出しが始まります。",
    used: |by, at| format!("このリンクは {at} に「{by}」が使いました。使えるのは1回だけです。"),
    by_link: |place| format!("{place} のリンク"),
    quiet: |why| match why {
        Quiet::Silence { id, kind: Kind::Silence, .. } => format!("サイレンス中（{id}）"),
        Quiet::Silence { id, kind: Kind::Maintenance, .. } => format!("メンテナンス中（{id}）"),
        Quiet::Inhibition { by, .. } => format!("原因は別のアラート（{by}）"),
        Quiet::Calendar(_) => "通知しない時間帯".to_owned(),
    },
    until: |at| format!("{at} まで"),
    age: |age| format!("{age}経過"),
    span: "引き受ける時間",
    span_whole: "解消するまで",
    span_hint: "時間が過ぎると未対応に戻り、もう一度呼び出します。",
    odd_span: "引き受ける時間を選び直してください。",
    calls: "呼び出し",
    call: |state| match state {
        State::Due | State::Sending => "これから送信",
        State::Sent => "送信済み",
        State::Failed => "届かず",
        State::Superseded => "取りやめ",
    },
    here: "（この通知）",
    runbook: "手順書",
    runbook_open: "手順書を開く",
    open: "アラートの詳細",
    open_hint: "詳細を見るにはサインインが必要です。",
    expires: |at| format!("このリンクで引き受けられるのは {at} までです。"),
    lost_title: "リンクが正しくありません",
    lost: "リンクの一部が欠けているようです。通知のリンクをもう一度開くか、サインインしてアラートを開いてください。",
    expired_title: "リンクの期限が切れました",
    expired: "通知から3日を過ぎたリンクでは引き受けられません。サインインしてアラートを開いてください。",
    to_console: "アラートの一覧へ",
};

static EN: Words = Words {
    severity: ["Critical", "High", "Medium", "Low"],
    title: "Acknowledge",
    lead: "Opening this changes nothing. Once you press the button, nobody else is paged for it any more.",
    button: "Acknowledge",
    comment: "Comment",
    optional: "optional",
    long_comment: "The comment is too long: 4,000 characters at most.",
    pass: "I can't, pass it on",
    pass_hint: "The comment is kept as the reason. You are paged no more for this, and the next step pages at once.",
    passed: |by| format!("\u{201c}{by}\u{201d} can't. Somebody else is being paged now."),
    not_escalating: "Nobody is being paged for this now, so it can't be passed on.",
    long_reason: "The reason is too long: 500 characters at most.",
    value: "Current value",
    condition: "Condition",
    since: "Fired",
    held_by: |name| format!("{name} has it"),
    nobody: "Nobody has it yet",
    over: "It is over",
    nothing_left: "No alert is left to acknowledge.",
    more: |n| format!("and {n} more"),
    done: |n, by| match n {
        1 => format!("The alert is yours now, as \u{201c}{by}\u{201d}. It pages nobody any more."),
        n => format!("{n} alerts are yours now, as \u{201c}{by}\u{201d}. They page nobody any more."),
    },
    done_nothing: "Somebody has it already, or it is over. Nothing was changed.",
    undo: "To undo this, open the alert, sign in and press “Hand back”. If nobody else takes it, paging starts again.",
    used: |by, at| format!("This link was used at {at} by \u{201c}{by}\u{201d}. It works once."),
    by_link: |place| format!("link in {place}"),
    quiet: |why| match why {
        Quiet::Silence { id, kind: Kind::Silence, .. } => format!("Silenced ({id})"),
        Quiet::Silence { id, kind: Kind::Maintenance, .. } => format!("In maintenance ({id})"),
        Quiet::Inhibition { by, .. } => format!("Explained by another alert ({by})"),
        Quiet::Calendar(_) => "Quiet hours".to_owned(),
    },
    until: |at| format!("until {at}"),
    age: |age| format!("for {age}"),
    span: "Hold it for",
    span_whole: "until it is over",
    span_hint: "When the time is up nobody has it, and it pages again.",
    odd_span: "Choose again how long you want it.",
    calls: "Who is called",
    call: |state| match state {
        State::Due | State::Sending => "on its way",
        State::Sent => "sent",
        State::Failed => "not delivered",
        State::Superseded => "taken back",
    },
    here: " (this message)",
    runbook: "Runbook",
    runbook_open: "Open the runbook",
    open: "The alert in full",
    open_hint: "To see it all, sign in.",
    expires: |at| format!("By this link it can be acknowledged until {at}."),
    lost_title: "This link is not right",
    lost: "A part of it seems to be missing. Open the link in the message again, or sign in and open the alert.",
    expired_title: "This link has expired",
    expired: "A link works for three days after its message. Sign in and open the alert.",
    to_console: "To the alerts",
};

/// The words of a language.
pub(super) fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// Who it is, in the words of a reader: a person by their name, who answered by a link in a page by the place of that.
pub(super) fn who(by: &str, words: &Words) -> String {
    place_of_link(by).map_or_else(|| by.to_owned(), |place| (words.by_link)(place))
}

#[cfg(test)]
mod tests {
    use super::{of, who};
    use figures::Locale;

    #[test]
    fn who_answered_by_a_link_is_named_in_the_readers_language() {
        for (by, ja, en) in [("link/Slack #ops", "Slack #ops のリンク", "link in Slack #ops"), ("佐藤 健", "佐藤 健", "佐藤 健")]
        {
            assert_eq!((who(by, of(Locale::Ja)), who(by, of(Locale::En))), (ja.to_owned(), en.to_owned()));
        }
    }
}
