//! How each kind of channel is set up at its provider's, in the words of both languages.
//!
//! What a form's fields hold is said by the channel itself; here stands what has to be done elsewhere before they can be filled in.

use ::api::Text;
use notify::channels::Said;

/// One kind of channel, for people.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// One of [`notify::channels::KINDS`].
    pub kind: &'static str,
    pub name: Said,
    /// One sentence: what it needs.
    pub needs: Said,
    /// What is done where, in order. `{url}` is the address of this server, `{name}` the name of the channel.
    steps: &'static [Said],
}

impl Guide {
    /// The steps with the addresses of this installation.
    pub fn steps(&self, public_url: &str, name: &str) -> Vec<Text> {
        let filled = |text: &str| text.replace("{url}", public_url.trim_end_matches('/')).replace("{name}", name);
        self.steps.iter().map(|step| Text { ja: filled(step.ja), en: filled(step.en) }).collect()
    }
}

/// The guide of a kind.
pub fn of(kind: &str) -> Option<&'static Guide> {
    GUIDES.iter().find(|guide| guide.kind == kind)
}

const fn said(ja: &'static str, en: &'static str) -> Said {
    Said { ja, en }
}

/// Every kind, in the order they are offered.
pub static GUIDES: [Guide; 10] = [
    Guide {
        kind: "slack",
        name: said("Slack（アプリ）", "Slack app"),
        needs: said(
            "ボットトークンとチャンネル名。投稿は状況に合わせて更新され、ボタンで引き受けられます。",
            "A bot token and a channel. Messages follow the alert, and a button acknowledges it.",
        ),
        steps: SLACK,
    },
    Guide {
        kind: "slack_webhook",
        name: said("Slack（Incoming Webhook）", "Slack incoming webhook"),
        needs: said(
            "Webhook のアドレスだけ。投稿の更新とボタンはありません。",
            "Only the webhook's address. No updates, no buttons.",
        ),
        steps: SLACK_WEBHOOK,
    },
    Guide {
        kind: "email",
        name: said("メール", "E-mail"),
        needs: said(
            "SMTP サーバーと宛先。アラートごとにスレッドになります。",
            "An SMTP server and recipients. One thread to an alert.",
        ),
        steps: EMAIL,
    },
    Guide {
        kind: "pagerduty",
        name: said("PagerDuty", "PagerDuty"),
        needs: said("サービスのインテグレーションキー（Events API v2）。", "A service's integration key (Events API v2)."),
        steps: PAGERDUTY,
    },
    Guide {
        kind: "webhook",
        name: said("Webhook", "Webhook"),
        needs: said(
            "POST を受け取るアドレスと、署名を確かめるためのシークレット。",
            "An address that takes a POST, and a secret that signs it.",
        ),
        steps: WEBHOOK,
    },
    Guide {
        kind: "web_push",
        name: said("Web プッシュ", "Web push"),
        needs: said(
            "各自がアカウント画面で通知を許可したブラウザー。宛先は人ごとに選べます。",
            "The browsers in which people switched it on, on their account screen. Name whose, or leave it to everybody.",
        ),
        steps: WEB_PUSH,
    },
    Guide {
        kind: "teams",
        name: said("Microsoft Teams", "Microsoft Teams"),
        needs: said("チャネルに投稿するワークフローのアドレス。", "The address of a workflow that posts to a channel."),
        steps: TEAMS,
    },
    Guide {
        kind: "discord",
        name: said("Discord", "Discord"),
        needs: said("チャンネルの Webhook のアドレス。", "The address of a channel's webhook."),
        steps: DISCORD,
    },
    Guide {
        kind: "sms",
        name: said("SMS", "Text message"),
        needs: said(
            "Twilio（または互換サービス）のアカウントと電話番号。",
            "An account and a number at Twilio, or a compatible provider.",
        ),
        steps: TWILIO,
    },
    Guide {
        kind: "voice",
        name: said("電話（音声）", "Phone call"),
        needs: said(
            "Twilio（または互換サービス）のアカウントと、音声通話のできる電話番号。",
            "An account at Twilio, or a compatible provider, and a number that can call.",
        ),
        steps: TWILIO,
    },
];

const SLACK: &[Said] = &[
    said(
        "api.slack.com/apps で「Create New App」→「From scratch」を選び、ワークスペースを選びます。",
        "At api.slack.com/apps choose Create New App, From scratch, and your workspace.",
    ),
    said(
        "「OAuth & Permissions」の Bot Token Scopes に chat:write、files:write、users:read、users:read.email を加えます。",
        "Under OAuth & Permissions add the bot token scopes chat:write, files:write, users:read and users:read.email.",
    ),
    said(
        "「Install to Workspace」でインストールし、xoxb- で始まるトークンを「ボットトークン」に貼り付けます。",
        "Install it to the workspace and paste the token that begins with xoxb- as the bot token.",
    ),
    said(
        "Slack の通知先チャンネルで /invite @アプリ名 を実行します。",
        "In the Slack channel that is to hear of alerts, run /invite @name-of-the-app.",
    ),
    said(
        "ボタンで引き受けるには、「Interactivity & Shortcuts」を有効にし、Request URL を {url}/hooks/slack にします。",
        "For the button switch on Interactivity & Shortcuts and set its Request URL to {url}/hooks/slack.",
    ),
    said(
        "「Basic Information」の Signing Secret を「署名シークレット」に貼り付け、保存してテストします。",
        "Paste the Signing Secret from Basic Information as the signing secret, save, and send a test.",
    ),
];

const SLACK_WEBHOOK: &[Said] = &[
    said(
        "api.slack.com/apps でアプリを作り、「Incoming Webhooks」を有効にします。",
        "At api.slack.com/apps make an app and switch on Incoming Webhooks.",
    ),
    said(
        "「Add New Webhook to Workspace」で投稿先のチャンネルを選びます。",
        "Choose Add New Webhook to Workspace, and the channel.",
    ),
    said("表示されたアドレスを貼り付け、保存してテストします。", "Paste the address it shows, save, and send a test."),
];

const EMAIL: &[Said] = &[
    said(
        "メールサービスの SMTP サーバー名、ポート、認証情報を用意します（二段階認証のアカウントではアプリパスワード）。",
        "Have the name, port and credentials of your SMTP server at hand; an app password where sign-in takes two steps.",
    ),
    said(
        "差出人は、そのサーバーから送ってよいアドレスにします（SPF と DKIM が通るもの）。",
        "Send from an address that this server may send for, so that SPF and DKIM pass.",
    ),
    said(
        "保存してテストし、迷惑メールに入らないことを確かめます。",
        "Save, send a test, and see that it does not land among the spam.",
    ),
];

const PAGERDUTY: &[Said] = &[
    said(
        "PagerDuty の「Services」で呼び出し先のサービスを開き、「Integrations」→「Add an integration」を選びます。",
        "In PagerDuty open the service under Services and choose Integrations, Add an integration.",
    ),
    said(
        "「Events API V2」を選び、Integration Key（32 文字）を貼り付けます。",
        "Choose Events API V2 and paste its Integration Key of 32 characters.",
    ),
    said(
        "PagerDuty での引き受け（Acknowledge）と解決をこちらにも反映するには、「Generic Webhooks (v3)」を作り、宛先を {url}/hooks/pagerduty/{name} にして、表示されたシークレットを貼り付けます。",
        "To hear of what is acknowledged or resolved there, add a Generic Webhook (v3) to {url}/hooks/pagerduty/{name} and paste its secret.",
    ),
    said(
        "保存してテストします。テストのインシデントは PagerDuty で解決してください。",
        "Save and send a test; resolve the test incident in PagerDuty.",
    ),
];

const WEBHOOK: &[Said] = &[
    said(
        "受信側に、JSON の POST を受け取る https:// のアドレスを用意します。",
        "On the receiving side have an https:// address that takes a POST of JSON.",
    ),
    said(
        "「openssl rand -base64 32」の結果の前に whsec_ を付け、署名シークレットとして両側に置きます。",
        "Put whsec_ before what “openssl rand -base64 32” prints, and give it to both sides as the signing secret.",
    ),
    said(
        "受信側で webhook-signature を確かめます（Standard Webhooks）。webhook-id が同じものは一度だけ扱います。",
        "Verify webhook-signature there (Standard Webhooks), and act only once on the same webhook-id.",
    ),
    said(
        "2xx を返すまで送り直します。呼び出しは数秒後から始めて 5 分おきに 24 時間、それ以外の知らせは間を空けて数日のあいだです。",
        "Until it answers with 2xx it is tried again: what summons somebody after seconds and then every five minutes for a day, other word less and less often for days.",
    ),
];

const WEB_PUSH: &[Said] = &[
    said(
        "通知を受けるブラウザーで Mimamori にサインインし、アカウント画面の「このブラウザー」で通知を許可します。",
        "Sign in with the browser that is to be paged, and switch it on under “This browser” on the account screen.",
    ),
    said(
        "iPhone と iPad では、先に「ホーム画面に追加」してから開きます。",
        "On an iPhone or iPad add Mimamori to the home screen first, and open it from there.",
    ),
    said(
        "端末の「おやすみモード」などで Mimamori の通知が止められないことを確かめ、テストします。",
        "See that no focus or do-not-disturb mode holds it back, and send a test.",
    ),
];

const TEAMS: &[Said] = &[
    said(
        "Teams で通知先のチャネルの「…」→「ワークフロー」を開きます。",
        "In Teams open the menu of the channel and choose Workflows.",
    ),
    said(
        "「Webhook 要求を受信したときにチャネルに投稿する」を選び、チームとチャネルを指定して追加します。",
        "Choose “Post to a channel when a webhook request is received”, the team and the channel, and add it.",
    ),
    said("表示されたアドレスを貼り付け、保存してテストします。", "Paste the address it shows, save, and send a test."),
];

const DISCORD: &[Said] = &[
    said(
        "通知先のチャンネルの設定を開き、「連携サービス」→「ウェブフック」を選びます。",
        "Open the settings of the channel and choose Integrations, Webhooks.",
    ),
    said("「新しいウェブフック」を作り、「ウェブフック URL をコピー」します。", "Make a new webhook and copy its URL."),
    said("貼り付け、保存してテストします。", "Paste it, save, and send a test."),
];

const TWILIO: &[Said] = &[
    said(
        "Twilio のコンソールで Account SID と Auth Token を確かめます。",
        "Look up the Account SID and the Auth Token in Twilio's console.",
    ),
    said(
        "発信元の電話番号を用意します。日本の番号への SMS は、届くことを先に確かめてください。",
        "Have a number to send from. See beforehand that text messages from it reach your country.",
    ),
    said(
        "試用アカウントでは、宛先の番号を Verified Caller IDs に登録します。",
        "With a trial account register the recipient's number under Verified Caller IDs.",
    ),
    said(
        "受け取る人の電話で、発信元の番号を連絡先に登録し、夜間も鳴るようにします。",
        "On the recipient's phone save the number as a contact that may ring at night.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use notify::channels::KINDS;

    #[test]
    fn every_kind_is_explained_in_the_order_it_is_offered() {
        assert_eq!(GUIDES.map(|guide| guide.kind), KINDS);
        for guide in GUIDES {
            let mut texts = [guide.name, guide.needs].into_iter().chain(guide.steps.iter().copied());
            assert!(texts.all(|text| !text.ja.is_empty() && !text.en.is_empty()), "{}", guide.kind);
            assert!((3..=6).contains(&guide.steps.len()), "{} has {} steps", guide.kind, guide.steps.len());
        }
    }

    #[test]
    fn steps_name_the_addresses_of_this_server() {
        let slack: Vec<Text> = of("slack").unwrap().steps("https://watch.example/", "ops");
        assert!(slack.iter().any(|step| step.en.contains("https://watch.example/hooks/slack")));
        let pagerduty: Vec<Text> = of("pagerduty").unwrap().steps("https://watch.example", "ops");
        assert!(pagerduty.iter().any(|step| step.ja.contains("https://watch.example/hooks/pagerduty/ops")));
        assert!(slack.iter().chain(&pagerduty).all(|step| !step.en.contains('{') && !step.ja.contains('{')));
    }
}
