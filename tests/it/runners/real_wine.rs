//! Real Wine with a real program for Windows. Skipped with a message where Wine or mingw is missing.

use std::process::Command;

use playcookie::stand_in::Scenario;

use crate::harness::{Home, StandInServer, is_installed};

const COMPILER: &str = "x86_64-w64-mingw32-gcc";
/// Prints its variables without their values, as the stand-in game does, writes them, its arguments and its directory to `seen`, and
/// ends with 44.
const PROGRAM: &str = r#"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <direct.h>
int main(int count, char **arguments) {
    char directory[4096];
    FILE *seen = fopen("seen", "w");
    fprintf(seen, "%s\n%s\n", getenv("TTR_GAMESERVER"), getenv("TTR_PLAYCOOKIE"));
    fprintf(seen, "%d %s\n%s\n", count, arguments[count - 1], _getcwd(directory, sizeof directory));
    fclose(seen);
    printf("TTR_PLAYCOOKIE (%d characters)\n", (int)strlen(getenv("TTR_PLAYCOOKIE")));
    return 44;
}
"#;

#[test]
fn real_wine_runs_a_program_for_windows_with_the_games_variables() {
    if !is_installed("wine") || !is_installed(COMPILER) {
        return;
    }
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let source = home.write("game.c", PROGRAM);
    let folder = home.path().join("game");
    std::fs::create_dir(&folder).expect("a folder");
    let exe = folder.join("TTREngine64.exe");
    let compiled = Command::new(COMPILER)
        .arg(source)
        .arg("-o")
        .arg(&exe)
        .status();
    assert!(compiled.expect("a compiler").success());
    let exe = exe.to_str().expect("UTF-8");
    let prefix = home.path().join("prefix");
    let prefix = prefix.to_str().expect("UTF-8");
    let options = ["--exe", exe, "--prefix", prefix, "--", "-windowed"];
    let ended = home
        .ttr("play", &server.root(), &options)
        .env("WINEDEBUG", "-all")
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
        .run()
        .exits(44);
    assert_eq!(ended.stdout.trim_end(), "TTR_PLAYCOOKIE (32 characters)");
    let seen = std::fs::read_to_string(folder.join("seen")).expect("what it saw");
    let seen: Vec<_> = seen.lines().collect();
    assert_eq!(seen[0], server.gameserver());
    assert_eq!(seen[1].len(), 32);
    assert_eq!(seen[2], "2 -windowed");
    assert!(seen[3].ends_with("\\game"), "{seen:?}");
    // The processes that Wine leaves behind would hold the home.
    let stop = Command::new("wineserver")
        .arg("-k")
        .env("WINEPREFIX", prefix)
        .status();
    drop(stop);
}
