//! Tokens in a real secret store.

use std::path::Path;

use playcookie::stand_in::Scenario;
use rustix::process::Signal;

use super::{EMAIL, object, shown_pin};
use crate::harness::session::lock;
use crate::harness::store::{StoredSecrets, with_a_store};
use crate::harness::{Home, Program, Reaction, RunOutput, Scripted, SendSignal, StandInServer};

/// A token with the payload `{"game":"scroll","pid":"0-1"}`.
const TOKEN: &str = "e30.eyJnYW1lIjoic2Nyb2xsIiwicGlkIjoiMC0xIn0.c2ln";

/// A token with the payload `{"game":"soil","pid":"12-3456789"}`.
const HAY_DAY_TOKEN: &str = "e30.eyJnYW1lIjoic29pbCIsInBpZCI6IjEyLTM0NTY3ODkifQ.c2ln";

/// A token with the payload `{"pid":"0-1"}`.
const NO_GAME_TOKEN: &str = "e30.eyJwaWQiOiIwLTEifQ.c2ln";

/// Answers to a request for a code and to a PIN.
const REQUESTED: &str = r#"{"ok":true}"#;
const VALID: &str = r#"{"ok":true,"data":{"isValid":true}}"#;

/// An answer to a change of settings.
const MARKETING_ON: &str = r#"{"ok":true,"data":{"email_marketing_permission":true}}"#;

/// Returns `scid …` on the bus of this test.
fn scid(home: &Home, root: &str, arguments: &[&str]) -> Program {
    let arguments = [&["scid"], arguments, &["--api", root]].concat();
    home.program(&arguments).on_the_bus()
}

/// Logs in for Clash Royale and stores the tokens.
#[track_caller]
fn log_in(home: &Home, root: &str) {
    let request = ["login", EMAIL, "--game", "cr", "--request-only"];
    let requested = scid(home, root, &request).run().exits(0);
    let stored = scid(home, root, &["login", EMAIL, "--pin-stdin", "--save"])
        .stdin(shown_pin(&requested))
        .run()
        .exits(0);
    let told = "the tokens for Clash Royale are stored in the secret store";
    assert!(stored.stderr.contains(told), "{stored:#?}");
}

/// Runs `act` with stored tokens and a stand-in server.
fn with_login(test: &str, act: impl Fn(&Home, &str)) {
    with_a_store(test, async |home: Home| {
        let server = StandInServer::new(Scenario::default());
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
            for (words, said) in [
                (&["logout"][..], "no tokens are stored\n"),
                (
                    &["logout", EMAIL],
                    "no tokens of alice@example.com are stored\n",
                ),
            ] {
                let ended = scid(home, root, words).run().exits(0);
                assert_eq!(ended.stderr, said);
            }
        },
    );
}

#[test]
fn a_given_command_gets_tokens_on_request_and_no_file_holds_them() {
    with_login(
        "scid::stored_tokens::a_given_command_gets_tokens_on_request_and_no_file_holds_them",
        |home, root| {
            let without = play(home, root, &["cr"]).exits(0).stdout;
            assert!(
                without.contains("SCID_PLAYER_TAG=#") && !without.contains("SCID_TOKEN"),
                "{without}"
            );
            let with = play(home, root, &["cr", "--with-tokens"]).exits(0).stdout;
            for variable in ["SCID_TOKEN=", "SCID_JWT="] {
                let (_, rest) = with.split_once(variable).expect("the variable");
                let token = rest.lines().next().expect("its value");
                assert_eq!(token.matches('.').count(), 2);
                assert_no_file_holds(home.path(), token);
            }
        },
    );
}

/// Checks all files below a folder.
#[track_caller]
fn assert_no_file_holds(folder: &Path, token: &str) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            assert_no_file_holds(&path, token);
        } else {
            let text = std::fs::read(&path).expect("a file");
            let is_held = String::from_utf8_lossy(&text).contains(token);
            assert!(!is_held, "{}", path.display());
        }
    }
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

/// Imports a token as both tokens of a login.
fn import(home: &Home, root: &str, token: &str) -> RunOutput {
    scid(home, root, &["token", "import", EMAIL])
        .stdin(format!("{token}\n{token}\n"))
        .run()
}

/// Returns the variables of `scid play GAME`, and how it ended.
fn play(home: &Home, root: &str, more: &[&str]) -> RunOutput {
    let arguments = [&["scid", "play"], more, &["--api", root, "--", "env"]].concat();
    home.program(&arguments).on_the_bus().run()
}

#[test]
fn tokens_of_one_game_are_not_used_for_another() {
    with_a_store(
        "scid::stored_tokens::tokens_of_one_game_are_not_used_for_another",
        async |home: Home| {
            let root = "http://127.0.0.1:1";
            for token in [TOKEN, HAY_DAY_TOKEN] {
                import(&home, root, token).exits(0);
            }
            for verb in ["whoami", "links", "settings", "token", "logout"] {
                let ended = scid(&home, root, &[verb]).run();
                let ended = ended.fails(64, "several games");
                assert!(ended.hint().contains("--game: soil, scroll"), "{ended:#?}");
            }
            for (game, tag) in [("cr", "#2PP"), ("hd", "#GYQYR9JU")] {
                let who = ["whoami", EMAIL, "--game", game, "--json"];
                let who = object(&scid(&home, root, &who).run().exits(0));
                assert_eq!(who["player_tag"], tag);
                let variables = play(&home, root, &[game, "--with-tokens"]).exits(0);
                let expected = format!("SCID_PLAYER_TAG={tag}\n");
                assert!(variables.stdout.contains(&expected), "{variables:#?}");
            }
            let without = play(&home, root, &["bs"]).exits(0);
            assert!(!without.stdout.contains("SCID_PID"), "{without:#?}");
            play(&home, root, &["bs", "-u", EMAIL]).fails(77, "for Brawl Stars");
            play(&home, root, &["bs", "--with-tokens"]).fails(66, "for Brawl Stars");

            scid(&home, root, &["logout", "--game", "cr"])
                .run()
                .exits(0);
            let ended = scid(&home, root, &["whoami", "--game", "cr"]).run();
            ended.fails(66, "for Clash Royale");
            let left = scid(&home, root, &["whoami"]).run().exits(0);
            assert!(left.stdout.contains("#GYQYR9JU"), "{left:#?}");
        },
    );
}

#[test]
fn an_option_in_front_of_a_nested_verb_counts() {
    with_a_store(
        "scid::stored_tokens::an_option_in_front_of_a_nested_verb_counts",
        async |home: Home| {
            let server = Scripted::new([Reaction::json(MARKETING_ON)]);
            for token in [TOKEN, HAY_DAY_TOKEN] {
                import(&home, &server.root(), token).exits(0);
            }
            let words = ["scid", "settings", "--game", "cr", "--api", &server.root()];
            let words = [&words[..], &["set", "marketing", "on"]].concat();
            home.program(&words).on_the_bus().run().exits(0);
            let requests = server.finish();
            let bearer = requests[0].header("authorization");
            assert_eq!(bearer, Some(&*format!("Bearer {TOKEN}")));
        },
    );
}

#[test]
fn a_setting_that_the_answer_shows_unchanged_is_a_failure() {
    with_a_store(
        "scid::stored_tokens::a_setting_that_the_answer_shows_unchanged_is_a_failure",
        async |home: Home| {
            let silent = r#"{"ok":true}"#;
            let server = Scripted::new([MARKETING_ON, silent].map(Reaction::json));
            import(&home, &server.root(), TOKEN).exits(0);
            let set = || {
                scid(
                    &home,
                    &server.root(),
                    &["settings", "set", "marketing", "off"],
                )
            };
            set().run().fails(69, "did not change");
            let ended = set().run().exits(0);
            assert!(ended.stderr.contains("does not say"), "{ended:#?}");
            server.finish();
        },
    );
}

#[test]
fn tokens_that_cannot_be_stored_are_shown_and_can_be_stored_again() {
    with_a_store(
        "scid::stored_tokens::tokens_that_cannot_be_stored_are_shown_and_can_be_stored_again",
        async |home: Home| {
            let (confirmed, release) = Reaction::json(confirmed(TOKEN)).held();
            let server =
                Scripted::new([Reaction::json(REQUESTED), Reaction::json(VALID), confirmed]);
            let typed = ["login", EMAIL, "--game", "cr", "--save"];
            let mut pty = scid(&home, &server.root(), &typed).on_a_terminal();
            pty.expect("PIN: ");
            pty.wait_until_hidden();
            pty.line("012345");
            server.wait_for(3);
            lock();
            drop(release);
            pty.expect("#2PP");
            for answer in ["y", "n"] {
                pty.expect("the secret store is locked");
                pty.expect("[y/N] ");
                pty.line(answer);
            }
            let ended = pty.wait().fails(78, "their PIN is used up");
            let ended = ended.hides(&[TOKEN, "012345"]);
            assert!(!ended.hint().contains("--password-command"), "{ended:#?}");
            server.finish();
        },
    );
}

#[test]
fn tokens_of_a_login_are_stored_for_the_game_that_they_name() {
    with_a_store(
        "scid::stored_tokens::tokens_of_a_login_are_stored_for_the_game_that_they_name",
        async |home: Home| {
            let server =
                Scripted::new([REQUESTED, VALID, &confirmed(HAY_DAY_TOKEN)].map(Reaction::json));
            let typed = ["login", EMAIL, "--game", "cr", "--pin-stdin", "--save"];
            let ended = scid(&home, &server.root(), &typed).stdin("012345").run();
            let ended = ended.exits(0).hides(&[HAY_DAY_TOKEN, "012345"]);
            assert!(ended.stderr.contains("for Hay Day"), "{ended:#?}");
            let variables = play(&home, &server.root(), &["cr"]).exits(0);
            assert!(!variables.stdout.contains("SCID_PID"), "{variables:#?}");
            server.finish();
        },
    );
}

/// Returns the answer with the tokens of a login.
fn confirmed(token: &str) -> String {
    format!(r#"{{"ok":true,"data":{{"scid":"{token}","scidToken":"{token}"}}}}"#)
}

#[test]
fn an_older_versions_tokens_belong_to_the_game_that_they_name() {
    with_a_store(
        "scid::stored_tokens::an_older_versions_tokens_belong_to_the_game_that_they_name",
        async |home: Home| {
            let root = "http://127.0.0.1:1";
            store_as_an_older_version(&home, root, HAY_DAY_TOKEN).await;
            let without = play(&home, root, &["cr"]).exits(0);
            assert!(!without.stdout.contains("SCID_PID"), "{without:#?}");
            let with = play(&home, root, &["hd"]).exits(0);
            assert!(with.stdout.contains("SCID_PID=12-3456789"), "{with:#?}");
            import(&home, root, TOKEN).exits(0);
            let who = ["whoami", "--game", "hd"];
            let who = scid(&home, root, &who).run().exits(0);
            assert!(who.stdout.contains("#GYQYR9JU"), "{who:#?}");
            assert_eq!(stored("scid", root).get("scid").await, None);
            assert!(stored("soil", root).get("scidToken").await.is_some());
        },
    );
}

#[test]
fn an_older_versions_tokens_without_a_game_are_used_for_no_game() {
    with_a_store(
        "scid::stored_tokens::an_older_versions_tokens_without_a_game_are_used_for_no_game",
        async |home: Home| {
            let root = "http://127.0.0.1:1";
            store_as_an_older_version(&home, root, NO_GAME_TOKEN).await;
            let without = play(&home, root, &["cr"]).exits(0);
            assert!(!without.stdout.contains("SCID_PID"), "{without:#?}");
            play(&home, root, &["cr", "--with-tokens"]).fails(66, "for Clash Royale");
            let who = scid(&home, root, &["whoami"]).run().exits(0);
            assert!(who.stdout.contains("#2PP"), "{who:#?}");
            scid(&home, root, &["logout"]).run().exits(0);
            assert_eq!(stored("scid", root).get("scid").await, None);
        },
    );
}

/// Returns the secrets of a login; the game of an older version's is `scid`.
const fn stored<'a>(game: &'static str, root: &'a str) -> StoredSecrets<'a> {
    StoredSecrets {
        game,
        username: EMAIL,
        root,
    }
}

/// Stores a token as a version did that kept one login for each address.
async fn store_as_an_older_version(home: &Home, root: &str, token: &str) {
    for kind in ["scid", "scidToken"] {
        stored("scid", root).set(kind, token).await;
    }
    let accounts = serde_json::json!({ root: [EMAIL] }).to_string();
    home.write(".local/state/playcookie/scid-accounts.json", accounts);
}

#[test]
fn imported_tokens_are_checked_before_they_are_stored() {
    with_a_store(
        "scid::stored_tokens::imported_tokens_are_checked_before_they_are_stored",
        async |home: Home| {
            let root = "http://127.0.0.1:1";
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
            import(format!("{TOKEN}\n{HAY_DAY_TOKEN}\n")).fails(64, "is for soil");
            import(format!("{NO_GAME_TOKEN}\n{NO_GAME_TOKEN}\n")).fails(64, "no known game");
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
    with_a_store(
        "scid::stored_tokens::a_terminal_does_not_echo_imported_tokens_without_prompts",
        async |home: Home| {
            let root = "http://127.0.0.1:1";
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
fn refused_tokens_are_masked_in_messages_of_the_server() {
    with_a_store(
        "scid::stored_tokens::refused_tokens_are_masked_in_messages_of_the_server",
        async |home: Home| {
            let tokens = [TOKEN, "e30.e30.c2lnbmF0dXJl", "e30.e30.YmluZA"];
            let echo = format!(r#"{{"ok":false,"error":"email {}"}}"#, tokens.join(" "));
            let unauthorized = Reaction::answer(401, "text/plain", "Unauthorized");
            let server = Scripted::new([Reaction::json(echo), unauthorized]);
            scid(&home, &server.root(), &["token", "import", EMAIL])
                .stdin(tokens.join("\n"))
                .run()
                .exits(0);
            let ended = scid(&home, &server.root(), &["links", "-vv"]).run();
            ended.fails(77, "email •••").hides(&tokens);
            let ended = scid(&home, &server.root(), &["links", "-vv"]).run();
            ended
                .fails(77, "no longer accepts the tokens")
                .hides(&tokens);
            server.finish();
        },
    );
}

#[test]
fn a_locked_store_is_reported_and_nothing_is_requested() {
    with_a_store(
        "scid::stored_tokens::a_locked_store_is_reported_and_nothing_is_requested",
        async |home: Home| {
            lock();
            let server = StandInServer::new(Scenario::default());
            let typed = ["login", EMAIL, "--game", "cr", "--pin-stdin", "--json"];
            let ended = scid(&home, &server.root(), &typed)
                .run()
                .fails(78, "locked");
            assert_eq!(ended.error_event()["reason"], "secret-store");
            assert_eq!(server.requests(), []);
        },
    );
}
