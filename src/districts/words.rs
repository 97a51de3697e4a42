//! Sentences about invasions, for `--until` and `--notify`.

use crate::protocol::districts::{District, Fleet, Invasion};

/// Returns "Middleman in Kazoo Kanyon, about 35 minutes left", without values that the game does not report.
pub(super) fn invasion(district: &District, invasion: &Invasion) -> String {
    let name = name(district);
    match invasion {
        Invasion::Cogs(cogs) => {
            let cog = cogs.cog.as_deref().unwrap_or("an invasion");
            let left = cogs.remaining_seconds.map(left);
            let left = left.or_else(|| {
                let (defeated, total) = cogs.defeated.zip(cogs.total)?;
                Some(format!(", {defeated} of {total} defeated"))
            });
            format!("{cog} in {name}{}", left.unwrap_or_default())
        }
        Invasion::Ocean(ocean) => match &ocean.location {
            Some(island) => format!("an invasion of {island} in {name}"),
            None => format!("an invasion in {name}"),
        },
    }
}

/// Returns "Navy Fleet in Abassa, 3 ships left", without values that the game does not report.
pub(super) fn fleet(district: &District, fleet: &Fleet) -> String {
    let kind = fleet.kind.as_deref().unwrap_or("a fleet");
    format!("{kind} in {}{}", name(district), ships_left(fleet))
}

/// Returns ", 3 ships left", or nothing when the number is unknown.
pub(super) fn ships_left(fleet: &Fleet) -> String {
    match fleet.ships_remaining {
        Some(1) => ", 1 ship left".to_owned(),
        Some(ships) => format!(", {ships} ships left"),
        None => String::new(),
    }
}

/// Returns the first sentence and the number of the others, or `None` when there is none.
pub(super) fn all(mut sentences: impl Iterator<Item = String>) -> Option<String> {
    let first = sentences.next()?;
    Some(match sentences.count() {
        0 => first,
        others => format!("{first}, and {others} more"),
    })
}

fn name(district: &District) -> &str {
    match district.name.as_str() {
        "" => "a district without a name",
        name => name,
    }
}

/// Returns the time in minutes, since the server's answer is no more precise.
fn left(seconds: u64) -> String {
    match seconds.saturating_add(30) / 60 {
        0 => ", less than a minute left".to_owned(),
        1 => ", about 1 minute left".to_owned(),
        minutes => format!(", about {minutes} minutes left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::districts::{CogInvasion, OceanInvasion};

    fn cogs(cogs: CogInvasion) -> String {
        let kazoo = District {
            name: "Kazoo Kanyon".to_owned(),
            ..District::default()
        };
        invasion(&kazoo, &Invasion::Cogs(cogs))
    }

    #[test]
    fn a_sentence_about_an_invasion_contains_the_time_left() {
        let left = |seconds| {
            cogs(CogInvasion {
                cog: Some("Middleman".to_owned()),
                remaining_seconds: Some(seconds),
                ..CogInvasion::default()
            })
        };
        assert_eq!(
            left(2082),
            "Middleman in Kazoo Kanyon, about 35 minutes left"
        );
        assert_eq!(left(89), "Middleman in Kazoo Kanyon, about 1 minute left");
        assert_eq!(
            left(29),
            "Middleman in Kazoo Kanyon, less than a minute left"
        );
        assert!(left(u64::MAX).ends_with("minutes left"));
    }

    #[test]
    fn unreported_values_are_left_out() {
        assert_eq!(cogs(CogInvasion::default()), "an invasion in Kazoo Kanyon");
        let counted = CogInvasion {
            defeated: Some(180),
            total: Some(4913),
            ..CogInvasion::default()
        };
        assert_eq!(
            cogs(counted),
            "an invasion in Kazoo Kanyon, 180 of 4913 defeated"
        );
        let nowhere = Invasion::Ocean(OceanInvasion::default());
        assert_eq!(
            invasion(&District::default(), &nowhere),
            "an invasion in a district without a name"
        );
    }

    #[test]
    fn an_ocean_is_named_with_its_island_or_its_fleet() {
        let abassa = District {
            name: "Abassa".to_owned(),
            ..District::default()
        };
        let island = OceanInvasion {
            location: Some("Port Royal".to_owned()),
            ..OceanInvasion::default()
        };
        let navy = |ships_remaining| Fleet {
            kind: Some("Navy Fleet".to_owned()),
            ships_remaining,
            ..Fleet::default()
        };
        assert_eq!(
            invasion(&abassa, &Invasion::Ocean(island)),
            "an invasion of Port Royal in Abassa"
        );
        assert_eq!(
            fleet(&abassa, &navy(Some(3))),
            "Navy Fleet in Abassa, 3 ships left"
        );
        assert_eq!(
            fleet(&abassa, &navy(Some(1))),
            "Navy Fleet in Abassa, 1 ship left"
        );
        assert_eq!(fleet(&abassa, &navy(None)), "Navy Fleet in Abassa");
    }

    #[test]
    fn the_first_sentence_is_shown_and_the_others_are_counted() {
        let all = |found: &[&str]| all(found.iter().map(|&it| it.to_owned()));
        assert_eq!(all(&[]), None);
        assert_eq!(all(&["a"]).as_deref(), Some("a"));
        assert_eq!(all(&["a", "b", "c"]).as_deref(), Some("a, and 2 more"));
    }
}
