//! Computers on each of which one thing is broken: the checks that differ from those of a healthy one.

use super::*;
use crate::runners::fakes::{bottle, prefix};

/// Asserts that exactly these checks differ on a broken computer, of all of `doctor ttr --offline`.
#[track_caller]
fn assert_differs(
    computer: &Computer,
    change: impl FnOnce(Program) -> Program,
    status: i32,
    expected: &[&str],
) {
    let words = ["ttr", "--offline"];
    let healthy = Computer::healthy();
    let before = healthy.checks(healthy.doctor(&words), 0);
    let after = computer.checks(change(computer.doctor(&words)), status);
    let differing: Vec<_> = after
        .iter()
        .filter(|check| !before.contains(check))
        .collect();
    assert_eq!(differing, expected, "{after:#?}");
}

#[test]
fn a_missing_wine_is_a_failure() {
    let computer = Computer::healthy();
    std::fs::remove_file(computer.home.path().join("bin/wine")).expect("a file");
    assert_differs(
        &computer,
        |it| it,
        72,
        &[
            "fail ttr runner the program \"wine\" is not installed | install Wine, name its program with --wine PROGRAM or another --runner, or name a native program with --exe FILE",
        ],
    );
}

#[test]
fn a_missing_wrapper_is_a_failure() {
    let computer = Computer::healthy();
    computer.configure("[ttr]\nwrapper = \"gamemoderun\"\n");
    assert_differs(
        &computer,
        |it| it,
        72,
        &[
            "fail ttr runner the program \"gamemoderun\" is not installed | check the command of --wrapper",
        ],
    );
}

#[test]
fn a_32_bit_program_needs_a_wine_that_runs_it() {
    let computer = Computer::healthy();
    let home = &computer.home;
    home.write(PROGRAM, windows_program(0x14c));
    script(home, "opt/bin/wine", "echo wine-8.0");
    computer.configure("[ttr]\nwine = \"~/opt/bin/wine\"\n");
    let game = "ok ttr game ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe, for 32-bit Windows, found: wine";
    let runner = "ok ttr runner wine: ~/opt/bin/wine, wine-8.0";
    assert_differs(&computer, |it| it, 0, &[game, runner]);
    home.write("opt/lib/wine/x86_64-unix/ntdll.so", "");
    assert_differs(
        &computer,
        |it| it,
        72,
        &[
            game,
            runner,
            "fail ttr 32-bit the program is for 32-bit Windows, and this Wine runs 64-bit programs only | install 32-bit Wine (Debian and Ubuntu: `sudo dpkg --add-architecture i386 && sudo apt update && sudo apt install wine32:i386`), or name another --runner",
        ],
    );
}

#[test]
fn folders_that_every_user_may_write_are_warned_about() {
    let computer = Computer::healthy();
    let home = computer.home.path();
    MODE(&home.join(".wine"), 0o777);
    MODE(home.join(PROGRAM).parent().expect("a folder"), 0o777);
    assert_differs(
        &computer,
        |it| it,
        0,
        &[
            "warn ttr prefix every user of this computer may write ~/.wine | run `chmod -R o-w ~/.wine`",
            "warn ttr directory every user of this computer may write ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten | run `chmod -R o-w '~/.wine/drive_c/Program Files (x86)/Toontown Rewritten'`",
        ],
    );
}

#[test]
fn a_prefix_of_another_user_is_a_failure() {
    let computer = Computer::healthy();
    let prefix = computer.home.path().join(".wine");
    // Only the superuser can give it away.
    if std::os::unix::fs::chown(&prefix, Some(12345), None).is_err() {
        return;
    }
    assert_differs(
        &computer,
        |it| it,
        72,
        &[
            "fail ttr prefix ~/.wine belongs to another user | move the game to a folder of your own, or run `sudo chown -R \"$USER\" ~/.wine`",
        ],
    );
}

/// Returns a computer with the game in the prefix of another runner.
fn with_game_of(runner: &str) -> Computer {
    let computer = Computer::empty();
    let home = &computer.home;
    script(home, "bin/zenity", "exit 1");
    install(home, runner);
    let program = PROGRAM.trim_start_matches(".wine");
    home.write(
        &format!("{}{program}", prefix(runner)),
        windows_program(0x8664),
    );
    computer.configure("");
    computer
}

/// Returns the checks of a computer that begin with `fail`, or with `note` and the game.
fn failures(computer: &Computer, words: &[&str], status: i32) -> Vec<String> {
    let words = [&["ttr", "--offline"], words].concat();
    let mut checks = computer.checks(computer.doctor(&words), status);
    checks.retain(|check| check.starts_with("fail") || check.starts_with("note ttr"));
    checks
}

#[test]
fn a_bottle_has_to_pass_the_variables_on() {
    let computer = with_game_of("bottles");
    bottle(&computer.home, prefix("bottles"), "- TTR_PLAYCOOKIE\n");
    assert_eq!(
        failures(&computer, &[], 72),
        [
            "fail ttr bottle the bottle of Toontown Rewritten does not pass these variables on to the game: TTR_GAMESERVER | start it once with --allow-bottle, which adds them to Inherited_Environment_Variables in its bottle.yml and keeps a copy"
        ]
    );
    let file = format!("{}/bottle.yml", prefix("bottles"));
    computer
        .home
        .write(&file, "Name: The Bottle\nParameters:\n  sandbox: true\n");
    assert_eq!(
        failures(&computer, &[], 72),
        [
            "fail ttr bottle the bottle in ~/.local/share/bottles/bottles/Folder is sandboxed, and Bottles would put the play cookie into an argument list, which every program can read | turn the sandbox of that bottle off in Bottles"
        ]
    );
}

#[test]
fn proton_needs_its_tool_and_its_runtime() {
    let computer = with_game_of("proton");
    assert_eq!(failures(&computer, &[], 0), [""; 0]);
    let common = computer.home.path().join("library/steamapps/common");
    MODE(&common.join("Sniper/_v2-entry-point"), 0o644);
    let entry = "~/library/steamapps/common/Sniper/_v2-entry-point";
    assert_eq!(
        failures(&computer, &[], 72),
        [format!(
            "fail ttr runner the program \"{entry}\" is not installed | reinstall it in Steam"
        )]
    );
    std::fs::remove_dir_all(common.join("Sniper")).expect("a folder");
    assert_eq!(
        failures(&computer, &[], 72),
        [
            "fail ttr runner ~/library/steamapps/common/Proton 9.0 (Beta) needs the Steam Linux Runtime 3.0 (sniper), which is not installed | install it with `steam steam://install/1628350`"
        ]
    );
    std::fs::remove_dir_all(common.join("Proton 9.0 (Beta)")).expect("a folder");
    assert_eq!(
        failures(&computer, &[], 72),
        [
            "fail ttr runner the Proton \"proton_9\" is not installed | install it in Steam, or name another one with --proton NAME"
        ]
    );
}

#[test]
fn umu_needs_its_runtime_offline_and_another_user_than_root() {
    let computer = with_game_of("umu");
    let root = ["fail ttr umu umu-run refuses to run as root | run playcookie as your own user"];
    if rustix::process::geteuid().is_root() {
        assert_eq!(failures(&computer, &[], 72), root);
        return;
    }
    assert_eq!(
        failures(&computer, &[], 72),
        [
            "fail ttr umu umu-run has no runtime yet, and cannot download it offline | start the game once with a connection"
        ]
    );
    computer
        .home
        .write(".local/share/umu/steamrt3/_v2-entry-point", "");
    assert_eq!(failures(&computer, &[], 0), [""; 0]);
}

#[test]
fn the_configuration_has_to_be_private_and_valid() {
    let computer = Computer::healthy();
    let file = computer.home.configuration_path();
    MODE(&file, 0o644);
    let shown = "~/.config/playcookie/config.toml";
    assert_differs(
        &computer,
        |it| it,
        0,
        &[&format!(
            "warn configuration other users may read {shown}, which names your accounts | run `chmod go-r {shown}`"
        )],
    );
    MODE(&file, 0o666);
    assert_differs(
        &computer,
        |it| it,
        78,
        &[&format!(
            "fail configuration the configuration {shown} cannot be read (other users may write it) | look through it, since it names commands, then run `chmod go-w {shown}`, or give another with --config FILE"
        )],
    );
    computer.configure("[ttr]\nwraper = \"x\"\n");
    let checks = computer.checks(computer.doctor(&["ttr"]), 78);
    let invalid = "the configuration ~/.config/playcookie/config.toml is invalid, ";
    let failed = checks.iter().find(|check| check.starts_with("fail"));
    assert!(failed.is_some_and(
        |check| check.contains(invalid) && check.contains("did you mean \"wrapper\"?")
    ));
    // The servers that it may name are unknown.
    let last = checks.last().expect("a check");
    assert!(
        last.starts_with("note servers not asked, because the configuration"),
        "{last}"
    );
}

#[test]
fn the_environment_may_be_broken() {
    let computer = Computer::healthy();
    let nothing = computer.home.path().join("nothing");
    let nothing = &nothing.display().to_string();
    let name = |name: &'static str, value: &'static str| move |it: Program| it.env(name, value);
    assert_differs(
        &computer,
        |it| it.env("XAUTHORITY", nothing),
        0,
        &[
            "warn display the file of XAUTHORITY cannot be read: ~/nothing | run `unset XAUTHORITY`, or log in to the desktop again",
        ],
    );
    assert_differs(
        &computer,
        name("XDG_CURRENT_DESKTOP", "gamescope"),
        0,
        &["note game mode this is Steam's Game Mode, which has no terminal"],
    );
    assert_differs(
        &computer,
        name("WAYLAND_DISPLAY", "wayland-0"),
        0,
        &["ok display Wayland and X11"],
    );
    assert_differs(
        &computer,
        |it| it.env("SSL_CERT_FILE", nothing),
        78,
        &[
            "fail certificates no server can be trusted: SSL_CERT_FILE names no readable certificate | install your system's ca-certificates, or name a readable file in SSL_CERT_FILE",
        ],
    );
    assert_differs(
        &computer,
        name("HTTPS_PROXY", "odd://user:secret-pw@"),
        78,
        &[
            "fail proxy HTTPS_PROXY names no proxy that can be used | set it to a URL such as http://proxy.example:3128, or unset it",
        ],
    );
    assert_differs(
        &computer,
        name("ALL_PROXY", "http://127.0.0.1:1"),
        0,
        &["ok proxy that of ALL_PROXY"],
    );
    computer.configure("[ttr.env]\nPROTON_LOG = \"1\"\n");
    assert_differs(
        &computer,
        name("UMU_LOG", "1"),
        0,
        &[
            "warn variables UMU_LOG, PROTON_LOG: a runner writes the game's secrets out, into the file of --log | run `unset UMU_LOG PROTON_LOG`, and remove them from `env` in the configuration",
        ],
    );
}

#[test]
fn a_broken_file_of_a_runner_is_warned_about() {
    let computer = Computer::healthy();
    computer
        .home
        .write(".config/heroic/GamesConfig/x.json", "{");
    let words = computer.checks(computer.doctor(&["ttr", "--offline"]), 0);
    let warned = words
        .iter()
        .filter(|check| check.starts_with("warn search ~/.config/heroic/GamesConfig/x.json"));
    assert_eq!(warned.count(), 1, "{words:#?}");
}
