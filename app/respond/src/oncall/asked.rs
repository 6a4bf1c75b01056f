//! What the addresses of these screens ask, and what forms put into them. Pure.

use api::oncall::MyShift;
use api::oncall::form::{ScheduleForm, ScheduleFormAsk};
use api::oncall::schedule::{OverrideWish, ScheduleAsk, SwapWish};
use figures::Civil;
use model::links;

use super::said::role_word;

/// Everything an address says of a schedule's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub ask: ScheduleAsk,
    /// The duty for which cover is to be asked.
    pub cover: SwapWish,
    /// What was just done.
    pub done: String,
}

/// What a field of an override is called: in a form `wish[role]`, in a link `role`.
fn bare(name: &str) -> &str {
    name.strip_prefix("wish[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(name)
}

/// Reads an address.
#[must_use]
pub fn schedule(name: &str, search: &str) -> Asked {
    let mut asked = Asked { ask: ScheduleAsk { name: name.to_owned(), ..ScheduleAsk::default() }, ..Asked::default() };
    asked.ask.wish.schedule = name.to_owned();
    asked.cover.schedule = name.to_owned();
    for (name, value) in links::pairs(search) {
        let (ask, cover) = (&mut asked.ask, &mut asked.cover);
        match bare(&name) {
            "view" => ask.view = value,
            "at" => ask.at = value,
            "role" => ask.wish.role = value,
            "person" => ask.wish.person = value,
            "from" => ask.wish.from = value,
            "until" => ask.wish.until = value,
            "reason" => ask.wish.reason = value,
            "revision" => ask.wish.revision = value,
            "cover_role" => cover.role = value,
            "cover_from" => cover.from = value,
            "cover_until" => cover.until = value,
            "done" => asked.done = value,
            _ => {}
        }
    }
    asked
}

/// An override as a form sent it.
#[must_use]
pub fn wish(fields: &[(String, String)]) -> OverrideWish {
    let found = |field: &str| -> String {
        let sent: String = format!("wish[{field}]");
        fields.iter().find(|(name, _)| *name == sent).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    OverrideWish {
        schedule: found("schedule"),
        role: found("role"),
        person: found("person"),
        from: found("from"),
        until: found("until"),
        reason: found("reason"),
        revision: found("revision"),
    }
}

/// Where cover is asked for a duty.
#[must_use]
pub fn cover_address(shift: &MyShift) -> String {
    let wall = |ms: i64| links::encode(&wall(shift.zone.civil(ms)));
    let (from, until): (String, String) = (wall(shift.from.0), wall(shift.until.0));
    let role: String = links::encode(&role_word(&shift.role));
    format!("{}?cover_role={role}&cover_from={from}&cover_until={until}#cover-role", links::schedule(&shift.schedule))
}

/// `2026-11-30T10:00`, as such a field has it.
#[must_use]
pub fn wall(civil: Civil) -> String {
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", civil.year, civil.month, civil.day, civil.hour, civil.minute)
}

/// The form of a schedule as an address or a form wrote it.
#[must_use]
pub fn form(name: String, pairs: Vec<(String, String)>) -> ScheduleFormAsk {
    let (draft, version) = draft(pairs);
    ScheduleFormAsk { name, draft, version }
}

/// The fields of a draft, and the version it was begun from.
#[must_use]
pub fn draft(pairs: Vec<(String, String)>) -> (ScheduleForm, Option<i64>) {
    let (mut draft, mut version): (ScheduleForm, Option<i64>) = (ScheduleForm::new(), None);
    for (name, value) in pairs {
        if name == "version" {
            version = value.parse().ok();
        } else if let Some(field) = name.strip_prefix("draft[").and_then(|rest| rest.strip_suffix(']')) {
            draft.insert(field.to_owned(), value);
        }
    }
    (draft, version)
}

#[cfg(test)]
mod tests {
    use super::{cover_address, form, schedule, wish};
    use api::Text;
    use api::oncall::MyShift;
    use figures::Zone;
    use model::Time;
    use model::links;
    use model::rota::DutyRole;

    #[test]
    fn a_link_and_a_form_ask_the_same() {
        let link = schedule("payments", "?view=week&at=2026-11-30&role=primary&from=2026-11-30T10%3A00");
        let form = schedule("payments", "view=week&at=2026-11-30&wish%5Brole%5D=primary&wish%5Bfrom%5D=2026-11-30T10%3A00");
        assert_eq!(link, form);
        assert!(link.ask.wish.is_begun() && link.ask.wish.schedule == "payments");
        let sent = [("wish[role]", "shadow"), ("wish[reason]", "x")];
        let fields: Vec<(String, String)> = sent.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
        assert_eq!((wish(&fields).role.as_str(), wish(&fields).reason.as_str()), ("shadow", "x"));
    }

    #[test]
    fn cover_is_asked_by_the_clock_of_the_schedule() {
        let shift = MyShift {
            schedule: "payments".to_owned(),
            title: Text::default(),
            zone: Zone::fixed("Asia/Tokyo", "JST", 540),
            role: DutyRole::Primary,
            from: Time(0),
            until: Time(3_600_000),
            source: None,
        };
        let address = cover_address(&shift);
        let (path, search) = address.trim_end_matches("#cover-role").split_once('?').unwrap();
        let cover = schedule("payments", search).cover;
        assert_eq!(path, links::schedule("payments"));
        assert_eq!((cover.from.as_str(), cover.until.as_str()), ("1970-01-01T09:00", "1970-01-01T10:00"));
    }

    #[test]
    fn a_draft_comes_back_from_its_address() {
        let pairs = links::pairs("?version=3&draft%5Blayer.0.role%5D=primary&other=1");
        let ask = form("payments".to_owned(), pairs);
        assert_eq!((ask.version, ask.draft.get("layer.0.role").map(String::as_str)), (Some(3), Some("primary")));
        assert_eq!(ask.draft.len(), 1);
    }
}
