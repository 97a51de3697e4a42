//! Logins with configured accounts, and saving accounts.

mod account_selection;
mod launcher_tokens;
mod offer_to_save;
mod store_errors;
mod two_servers;

use crate::harness::accounts::account;
use crate::harness::store::{StoredSecrets, with_a_store};
use crate::harness::ttr::{grant, partial};
use crate::harness::{Home, Program, Reaction, Scripted};

/// The password in the store.
const STORED: &str = "kept-5ec7e7-pw";

fn granted() -> Reaction {
    grant("gs.example", "ck-5ec7e7")
}

fn refusal() -> Reaction {
    Reaction::json(r#"{"success":"false","banner":"Incorrect username and/or password."}"#)
}

/// Returns the table of Alice's account of Toontown Rewritten with a stored password.
fn alice() -> String {
    account("alice", "ttr", "alice-u", "kept = [\"password\"]")
}

/// Returns the secrets of [`alice`].
fn of_alice(root: &str) -> StoredSecrets<'_> {
    StoredSecrets {
        game: "ttr",
        username: "alice-u",
        root,
    }
}

/// Returns `GAME login … --api ROOT` on the bus of this test.
fn login(home: &Home, game: &str, root: &str, more: &[&str]) -> Program {
    home.program(&[&[game, "login", "--api", root], more].concat())
        .on_the_bus()
}

#[test]
fn a_stored_password_is_used_without_a_prompt() {
    let name = "remembered_accounts::a_stored_password_is_used_without_a_prompt";
    with_a_store(name, async |home| {
        let tlopo = r#"{"status":"7","message":"","token":"ck-5ec7e7","gameserver":"gs.example"}"#;
        for (game, answer) in [("ttr", granted()), ("tlopo", Reaction::json(tlopo))] {
            let server = Scripted::new([answer]);
            home.configure(account("alice", game, "alice-u", "kept = [\"password\"]"));
            let root = server.root();
            let owner = StoredSecrets {
                game,
                ..of_alice(&root)
            };
            owner.set("password", STORED).await;
            let ended = login(&home, game, &root, &["alice", "--json", "-vv"]).run();
            let ended = ended.exits(0).hides(&[STORED]);
            assert_eq!(ended.event_names(), ["login", "ready"]);
            let event = &ended.events()[0];
            assert_eq!(
                (&event["account"], &event["username"]),
                (&"alice".into(), &"alice-u".into())
            );
            assert_eq!(
                server.finish()[0].body,
                format!("username=alice-u&password={STORED}")
            );
        }
    });
}

#[test]
fn a_terminal_shows_which_secrets_come_from_the_store() {
    let name = "remembered_accounts::a_terminal_shows_which_secrets_come_from_the_store";
    with_a_store(name, async |home| {
        let kept = "kept = [\"password\", \"totp\"]";
        home.configure(account("alice", "ttr", "alice-u", kept));
        for quiet in [false, true] {
            let server = Scripted::new([partial("t1"), granted()]);
            let root = server.root();
            of_alice(&root).set("password", STORED).await;
            of_alice(&root).set("totp", "GEZDGNBVGY3TQOJQ").await;
            let more = ["alice", "--code", "123456", "-q"];
            let more = if quiet { &more[..] } else { &more[..1] };
            let mut pty = login(&home, "ttr", &root, more).on_a_terminal();
            if !quiet {
                pty.expect("alice: password: from the secret store\r\n");
                pty.expect("alice: Please enter an authenticator token.\r\n");
                pty.expect("alice: two-factor code: from the secret store\r\n");
            }
            let ended = pty.wait().exits(0).hides(&[STORED]);
            let lines = ended.stderr.matches("secret store").count();
            assert_eq!(lines, if quiet { 0 } else { 2 }, "{ended:#?}");
        }
    });
}

#[test]
fn a_password_given_for_the_run_overrides_the_stored_one() {
    let name = "remembered_accounts::a_password_given_for_the_run_overrides_the_stored_one";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted(), granted(), granted()]);
        home.configure(alice());
        of_alice(&server.root()).set("password", STORED).await;
        let login = |more: &[&str]| login(&home, "ttr", &server.root(), more);
        let stdin = login(&["alice", "--password-stdin"]).stdin("given\n");
        stdin.run().exits(0);
        let command = login(&["alice", "--password-command", "echo given"]);
        command.run().exits(0);
        let variable = login(&["alice"]).env("PLAYCOOKIE_PASSWORD", "given");
        variable.run().exits(0);
        for request in server.finish() {
            assert_eq!(request.body, "username=alice-u&password=given");
        }
    });
}

#[test]
fn a_password_stored_for_one_server_is_not_sent_to_another() {
    let name = "remembered_accounts::a_password_stored_for_one_server_is_not_sent_to_another";
    with_a_store(name, async |home| {
        let (known, other) = (Scripted::new([granted()]), Scripted::untouched());
        home.configure(alice());
        for root in [&known.root(), "https://www.toontownrewritten.com"] {
            of_alice(root).set("password", STORED).await;
            of_alice(root).set("totp", "GEZDGNBVGY3TQOJQ").await;
        }
        let ended = login(&home, "ttr", &other.root(), &["alice", "--json", "-vv"]).run();
        let ended = ended.fails(66, "a password is needed").hides(&[STORED]);
        assert_eq!(ended.error_event()["reason"], "input-needed");
        // The password is still stored for its server.
        login(&home, "ttr", &known.root(), &["alice"])
            .run()
            .exits(0);
    });
}

#[test]
fn a_refused_stored_password_names_the_command_to_replace_it() {
    let name = "remembered_accounts::a_refused_stored_password_names_the_command_to_replace_it";
    with_a_store(name, async |home| {
        let server = Scripted::new([refusal()]);
        home.configure(alice());
        of_alice(&server.root()).set("password", STORED).await;
        let ended = login(&home, "ttr", &server.root(), &["alice", "--json"]).run();
        let ended = ended.fails(77, "alice").hides(&[STORED]);
        assert_eq!(ended.error_event()["reason"], "credentials");
        let (_, hint) = ended.error_and_hint();
        assert!(hint.contains("playcookie accounts edit alice"), "{hint}");
        // A refused password is not removed, because the server could be wrong.
        let kept = of_alice(&server.root()).get("password").await;
        assert_eq!(kept.as_deref(), Some(STORED));
    });
}

#[test]
fn exec_uses_a_stored_password_and_no_stored_code() {
    let name = "remembered_accounts::exec_uses_a_stored_password_and_no_stored_code";
    with_a_store(name, async |home| {
        let server = Scripted::new([granted(), partial("t1")]);
        home.configure(alice());
        of_alice(&server.root()).set("password", STORED).await;
        let exec = ["ttr", "exec", "alice", "--api", &server.root(), "--", "env"];
        let ended = home
            .program(&exec)
            .on_the_bus()
            .run()
            .exits(0)
            .hides(&[STORED]);
        assert!(ended.stdout.contains("TTR_PLAYCOOKIE=ck-5ec7e7"));
        login(&home, "ttr", &server.root(), &["alice"])
            .run()
            .fails(66, "code");
    });
}

#[test]
fn a_lost_password_is_asked_for_and_stored_again() {
    let name = "remembered_accounts::a_lost_password_is_asked_for_and_stored_again";
    with_a_store(name, async |home| {
        let server = Scripted::new([refusal(), granted()]);
        let root = server.root();
        let alice = format!("{}api = \"{root}\"\n", alice());
        home.configure(&alice);
        login(&home, "ttr", &root, &["alice"])
            .run()
            .fails(66, "a password is needed");
        let mut pty = login(&home, "ttr", &root, &["alice"]).on_a_terminal();
        for typed in ["wrong", "right"] {
            pty.expect("Password for alice-u: ");
            pty.wait_until_hidden();
            assert_eq!(of_alice(&root).get("password").await, None);
            pty.line(typed);
        }
        pty.wait().exits(0);
        let found = of_alice(&root).get("password").await;
        assert_eq!(found.as_deref(), Some("right"));
        assert_eq!(home.configuration().unwrap_or_default(), alice);
    });
}
