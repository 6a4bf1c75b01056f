//! From what a file writes to what is kept, and back: addresses and people, wall clocks and moments.

use super::almanacs::Almanacs;
use super::definition::{Definition, LayerDraft, LayerRow, role_of, role_word};
use super::written::{
    At, NOBODY, Title, WrittenAdvance, WrittenHolidays, WrittenLayer, WrittenMember, WrittenMode, WrittenRotation,
    WrittenSchedule, WrittenTime, WrittenUnit,
};
use crate::policies::Zone;
use chrono_tz::Tz;
use model::Time;
use model::ids::{LayerId, PersonId};
use model::rota::{Member, Rotation};

/// Who has an address.
pub(super) type Find<'f> = dyn Fn(&str) -> Option<PersonId> + 'f;

/// What is kept of a written schedule.
///
/// # Errors
/// Every address that is nobody's.
pub(super) fn definition(written: &WrittenSchedule, find: &Find<'_>, almanacs: &Almanacs) -> Result<Definition, Vec<String>> {
    let mut unknown: Vec<String> = Vec::new();
    let layers = written.layers.iter().map(|layer| draft(layer, written.zone, find, almanacs, &mut unknown));
    let layers: Vec<LayerDraft> = layers.collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(Definition {
        name: written.name.clone(),
        title_ja: written.title.ja.clone(),
        title_en: written.title.en.clone(),
        owner: written.owner.clone(),
        zone: String::from(written.zone),
        calendar: written.calendar.clone(),
        required: written.required.iter().map(WrittenTime::restriction).collect(),
        most_hours: written.most_hours,
        layers,
    })
}

fn draft(layer: &WrittenLayer, usual: Zone, find: &Find<'_>, almanacs: &Almanacs, unknown: &mut Vec<String>) -> LayerDraft {
    let written: &WrittenRotation = &layer.rotation;
    let zone: String = String::from(written.zone.unwrap_or(usual));
    let moment = |at: At| almanacs.zone(&zone).map(|offsets| offsets.first(at.0));
    LayerDraft {
        id: None,
        name: layer.name.clone(),
        role: role_of(&layer.role),
        rank: layer.rank,
        mode: layer.mode.value(),
        from: layer.from.and_then(moment),
        until: layer.until.and_then(moment),
        restrictions: layer.times.iter().map(WrittenTime::restriction).collect(),
        rotation: Rotation {
            unit: written.unit.value(),
            every: written.every,
            anchor: written.start.0,
            members: written.members.iter().map(|written| member(written, find, unknown)).collect(),
            offset: written.offset,
            advance_on: written.advance.value(),
            on_holiday: written.holidays.value(),
            zone,
        },
    }
}

fn member(written: &WrittenMember, find: &Find<'_>, unknown: &mut Vec<String>) -> Member {
    let mut person = |address: &String| {
        let found: Option<PersonId> = find(address);
        if found.is_none() {
            unknown.push(address.clone());
        }
        found
    };
    match written {
        WrittenMember::Person(address) => person(address).map_or(Member::Nobody, Member::Person),
        WrittenMember::Group(addresses) => Member::Group(addresses.iter().filter_map(person).collect()),
        WrittenMember::Nobody => Member::Nobody,
    }
}

/// The layers of a file, each going on from the one that is there: the one that says the same, else the one of its name and role.
pub(super) fn matched(wanted: Definition, layers: &[LayerRow]) -> Definition {
    let mut free: Vec<LayerDraft> = layers.iter().filter(|row| !row.is_closed).map(LayerRow::draft).collect();
    let mut drafts: Vec<LayerDraft> = wanted.layers.clone();
    for draft in &mut drafts {
        let same = free.iter().position(|known| known.says_the_same(draft));
        draft.id = same.and_then(|index| free.remove(index).id);
    }
    for draft in drafts.iter_mut().filter(|draft| draft.id.is_none()) {
        let named = free.iter().position(|known| known.name == draft.name && known.role == draft.role);
        draft.id = named.and_then(|index| free.remove(index).id);
    }
    Definition { layers: drafts, ..wanted }
}

/// Whether nothing would change; the order of layers means nothing.
pub(super) fn is_same(known: &Definition, wanted: &Definition) -> bool {
    let (bare, other) = (Definition { layers: Vec::new(), ..known.clone() }, Definition { layers: Vec::new(), ..wanted.clone() });
    let find = |id: Option<LayerId>| known.layers.iter().find(|layer| layer.id == id);
    let is_kept = |draft: &LayerDraft| draft.id.is_some() && find(draft.id).is_some_and(|layer| layer.says_the_same(draft));
    bare == other && known.layers.len() == wanted.layers.len() && wanted.layers.iter().all(is_kept)
}

/// A schedule as a file would write it. Whoever has no address any more is nobody.
pub(super) fn written(
    definition: &Definition,
    address: &dyn Fn(PersonId) -> Option<String>,
    almanacs: &Almanacs,
) -> WrittenSchedule {
    WrittenSchedule {
        name: definition.name.clone(),
        title: Title { ja: definition.title_ja.clone(), en: definition.title_en.clone() },
        owner: definition.owner.clone(),
        zone: zone(&definition.zone),
        calendar: definition.calendar.clone(),
        most_hours: definition.most_hours,
        required: definition.required.iter().map(WrittenTime::of).collect(),
        layers: definition.layers.iter().map(|draft| written_layer(draft, &definition.zone, address, almanacs)).collect(),
    }
}

fn written_layer(
    draft: &LayerDraft,
    usual: &str,
    address: &dyn Fn(PersonId) -> Option<String>,
    almanacs: &Almanacs,
) -> WrittenLayer {
    let rotation: &Rotation = &draft.rotation;
    let at = |at: Time| almanacs.zone(&rotation.zone).map(|offsets| At(offsets.local(at)));
    WrittenLayer {
        name: draft.name.clone(),
        role: role_word(&draft.role).to_owned(),
        rank: draft.rank,
        mode: WrittenMode::of(draft.mode),
        from: draft.from.and_then(at),
        until: draft.until.and_then(at),
        times: draft.restrictions.iter().map(WrittenTime::of).collect(),
        rotation: WrittenRotation {
            unit: WrittenUnit::of(rotation.unit),
            every: rotation.every,
            start: At(rotation.anchor),
            zone: (rotation.zone != usual).then(|| zone(&rotation.zone)),
            members: rotation.members.iter().map(|member| written_member(member, address)).collect(),
            offset: rotation.offset,
            advance: WrittenAdvance::of(rotation.advance_on),
            holidays: WrittenHolidays::of(rotation.on_holiday),
        },
    }
}

fn written_member(member: &Member, address: &dyn Fn(PersonId) -> Option<String>) -> WrittenMember {
    match member {
        Member::Person(person) => address(*person).map_or(WrittenMember::Nobody, WrittenMember::Person),
        Member::Group(people) => {
            WrittenMember::Group(people.iter().filter_map(|person| address(*person)).filter(|word| word != NOBODY).collect())
        }
        Member::Nobody => WrittenMember::Nobody,
    }
}

/// What is kept is a zone; it was checked.
fn zone(name: &str) -> Zone {
    Zone(name.parse::<Tz>().unwrap_or(Tz::UTC))
}
