//! What is said in the channel of an incident, by hand in both languages, in Slack's own marking of texts.

use crate::incident::Incident;
use crate::timeline::{EntryKind, Line};
use figures::Locale;
use model::Time;
use serde_json::Value;

/// Characters of one message; Slack cuts at 40,000 and nobody reads so far.
const MOST_SAID: usize = 3_000;
/// What Slack takes as a topic.
const MOST_TOPIC: usize = 250;

/// Whether a line is talked about: what people do, and what presses them. What comes from the channel is not said there again.
pub(super) fn is_said(line: &Line) -> bool {
    match line.kind {
        EntryKind::Declared
        | EntryKind::Status
        | EntryKind::Severity
        | EntryKind::Role
        | EntryKind::Clock
        | EntryKind::Update
        | EntryKind::Note
        | EntryKind::Merge => true,
        EntryKind::Alert => matches!(text(&line.body, "fact"), "AlertFired" | "AlertResolved"),
        EntryKind::Page
        | EntryKind::Escalation
        | EntryKind::Deploy
        | EntryKind::Correction
        | EntryKind::Graph
        | EntryKind::Chat
        | EntryKind::Task
        | EntryKind::FollowUp
        | EntryKind::Edit
        | EntryKind::Room
        | EntryKind::Runbook => false,
    }
}

/// A line, said; `None` when there is nothing to say.
pub(super) fn said(line: &Line, locale: Locale) -> Option<String> {
    let body: &Value = &line.body;
    let by: String = escaped(&line.by.name);
    let said: String = match line.kind {
        EntryKind::Declared => declared(body, &by, locale),
        EntryKind::Status => status(body, &by, locale),
        EntryKind::Severity => severity(body, &by, locale),
        EntryKind::Role => role(body, locale),
        EntryKind::Clock => clock(body, locale)?,
        EntryKind::Update => update(body, &by, locale),
        EntryKind::Note => format!("📝 {by}: {}", escaped(&line.text)),
        EntryKind::Merge => merge(body, locale),
        EntryKind::Alert => alert(body, locale),
        _ => return None,
    };
    Some(said.chars().take(MOST_SAID).collect())
}

/// `I-42 · P1 · 決済 API が応答しない`.
pub(super) fn topic(incident: &Incident) -> String {
    let topic: String = format!("{} · {} · {}", incident.id, incident.level.code, incident.title);
    topic.chars().take(MOST_TOPIC).collect()
}

/// `inc-42-20261122`: Slack takes small letters, digits and hyphens, and a title may have none of them.
pub(super) fn room_name(incident: &Incident) -> String {
    let day = incident.declared_at.to_utc().date_naive();
    format!("inc-{}-{}", incident.id.0, day.format("%Y%m%d"))
}

/// Without what Slack would read as marking (docs.slack.dev, "Formatting message text").
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

fn declared(body: &Value, by: &str, locale: Locale) -> String {
    let (code, title): (&str, String) = (text(body, "code"), escaped(text(body, "title")));
    match locale {
        Locale::Ja => format!("🚨 *{code}* インシデントを宣言しました: {title} ({by})"),
        Locale::En => format!("🚨 *{code}* incident declared: {title} ({by})"),
    }
}

fn status_name(word: &str, locale: Locale) -> &'static str {
    let (ja, en): (&str, &str) = match word {
        "declared" => ("宣言済み", "declared"),
        "acknowledged" => ("対応中", "acknowledged"),
        "identified" => ("原因判明", "identified"),
        "mitigated" => ("影響収束", "mitigated"),
        "resolved" => ("解決", "resolved"),
        "closed" => ("完了", "closed"),
        "merged" => ("統合済み", "merged"),
        _ => ("誤報", "dismissed"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn status(body: &Value, by: &str, locale: Locale) -> String {
    let (from, to) = (status_name(text(body, "from"), locale), status_name(text(body, "to"), locale));
    let reason: String = escaped(text(body, "reason"));
    let why: String = if reason.is_empty() { String::new() } else { format!(" — {reason}") };
    match locale {
        Locale::Ja => format!("➡️ 状態: {from} → *{to}* ({by}){why}"),
        Locale::En => format!("➡️ Status: {from} → *{to}* ({by}){why}"),
    }
}

fn severity(body: &Value, by: &str, locale: Locale) -> String {
    let (from, to) = (text(body, "from"), text(body, "to"));
    match locale {
        Locale::Ja => format!("⚠️ レベル: {from} → *{to}* ({by})"),
        Locale::En => format!("⚠️ Level: {from} → *{to}* ({by})"),
    }
}

fn role(body: &Value, locale: Locale) -> String {
    let (ja, en): (&str, &str) = match text(body, "role") {
        "commander" => ("指揮", "Commander"),
        "communications" => ("連絡", "Communications"),
        "scribe" => ("記録", "Scribe"),
        _ => ("対応", "Responder"),
    };
    let name: String = escaped(text(body, "name"));
    let is_given_up: bool = body["given_up"].as_bool() == Some(true);
    match (locale, is_given_up) {
        (Locale::Ja, false) => format!("👤 {ja}: *{name}*"),
        (Locale::Ja, true) => format!("👤 {ja}: {name} が離れました"),
        (Locale::En, false) => format!("👤 {en}: *{name}*"),
        (Locale::En, true) => format!("👤 {en}: {name} has stepped back"),
    }
}

/// What was reckoned anew presses nobody.
fn clock(body: &Value, locale: Locale) -> Option<String> {
    let (ja, en): (&str, &str) = match text(body, "clock") {
        "ack" => ("初動対応", "First response"),
        "update" => ("状況報告", "Status update"),
        "resolve" => ("解決", "Resolution"),
        _ => ("再発防止策", "Follow-up"),
    };
    let due_at: Option<Time> = body["due_at"].as_i64().map(Time);
    let date: String = due_at.map(slack_date).unwrap_or_default();
    match (text(body, "what"), locale) {
        ("at_risk", Locale::Ja) => Some(format!("⏳ {ja}の期限が近づいています: {date}")),
        ("at_risk", Locale::En) => Some(format!("⏳ {en} is due soon: {date}")),
        ("breached", Locale::Ja) => Some(format!("⏰ *{ja}の期限を過ぎました*: {date}")),
        ("breached", Locale::En) => Some(format!("⏰ *{en} is overdue*: {date}")),
        _ => None,
    }
}

/// Slack shows it in the zone of whoever reads; the text behind it is for those who can't.
fn slack_date(at: Time) -> String {
    let utc = at.to_utc();
    format!("<!date^{}^{{date_short_pretty}} {{time}}|{}>", utc.timestamp(), utc.format("%Y-%m-%d %H:%M UTC"))
}

fn update(body: &Value, by: &str, locale: Locale) -> String {
    let (ja, en) = (escaped(text(body, "ja")), escaped(text(body, "en")));
    let texts: Vec<String> = [ja, en].into_iter().filter(|text| !text.is_empty()).collect();
    let head: &str = match locale {
        Locale::Ja => "状況報告",
        Locale::En => "Status update",
    };
    format!("📣 *{head}* ({by})\n{}", texts.join("\n———\n"))
}

fn merge(body: &Value, locale: Locale) -> String {
    let other: String = body["other"].as_i64().map(|id| format!("I-{id}")).unwrap_or_default();
    match (text(body, "what"), locale) {
        ("took", Locale::Ja) => format!("🔀 {other} をこのインシデントに統合しました"),
        ("took", Locale::En) => format!("🔀 {other} is part of this incident now"),
        ("merged_into", Locale::Ja) => format!("🔀 {other} に統合しました。以後の対応は {other} で行います"),
        ("merged_into", Locale::En) => format!("🔀 Merged into {other}: it goes on there"),
        ("split_off", Locale::Ja) => format!("✂️ 一部を {other} に分けました"),
        ("split_off", Locale::En) => format!("✂️ A part is {other} now"),
        ("split_from", Locale::Ja) => format!("✂️ {other} から分かれたインシデントです"),
        ("split_from", Locale::En) => format!("✂️ Split off {other}"),
        (_, Locale::Ja) => format!("🔀 {other} との統合を取り消しました"),
        (_, Locale::En) => format!("🔀 No longer merged with {other}"),
    }
}

fn alert(body: &Value, locale: Locale) -> String {
    let name: &str = match locale {
        Locale::Ja => body["name"]["ja"].as_str().unwrap_or_default(),
        Locale::En => body["name"]["en"].as_str().unwrap_or_default(),
    };
    let number: String = body["alert"].as_i64().map(|id| format!("A-{id}")).unwrap_or_default();
    let name: String = escaped(name);
    match (text(body, "fact") == "AlertFired", locale) {
        (true, Locale::Ja) => format!("🔴 発生: {name} ({number})"),
        (true, Locale::En) => format!("🔴 Firing: {name} ({number})"),
        (false, Locale::Ja) => format!("✅ 解消: {name} ({number})"),
        (false, Locale::En) => format!("✅ Resolved: {name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::By;
    use serde_json::json;

    fn line(kind: EntryKind, body: Value) -> Line {
        Line::of(kind, Time(1_795_348_800_000), By { name: "佐藤 <sre>".to_owned(), person: None }, body)
    }

    #[test]
    fn what_people_wrote_can_not_call_the_whole_channel() {
        let note = Line { text: "<!channel> & all".to_owned(), ..line(EntryKind::Note, json!({})) };
        let said: String = said(&note, Locale::Ja).unwrap();
        assert_eq!(said, "📝 佐藤 &lt;sre&gt;: &lt;!channel&gt; &amp; all");
    }

    #[test]
    fn both_languages_say_every_kind_that_is_said() {
        for kind in EntryKind::ALL {
            let body = json!({ "fact": "AlertFired", "what": "breached", "clock": "ack", "due_at": 1_795_348_800_000_i64 });
            let line: Line = line(kind, body);
            for locale in [Locale::Ja, Locale::En] {
                assert_eq!(said(&line, locale).is_some(), is_said(&line), "{} {locale:?}", kind.as_str());
            }
        }
    }

    #[test]
    fn a_due_time_is_shown_in_the_zone_of_whoever_reads() {
        let body = json!({ "what": "at_risk", "clock": "update", "due_at": 1_795_348_800_000_i64 });
        let said: String = said(&line(EntryKind::Clock, body), Locale::En).unwrap();
        assert_eq!(said, "⏳ Status update is due soon: <!date^1795348800^{date_short_pretty} {time}|2026-11-22 12:00 UTC>");
        let body = json!({ "what": "reckoned", "clock": "update", "due_at": 1_795_348_800_000_i64 });
        assert_eq!(super::said(&line(EntryKind::Clock, body), Locale::En), None);
    }
}
