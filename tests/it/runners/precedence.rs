//! Which install is started when a home has all of them.

use super::fakes::{RUNNERS, game, install};
use super::{Computer, GAME};

#[test]
fn installs_are_searched_in_order_and_the_first_one_is_started() {
    let computer = Computer::new();
    let home = &computer.home;
    for (runner, prefix) in RUNNERS {
        install(home, runner);
        game(home, prefix, 0);
    }
    home.write(".local/share/playcookie/games/ttr/TTREngine64.exe", "");
    home.write("Toontown Rewritten/TTREngine", "");
    home.write(&format!("named/{GAME}/TTREngine64.exe"), "");
    game(home, ".local/share/wineprefixes/b", 0);
    game(home, ".local/share/wineprefixes/a", 0);
    let mut order = vec![
        ["playcookie", "wine", "named"],
        ["usual directory", "native", ""],
        ["WINEPREFIX", "wine", "named"],
    ];
    order.extend(RUNNERS.map(|(runner, prefix)| [runner, runner, prefix]));
    order.push(["wine", "wine", ".local/share/wineprefixes/a"]);
    order.push(["wine", "wine", ".local/share/wineprefixes/b"]);
    let files = [
        ".local/share/playcookie/games/ttr".to_owned(),
        "Toontown Rewritten".to_owned(),
    ];
    let prefixes = order
        .iter()
        .skip(2)
        .map(|[.., prefix]| format!("{prefix}/{GAME}"));
    let files: Vec<_> = files.into_iter().chain(prefixes).collect();
    let named = computer.path("named");
    for (at, file) in files.iter().enumerate() {
        let words = ["ttr", "installs", "--json"];
        let run = computer.program(&words).env("WINEPREFIX", &named).run();
        let list = run.exits(0).events().remove(0);
        let found = list["installs"].as_array().expect("installs").iter();
        let home = format!("{}/", home.path().display());
        let text =
            |value: &serde_json::Value| value.as_str().unwrap_or_default().replace(&home, "");
        let found: Vec<_> = found
            .map(|it| ["found", "runner", "prefix"].map(|key| text(&it[key])))
            .collect();
        assert_eq!(found, order[at..], "{file}");
        let plan = computer
            .program(&["ttr", "--dry-run", "--json"])
            .env("WINEPREFIX", &named);
        let plan = plan.run().exits(0).events().remove(0);
        assert_eq!(text(&plan["directory"]), *file);
        std::fs::remove_dir_all(computer.home.path().join(file)).expect("a game");
    }
    let words = ["ttr", "installs"];
    computer.program(&words).run().fails(72, "was not found");
}

#[test]
fn a_named_runner_restricts_the_search_to_its_prefixes() {
    let computer = Computer::new();
    for (runner, prefix) in RUNNERS {
        install(&computer.home, runner);
        game(&computer.home, prefix, 0);
    }
    computer.home.write("Toontown Rewritten/TTREngine", "");
    for (runner, prefix) in RUNNERS {
        // What playcookie installed is in no prefix.
        let other = Computer::new();
        other
            .home
            .write(".local/share/playcookie/games/ttr/TTREngine64.exe", "");
        let ended = other
            .program(&["ttr", "installs", "--runner", runner])
            .run();
        if ["umu", "wine"].contains(&runner) {
            ended.exits(0);
        } else {
            ended.fails(72, "in a prefix of the runner");
        }
        let found = [runner, runner, prefix].map(ToOwned::to_owned);
        assert_eq!(computer.installs(&["--runner", runner]), [found]);
    }
}
