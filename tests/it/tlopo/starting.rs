//! Starting the game.

use super::*;
use crate::harness::Engine;
use crate::harness::games::plays_with_wine;

#[test]
fn a_game_is_started_with_its_variables_in_its_own_directory() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "pirates/tlopo");
    let more = ["--no-update", "--exe", engine.exe()];
    home.game("tlopo", "play", &server.root(), &more)
        .run()
        .exits(0);
    let cookie = engine.variable("TLOPO_PLAYCOOKIE");
    assert_eq!(cookie.map(|cookie| cookie.len()), Some(32));
    assert_eq!(
        engine.variable("TLOPO_GAMESERVER"),
        Some(server.gameserver())
    );
    assert_eq!(engine.variable("TLOPO_DIST"), None);
    assert_eq!(engine.arguments(), Vec::<String>::new());
    assert_eq!(engine.directory(), home.path().join("pirates"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_install_inside_a_wine_prefix_is_found_in_any_case() {
    let server = StandInServer::new(Scenario::default());
    for exe in [
        ".wine/drive_c/Program Files (x86)/TLOPO/tlopo.exe",
        ".wine/drive_c/Program Files/TLOPO/TLOPO.EXE",
        ".local/share/wineprefixes/pirates/drive_c/TLOPO/Tlopo.exe",
    ] {
        let environment = plays_with_wine("tlopo", exe, &server.root());
        assert_eq!(environment["TLOPO_GAMESERVER"], server.gameserver());
    }
}
