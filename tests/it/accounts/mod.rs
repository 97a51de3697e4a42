//! `playcookie accounts`: what is remembered, and what the secret store keeps for it.

mod add;
#[cfg(target_os = "linux")]
mod atomicity;
#[cfg(target_os = "linux")]
mod duplicates;
mod edit_and_remove;
mod file;
#[cfg(target_os = "linux")]
mod interrupted;
#[cfg(target_os = "linux")]
mod launcher_tokens;
#[cfg(target_os = "linux")]
mod prompts;
#[cfg(target_os = "linux")]
mod removed_secrets;
#[cfg(target_os = "linux")]
mod store_errors;
#[cfg(target_os = "linux")]
mod stored_secrets;
#[cfg(target_os = "linux")]
mod token_revocation;
mod usage_errors;

use crate::harness::{Home, Program};

/// The variable that names the session bus.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const PASSWORD: &str = "hunter2-5ec7e7";
/// Base32, as a game's website shows it.
#[cfg(target_os = "linux")]
const CODE_SECRET: &str = "JBSW Y3DP ehpk 3pxp";
/// The same in its shortest form.
#[cfg(target_os = "linux")]
const NORMALIZED_CODE_SECRET: &str = "JBSWY3DPEHPK3PXP";

const ALICE: &str = "\
[accounts.alice]
game = \"ttr\"
username = \"alice@example.com\"
";
const BOB: &str = "\
[accounts.bob]
game = \"tlopo\"
username = \"bob\"
";

/// `accounts …` on the session bus of this process, if it has one of its own.
fn accounts(home: &Home, words: &[&str]) -> Program {
    let program = home.program(&[&["accounts"], words].concat());
    // A test that was not started on a bus of its own is not to touch the player's.
    match std::env::var("PLAYCOOKIE_TEST_SESSION").and_then(|_| std::env::var(BUS)) {
        Ok(bus) => program.env(BUS, bus),
        Err(_) => program,
    }
}

/// A home with Alice and Bob in its configuration.
fn two_accounts() -> Home {
    let home = Home::new();
    home.configure(format!("{ALICE}\n{BOB}"));
    home
}

/// The name, game and username of every account, as a script reads them.
#[track_caller]
fn list(home: &Home) -> Vec<[String; 3]> {
    let ended = accounts(home, &["list", "--json"]).run().exits(0);
    let list = ended.events().remove(0);
    let accounts = list["accounts"].as_array().expect("a list");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    accounts
        .iter()
        .map(|account| ["name", "game", "username"].map(|key| text(&account[key])))
        .collect()
}

/// The lock on the configuration, as another program holds it that changes the file.
fn lock(home: &Home) -> std::fs::File {
    let path = home.configuration_path().with_added_extension("lock");
    let lock = std::fs::File::create(path).expect("a lock");
    lock.lock().expect("it is free");
    lock
}

/// No more than before, and nothing half written, is there.
#[track_caller]
fn assert_unchanged(home: &Home, before: Option<&str>) {
    assert_eq!(home.configuration().as_deref(), before);
    let beside = home.beside_the_configuration();
    assert!(
        beside.iter().all(|name| name == "config.toml.new"),
        "{beside:?}"
    );
}
