//! `config get`, `config set` and `config unset`.

use serde_json::json;

use crate::harness::{Home, RunOutput};

const FILE: &str = r#"# mine
[ttr]   # the first
wrapper = ["gamemoderun"] # fast
update = true

[accounts.alice]
# her own
game = "ttr"
username = "alice@example.com"

[groups]
evening = ["alice"]
"#;

fn home() -> Home {
    let home = Home::new();
    home.configure(FILE);
    home
}

fn config(home: &Home, words: &[&str]) -> RunOutput {
    home.program(&[&["config"], words].concat()).run()
}

#[test]
fn a_value_is_printed() {
    let home = home();
    for (key, printed, value) in [
        ("ttr.wrapper", "[\"gamemoderun\"]\n", json!(["gamemoderun"])),
        ("ttr.update", "true\n", json!(true)),
        (
            "accounts.Alice.username",
            "alice@example.com\n",
            json!("alice@example.com"),
        ),
        (
            "groups",
            "evening = [\"alice\"]\n",
            json!({ "evening": ["alice"] }),
        ),
    ] {
        let ended = config(&home, &["get", key]).exits(0);
        assert_eq!((&ended.stdout[..], &ended.stderr[..]), (printed, ""));
        let ended = config(&home, &["get", key, "--json"]).exits(0);
        assert_eq!(ended.events(), [json!({ "key": key, "value": value })]);
    }
}

#[test]
fn setting_a_key_changes_nothing_else() {
    let home = home();
    for (key, value, from, to) in [
        (
            "ttr.wrapper",
            "env A=b",
            "wrapper = [\"gamemoderun\"] # fast",
            "wrapper = \"env A=b\" # fast",
        ),
        (
            "ttr.wrapper",
            "[\"nice\", \"-n1\"]",
            "[\"gamemoderun\"]",
            "[\"nice\", \"-n1\"]",
        ),
        ("ttr.update", "false", "update = true", "update = false"),
        (
            "ttr.pre-launch",
            "true",
            "update = true\n",
            "update = true\npre-launch = \"true\"\n",
        ),
        (
            "ttr.env.MANGOHUD",
            "1",
            "update = true\n",
            "update = true\nenv = { MANGOHUD = \"1\" }\n",
        ),
        (
            "accounts.ALICE.log",
            "~/a.log",
            "alice@example.com\"\n",
            "alice@example.com\"\nlog = \"~/a.log\"\n",
        ),
        (
            "ttcc.toon-slot",
            "2",
            "evening = [\"alice\"]\n",
            "evening = [\"alice\"]\n\n[ttcc]\ntoon-slot = 2\n",
        ),
    ] {
        home.configure(FILE);
        let ended = config(&home, &["set", key, value]).exits(0);
        assert_eq!((&ended.stdout[..], &ended.stderr[..]), ("", ""));
        assert_eq!(home.configuration(), Some(FILE.replace(from, to)), "{key}");
        let got = config(&home, &["get", key]).exits(0).stdout;
        assert_eq!(got.trim_end(), value, "{key}");
    }
}

#[test]
fn the_first_key_creates_the_file() {
    let home = Home::new();
    config(&home, &["set", "ttr.update", "true"]).exits(0);
    assert_eq!(
        home.configuration().as_deref(),
        Some("[ttr]\nupdate = true\n")
    );
}

#[test]
fn a_key_is_removed() {
    let home = home();
    config(&home, &["unset", "ttr.wrapper"]).exits(0);
    let expected = FILE.replace("wrapper = [\"gamemoderun\"] # fast\n", "");
    assert_eq!(home.configuration(), Some(expected));
    let ended = config(&home, &["unset", "ttr.wrapper"]);
    let ended = ended.fails(64, "ttr.wrapper is not set");
    assert!(ended.hint().contains("nothing was changed"), "{ended:#?}");
    config(&home, &["get", "ttr.wrapper"]).fails(64, "ttr.wrapper is not set");
}

#[test]
fn what_would_be_invalid_is_refused_and_changes_nothing() {
    let home = home();
    for (words, error) in [
        (&["set", "ttr.update", "maybe"][..], "must be true or false"),
        (&["set", "ttr.toon-slot", "1"], "not an option of this game"),
        (&["set", "ttr", "x"], "must be a table"),
        (
            &["set", "ttr.env.PLAYCOOKIE_CODE", "1"],
            "variable of playcookie",
        ),
        (&["set", "accounts.bob.log", "/a"], "no \"game\""),
        (&["set", "accounts.play.game", "ttr"], "name of an account"),
        (&["set", "ttr..x", "1"], "is no key"),
        (&["unset", "accounts.alice.game"], "no \"game\""),
        (
            &["set", "groups.evening", "[\"alice\", \"nope\"]"],
            "the group evening names \"nope\", which is no remembered account",
        ),
        (&["unset", "accounts.alice"], "names \"alice\", which is no"),
    ] {
        config(&home, words).fails(64, error);
        assert_eq!(home.configuration().as_deref(), Some(FILE), "{words:?}");
    }
}

#[test]
fn an_unknown_key_suggests_a_known_one() {
    let home = home();
    for (key, part, near) in [
        ("ttr.wraper", "wraper", "wrapper"),
        ("tttr.wrapper", "tttr", "ttr"),
        ("accounts.alice.usernam", "usernam", "username"),
    ] {
        for words in [&["get", key][..], &["set", key, "x"], &["unset", key]] {
            let ended = config(&home, words).fails(64, part);
            assert!(ended.hint().contains(&format!("did you mean \"{near}\"?")));
        }
    }
}
