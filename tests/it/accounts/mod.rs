//! `playcookie accounts`: accounts in the configuration and their secrets in the store.

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
/// A two-factor secret in the form that a game's website shows.
#[cfg(target_os = "linux")]
const CODE_SECRET: &str = "JBSW Y3DP ehpk 3pxp";
/// The same secret in the form that is stored.
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

/// Returns `accounts …`, on the session bus of this process if the test has its own.
fn accounts(home: &Home, words: &[&str]) -> Program {
    let program = home.program(&[&["accounts"], words].concat());
    // A test without its own bus must not use the bus of the developer's session.
    match std::env::var("PLAYCOOKIE_TEST_SESSION").and_then(|_| std::env::var(BUS)) {
        Ok(bus) => program.env(BUS, bus),
        Err(_) => program,
    }
}

/// Creates a home with Alice and Bob in its configuration.
fn two_accounts() -> Home {
    let home = Home::new();
    home.configure(format!("{ALICE}\n{BOB}"));
    home
}

/// Returns the name, game and username of every account from `accounts list --json`.
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

/// Locks the configuration like another run that changes it.
fn lock(home: &Home) -> std::fs::File {
    let path = home.configuration_path().with_added_extension("lock");
    let lock = std::fs::File::create(path).expect("a lock");
    lock.lock().expect("it is free");
    lock
}

/// Asserts that the configuration is unchanged and no temporary file is left.
#[track_caller]
fn assert_unchanged(home: &Home, before: Option<&str>) {
    assert_eq!(home.configuration().as_deref(), before);
    let beside = home.beside_the_configuration();
    assert!(
        beside.iter().all(|name| name == "config.toml.new"),
        "{beside:?}"
    );
}
