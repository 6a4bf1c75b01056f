//! A timeline as it is told afterwards: line by line from the beginning, in words, each correction in the place of what it corrects.
//!
//! What presses people while it goes on (pages, clocks, parts that were given out) is left out, unless somebody pinned it.

use crate::Incidents;
use crate::error::Error;
use crate::store;
use crate::timeline::{Entry, EntryId, EntryKind, Frozen, TimelineFilter};
use crate::visibility;
use figures::Locale;
use kernel::Tx;
use model::ids::IncidentId;
use model::incident::IncidentStatus;
use model::{Actor, Time};
use serde_json::Value;
use std::collections::HashMap;

/// Lines of one story: more than anybody reads.
const MOST_LINES: i64 = 5_000;
/// Graphs of one story.
const MOST_GRAPHS: i64 = 50;

/// A line, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    pub id: EntryId,
    pub at: Time,
    /// In the reader's language where this room says it; as it was written where people did. One line.
    pub text: String,
    pub is_pinned: bool,
    /// When it was said to have happened before that was corrected.
    pub was_at: Option<Time>,
}

impl Incidents {
    /// What happened, from the beginning. Empty when there is no such incident for whoever asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn story(&self, actor: &Actor, id: IncidentId, locale: Locale) -> Result<Vec<StoryLine>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        if visibility::seen_by(&mut tx, actor, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let lines: Vec<Entry> = store::entries::list(&mut tx, id, &TimelineFilter::default(), MOST_LINES).await?;
        Ok(told(&lines, locale))
    }

    /// Graphs that were kept in it, the oldest first. Empty when there is no such incident for whoever asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn graphs(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Frozen>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        if visibility::seen_by(&mut tx, actor, id).await?.is_none() {
            return Ok(Vec::new());
        }
        store::graphs::of(&mut tx, id, MOST_GRAPHS).await
    }
}

/// Lines in the order of what they tell, whatever the order they come in.
fn told(lines: &[Entry], locale: Locale) -> Vec<StoryLine> {
    let by_id: HashMap<EntryId, &Entry> = lines.iter().map(|line| (line.id, line)).collect();
    let mut story: Vec<StoryLine> = lines.iter().filter_map(|line| one(line, &by_id, locale)).collect();
    story.sort_by_key(|line| (line.at, line.id));
    story
}

fn one(line: &Entry, by_id: &HashMap<EntryId, &Entry>, locale: Locale) -> Option<StoryLine> {
    if line.kind == EntryKind::Correction {
        return None;
    }
    let correction: Option<&&Entry> = line.corrected_by.and_then(|id| by_id.get(&id));
    let is_pinned: bool = line.pin.is_some() || correction.is_some_and(|correction| correction.pin.is_some());
    if !is_pinned && !is_telling(line) {
        return None;
    }
    let text: String = match correction {
        Some(correction) => correction.text.clone(),
        None => said(line, locale),
    };
    let corrected_at: Option<Time> = correction.and_then(|correction| correction.body["at"].as_i64()).map(Time);
    let at: Time = corrected_at.unwrap_or(line.at);
    Some(StoryLine { id: line.id, at, text: flat(&text), is_pinned, was_at: (at != line.at).then_some(line.at) })
}

/// Without line breaks and runs of blanks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Whether it is told though nobody pinned it.
fn is_telling(line: &Entry) -> bool {
    match line.kind {
        EntryKind::Declared
        | EntryKind::Deploy
        | EntryKind::Status
        | EntryKind::Severity
        | EntryKind::Update
        | EntryKind::Note
        | EntryKind::Chat
        | EntryKind::Merge => true,
        EntryKind::Alert => matches!(word(&line.body, "fact"), "AlertFired" | "AlertResolved" | "AlertAcknowledged"),
        EntryKind::Page
        | EntryKind::Escalation
        | EntryKind::Role
        | EntryKind::Clock
        | EntryKind::Correction
        | EntryKind::Graph
        | EntryKind::Task
        | EntryKind::FollowUp
        | EntryKind::Edit
        | EntryKind::Room
        | EntryKind::Runbook => false,
    }
}

fn word<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

fn pick(locale: Locale, ja: String, en: String) -> String {
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

/// What a line says.
fn said(line: &Entry, locale: Locale) -> String {
    let body: &Value = &line.body;
    let by: &str = &line.by.name;
    match line.kind {
        EntryKind::Declared => {
            let code: &str = word(body, "code");
            pick(locale, format!("{code} インシデントを宣言（{by}）"), format!("{code} incident declared ({by})"))
        }
        EntryKind::Alert => alert(body, by, locale),
        EntryKind::Deploy => deploy(body, locale),
        EntryKind::Status => status(body, by, locale),
        EntryKind::Severity => {
            let (from, to) = (word(body, "from"), word(body, "to"));
            pick(locale, format!("レベルを {from} から {to} に変更（{by}）"), format!("Level changed from {from} to {to} ({by})"))
        }
        EntryKind::Update => update(body, locale),
        EntryKind::Role => {
            let name: &str = word(body, "name");
            pick(
                locale,
                format!("{name} が担当（{}）", role(body, locale)),
                format!("{name} took a part: {}", role(body, locale)),
            )
        }
        EntryKind::Graph => {
            let title: &str = word(body, "title");
            pick(locale, format!("グラフを保存: {title}"), format!("Graph kept: {title}"))
        }
        EntryKind::Task | EntryKind::FollowUp => word(body, "title").to_owned(),
        EntryKind::Merge => {
            let other: String = body["other"].as_i64().map(|id| format!("I-{id}")).unwrap_or_default();
            pick(locale, format!("{other} との統合・分割"), format!("Merged with or split from {other}"))
        }
        EntryKind::Page => pick(locale, "担当者を呼び出し".to_owned(), "Somebody was paged".to_owned()),
        EntryKind::Escalation => pick(locale, "エスカレーション".to_owned(), "Escalated".to_owned()),
        EntryKind::Clock => pick(locale, "対応期限の通知".to_owned(), "A promised time was near or over".to_owned()),
        EntryKind::Edit => pick(locale, format!("内容を変更（{by}）"), format!("Edited ({by})")),
        EntryKind::Runbook => runbook(body, locale),
        EntryKind::Room => pick(locale, "チャンネルを用意".to_owned(), "A channel was opened".to_owned()),
        EntryKind::Note | EntryKind::Chat | EntryKind::Correction => line.text.clone(),
    }
}

fn role(body: &Value, locale: Locale) -> &'static str {
    let (ja, en): (&'static str, &'static str) = match word(body, "role") {
        "commander" => ("指揮", "commander"),
        "communications" => ("連絡", "communications"),
        "scribe" => ("記録", "scribe"),
        _ => ("対応", "responder"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn alert(body: &Value, by: &str, locale: Locale) -> String {
    let name: &str = match locale {
        Locale::Ja => word(&body["name"], "ja"),
        Locale::En => word(&body["name"], "en"),
    };
    let number: String = body["alert"].as_i64().map(|id| format!("A-{id}")).unwrap_or_default();
    let about: String = if name.is_empty() { number } else { name.to_owned() };
    match word(body, "fact") {
        "AlertFired" => pick(locale, format!("アラート発生（{about}）"), format!("Alert fired: {about}")),
        "AlertAcknowledged" => {
            pick(locale, format!("{by} が対応開始（{about}）"), format!("{by} acknowledged the alert ({about})"))
        }
        "AlertResolved" => pick(locale, format!("アラート解消（{about}）"), format!("Alert resolved: {about}")),
        fact => format!("{fact}: {about}"),
    }
}

fn deploy(body: &Value, locale: Locale) -> String {
    let about: Vec<&str> = [word(body, "system"), word(body, "version"), word(body, "summary")]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let about: String = about.join(" ");
    pick(locale, format!("デプロイ（{about}）"), format!("Deploy: {about}"))
}

fn runbook(body: &Value, locale: Locale) -> String {
    let title: &str = word(body, "title");
    let step: &str = word(body, "text");
    let (ja, en): (&str, &str) = match word(body, "what") {
        "began" => ("手順を開始", "Runbook begun"),
        "done" => ("手順を実施", "Step done"),
        "skipped" => ("手順を省略", "Step left out"),
        "open" => ("手順を未実施に戻す", "Step open again"),
        _ => ("手順を終了", "Runbook ended"),
    };
    let about: String = if step.is_empty() { title.to_owned() } else { format!("{title}: {step}") };
    pick(locale, format!("{ja}（{about}）"), format!("{en}: {about}"))
}

fn status(body: &Value, by: &str, locale: Locale) -> String {
    let status: Option<IncidentStatus> = IncidentStatus::from_word(word(body, "to"));
    let (ja, en): (&str, &str) = match status {
        Some(IncidentStatus::Declared) => ("対応を再開", "Reopened"),
        Some(IncidentStatus::Acknowledged) => ("対応開始", "Response begun"),
        Some(IncidentStatus::Identified) => ("原因を特定", "Cause found"),
        Some(IncidentStatus::Mitigated) => ("影響が収束", "Impact over"),
        Some(IncidentStatus::Resolved) => ("復旧を確認", "Resolved"),
        Some(IncidentStatus::Closed) => ("対応完了", "Closed"),
        Some(IncidentStatus::Merged) => ("統合", "Merged"),
        Some(IncidentStatus::Dismissed) | None => ("誤報と判断", "Dismissed"),
    };
    let reason: &str = word(body, "reason");
    let (more_ja, more_en): (String, String) =
        if reason.is_empty() { Default::default() } else { (format!("。{reason}"), format!(": {reason}")) };
    pick(locale, format!("{ja}（{by}）{more_ja}"), format!("{en} ({by}){more_en}"))
}

fn update(body: &Value, locale: Locale) -> String {
    let (ja, en) = (word(body, "ja"), word(body, "en"));
    let own: &str = if locale == Locale::Ja { ja } else { en };
    // Only one language may have been written.
    let text: &str = if !own.is_empty() {
        own
    } else if ja.is_empty() {
        en
    } else {
        ja
    };
    pick(locale, format!("状況を連絡: {text}"), format!("Update: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::By;
    use crate::timeline::Pin;
    use serde_json::json;

    fn line(id: i64, minute: i64, kind: EntryKind, text: &str, body: Value) -> Entry {
        Entry {
            id: EntryId(id),
            incident: IncidentId(1),
            origin: IncidentId(1),
            at: Time(minute * 60_000),
            written_at: Time(minute * 60_000),
            kind,
            by: By { name: "佐藤".to_owned(), person: None },
            text: text.to_owned(),
            body,
            corrects: None,
            corrected_by: None,
            pin: None,
        }
    }

    #[test]
    fn a_correction_stands_in_the_place_of_what_it_corrects() {
        let wrong =
            Entry { corrected_by: Some(EntryId(3)), ..line(1, 40, EntryKind::Note, "修正版\nをデプロイ", json!({})) };
        let right = Entry {
            corrects: Some(EntryId(1)),
            ..line(3, 90, EntryKind::Correction, "修正版をデプロイ", json!({ "at": 50 * 60_000 }))
        };
        let between = line(2, 45, EntryKind::Note, "確認\n 中", json!({}));
        let story = told(&[right, between, wrong], Locale::Ja);
        let said: Vec<(i64, &str)> = story.iter().map(|line| (line.at.0 / 60_000, line.text.as_str())).collect();
        assert_eq!(said, [(45, "確認 中"), (50, "修正版をデプロイ")]);
        assert_eq!(story[1].was_at, Some(Time(40 * 60_000)), "the original stays beside it");
    }

    #[test]
    fn what_presses_people_is_told_only_when_somebody_pinned_it() {
        let clock = line(1, 1, EntryKind::Clock, "", json!({ "what": "breached" }));
        assert!(told(std::slice::from_ref(&clock), Locale::Ja).is_empty());
        let pinned = Entry { pin: Some(Pin { by: "佐藤".to_owned(), at: Time(0) }), ..clock };
        let story = told(&[pinned], Locale::En);
        assert!(story[0].is_pinned && !story[0].text.is_empty());
    }

    #[test]
    fn every_kind_says_something_in_both_languages() {
        for kind in EntryKind::ALL {
            let body = json!({ "title": "t", "fact": "AlertFired", "ja": "復旧", "name": { "ja": "a", "en": "b" } });
            for locale in [Locale::Ja, Locale::En] {
                let said: String = said(&line(1, 1, kind, "t", body.clone()), locale);
                assert!(!said.is_empty() && !said.contains('\n'), "{} {locale:?}", kind.as_str());
            }
        }
    }
}
