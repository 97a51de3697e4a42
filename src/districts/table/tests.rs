use console::measure_text_width;

use super::*;
use crate::protocol::districts::{CogInvasion, Fleet, Ocean, OceanInvasion};

fn toontown_census() -> DistrictTable {
    let invasion = Invasion::Cogs(CogInvasion {
        cog: Some("Middleman".to_owned()),
        defeated: Some(180),
        total: Some(4913),
        remaining_seconds: Some(2082),
        started: None,
    });
    let district = |name: &str, population, invasion: Option<Invasion>| District {
        name: name.to_owned(),
        online: Some(true),
        population: Some(population),
        invasion,
        ..District::default()
    };
    let closed = District {
        online: Some(false),
        ..district("Anvil Acres", 0, None)
    };
    DistrictTable {
        game: "ttcc",
        invasions_missing: false,
        as_of: Some(0),
        population: Some(76),
        districts: vec![
            closed,
            district("High-Dive Hills", 139, None),
            district("Kazoo Kanyon", 37, Some(invasion)),
        ],
    }
}

#[test]
fn a_table_reads_well_without_a_terminal() {
    let expected = "\
DISTRICT         PLAYERS  INVASION   DEFEATED              LEFT
Anvil Acres      offline
High-Dive Hills      139
Kazoo Kanyon          37  Middleman  180/4913  ░░░░░░░░░░  34 min 42 s
76 playing, 3 districts, 1 invasion
";
    assert_eq!(table(&toontown_census(), None, false), expected);
}

#[test]
fn a_narrow_terminal_loses_bars_first_and_then_the_ends_of_names() {
    for width in [80, 70, 60, 50, 40] {
        let table = table(&toontown_census(), Some(width), false);
        let widest = table.lines().map(measure_text_width).max();
        assert!(
            widest.is_some_and(|widest| widest <= width),
            "{width}: {table}"
        );
        assert!(
            table.contains("Middlem") && table.contains("34 min 42 s"),
            "{table}"
        );
    }
    assert!(!table(&toontown_census(), Some(60), false).contains('░'));
}

#[test]
fn colours_are_there_only_where_they_are_wanted() {
    assert!(!table(&toontown_census(), None, false).contains('\u{1b}'));
    let coloured = table(&toontown_census(), None, true);
    assert!(coloured.contains("\u{1b}[35mKazoo Kanyon"), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[2mAnvil Acres"), "{coloured:?}");
}

#[test]
fn an_ocean_has_its_fleet_and_its_invasion() {
    let invasion = OceanInvasion {
        location: Some("Tortuga".to_owned()),
        phase: Some("2".to_owned()),
        players: Some(5),
        ..OceanInvasion::default()
    };
    let fleet = Fleet {
        kind: Some("Navy".to_owned()),
        ships_remaining: Some(1),
        ..Fleet::default()
    };
    let census = DistrictTable {
        game: "tlopo",
        invasions_missing: false,
        districts: vec![District {
            name: "Abassa".to_owned(),
            population: Some(4),
            invasion: Some(Invasion::Ocean(invasion)),
            ocean: Some(Ocean { fleet: Some(fleet) }),
            ..District::default()
        }],
        ..toontown_census()
    };
    let expected = "\
OCEAN   PLAYERS  FLEET              INVASION
Abassa        4  Navy, 1 ship left  Tortuga, phase 2, 5 playing
76 playing, 1 ocean, 1 invasion
";
    assert_eq!(table(&census, None, false), expected);
}

#[test]
fn oceans_are_oceans_even_where_none_is_left_to_show() {
    let none = DistrictTable {
        game: "tlopo",
        invasions_missing: false,
        districts: Vec::new(),
        ..toontown_census()
    };
    let expected = "\
OCEAN  PLAYERS  FLEET  INVASION
76 playing, 0 oceans, 0 invasions
";
    assert_eq!(table(&none, None, false), expected);
}

#[test]
fn the_largest_numbers_do_not_leave_the_terminal() {
    let mut census = toontown_census();
    census.population = Some(u64::MAX);
    for district in &mut census.districts {
        district.online = Some(true);
        district.population = Some(u64::MAX);
        if let Some(Invasion::Cogs(cogs)) = &mut district.invasion {
            cogs.remaining_seconds = Some(u64::MAX);
        }
    }
    for width in [60, 40, 20] {
        let table = table(&census, Some(width), false);
        let widest = table.lines().map(measure_text_width).max();
        assert!(
            widest.is_some_and(|widest| widest <= width),
            "{width}: {table}"
        );
    }
}

#[test]
fn names_are_not_cut_for_a_column_with_nothing_in_it() {
    let mut census = toontown_census();
    for district in &mut census.districts {
        if let Some(Invasion::Cogs(cogs)) = &mut district.invasion {
            cogs.remaining_seconds = None;
        }
    }
    let table = table(&census, Some(38), false);
    assert!(
        table.contains("High-Dive Hills ") && !table.contains("LEFT"),
        "{table}"
    );
}

#[test]
fn what_nobody_told_of_is_not_counted() {
    let mut census = toontown_census();
    census.invasions_missing = true;
    let table = table(&census, None, false);
    assert!(table.ends_with(", invasions not known\n"), "{table}");
}
