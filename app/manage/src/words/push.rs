//! Words of the part about pages in one's browsers.

use crate::words::viewer;
use figures::Locale;

/// Everything that part says.
pub struct Words {
    pub browsers: &'static str,
    pub note: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub browser: &'static str,
    pub since: &'static str,
    pub last_page: &'static str,
    pub never: &'static str,
    pub unknown: &'static str,
    pub this_one: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    pub off_of: fn(&str) -> String,
    pub test: &'static str,
    pub test_of: fn(&str) -> String,
    pub said_off: &'static str,
    pub said_tested: &'static str,
    pub asking: &'static str,
    pub refused: &'static str,
    pub unable: &'static str,
    pub failed: &'static str,
    pub needs_script: &'static str,
}

static JA: Words = Words {
    browsers: "ブラウザーの通知",
    note: "画面を閉じていても届きます",
    none: "通知が有効なブラウザーはありません。",
    none_hint: "このブラウザーで有効にすると、アラートがこの端末に直接届き、通知から引き受けられます。",
    browser: "ブラウザー",
    since: "有効にした日時",
    last_page: "最後に届いた通知",
    never: "まだありません",
    unknown: "不明なブラウザー",
    this_one: "このブラウザー",
    on: "このブラウザーで有効にする",
    off: "無効にする",
    off_of: |name| format!("{name} の通知を無効にする"),
    test: "試す",
    test_of: |name| format!("{name} に試しの通知を送る"),
    said_off: "通知を無効にしました。",
    said_tested: "試しの通知を送りました。",
    asking: "ブラウザーの確認に答えてください。",
    refused: "ブラウザーが通知を許可していません。アドレスバーの鍵の印からサイトの設定を開き、通知を許可してください。",
    unable: "このブラウザーは通知を受け取れません。iPhone と iPad では、ホーム画面に追加した Mimamori から開いてください。https でない接続でも使えません。",
    failed: "有効にできませんでした。通信を確かめて、もう一度押してください。",
    needs_script: "通知を有効にするには JavaScript が必要です。",
};

static EN: Words = Words {
    browsers: "Pages in your browsers",
    note: "they arrive while no window is open",
    none: "Pages are on in no browser.",
    none_hint: "Switched on in this one, alerts come straight to this device and can be acknowledged there.",
    browser: "Browser",
    since: "On since",
    last_page: "Last page",
    never: "none yet",
    unknown: "Unknown browser",
    this_one: "This browser",
    on: "Switch on in this browser",
    off: "Switch off",
    off_of: |name| format!("Switch pages off in {name}"),
    test: "Test",
    test_of: |name| format!("Send a test to {name}"),
    said_off: "Pages are off there.",
    said_tested: "The test was sent.",
    asking: "Answer what your browser asks.",
    refused: "Your browser does not allow it. Open the site's settings by the sign beside the address, and allow notifications.",
    unable: "This browser can't receive pages. On iPhone and iPad, open Mimamori from the home screen. It takes https, too.",
    failed: "It could not be switched on. Check your connection and press again.",
    needs_script: "Switching it on takes JavaScript.",
};

/// In the reader's language.
pub fn words() -> &'static Words {
    match viewer().locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
