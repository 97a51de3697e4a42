use super::*;
use crate::config::options::Options;
use crate::games::GameId;

const OLD: &str = r#"# mine
[ttr]   # the first
game-dir = "/games/ttr" # big disk

[accounts.alice]
# her own
game = "ttr"
username = "alice@example.com" # since 2014
kept = [ "password" ] # in the keyring

[accounts.bob]
game = "tlopo"
username = "bob"

[groups]
evening = ["alice", "bob"] # both
alone = ["alice"]
# the end
"#;

fn changed(text: &str, change: impl FnOnce(&mut Change)) -> String {
    let mut changes = Change::of(text).expect("it is sound");
    change(&mut changes);
    let text = changes.text();
    Configuration::read(&text).expect("it is still sound");
    text
}

fn carol() -> Account {
    Account {
        name: "carol".to_owned(),
        game_id: GameId::Ttcc,
        username: "c\"ar\\ol".to_owned(),
        kept: vec![CredentialKind::Token],
        options: Options {
            toon_slot: Some(2),
            api: "documented@http://127.0.0.1:81".parse().ok(),
            ..Options::default()
        },
    }
}

#[test]
fn the_first_account_makes_the_file() {
    let text = changed("", |change| change.add(&carol()));
    let expected = "[accounts.carol]\ngame = \"ttcc\"\nusername = 'c\"ar\\ol'\nkept = [\"token\"]\napi = \"documented@http://127.0.0.1:81\"\ntoon-slot = 2\n";
    assert_eq!(text, expected);
    let read = Configuration::read(&text).expect("sound");
    assert_eq!(read.accounts, [carol()]);
}

#[test]
fn an_account_is_added_and_the_rest_stays_as_it_stands() {
    let text = changed(OLD, |change| change.add(&carol()));
    let (before, after) = OLD.split_once("\n[groups]").expect("groups");
    let added = text.strip_prefix(before).expect("what stood before");
    assert!(added.starts_with("\n[accounts.carol]\n"), "{added}");
    assert!(added.ends_with(after), "{added}");
}

#[test]
fn an_account_is_added_to_a_table_in_one_line() {
    let text = changed("accounts = {}\n", |change| change.add(&carol()));
    let read = Configuration::read(&text).expect("sound");
    assert_eq!(read.accounts, [carol()]);
}

#[test]
fn a_value_changes_and_its_comment_stays() {
    let text = changed(OLD, |change| {
        change.set_text("ALICE", "username", Some("alice2"));
        change.set_kept("alice", &[CredentialKind::Password, CredentialKind::Totp]);
    });
    let expected = OLD
        .replace("\"alice@example.com\" #", "\"alice2\" #")
        .replace("[ \"password\" ] #", "[\"password\", \"totp\"] #");
    assert_eq!(text, expected);
}

#[test]
fn what_is_no_longer_kept_is_not_mentioned() {
    let text = changed(OLD, |change| change.set_kept("alice", &[]));
    assert!(!text.contains("kept"), "{text}");
}

#[test]
fn a_removed_account_leaves_its_groups_and_empty_groups_go() {
    let text = changed(OLD, |change| change.remove("Alice"));
    let read = Configuration::read(&text).expect("sound");
    assert_eq!(read.accounts.len(), 1);
    assert_eq!(
        read.groups,
        [("evening".to_owned(), vec!["bob".to_owned()])]
    );
    assert!(
        text.starts_with("# mine\n[ttr]   # the first\n") && text.ends_with("# the end\n"),
        "{text}"
    );
}

#[test]
fn removing_the_last_account_leaves_no_trace() {
    let text = changed("", |change| change.add(&carol()));
    assert_eq!(changed(&text, |change| change.remove("carol")), "");
}

#[test]
fn a_renamed_account_keeps_its_place_and_its_groups() {
    let text = changed(OLD, |change| change.rename("alice", "al"));
    let expected = OLD
        .replace("[accounts.alice]", "[accounts.al]")
        .replace("[\"alice\", \"bob\"]", "[\"al\", \"bob\"]")
        .replace("alone = [\"alice\"]", "alone = [\"al\"]");
    assert_eq!(text, expected);
}

#[test]
fn a_group_is_made_replaced_and_taken_away() {
    let made = changed("", |change| change.set_group("g", &["a", "b"]));
    assert_eq!(made, "[groups]\ng = [\"a\", \"b\"]\n");
    let replaced = changed(&made, |change| change.set_group("G", &["c"]));
    assert_eq!(replaced, "[groups]\ng = [\"c\"]\n");
    assert_eq!(changed(&replaced, |change| change.set_group("g", &[])), "");
}

#[test]
fn a_comment_that_is_about_the_whole_file_survives_the_first_account() {
    let text = "# about the file\n\n# about alice\n[accounts.alice]\ngame = \"ttr\"\nusername = \"a\"\n\n# about ttr\n[ttr]\nwrapper = []\n";
    assert_eq!(
        changed(text, |change| change.remove("alice")),
        "# about the file\n\n# about ttr\n[ttr]\nwrapper = []\n"
    );
    let alone = "# about the file\n\n[accounts.alice]\ngame = \"ttr\"\nusername = \"a\"\n";
    assert_eq!(
        changed(alone, |change| change.remove("alice")),
        "# about the file\n\n"
    );
}

#[test]
fn comments_in_the_list_of_a_group_survive() {
    let text = OLD.replace(
        "[\"alice\", \"bob\"]",
        "[\n  \"alice\", # first\n  \"bob\", # second\n]",
    );
    let renamed = changed(&text, |change| change.rename("alice", "al"));
    assert!(
        renamed.contains("\"al\", # first\n  \"bob\", # second\n]"),
        "{renamed}"
    );
    let removed = changed(&text, |change| change.remove("alice"));
    assert!(removed.contains("\"bob\", # second\n]"), "{removed}");
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let text = format!("\u{feff}{}", OLD.replace('\n', "\r\n"));
    let new = changed(&text, |change| {
        change.set_text("alice", "username", Some("eve"));
    });
    assert_eq!(new, text.replace("alice@example.com", "eve"));
}
