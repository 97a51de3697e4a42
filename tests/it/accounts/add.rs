//! `accounts add`, `list` and `group` without stored secrets.

use serde_json::json;

use super::{BOB, PASSWORD, accounts, list, two_accounts};
use crate::harness::Home;

#[test]
fn an_account_is_added_with_every_option() {
    let home = Home::new();
    let ended = accounts(
        &home,
        &[
            "add",
            "ttr",
            "alice",
            "-u",
            "alice@example.com",
            "--password-command",
            "pass show ttr/alice",
            "--code-command",
            "oathtool \"x\"",
            "--api",
            "https://ttr.example",
        ],
    )
    .run()
    .exits(0);
    assert_eq!(ended.stdout, "");
    assert!(
        ended.stderr.contains("`playcookie ttr alice`"),
        "{ended:#?}"
    );
    let ended = accounts(
        &home,
        &[
            "add",
            "ttcc",
            "carol",
            "-u",
            "carol",
            "--api",
            "documented",
            "--toon-slot",
            "3",
            "--json",
        ],
    )
    .run()
    .exits(0);
    assert_eq!(
        ended.events(),
        [json!({
            "name": "carol", "game": "ttcc", "username": "carol", "kept": [],
            "password_command": false, "code_command": false, "groups": [],
            "last_played": null, "played_seconds": 0,
        })]
    );
    accounts(&home, &["add", "tlopo", "bob", "--username", "bob"])
        .run()
        .exits(0);
    let text = "\
[accounts.alice]
game = \"ttr\"
username = \"alice@example.com\"
password-command = \"pass show ttr/alice\"
code-command = 'oathtool \"x\"'
api = \"https://ttr.example\"

[accounts.carol]
game = \"ttcc\"
username = \"carol\"
api = \"documented\"
toon-slot = 3

";
    assert_eq!(home.configuration(), Some(format!("{text}{BOB}")));
}

#[test]
fn adding_the_first_account_creates_the_named_file() {
    let home = Home::new();
    let named = home.path().join("new/folder/my.toml");
    let named = named.to_str().expect("UTF-8");
    accounts(
        &home,
        &["add", "tlopo", "bob", "-u", "bob", "--config", named],
    )
    .run()
    .exits(0);
    assert_eq!(std::fs::read_to_string(named).expect("a file"), BOB);
    assert_eq!(home.configuration(), None);
}

#[test]
fn accounts_are_listed() {
    let home = two_accounts();
    accounts(&home, &["group", "@evening", "bob", "ALICE", "bob"])
        .run()
        .exits(0);
    accounts(&home, &["edit", "bob", "--password-command", "pass bob"])
        .run()
        .exits(0);
    let ended = accounts(&home, &["list"]).run().exits(0);
    let rows: Vec<Vec<_>> = ended
        .stdout
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .collect()
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["NAME", "GAME", "USERNAME", "KEPT", "GROUPS"],
            ["alice", "ttr", "alice@example.com", "-", "evening"],
            ["bob", "tlopo", "bob", "password command", "evening"],
        ]
    );
    let ended = accounts(&home, &["list", "--json"]).run().exits(0);
    assert_eq!(
        ended.events(),
        [json!({
            "accounts": [
                {
                    "name": "alice", "game": "ttr", "username": "alice@example.com", "kept": [],
                    "password_command": false, "code_command": false, "groups": ["evening"],
                    "last_played": null, "played_seconds": 0,
                },
                {
                    "name": "bob", "game": "tlopo", "username": "bob", "kept": [],
                    "password_command": true, "code_command": false, "groups": ["evening"],
                    "last_played": null, "played_seconds": 0,
                },
            ],
            "groups": { "evening": ["bob", "alice"] },
        })]
    );
}

#[test]
fn an_empty_list_says_how_to_add_an_account() {
    let home = Home::new();
    let ended = accounts(&home, &["list"]).run().exits(0);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("accounts add"), "{ended:#?}");
    assert_eq!(list(&home), [[""; 3]; 0]);
}

#[test]
fn control_characters_in_a_username_are_not_printed() {
    let home = Home::new();
    home.configure(
        "[accounts.alice]\ngame = \"ttr\"\nusername = \"a\\u001b]0;x\\u0007b\\u202e\"\n",
    );
    for more in [
        &["list"][..],
        &["list", "--json"],
        &["group", "evening", "alice"],
    ] {
        accounts(&home, more).run().exits(0).prints_plain_text();
    }
    accounts(&home, &["remove", "alice"])
        .run()
        .exits(0)
        .prints_plain_text();
}

#[test]
fn a_group_is_created_changed_and_removed() {
    let home = two_accounts();
    let group = |words: &[&str]| accounts(&home, &[&["group"], words].concat()).run();
    let ended = group(&["evening", "alice", "bob"]).exits(0);
    assert!(
        ended.stderr.contains("`playcookie play @evening`"),
        "{ended:#?}"
    );
    let ended = group(&["Evening", "BOB", "--replace", "--json"]).exits(0);
    assert_eq!(ended.events()[0]["accounts"], json!(["bob"]));
    let text = home.configuration().expect("a file");
    assert!(text.ends_with("[groups]\nevening = [\"bob\"]\n"), "{text}");
    let ended = group(&["evening", "--remove", "--json"]).exits(0);
    assert_eq!(ended.events()[0]["accounts"], json!([]));
    let text = home.configuration().expect("a file");
    assert!(!text.contains("groups"), "{text}");
    assert_eq!(list(&home).len(), 2);
}

#[test]
fn a_group_is_listed_and_single_accounts_are_added_and_removed() {
    let home = two_accounts();
    let group = |words: &[&str]| accounts(&home, &[&["group"], words].concat()).run();
    let listed = || group(&["@Evening"]).exits(0).stdout;
    group(&["evening", "--add", "BOB"]).exits(0);
    assert_eq!(listed(), "bob\n");
    group(&["evening", "--add", "alice", "bob"]).exits(0);
    assert_eq!(listed(), "bob\nalice\n");
    let ended = group(&["evening", "--json"]).exits(0);
    let expected = json!({ "group": "evening", "accounts": ["bob", "alice"] });
    assert_eq!(ended.events(), [expected]);
    group(&["evening", "--remove", "Bob"]).exits(0);
    assert_eq!(listed(), "alice\n");
    group(&["evening", "--remove", "bob"]).fails(64, "\"bob\" is not in the group @evening");
    let ended = group(&["evenin"]).fails(64, "there is no group @evenin");
    assert_eq!(ended.hint(), "did you mean \"@evening\"?");
    for delete in [&["--delete"][..], &["--remove", "alice"]] {
        group(&["evening", "alice"]).exits(0);
        let ended = group(&[&["evening"], delete].concat()).exits(0);
        assert_eq!(ended.stderr, "group removed: @evening\n");
        group(&["evening"]).fails(64, "there is no group @evening");
    }
    for words in [
        &["evening", "--add"][..],
        &["evening", "--delete", "alice"],
        &["evening", "--add", "--remove", "alice"],
    ] {
        group(words).fails(64, "");
    }
}

#[cfg(unix)]
#[test]
fn accounts_leave_a_group_only_when_that_is_confirmed() {
    let home = two_accounts();
    let words = |more: &[&'static str]| [&["group", "evening"], more].concat();
    let group = |more: &[&'static str]| accounts(&home, &words(more)).run();
    let listed = || group(&[]).exits(0).stdout;
    group(&["alice", "bob"]).exits(0);
    // Nobody leaves the group.
    group(&["bob", "alice"]).exits(0);
    let ended = group(&["BOB"]).fails(
        66,
        "a confirmation to leave alice out of @evening is needed",
    );
    assert!(ended.hint().contains("--replace"), "{ended:#?}");
    for (answer, left) in [("n", "bob\nalice\n"), ("y", "bob\n")] {
        let mut pty = accounts(&home, &words(&["bob"])).on_a_terminal();
        pty.expect("Leave alice out of @evening? [y/N] ");
        pty.line(answer);
        pty.wait().exits(0);
        assert_eq!(listed(), left);
    }
    let pty = accounts(&home, &words(&["alice", "--replace"])).on_a_terminal();
    pty.wait().exits(0);
    assert_eq!(listed(), "alice\n");
    group(&["alice", "--replace", "--add"]).fails(64, "--add");
    group(&["nobody"]).fails(64, "no remembered account");
}

#[test]
fn one_account_is_shown() {
    let home = two_accounts();
    accounts(&home, &["group", "evening", "alice"])
        .run()
        .exits(0);
    let edit = ["edit", "alice", "--code-command", "x"];
    accounts(&home, &edit).run().exits(0);
    let ended = accounts(&home, &["show", "Alice"]).run().exits(0);
    assert_eq!(
        ended.stdout,
        "name      alice\n\
         game      Toontown Rewritten (ttr)\n\
         username  alice@example.com\n\
         kept      code command\n\
         groups    evening\n"
    );
    let ended = accounts(&home, &["show", "alice", "--json"]).run().exits(0);
    let all = accounts(&home, &["ls", "--json"]).run().exits(0);
    assert_eq!(ended.events()[0], all.events()[0]["accounts"][0]);
    let ended = accounts(&home, &["show", "alcie"]).run();
    let ended = ended.fails(64, "no remembered account");
    assert!(ended.hint().contains("\"alice\""), "{ended:#?}");
}

#[test]
fn ls_and_rm_are_names_of_list_and_remove() {
    let home = two_accounts();
    let ls = accounts(&home, &["ls"]).run().exits(0);
    assert_eq!(ls.stdout, accounts(&home, &["list"]).run().stdout);
    accounts(&home, &["rm", "alice"]).run().exits(0);
    assert_eq!(list(&home).len(), 1);
}

#[test]
fn an_edit_that_changes_nothing_says_so() {
    let home = two_accounts();
    let before = home.configuration();
    for more in [["-u", "alice@example.com"], ["--rename", "alice"]] {
        let words = [&["edit", "alice"], &more[..]].concat();
        let ended = accounts(&home, &words).run().exits(0);
        assert_eq!(ended.stderr, "nothing was changed: alice is as before\n");
        assert_eq!(home.configuration(), before);
    }
}

#[test]
fn a_password_in_the_environment_is_not_stored() {
    let home = Home::new();
    accounts(&home, &["add", "tlopo", "bob", "-u", "bob"])
        .env("PLAYCOOKIE_PASSWORD", PASSWORD)
        .env("PLAYCOOKIE_USERNAME", "somebody")
        .run()
        .exits(0);
    assert_eq!(home.configuration().as_deref(), Some(BOB));
}
