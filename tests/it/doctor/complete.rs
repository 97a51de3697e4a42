//! A computer on which nothing is missing.

use std::time::SystemTime;

use super::*;
use crate::harness::store::{StoredSecrets, with_a_store};
use crate::harness::{Pages, Reaction};
use crate::runners::fakes::{bottle, prefix};

const CLASH: &str = "drive_c/users/alice/AppData/Local/Corporate Clash/CorporateClash.exe";
const PIRATES: &str = "drive_c/Program Files (x86)/TLOPO/tlopo.exe";

/// Returns an answer with the time.
fn answer(body: &str) -> Reaction {
    let now = httpdate::fmt_http_date(SystemTime::now());
    Reaction::with_headers(200, &[("Date", &now)], body)
}

#[test]
fn a_complete_machine_has_everything() {
    let name = "doctor::complete::a_complete_machine_has_everything";
    with_a_store(name, async |_| {
        let computer = Computer::healthy();
        let home = &computer.home;
        install(home, "bottles");
        let names = "- TT_PLAYCOOKIE\n- TT_GAMESERVER\n- LAUNCHER_USER\n- REALM\n- SENTRY_ENVIRONMENT\n- FORCE_TOON_SLOT\n";
        bottle(home, prefix("bottles"), names);
        home.write(
            &format!("{}/{CLASH}", prefix("bottles")),
            windows_program(0x14c),
        );
        install(home, "proton");
        let proton = "library/steamapps/common/Proton 9.0 (Beta)/version";
        home.write(proton, "1716568416 proton-9.0-2\n");
        home.write(
            &format!("{}/{PIRATES}", prefix("proton")),
            windows_program(0x14c),
        );
        let servers = [
            (
                "ttr",
                Pages::new([("/api/status", answer(r#"{"open":true}"#))]),
            ),
            (
                "ttcc",
                Pages::new([(
                    "/api/v1/game_info.js",
                    answer(
                        r#"{"num_toons":80,"production_closed":false,"production_closed_reason":""}"#,
                    ),
                )]),
            ),
            (
                "tlopo",
                Pages::new([(
                    "/system/status/",
                    answer(r#"{"status":2,"servers":{},"notices":{},"message":""}"#),
                )]),
            ),
        ];
        let tables = servers.iter();
        let tables =
            tables.map(|(game, server)| format!("[{game}]\napi = \"{}\"\n", server.root()));
        let mut text = tables.collect::<Vec<_>>().concat();
        text += "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice@x\"\nkept = [\"password\"]\n";
        computer.configure(&text);
        let root = servers[0].1.root();
        let secrets = StoredSecrets {
            game: "ttr",
            username: "alice@x",
            root: &root,
        };
        secrets.set("password", "hunter2-pw").await;

        let program = computer.doctor(&[]).on_the_bus();
        let output = program
            .run()
            .exits(0)
            .prints_plain_text()
            .hides(&["hunter2-pw"]);
        let mut shown = computer.shown(&output);
        for (game, server) in &servers {
            shown = shown.replace(&server.root(), &format!("http://{game}"));
        }
        assert_eq!(shown, "\
ok    ttr game         ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe, for 64-bit Windows, found: wine
ok    ttr runner       wine: ~/bin/wine, wine-9.0
ok    ttr prefix       ~/.wine, yours and writable
ok    ttr directory    ~/.wine/drive_c/Program Files (x86)/Toontown Rewritten, yours and writable
ok    ttcc game        ~/.local/share/bottles/bottles/Folder/drive_c/users/alice/AppData/Local/Corporate Clash/CorporateClash.exe, for 32-bit Windows, found: bottles
ok    ttcc runner      bottles: ~/bin/bottles-cli, of an unknown version
ok    ttcc bottle      it passes the variables of the game on
ok    ttcc prefix      ~/.local/share/bottles/bottles/Folder, yours and writable
ok    ttcc directory   ~/.local/share/bottles/bottles/Folder/drive_c/users/alice/AppData/Local/Corporate Clash, yours and writable
ok    tlopo game       ~/.local/share/Steam/steamapps/compatdata/123/pfx/drive_c/Program Files (x86)/TLOPO/tlopo.exe, for 32-bit Windows, found: proton
ok    tlopo runner     proton: ~/library/steamapps/common/Sniper/_v2-entry-point, proton-9.0-2
ok    tlopo prefix     ~/.local/share/Steam/steamapps/compatdata/123/pfx, yours and writable
ok    tlopo directory  ~/.local/share/Steam/steamapps/compatdata/123/pfx/drive_c/Program Files (x86)/TLOPO, yours and writable
ok    display          X11
ok    terminal         none, passwords and codes are asked for in windows
ok    prompt helpers   zenity
ok    variables        none makes a runner write secrets out
ok    secret store     Secret Service, unlocked
ok    configuration    ~/.config/playcookie/config.toml, 1 account
ok    accounts         every kept secret is in the store
ok    certificates     SSL_CERT_FILE
ok    proxy            none
ok    ttr server       http://ttr, open
ok    ttcc server      http://ttcc, open
ok    tlopo server     http://tlopo, open
ok    clock            as the servers'
");
    });
}

#[test]
fn a_native_program_needs_no_runner() {
    let computer = Computer::empty();
    computer.home.write("games/ttr/TTREngine", b"\x7fELF\x02");
    computer.configure("[ttr]\ngame-dir = \"~/games/ttr\"\n");
    let checks = computer.checks(computer.doctor(&["ttr", "--offline"]), 0);
    assert_eq!(
        checks[..3],
        [
            "ok ttr game ~/games/ttr/TTREngine, for 64-bit Linux, found: game-dir",
            "ok ttr runner native: this system",
            "ok ttr directory ~/games/ttr, yours and writable",
        ]
    );
}
