//! The few words that belong to the components themselves. All others are given by the screens.

use ::figures::Locale;

/// One language's words, by what they say.
#[derive(Debug)]
pub struct Words {
    pub close: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub undo: &'static str,
    pub here: &'static str,
    pub find: &'static str,
    pub find_hint: &'static str,
    pub nothing_found: &'static str,
    pub keys: &'static str,
    pub notices: &'static str,
    pub loading: &'static str,
    pub required: &'static str,
    pub not_done: &'static str,
    pub series: &'static str,
    pub last: &'static str,
    pub least: &'static str,
    pub most: &'static str,
    pub mean: &'static str,
    pub time: &'static str,
    pub chart_role: &'static str,
    pub chart_keys: &'static str,
    pub chart_table: &'static str,
    pub chart_tools: &'static str,
    pub zoom_in: &'static str,
    pub zoom_out: &'static str,
    pub zoom_back: &'static str,
    pub hold_moment: &'static str,
}

/// Japanese.
pub const JA: Words = Words {
    close: "閉じる",
    copy: "コピー",
    copied: "コピーしました",
    undo: "元に戻す",
    here: "現在地",
    find: "検索・移動",
    find_hint: "画面の名前や言葉で探す",
    nothing_found: "見つかりません。別の言葉で探してください。",
    keys: "キー操作",
    notices: "お知らせ",
    loading: "読み込み中",
    required: "必須",
    not_done: "まだ反映していません。",
    series: "系列",
    last: "最新",
    least: "最小",
    most: "最大",
    mean: "平均",
    time: "時刻",
    chart_role: "グラフ",
    chart_keys: "左右の矢印で時刻を動かします。m で固定、+ と - で拡大・縮小、, と . で前後に移動、t で表",
    chart_table: "グラフの表",
    chart_tools: "グラフの操作",
    zoom_in: "拡大",
    zoom_out: "縮小",
    zoom_back: "前の範囲に戻す",
    hold_moment: "この時刻を固定・解除",
};

/// English.
pub const EN: Words = Words {
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    undo: "Undo",
    here: "You are here",
    find: "Search or go to",
    find_hint: "Find a screen by name or word",
    nothing_found: "Nothing found. Try another word.",
    keys: "Keyboard shortcuts",
    notices: "Notices",
    loading: "Loading",
    required: "required",
    not_done: "Nothing was changed yet.",
    series: "Series",
    last: "Last",
    least: "Min",
    most: "Max",
    mean: "Avg",
    time: "Time",
    chart_role: "chart",
    chart_keys: "Left and right arrows move in time, m holds the moment, + and - zoom, comma and period pan, t shows a table",
    chart_table: "The chart as a table",
    chart_tools: "Chart tools",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    zoom_back: "Back to the span before",
    hold_moment: "Hold or release this moment",
};

/// The words of a language.
#[must_use]
pub fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
