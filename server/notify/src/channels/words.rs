//! What a page says, in both languages. Every text here is plain and cleaned; each channel escapes it in its own way.

use super::text;
use crate::page::{Kind, Page, PagedAlert, PagedBulletin};
use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::{OffsetName, Tz};
use figures::Locale;
use model::{Severity, Time};

/// Texts of one language.
pub(crate) struct Words {
    pub severity: [&'static str; 4],
    pub fired: &'static str,
    pub again: &'static str,
    pub acknowledged: &'static str,
    pub updated: &'static str,
    pub resolved: &'static str,
    pub announced: &'static str,
    /// The same of what has no level.
    pub notice: &'static str,
    pub warned: &'static str,
    pub breached: &'static str,
    pub test: &'static str,
    pub level: &'static str,
    pub time: &'static str,
    pub value: &'static str,
    pub condition: &'static str,
    pub labels: &'static str,
    pub status: &'static str,
    pub due: &'static str,
    pub next_update: &'static str,
    pub systems: &'static str,
    pub by: &'static str,
    pub holder: &'static str,
    pub resolved_at: &'static str,
    pub lasted: &'static str,
    pub acknowledge: &'static str,
    pub unacknowledge: &'static str,
    pub open_to_answer: &'static str,
    pub comment: &'static str,
    pub send: &'static str,
    pub cancel: &'static str,
    pub dashboard: &'static str,
    pub console: &'static str,
    pub runbook: &'static str,
    /// The way to the tool that raised the alert.
    pub source: &'static str,
    /// Before what is said at length, and before the address of instructions that stands among others.
    pub description: &'static str,
    pub instructions: &'static str,
    pub test_name: &'static str,
    pub test_sentence: &'static str,
    pub unknown_name: &'static str,
    pub unknown_sentence: &'static str,
    pub and_more: fn(usize) -> String,
    pub held_by: fn(&str) -> String,
    pub graph_of: fn(&str) -> String,
    pub footer: &'static str,
}

static JA: Words = Words {
    severity: ["緊急", "高", "中", "低"],
    fired: "発報",
    again: "継続中",
    acknowledged: "対応中",
    updated: "一部解消",
    resolved: "解消",
    announced: "状況報告",
    notice: "文書",
    warned: "期限間近",
    breached: "期限超過",
    test: "テスト",
    level: "レベル",
    time: "時刻",
    value: "現在の値",
    condition: "条件",
    labels: "ラベル",
    status: "状態",
    due: "期限",
    next_update: "次の報告",
    systems: "対象",
    by: "報告者",
    holder: "担当",
    resolved_at: "解消時刻",
    lasted: "継続時間",
    acknowledge: "引き受ける",
    unacknowledge: "手放す",
    open_to_answer: "ここからは引き受けられませんでした。開いて操作してください。",
    comment: "コメント",
    send: "送信",
    cancel: "キャンセル",
    dashboard: "ダッシュボードを見る",
    console: "Mimamori で開く",
    runbook: "手順書を開く",
    source: "送信元のツールで開く",
    description: "詳細",
    instructions: "手順書",
    test_name: "通知先のテスト",
    test_sentence: "これはテストです。この文が読めれば、通知先は正しく設定されています。対応は不要です。",
    unknown_name: "アラート",
    unknown_sentence: "内容を表示できません。Mimamori を開いて確認してください。",
    and_more: |n| format!("ほか{n}件"),
    held_by: |name| format!("{name} が対応しています。"),
    graph_of: |name| format!("「{name}」の推移としきい値のグラフ"),
    footer: "このメールは Mimamori が自動で送信しました。",
};

static EN: Words = Words {
    severity: ["Critical", "High", "Medium", "Low"],
    fired: "Firing",
    again: "Still firing",
    acknowledged: "Acknowledged",
    updated: "Partly resolved",
    resolved: "Resolved",
    announced: "Status update",
    notice: "Document",
    warned: "Due soon",
    breached: "Overdue",
    test: "Test",
    level: "Level",
    time: "Time",
    value: "Current value",
    condition: "Condition",
    labels: "Labels",
    status: "Status",
    due: "Due",
    next_update: "Next update",
    systems: "Concerns",
    by: "From",
    holder: "Acknowledged by",
    resolved_at: "Resolved at",
    lasted: "Lasted",
    acknowledge: "Acknowledge",
    unacknowledge: "Hand back",
    open_to_answer: "It could not be acknowledged from here. Open it to do that.",
    comment: "Comment",
    send: "Send",
    cancel: "Cancel",
    dashboard: "Open dashboard",
    console: "Open in Mimamori",
    runbook: "Open runbook",
    source: "Open in the sender’s tool",
    description: "Details",
    instructions: "Runbook",
    test_name: "Test of this channel",
    test_sentence: "This is a test. If you can read it, the channel is set up correctly. Nothing needs to be done.",
    unknown_name: "Alert",
    unknown_sentence: "Its details can't be shown here. Open Mimamori to see them.",
    and_more: |n| format!("and {n} more"),
    held_by: |name| format!("{name} has it."),
    graph_of: |name| format!("Graph of {name} with its threshold"),
    footer: "Sent automatically by Mimamori.",
};

/// The words of a page's language.
pub(crate) fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// 発報, 継続中, …
pub(crate) fn kind(page: &Page) -> &'static str {
    let words: &Words = words(page.locale);
    match page.kind {
        Kind::Fired => words.fired,
        Kind::Again => words.again,
        Kind::Acknowledged => words.acknowledged,
        Kind::Updated => words.updated,
        Kind::Resolved => words.resolved,
        Kind::Announced if page.has_level() => words.announced,
        Kind::Announced => words.notice,
        Kind::Warned => words.warned,
        Kind::Breached => words.breached,
        Kind::Test => words.test,
    }
}

/// A picture for the kind, beside the word, never instead of it.
pub(crate) fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Fired | Kind::Again => "🚨",
        Kind::Acknowledged => "👀",
        Kind::Updated => "✏️",
        Kind::Resolved => "✅",
        Kind::Announced => "📣",
        Kind::Warned => "⏳",
        Kind::Breached => "⏰",
        Kind::Test => "🔔",
    }
}

/// `緊急 (P0)`.
pub(crate) fn level(severity: Severity, locale: Locale) -> String {
    format!("{} ({})", words(locale).severity[usize::from(severity.level())], severity.code())
}

/// The code of an incident's level, with its word: `緊急 (L1)`.
fn level_of(bulletin: &PagedBulletin, locale: Locale) -> String {
    format!("{} ({})", words(locale).severity[usize::from(bulletin.severity.level())], text::one_line(&bulletin.code))
}

/// What it is about, on one line: `API応答時間が遅い ほか2件`.
pub(crate) fn name(page: &Page) -> String {
    let words: &Words = words(page.locale);
    if let Some(bulletin) = &page.bulletin {
        return text::one_line(&bulletin.name);
    }
    let Some(first) = page.first() else {
        return if page.kind == Kind::Test { words.test_name } else { words.unknown_name }.to_owned();
    };
    let name: String = text::one_line(&first.name);
    match page.n_alerts() {
        0 | 1 => name,
        n => format!("{name} {}", (words.and_more)(n - 1)),
    }
}

/// The heading of a message: `🚨 API応答時間が遅い`, as the requirement document has it. What is not a new alert says so.
pub(crate) fn heading(page: &Page) -> String {
    let (sign, name) = (sign(page.kind), name(page));
    match page.kind {
        Kind::Fired => format!("{sign} {name}"),
        _ => format!("{sign} {}: {name}", kind(page)),
    }
}

/// The heading where pictures don't belong: `[緊急] 発報: API応答時間が遅い`.
pub(crate) fn subject(page: &Page) -> String {
    let severity: &str = words(page.locale).severity[usize::from(page.worst().level())];
    match page.kind {
        Kind::Test => format!("[{}] {}", kind(page), name(page)),
        _ if !page.has_level() => format!("{}: {}", kind(page), name(page)),
        _ => format!("[{severity}] {}: {}", kind(page), name(page)),
    }
}

/// A moment in the page's zone: `2025/10/20 19:30:45`. Only a reader of Japanese in Japan needs no zone beside it.
pub(crate) fn moment(at: Time, page: &Page) -> String {
    let local: DateTime<Tz> = at.to_utc().with_timezone(&page.zone);
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    let time: String = format!("{hour:02}:{minute:02}:{second:02}");
    let (year, month, day) = (local.year(), local.month(), local.day());
    let date: String = match page.locale {
        Locale::Ja => format!("{year}/{month:02}/{day:02}"),
        Locale::En => format!("{year}-{month:02}-{day:02}"),
    };
    if page.locale == Locale::Ja && page.zone == Tz::Asia__Tokyo {
        return format!("{date} {time}");
    }
    format!("{date} {time} {}", local.offset().abbreviation().unwrap_or_else(|| page.zone.name()))
}

/// A moment for machines (RFC 3339, UTC).
pub(crate) fn rfc3339(at: Time) -> String {
    at.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// What stands under every heading: level and time; of an incident also how far it is, what was promised for when, and what it concerns.
pub(crate) fn overview(page: &Page) -> Vec<(&'static str, String)> {
    let words: &Words = words(page.locale);
    let Some(bulletin) = &page.bulletin else {
        return vec![(words.level, level(page.worst(), page.locale)), (words.time, moment(page.since(), page))];
    };
    let mut rows: Vec<(&'static str, String)> = Vec::new();
    rows.extend(bulletin.has_level().then(|| (words.level, level_of(bulletin, page.locale))));
    rows.extend(bulletin.status.as_deref().map(|status| (words.status, text::one_line(status))));
    rows.extend(bulletin.due_at.map(|at| (words.due, moment(at, page))));
    rows.extend(bulletin.next_at.map(|at| (words.next_update, moment(at, page))));
    rows.push((words.time, moment(bulletin.at, page)));
    rows.push((words.systems, text::one_line(&bulletin.systems.join(", "))));
    rows.extend(bulletin.by.as_deref().map(|by| (words.by, text::one_line(by))));
    rows.retain(|(_, value)| !value.is_empty());
    rows
}

/// The sentence: what the rule says, what is told of an incident, or that it is a test. Never empty, which providers refuse.
pub(crate) fn sentence(page: &Page) -> String {
    let words: &Words = words(page.locale);
    if let Some(bulletin) = &page.bulletin {
        let said: String = text::clean(&bulletin.text).trim().to_owned();
        return if said.is_empty() { heading(page) } else { said };
    }
    match (page.first(), page.kind) {
        (Some(alert), _) => summary(alert),
        (None, Kind::Test) => words.test_sentence.to_owned(),
        (None, _) => words.unknown_sentence.to_owned(),
    }
}

/// What a rule says about one alert; its name when it says nothing, its number when it has no name: never an empty text, which
/// providers refuse.
pub(crate) fn summary(alert: &PagedAlert) -> String {
    let said: [String; 2] = [text::clean(&alert.summary).trim().to_owned(), text::one_line(&alert.name)];
    said.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| alert.id.to_string())
}

/// Longer than this nobody reads in a message.
const DESCRIPTION: usize = 1_000;

/// What happened, at length, where that is more than the sentence says.
pub(crate) fn description(alert: &PagedAlert) -> Option<String> {
    let said: String = text::cut(text::clean(alert.description.as_deref()?).trim(), DESCRIPTION);
    let is_new: bool = !said.is_empty() && said != text::clean(&alert.summary).trim();
    is_new.then_some(said)
}

/// The instructions of one alert of several; of a single one they stand among the links of the message.
fn instructions(page: &Page, alert: &PagedAlert) -> Option<String> {
    text::link(alert.runbook_url.as_deref()?).filter(|_| page.alerts.len() > 1)
}

/// What is known about one alert, named, in the order it is needed: what happened at length, value, condition, who has it, when it ended and
/// how long it lasted, where its instructions stand if there are several alerts, labels. Nothing that isn't there.
pub(crate) fn known(page: &Page, alert: &PagedAlert) -> Vec<(&'static str, String)> {
    let words: &Words = words(page.locale);
    let mut known: Vec<(&'static str, String)> = Vec::new();
    known.extend(description(alert).map(|said| (words.description, said)));
    known.extend(alert.value.as_deref().map(|value| (words.value, text::one_line(value))));
    known.push((words.condition, text::one_line(&alert.condition)));
    known.extend(alert.holder.as_deref().map(|holder| (words.holder, text::one_line(holder))));
    if let Some(resolved_at) = alert.resolved_at {
        known.push((words.resolved_at, moment(resolved_at, page)));
        known.push((words.lasted, figures::duration(resolved_at.since(alert.fired_at), page.locale)));
    }
    known.extend(instructions(page, alert).map(|url| (words.instructions, url)));
    known.push((words.labels, labels(alert)));
    known.retain(|(_, text)| !text.is_empty());
    known
}

/// `env=production, host=web-1`, sorted, without the metric's name.
pub(crate) fn labels(alert: &PagedAlert) -> String {
    let named = alert.labels.iter().filter(|(name, _)| *name != model::labels::METRIC_NAME);
    let pairs: Vec<String> = named.map(|(name, value)| format!("{}={}", text::one_line(name), text::one_line(value))).collect();
    pairs.join(", ")
}

/// Who has it, as a sentence, when somebody does.
pub(crate) fn held(page: &Page) -> Option<String> {
    let holder: String = text::one_line(page.first()?.holder.as_deref()?);
    Some((words(page.locale).held_by)(&holder))
}

/// One line that says what changed: `対応中: API応答時間が遅い。佐藤 が対応しています。`
pub(crate) fn change(page: &Page) -> String {
    let said: String = heading(page);
    match (page.kind, held(page)) {
        (Kind::Acknowledged, Some(held)) => format!("{said} · {held}"),
        _ => said,
    }
}

/// Where a reader can go on: label and address, the address checked. Acknowledging stands elsewhere, because it is not only a link.
pub(crate) fn links(page: &Page) -> Vec<(&'static str, &'static str, String)> {
    let words: &Words = words(page.locale);
    let first: Option<&PagedAlert> = page.first();
    let dashboard: Option<&str> = first.and_then(|alert| alert.dashboard_url.as_deref());
    let runbook: Option<&str> = first.and_then(|alert| alert.runbook_url.as_deref());
    let source: Option<&str> = first.and_then(|alert| alert.source_url.as_deref());
    let wanted: [(&str, &str, Option<&str>); 4] = [
        ("open", words.dashboard, dashboard),
        ("console", words.console, Some(page.url.as_str())),
        ("runbook", words.runbook, runbook),
        ("source", words.source, source),
    ];
    wanted.into_iter().filter_map(|(action, label, url)| Some((action, label, text::link(url?)?))).collect()
}

/// Where it can be acknowledged, if it still can.
pub(crate) fn acknowledge(page: &Page) -> Option<String> {
    if !page.kind.calls() {
        return None;
    }
    text::link(page.acknowledge_url.as_deref()?)
}
