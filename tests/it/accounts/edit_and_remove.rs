//! `accounts edit` and `remove` without stored secrets.

use serde_json::json;

use super::{ALICE, BOB, accounts, assert_unchanged, list, two_accounts};

#[test]
fn every_option_changes_its_line_and_nothing_else() {
    for (options, line) in [
        (["--username", "eve"], "username = \"eve\""),
        (
            ["--password-command", "pass x"],
            "password-command = \"pass x\"",
        ),
        (["--code-command", "code x"], "code-command = \"code x\""),
        (["--api", "documented"], "api = \"documented\""),
    ] {
        let home = two_accounts();
        let words = [&["edit", "ALICE"], &options[..], &["--json"]].concat();
        let ended = accounts(&home, &words).run().exits(0);
        assert_eq!(ended.events()[0]["name"], "alice");
        let lines: Vec<_> = ALICE.lines().collect();
        let changed = match options[0] {
            "--username" => format!("{}\n{}\n{line}\n", lines[0], lines[1]),
            _ => format!("{ALICE}{line}\n"),
        };
        assert_eq!(home.configuration(), Some(format!("{changed}\n{BOB}")));
    }
}

#[test]
fn a_slot_is_changed_for_the_game_that_has_them() {
    let home = two_accounts();
    home.configure(
        "[accounts.carol]\ngame = \"ttcc\"\nusername = \"carol\"\ntoon-slot = 1 # the cat\n",
    );
    accounts(&home, &["edit", "carol", "--toon-slot", "0"])
        .run()
        .exits(0);
    let text = home.configuration().expect("a file");
    assert!(text.ends_with("toon-slot = 0 # the cat\n"), "{text}");
}

#[test]
fn a_command_is_removed() {
    let home = two_accounts();
    let add = [
        "edit",
        "alice",
        "--password-command",
        "a",
        "--code-command",
        "b",
    ];
    accounts(&home, &add).run().exits(0);
    let ended = accounts(&home, &["edit", "alice", "--forget", "password", "--json"])
        .run()
        .exits(0);
    assert_eq!(ended.events()[0]["password_command"], false);
    assert_eq!(ended.events()[0]["code_command"], true);
    accounts(
        &home,
        &["edit", "alice", "--forget", "totp", "--forget", "password"],
    )
    .run()
    .exits(0);
    assert_eq!(home.configuration(), Some(format!("{ALICE}\n{BOB}")));
}

#[test]
fn a_new_name_replaces_the_old_one_in_groups() {
    let home = two_accounts();
    home.configure(format!(
        "# both\n{ALICE}\n# the pirate\n{BOB}\n[groups]\nevening = [\"Alice\", \"bob\"] # daily\n"
    ));
    let ended = accounts(&home, &["rename", "alice", "Eve", "--json"])
        .run()
        .exits(0);
    assert_eq!(ended.events()[0]["name"], "Eve");
    let ended = accounts(&home, &["rename", "bob", "rob"]).run().exits(0);
    assert_eq!(ended.stderr, "bob is now rob\n");
    accounts(&home, &["rename", "rob", "bob"]).run().exits(0);
    accounts(&home, &["rename", "nobody", "x"])
        .run()
        .fails(64, "no remembered account");
    let taken = accounts(&home, &["rename", "eve", "BOB"]).run();
    let hint = taken.fails(64, "remembered already").hint();
    assert!(hint.contains("`playcookie accounts edit BOB`"), "{hint}");
    let text = home.configuration().expect("a file");
    assert!(
        text.contains("[accounts.Eve]") && text.contains("evening = [\"Eve\", \"bob\"] # daily"),
        "{text}"
    );
    for comment in ["# both\n[accounts.Eve]", "# the pirate\n[accounts.bob]"] {
        assert!(text.contains(comment), "{text}");
    }
}

#[test]
fn a_name_can_change_only_its_case() {
    let home = two_accounts();
    accounts(&home, &["edit", "alice", "--rename", "ALICE"])
        .run()
        .exits(0);
    assert!(list(&home).iter().any(|[name, ..]| name == "ALICE"));
    assert_eq!(list(&home).len(), 2);
}

#[test]
fn removed_accounts_leave_their_groups() {
    let home = two_accounts();
    let both = home.configuration().expect("a file");
    home.configure(format!(
        "{both}\n[groups]\nevening = [\"alice\", \"bob\"]\nalone = [\"Alice\"]\n"
    ));
    let ended = accounts(&home, &["remove", "ALICE"]).run().exits(0);
    assert!(
        ended.stderr.contains("account removed: alice"),
        "{ended:#?}"
    );
    let text = home.configuration().expect("a file");
    assert!(text.ends_with("[groups]\nevening = [\"bob\"]\n"), "{text}");
    let ended = accounts(&home, &["remove", "bob", "--json"]).run().exits(0);
    assert_eq!(
        ended.events(),
        [json!({ "removed": "bob", "game": "tlopo" })]
    );
    assert_eq!(home.configuration().as_deref().map(str::trim), Some(""));
}

#[test]
fn an_unknown_account_prevents_the_removal_of_all() {
    let home = two_accounts();
    let before = home.configuration();
    accounts(&home, &["remove", "alice", "nobody"])
        .run()
        .fails(64, "no remembered account");
    assert_unchanged(&home, before.as_deref());
    let ended = accounts(&home, &["remove", "alice", "bob", "--json"])
        .run()
        .exits(0);
    assert_eq!(ended.events().len(), 2);
    assert_eq!(list(&home), [[""; 3]; 0]);
}

#[test]
fn the_groups_of_a_renamed_account_are_shown() {
    let home = two_accounts();
    home.configure(format!("{ALICE}[groups]\nevening = [\"alice\"]\n"));
    let rename = ["edit", "alice", "--rename", "eve", "--json"];
    let ended = accounts(&home, &rename).run().exits(0);
    assert_eq!(ended.events()[0]["groups"], json!(["evening"]));
}

#[test]
fn an_account_that_is_named_twice_is_removed_once() {
    let home = two_accounts();
    let remove = ["remove", "alice", "bob", "ALICE", "--json"];
    let ended = accounts(&home, &remove).run().exits(0);
    let removed: Vec<_> = ended
        .events()
        .iter()
        .map(|event| event["removed"].clone())
        .collect();
    assert_eq!(removed, ["alice", "bob"]);
}

#[test]
fn a_named_file_that_does_not_exist_is_an_error() {
    let home = two_accounts();
    for words in [
        &["list"][..],
        &["edit", "alice", "-u", "x"],
        &["remove", "alice"],
    ] {
        let words = [words, &["--config", "none.toml"]].concat();
        accounts(&home, &words).run().fails(78, "none.toml");
    }
    assert!(!home.path().join("none.toml").exists());
}

#[test]
fn a_secret_that_is_not_stored_cannot_be_removed() {
    let home = two_accounts();
    let forget = ["edit", "alice", "--forget", "token"];
    accounts(&home, &forget)
        .run()
        .fails(64, "no token of alice is stored");
}

#[cfg(unix)]
#[test]
fn a_removal_is_confirmed_on_a_terminal() {
    let home = two_accounts();
    let remove = ["remove", "alice", "bob"];
    for (answer, left) in [("", 2), ("no", 2), ("y", 0)] {
        let mut pty = accounts(&home, &remove).on_a_terminal();
        pty.expect("Remove alice, bob? [y/N] ");
        pty.line(answer);
        pty.wait().exits(0);
        assert_eq!(list(&home).len(), left, "{answer:?}");
    }
    let home = two_accounts();
    let pty = accounts(&home, &["rm", "alice", "-y"]).on_a_terminal();
    let ended = pty.wait().exits(0);
    assert!(!ended.stderr.contains("[y/N]"), "{ended:#?}");
    let pty = accounts(&home, &["remove", "bob", "--no-input"]).on_a_terminal();
    pty.wait().exits(0);
    assert_eq!(list(&home).len(), 0);
}
