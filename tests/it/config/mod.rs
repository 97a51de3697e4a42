//! `playcookie config`: the path, content and validation of the configuration.

#[cfg(unix)]
mod edit;
mod invalid;
mod keys;

use serde_json::json;

use crate::harness::Home;

const ALICE: &str = "\
[accounts.alice]
game = \"ttr\"
username = \"alice@example.com\"
";

#[test]
fn the_default_path_is_shown_even_without_a_file() {
    let home = Home::new();
    let usual = home.configuration_path();
    let path = || {
        let ended = home.program(&["config", "path"]).run().exits(0);
        assert_eq!(ended.stdout, format!("{}\n", usual.display()));
        let ended = home.program(&["config", "path", "--json"]).run().exits(0);
        let [object] = &ended.events()[..] else {
            panic!("one object: {ended:#?}")
        };
        assert_eq!(object["path"], usual.to_str().expect("UTF-8"));
        object["exists"].clone()
    };
    assert_eq!(path(), false);
    home.configure("");
    assert_eq!(path(), true);
}

#[test]
fn the_option_for_the_file_overrides_the_environment() {
    let home = Home::new();
    let usual = home.configure("");
    let option = home.write("option.toml", ALICE);
    let variable = home.write("variable.toml", ALICE.replace("alice", "bob"));
    let (option, variable) = (option.display().to_string(), variable.display().to_string());
    let empty = String::new();
    for (options, environment, path, account) in [
        (&["--config", &option][..], &variable, &option, "alice"),
        (&[], &variable, &variable, "bob"),
        (&[], &empty, &usual.display().to_string(), ""),
    ] {
        let run = |verb: &str| {
            let program = home.program(&[&["config", verb], options].concat());
            program.env("PLAYCOOKIE_CONFIG", environment).run().exits(0)
        };
        assert_eq!(run("path").stdout, format!("{path}\n"));
        assert!(run("show").stdout.contains(account), "{options:?}");
        let listed = home.program(&[&["accounts", "list"], options].concat());
        let listed = listed.env("PLAYCOOKIE_CONFIG", environment).run().exits(0);
        assert!(listed.stdout.contains(account), "{listed:#?}");
    }
}

#[test]
fn the_file_is_shown_unchanged() {
    let home = Home::new();
    let text = "# mine\n\n  [groups]\nevening = [  \"alice\" ]   # both  of them\n\n[accounts.alice]\nusername = \"Zoë 日本\"\ngame = \"ttr\"\n";
    home.configure(text);
    let ended = home.program(&["config", "show"]).run().exits(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), (text, ""));
}

#[test]
fn control_characters_in_the_file_are_not_printed() {
    let home = Home::new();
    home.configure("# \u{9b}31m \u{202e}txet\n[ttr]\npre-launch = \"a\u{9d}0;title\u{9c}b\u{200b}\" # \u{feff}\n");
    for more in [&[][..], &["--color", "always"]] {
        let words = [&["config", "show"], more].concat();
        let ended = home.program(&words).run().exits(0).prints_plain_text();
        assert!(ended.stdout.contains("pre-launch"), "{ended:#?}");
    }
}

#[test]
fn json_escapes_control_characters() {
    let home = Home::new();
    home.configure("[ttr]\npre-launch = \"a\u{9b}31m\u{202e}b\"\n");
    let show = home.program(&["config", "show", "--json"]);
    let ended = show.run().exits(0).prints_plain_text();
    assert_eq!(ended.events().len(), 1);
}

#[test]
fn as_json_it_is_one_object_of_the_set_options() {
    let home = Home::new();
    home.configure(
        r#"
        [ttr] # a comment
        game-dir = "~/Games/Toontown Rewritten"
        wrapper = ["gamemoderun", "-x"]
        args = ["-windowed"]
        env = { MANGOHUD = "1" }
        pre-launch = "a"
        post-exit = "b"

        [ttcc]
        exe = "~/clash/CorporateClash"
        runner = "native"
        api = "documented"
        update = true
        toon-slot = 3
        log = "~/{account}.log"

        [scid]
        api = "https://id.example"

        [accounts.alice]
        game = "ttr"
        username = "alice@example.com"
        password-command = "pass show ttr/alice"
        code-command = "oathtool x"
        kept = ["totp"]

        [groups]
        evening = ["alice"]
        "#,
    );
    let ended = home.program(&["config", "show", "--json"]).run().exits(0);
    assert_eq!(
        ended.events(),
        [json!({
            "ttr": {
                "game_dir": "~/Games/Toontown Rewritten",
                "wrapper": ["gamemoderun", "-x"],
                "args": ["-windowed"],
                "env": { "MANGOHUD": "1" },
                "pre_launch": "a",
                "post_exit": "b",
            },
            "ttcc": {
                "exe": "~/clash/CorporateClash",
                "runner": "native",
                "api": "documented",
                "update": true,
                "toon_slot": 3,
                "log": "~/{account}.log",
            },
            "scid": { "api": "https://id.example" },
            "accounts": { "alice": {
                "game": "ttr",
                "username": "alice@example.com",
                "password_command": "pass show ttr/alice",
                "code_command": "oathtool x",
                "kept": ["totp"],
            } },
            "groups": { "evening": ["alice"] },
        })]
    );
}

#[test]
fn without_a_file_nothing_is_shown() {
    let home = Home::new();
    let ended = home.program(&["config", "show"]).run().exits(0);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("no file yet"), "{ended:#?}");
    let ended = home.program(&["config", "show", "--json"]).run().exits(0);
    assert_eq!(ended.events(), [json!({ "accounts": {}, "groups": {} })]);
    assert!(!home.configuration_path().exists());
}

#[cfg(unix)]
#[test]
fn without_a_home_the_path_is_an_error() {
    let home = Home::new();
    for verb in ["path", "edit"] {
        let program = home.program(&["config", verb]);
        program
            .env("HOME", "nowhere")
            .run()
            .fails(78, "home directory");
    }
}
