use console::measure_text_width;

use super::*;
use crate::protocol::districts::{CogInvasion, Fleet, Ocean, OceanInvasion};

fn toontown_table() -> DistrictTable {
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

fn widest(table: &str) -> usize {
    let widths = table.lines().map(measure_text_width);
    widths.max().expect("lines")
}

#[test]
fn a_table_has_its_full_width_without_a_terminal() {
    let expected = "\
DISTRICT         PLAYERS  INVASION   DEFEATED              LEFT
Anvil Acres      offline
High-Dive Hills      139
Kazoo Kanyon          37  Middleman  180/4913  ░░░░░░░░░░  34 min 42 s
76 playing, 3 districts, 1 invasion
";
    assert_eq!(table(&toontown_table(), None, false), expected);
}

#[test]
fn on_a_narrow_terminal_bars_are_removed_and_names_shortened() {
    for width in [80, 70, 60, 50, 40] {
        let table = table(&toontown_table(), Some(width), false);
        assert!(widest(&table) <= width, "{width}: {table}");
        assert!(
            table.contains("Middlem") && table.contains("34 min 42 s"),
            "{table}"
        );
    }
    assert!(!table(&toontown_table(), Some(60), false).contains('░'));
}

#[test]
fn colours_are_used_only_when_they_are_enabled() {
    assert!(!table(&toontown_table(), None, false).contains('\u{1b}'));
    let coloured = table(&toontown_table(), None, true);
    assert!(coloured.contains("\u{1b}[35mKazoo Kanyon"), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[2mAnvil Acres"), "{coloured:?}");
}

#[test]
fn an_ocean_has_a_fleet_and_an_invasion() {
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
    let districts = DistrictTable {
        game: "tlopo",
        invasions_missing: false,
        districts: vec![District {
            name: "Abassa".to_owned(),
            population: Some(4),
            invasion: Some(Invasion::Ocean(invasion)),
            ocean: Some(Ocean { fleet: Some(fleet) }),
            ..District::default()
        }],
        ..toontown_table()
    };
    let expected = "\
OCEAN   PLAYERS  FLEET              INVASION
Abassa        4  Navy, 1 ship left  Tortuga, phase 2, 5 playing
76 playing, 1 ocean, 1 invasion
";
    assert_eq!(table(&districts, None, false), expected);
}

#[test]
fn an_empty_table_of_oceans_has_the_columns_of_oceans() {
    let empty = DistrictTable {
        game: "tlopo",
        invasions_missing: false,
        districts: Vec::new(),
        ..toontown_table()
    };
    let expected = "\
OCEAN  PLAYERS  FLEET  INVASION
76 playing, 0 oceans, 0 invasions
";
    assert_eq!(table(&empty, None, false), expected);
}

#[test]
fn the_largest_numbers_fit_the_terminal() {
    let mut districts = toontown_table();
    districts.population = Some(u64::MAX);
    for district in &mut districts.districts {
        district.online = Some(true);
        district.population = Some(u64::MAX);
        if let Some(Invasion::Cogs(cogs)) = &mut district.invasion {
            cogs.remaining_seconds = Some(u64::MAX);
        }
    }
    for width in [60, 40, 20] {
        let table = table(&districts, Some(width), false);
        assert!(widest(&table) <= width, "{width}: {table}");
    }
}

#[test]
fn an_empty_column_is_removed_before_names_are_shortened() {
    let mut districts = toontown_table();
    for district in &mut districts.districts {
        if let Some(Invasion::Cogs(cogs)) = &mut district.invasion {
            cogs.remaining_seconds = None;
        }
    }
    let table = table(&districts, Some(38), false);
    assert!(
        table.contains("High-Dive Hills ") && !table.contains("LEFT"),
        "{table}"
    );
}

#[test]
fn unknown_invasions_are_not_counted() {
    let mut districts = toontown_table();
    districts.invasions_missing = true;
    let table = table(&districts, None, false);
    assert!(table.ends_with(", invasions not known\n"), "{table}");
}
