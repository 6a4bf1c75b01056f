//! The few words about duties that stand on Now and beside an alert. Those of the on-call screens stand apart.

use crate::words::locale;
use api::ApiError;
use api::escalations::PolicyTrouble;
use figures::{Locale, Zone};
use model::rota::DutyRole;

/// What is said of duties wherever they are named.
pub struct DutyWords {
    pub on_call_now: &'static str,
    pub roster: &'static str,
    pub roles: [&'static str; 3],
    pub nobody: &'static str,
    pub unreachable: &'static str,
    pub weekdays: [&'static str; 7],
    pub until: fn(&str) -> String,
    pub comma: &'static str,
    // Of an alert
    pub escalation: &'static str,
    pub why: &'static str,
    /// By which policy.
    pub by_policy: fn(&str) -> String,
    /// The step that fires next, how many there are, and when.
    pub goes_on: fn(u32, u32, &str) -> String,
    pub spent: &'static str,
    pub nobody_reached: &'static str,
    pub answered: fn(&str) -> String,
    pub over: &'static str,
    pub paged: fn(&str) -> String,
    pub cannot: &'static str,
    pub cannot_hint: &'static str,
    pub cannot_why: &'static str,
    pub cannot_do: &'static str,
    pub said_passed: &'static str,
    pub not_escalating: &'static str,
    pub long_reason: &'static str,
}

static JA: DutyWords = DutyWords {
    on_call_now: "当番",
    roster: "当番表",
    roles: ["プライマリ", "セカンダリ", "見習い"],
    nobody: "担当者なし",
    unreachable: "連絡がつきません",
    weekdays: ["月", "火", "水", "木", "金", "土", "日"],
    until: |moment| format!("{moment} まで"),
    comma: "、",
    escalation: "エスカレーション",
    why: "呼び出しの経緯",
    by_policy: |policy| format!("ポリシー {policy}"),
    goes_on: |step, n_steps, moment| format!("応答がなければ {moment} に第{step}段（全{n_steps}段）を呼び出します。"),
    spent: "最後の段まで呼び出しましたが、まだ誰も応答していません。",
    nobody_reached: "どの段にも呼び出せる人がいないため、管理者を呼び出しました。",
    answered: |who| format!("{who}が応答しました。"),
    over: "エスカレーションは終わりました。",
    paged: |names| format!("呼び出した人: {names}"),
    cannot: "対応できない",
    cannot_hint: "あなたへの呼び出しを止め、次の段をすぐに呼び出します。",
    cannot_why: "理由",
    cannot_do: "次の人に回す",
    said_passed: "次の人に回しました。",
    not_escalating: "このアラートでは、いま誰も呼び出していません。",
    long_reason: "理由が長すぎます。短くしてください。",
};

static EN: DutyWords = DutyWords {
    on_call_now: "On call",
    roster: "Schedules",
    roles: ["Primary", "Secondary", "Shadow"],
    nobody: "Nobody",
    unreachable: "can't be reached",
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    until: |moment| format!("until {moment}"),
    comma: ", ",
    escalation: "Escalation",
    why: "Why somebody was paged",
    by_policy: |policy| format!("by the policy {policy}"),
    goes_on: |step, n_steps, moment| format!("Unless somebody answers, step {step} of {n_steps} pages at {moment}."),
    spent: "Every step has paged, and nobody has answered.",
    nobody_reached: "No step could page anybody, so the administrators were paged.",
    answered: |name| format!("{name} answered."),
    over: "The escalation is over.",
    paged: |names| format!("Paged: {names}"),
    cannot: "I can't",
    cannot_hint: "You are paged no more for this, and the next step pages at once.",
    cannot_why: "Reason",
    cannot_do: "Pass it on",
    said_passed: "Passed on.",
    not_escalating: "Nobody is being paged for this alert now.",
    long_reason: "The reason is too long. Shorten it.",
};

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static DutyWords {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn duty_words() -> &'static DutyWords {
    of(locale())
}

/// What a role is called; a team's own is called what the team calls it.
#[must_use]
pub fn role_text(role: &DutyRole) -> String {
    let words: &DutyWords = duty_words();
    match role {
        DutyRole::Primary => words.roles[0].to_owned(),
        DutyRole::Secondary => words.roles[1].to_owned(),
        DutyRole::Shadow => words.roles[2].to_owned(),
        DutyRole::Custom(name) => name.clone(),
    }
}

/// `10/25(土) 18:00`, `Sat 25 Oct 18:00`: duties are remembered by weekdays.
#[must_use]
pub fn moment_text(ms: i64, zone: &Zone, locale: Locale) -> String {
    let weekday: &str = of(locale).weekdays[zone.civil(ms).weekday() as usize];
    let (day, time): (String, String) = (figures::month_day(ms, zone, locale), figures::short_time(ms, zone));
    match locale {
        Locale::Ja => format!("{day}({weekday}) {time}"),
        Locale::En => format!("{weekday} {day} {time}"),
    }
}

/// Why passing an alert on was refused; nothing about anything else.
#[must_use]
pub fn refused(error: &ApiError) -> Option<String> {
    let ApiError::Invalid { field, .. } = error else { return None };
    match PolicyTrouble::of(field) {
        Some((PolicyTrouble::NotEscalating, _)) => Some(duty_words().not_escalating.to_owned()),
        Some((PolicyTrouble::Reason, _)) => Some(duty_words().long_reason.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{moment_text, refused};
    use api::ApiError;
    use api::escalations::PolicyTrouble;
    use figures::{Locale, Zone};
    use leptos::prelude::Owner;

    #[test]
    fn only_passing_on_is_refused_here() {
        let owner = Owner::new();
        owner.set();
        assert!(refused(&PolicyTrouble::NotEscalating.refused("", "x")).is_some_and(|said| said.ends_with('。')));
        assert_eq!(refused(&PolicyTrouble::Wait.refused("step.0.wait", "x")), None);
        assert_eq!(refused(&ApiError::Unavailable), None);
    }

    #[test]
    fn a_moment_says_its_weekday() {
        let zone = Zone::fixed("Asia/Tokyo", "JST", 540);
        // 2026-11-22 14:05:07 in Tokyo, a Sunday.
        assert_eq!(moment_text(1_795_323_907_000, &zone, Locale::Ja), "11/22(日) 14:05");
        assert_eq!(moment_text(1_795_323_907_000, &zone, Locale::En), "Sun 22 Nov 14:05");
    }
}
