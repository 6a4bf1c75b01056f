//! What is said of troubles of the pager itself, in both languages.

use figures::{Locale, duration};
use notify::Words;

/// A text that holds how long something has lasted.
fn lasting(ms: i64, ja: impl Fn(&str) -> String, en: impl Fn(&str) -> String) -> Words {
    // Whole seconds: a sentence needs no more.
    let whole_ms: i64 = ms.max(0) / 1_000 * 1_000;
    Words { ja: ja(&duration(whole_ms, Locale::Ja)), en: en(&duration(whole_ms, Locale::En)) }
}

fn both(ja: String, en: String) -> Words {
    Words { ja, en }
}

pub(super) fn replica_silent(host: &str) -> Words {
    both(format!("Mimamori のサーバー {host} が応答していません"), format!("Mimamori's replica {host} is silent"))
}

pub(super) fn replica_silent_for(host: &str, process: &str, ms: i64) -> Words {
    lasting(
        ms,
        |lasted| {
            format!(
                "{host} のプロセス ({process}) から {lasted}連絡がなく、停止の手続きもしていません。残りのサーバーが監視を続けています。"
            )
        },
        |lasted| {
            format!(
                "The process {process} on {host} has said nothing for {lasted}, and no goodbye. The other replicas go on watching."
            )
        },
    )
}

pub(super) fn evaluator_late() -> Words {
    both("Mimamori のルール評価が止まっています".to_owned(), "Mimamori does not evaluate its rules".to_owned())
}

pub(super) fn evaluator_late_by(ms: i64) -> Words {
    lasting(
        ms,
        |lasted| format!("ルールの評価が {lasted}遅れています。この間に起きたことはアラートになっていません。"),
        |lasted| format!("Rules are {lasted} late. What happened since then has raised no alert."),
    )
}

pub(super) fn notifier_late() -> Words {
    both("Mimamori が通知先を決められていません".to_owned(), "Mimamori does not decide who is to be told".to_owned())
}

pub(super) fn notifier_late_on(host: &str) -> Words {
    both(
        format!("{host} の通知の振り分けが 1 分以上進んでいません。ログのエラーを確かめてください。"),
        format!("On {host} nobody has been told of new alerts for more than a minute. Look for errors in its log."),
    )
}

pub(super) fn deliveries_late() -> Words {
    both("Mimamori の通知が送られていません".to_owned(), "Mimamori's pages are not sent".to_owned())
}

pub(super) fn deliveries_late_for(ms: i64) -> Words {
    lasting(
        ms,
        |lasted| format!("送るべき通知が {lasted}待っています。「通知の状態」で、どの経路が詰まっているか確かめてください。"),
        |lasted| format!("A page has been due for {lasted}. See on the pager screen which channel is stuck."),
    )
}

pub(super) fn escalations_late() -> Words {
    both("Mimamori のエスカレーションが止まっています".to_owned(), "Mimamori's escalations do not go on".to_owned())
}

pub(super) fn escalations_late_for(ms: i64) -> Words {
    lasting(
        ms,
        |lasted| {
            format!("次の人を呼び出す処理が {lasted}止まっています。未対応のアラートを画面で確かめ、当番に直接連絡してください。")
        },
        |lasted| format!("The next person should have been paged {lasted} ago. See what is open, and call whoever is on duty."),
    )
}

pub(crate) fn channel_fails(channel: &str) -> Words {
    both(format!("通知先 {channel} に呼び出しが届きません"), format!("Pages don't get through the channel {channel}"))
}

pub(super) fn channel_takes_nothing(channel: &str, ms: i64, reason: &str) -> Words {
    lasting(
        ms,
        |lasted| {
            format!(
                "{channel} には {lasted}のあいだ、何も届いていません。呼び出しは送り直し、次の通知先にも送っています。最後のエラー: {reason}"
            )
        },
        |lasted| {
            format!(
                "{channel} has taken nothing for {lasted}. Pages are tried again, and go to the next channels too. The last error: {reason}"
            )
        },
    )
}

pub(crate) fn channel_fails_because(channel: &str, reason: &str) -> Words {
    both(
        format!("{channel} への毎日のテストが 2 回続けて失敗しました。最後のエラー: {reason}"),
        format!("The daily test of {channel} failed twice in a row. The last error: {reason}"),
    )
}
