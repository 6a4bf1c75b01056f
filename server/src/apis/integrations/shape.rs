//! From the room's integrations to the screens', and back.

use crate::apis::alerting::shape::count;
use ::api::error::{Expected, Mistake};
use ::api::integrations::{IntegrationForm, IntegrationRow, MappingForm, ReceiptRow, TriedAlert, TriedMapping};
use alerting::inbound::draft::Draft;
use alerting::inbound::mapped::Mapping;
use alerting::inbound::receipts::Receipt;
use alerting::inbound::settings::{self, Settings, Written};
use alerting::inbound::{Act, InboundAlert, Integration, Wrong};
use figures::Locale;

/// Alerts of an example that are shown.
const MOST_TRIED: usize = 20;

/// One of a list.
pub fn row(integration: &Integration) -> IntegrationRow {
    IntegrationRow {
        id: integration.id,
        name: integration.name.clone(),
        slug: integration.slug.clone(),
        kind: integration.kind.as_str().to_owned(),
        key_prefix: integration.key_prefix.clone(),
        enabled: integration.is_enabled,
        received: count(integration.received),
        refused: count(integration.refused),
        last_received_at: integration.last_received_at,
        last_refused_at: integration.last_refused_at,
    }
}

/// Its settings as a form has them.
pub fn form(integration: &Integration) -> IntegrationForm {
    let settings = Settings {
        name: integration.name.clone(),
        default_severity: integration.default_severity,
        severities: integration.severities.clone(),
        labels: integration.labels.clone(),
        timeout_ms: integration.timeout_ms,
    };
    let written: Written = settings.written();
    IntegrationForm {
        name: written.name,
        default_severity: written.default_severity,
        severities: written.severities,
        labels: written.labels,
        timeout: written.timeout,
        enabled: integration.is_enabled,
    }
}

/// The same on its way back.
pub fn written(form: IntegrationForm) -> Written {
    Written {
        name: form.name,
        default_severity: form.default_severity,
        severities: form.severities,
        labels: form.labels,
        timeout: form.timeout,
    }
}

/// A request that came.
pub fn receipt(receipt: Receipt) -> ReceiptRow {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ReceiptRow {
        at: receipt.at,
        taken: receipt.is_taken,
        said: receipt.said,
        fired: number(receipt.taken.fired),
        updated: number(receipt.taken.updated + receipt.taken.acknowledged),
        resolved: number(receipt.taken.resolved),
        left: number(receipt.taken.left),
        payload: receipt.payload,
    }
}

/// A mapping as its form sends it.
pub fn mapping(form: MappingForm) -> Result<Mapping, Wrong> {
    Ok(Mapping {
        list: form.list,
        key: form.key,
        status: form.status,
        resolved: words(&form.resolved),
        acknowledged: words(&form.acknowledged),
        name: form.name,
        summary: form.summary,
        severity: form.severity,
        url: form.url,
        value: form.value,
        started_at: form.started_at,
        labels: form.labels,
        added: settings::lines(&form.added, "added")?.into_iter().collect(),
    })
}

fn words(text: &str) -> Vec<String> {
    text.split([',', '、']).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn mapping_form(mapping: &Mapping) -> MappingForm {
    let added = mapping.added.iter().map(|(name, text)| format!("{name} = {text}"));
    MappingForm {
        list: mapping.list.clone(),
        key: mapping.key.clone(),
        status: mapping.status.clone(),
        resolved: mapping.resolved.join(", "),
        acknowledged: mapping.acknowledged.join(", "),
        name: mapping.name.clone(),
        summary: mapping.summary.clone(),
        severity: mapping.severity.clone(),
        url: mapping.url.clone(),
        value: mapping.value.clone(),
        started_at: mapping.started_at.clone(),
        labels: mapping.labels.clone(),
        added: added.collect::<Vec<String>>().join("\n"),
    }
}

/// A mapping that is tried, with what came of it.
pub fn tried(draft: Draft, integration: &Integration, locale: Locale) -> TriedMapping {
    let (alerts, problem): (Vec<InboundAlert>, Option<String>) = match draft.result {
        None => (Vec::new(), None),
        Some(Ok(alerts)) => (alerts, None),
        Some(Err(wrong)) => (Vec::new(), Some(said(&wrong, locale))),
    };
    let more: usize = alerts.len().saturating_sub(MOST_TRIED);
    TriedMapping {
        mapping: mapping_form(&draft.mapping),
        in_force: draft.mapping == integration.mapping,
        example: draft.example,
        alerts: alerts.into_iter().take(MOST_TRIED).map(|alert| tried_alert(alert, integration)).collect(),
        more: u32::try_from(more).unwrap_or(u32::MAX),
        problem,
    }
}

fn tried_alert(alert: InboundAlert, integration: &Integration) -> TriedAlert {
    let act: &str = match alert.act {
        Act::Fire => "fire",
        Act::Acknowledge => "acknowledge",
        Act::Resolve => "resolve",
    };
    TriedAlert {
        severity: integration.severity_of(&alert.severity),
        labels: integration.labels_of(&alert.labels).iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        key: alert.key,
        act: act.to_owned(),
        name: alert.name,
        summary: alert.summary,
    }
}

/// What is wrong with a form, in the reader's language. Senders are told in English: they are programs.
pub fn said(wrong: &Wrong, locale: Locale) -> String {
    let field: &str = wrong.field.rsplit('.').next().unwrap_or_default();
    let ja: &str = match (locale, field) {
        (Locale::En, _) => return format!("{wrong}."),
        (_, "name") => "受信の連携は500件までです。使っていないものを削除してください。",
        (_, "severities") => "重要度の読み替えは「page = P1」のように1行に1つ、50行まで書いてください。右側は P0 から P3 です。",
        (_, "labels") if wrong.expected.contains('=') || wrong.expected.contains("lines") => {
            "ラベルの読み替えは「instance = host」のように1行に1つ、50行まで書いてください。"
        }
        (_, "timeout") if !wrong.expected.contains("nothing") => "猶予は1から43200（分）にしてください。",
        (_, "timeout") => "自動解消までの時間は1から43200（分）にするか、空にしてください。",
        (_, "example") => "例は 64 KiB までにしてください。",
        (_, "body") => "例を JSON として読めません。深さは32段までです。",
        (_, "key") => {
            "キーの場所がないか、そこが空です。同じアラートで変わらない値の場所を「/id」のように書いてください。255文字までです。"
        }
        (_, "list") => "一覧の場所がないか、そこがアラートの一覧ではありません。「/alerts」のように書いてください。",
        (_, "added") => "ラベルの追加は「team = /owner/team」のように1行に1つ、50行まで書いてください。",
        _ => return format!("{} を読めません。必要なもの：{}", wrong.field, wrong.expected),
    };
    ja.to_owned()
}

/// What is wrong with a field of a form, as it stands beside that field.
pub fn mistake(wrong: &Wrong, locale: Locale) -> Mistake {
    let field: &str = match wrong.field.rsplit('.').next().unwrap_or_default() {
        // What comes with a request is what is tried here.
        "body" => "example",
        field => field,
    };
    let expected: Expected = match locale {
        _ if field == "name" && wrong.expected.ends_with("characters") => {
            Expected::Characters { least: 1, most: u32::try_from(settings::MAX_NAME).unwrap_or(u32::MAX) }
        }
        Locale::Ja => Expected::Other { said: said(wrong, locale) },
        Locale::En => Expected::Other { said: format!("Expected: {}.", wrong.expected) },
    };
    Mistake::new(field, expected)
}

#[cfg(test)]
mod tests {
    use super::{mapping, mapping_form, mistake, said, words};
    use ::api::error::Expected;
    use ::api::integrations::MappingForm;
    use alerting::inbound::Wrong;
    use figures::Locale;

    #[test]
    fn a_mapping_is_written_and_read_back() {
        let form = MappingForm {
            key: "/id".to_owned(),
            resolved: "ok, fine".to_owned(),
            added: "team = /owner/team".to_owned(),
            ..MappingForm::default()
        };
        assert_eq!(mapping_form(&mapping(form.clone()).unwrap()), form);
        assert_eq!(words(" a、b,, c"), ["a", "b", "c"]);
        assert!(mapping(MappingForm { added: "team".to_owned(), ..form }).is_err());
    }

    #[test]
    fn a_mistake_stands_at_the_field_that_can_mend_it() {
        let wrong = |field: &str, expected: &str| Wrong { field: field.to_owned(), expected: expected.to_owned() };
        let name = mistake(&wrong("name", "1 to 100 characters"), Locale::Ja);
        assert_eq!((name.field.as_str(), name.expected), ("name", Expected::Characters { least: 1, most: 100 }));
        assert_eq!(mistake(&wrong("[0].key", "something"), Locale::En).field, "key");
        let body = mistake(&wrong("body", "JSON"), Locale::En);
        assert_eq!((body.field.as_str(), body.expected), ("example", Expected::other("Expected: JSON.")));
    }

    #[test]
    fn what_is_wrong_is_said_in_either_language() {
        let wrong = Wrong { field: "[0].key".to_owned(), expected: "1 to 255 characters".to_owned() };
        assert!(said(&wrong, Locale::Ja).starts_with("キーの場所"));
        assert_eq!(said(&wrong, Locale::En), "[0].key: expected 1 to 255 characters.");
    }
}
