//! One username at two servers.

use super::*;
use crate::harness::Pty;

#[test]
fn save_at_another_server_adds_another_account() {
    let name = "remembered_accounts::two_servers::save_at_another_server_adds_another_account";
    with_a_store(name, async |home| {
        let (known, other) = (
            Scripted::new([granted()]),
            Scripted::new([granted(), granted()]),
        );
        let (here, there) = (known.root(), other.root());
        let more = format!("kept = [\"password\"]\napi = \"{here}\"");
        let first = account("alice-u", "ttr", "alice-u", &more);
        home.configure(&first);
        of_alice(&here).set("password", STORED).await;
        let more = ["-u", "alice-u", "--password-stdin", "--save"];
        let save = login(&home, "ttr", &there, &more).stdin("pw-there\n");
        save.run().exits(0).hides(&[STORED, "pw-there"]);

        let text = home.configuration().expect("a file");
        let second = account(
            "alice-u-2",
            "ttr",
            "alice-u",
            &format!("kept = [\"password\"]\napi = \"{there}\""),
        );
        assert_eq!(text.trim_end(), format!("{first}\n{second}").trim_end());
        for (root, kept) in [(&here, STORED), (&there, "pw-there")] {
            let found = of_alice(root).get("password").await;
            assert_eq!(found.as_deref(), Some(kept), "{root}");
        }
        // Each account name selects its own password.
        for name in ["alice-u", "alice-u-2"] {
            let login = home.program(&["ttr", "login", name]).on_the_bus();
            login.run().exits(0);
        }
        let body = |password: &str| format!("username=alice-u&password={password}");
        assert_eq!(known.finish()[0].body, body(STORED));
        assert_eq!(other.finish()[1].body, body("pw-there"));
    });
}

/// Types the password of `ttr login alice` at another server than the account's.
#[track_caller]
fn log_in_elsewhere(program: Program, own: &str, other: &str) -> Pty {
    let mut pty = program.on_a_terminal();
    pty.expect(&format!(
        "alice: nothing is kept for {other}, only for {own}"
    ));
    pty.expect("Password for alice-u: ");
    pty.wait_until_hidden();
    pty.line("typed");
    pty
}

#[test]
fn nothing_is_kept_for_another_server_and_the_account_is_not_remembered_a_second_time() {
    let name = "remembered_accounts::two_servers::nothing_is_kept_for_another_server_and_the_account_is_not_remembered_a_second_time";
    with_a_store(name, async |home| {
        let (own, other) = (Scripted::untouched(), Scripted::new([granted()]));
        let api = format!("api = \"{}\"\n", own.root());
        home.configure(alice() + &api);
        of_alice(&own.root()).set("password", STORED).await;
        let without_terminal = login(&home, "ttr", &other.root(), &["alice"]).run();
        let ended = without_terminal.fails(66, "a password is needed");
        let words = format!("alice: nothing is kept for {}, only for", other.root());
        assert!(ended.stderr.contains(&words), "{ended:#?}");
        let login = login(&home, "ttr", &other.root(), &["alice"]);
        let pty = log_in_elsewhere(login, &own.root(), &other.root());
        let ended = pty.wait().exits(0);
        assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
        assert_eq!(home.configuration(), Some(alice() + &api));
        assert_eq!(other.finish()[0].body, "username=alice-u&password=typed");
    });
}

#[test]
fn without_a_store_an_account_at_another_server_is_asked_for_its_code() {
    let (home, own) = (Home::new(), Scripted::untouched());
    let other = Scripted::new([partial("t1"), granted()]);
    let options = format!("kept = [\"totp\"]\napi = \"{}\"", own.root());
    home.configure(account("alice", "ttr", "alice-u", &options));
    let login = home.program(&["ttr", "login", "alice", "--api", &other.root()]);
    let login = login.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let mut pty = log_in_elsewhere(login, &own.root(), &other.root());
    pty.expect("Code: ");
    pty.wait_until_hidden();
    pty.line("739154");
    pty.wait().exits(0);
    assert_eq!(other.finish()[1].body, "appToken=739154&authToken=t1");
}
