//! `doctor`: what is installed, where, and what is missing.

mod broken;
mod complete;
mod network;
mod own_settings;
mod report;
mod secrets;
mod terminal;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::harness::tls::Authority;
use crate::harness::{Home, Program, RunOutput};
use crate::runners::fakes::{install, link_tools, script};

/// The program of the healthy computer.
const PROGRAM: &str = ".wine/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe";

const MODE: fn(&Path, u32) = |path, mode| {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
};

/// Returns the start of a program for Windows with this machine type.
fn windows_program(machine: u16) -> Vec<u8> {
    let mut program = vec![0; 0x40];
    program.splice(..2, *b"MZ");
    program.splice(0x3c.., 0x40_u32.to_le_bytes());
    program.extend(b"PE\0\0");
    program.extend(machine.to_le_bytes());
    program
}

/// A computer on which nothing is installed.
struct Computer {
    home: Home,
}

impl Computer {
    fn empty() -> Self {
        let home = Home::new();
        link_tools(&home);
        Authority::new().file(&home);
        Self { home }
    }

    /// Returns a computer with one game in the default prefix of Wine, and a display.
    fn healthy() -> Self {
        let computer = Self::empty();
        install(&computer.home, "wine");
        let version = "[ -z \"$PLAYCOOKIE_PASSWORD\" ] && echo wine-9.0";
        script(&computer.home, "bin/wine", version);
        script(&computer.home, "bin/zenity", "exit 1");
        computer.home.write(PROGRAM, windows_program(0x8664));
        computer.configure("");
        computer
    }

    /// Writes a configuration that only this user may read.
    fn configure(&self, text: &str) {
        MODE(&self.home.configure(text), 0o600);
    }

    /// Returns `playcookie doctor …` with a display, certificates and a `PATH` of its own.
    fn doctor(&self, words: &[&str]) -> Program {
        let authority = self.home.path().join("authority.pem");
        let program = self.home.program(&[&["doctor"], words].concat());
        program
            .env("PATH", self.home.path().join("bin"))
            .env("WINEPREFIX", "")
            .env("SSL_CERT_FILE", authority)
            .env("DISPLAY", ":0")
            .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
    }

    /// Returns the output with `~` for the home.
    fn shown(&self, output: &RunOutput) -> String {
        let home = self.home.path().display().to_string();
        assert_eq!(output.stderr, "", "{output:#?}");
        output.stdout.replace(&home, "~")
    }

    /// Returns each check with what mends it, without the spaces between the columns.
    fn checks(&self, program: Program, status: i32) -> Vec<String> {
        let output = program.run().exits(status).prints_plain_text();
        let mut checks: Vec<String> = Vec::new();
        for line in self.shown(&output).lines() {
            let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
            match checks.last_mut() {
                Some(last) if line.starts_with("      ") => {
                    last.push_str(" | ");
                    last.push_str(&words);
                }
                _ => checks.push(words),
            }
        }
        checks
    }
}

#[test]
fn an_empty_machine_lacks_the_games_a_display_and_a_secret_store() {
    let computer = Computer::empty();
    let program = computer.doctor(&["--offline"]).env("DISPLAY", "");
    let output = program.run().exits(0).prints_plain_text();
    assert_eq!(
        computer.shown(&output),
        "\
note  ttr game        Toontown Rewritten was not found where it is usually installed
note  ttcc game       Toontown: Corporate Clash was not found where it is usually installed
note  tlopo game      The Legend of Pirates Online was not found where it is usually installed
warn  display         neither WAYLAND_DISPLAY nor DISPLAY is set, so that a game has no window
      start it in a desktop session
note  terminal        none, so that nobody can be asked here
note  prompt helpers  none of pinentry, kdialog, zenity is installed
ok    variables       none makes a runner write secrets out
warn  secret store    no secret store was found
      install and start gnome-keyring, KeePassXC or KWallet, with a default keyring in it, or use --password-command CMD, and --no-save at a login
ok    configuration   none at ~/.config/playcookie/config.toml
ok    certificates    SSL_CERT_FILE
ok    proxy           none
"
    );
    assert!(!computer.home.path().join(".config").exists());
    assert!(!computer.home.path().join(".local").exists());
}

#[test]
fn a_named_game_that_is_missing_is_a_failure() {
    let computer = Computer::empty();
    let checks = computer.checks(computer.doctor(&["tlopo", "--offline"]), 72);
    let hint = "install it with `playcookie tlopo update` or with its own launcher, or name its directory with `playcookie config set tlopo.game-dir DIR`";
    let line =
        "fail tlopo game The Legend of Pirates Online was not found where it is usually installed";
    assert_eq!(checks[0], format!("{line} | {hint}"));
    computer.configure("[accounts.\"b.b\"]\ngame = \"tlopo\"\nusername = \"bob\"\nexe = \"/x\"\n");
    let checks = computer.checks(computer.doctor(&["tlopo", "--offline"]), 72);
    let hint = "name the game's program with `playcookie config set 'accounts.\"b.b\"'.exe FILE`";
    assert!(checks[1].ends_with(hint), "{checks:#?}");
}

#[test]
fn the_games_of_phones_are_refused() {
    let refused = Computer::empty().doctor(&["scid", "--offline"]).run();
    refused.fails(64, "phones");
}

#[test]
fn the_same_checks_are_one_object_in_json() {
    let computer = Computer::healthy();
    let words = ["ttr", "ttcc", "--offline"];
    let lines = computer.checks(computer.doctor(&words), 72);
    let json = computer.doctor(&words).args(["--json"]).run().exits(72);
    let [object] = json.events().try_into().expect("one object");
    let checks = object["checks"].as_array().expect("a list");
    assert_eq!(checks.len(), lines.len());
    let failure = checks.iter().find(|check| check["level"] == "fail");
    let failure = failure.expect("a failure");
    assert_eq!(failure["name"], "ttcc game");
    assert_eq!(failure["reason"], "game-missing");
    assert!(
        failure["fix"]
            .as_str()
            .is_some_and(|fix| fix.contains("playcookie ttcc update"))
    );
    assert_eq!(checks[0]["level"], "ok");
    assert!(checks[0]["fix"].is_null() && checks[0]["reason"].is_null());
}
