//! The configuration file: minimal changes, locking and permissions.

use std::time::Instant;

use super::{ALICE, BOB, accounts, assert_unchanged, list, two_accounts};
use crate::harness::Home;

/// A configuration with unusual formatting.
const FORMATTED_BY_HAND: &str = "\
# My games.   Keep off!

[ttr]   # the old one
  game-dir = '/games/ttr'\t# spaces,  and a tab
wrapper=[ \"gamemoderun\",
  \"-x\", # two lines
]

[accounts] # people

  # the sister
[accounts.zoe]
username = 'zoë'   # not an address
game = \"tlopo\"

[accounts.alice]
game = \"ttr\"
username = \"alice\"

[groups]
all = [ 'zoe' ]  # everybody

[tlopo]
# nothing yet
";

#[test]
fn formatting_by_hand_is_kept() {
    let home = Home::new();
    home.configure(FORMATTED_BY_HAND);
    let run = |words: &[&str]| {
        accounts(&home, words).run().exits(0);
        home.configuration().expect("a file")
    };
    let text = run(&["add", "tlopo", "bob", "-u", "bob"]);
    assert_eq!(text.replace(&format!("\n{BOB}"), ""), FORMATTED_BY_HAND);
    let text = run(&["remove", "bob"]);
    assert_eq!(text, FORMATTED_BY_HAND);
    let text = run(&["edit", "zoe", "-u", "zoe@example.com"]);
    let edited = FORMATTED_BY_HAND.replace("'zoë'   #", "\"zoe@example.com\"   #");
    assert_eq!(text, edited);
    let text = run(&["group", "all", "alice", "zoe"]);
    assert_eq!(
        text,
        edited.replace("[ 'zoe' ]  #", "[\"alice\", \"zoe\"]  #")
    );
    let text = run(&["remove", "alice"]);
    let gone = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\n\n";
    let left = edited
        .replace("[ 'zoe' ]  #", "[\"zoe\"]  #")
        .replace(gone, "");
    assert_eq!(text, left);
}

#[test]
fn accounts_can_be_written_in_every_toml_syntax() {
    for text in [
        "accounts = { alice = { game = \"ttr\", username = \"alice\" } }\n",
        "accounts.alice = { game = \"ttr\", username = \"alice\" }\n",
        "accounts.alice.game = \"ttr\"\naccounts.alice.username = \"alice\"\n",
        "[accounts]\nalice = { game = \"ttr\", username = \"alice\" }\n",
        "[accounts]\nalice.game = \"ttr\"\nalice.username = \"alice\"\n",
    ] {
        let home = Home::new();
        home.configure(text);
        accounts(&home, &["add", "tlopo", "bob", "-u", "bob"])
            .run()
            .exits(0);
        accounts(&home, &["edit", "alice", "-u", "eve", "--rename", "eve"])
            .run()
            .exits(0);
        accounts(&home, &["group", "all", "eve", "bob"])
            .run()
            .exits(0);
        let mut all = list(&home);
        all.sort();
        assert_eq!(
            all,
            [["bob", "tlopo", "bob"], ["eve", "ttr", "eve"]],
            "{text}"
        );
        accounts(&home, &["remove", "eve", "bob"]).run().exits(0);
        assert_eq!(list(&home), [[""; 3]; 0], "{text}");
    }
}

/// Returns the configuration after an edit.
#[track_caller]
fn edited(text: &str, words: &[&str]) -> String {
    let home = Home::new();
    home.configure(text);
    accounts(&home, words).run().exits(0);
    home.configuration().expect("a file")
}

#[test]
fn comments_and_line_ends_are_kept() {
    let text = edited(
        &format!("# my games\n\n{ALICE}\n[ttr]\n"),
        &["remove", "alice"],
    );
    assert!(text.starts_with("# my games\n"), "{text}");
    let windows = ALICE.replace('\n', "\r\n");
    let text = edited(&windows, &["edit", "alice", "-u", "b"]);
    assert_eq!(text, windows.replace("alice@example.com", "b"));
    let group = "[groups]\nevening = [\n  \"alice\", # first\n  \"bob\", # second\n]\n";
    let text = edited(
        &format!("{ALICE}{BOB}{group}"),
        &["edit", "alice", "--rename", "eve"],
    );
    let renamed = group.replace("alice", "eve");
    assert!(text.ends_with(&renamed), "{text}");
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_a_link_to_it_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mode =
        |path: &std::path::Path| path.metadata().expect("a file").permissions().mode() & 0o777;
    let add = ["add", "tlopo", "bob", "-u", "bob"];
    let home = Home::new();
    accounts(&home, &add).run().exits(0);
    let path = home.configuration_path();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().expect("a folder")), 0o700);

    let home = Home::new();
    let target = home.write("dotfiles/playcookie.toml", ALICE);
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    let link = home.configuration_path();
    std::fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
    symlink(&target, &link).expect("a link");
    accounts(&home, &add).run().exits(0);
    assert!(link.is_symlink());
    assert_eq!(mode(&target), 0o600);
    let text = std::fs::read_to_string(target).expect("a file");
    assert_eq!(text, format!("{ALICE}\n{BOB}"));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_missing_file_stays_a_link() {
    let home = Home::new();
    let link = home.configuration_path();
    std::fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
    home.write("dotfiles/keep", "");
    let target = home.path().join("dotfiles/playcookie.toml");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    accounts(&home, &["add", "tlopo", "bob", "-u", "bob"])
        .run()
        .exits(0);
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(target).expect("a file"), BOB);
}

#[test]
fn a_locked_file_is_not_written() {
    let home = two_accounts();
    let before = home.configuration();
    let lock = super::lock(&home);
    let began = Instant::now();
    let runs = [
        &["add", "ttr", "eve", "-u", "eve"][..],
        &["edit", "alice", "-u", "eve"],
        &["remove", "alice"],
        &["group", "evening", "alice"],
    ]
    .map(|words| accounts(&home, &[words, &["--json"]].concat()).start());
    for run in runs {
        let ended = run.wait().fails(75, "another program is changing");
        assert_eq!(ended.error_event()["reason"], "try-later");
    }
    assert!(began.elapsed().as_secs() >= 4, "{:?}", began.elapsed());
    assert_unchanged(&home, before.as_deref());
    // After the lock is released, the next change succeeds.
    let run = accounts(&home, &["add", "ttr", "eve", "-u", "eve"]).start();
    drop(lock);
    run.wait().exits(0);
    assert_eq!(list(&home).len(), 3);
}

#[test]
fn concurrent_additions_are_all_written() {
    const MANY: usize = 12;
    let home = two_accounts();
    let names: Vec<_> = (0..MANY).map(|number| format!("eve-{number:02}")).collect();
    let runs: Vec<_> = names
        .iter()
        .map(|name| accounts(&home, &["add", "tlopo", name, "-u", name]).start())
        .collect();
    for run in runs {
        run.wait().exits(0);
    }
    let mut found: Vec<_> = list(&home).into_iter().map(|[name, ..]| name).collect();
    found.sort();
    let both = ["alice", "bob"].map(ToOwned::to_owned);
    assert_eq!(found, [&both[..], &names].concat());
    assert_unchanged(&home, home.configuration().as_deref());
}

#[test]
fn of_concurrent_additions_of_a_name_one_succeeds() {
    let home = Home::new();
    let runs: Vec<_> = (0..6)
        .map(|_| accounts(&home, &["add", "tlopo", "bob", "-u", "bob"]).start())
        .collect();
    let ended = runs.into_iter().map(|run| run.wait().status.code());
    let mut ended: Vec<_> = ended.collect();
    ended.sort();
    assert_eq!(ended, [0, 64, 64, 64, 64, 64].map(Some));
    assert_eq!(home.configuration().as_deref(), Some(BOB));
}

#[test]
fn a_file_that_cannot_be_written_is_unchanged() {
    let home = two_accounts();
    let before = home.configuration();
    home.block_the_configuration();
    for words in [
        &["add", "ttr", "eve", "-u", "eve"][..],
        &["edit", "alice", "-u", "eve"],
        &["remove", "alice"],
        &["group", "evening", "alice"],
    ] {
        accounts(&home, words).run().fails(74, "cannot be written");
        assert_unchanged(&home, before.as_deref());
    }
}
