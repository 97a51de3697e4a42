use serde_json::json;

use super::*;

fn kazoo_kanyon() -> District {
    District {
        name: "Kazoo Kanyon".to_owned(),
        online: Some(true),
        population: Some(37),
        invasion: Some(Invasion::Cogs(CogInvasion {
            cog: Some("Middleman".to_owned()),
            defeated: Some(180),
            total: Some(4913),
            remaining_seconds: Some(2082),
            started: None,
        })),
        ..District::default()
    }
}

fn table(districts: Vec<District>) -> DistrictTable {
    DistrictTable {
        game: "ttcc",
        invasions_missing: false,
        as_of: Some(1_651_361_858),
        population: Some(76),
        districts,
    }
}

#[test]
fn a_table_is_serialized_as_documented() {
    let json = serde_json::to_string(&table(vec![kazoo_kanyon()])).expect("JSON");
    assert_eq!(
        json,
        r#"{"game":"ttcc","as_of":"2022-04-30T23:37:38Z","population":76,"districts":[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion":{"cog":"Middleman","defeated":180,"total":4913,"remaining_seconds":2082}}]}"#
    );
}

#[test]
fn a_missing_value_is_null() {
    let empty = DistrictTable {
        as_of: Some(u64::MAX),
        population: None,
        ..table(vec![District::default()])
    };
    assert_eq!(
        serde_json::to_value(empty).expect("JSON"),
        json!({"game": "ttcc", "as_of": null, "population": null, "districts": [
            {"name": "", "online": null, "population": null, "invasion": null}
        ]})
    );
}

#[test]
fn an_ocean_has_a_fleet_or_null_and_its_own_kind_of_invasion() {
    let invaded = District {
        invasion: Some(Invasion::Ocean(OceanInvasion::default())),
        ocean: Some(Ocean::default()),
        ..District::default()
    };
    let with_fleet = District {
        ocean: Some(Ocean {
            fleet: Some(Fleet {
                started: Some(0),
                ..Fleet::default()
            }),
        }),
        ..District::default()
    };
    assert_eq!(
        serde_json::to_value([invaded, with_fleet]).expect("JSON"),
        json!([
            {"name": "", "online": null, "population": null, "fleet": null,
             "invasion": {"location": null, "state": null, "phase": null, "players": null, "started": null}},
            {"name": "", "online": null, "population": null, "invasion": null,
             "fleet": {"type": null, "state": null, "ships_remaining": null, "started": "1970-01-01T00:00:00Z"}},
        ])
    );
}

#[test]
fn the_population_is_the_sum_of_the_known_ones() {
    let with = |population| District {
        population,
        ..District::default()
    };
    assert_eq!(
        population(&[with(Some(2)), with(None), with(Some(3))]),
        Some(5)
    );
    assert_eq!(
        population(&[with(Some(u64::MAX)), with(Some(3))]),
        Some(u64::MAX)
    );
    assert_eq!((population(&[with(None)]), population(&[])), (None, None));
}

#[test]
fn a_status_is_found_by_its_name() {
    for status in [
        DistrictStatus::Online,
        DistrictStatus::Offline,
        DistrictStatus::Draining,
        DistrictStatus::Closed,
    ] {
        assert_eq!(DistrictStatus::from_name(status.name()), Some(status));
        assert_eq!(serde_json::to_value(status).expect("JSON"), status.name());
    }
    assert_eq!(
        DistrictStatus::from_name(" Draining "),
        Some(DistrictStatus::Draining)
    );
    assert_eq!(DistrictStatus::from_name("sinking"), None);
}

#[test]
fn names_are_compared_without_case_spaces_and_punctuation() {
    for written in [
        "The Big Cheese",
        "thebigcheese",
        "THE BIG-CHEESE",
        "The Big Chee\u{ad}se",
    ] {
        assert_eq!(fold_name(written), "thebigcheese", "{written:?}");
    }
    assert_eq!(fold_name("Zoë 2"), "zoë2");
    assert_eq!(fold_name(" .-"), "");
}
