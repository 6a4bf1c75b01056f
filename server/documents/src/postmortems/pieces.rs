//! What directives show, in words: everything a text asks for was fetched before, so this waits for nobody.

use crate::postmortems::directives::{Directive, Stated};
use crate::postmortems::graph::{self, Snapshot};
use crate::postmortems::needs::{Action, Happened, Line};
use figures::{Civil, Locale, Zone};
use model::Time;
use model::ids::IncidentId;
use model::postmortem::ActionKind;
use std::collections::BTreeMap;

/// Characters of an id that is not known.
const MOST_SAID: usize = 80;

/// An incident with what is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub happened: Happened,
    /// For whom it was bad, where somebody wrote it; else the systems say it.
    pub scope: String,
    pub lines: Vec<Line>,
    pub actions: Vec<Action>,
}

/// What the directives of one text show.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    /// That of the text.
    pub locale: Locale,
    /// That of whoever reads it, in which they are told what is missing.
    pub reader: Locale,
    pub zone: Zone,
    /// The text is a draft: what was frozen is told as it is now.
    pub is_live: bool,
    /// When it is frozen, for whoever reads later what was so then.
    pub frozen_at: Option<Time>,
    pub incidents: BTreeMap<IncidentId, Told>,
    pub graphs: BTreeMap<String, Snapshot>,
    /// Checklists as Markdown, by the number of their run.
    pub runs: BTreeMap<i64, String>,
}

impl Pieces {
    /// None yet.
    #[must_use]
    pub fn none(zone: Zone, locale: Locale) -> Self {
        let (incidents, graphs, runs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { locale, reader: locale, zone, is_live: true, frozen_at: None, incidents, graphs, runs }
    }

    /// What a directive shows now, ending in a line break; `None` when it is not there for the reader.
    #[must_use]
    pub fn body(&self, directive: &Directive) -> Option<String> {
        match directive {
            Directive::Fields(incident) => Some(self.fields(self.incidents.get(incident)?)),
            Directive::Timeline { incident, only_starred } => Some(self.timeline(self.incidents.get(incident)?, *only_starred)),
            Directive::Graph(id) => Some(graph::body(self.graphs.get(id)?, &self.zone, self.locale)),
            Directive::Actions(incident) => Some(self.actions(self.incidents.get(incident)?)),
            Directive::Checklist(run) => self.runs.get(&run.0).map(|run| ended(run)),
        }
    }

    /// What a directive shows for ever from now on. What is to be done goes on changing, so it says of when it is.
    #[must_use]
    pub fn frozen(&self, directive: &Directive) -> Option<String> {
        let body: String = self.body(directive)?;
        let Some(at) = self.frozen_at.filter(|_| matches!(directive, Directive::Actions(_))) else {
            return Some(body);
        };
        let at: String = self.moment(at);
        Some(match self.locale {
            Locale::Ja => format!("{body}\n公開した時点（{at}）の内容です。\n"),
            Locale::En => format!("{body}\nAs it was when this was published ({at}).\n"),
        })
    }

    /// What is said where a graph should stand that is not kept with the text. One line of Markdown.
    #[must_use]
    pub fn no_graph(&self, id: &str) -> String {
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let id: String = id.chars().filter(is_plain).take(MOST_SAID).collect();
        match (self.reader, id.is_empty()) {
            (Locale::Ja, false) => format!("グラフが見つかりません: {id}\n"),
            (Locale::En, false) => format!("Graph not found: {id}\n"),
            (Locale::Ja, true) => "グラフが見つかりません: IDが書かれていません\n".to_owned(),
            (Locale::En, true) => "Graph not found: no id is given\n".to_owned(),
        }
    }

    /// What a reader sees: what was frozen as it was, everything else as it is now.
    #[must_use]
    pub fn shown(&self, stated: &Stated, stored: &str) -> Option<String> {
        if stated.is_frozen && !self.is_live { Some(ended(stored)) } else { self.body(&stated.directive) }
    }

    fn pick(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::Ja => ja,
            Locale::En => en,
        }
    }

    /// The six bullets of the requirement document.
    fn fields(&self, told: &Told) -> String {
        let happened: &Happened = &told.happened;
        let moment = |at: Option<Time>| at.map_or_else(|| self.pick("未確認", "not known").to_owned(), |at| self.moment(at));
        let fields: [(&str, String); 6] = [
            (self.pick("発生日時", "Began"), moment(happened.occurred_at)),
            (self.pick("検知日時", "Noticed"), moment(happened.detected_at)),
            (self.pick("復旧日時", "Recovered"), moment(happened.resolved_at)),
            (self.pick("影響時間", "Duration"), self.length(happened)),
            (self.pick("レベル", "Level"), flat(&happened.code)),
            (self.pick("影響範囲", "Scope"), self.scope(told)),
        ];
        fields.iter().map(|(name, value)| format!("- **{name}**: {value}\n")).collect()
    }

    /// `2025-10-20 14:30 JST`.
    pub(crate) fn moment(&self, at: Time) -> String {
        format!("{} {} {}", date(&self.zone.civil(at.0)), self.clock(at), self.zone.abbreviation)
    }

    /// `14:30`.
    fn clock(&self, at: Time) -> String {
        let Civil { hour, minute, .. } = self.zone.civil(at.0);
        format!("{hour:02}:{minute:02}")
    }

    /// From the occurrence to the end, in minutes as the requirement document has them.
    fn length(&self, happened: &Happened) -> String {
        let Some(ms) = impact_ms(happened) else {
            return self.pick("未確認", "not known").to_owned();
        };
        let minutes: i64 = ms / 60_000;
        let told: String = match (self.locale, minutes) {
            (Locale::Ja, _) => format!("{minutes}分"),
            (Locale::En, 1) => "1 minute".to_owned(),
            (Locale::En, _) => format!("{minutes} minutes"),
        };
        if minutes < 60 {
            return told;
        }
        let long: String = figures::duration(minutes * 60_000, self.locale);
        match self.locale {
            Locale::Ja => format!("{told}（{long}）"),
            Locale::En => format!("{told} ({long})"),
        }
    }

    fn scope(&self, told: &Told) -> String {
        let written: String = flat(&told.scope);
        if !written.is_empty() {
            return written;
        }
        if told.happened.systems.is_empty() {
            return self.pick("未確認", "not known").to_owned();
        }
        told.happened.systems.iter().map(|system| flat(system)).collect::<Vec<String>>().join(self.pick("、", ", "))
    }

    fn timeline(&self, told: &Told, only_starred: bool) -> String {
        let lines: Vec<&Line> = told.lines.iter().filter(|line| line.is_starred || !only_starred).collect();
        if lines.is_empty() {
            return ended(self.pick("記録がありません", "Nothing was written down"));
        }
        // The date is that of the beginning until it changes.
        let begin: Time = told.happened.occurred_at.or(told.happened.detected_at).unwrap_or(lines[0].at);
        let mut day: String = date(&self.zone.civil(begin.0));
        let mut written = String::new();
        for line in lines {
            let own: String = date(&self.zone.civil(line.at.0));
            if own != day {
                written.push_str(&own);
                written.push(' ');
                day = own;
            }
            written.push_str(&self.line(line, only_starred));
        }
        written
    }

    /// `14:50（訂正前 14:53）★ 修正版をデプロイ`.
    fn line(&self, line: &Line, only_starred: bool) -> String {
        let was: String = match (line.was_at, self.locale) {
            (None, _) => String::new(),
            (Some(at), Locale::Ja) => format!("（訂正前 {}）", self.clock(at)),
            (Some(at), Locale::En) => format!(" (was {})", self.clock(at)),
        };
        let star: &str = if line.is_starred && !only_starred { "★ " } else { "" };
        format!("{}{was} {star}{}\n", self.clock(line.at), flat(&line.text))
    }

    fn actions(&self, told: &Told) -> String {
        if told.actions.is_empty() {
            return ended(self.pick("再発防止策はまだありません", "No follow-up yet"));
        }
        let numbered = told.actions.iter().enumerate();
        numbered.map(|(place, action)| format!("{}. {}\n", place + 1, self.action(action))).collect()
    }

    fn action(&self, action: &Action) -> String {
        let owner: String = action.owner_name.as_deref().map_or_else(|| self.pick("未定", "nobody").to_owned(), flat);
        let due: String = action.due_on.map_or_else(|| self.pick("未定", "none").to_owned(), |day| day.to_string());
        let state: &str = if action.is_done { self.pick("完了", "done") } else { self.pick("未完了", "open") };
        let evidence: String = match &action.evidence {
            Some(url) if action.is_done => format!("{}[{}](<{url}>)", self.pick("、", ", "), self.pick("証跡", "evidence")),
            _ => String::new(),
        };
        let (title, kind): (String, &str) = (flat(&action.title), self.kind(action.kind));
        match self.locale {
            Locale::Ja => format!("{title}（{kind}、担当: {owner}、期限: {due}、{state}{evidence}）"),
            Locale::En => format!("{title} ({kind}, owner: {owner}, due: {due}, {state}{evidence})"),
        }
    }

    fn kind(&self, kind: ActionKind) -> &'static str {
        match kind {
            ActionKind::Mitigate => self.pick("軽減", "mitigate"),
            ActionKind::Prevent => self.pick("防止", "prevent"),
            ActionKind::Detect => self.pick("検知", "detect"),
            ActionKind::Process => self.pick("手順", "process"),
        }
    }
}

/// How long it was, when both ends are known.
#[must_use]
pub fn impact_ms(happened: &Happened) -> Option<i64> {
    let begin: Time = happened.occurred_at?;
    happened.resolved_at.map(|end| end.since(begin).max(0))
}

fn date(civil: &Civil) -> String {
    format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day)
}

/// On one line.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// With one line break at its end.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}
