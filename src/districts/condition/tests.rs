use super::*;
use crate::games::GameId;
use crate::protocol::districts::{CogInvasion, Fleet, Ocean, OceanInvasion};

fn table(districts: impl IntoIterator<Item = District>) -> DistrictTable {
    DistrictTable {
        game: "ttr",
        invasions_missing: false,
        as_of: None,
        population: None,
        districts: districts.into_iter().collect(),
    }
}

fn district(name: &str) -> District {
    District {
        name: name.to_owned(),
        ..District::default()
    }
}

fn invaded_by(name: &str, cog: &str, started: Option<u64>) -> District {
    District {
        invasion: Some(Invasion::Cogs(CogInvasion {
            cog: Some(cog.to_owned()),
            started,
            ..CogInvasion::default()
        })),
        ..district(name)
    }
}

fn ocean(name: &str, island: Option<&str>, fleet: Option<&str>) -> District {
    let invasion = island.map(|island| {
        Invasion::Ocean(OceanInvasion {
            location: Some(island.to_owned()),
            ..OceanInvasion::default()
        })
    });
    let fleet = fleet.map(|kind| Fleet {
        kind: Some(kind.to_owned()),
        ..Fleet::default()
    });
    District {
        invasion,
        ocean: Some(Ocean { fleet }),
        ..district(name)
    }
}

fn holds(until: &Condition, table: &DistrictTable) -> Option<String> {
    until.describe_match(GameId::Ttr.game(), table)
}

fn of(name: &str) -> Condition {
    Condition::Invasion(Some(fold_name(name)))
}

#[test]
fn an_unnamed_invasion_is_any_invasion() {
    let any = Condition::Invasion(None);
    assert_eq!(holds(&any, &table([district("a")])), None);
    let two = table([
        district("a"),
        invaded_by("b", "Flunky", None),
        invaded_by("c", "Mingler", None),
    ]);
    assert_eq!(
        holds(&any, &two).as_deref(),
        Some("Flunky in b, and 1 more")
    );
}

#[test]
fn a_name_is_that_of_the_cog_or_of_the_invaded_district() {
    let table = table([
        district("Nowhere"),
        invaded_by("Kazoo Kanyon", "The Big Cheese", None),
    ]);
    for name in ["thebigcheese", "the big-cheese", "KAZOO kanyon"] {
        let words = holds(&of(name), &table);
        assert_eq!(words.as_deref(), Some("The Big Cheese in Kazoo Kanyon"));
    }
    for name in ["cheese", "Nowhere", "the big cheese 2"] {
        assert_eq!(holds(&of(name), &table), None, "{name}");
    }
}

#[test]
fn a_name_is_that_of_an_island_or_a_fleet() {
    let table = table([
        ocean("Abassa", None, Some("Navy Fleet")),
        ocean("Andaba", Some("Port Royal"), None),
    ]);
    let words = |name| holds(&of(name), &table);
    assert_eq!(
        words("port royal").as_deref(),
        Some("an invasion of Port Royal in Andaba")
    );
    assert_eq!(words("navyfleet").as_deref(), Some("Navy Fleet in Abassa"));
    // A fleet is no invasion.
    assert_eq!(words("Abassa"), None);
    assert!(words("Andaba").is_some());
}

#[test]
fn a_game_is_online_when_a_district_is_open_or_has_players() {
    let is_online = |online, population| {
        let district = District {
            online,
            population,
            ..district("a")
        };
        holds(&Condition::Online, &table([district])).is_some()
    };
    assert!(is_online(Some(true), Some(0)) && is_online(None, Some(1)));
    assert!(
        !is_online(Some(false), Some(7)) && !is_online(None, Some(0)) && !is_online(None, None)
    );
    assert_eq!(holds(&Condition::Online, &table([])), None);
}

#[test]
fn an_invasion_is_new_when_name_or_start_differ() {
    let before = table([
        invaded_by("a", "Flunky", Some(1)),
        invaded_by("b", "Flunky", None),
        district("c"),
    ]);
    assert_eq!(describe_new(&before, &before), None);
    let words = |now| describe_new(&before, &table([now]));
    assert_eq!(words(invaded_by("a", "Flunky", None)), None);
    for now in [
        invaded_by("a", "Flunky", Some(2)),
        invaded_by("b", "Mingler", None),
        invaded_by("c", "Flunky", None),
        invaded_by("d", "Flunky", None),
    ] {
        assert!(words(now.clone()).is_some(), "{now:?}");
    }
    assert_eq!(words(district("a")), None);
}
