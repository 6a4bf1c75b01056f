//! What the screen of a link says, in both languages.

use figures::Locale;
use notify::ChannelRow;

/// Texts of one language.
pub(super) struct Words {
    pub severity: [&'static str; 4],
    pub title: &'static str,
    pub lead: &'static str,
    pub button: &'static str,
    pub comment: &'static str,
    pub optional: &'static str,
    pub long_comment: &'static str,
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
    pub open: &'static str,
    pub lost_title: &'static str,
    pub lost: &'static str,
    pub expired_title: &'static str,
    pub expired: &'static str,
    pub to_console: &'static str,
}

static JA: Words = Words {
    severity: ["緊急", "高", "中", "低"],
    title: "アラートを引き受ける",
    lead: "下のボタンを押すまで、何も変わりません。引き受けると、このアラートの呼び出しは止まります。",
    button: "引き受ける",
    comment: "コメント",
    optional: "任意",
    long_comment: "コメントが長すぎます。4,000文字までにしてください。",
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
    open: "Mimamori で開く",
    lost_title: "リンクが正しくありません",
    lost: "リンクの一部が欠けているようです。通知のリンクをもう一度開くか、サインインしてアラートを開いてください。",
    expired_title: "リンクの期限が切れました",
    expired: "通知から3日を過ぎたリンクでは引き受けられません。サインインしてアラートを開いてください。",
    to_console: "アラートの一覧へ",
};

static EN: Words = Words {
    severity: ["Critical", "High", "Medium", "Low"],
    title: "Acknowledge",
    lead: "Nothing changes until you press the button. Once somebody has the alert, it pages nobody any more.",
    button: "I have it",
    comment: "Comment",
    optional: "optional",
    long_comment: "The comment is too long: 4,000 characters at most.",
    value: "Current value",
    condition: "Condition",
    since: "Fired",
    held_by: |name| format!("{name} has it"),
    nobody: "Nobody has it yet",
    over: "It is over",
    nothing_left: "No alert is left to be taken on.",
    more: |n| format!("and {n} more"),
    done: |n, by| match n {
        1 => format!("The alert is yours now, as \u{201c}{by}\u{201d}. It pages nobody any more."),
        n => format!("{n} alerts are yours now, as \u{201c}{by}\u{201d}. They page nobody any more."),
    },
    done_nothing: "Somebody has it already, or it is over. Nothing was changed.",
    undo: "To undo this, open the alert, sign in and give it back (“Hand back”). If nobody else takes it, paging starts again.",
    used: |by, at| format!("This link was used at {at} by \u{201c}{by}\u{201d}. It works once."),
    open: "Open in Mimamori",
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

/// Whoever answers by a link, as history names them: `Slack #ops のリンク`.
pub(super) fn link_of(channel: Option<&ChannelRow>, name: &str, reader: Locale) -> String {
    let provider: &str = channel.map_or("", |channel| provider(&channel.kind));
    let place: &str = channel
        .and_then(|channel| channel.settings.get("channel")?.as_str())
        .filter(|room| room.starts_with('#'))
        .unwrap_or(name);
    let named: String = [provider, place].into_iter().filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" ");
    match channel.map_or(reader, |channel| channel.locale) {
        Locale::Ja => format!("{named} のリンク"),
        Locale::En => format!("link in {named}"),
    }
}

fn provider(kind: &str) -> &'static str {
    match kind {
        "slack" | "slack_webhook" => "Slack",
        "email" => "Mail",
        "pagerduty" => "PagerDuty",
        "webhook" => "Webhook",
        "web_push" => "Push",
        "teams" => "Teams",
        "discord" => "Discord",
        "sms" => "SMS",
        "voice" => "Call",
        _ => "",
    }
}
