//! Saving an account at a prompt or with `--save`.

use super::*;
use crate::harness::session::{lock, with_a_keyring};
use crate::harness::{CTRL_C, Engine, Pty};

const TYPED: &str = "typed-5ec7e7";
const OFFER: &str =
    "Remember alice-u as \"alice-u\", with the password in the secret store? [y/N] ";

/// Runs `ttr login -u alice-u` on a terminal and types the password.
#[track_caller]
fn start_login(home: &Home, root: &str, more: &[&str]) -> Pty {
    let more = [&["-u", "alice-u"], more].concat();
    let mut pty = login(home, "ttr", root, &more).on_a_terminal();
    pty.expect("Password for alice-u: ");
    pty.wait_until_hidden();
    pty.line(TYPED);
    pty
}

/// Asserts that a login does not offer to save the password and does not store it.
#[track_caller]
fn assert_not_offered(home: &Home, more: &[&str]) {
    let server = Scripted::new([granted()]);
    let ended = start_login(home, &server.root(), more).wait().exits(0);
    assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
    assert_eq!(home.configuration().unwrap_or_default(), "");
}

#[test]
fn after_a_yes_the_password_is_stored_when_the_login_succeeded() {
    let name = "remembered_accounts::offer_to_save::after_a_yes_the_password_is_stored_when_the_login_succeeded";
    with_a_store(name, async |home| {
        let (held, release) = granted().held();
        let server = Scripted::new([held, granted(), granted()]);
        let root = server.root();
        let mut pty = start_login(&home, &root, &[]);
        server.wait_for(1);
        drop(release);
        let before = pty.expect(OFFER);
        assert!(!before.contains("export"), "{before:?}");
        assert_eq!(of_alice(&root).get("password").await, None);
        assert_eq!(home.configuration().unwrap_or_default(), "");
        pty.line("y");
        pty.expect("playcookie ttr alice-u");
        pty.wait().exits(0).hides(&[TYPED]);
        let kept = of_alice(&root).get("password").await;
        assert_eq!(kept.as_deref(), Some(TYPED));
        let configuration = home.configuration().unwrap_or_default();
        assert!(configuration.contains("alice-u") && !configuration.contains(TYPED));
        // The next login needs no prompt and uses the stored server.
        let again = ["ttr", "login", "alice-u"];
        home.program(&again).on_the_bus().run().exits(0);
        // A yes is confirmed, even if the account is remembered already.
        let mut pty = start_login(&home, &root, &[]);
        pty.expect(OFFER);
        pty.line("y");
        pty.expect("remembered: `playcookie ttr alice-u`");
        pty.wait().exits(0);
    });
}

#[test]
fn a_wrong_password_is_not_stored() {
    let name = "remembered_accounts::offer_to_save::a_wrong_password_is_not_stored";
    with_a_store(name, async |home| {
        let server = Scripted::new([(); 4].map(|()| refusal()));
        let root = server.root();
        let mut pty = start_login(&home, &root, &[]);
        for _ in 0..2 {
            pty.expect("Password for alice-u: ");
            pty.wait_until_hidden();
            pty.line(TYPED);
        }
        let ended = pty.wait().exits(77);
        assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
        let more = ["-u", "alice-u", "--password-stdin", "--save"];
        let saved = login(&home, "ttr", &root, &more).stdin("typed\n");
        saved.run().exits(77);
        assert_eq!(of_alice(&root).get("password").await, None);
        assert_eq!(home.configuration().unwrap_or_default(), "");
    });
}

#[test]
fn after_a_no_it_is_not_offered_again() {
    let name = "remembered_accounts::offer_to_save::after_a_no_it_is_not_offered_again";
    with_a_store(name, async |_| {
        for answer in ["n", "", "perhaps"] {
            let (home, server) = (Home::new(), Scripted::new([granted()]));
            let root = server.root();
            let mut pty = start_login(&home, &root, &[]);
            pty.expect(OFFER);
            pty.line(answer);
            pty.wait().exits(0);
            assert_eq!(of_alice(&root).get("password").await, None);
            assert_not_offered(&home, &[]);
        }
    });
}

#[test]
fn ctrl_c_at_the_offer_ends_the_run() {
    let name = "remembered_accounts::offer_to_save::ctrl_c_at_the_offer_ends_the_run";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted()]);
        let more = ["-u", "alice-u"];
        let mut shell = login(&home, "ttr", &server.root(), &more).under_a_shell();
        shell.pty.expect("Password for alice-u: ");
        shell.pty.wait_until_hidden();
        shell.pty.line(TYPED);
        shell.pty.expect(OFFER);
        shell.pty.keys(&[CTRL_C]);
        let (status, pty) = shell.wait();
        assert_eq!(status, 130);
        assert!(pty.is_restored());
        assert_eq!(home.configuration().unwrap_or_default(), "");
    });
}

#[test]
fn an_offer_without_an_answer_is_given_up_and_made_again() {
    let name =
        "remembered_accounts::offer_to_save::an_offer_without_an_answer_is_given_up_and_made_again";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted(), granted()]);
        for _ in 0..2 {
            let mut pty = start_login(&home, &server.root(), &["--timeout", "2"]);
            pty.expect(OFFER);
            pty.expect("no answer");
            pty.expect("export TTR_GAMESERVER=");
            pty.wait().exits(0);
        }
        assert_eq!(home.configuration().unwrap_or_default(), "");
    });
}

#[test]
fn after_a_no_it_is_offered_for_another_username() {
    let name = "remembered_accounts::offer_to_save::after_a_no_it_is_offered_for_another_username";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted(), granted()]);
        let root = server.root();
        let mut pty = start_login(&home, &root, &[]);
        pty.expect("[y/N] ");
        pty.line("no");
        pty.wait().exits(0);
        let mut pty = login(&home, "ttr", &root, &["-u", "bob-u"]).on_a_terminal();
        pty.expect("Password for bob-u: ");
        pty.wait_until_hidden();
        pty.line(TYPED);
        pty.expect("Remember bob-u");
        pty.expect("[y/N] ");
        pty.line("n");
        pty.wait().exits(0);
    });
}

#[test]
fn it_is_not_offered_when_it_is_excluded_or_impossible() {
    let name =
        "remembered_accounts::offer_to_save::it_is_not_offered_when_it_is_excluded_or_impossible";
    with_a_store(name, async |home| {
        assert_not_offered(&home, &["--no-save"]);
        let server = Scripted::new([granted()]);
        let more = ["-u", "alice-u", "--no-input"];
        let login = login(&home, "ttr", &server.root(), &more);
        let given = login.env("PLAYCOOKIE_PASSWORD", TYPED);
        let ended = given.on_a_terminal().wait().exits(0);
        assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
        let engine = Engine::new(&home, "TTREngine");
        let rehearsal = ["rehearse", "ttr", "-u", "alice-u", "--queue", "0"];
        let mut pty = home
            .program(&rehearsal)
            .args(["--exe", engine.exe()])
            .on_the_bus()
            .on_a_terminal();
        pty.expect("Password for alice-u: ");
        pty.wait_until_hidden();
        pty.line(TYPED);
        let ended = pty.wait().exits(0);
        assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
        lock();
        assert_not_offered(&home, &[]);
    });
}

#[test]
fn it_is_not_offered_without_a_store() {
    let (home, server) = (Home::new(), Scripted::new([granted()]));
    let login = ["ttr", "login", "-u", "alice-u", "--api", &server.root()];
    let mut pty = home.program(&login).on_a_terminal();
    pty.expect("Password for alice-u: ");
    pty.wait_until_hidden();
    pty.line(TYPED);
    let ended = pty.wait().exits(0);
    assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
}

#[test]
fn save_stores_without_a_prompt_under_the_given_name() {
    let name =
        "remembered_accounts::offer_to_save::save_stores_without_a_prompt_under_the_given_name";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted(), granted()]);
        let root = server.root();
        let more = ["-u", "alice-u", "--password-stdin", "--save=ally"];
        let saved = login(&home, "ttr", &root, &more).stdin(format!("{TYPED}\n"));
        saved.run().exits(0).hides(&[TYPED]);
        let kept = of_alice(&root).get("password").await;
        assert_eq!(kept.as_deref(), Some(TYPED));
        assert!(
            home.configuration()
                .unwrap_or_default()
                .contains("[accounts.ally]")
        );
        login(&home, "ttr", &root, &["ally"]).run().exits(0);
    });
}

#[test]
fn save_stores_the_password_of_a_configured_account() {
    let name =
        "remembered_accounts::offer_to_save::save_stores_the_password_of_a_configured_account";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted()]);
        let root = server.root();
        home.configure(format!(
            "# mine\n{}",
            account("alice", "ttr", "alice-u", "")
        ));
        let more = ["alice", "--password-stdin", "--save"];
        let saved = login(&home, "ttr", &root, &more).stdin(format!("{TYPED}\n"));
        saved.run().exits(0);
        let kept = of_alice(&root).get("password").await;
        assert_eq!(kept.as_deref(), Some(TYPED));
        let configuration = home.configuration().unwrap_or_default();
        assert!(configuration.starts_with("# mine\n[accounts.alice]\n"));
        assert!(
            configuration.contains("kept = [\"password\"]"),
            "{configuration}"
        );
    });
}

#[test]
fn when_the_account_cannot_be_written_the_store_is_unchanged() {
    let name = "remembered_accounts::offer_to_save::when_the_account_cannot_be_written_the_store_is_unchanged";
    with_a_store(name, async |home| {
        let alice = account("alice", "ttr", "alice-u", "");
        home.configure(&alice);
        home.block_the_configuration();
        for before in [None, Some(STORED)] {
            let server = Scripted::new([granted()]);
            let root = server.root();
            if let Some(before) = before {
                of_alice(&root).set("password", before).await;
            }
            let more = ["alice", "--password-stdin", "--save"];
            let saved = login(&home, "ttr", &root, &more).stdin(format!("{TYPED}\n"));
            let ended = saved.run().exits(0).hides(&[TYPED, STORED]);
            let words = "the password is not stored: ";
            assert!(ended.stderr.contains(words), "{ended:#?}");
            let kept = of_alice(&root).get("password").await;
            assert_eq!(kept.as_deref(), before);
        }
        assert_eq!(home.configuration(), Some(alice));
    });
}

#[test]
fn a_used_or_invalid_name_fails_before_anything_is_sent() {
    let name =
        "remembered_accounts::offer_to_save::a_used_or_invalid_name_fails_before_anything_is_sent";
    with_a_keyring(name, async |session| {
        let _keyring = session.unlocked();
        let (home, server) = (Home::new(), Scripted::untouched());
        home.configure(alice());
        for (wanted, words) in [
            ("--save=alice", "alice"),
            ("--save=ALICE", "ALICE"),
            ("--save=play", ""),
            ("--save=a b", ""),
            ("--save=@g", ""),
            ("--save=", ""),
        ] {
            let more = ["-u", "bob-u", "--password-stdin", wanted];
            let saved = login(&home, "ttr", &server.root(), &more).stdin("pw\n");
            saved.run().fails(64, words);
        }
        assert_eq!(home.configuration().unwrap_or_default(), alice());
    });
}
