use proptest::prelude::*;

use super::*;
use crate::games::Interface;
use crate::launch::runner::Runner;

fn error(text: &str) -> ConfigurationError {
    read(text).expect_err(text)
}

const EXAMPLE: &str = r#"
# what I play
[ttr]
game-dir = "~/Games/Toontown Rewritten"
wrapper = ["gamemoderun"]
pre-launch = "xset s off"
post-exit = "xset s on"

[ttcc]
toon-slot = 3
runner = "native"
api = "documented"
update = true

[accounts.alice]
game = "ttr"
username = "alice@example.com"
password-command = "pass show ttr/alice"
kept = ["totp"]

[accounts.bob]
game = "tlopo"
username = "bob"
log = "/tmp/{account}.log"

[groups]
evening = ["alice", "bob"]
"#;

#[test]
fn every_option_is_read() {
    let configuration = read(EXAMPLE).expect("valid");
    let ttr = configuration.game(GameId::Ttr);
    assert_eq!(ttr.game_dir, Some("~/Games/Toontown Rewritten".into()));
    assert_eq!(ttr.wrapper, Some(vec!["gamemoderun".to_owned()]));
    assert_eq!(ttr.pre_launch.as_deref(), Some("xset s off"));
    assert_eq!(ttr.post_exit.as_deref(), Some("xset s on"));
    let ttcc = configuration.game(GameId::Ttcc);
    assert_eq!((ttcc.toon_slot, ttcc.update), (Some(3), Some(true)));
    assert_eq!(ttcc.runner, Some(Runner::Native));
    assert_eq!(
        ttcc.api.map(|api| api.interface),
        Some(Interface::Documented)
    );
    let alice = configuration.account("ALICE").expect("alice");
    assert_eq!(
        (alice.game_id, alice.username.as_str()),
        (GameId::Ttr, "alice@example.com")
    );
    assert_eq!(alice.kept, [CredentialKind::Totp]);
    assert_eq!(
        alice.options.password_command.as_deref(),
        Some("pass show ttr/alice")
    );
    assert_eq!(
        configuration.group("Evening"),
        Some(&["alice".to_owned(), "bob".to_owned()][..])
    );
    assert_eq!(
        configuration.groups_of("bob").collect::<Vec<_>>(),
        ["evening"]
    );
}

#[test]
fn tables_may_have_any_toml_syntax() {
    let text = "accounts.alice = { game = \"ttr\", username = \"a\" }\nttr.wrapper = []\ngroups = { g = [] }\n";
    let configuration = read(text).expect("valid");
    assert_eq!(configuration.accounts.len(), 1);
    assert_eq!(configuration.game(GameId::Ttr).wrapper, Some(Vec::new()));
}

#[test]
fn an_empty_text_is_a_configuration() {
    assert_eq!(read(""), Ok(Configuration::default()));
    assert_eq!(read("# nothing yet\n"), Ok(Configuration::default()));
}

#[test]
fn an_unknown_key_is_an_error_with_its_line_and_a_suggestion() {
    let unknown = error("[ttr]\n\nwraper = [\"x\"]\n");
    assert_eq!((unknown.line, unknown.suggestion), (3, Some("wrapper")));
    assert!(unknown.message.contains("wraper"), "{unknown}");
    assert_eq!(error("[ttt]\n").suggestion, Some("ttr"));
    assert_eq!(
        error("[accounts.a]\ngame=\"ttr\"\nusername=\"a\"\nusernam=\"b\"").line,
        4
    );
    assert_eq!(error("[scid]\nwrapper = []").line, 2);
}

#[test]
fn a_value_of_another_type_is_an_error_with_its_line() {
    for value in [
        "1",
        "true",
        "[]",
        "{}",
        "1979-05-27",
        "\"relative/path\"",
        "\"\\u0000\"",
    ] {
        assert_eq!(
            error(&format!("[ttr]\ngame-dir = {value}")).line,
            2,
            "{value}"
        );
    }
    for value in [
        "\"'open\"",
        "\"\"",
        "[1]",
        "[\"a\", 1]",
        "[[\"a\"]]",
        "true",
    ] {
        assert_eq!(
            error(&format!("[ttr]\nwrapper = {value}")).line,
            2,
            "{value}"
        );
    }
    for value in ["6", "-1", "\"1\"", "1.0", "99999999999"] {
        assert_eq!(
            error(&format!("[ttcc]\ntoon-slot = {value}")).line,
            2,
            "{value}"
        );
    }
    assert_eq!(error("[ttr]\nupdate = \"yes\"").line, 2);
    assert_eq!(error("[ttr]\nrunner = \"dos\"").line, 2);
    assert_eq!(error("[ttr]\napi = \"http://example.com\"").line, 2);
    for value in ["1", "[[]]", "\"x\""] {
        assert_eq!(error(&format!("ttr = {value}")).line, 1, "{value}");
        assert_eq!(error(&format!("accounts = {value}")).line, 1, "{value}");
    }
}

#[test]
fn an_account_needs_a_valid_game_and_username() {
    for (text, line) in [
        ("[accounts.a]\nusername = \"a\"", 1),
        ("[accounts.a]\ngame = \"ttr\"", 1),
        ("[accounts.a]\ngame = \"scid\"\nusername = \"a\"", 2),
        (
            "[accounts.a]\ngame = \"ttr\"\nusername = \"a\"\nkept = [\"token\"]",
            4,
        ),
        (
            "[accounts.a]\ngame = \"ttr\"\nusername = \"a\"\ntoon-slot = 1",
            4,
        ),
        ("[accounts.\"a@b\"]\ngame = \"ttr\"\nusername = \"a\"", 1),
        ("[accounts.play]\ngame = \"ttr\"\nusername = \"a\"", 1),
        ("[ttr]\ntoon-slot = 1", 2),
    ] {
        assert_eq!(error(text).line, line, "{text}");
    }
}

#[test]
fn names_that_differ_only_in_case_are_an_error() {
    let twice = "[accounts.a]\ngame = \"ttr\"\nusername = \"a\"\n[accounts.A]\ngame = \"ttr\"\nusername = \"b\"";
    assert_eq!(error(twice).line, 4);
    assert_eq!(error("[groups]\ng = []\nG = []").line, 3);
}

#[test]
fn a_wrapper_is_a_string_or_a_list() {
    for value in ["\"env A=b\"", "[\"env\", \"A=b\"]"] {
        let read = read(&format!("[ttr]\nwrapper = {value}")).expect("valid");
        let wrapper = read.game(GameId::Ttr).wrapper;
        assert_eq!(wrapper, Some(vec!["env".to_owned(), "A=b".to_owned()]));
    }
}

#[test]
fn variables_are_strings_and_not_those_of_this_program() {
    let read = read("[ttr.env]\nMANGOHUD = \"1\"\n").expect("valid");
    assert_eq!(read.game(GameId::Ttr).env["MANGOHUD"], "1");
    for variable in [
        "A = 1",
        "A = [\"1\"]",
        "A = \"\\u0000\"",
        "\"\" = \"1\"",
        "\"A=B\" = \"1\"",
        "PLAYCOOKIE_CODE = \"1\"",
        "playcookie_x = \"1\"",
    ] {
        assert_eq!(
            error(&format!("[ttr.env]\n{variable}")).line,
            2,
            "{variable}"
        );
    }
    assert_eq!(error("[ttr]\nenv = \"A=1\"").line, 2);
}

#[test]
fn no_error_contains_a_value() {
    for text in [
        "[ttr]\npassword-command = hunter2",
        "[ttr]\npassword-command = \"hunter2",
        "[ttr]\ngame-dir = \"hunter2\"",
        "[ttr]\napi = \"https://alice:hunter2@example.com\"",
        "[ttr]\nrunner = \"hunter2\"",
        "[accounts.a]\ngame = \"hunter2\"\nusername = \"a\"",
        "[accounts.a]\ngame = \"ttr\"\nusername = \"a\"\nkept = [\"hunter2\"]",
        "[ttr]\npassword-command = 'echo hunter2' 'x'",
    ] {
        let error = error(text);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_causes_a_panic(text in "(\\[(ttr|accounts\\.a|groups)\\]\n|[a-z\"=\\[\\]{}.,\n# ]{0,12}|\\PC{0,4}){0,12}") {
        if let Err(error) = read(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1);
        }
    }
}
