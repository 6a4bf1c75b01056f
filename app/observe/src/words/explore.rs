//! The words of Explore.

use crate::words::locale;
use figures::Locale;

/// A question to begin with: what it answers, and the expression.
pub type Example = (&'static str, &'static str);

/// Everything the screen Explore says.
pub struct ExploreWords {
    pub title: &'static str,
    pub about: &'static str,
    pub expression: &'static str,
    pub placeholder: &'static str,
    pub run: &'static str,
    pub keys: &'static str,
    pub at: fn(usize, usize) -> String,
    pub shape: &'static str,
    pub graph: &'static str,
    pub instant: &'static str,
    pub empty: &'static str,
    pub empty_hint: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub not_run: &'static str,
    pub too_long: fn(u32) -> String,
    pub too_much: &'static str,
    pub too_slow: &'static str,
    pub refused: &'static str,
    pub narrower: &'static str,
    pub mend: &'static str,
    pub n_series: fn(u32) -> String,
    pub shown: fn(u32, u32) -> String,
    pub step: fn(&str) -> String,
    pub only_instant: &'static str,
    pub stale: &'static str,
    pub notes: &'static str,
    pub chart: &'static str,
    pub series: &'static str,
    pub at_needle: &'static str,
    pub last: &'static str,
    pub min: &'static str,
    pub max: &'static str,
    pub avg: &'static str,
    pub count: &'static str,
    pub value: &'static str,
    pub examples: [Example; 5],
}

/// Expressions over what every host measures; those of the two languages are the same.
const CPU: &str = "100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))";
const MEMORY: &str = "node_memory_MemAvailable_bytes";
const DISK: &str = "100 * (1 - min by (host, mountpoint) (node_filesystem_avail_bytes / node_filesystem_size_bytes))";
const NETWORK: &str = "8 * sum by (host) (rate(node_network_receive_bytes_total{device!=\"lo\"}[1m]))";
const LOAD: &str = "node_load1 / on (host) count by (host) (node_cpu_seconds_total{mode=\"idle\"})";

static JA: ExploreWords = ExploreWords {
    title: "調査",
    about: "計測値に PromQL で問い合わせます。",
    expression: "式",
    placeholder: "例: node_load1",
    run: "実行",
    keys: "入力すると候補が出ます。↑↓ で選び、Enter か Tab で確定、Esc で閉じます。Ctrl+Space で候補を開きます。",
    at: |line, column| format!("{line}行{column}文字目"),
    shape: "見せ方",
    graph: "グラフ",
    instant: "一時点",
    empty: "何を調べますか",
    empty_hint: "式を書いて実行するか、例から始めてください。",
    nothing: "該当する系列がありません",
    nothing_hint: "メトリクス名、ラベルの条件、期間を確かめてください。名前は入力中の候補から選べます。",
    not_run: "式に誤りがあるため実行していません。",
    too_long: |most| format!("式が長すぎます。{most}文字までにしてください。"),
    too_much: "読み取る計測値が多すぎます",
    too_slow: "時間内に終わりませんでした",
    refused: "この式は計算できません",
    narrower: "期間を短くするか、ラベルの条件で系列を絞ってください。",
    mend: "式を直して、もう一度実行してください。",
    n_series: |n| format!("{} 系列", figures::count(i64::from(n))),
    shown: |rows, drawn| {
        let rows = format!("先頭 {} 系列を表示", figures::count(i64::from(rows)));
        if drawn == 0 { rows } else { format!("{rows}、{drawn} 系列を描画") }
    },
    step: |duration| format!("{duration}ごと"),
    only_instant: "この式は期間では計算できないため、終わりの一時点の値を表示しています。",
    stale: "更新できませんでした。前回の結果を表示しています。",
    notes: "注意",
    chart: "式の値",
    series: "系列",
    at_needle: "指した時刻",
    last: "最新",
    min: "最小",
    max: "最大",
    avg: "平均",
    count: "点数",
    value: "値",
    examples: [
        ("ホストごとのCPU使用率", CPU),
        ("使えるメモリ", MEMORY),
        ("ファイルシステムごとの使用率", DISK),
        ("ホストごとの受信速度", NETWORK),
        ("CPU一つあたりのロード", LOAD),
    ],
};

static EN: ExploreWords = ExploreWords {
    title: "Explore",
    about: "Ask the measurements in PromQL.",
    expression: "Expression",
    placeholder: "For example node_load1",
    run: "Run",
    keys: "Suggestions come as you write: ↑↓ choose, Enter or Tab takes, Esc closes. Ctrl+Space opens them.",
    at: |line, column| format!("Line {line}, column {column}"),
    shape: "Show",
    graph: "Graph",
    instant: "One moment",
    empty: "What do you want to know?",
    empty_hint: "Write an expression and run it, or begin with one of these.",
    nothing: "No series match",
    nothing_hint: "Check the metric's name, the label conditions and the range. Names are suggested as you write.",
    not_run: "The expression has a mistake and was not run.",
    too_long: |most| format!("The expression is too long: {most} characters are the most."),
    too_much: "This would read too many samples",
    too_slow: "This took too long",
    refused: "This expression can't be evaluated",
    narrower: "Shorten the range, or narrow the series by their labels.",
    mend: "Correct the expression and run it again.",
    n_series: |n| if n == 1 { "1 series".to_owned() } else { format!("{} series", figures::count(i64::from(n))) },
    shown: |rows, drawn| {
        let rows = format!("the first {} shown", figures::count(i64::from(rows)));
        if drawn == 0 { rows } else { format!("{rows}, {drawn} drawn") }
    },
    step: |duration| format!("every {duration}"),
    only_instant: "This expression can't be evaluated over a range; these are its values at the end of it.",
    stale: "This could not be refreshed; you see the last answer.",
    notes: "Notes",
    chart: "Values of the expression",
    series: "Series",
    at_needle: "At the needle",
    last: "Last",
    min: "Min",
    max: "Max",
    avg: "Mean",
    count: "Points",
    value: "Value",
    examples: [
        ("CPU usage of each host", CPU),
        ("Available memory", MEMORY),
        ("Usage of each file system", DISK),
        ("Receive rate of each host", NETWORK),
        ("Load per CPU", LOAD),
    ],
};

/// The screen's words in the reader's language.
#[must_use]
pub fn explore_words() -> &'static ExploreWords {
    match locale() {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

#[cfg(test)]
mod tests {
    use super::{EN, JA};

    #[test]
    fn every_example_is_promql_and_stands_in_both_languages() {
        for (ja, en) in JA.examples.iter().zip(&EN.examples) {
            assert_eq!(ja.1, en.1);
            assert!(promql::parse(ja.1).is_ok(), "{}: {:?}", ja.1, promql::parse(ja.1).err());
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        assert_eq!((EN.shown)(500, 50), "the first 500 shown, 50 drawn");
        assert_eq!((JA.shown)(1_500, 0), "先頭 1,500 系列を表示");
    }
}
