//! Conditions that a watch checks: any invasion, an invasion with a name, an open game, a new invasion.

use super::words;
use crate::games::Game;
use crate::protocol::districts::{District, DistrictTable, Invasion, fold_name, nearest_name};

/// The condition that ends a watch (`--until`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// An invasion, or one with this name in the form of [`fold_name`].
    Invasion(Option<String>),
    /// An open game.
    Online,
}

impl Condition {
    /// Returns a sentence about what meets the condition, or `None` when nothing does.
    pub(super) fn describe_match(&self, game: &Game, table: &DistrictTable) -> Option<String> {
        let mut districts = table.districts.iter();
        match self {
            Self::Online => districts
                .any(is_open)
                .then(|| format!("{} is online", game.name)),
            Self::Invasion(None) => words::all(districts.filter_map(invasion)),
            Self::Invasion(Some(name)) => words::all(districts.filter_map(|it| named(it, name))),
        }
    }
}

impl Condition {
    /// Returns a sentence when the condition names nothing that is known or in `table`, with the name that was probably
    /// meant or the names of the districts. The servers may have other names, so this is no error.
    pub(super) fn unknown_name(&self, game: &Game, table: &DistrictTable) -> Option<String> {
        let Self::Invasion(Some(typed)) = self else {
            return None;
        };
        let districts: Vec<_> = table.districts.iter().map(|it| it.name.as_str()).collect();
        let invaders = table.districts.iter().flat_map(|it| {
            let name = match it.invasion.as_ref() {
                Some(Invasion::Cogs(cogs)) => cogs.cog.as_deref(),
                Some(Invasion::Ocean(ocean)) => ocean.location.as_deref(),
                None => None,
            };
            let fleet = it.ocean.as_ref().and_then(|ocean| ocean.fleet.as_ref());
            let kind = fleet.and_then(|fleet| fleet.kind.as_deref());
            name.into_iter().chain(kind)
        });
        let facts = game.district_names.iter().chain(game.cog_names).copied();
        let known: Vec<_> = facts
            .chain(districts.iter().copied())
            .chain(invaders)
            .collect();
        if known.iter().any(|name| fold_name(name) == *typed) {
            return None;
        }
        let what = format!("{} has nothing known as invasion={typed}", game.name);
        match nearest_name(typed, known.into_iter()) {
            Some(meant) => Some(format!(
                "{what}; did you mean invasion={}?",
                fold_name(meant)
            )),
            // The islands and fleets of a game without cogs are not known.
            None if game.cog_names.is_empty() => None,
            None => Some(format!(
                "{what}; name a cog or a district: {}",
                districts.join(", ")
            )),
        }
    }
}

/// Returns a sentence about the invasions that are not in `before`, or `None` when there is none.
pub(super) fn describe_new(before: &DistrictTable, table: &DistrictTable) -> Option<String> {
    let is_new = |district: &&District| {
        let mut before = before.districts.iter();
        let before = before.find(|other| other.name == district.name);
        let before = before.and_then(|it| it.invasion.as_ref());
        let both = before.zip(district.invasion.as_ref());
        !both.is_some_and(|(old, new)| is_same(old, new))
    };
    words::all(table.districts.iter().filter(is_new).filter_map(invasion))
}

/// Returns whether players can enter, or whether any are there when the game does not report that.
fn is_open(district: &District) -> bool {
    let has_players = || district.population.is_some_and(|players| players > 0);
    district.online.unwrap_or_else(has_players)
}

fn invasion(district: &District) -> Option<String> {
    let invasion = district.invasion.as_ref()?;
    Some(words::invasion(district, invasion))
}

/// Returns a sentence about an invasion or a fleet with this name, or an invasion of the district with this name.
fn named(district: &District, name: &str) -> Option<String> {
    let is_named = |it: &Option<String>| it.as_deref().is_some_and(|it| fold_name(it) == name);
    let is_match = district.invasion.as_ref().is_some_and(|it| match it {
        Invasion::Cogs(cogs) => is_named(&cogs.cog),
        Invasion::Ocean(ocean) => is_named(&ocean.location),
    });
    if is_match || fold_name(&district.name) == name {
        return invasion(district);
    }
    let fleet = district.ocean.as_ref()?.fleet.as_ref();
    let fleet = fleet.filter(|fleet| is_named(&fleet.kind))?;
    Some(words::fleet(district, fleet))
}

/// Returns whether an earlier and a later report are about the same invasion.
pub(super) fn is_same(old: &Invasion, new: &Invasion) -> bool {
    let (names, starts) = match (old, new) {
        (Invasion::Cogs(old), Invasion::Cogs(new)) => {
            ((&old.cog, &new.cog), (old.started, new.started))
        }
        (Invasion::Ocean(old), Invasion::Ocean(new)) => {
            ((&old.location, &new.location), (old.started, new.started))
        }
        _ => return false,
    };
    names.0 == names.1 && starts.0.zip(starts.1).is_none_or(|(old, new)| old == new)
}

#[cfg(test)]
mod tests;
