//! The secret store, which is neither unlocked nor changed, and kept secrets that are gone.

use super::*;
use crate::harness::session::{lock, secrets, with_a_keyring};
use crate::harness::store::with_a_store;

const ACCOUNTS: &str = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\nkept = [\"password\", \"totp\"]\n\
                        [accounts.bob]\ngame = \"ttcc\"\nusername = \"bob\"\nkept = [\"token\"]\n";

#[test]
fn kept_secrets_that_are_gone_are_warned_about() {
    let name = "doctor::secrets::kept_secrets_that_are_gone_are_warned_about";
    with_a_store(name, async |_| {
        let computer = Computer::healthy();
        computer.configure(ACCOUNTS);
        let program = computer.doctor(&["ttr", "--offline"]).on_the_bus();
        let mut checks = computer.checks(program, 0);
        checks.retain(|check| check.contains(" account ") && check.starts_with("warn"));
        assert_eq!(
            checks,
            [
                "warn account alice its password is kept, and not in the secret store | run `playcookie accounts edit alice --password-stdin`",
                "warn account alice its two-factor secret is kept, and not in the secret store | run `playcookie accounts edit alice --totp-stdin`",
                "warn account bob its token is kept, and not in the secret store | run `playcookie ttcc login bob --save`",
            ]
        );
    });
}

#[test]
fn a_locked_store_stays_locked() {
    let name = "doctor::secrets::a_locked_store_stays_locked";
    with_a_keyring(name, async |session| {
        let _keyring = session.unlocked();
        lock();
        let computer = Computer::healthy();
        computer.configure(ACCOUNTS);
        let program = computer.doctor(&["ttr", "--offline"]).on_the_bus();
        let checks = computer.checks(program, 0);
        let warned = checks.iter().filter(|check| check.starts_with("warn"));
        let warned: Vec<_> = warned.collect();
        assert_eq!(warned.len(), 1, "{checks:#?}");
        assert!(warned[0].starts_with("warn secret store the secret store is locked | unlock it"));
        assert!(!session.has_prompted());
    });
}

#[test]
fn a_store_without_a_password_is_not_unlocked() {
    let name = "doctor::secrets::a_store_without_a_password_is_not_unlocked";
    with_a_keyring(name, async |session| {
        let _keyring = session.without_a_password();
        let is_locked = || {
            let secrets = secrets();
            let collection = secrets.get_default_collection().expect("a collection");
            collection.is_locked().expect("an answer")
        };
        let before = is_locked();
        let computer = Computer::healthy();
        let program = computer.doctor(&["ttr", "--offline"]).on_the_bus();
        computer.checks(program, 0);
        assert_eq!(is_locked(), before);
    });
}
