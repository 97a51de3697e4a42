//! What a watch waits for: an invasion, one of a name, a game that is open, an invasion that is new.

use super::words;
use crate::games::Game;
use crate::protocol::districts::{District, DistrictTable, Invasion, fold_name};

/// What ends a watch (`--until`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// An invasion, or one of this name, which is folded.
    Invasion(Option<String>),
    /// An open district.
    Online,
}

/// Returns a sentence about how the condition holds; nothing when it does not.
pub(super) fn met(until: &Condition, game: &Game, table: &DistrictTable) -> Option<String> {
    let districts = table.districts.iter();
    match until {
        Condition::Online => districts
            .filter(|district| is_open(district))
            .map(|_| format!("{} is online", game.name))
            .next(),
        Condition::Invasion(None) => words::all(districts.filter_map(invaded)),
        Condition::Invasion(Some(name)) => words::all(districts.filter_map(|it| named(it, name))),
    }
}

/// Returns a sentence about the invasions that are not in `before`; nothing when there is none.
pub(super) fn appeared(before: &DistrictTable, table: &DistrictTable) -> Option<String> {
    let is_known = |district: &District| {
        let mut before = before.districts.iter();
        let before = before.find(|other| other.name == district.name);
        let before = before.and_then(|it| it.invasion.as_ref());
        let both = before.zip(district.invasion.as_ref());
        both.is_some_and(|(old, new)| is_same(old, new))
    };
    let is_new = |district: &&District| !is_known(district);
    words::all(table.districts.iter().filter(is_new).filter_map(invaded))
}

/// Whether players can enter; where the game does not tell, whether somebody is in there.
fn is_open(district: &District) -> bool {
    let is_played = || district.population.is_some_and(|players| players > 0);
    district.online.unwrap_or_else(is_played)
}

fn invaded(district: &District) -> Option<String> {
    let invasion = district.invasion.as_ref()?;
    Some(words::invasion(district, invasion))
}

/// An invasion by that name, in a district of that name, or a fleet of that name, in words.
fn named(district: &District, name: &str) -> Option<String> {
    let is_it = |told: &Option<String>| told.as_deref().is_some_and(|told| fold_name(told) == name);
    let by = |invasion: &Invasion| match invasion {
        Invasion::Cogs(cogs) => is_it(&cogs.cog),
        Invasion::Ocean(ocean) => is_it(&ocean.location),
    };
    let is_by = district.invasion.as_ref().is_some_and(by);
    if is_by || fold_name(&district.name) == name {
        return invaded(district);
    }
    let fleet = district.ocean.as_ref()?.fleet.as_ref();
    let fleet = fleet.filter(|fleet| is_it(&fleet.kind))?;
    Some(words::fleet(district, fleet))
}

/// Whether what was seen of an invasion and what is seen now are of one, which goes on.
fn is_same(old: &Invasion, new: &Invasion) -> bool {
    let began =
        |old: Option<u64>, new: Option<u64>| old.zip(new).is_none_or(|(old, new)| old == new);
    match (old, new) {
        (Invasion::Cogs(old), Invasion::Cogs(new)) => {
            old.cog == new.cog && began(old.started, new.started)
        }
        (Invasion::Ocean(old), Invasion::Ocean(new)) => {
            old.location == new.location && began(old.started, new.started)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
