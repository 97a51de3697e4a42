//! Accounts with settings of their own: the rows that differ from those of their game.

use super::*;

const ACCOUNTS: &str = r#"
[accounts.alice]
game = "ttr"
username = "alice"
wrapper = ["env"]

[accounts.bob]
game = "ttr"
username = "bob"
game-dir = "~/games/ttr"

[accounts.carol]
game = "ttr"
username = "carol"
prefix = "~/other"

[accounts.dave]
game = "ttr"
username = "dave"
wine = "~/opt/wine"

[accounts.erin]
game = "ttr"
username = "erin"
exe = "~/gone.exe"

[accounts.frank]
game = "ttcc"
username = "frank"
runner = "wine"
"#;

#[test]
fn an_account_with_settings_of_its_own_has_the_rows_that_differ_from_its_game() {
    let computer = Computer::healthy();
    let home = &computer.home;
    home.write("games/ttr/TTREngine", b"\x7fELF\x02");
    home.write(&PROGRAM.replace(".wine", "other"), windows_program(0x8664));
    MODE(&home.path().join("other"), 0o777);
    computer.configure(ACCOUNTS);
    let output = computer.doctor(&["ttr", "--offline"]).run().exits(72);
    assert_eq!(computer.shown(&output.prints_plain_text()), "\
ok    ttr game         ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe, for 64-bit Windows, found: wine
ok    ttr runner       wine: ~/bin/wine, wine-9.0
ok    ttr prefix       ~/.wine, yours and writable
ok    ttr directory    ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten, yours and writable
ok    bob game         ~/games/ttr/TTREngine, for 64-bit Linux, found: game-dir
ok    bob runner       native: this system
ok    bob directory    ~/games/ttr, yours and writable
ok    carol game       ~/other/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe, for 64-bit Windows, found: prefix
warn  carol prefix     every user of this computer may write ~/other
      run `chmod -R o-w ~/other`
ok    carol directory  ~/other/drive_c/Program Files (x86)/Toontown Rewritten, yours and writable
fail  dave runner      the program \"~/opt/wine\" is not installed
      install that Wine again, or name another one with --wine PROGRAM
fail  erin game        Toontown Rewritten: there is no program at ~/gone.exe
      name the game's program with `playcookie config set accounts.erin.exe FILE`
ok    display          X11
ok    terminal         none, passwords and codes are asked for in windows
ok    prompt helpers   zenity
ok    variables        none makes a runner write secrets out
warn  secret store     no secret store was found
      install and start gnome-keyring, KeePassXC or KWallet, with a default keyring in it, or use --password-command CMD, and --no-save at a login
ok    configuration    ~/.config/playcookie/config.toml, 6 accounts
ok    certificates     SSL_CERT_FILE
ok    proxy            none
");
}

#[test]
fn the_settings_of_the_game_count_for_its_accounts_too() {
    let computer = Computer::healthy();
    let account = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\n";
    let wine = "wine = \"~/opt/wine\"\n";
    let names = |text: String| {
        computer.configure(&text);
        let checks = computer.checks(computer.doctor(&["ttr", "--offline"]), 72);
        let failed = checks.into_iter().filter(|check| check.starts_with("fail"));
        failed
            .map(|check| check.split(" the ").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(format!("[ttr]\n{wine}{account}")),
        ["fail ttr runner"]
    );
    // As in the game's settings, so nothing is said twice.
    let same = format!("[ttr]\n{wine}{account}{wine}");
    assert_eq!(names(same), ["fail ttr runner"]);
}

#[test]
fn the_other_installs_of_an_account_are_listed_by_its_name() {
    let computer = Computer::healthy();
    let other = PROGRAM.replace(".wine", ".local/share/wineprefixes/b");
    computer.home.write(&other, windows_program(0x8664));
    computer
        .configure("[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\nrunner = \"wine\"\n");
    let checks = computer.checks(computer.doctor(&["ttr", "--offline"]), 0);
    let mut named = checks.iter().filter(|check| check.contains("1 more in"));
    for (owner, command) in [("ttr", "ttr installs"), ("alice", "ttr installs alice")] {
        let check = named.next().expect("a check");
        assert!(check.starts_with(&format!("ok {owner} game ")), "{check}");
        let end = format!(", 1 more in `playcookie {command}`");
        assert!(check.ends_with(&end), "{check}");
        let words: Vec<_> = command.split(' ').collect();
        let listed = computer.home.program(&words).run().exits(0).stdout;
        assert_eq!(listed.matches("found: ").count(), 2, "{listed}");
    }
}
