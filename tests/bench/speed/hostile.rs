//! The search for a game in a home with malformed and huge files.

use std::process::Command;

use crate::compare::compare;
use crate::harness::{Home, yaml_bomb};
use crate::run::until_end;
use crate::table::{Cells, Goal, Row};

/// Measures the search in a hostile home, beside that in an empty one.
pub(crate) fn search(rounds: usize) -> Vec<Cells> {
    let (empty, hostile) = (Home::new(), hostile_home());
    let checks = |home: &Home| -> Command {
        let doctor = home.program(&["doctor", "--offline"]);
        doctor.into_command()
    };
    let (empty, hostile) = (|| checks(&empty), || checks(&hostile));
    let times = compare(rounds, until_end, &[&empty, &hostile]);
    vec![
        Row::new("doctor in a hostile home, ms", Goal::AtMost(1000.0)).shows(
            times[1],
            "an empty home",
            times[0],
        ),
    ]
}

/// Returns a home with huge and cyclic files, links in a circle and 10,000 prefixes.
fn hostile_home() -> Home {
    let home = Home::new();
    let steam = home.path().join(".local/share/Steam");
    let pair = "\"0\" { \"path\" \"/x\" }\n".repeat(40_000);
    home.write(".local/share/Steam/config/config.vdf", pair);
    let cyclic = format!(
        "#include \"libraryfolders.vdf\" \"libraryfolders\" {{ \"0\" {{ \"path\" \"{}\" }} }}",
        steam.display()
    );
    home.write(".local/share/Steam/steamapps/libraryfolders.vdf", cyclic);
    let bomb = yaml_bomb();
    for number in 0..1000 {
        let file = format!(".local/share/lutris/games/{number}.yml");
        home.write(&file, &bomb);
    }
    for number in 0..10_000 {
        home.write(&format!(".local/share/wineprefixes/{number}/version"), "1");
    }
    #[cfg(unix)]
    for (link, target) in [(".wine", "other"), ("other", ".wine")] {
        std::os::unix::fs::symlink(target, home.path().join(link)).expect("a link");
    }
    home
}
