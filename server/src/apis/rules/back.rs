//! An earlier version of a rule: what putting it back would change, and why it can't be.

use crate::apis::Door;
use crate::apis::alerting::shown;
use ::api::ApiError;
use ::api::error::Denial;
use ::api::rules::{RuleBack, RuleChange, RuleVersion};
use alerting::plan::Change;
use alerting::rulebook::{CONSOLE, Refused};
use alerting::{Back, Error, RuleRow, Version};
use figures::Locale;

/// The earlier version that the address asks for, beside the one in force.
pub async fn view(door: &Door, row: &RuleRow, number: Option<i64>) -> Result<Option<RuleBack>, ApiError> {
    let Some(number) = number else {
        return Ok(None);
    };
    let found: Option<Back> = door.house.alerting.earlier_rule(&row.rule.id, number).await.map_err(shown)?;
    let locale: Locale = door.visitor.viewer.locale;
    Ok(found.map(|back| RuleBack {
        number: back.number,
        at: back.at,
        by: back.by,
        what: back.what.into_iter().map(change).collect(),
        ends_alerts: back.ends_alerts && row.open > 0,
        file: Some(row.file.clone()).filter(|file| file != CONSOLE),
        refused: back.refused.map(|reason| said(&reason, locale)),
    }))
}

/// Every version; the newest that says what is in force stands for it.
pub fn versions(found: Vec<Version>, row: &RuleRow) -> Vec<RuleVersion> {
    let present: Option<i64> = found.iter().find(|version| says(version, row)).map(|version| version.number);
    let view = |version: Version| RuleVersion {
        is_present: present == Some(version.number),
        is_other: version.stood.is_some() && !says(&version, row),
        number: version.number,
        at: version.at,
        fact: version.fact,
        by: version.by,
        is_applied: version.is_applied,
        put_back_of: version.put_back_of,
        what: version.what.into_iter().map(change).collect(),
    };
    found.into_iter().map(view).collect()
}

/// Whether a version says what is in force.
fn says(version: &Version, row: &RuleRow) -> bool {
    version.stood.as_ref().is_some_and(|(rule, group)| *rule == row.rule && *group == row.group)
}

fn change(change: Change) -> RuleChange {
    RuleChange { key: change.key.to_owned(), from: change.from, to: change.to }
}

/// Why it was not put back, in the reader's language.
pub fn refused(error: Error, locale: Locale) -> ApiError {
    match error {
        Error::Rulebook(Refused::Gone(_)) => shown(error),
        Error::Rulebook(reason) => ApiError::Denied { reason: Denial::Other { said: said(&reason, locale) } },
        other => shown(other),
    }
}

fn said(reason: &Refused, locale: Locale) -> String {
    let in_english: String = reason.to_string();
    if locale == Locale::En {
        return in_english;
    }
    match reason {
        Refused::Present(_) => "この版の内容は、いま有効な内容と同じです。".to_owned(),
        Refused::OfFiles(_) => {
            "このルールはファイルで管理しています。ファイルを直して mimamori apply で反映してください。".to_owned()
        }
        Refused::NoVersion { .. } => "その版はもう読めません。".to_owned(),
        Refused::Stale { .. } => "見ているあいだにルールが変更されました。開き直して、違いを確かめてください。".to_owned(),
        Refused::Outdated { said, .. } => format!("この版は、いまの書き方では有効にできません: {said}"),
        Refused::Gone(_) | Refused::Taken(_) | Refused::TooMany => in_english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::RuleId;

    #[test]
    fn every_refusal_is_said_in_the_readers_language() {
        let id = || RuleId("cpu".to_owned());
        for reason in [
            Refused::Present(id()),
            Refused::OfFiles(id()),
            Refused::NoVersion { rule: id(), number: 3 },
            Refused::Stale { rule: id(), read: 1, now: 2 },
            Refused::Outdated { rule: id(), said: "x".to_owned() },
        ] {
            assert_eq!(said(&reason, Locale::En), reason.to_string());
            assert!(!said(&reason, Locale::Ja).is_ascii(), "{reason}");
            let error: ApiError = refused(Error::Rulebook(reason), Locale::Ja);
            assert!(matches!(error, ApiError::Denied { reason: Denial::Other { .. } }), "{error}");
        }
        assert!(matches!(refused(Error::Rulebook(Refused::Gone(id())), Locale::Ja), ApiError::NotFound { .. }));
    }
}
