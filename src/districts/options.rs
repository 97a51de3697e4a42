//! What the player asked for about districts.

use std::cmp::Reverse;
use std::time::Duration;

use super::condition::Condition;
use crate::protocol::districts::{District, DistrictTable, Invasion};

/// Which districts are shown, in which order, and how long they are watched.
#[derive(Debug, Clone, Default)]
pub struct DistrictOptions {
    /// Only invaded districts.
    pub invasions: bool,
    /// The order of the rows.
    pub order: Order,
    /// The pause between two requests of a watch.
    pub every: Option<Duration>,
    /// What ends the watch.
    pub until: Option<Condition>,
    /// How long the watch lasts at most.
    pub give_up: Option<Duration>,
    /// Notify the desktop.
    pub notify: bool,
}

/// The order of districts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By name.
    #[default]
    Name,
    /// The fullest first.
    Population,
    /// The invaded first, those with the most left on top.
    Invasion,
}

impl DistrictOptions {
    /// Returns the rows that were asked for, in order.
    pub(crate) fn select(&self, mut table: DistrictTable) -> DistrictTable {
        let districts = &mut table.districts;
        if self.invasions {
            districts.retain(|district| district.invasion.is_some());
        }
        districts.sort_by(|a, b| a.name.cmp(&b.name));
        match self.order {
            Order::Name => {}
            Order::Population => districts.sort_by_key(|it| Reverse(it.population)),
            Order::Invasion => districts.sort_by_key(|it| Reverse(invasion_left(it))),
        }
        table
    }
}

/// Returns how much of an invasion is left, if there is one: seconds, else cogs, as far as the game reports them.
fn invasion_left(district: &District) -> Option<(Option<u64>, Option<u64>)> {
    Some(match district.invasion.as_ref()? {
        Invasion::Cogs(cogs) => {
            let left = cogs.total.zip(cogs.defeated);
            let left = left.map(|(total, defeated)| total.saturating_sub(defeated));
            (cogs.remaining_seconds, left)
        }
        Invasion::Ocean(ocean) => (None, ocean.players),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::districts::CogInvasion;

    fn table() -> DistrictTable {
        let district = |name: &str, population, remaining: Option<u64>| District {
            name: name.to_owned(),
            population: Some(population),
            invasion: remaining.map(|remaining| {
                Invasion::Cogs(CogInvasion {
                    remaining_seconds: Some(remaining),
                    ..CogInvasion::default()
                })
            }),
            ..District::default()
        };
        DistrictTable {
            game: "ttcc",
            invasions_missing: false,
            as_of: None,
            population: None,
            districts: vec![
                district("c", 5, None),
                district("b", 7, Some(10)),
                district("a", 1, Some(20)),
            ],
        }
    }

    fn names(order: Order, invasions: bool) -> String {
        let options = DistrictOptions {
            invasions,
            order,
            ..DistrictOptions::default()
        };
        let selected = options.select(table());
        selected
            .districts
            .iter()
            .map(|it| it.name.as_str())
            .collect()
    }

    #[test]
    fn rows_are_sorted_by_what_was_asked_for() {
        assert_eq!(names(Order::Name, false), "abc");
        assert_eq!(names(Order::Population, false), "bca");
        assert_eq!(names(Order::Invasion, false), "abc");
        assert_eq!(names(Order::Population, true), "ba");
    }
}
