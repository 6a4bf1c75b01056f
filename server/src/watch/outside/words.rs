//! What the watcher says, in both languages.

use figures::{Locale, duration};
use notify::Words;

fn whole(ms: i64, locale: Locale) -> String {
    duration(ms.max(0) / 1_000 * 1_000, locale)
}

pub(super) fn failing(url: &str) -> Words {
    Words { ja: format!("Mimamori が動いていません ({url})"), en: format!("Mimamori does not work ({url})") }
}

pub(super) fn fails(url: &str, reason: &str, ms: i64) -> Words {
    let (ja, en): (String, String) = (whole(ms, Locale::Ja), whole(ms, Locale::En));
    Words {
        ja: format!(
            "外から見て {ja}異常が続いています: {reason}。この間のアラートは届いていないかもしれません。{url} とそのサーバーを確かめてください。"
        ),
        en: format!(
            "Seen from outside it has failed for {en}: {reason}. Alerts of that time may not have reached anybody. Look at {url} and its server."
        ),
    }
}

pub(super) fn answers(url: &str, ms: i64) -> Words {
    let (ja, en): (String, String) = (whole(ms, Locale::Ja), whole(ms, Locale::En));
    Words { ja: format!("{url} は {ja}ぶりに正常に応答しました。"), en: format!("{url} answers again after {en}.") }
}

pub(super) fn test() -> Words {
    Words { ja: "Mimamori の外部監視のテスト".to_owned(), en: "Test of the watch from outside".to_owned() }
}

pub(super) fn test_of(url: &str) -> Words {
    Words {
        ja: format!("これはテストです。{url} に異常があると、このチャンネルに届きます。対応は不要です。"),
        en: format!("This is a test. When {url} fails, this channel is told. Nothing needs to be done."),
    }
}
