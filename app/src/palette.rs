//! What the palette finds: every screen at once, and what the server knows by that name as soon as it answers.

use crate::words::Words;
use model::links;
use serde_json::json;
use ui::palette::{PaletteEntry, PaletteMatter};
use ui::shortcuts::{Key, Shortcut, ShortcutGroup};

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

/// Everything the palette shows and says.
pub fn matter(words: &'static Words) -> PaletteMatter {
    PaletteMatter {
        entries: json!(entries(words)).to_string(),
        kinds: json!({
            "host": words.hosts,
            "alert": words.alerts,
            "rule": words.rules,
            "person": words.people,
            "document": words.documents,
            "dashboard": words.dashboards,
        })
        .to_string(),
        states: json!({
            "unanswered": words.unanswered,
            "held": words.held,
            "pending": words.pending,
            "resolved": words.resolved,
        })
        .to_string(),
        failed: words.find_failed,
    }
}

/// The keys, for the sheet.
pub fn shortcuts(words: &'static Words) -> Vec<ShortcutGroup> {
    let group = |title, keys: &[(Key, &'static str)]| ShortcutGroup {
        title,
        shortcuts: keys.iter().map(|(key, what)| Shortcut { key: *key, what }).collect(),
    };
    let key = Key::Single;
    vec![
        group(
            words.keys_everywhere,
            &[(Key::Chord("K"), words.key_palette), (key("?"), words.key_sheet), (key("p"), words.key_pause)],
        ),
        group(
            words.keys_list,
            &[
                (key("j"), words.key_next),
                (key("k"), words.key_previous),
                (key("Enter"), words.key_open),
                (key("a"), words.key_take),
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::{entries, matter};
    use crate::words::{EN, JA};
    use api::find::FoundKind;
    use model::alert::AlertState;
    use serde_json::{Value, json};

    #[test]
    fn the_script_has_a_word_for_every_kind_and_state_the_server_sends() {
        let matter = matter(&EN);
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let (kinds, states) = (read(&matter.kinds), read(&matter.states));
        use FoundKind::{Alert, Dashboard, Document, Host, Person, Rule};
        for kind in [Host, Alert, Rule, Person, Document, Dashboard] {
            assert!(kinds[json!(kind).as_str().unwrap()].is_string(), "{kind:?}");
        }
        assert_eq!(json!(AlertState::Firing), json!("firing"), "the script makes two states of it");
        for state in [AlertState::Pending, AlertState::Resolved] {
            assert!(states[json!(state).as_str().unwrap()].is_string(), "{state:?}");
        }
        assert_eq!(read(&matter.entries)[0]["href"], json!("/"));
    }

    #[test]
    fn both_languages_lead_to_the_same_screens_by_the_same_words() {
        for (ja, en) in entries(&JA).iter().zip(entries(&EN)) {
            assert_eq!((&ja.href, &ja.keywords), (&en.href, &en.keywords));
        }
    }
}
