//! Any `shortcuts.vdf` is refused, or written as it was read; a change leaves a file that can be read.

use playcookie::games::GameId;
use playcookie::launch::shortcut::Shortcut;
use playcookie::launch::shortcut::steam_shortcuts::SteamShortcuts;

pub(crate) fn run(data: &[u8]) {
    let Some(mut file) = SteamShortcuts::read(data) else {
        return;
    };
    // An empty file has no map of entries.
    if !data.is_empty() {
        assert_eq!(file.bytes(), data);
    }
    let shortcut = Shortcut {
        target: "alice".to_owned(),
        game_id: Some(GameId::Ttr),
        program: "/usr/bin/playcookie".to_owned(),
        arguments: vec!["play".to_owned(), "alice".to_owned()],
        needs_terminal: false,
    };
    file.add(&shortcut, "");
    let mut file = SteamShortcuts::read(&file.bytes()).expect("a file with an added entry");
    assert!(file.targets().contains(&shortcut.target), "{data:?}");
    file.remove(&["alice"]);
    let file = SteamShortcuts::read(&file.bytes()).expect("a file without the entry");
    assert!(!file.targets().contains(&shortcut.target), "{data:?}");
}
