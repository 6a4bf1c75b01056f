//! What the palette finds: every screen at once, and what the server knows by that name as soon as it answers.

use crate::words::Words;
use api::ApiError;
use api::find::{Found, FoundKind, LONGEST_TEXT, find};
use figures::Locale;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::alert::AlertState;
use model::links;
use std::time::Duration;
use ui::keys::Keys;
use ui::palette::{PaletteEntry, PaletteState};
use ui::shortcuts::{Shortcut, ShortcutGroup};

/// As long as a quick writer takes between two letters: the server is asked when they pause.
const PAUSE: Duration = Duration::from_millis(180);

/// Screens by name, in both languages as keywords.
pub fn entries(words: &'static Words) -> Vec<PaletteEntry> {
    [
        (words.now, links::NOW, "now ima いま home"),
        (words.alerts, links::ALERTS, "alerts arato アラート firing"),
        (words.incidents, links::INCIDENTS, "incidents インシデント 障害 しょうがい shougai outage timeline タイムライン"),
        (words.silences, links::SILENCES, "silences サイレンス 静止 mute ミュート maintenance メンテナンス"),
        (
            words.oncall,
            links::ONCALL,
            "oncall on call 当番 とうばん touban schedule 当番表 予定表 rota override 上書き swap 交代 shift leave 休暇",
        ),
        (words.escalations, links::ESCALATIONS, "escalations エスカレーション policy ポリシー ladder 段 paging 呼び出し"),
        (words.runs, links::RUNS, "runs why paged なぜ 経緯 けいい keii 呼び出し nobody explain"),
        (
            words.documents,
            links::documents::DOCUMENTS,
            "documents 文書 ぶんしょ bunsho runbook ランブック 手順書 wiki 議事録 minutes 仕様 templates 雛形",
        ),
        (words.reviews, links::REVIEWS, "reviews 振り返り ふりかえり furikaeri mtta mttr noise ノイズ fairness 負荷 夜間"),
        (words.postmortems, links::POSTMORTEMS, "postmortems ポストモーテム 事後 振り返り lessons 学び 障害報告 review レビュー"),
        (words.actions, links::ACTIONS, "actions 再発防止策 さいはつ saihatsu follow-up フォローアップ todo 期限 overdue"),
        (words.routes, links::ROUTES, "routes 通知経路 つうち tsuchi routing ルーティング inhibition 抑制 where どこへ 届く"),
        (words.rules, links::RULES, "rules ruru ルール threshold しきい値"),
        (
            words.dashboards,
            links::dashboards::LIST,
            "dashboards ダッシュボード dasshubodo board ボード panel パネル graph グラフ grafana wall 壁掛け",
        ),
        (words.hosts, links::HOSTS, "hosts hosuto ホスト server サーバー cpu"),
        (words.explore, links::EXPLORE, "explore chosa 調査 promql query 式 metrics メトリクス graph グラフ"),
        (
            words.metrics,
            links::METRICS,
            "metrics メトリクス cardinality カーディナリティ series 系列 disk ディスク 容量 quota 上限",
        ),
        (words.targets, links::TARGETS, "targets scrape 収集先 スクレイプ push remote_write otlp datadog 送信元 届いているか"),
        (words.channels, links::CHANNELS, "channels 通知先 つうち tsuchi slack mail メール pagerduty webhook sms 電話 phone"),
        (
            words.integrations,
            links::INTEGRATIONS,
            "integrations 連携 れんけい renkei 受信 inbound alertmanager grafana datadog pagerduty webhook json key キー",
        ),
        (words.deliveries, links::DELIVERIES, "deliveries 送信履歴 soushin log ログ 通知 page 呼び出し"),
        (words.pager, links::PAGER, "pager 呼び出し yobidashi 届くか test テスト health"),
        (words.people, links::PEOPLE, "people teams members メンバー チーム invite 招待"),
        (words.pay, links::PAY, "pay 手当 てあて teate standby 待機 overtime 残業 csv 月"),
        (words.holidays, links::HOLIDAYS, "holidays 休日 祝日 きゅうじつ kyujitsu business hours 営業時間 calendar カレンダー"),
        (words.account, links::ACCOUNT, "account アカウント sessions tokens language theme zone 言語 時刻帯"),
    ]
    .into_iter()
    .map(|(label, href, keywords)| PaletteEntry {
        label: label.to_owned(),
        hint: href.to_owned(),
        href: href.to_owned(),
        keywords: keywords.to_owned(),
        group: words.screens.to_owned(),
    })
    .collect()
}

/// What the server last said, and about which text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answer {
    text: String,
    entries: Vec<PaletteEntry>,
    is_failure: bool,
}

/// What is written into the palette, and what the server finds for it.
#[derive(Clone, Copy)]
pub struct Finder {
    pub query: RwSignal<String>,
    answer: RwSignal<Answer>,
    words: &'static Words,
    locale: Locale,
}

impl Finder {
    /// Asks whenever the writer pauses. In the browser; on the server nothing happens.
    pub fn new(words: &'static Words, locale: Locale) -> Self {
        let finder = Self { query: RwSignal::new(String::new()), answer: RwSignal::new(Answer::default()), words, locale };
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(Some(waiting)) = waiting {
                waiting.clear();
            }
            let text = finder.query.with(|query| wanted(query));
            if text.is_empty() {
                return None;
            }
            set_timeout_with_handle(move || finder.ask(text), PAUSE).ok()
        });
        finder
    }

    fn ask(self, text: String) {
        spawn_local(async move {
            let found = find(text.clone()).await;
            // An answer that comes late, about what is no longer written, is none.
            let is_current = self.query.try_with_untracked(|query| wanted(query) == text).unwrap_or(false);
            if is_current {
                let _ = self.answer.try_set(self.answered(text, found));
            }
        });
    }

    fn answered(self, text: String, found: Result<Vec<Found>, ApiError>) -> Answer {
        match found {
            Ok(found) => {
                let entries = found.into_iter().map(|found| entry(found, self.words, self.locale)).collect();
                Answer { text, entries, is_failure: false }
            }
            Err(_) => Answer { text, entries: Vec::new(), is_failure: true },
        }
    }

    /// What was found, as it is to be shown: until the answer to the newest letters is there, what of the last one still fits.
    pub fn found(self) -> Signal<Vec<PaletteEntry>> {
        Signal::derive(move || {
            let text = self.query.with(|query| wanted(query));
            self.answer.with(|answer| shown(answer, &text))
        })
    }

    /// How far the asking is.
    pub fn state(self) -> Signal<PaletteState> {
        Signal::derive(move || {
            let text = self.query.with(|query| wanted(query));
            self.answer.with(|answer| state(answer, &text, self.words))
        })
    }
}

/// What is looked for: nothing beyond what the server takes.
fn wanted(query: &str) -> String {
    query.trim().chars().take(LONGEST_TEXT as usize).collect::<String>().trim_end().to_owned()
}

fn shown(answer: &Answer, text: &str) -> Vec<PaletteEntry> {
    if text.is_empty() {
        Vec::new()
    } else if answer.text == text {
        answer.entries.clone()
    } else {
        ui::palette::find(&answer.entries, text)
    }
}

fn state(answer: &Answer, text: &str, words: &Words) -> PaletteState {
    match (text.is_empty(), answer.text == text) {
        (true, _) => PaletteState::Settled,
        (false, false) => PaletteState::Asking,
        (false, true) if answer.is_failure => PaletteState::Failed(words.find_failed.to_owned()),
        (false, true) => PaletteState::Settled,
    }
}

/// Something found, as it stands in the palette.
fn entry(found: Found, words: &Words, locale: Locale) -> PaletteEntry {
    let group = match found.kind {
        FoundKind::Host => words.hosts,
        FoundKind::Alert => words.alerts,
        FoundKind::Rule => words.rules,
        FoundKind::Person => words.people,
        FoundKind::Document => words.documents,
        FoundKind::Dashboard => words.dashboards,
    };
    let hint = match found.alert {
        Some(alert) => format!("{} · {}", alert.severity.code(), alert_word(alert.state, alert.held, words)),
        None => found.hint,
    };
    PaletteEntry {
        label: found.label.read(locale).to_owned(),
        hint,
        href: found.href,
        keywords: format!("{} {}", found.label.ja, found.label.en),
        group: group.to_owned(),
    }
}

fn alert_word(state: AlertState, held: bool, words: &Words) -> &'static str {
    match (state, held) {
        (AlertState::Firing, false) => words.unanswered,
        (AlertState::Firing, true) => words.held,
        (AlertState::Pending, _) => words.pending,
        (AlertState::Resolved, _) => words.resolved,
    }
}

/// The keys, for the sheet. `chord` is the palette's, as it is called on the reader's keyboard.
pub fn shortcuts(words: &'static Words, chord: &str) -> Vec<ShortcutGroup> {
    let group = |title: &str, keys: &[(&str, &str)]| ShortcutGroup {
        title: title.to_owned(),
        shortcuts: keys.iter().map(|(key, what)| Shortcut { key: (*key).to_owned(), what: (*what).to_owned() }).collect(),
    };
    vec![
        group(words.keys_everywhere, &[(chord, words.key_palette), ("?", words.key_sheet), ("p", words.key_pause)]),
        group(
            words.keys_list,
            &[("j", words.key_next), ("k", words.key_previous), ("Enter", words.key_open), ("a", words.key_take)],
        ),
    ]
}

/// The screens, which never change, and the keys, whose names depend on the keyboard.
pub fn stored(words: &'static Words, keys: Keys) -> (Signal<Vec<PaletteEntry>>, Signal<Vec<ShortcutGroup>>) {
    (Signal::stored(entries(words)), Signal::derive(move || shortcuts(words, &keys.chord("K"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::EN;
    use api::Text;
    use api::find::FoundAlert;
    use model::Severity;

    fn alert() -> Found {
        let stands = FoundAlert { severity: Severity::P1, state: AlertState::Firing, held: true };
        Found {
            kind: FoundKind::Alert,
            label: Text { ja: "A-7 CPU使用率が高い".to_owned(), en: String::new() },
            hint: String::new(),
            href: "/alerts/A-7".to_owned(),
            alert: Some(stands),
        }
    }

    #[test]
    fn an_alert_is_shown_with_how_it_stands() {
        let entry = entry(alert(), &EN, Locale::En);
        assert_eq!((entry.label.as_str(), entry.hint.as_str()), ("A-7 CPU使用率が高い", "P1 · Acknowledged"));
        assert_eq!(entry.group, "Alerts");
    }

    #[test]
    fn until_the_next_answer_comes_the_last_one_is_filtered() {
        let entries = vec![entry(alert(), &EN, Locale::En)];
        let answer = Answer { text: "cpu".to_owned(), entries, is_failure: false };
        for (text, n_shown, expected) in [
            ("cpu", 1, PaletteState::Settled),
            ("cpu使", 1, PaletteState::Asking),
            ("cpux", 0, PaletteState::Asking),
            ("", 0, PaletteState::Settled),
        ] {
            assert_eq!((shown(&answer, text).len(), state(&answer, text, &EN)), (n_shown, expected), "{text}");
        }
        let failure = Answer { is_failure: true, ..answer };
        assert_eq!(state(&failure, "cpu", &EN), PaletteState::Failed(EN.find_failed.to_owned()));
    }

    #[test]
    fn what_is_looked_for_is_never_longer_than_the_server_takes() {
        assert_eq!(wanted("  app 02 "), "app 02");
        assert_eq!(wanted(&"あ".repeat(300)).chars().count(), LONGEST_TEXT as usize);
    }
}
