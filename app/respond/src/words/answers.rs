//! The words of answering an alert, of what keeps one quiet, and of what is said beside its sentence.

use crate::words::locale;
use api::ApiError;
use api::alerting::MutedBy;
use figures::Locale;

/// What the screens of alerts say besides the wing's own words.
pub struct AnswerWords {
    /// The filter, and the tally.
    pub silenced: &'static str,
    pub muted: fn(&MutedBy) -> &'static str,
    /// What it is that keeps an alert quiet, as a link says it.
    pub muted_by: fn(&MutedBy) -> String,
    pub muted_say: &'static str,
    pub muted_count: fn(u32) -> String,
    /// In place of a threshold.
    pub matches: &'static str,
    /// For how long somebody takes an alert on.
    pub span_label: &'static str,
    pub span_whole: &'static str,
    pub span: fn(&str) -> &'static str,
    pub span_hint: &'static str,
    /// Before and after the moment at which an acknowledgement ends.
    pub held_until: (&'static str, &'static str),
    pub prolong: &'static str,
    pub said_prolonged: &'static str,
    /// Answering several alerts.
    pub several: &'static str,
    pub several_hint: &'static str,
    pub take_several: &'static str,
    pub give_back_several: &'static str,
    pub pick: fn(&str) -> String,
    pub none_picked: &'static str,
    pub odd_span: &'static str,
    /// What a rule or a sender says beside the sentence.
    pub notes: &'static str,
    pub runbook_open: &'static str,
    pub dashboard_open: &'static str,
    /// Whoever answered by the link in a page that went there.
    pub by_link: fn(&str) -> String,
    /// A person who is the subject of a sentence.
    pub person: fn(&str) -> String,
}

static JA: AnswerWords = AnswerWords {
    silenced: "通知停止中",
    muted: |by| match by {
        MutedBy::Silence(_) => "サイレンス中",
        MutedBy::Maintenance(_) => "メンテナンス中",
        MutedBy::Alert(..) => "原因は別のアラート",
        MutedBy::Calendar(_) => "通知しない時間帯",
    },
    muted_by: |by| match by {
        MutedBy::Silence(id) | MutedBy::Maintenance(id) => format!("S-{id}"),
        MutedBy::Alert(id, _) => id.to_string(),
        MutedBy::Calendar(name) => name.clone(),
    },
    muted_say: "このあいだは、誰も呼び出しません。",
    muted_count: |n| format!("{n} 件は通知を止めています。"),
    matches: "条件式に一致",
    span_label: "引き受ける時間",
    span_whole: "解消するまで",
    span: |word| match word {
        "30m" => "30分",
        "1h" => "1時間",
        "4h" => "4時間",
        "8h" => "8時間",
        _ => "",
    },
    span_hint: "時間が過ぎると未対応に戻り、もう一度呼び出します。",
    held_until: ("", "まで"),
    prolong: "時間を変える",
    said_prolonged: "引き受ける時間を変えました。",
    several: "まとめて対応",
    several_hint: "一覧で選んだアラートに対応します。",
    take_several: "選んだアラートを引き受ける",
    give_back_several: "選んだアラートを手放す",
    pick: |id| format!("{id} を選ぶ"),
    none_picked: "アラートを一つ以上、一画面分まで選んでください。",
    odd_span: "引き受ける時間を選び直してください。",
    notes: "補足",
    runbook_open: "手順書を開く",
    dashboard_open: "ダッシュボードを開く",
    by_link: |place| format!("{place} のリンク"),
    person: |name| format!("{name} さん"),
};

static EN: AnswerWords = AnswerWords {
    silenced: "Silenced",
    muted: |by| match by {
        MutedBy::Silence(_) => "Silenced",
        MutedBy::Maintenance(_) => "In maintenance",
        MutedBy::Alert(..) => "Explained by another alert",
        MutedBy::Calendar(_) => "Quiet hours",
    },
    muted_by: |by| match by {
        MutedBy::Silence(id) | MutedBy::Maintenance(id) => format!("S-{id}"),
        MutedBy::Alert(id, _) => id.to_string(),
        MutedBy::Calendar(name) => name.clone(),
    },
    muted_say: "It pages nobody meanwhile.",
    muted_count: |n| if n == 1 { "1 pages nobody.".to_owned() } else { format!("{n} page nobody.") },
    matches: "expression matches",
    span_label: "Hold it for",
    span_whole: "until it is over",
    span: |word| match word {
        "30m" => "30 minutes",
        "1h" => "1 hour",
        "4h" => "4 hours",
        "8h" => "8 hours",
        _ => "",
    },
    span_hint: "When the time is up nobody has it, and it pages again.",
    held_until: ("until ", ""),
    prolong: "Change the time",
    said_prolonged: "The time was changed.",
    several: "Answer several",
    several_hint: "For the alerts that are ticked in the list.",
    take_several: "Acknowledge the ticked ones",
    give_back_several: "Hand back the ticked ones",
    pick: |id| format!("Tick {id}"),
    none_picked: "Tick at least one alert, and at most a screenful.",
    odd_span: "Choose again how long you want it.",
    notes: "Annotations",
    runbook_open: "Open the runbook",
    dashboard_open: "Open the dashboard",
    by_link: |place| format!("link in {place}"),
    person: str::to_owned,
};

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static AnswerWords {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn answer_words() -> &'static AnswerWords {
    of(locale())
}

/// What is refused about answering alerts; nothing about anything else.
#[must_use]
pub fn refused(error: &ApiError) -> Option<String> {
    let ApiError::Invalid { field, .. } = error else { return None };
    match field.as_str() {
        "ids" => Some(answer_words().none_picked.to_owned()),
        "span" => Some(answer_words().odd_span.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use api::alerting::{MutedBy, SPANS};
    use figures::Locale;
    use model::ids::AlertId;

    #[test]
    fn every_time_and_every_reason_has_its_words() {
        let reasons = [
            MutedBy::Silence(1),
            MutedBy::Maintenance(2),
            MutedBy::Alert(AlertId(3), "x".to_owned()),
            MutedBy::Calendar("y".to_owned()),
        ];
        for locale in [Locale::Ja, Locale::En] {
            let words = of(locale);
            assert!(SPANS.into_iter().all(|(word, _)| !(words.span)(word).is_empty()));
            assert!(reasons.iter().all(|by| !(words.muted)(by).is_empty() && !(words.muted_by)(by).is_empty()));
        }
    }
}
