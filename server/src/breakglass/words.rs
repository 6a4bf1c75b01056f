//! What is said when the database is gone, in both languages.

use chrono_tz::Tz;
use model::Time;
use notify::Words;

/// `12:03`, by the organisation's clock.
fn clock(at: Time, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%H:%M").to_string()
}

pub(super) fn name() -> Words {
    Words {
        ja: "Mimamori のデータベースに接続できません".to_owned(), en: "Mimamori's database can't be reached".to_owned()
    }
}

pub(super) fn gone(since: Time, zone: Tz, host: &str) -> Words {
    let at: String = clock(since, zone);
    Words {
        ja: format!(
            "{at} からデータベースに接続できないか、書き込めません ({host})。アラートは評価されていません。データベースを確かめ、復旧するまで画面に頼らず監視してください。"
        ),
        en: format!(
            "Mimamori's database can't be reached, or takes no writes, since {at} ({host}); alerts are not being evaluated. Look at the database, and don't rely on the console until it is back."
        ),
    }
}

pub(super) fn back(since: Time, now: Time, zone: Tz, host: &str) -> Words {
    let (from, until): (String, String) = (clock(since, zone), clock(now, zone));
    Words {
        ja: format!("{from} から使えなかったデータベースに、{until} に接続できました ({host})。アラートの評価を再開しています。"),
        en: format!(
            "The database, which was away since {from}, answers again at {until} ({host}). Alerts are being evaluated again."
        ),
    }
}
