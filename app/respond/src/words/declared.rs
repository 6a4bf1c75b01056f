//! The few words about incidents that stand on Now and beside an alert. Those of the incident screens stand apart.

use crate::words::locale;
use figures::Locale;

/// What is said of incidents wherever they are named.
pub struct DeclaredWords {
    pub going_on: &'static str,
    pub see_all: &'static str,
    pub incident: &'static str,
    pub declare: &'static str,
    pub declare_hint: &'static str,
    /// The number and the name of the step people are at.
    pub at_step: fn(u8) -> String,
    /// Said of the nine marks.
    pub steps: fn(u8) -> String,
    pub roles: [&'static str; 4],
    pub nobody: &'static str,
    pub comma: &'static str,
    /// First response, status update, resolution, follow-up: when they are due, and what is left.
    pub due: fn(usize, &str, &str) -> String,
    /// On time, at risk, paused, breached: with how long.
    pub left: fn(&str) -> String,
    pub at_risk: fn(&str) -> String,
    pub paused: &'static str,
    pub breached: fn(&str) -> String,
    /// What the reader promised after incidents.
    pub own_actions: &'static str,
    pub days_over: fn(i64) -> String,
    pub due_today: &'static str,
    pub days_left: fn(i64) -> String,
}

const STEPS_JA: [&str; 9] =
    ["検知", "レベル判定", "通知", "初動", "原因調査", "修正・復旧", "動作確認", "ポストモーテム", "再発防止"];
const STEPS_EN: [&str; 9] =
    ["Detect", "Classify", "Alert", "Respond", "Find the cause", "Fix", "Verify", "Postmortem", "Prevent"];
const CLOCKS_JA: [&str; 4] = ["初動", "次の状況報告", "解決", "再発防止策"];
const CLOCKS_EN: [&str; 4] = ["First response", "Next update", "Resolution", "Follow-up"];

fn nth(names: &[&'static str], place: usize) -> &'static str {
    names.get(place).copied().unwrap_or_default()
}

fn step(names: &[&'static str; 9], step: u8) -> &'static str {
    nth(names, usize::from(step).saturating_sub(1))
}

static JA: DeclaredWords = DeclaredWords {
    going_on: "進行中のインシデント",
    see_all: "すべて見る",
    incident: "インシデント",
    declare: "インシデントを宣言",
    declare_hint: "複数人での対応が必要なら宣言してください。",
    at_step: |at| format!("{at}/9 {}", step(&STEPS_JA, at)),
    steps: |at| format!("9段階のうち{at}段階目、{}", step(&STEPS_JA, at)),
    roles: ["指揮", "連絡", "記録", "対応"],
    nobody: "指揮担当がいません",
    comma: "・",
    due: |clock, at, left| format!("{} {at}（{left}）", nth(&CLOCKS_JA, clock)),
    left: |left| format!("あと{left}"),
    at_risk: |left| format!("あと{left}・期限間近"),
    paused: "停止中",
    breached: |ago| format!("{ago}前に期限超過"),
    own_actions: "自分の再発防止策",
    days_over: |days| format!("{days}日超過"),
    due_today: "今日まで",
    days_left: |days| format!("あと{days}日"),
};

static EN: DeclaredWords = DeclaredWords {
    going_on: "Active incidents",
    see_all: "See all",
    incident: "Incident",
    declare: "Declare incident",
    declare_hint: "Declare one when this needs a coordinated response.",
    at_step: |at| format!("{at}/9 {}", step(&STEPS_EN, at)),
    steps: |at| format!("step {at} of 9, {}", step(&STEPS_EN, at)),
    roles: ["Commander", "Comms lead", "Scribe", "Responder"],
    nobody: "no commander",
    comma: " · ",
    due: |clock, at, left| format!("{} {at} ({left})", nth(&CLOCKS_EN, clock)),
    left: |left| format!("{left} left"),
    at_risk: |left| format!("{left} left, at risk"),
    paused: "paused",
    breached: |ago| format!("breached {ago} ago"),
    own_actions: "Your follow-up actions",
    days_over: |days| if days == 1 { "1 day overdue".to_owned() } else { format!("{days} days overdue") },
    due_today: "due today",
    days_left: |days| if days == 1 { "1 day left".to_owned() } else { format!("{days} days left") },
};

/// The words of the reader's language.
#[must_use]
pub fn declared_words() -> &'static DeclaredWords {
    match locale() {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
