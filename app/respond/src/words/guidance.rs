//! The few words about runbooks that stand beside an alert.

use crate::words::locale;
use figures::Locale;

/// What is said of a runbook there.
pub struct GuidanceWords {
    pub runbook: &'static str,
    pub none: &'static str,
    pub make: &'static str,
    pub begin: &'static str,
    pub go_on: fn(u32, u32) -> String,
    pub and_more: fn(usize) -> String,
    pub stale: &'static str,
}

static JA: GuidanceWords = GuidanceWords {
    runbook: "ランブック",
    none: "このアラートのランブックはまだありません。",
    make: "雛形から作成",
    begin: "実行を始める",
    go_on: |done, all| format!("実行を続ける（{done} / {all}）"),
    and_more: |n| format!("ほか{n}手順"),
    stale: "見直しが必要な文書です。内容が古い可能性があります。",
};

static EN: GuidanceWords = GuidanceWords {
    runbook: "Runbook",
    none: "This alert has no runbook yet.",
    make: "Write one from the template",
    begin: "Start run",
    go_on: |done, all| format!("Continue run ({done} / {all})"),
    and_more: |n| if n == 1 { "1 more step".to_owned() } else { format!("{n} more steps") },
    stale: "Due for review. Some of this may be out of date.",
};

/// The words of the reader's language.
#[must_use]
pub fn guidance_words() -> &'static GuidanceWords {
    match locale() {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
