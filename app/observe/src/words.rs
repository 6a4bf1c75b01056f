//! The wing's words. Both languages are the same struct, so a missing one does not compile.

pub mod dashboard_edit;
pub mod dashboard_keeping;
pub mod dashboards;
pub mod explore;
pub mod metrics_use;
pub mod targets;

use api::ApiError;
use figures::Locale;
use ui::context::use_look;

/// Everything this wing says.
pub struct Words {
    pub hosts: &'static str,
    pub hosts_hint: &'static str,
    pub host: &'static str,
    pub system: &'static str,
    pub cpu: &'static str,
    pub memory: &'static str,
    pub disk: &'static str,
    pub load: &'static str,
    pub last_seen: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub range: &'static str,
    pub ranges: [&'static str; 6],
    pub cpus: fn(u32) -> String,
    pub up_for: fn(&str) -> String,
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub not_found: &'static str,
    pub not_found_hint: &'static str,
    pub invalid_hint: &'static str,
    pub signed_out: &'static str,
    pub signed_out_hint: &'static str,
    pub sign_in: &'static str,
    pub refusal: fn(&ApiError) -> String,
    pub not_live: &'static str,
    pub no_curves: &'static str,
    pub no_curves_hint: &'static str,
    pub series: fn(&str) -> Option<&'static str>,
}

static JA: Words = Words {
    hosts: "ホスト",
    hosts_hint: "ほかのホストは mimamori agent で追加します。",
    host: "ホスト",
    system: "システム",
    cpu: "CPU",
    memory: "メモリ",
    disk: "ディスク",
    load: "ロード",
    last_seen: "最終受信",
    none: "まだ計測値が届いていません。",
    none_hint: "このマシンの値は起動から数秒で届きます。",
    range: "期間",
    ranges: ["15分", "1時間", "3時間", "6時間", "24時間", "7日"],
    cpus: |n| format!("{n} CPU"),
    up_for: |duration| format!("稼働 {duration}"),
    failed: "読み込めませんでした",
    failed_hint: "自動で復旧します。しばらくして開き直してください。",
    not_found: "そのホストは見つかりません",
    not_found_hint: "24時間以内に計測値が届いたホストだけを表示します。名前を確かめるか、エージェントが動いているか確かめてください。",
    invalid_hint: "期間を選び直してください。",
    signed_out: "サインインの期限が切れました",
    signed_out_hint: "もう一度サインインすると、この画面に戻ります。",
    sign_in: "サインイン",
    refusal: |error| match error {
        ApiError::SignedOut => "この画面の内容を取得できなくなりました。".to_owned(),
        ApiError::Denied { .. } => "権限が足りません。".to_owned(),
        ApiError::NotFound { .. } => "その名前の計測値はありません。".to_owned(),
        ApiError::Invalid { .. } | ApiError::Mistakes { .. } => "アドレスの期間が正しくないか、長すぎます。".to_owned(),
        ApiError::Unavailable => "データベースに届いていません。確定した記録は失われていません。".to_owned(),
        ApiError::TryLater { seconds } => format!("混み合っています。{seconds} 秒後にもう一度お試しください。"),
        ApiError::Transport { .. } => "サーバーに届きませんでした。".to_owned(),
    },
    not_live: "過去の期間を表示しています",
    no_curves: "この期間のデータはありません",
    no_curves_hint: "ホストがまだ送っていなかったか、止まっていた期間です。上から別の期間を選んでください。",
    series: |name| {
        Some(match name {
            "1 min" => "1分",
            "5 min" => "5分",
            "15 min" => "15分",
            "used" => "使用中",
            "cached" => "キャッシュ",
            "swap" => "スワップ",
            "read" => "読み込み",
            "write" => "書き込み",
            "receive" => "受信",
            "transmit" => "送信",
            "running" => "実行中",
            "blocked" => "待ち",
            "total" => "合計",
            "open" => "接続中",
            "max" => "上限",
            "resident" => "常駐",
            _ => return None,
        })
    },
};

static EN: Words = Words {
    hosts: "Hosts",
    hosts_hint: "Add another host with mimamori agent.",
    host: "Host",
    system: "System",
    cpu: "CPU",
    memory: "Memory",
    disk: "Disk",
    load: "Load",
    last_seen: "Last seen",
    none: "No measurements yet.",
    none_hint: "This machine's own arrive seconds after the start.",
    range: "Range",
    ranges: ["15 min", "1 h", "3 h", "6 h", "24 h", "7 d"],
    cpus: |n| if n == 1 { "1 CPU".to_owned() } else { format!("{n} CPUs") },
    up_for: |duration| format!("up {duration}"),
    failed: "This could not be loaded",
    failed_hint: "It recovers by itself; open this again in a moment.",
    not_found: "There is no such host",
    not_found_hint: "Only hosts that reported within the last 24 hours are shown. Check the name, or whether the agent runs.",
    invalid_hint: "Choose another range.",
    signed_out: "Your sign-in has expired",
    signed_out_hint: "Sign in again; you come back to this screen.",
    sign_in: "Sign in",
    refusal: |error| match error {
        ApiError::SignedOut => "What is shown here can't be fetched any more.".to_owned(),
        ApiError::Denied { .. } => "Your role is too low.".to_owned(),
        ApiError::NotFound { .. } => "There are no measurements of that name.".to_owned(),
        ApiError::Invalid { .. } | ApiError::Mistakes { .. } => "The span in the address is wrong or too long.".to_owned(),
        ApiError::Unavailable => "The database can't be reached. Nothing that was confirmed is lost.".to_owned(),
        ApiError::TryLater { seconds } => format!("Too much at once. Try again in {seconds} s."),
        ApiError::Transport { .. } => "The server was not reached.".to_owned(),
    },
    not_live: "Showing a span of the past",
    no_curves: "No data in this span",
    no_curves_hint: "The host had not reported yet, or was silent. Choose another span above.",
    series: |_| None,
};

/// The words of the reader's language.
#[must_use]
pub fn words() -> &'static Words {
    match locale() {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// The reader's language.
#[must_use]
pub fn locale() -> Locale {
    use_look().locale
}
