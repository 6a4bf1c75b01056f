//! The requirement document's example incident, from the columns of the incident to the report that goes out (acceptance test 22).

use super::world::{BEGAN, INCIDENT, MINUTE, actions, happened, kept, lines, tokyo};
use crate::postmortems::directives::{self, Directive};
use crate::postmortems::graph::{self, Snapshot};
use crate::postmortems::needs::{Happened, Line};
use crate::postmortems::pieces::{Pieces, Told};
use crate::postmortems::{expand, reading, template};
use figures::Locale;
use model::postmortem::Template;

/// What people write where the template asks.
const ANSWERS: [(&str, &str); 7] = [
    ("> 何が、どの順に起きたかを一段落で。", ""),
    ("- 影響を受けたユーザー数:", "- 影響を受けたユーザー数: 約5,000人"),
    ("- 失われたコンバージョン:", "- 失われたコンバージョン: 推定23件"),
    ("- 金額的損失:", "- 金額的損失: 約115,000円"),
    (
        "> 人ではなく、仕組みの言葉で。なぜ起き、なぜ気づかず、なぜ広がったか。",
        "デプロイスクリプトで環境変数の設定が漏れていた。",
    ),
    ("> 何をして収まったか。応急処置と恒久対応を分けて。", "環境変数を修正し、再デプロイした。"),
    (
        "> うまくいったこと、いかなかったこと、運がよかったこと。\n\n-",
        "- デプロイ前の確認が不十分だった\n- ステージング環境でのテストが形骸化していた\n- ロールバック手順が明確でなかった",
    ),
];

pub(super) fn pieces(locale: Locale, graphs: &[Snapshot]) -> Pieces {
    let told = Told { happened: happened(), scope: String::new(), lines: lines(), actions: actions() };
    let mut pieces: Pieces = Pieces::none(tokyo(), locale);
    pieces.incidents.insert(INCIDENT, told);
    pieces.graphs = graphs.iter().map(|graph| (graph.id.clone(), graph.clone())).collect();
    pieces
}

fn graphs() -> Vec<Snapshot> {
    vec![graph::snapshot(&kept(), "佐藤 健", &tokyo(), Locale::Ja)]
}

/// The draft as people have filled it in.
fn written(pieces: &Pieces, graphs: &[Snapshot]) -> String {
    let draft: String = template::text(Template::Report, &happened(), true, graphs, pieces);
    let mut text: String = expand::fill(&draft, pieces);
    for (question, answer) in ANSWERS {
        assert!(text.contains(question), "{question} is asked in\n{text}");
        text = text.replacen(question, answer, 1);
    }
    text
}

fn below(text: &str, heading: &str) -> Vec<String> {
    let sections = reading::sections(text);
    let section = sections.into_iter().find(|section| section.title == heading);
    section.map(|section| section.lines.into_iter().map(str::to_owned).collect()).unwrap_or_default()
}

fn count(text: &str, heading: &str, is_one: fn(&str) -> bool) -> usize {
    below(text, heading).iter().filter(|line| is_one(line)).count()
}

#[test]
fn the_example_goes_out_as_the_requirement_document_has_it() {
    let graphs: Vec<Snapshot> = graphs();
    let pieces: Pieces = pieces(Locale::Ja, &graphs);
    let published: String = expand::freeze(&written(&pieces, &graphs), &pieces);
    let out: String = expand::expanded(&published, &pieces);
    let headings: Vec<&str> = reading::sections(&out).iter().map(|section| section.title).collect();
    assert_eq!(headings, template::HEADINGS_JA);
    let fields: Vec<String> = below(&out, "概要").into_iter().filter(|line| line.starts_with("- **")).collect();
    assert_eq!(
        fields,
        [
            "- **発生日時**: 2025-10-20 14:30 JST",
            "- **検知日時**: 2025-10-20 14:32 JST",
            "- **復旧日時**: 2025-10-20 15:15 JST",
            "- **影響時間**: 45分",
            "- **レベル**: P1",
            "- **影響範囲**: 全ユーザー、パーソナライゼーション機能",
        ]
    );
    let impacts: Vec<(f64, String, bool)> =
        reading::impacts(&out).into_iter().map(|impact| (impact.value, impact.unit, impact.is_estimated)).collect();
    let expected = [(5_000.0, "人", true), (23.0, "件", true), (115_000.0, "円", true)];
    assert_eq!(impacts, expected.map(|(value, unit, is_estimated)| (value, unit.to_owned(), is_estimated)));
    let timeline: Vec<String> = below(&out, "タイムライン").into_iter().filter(|line| line.starts_with("- 1")).collect();
    assert_eq!((timeline.len(), timeline[0].as_str()), (7, "- 14:30 - 新バージョンをデプロイ"));
    assert_eq!(timeline[6], "- 15:15 - 完全復旧を確認");
    assert_eq!(count(&out, "再発防止策", |line| line.starts_with(|digit: char| digit.is_ascii_digit())), 4, "{out}");
    assert_eq!((count(&out, "学んだこと", |line| line.starts_with("- ")), reading::lessons(&out).len()), (3, 3));
    assert!(out.contains("エラー率") && out.contains("| 最大 | 12.5 |") && !out.contains("```"), "{out}");
    assert!(reading::unwritten(&out).is_empty(), "{:?}", reading::unwritten(&out));
}

#[test]
fn a_draft_asks_only_what_nobody_can_know_but_people() {
    for (locale, asked) in [
        (Locale::Ja, ["影響", "根本原因", "解決策", "学んだこと"]),
        (Locale::En, ["Impact", "Root cause", "Resolution", "What we learned"]),
    ] {
        let graphs: Vec<Snapshot> = graphs();
        let pieces: Pieces = pieces(locale, &graphs);
        let draft: String = expand::fill(&template::text(Template::Report, &happened(), true, &graphs, &pieces), &pieces);
        assert_eq!(reading::unwritten(&draft), asked, "{draft}");
        assert_eq!(reading::sections(&draft).len(), 8);
        let whole: [&str; 3] = match locale {
            Locale::Ja => ["45分", "佐藤 健（指揮）", "2025-10-20 14:35 JST に対応を開始"],
            Locale::En => ["45 minutes", "佐藤 健 (commander)", "somebody had it at 2025-10-20 14:35 JST"],
        };
        for part in whole {
            assert!(draft.contains(part), "{part} in\n{draft}");
        }
    }
}

#[test]
fn the_other_template_asks_how_it_made_sense() {
    for (locale, question) in [(Locale::Ja, "なぜその判断が自然だったか"), (Locale::En, "How it made sense at the time")]
    {
        let pieces: Pieces = pieces(locale, &[]);
        let text: String = template::text(Template::Sense, &happened(), false, &[], &pieces);
        let titles: Vec<&str> = reading::sections(&text).iter().map(|section| section.title).collect();
        assert!(titles.contains(&question) && titles.len() == 11, "{titles:?}");
        let wanted: Vec<Directive> = directives::directives(&text);
        assert_eq!(wanted.len(), 3, "{wanted:?}");
        assert!(text.contains("| 佐藤 健"), "who is asked is known: {text}");
    }
}

#[test]
fn every_question_of_a_template_is_known_as_one() {
    for (kind, locale) in Template::ALL.into_iter().flat_map(|kind| [(kind, Locale::Ja), (kind, Locale::En)]) {
        let text: String = template::text(kind, &happened(), true, &[], &pieces(locale, &[]));
        let asked: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        assert!(asked.len() >= 4, "{text}");
        for question in asked {
            assert!(template::QUESTIONS.contains(&question), "{question}");
            let unquoted: String = text.replace("> ", "");
            assert_eq!(reading::unwritten(&unquoted), reading::unwritten(&text), "{question}");
        }
    }
    let pieces: Pieces = pieces(Locale::Ja, &[]);
    let text: String = template::text(Template::Sense, &happened(), true, &[], &pieces);
    assert!(reading::unwritten(&text).contains(&"話を聞いた人".to_owned()), "nobody was asked yet");
}

#[test]
fn a_graph_that_is_not_kept_is_said_not_to_be_there_in_the_language_of_the_reader() {
    let graphs: Vec<Snapshot> = graphs();
    let pieces: Pieces = pieces(Locale::Ja, &graphs);
    let unknown: String = "ab".repeat(32);
    for (info, said) in [
        ("ops-graph 12".to_owned(), "グラフが見つかりません: 12".to_owned()),
        (format!("ops-graph {unknown}"), format!("グラフが見つかりません: {unknown}")),
        ("ops-graph <script>".to_owned(), "グラフが見つかりません: script".to_owned()),
        ("ops-graph".to_owned(), "グラフが見つかりません: IDが書かれていません".to_owned()),
    ] {
        let drawn: String = expand::html(&info, "", &pieces).unwrap();
        assert!(drawn.contains(&said) && !drawn.contains("<script"), "{drawn}");
        assert_eq!(expand::printed(&info, "", &pieces).unwrap(), drawn);
        assert!(expand::expanded(&format!("```{info}\n```\n"), &pieces).contains(&said), "{info}");
    }
    let english = Pieces { reader: Locale::En, ..pieces.clone() };
    assert!(expand::html("ops-graph 12", "", &english).unwrap().contains("Graph not found: 12"));
    let text: String = format!("```ops-graph 12\n```\n```ops-graph {}\n```\n~~~ops-graph 12\n~~~\n", graphs[0].id);
    assert_eq!(expand::missing_graphs(&text, &pieces), ["12"]);
    // What was frozen while the graph was there has its figures.
    let frozen: &str = "```ops-graph 12 frozen\n| 最大 | 5 |\n```\n";
    assert!(expand::missing_graphs(frozen, &pieces).is_empty());
    assert_eq!(expand::expanded(frozen, &pieces), "| 最大 | 5 |\n");
}

#[test]
fn what_is_to_be_done_stands_as_it_is_now_on_a_screen_and_as_it_was_in_what_goes_out() {
    let draft = Pieces { frozen_at: Some(BEGAN.plus_ms(60 * MINUTE)), ..pieces(Locale::Ja, &[]) };
    let text: &str = "```ops-actions INC-42\n```\n";
    let published: String = expand::freeze(text, &draft);
    assert!(published.contains("公開した時点（2025-10-20 15:30 JST）の内容です。"), "{published}");
    let mut later = Pieces { is_live: false, frozen_at: None, ..draft };
    for action in &mut later.incidents.values_mut().next().unwrap().actions {
        action.is_done = true;
    }
    let body: &str = directives::fences(&published)[0].body;
    let on_screen: String = expand::html("ops-actions INC-42 frozen", body, &later).unwrap();
    assert!(on_screen.contains("、完了") && !on_screen.contains("未完了"), "{on_screen}");
    for out in [expand::printed("ops-actions INC-42 frozen", body, &later).unwrap(), expand::expanded(&published, &later)] {
        assert!(out.contains("未完了") && out.contains("公開した時点"), "{out}");
    }
}

#[test]
fn a_timeline_prints_the_date_when_it_changes_and_corrected_times_beside_what_they_were() {
    let late = Line { at: BEGAN.plus_ms(24 * 60 * MINUTE), ..lines()[1].clone() };
    let corrected = Line { was_at: Some(BEGAN.plus_ms(23 * MINUTE)), ..lines()[4].clone() };
    let told = Told { happened: happened(), scope: String::new(), lines: vec![corrected, late], actions: Vec::new() };
    let mut pieces: Pieces = Pieces::none(tokyo(), Locale::Ja);
    pieces.incidents.insert(INCIDENT, told);
    let directive = Directive::Timeline { incident: INCIDENT, only_starred: false };
    let body: String = pieces.body(&directive).unwrap();
    assert_eq!(body, "14:50（訂正前 14:53） ★ 修正版をデプロイ\n2025-10-21 14:30 ★ アラート発生（エラー率急増）\n");
    let out: String = expand::expanded("x\n```ops-timeline INC-42\n```\ny\n", &pieces);
    assert_eq!(
        out,
        "x\n\n- 14:50（訂正前 14:53） - ★ 修正版をデプロイ\n- 2025-10-21 14:30 - ★ アラート発生（エラー率急増）\n\ny\n"
    );
}

#[test]
fn what_is_not_known_is_said_to_be_and_longer_times_are_told_in_hours_too() {
    let fields = |happened: Happened| {
        let mut pieces: Pieces = Pieces::none(tokyo(), Locale::En);
        let told = Told { happened, scope: "EU customers".to_owned(), lines: Vec::new(), actions: Vec::new() };
        pieces.incidents.insert(INCIDENT, told);
        pieces.body(&Directive::Fields(INCIDENT)).unwrap()
    };
    let open: String = fields(Happened { occurred_at: None, resolved_at: None, ..happened() });
    assert!(open.contains("- **Began**: not known\n") && open.contains("- **Duration**: not known\n"), "{open}");
    let long: String = fields(Happened { resolved_at: Some(BEGAN.plus_ms(75 * MINUTE)), ..happened() });
    assert!(long.contains("- **Duration**: 75 minutes (1h 15m)\n") && long.contains("- **Scope**: EU customers\n"), "{long}");
}

#[test]
fn directives_are_drawn_and_what_is_not_there_is_code() {
    let graphs: Vec<Snapshot> = graphs();
    let pieces: Pieces = pieces(Locale::Ja, &graphs);
    let drawn: String = expand::html(&format!("ops-graph {}", graphs[0].id), "", &pieces).unwrap();
    assert!(drawn.contains("<figure") && drawn.contains("<svg") && drawn.contains("<table"), "{drawn}");
    let fields: String = expand::html("ops-fields INC-42", "old", &pieces).unwrap();
    assert!(fields.contains("45分") && !fields.contains("old"), "{fields}");
    assert_eq!(expand::html("ops-fields INC-43", "", &pieces), None);
    assert_eq!(expand::html("ops-weather INC-42", "", &pieces), None);
    let published = Pieces { is_live: false, ..pieces };
    assert!(expand::html("ops-fields INC-42 frozen", "- 当時のまま", &published).unwrap().contains("当時のまま"));
    let text: &str = "a\n```ops-fields INC-43\nkept\n```\n";
    assert_eq!((expand::expanded(text, &published), expand::freeze(text, &published)), (text.to_owned(), text.to_owned()));
}
