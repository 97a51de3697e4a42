//! Tokens in a real secret store.

use playcookie::stand_in::Scenario;
use rustix::process::Signal;

use super::{EMAIL, object, shown_pin};
use crate::harness::session::{Session, lock, with_a_keyring};
use crate::harness::{Home, Program, Reaction, RunOutput, Scripted, SendSignal, StandInServer};

/// The variable that names the session bus.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// A token with the payload `{"game":"scroll","pid":"0-1"}`.
const TOKEN: &str = "e30.eyJnYW1lIjoic2Nyb2xsIiwicGlkIjoiMC0xIn0.c2ln";

/// Returns `scid …` on the bus of this test.
fn scid(home: &Home, root: &str, arguments: &[&str]) -> Program {
    let bus = std::env::var(BUS).expect("a bus");
    let arguments = [&["scid"], arguments, &["--api", root]].concat();
    home.program(&arguments).env(BUS, bus)
}

/// Logs in for Clash Royale and stores the tokens.
#[track_caller]
fn log_in(home: &Home, root: &str) -> RunOutput {
    let requested = scid(
        home,
        root,
        &["login", EMAIL, "--game", "cr", "--request-only"],
    )
    .run()
    .exits(0);
    let pin = shown_pin(&requested);
    let stored = scid(home, root, &["login", EMAIL, "--pin-stdin", "--save"])
        .stdin(pin)
        .run()
        .exits(0);
    assert!(
        stored.stderr.contains("stored in the secret store"),
        "{stored:#?}"
    );
    stored
}

/// Runs `act` with stored tokens and a stand-in server.
fn with_login(test: &str, act: impl Fn(&Home, &str)) {
    with_a_keyring(test, async |session: Session| {
        let _keyring = session.unlocked();
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        log_in(&home, &server.root());
        act(&home, &server.root());
    });
}

#[test]
fn stored_tokens_need_no_login() {
    with_login(
        "scid::stored_tokens::stored_tokens_need_no_login",
        |home, root| {
            let who = object(&scid(home, root, &["whoami", "--json"]).run().exits(0));
            assert_eq!(
                (&who["email"], &who["verified"]),
                (&EMAIL.into(), &false.into())
            );
            assert!(
                who["player_tag"]
                    .as_str()
                    .is_some_and(|tag| tag.starts_with('#')),
                "{who}"
            );
            scid(home, root, &["links"]).run().exits(0);
            let settings = object(&scid(home, root, &["settings", "--json"]).run().exits(0));
            let marketing = settings["marketing"].as_bool().expect("a setting");
            let other = if marketing { "off" } else { "on" };
            let changed = scid(
                home,
                root,
                &["settings", "set", "marketing", other, "--json"],
            )
            .run()
            .exits(0);
            assert_eq!(object(&changed)["marketing"], !marketing);
            let claims = scid(home, root, &["token"]).run().exits(0);
            assert!(claims.stdout.contains("not verified"), "{claims:#?}");
        },
    );
}

#[test]
fn logout_removes_the_tokens() {
    with_login(
        "scid::stored_tokens::logout_removes_the_tokens",
        |home, root| {
            scid(home, root, &["logout"]).run().exits(0);
            scid(home, root, &["whoami"])
                .run()
                .fails(66, "no address was named");
            scid(home, root, &["whoami", EMAIL])
                .run()
                .fails(77, "no tokens of");
            scid(home, root, &["logout", EMAIL])
                .run()
                .fails(77, "no tokens of");
        },
    );
}

#[test]
fn a_given_command_gets_tokens_on_request() {
    with_login(
        "scid::stored_tokens::a_given_command_gets_tokens_on_request",
        |home, root| {
            let shown = |more: &[&str]| {
                let arguments = [&["play", "cr", "--api", root], more, &["--", "env"]].concat();
                let arguments = [&["scid"], &arguments[..]].concat();
                let bus = std::env::var(BUS).expect("a bus");
                home.program(&arguments).env(BUS, bus).run().exits(0).stdout
            };
            let without = shown(&[]);
            assert!(
                without.contains("SCID_PLAYER_TAG=#") && !without.contains("SCID_TOKEN"),
                "{without}"
            );
            let with = shown(&["--with-tokens"]);
            assert!(
                with.contains("SCID_TOKEN=") && with.contains("SCID_JWT="),
                "{with}"
            );
        },
    );
}

#[test]
fn tokens_of_one_host_are_not_used_for_another() {
    with_login(
        "scid::stored_tokens::tokens_of_one_host_are_not_used_for_another",
        |home, _| {
            let other = StandInServer::new(Scenario::default());
            scid(home, &other.root(), &["links", EMAIL])
                .run()
                .fails(77, "no tokens of");
            assert_eq!(other.requests(), []);
        },
    );
}

#[test]
fn no_token_is_in_any_file_of_the_home() {
    with_login(
        "scid::stored_tokens::no_token_is_in_any_file_of_the_home",
        |home, root| {
            let bus = std::env::var(BUS).expect("a bus");
            let arguments = [
                "scid",
                "play",
                "cr",
                "--api",
                root,
                "--with-tokens",
                "--",
                "sh",
                "-c",
                "printf %s $SCID_JWT",
            ];
            let token = home.program(&arguments).env(BUS, bus).run().exits(0).stdout;
            assert_eq!(token.matches('.').count(), 2);
            let mut folders = vec![home.path().to_owned()];
            while let Some(folder) = folders.pop() {
                for path in std::fs::read_dir(folder)
                    .expect("a folder")
                    .map(|entry| entry.expect("an entry").path())
                {
                    if path.is_dir() {
                        folders.push(path);
                    } else {
                        let text = std::fs::read(&path).expect("a file");
                        assert!(
                            !String::from_utf8_lossy(&text).contains(&token),
                            "{}",
                            path.display()
                        );
                    }
                }
            }
        },
    );
}

#[test]
fn imported_tokens_are_checked_before_they_are_stored() {
    with_a_keyring(
        "scid::stored_tokens::imported_tokens_are_checked_before_they_are_stored",
        async |session: Session| {
            let _keyring = session.unlocked();
            let (home, root) = (Home::new(), "http://127.0.0.1:1");
            let import = |lines: String| {
                scid(&home, root, &["token", "import", EMAIL])
                    .stdin(lines)
                    .run()
            };
            for bad in ["a.b\n", "a.b.c.d\n", "e30.bm9uZQ.c2ln\n", "zq\n"] {
                import(format!("{bad}{TOKEN}\n"))
                    .fails(64, "not a token")
                    .hides(&[bad.trim(), TOKEN]);
            }
            import(format!("{}\n{TOKEN}\n", "x".repeat(5000))).fails(64, "longer than");
            import(String::new()).fails(66, "scid is needed");
            let imported = import(format!("{TOKEN}\n{TOKEN}\n"))
                .exits(0)
                .hides(&[TOKEN]);
            assert!(
                imported.stdout.contains("#2PP") && imported.stdout.contains("not verified"),
                "{imported:#?}"
            );
        },
    );
}

#[test]
fn a_terminal_does_not_echo_imported_tokens_without_prompts() {
    with_a_keyring(
        "scid::stored_tokens::a_terminal_does_not_echo_imported_tokens_without_prompts",
        async |session: Session| {
            let _keyring = session.unlocked();
            let (home, root) = (Home::new(), "http://127.0.0.1:1");
            let import = ["token", "import", EMAIL, "--no-input"];
            let mut pty = scid(&home, root, &import).on_a_terminal();
            pty.wait_until_hidden();
            pty.line(TOKEN);
            pty.expect("\r\n");
            pty.signal(Signal::TERM);
            pty.wait().dies_of(Signal::TERM).hides(&[TOKEN]);
        },
    );
}

#[test]
fn stored_tokens_are_masked_in_messages_of_the_server() {
    with_a_keyring(
        "scid::stored_tokens::stored_tokens_are_masked_in_messages_of_the_server",
        async |session: Session| {
            let _keyring = session.unlocked();
            let tokens = [TOKEN, "e30.e30.c2lnbmF0dXJl", "e30.e30.YmluZA"];
            let echo = format!(r#"{{"ok":false,"error":"email {}"}}"#, tokens.join(" "));
            let (home, server) = (Home::new(), Scripted::new([Reaction::json(echo)]));
            scid(&home, &server.root(), &["token", "import", EMAIL])
                .stdin(tokens.join("\n"))
                .run()
                .exits(0);
            let ended = scid(&home, &server.root(), &["links", "-vv"]).run();
            ended.fails(77, "email •••").hides(&tokens);
            server.finish();
        },
    );
}

#[test]
fn a_locked_store_is_reported_and_nothing_is_requested() {
    with_a_keyring(
        "scid::stored_tokens::a_locked_store_is_reported_and_nothing_is_requested",
        async |session: Session| {
            let _keyring = session.unlocked();
            lock();
            let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
            let typed = ["login", EMAIL, "--game", "cr", "--pin-stdin", "--json"];
            let ended = scid(&home, &server.root(), &typed)
                .run()
                .fails(78, "locked");
            assert_eq!(ended.error_event()["reason"], "secret-store");
            assert_eq!(server.requests(), []);
        },
    );
}
