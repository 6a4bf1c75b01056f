//! What a postmortem begins with: the requirement document's eight headings (document A, 6.6), or the questions of how it made sense at the
//! time; with everything that the house knows filled in.
//!
//! What nobody can know but people is asked in a quotation, which whoever answers takes out.

use crate::postmortems::graph::Snapshot;
use crate::postmortems::needs::Happened;
use crate::postmortems::pieces::{Pieces, flat};
use figures::Locale;
use model::Time;
use model::ids::IncidentId;
use model::incident::roles::IncidentRole;
use model::postmortem::Template;
use std::fmt::Write as _;

/// The eight headings, in the order of the requirement document.
pub const HEADINGS_JA: [&str; 8] =
    ["概要", "何が起きたか", "影響", "タイムライン", "根本原因", "解決策", "再発防止策", "学んだこと"];
/// The same for whoever writes English.
pub const HEADINGS_EN: [&str; 8] =
    ["Summary", "What happened", "Impact", "Timeline", "Root cause", "Resolution", "Prevention", "What we learned"];

/// What the templates ask, in both languages: whoever leaves it as it is, in a quotation or not, has written nothing.
pub const QUESTIONS: [&str; 18] = [
    "何が、どの順に起きたかを一段落で。",
    "人ではなく、仕組みの言葉で。なぜ起き、なぜ気づかず、なぜ広がったか。",
    "何をして収まったか。応急処置と恒久対応を分けて。",
    "うまくいったこと、いかなかったこと、運がよかったこと。",
    "その場にいた人は、どの画面で何を見て、何が見えていなかったか。",
    "いま知っていることは脇に置く。そのときの情報と目標のもとで、どうしてその行動が筋の通ったものだったか。",
    "道具、手順、時間帯、引き継ぎ、人数。",
    "ほかのチームの役に立つことを。",
    "| 人 | 聞いた日 | 話のメモ |",
    "What happened, in which order, in one paragraph.",
    "In words of the system, not of people: why it happened, why nobody saw it, why it spread.",
    "What ended it. The stopgap and the lasting fix apart.",
    "What went well, what did not, where we were lucky.",
    "Which screen did whoever was there look at, what did it show, and what did it not?",
    "Put aside what you know now. With what was known and wanted then, why was that the reasonable thing to do?",
    "Tools, procedures, the hour, hand-overs, how many people.",
    "What helps other teams too.",
    "| Person | Asked on | Notes |",
];

/// Characters of the incident's title in that of its report: with what stands before it no more than a page takes.
const MOST_TITLE: usize = 90;

/// What stands below a heading.
type Below = String;

/// The text of a new postmortem.
#[must_use]
pub fn text(template: Template, happened: &Happened, has_stars: bool, graphs: &[Snapshot], pieces: &Pieces) -> String {
    let parts: Vec<(&str, Below)> = match (template, pieces.locale) {
        (Template::Report, Locale::Ja) => report_ja(happened, has_stars, graphs, pieces),
        (Template::Report, Locale::En) => report_en(happened, has_stars, graphs, pieces),
        (Template::Sense, Locale::Ja) => sense_ja(happened, has_stars, graphs, pieces),
        (Template::Sense, Locale::En) => sense_en(happened, has_stars, graphs, pieces),
    };
    let mut text: String = format!("# {}\n", title(happened, pieces.locale));
    for (heading, below) in parts {
        // Writing into a String can't fail.
        let _ = write!(text, "\n## {heading}\n\n{}\n", below.trim_end());
    }
    text
}

/// What it is called.
#[must_use]
pub fn title(happened: &Happened, locale: Locale) -> String {
    let about: String = flat(&happened.title).chars().take(MOST_TITLE).collect();
    match locale {
        Locale::Ja => format!("インシデントレポート: {about}"),
        Locale::En => format!("Incident report: {about}"),
    }
}

fn report_ja(happened: &Happened, has_stars: bool, graphs: &[Snapshot], pieces: &Pieces) -> Vec<(&'static str, Below)> {
    let below: [Below; 8] = [
        overview(happened, Locale::Ja),
        narrative(happened, pieces),
        "- 影響を受けたユーザー数:\n- 失われたコンバージョン:\n- 金額的損失:".to_owned(),
        timeline(happened.id, has_stars, graphs),
        "> 人ではなく、仕組みの言葉で。なぜ起き、なぜ気づかず、なぜ広がったか。".to_owned(),
        "> 何をして収まったか。応急処置と恒久対応を分けて。".to_owned(),
        fence(&format!("ops-actions I-{}", happened.id.0)),
        "> うまくいったこと、いかなかったこと、運がよかったこと。\n\n-".to_owned(),
    ];
    HEADINGS_JA.into_iter().zip(below).collect()
}

fn report_en(happened: &Happened, has_stars: bool, graphs: &[Snapshot], pieces: &Pieces) -> Vec<(&'static str, Below)> {
    let below: [Below; 8] = [
        overview(happened, Locale::En),
        narrative(happened, pieces),
        "- Users affected:\n- Conversions lost:\n- Money lost:".to_owned(),
        timeline(happened.id, has_stars, graphs),
        "> In words of the system, not of people: why it happened, why nobody saw it, why it spread.".to_owned(),
        "> What ended it. The stopgap and the lasting fix apart.".to_owned(),
        fence(&format!("ops-actions I-{}", happened.id.0)),
        "> What went well, what did not, where we were lucky.\n\n-".to_owned(),
    ];
    HEADINGS_EN.into_iter().zip(below).collect()
}

fn sense_ja(happened: &Happened, has_stars: bool, graphs: &[Snapshot], pieces: &Pieces) -> Vec<(&'static str, Below)> {
    vec![
        ("概要", overview(happened, Locale::Ja)),
        ("話を聞いた人", interviews(happened, Locale::Ja)),
        ("何が起きたか", narrative(happened, pieces)),
        ("タイムライン", timeline(happened.id, has_stars, graphs)),
        ("そのとき何が見えていたか", "> その場にいた人は、どの画面で何を見て、何が見えていなかったか。".to_owned()),
        (
            "なぜその判断が自然だったか",
            "> いま知っていることは脇に置く。そのときの情報と目標のもとで、どうしてその行動が筋の通ったものだったか。".to_owned(),
        ),
        ("難しくしたもの・助けになったもの", "> 道具、手順、時間帯、引き継ぎ、人数。".to_owned()),
        ("影響", "- 影響を受けたユーザー数:\n- 失われたコンバージョン:\n- 金額的損失:".to_owned()),
        ("検討会", "- 日時:\n- 参加者:\n- 残った問い:".to_owned()),
        ("学んだこと", "> ほかのチームの役に立つことを。\n\n-".to_owned()),
        ("再発防止策", fence(&format!("ops-actions I-{}", happened.id.0))),
    ]
}

fn sense_en(happened: &Happened, has_stars: bool, graphs: &[Snapshot], pieces: &Pieces) -> Vec<(&'static str, Below)> {
    vec![
        ("Summary", overview(happened, Locale::En)),
        ("Who was asked", interviews(happened, Locale::En)),
        ("What happened", narrative(happened, pieces)),
        ("Timeline", timeline(happened.id, has_stars, graphs)),
        (
            "What could be seen then",
            "> Which screen did whoever was there look at, what did it show, and what did it not?".to_owned(),
        ),
        (
            "How it made sense at the time",
            "> Put aside what you know now. With what was known and wanted then, why was that the reasonable thing to do?"
                .to_owned(),
        ),
        ("What made it hard, and what helped", "> Tools, procedures, the hour, hand-overs, how many people.".to_owned()),
        ("Impact", "- Users affected:\n- Conversions lost:\n- Money lost:".to_owned()),
        ("Review meeting", "- When:\n- Who was there:\n- Questions that are left:".to_owned()),
        ("What we learned", "> What helps other teams too.\n\n-".to_owned()),
        ("Prevention", fence(&format!("ops-actions I-{}", happened.id.0))),
    ]
}

fn fence(info: &str) -> String {
    format!("```{info}\n```")
}

fn overview(happened: &Happened, locale: Locale) -> String {
    let fields: String = fence(&format!("ops-fields I-{}", happened.id.0));
    let people: String = people(happened, locale);
    if people.is_empty() { fields } else { format!("{fields}\n\n{people}") }
}

fn people(happened: &Happened, locale: Locale) -> String {
    let told: Vec<String> = happened.people.iter().map(|part| part_told(part.role, &part.name, locale)).collect();
    match (told.is_empty(), locale) {
        (true, _) => String::new(),
        (false, Locale::Ja) => format!("対応した人: {}", told.join("、")),
        (false, Locale::En) => format!("Responders: {}", told.join(", ")),
    }
}

fn part_told(role: IncidentRole, name: &str, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("{}（{}）", flat(name), role_word(role, locale)),
        Locale::En => format!("{} ({})", flat(name), role_word(role, locale)),
    }
}

fn role_word(role: IncidentRole, locale: Locale) -> &'static str {
    let (ja, en): (&'static str, &'static str) = match role {
        IncidentRole::Commander => ("指揮", "commander"),
        IncidentRole::Communications => ("連絡", "communications"),
        IncidentRole::Scribe => ("記録", "scribe"),
        IncidentRole::Responder => ("対応", "responder"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn interviews(happened: &Happened, locale: Locale) -> String {
    let rows = happened.people.iter().map(|part| format!("| {} |  |  |\n", part_told(part.role, &part.name, locale)));
    let head: &str = match locale {
        Locale::Ja => "| 人 | 聞いた日 | 話のメモ |\n| --- | --- | --- |\n",
        Locale::En => "| Person | Asked on | Notes |\n| --- | --- | --- |\n",
    };
    format!("{head}{}", rows.collect::<String>())
}

/// What is known without anybody's help, in sentences.
fn narrative(happened: &Happened, pieces: &Pieces) -> String {
    let known: String = known(happened, pieces);
    let summary: &str = happened.summary.trim();
    let question: &str = match pieces.locale {
        Locale::Ja => "> 何が、どの順に起きたかを一段落で。",
        Locale::En => "> What happened, in which order, in one paragraph.",
    };
    let parts: Vec<&str> = [summary, known.as_str(), question].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn known(happened: &Happened, pieces: &Pieces) -> String {
    let is_ja: bool = pieces.locale == Locale::Ja;
    let moments: [(Option<Time>, &str, &str); 4] = [
        (happened.occurred_at, "に発生", "It began"),
        (happened.detected_at, "に検知", "was noticed"),
        (happened.acknowledged_at, "に対応を開始", "somebody had it"),
        (happened.resolved_at, "に復旧", "it was over"),
    ];
    let told: Vec<String> = moments
        .into_iter()
        .filter_map(|(at, in_ja, in_en)| {
            let at: String = pieces.moment(at?);
            Some(if is_ja { format!("{at} {in_ja}") } else { format!("{in_en} at {at}") })
        })
        .collect();
    if told.is_empty() {
        return String::new();
    }
    if is_ja { format!("{}した。", told.join("、")) } else { format!("{}.", told.join(", ")) }
}

fn timeline(incident: IncidentId, has_stars: bool, graphs: &[Snapshot]) -> String {
    let starred: &str = if has_stars { " starred" } else { "" };
    let mut written: String = fence(&format!("ops-timeline I-{}{starred}", incident.0));
    for graph in graphs {
        let _ = write!(written, "\n\n{}", fence(&format!("ops-graph {}", graph.id)));
    }
    written
}
