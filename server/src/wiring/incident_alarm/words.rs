//! What is said of a promise and of an update, in both languages.

use incidents::needs::{Announcement, ClockNews};
use model::Severity;
use model::Time;
use model::clock::ClockKind;
use model::ids::IncidentId;
use model::incident::IncidentStatus;
use model::links;
use notify::{BulletinWords, Words};

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    AtRisk,
    Breached,
}

/// Of a clock. `is_whole`: with what only those may know whom it concerns.
pub(super) fn of_clock(news: &ClockNews, said: Said, is_whole: bool) -> BulletinWords {
    let follow_up: Option<&str> = news.follow_up.as_deref().filter(|_| is_whole);
    BulletinWords {
        text: clock_text(news, said, follow_up),
        due_at: Some(news.due_at),
        ..about(news.incident, news.severity, &news.code, is_whole.then_some(news.title.as_str()), news.at)
    }
}

/// Of an update. Where one language was not written the other is read; `is_whole` as above.
pub(super) fn of_update(announcement: &Announcement, is_whole: bool) -> BulletinWords {
    let title: Option<&str> = is_whole.then_some(announcement.title.as_str());
    let words: BulletinWords = about(announcement.incident, announcement.severity, &announcement.code, title, announcement.at);
    if !is_whole {
        let text =
            both("新しい状況報告があります。内容は Mimamori で確認してください。", "There is an update. Read it in Mimamori.");
        return BulletinWords { text, ..words };
    }
    BulletinWords {
        text: Words { ja: written(&announcement.ja, &announcement.en), en: written(&announcement.en, &announcement.ja) },
        status: Some(status(announcement.status)),
        next_at: announcement.next_at,
        systems: announcement.systems.clone(),
        by: Some(announcement.by.clone()),
        ..words
    }
}

/// One of which nothing is said yet; without a title it is a private one.
fn about(incident: IncidentId, severity: Severity, code: &str, title: Option<&str>, at: Time) -> BulletinWords {
    let name: Words = match title {
        Some(title) => Words::same(&format!("{incident} {title}")),
        None => Words { ja: format!("{incident} 非公開のインシデント"), en: format!("{incident} A private incident") },
    };
    BulletinWords {
        severity,
        code: code.to_owned(),
        name,
        text: Words::default(),
        status: None,
        due_at: None,
        next_at: None,
        systems: Vec::new(),
        by: None,
        at,
        path: links::incident(incident),
    }
}

fn written(own: &str, other: &str) -> String {
    if own.trim().is_empty() { other.to_owned() } else { own.to_owned() }
}

fn both(ja: &str, en: &str) -> Words {
    Words { ja: ja.to_owned(), en: en.to_owned() }
}

fn clock_text(news: &ClockNews, said: Said, follow_up: Option<&str>) -> Words {
    let has_somebody: bool = !news.people.is_empty();
    match (news.kind, said) {
        (ClockKind::Ack, Said::AtRisk) => both(
            "まだ対応が始まっていません。期限までに引き受けてください。",
            "Nobody has taken it on yet. Acknowledge it before it is due.",
        ),
        (ClockKind::Ack, Said::Breached) => both(
            "初動の期限を過ぎましたが、まだ誰も引き受けていません。",
            "The first response is overdue: nobody has taken it on.",
        ),
        (ClockKind::Update, Said::AtRisk) if has_somebody => {
            both("次の状況報告の期限が近づいています。", "The next status update is due soon.")
        }
        (ClockKind::Update, Said::AtRisk) => both(
            "次の状況報告の期限が近づいていますが、担当者がいません。",
            "The next status update is due soon, and nobody is to write it.",
        ),
        (ClockKind::Update, Said::Breached) => both(
            "約束した状況報告の期限を過ぎました。いまの状況を報告してください。",
            "A status update was promised and is overdue. Tell those who wait how it stands.",
        ),
        (ClockKind::Resolve, Said::AtRisk) => both("解決の目標時刻が近づいています。", "It is to be resolved soon."),
        (ClockKind::Resolve, Said::Breached) => both(
            "解決の目標時刻を過ぎました。応援や方針の変更を検討してください。",
            "It was to be resolved by now. Think of more help, or of another plan.",
        ),
        (ClockKind::FollowUp, Said::AtRisk) => Words {
            ja: format!("{}の期限が近づいています。", ja(follow_up)),
            en: format!("{} is due soon.", en(follow_up)),
        },
        (ClockKind::FollowUp, Said::Breached) => {
            Words { ja: format!("{}の期限を過ぎました。", ja(follow_up)), en: format!("{} is overdue.", en(follow_up)) }
        }
    }
}

fn ja(follow_up: Option<&str>) -> String {
    follow_up.map_or_else(|| "再発防止策".to_owned(), |title| format!("再発防止策「{title}」"))
}

fn en(follow_up: Option<&str>) -> String {
    follow_up.map_or_else(|| "A follow-up".to_owned(), |title| format!("The follow-up “{title}”"))
}

/// As the screens call it.
fn status(status: IncidentStatus) -> Words {
    match status {
        IncidentStatus::Declared => both("宣言", "Declared"),
        IncidentStatus::Acknowledged => both("対応中", "Acknowledged"),
        IncidentStatus::Identified => both("原因判明", "Identified"),
        IncidentStatus::Mitigated => both("影響収束", "Mitigated"),
        IncidentStatus::Resolved => both("解決", "Resolved"),
        IncidentStatus::Closed => both("完了", "Closed"),
        IncidentStatus::Merged => both("統合済み", "Merged"),
        IncidentStatus::Dismissed => both("誤報", "False alarm"),
    }
}
