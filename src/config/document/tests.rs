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

fn edited(text: &str, edit: impl FnOnce(&mut ConfigurationDocument)) -> String {
    let mut document = ConfigurationDocument::parse(text).expect("valid");
    edit(&mut document);
    let text = document.text();
    Configuration::read(&text).expect("still valid");
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
fn the_first_account_is_added_to_an_empty_text() {
    let text = edited("", |document| document.add(&carol()));
    let expected = "[accounts.carol]\ngame = \"ttcc\"\nusername = 'c\"ar\\ol'\nkept = [\"token\"]\napi = \"documented@http://127.0.0.1:81\"\ntoon-slot = 2\n";
    assert_eq!(text, expected);
    let read = Configuration::read(&text).expect("valid");
    assert_eq!(read.accounts, [carol()]);
}

#[test]
fn adding_an_account_changes_nothing_else() {
    let text = edited(OLD, |document| document.add(&carol()));
    let (before, after) = OLD.split_once("\n[groups]").expect("groups");
    let added = text.strip_prefix(before).expect("what stood before");
    assert!(added.starts_with("\n[accounts.carol]\n"), "{added}");
    assert!(added.ends_with(after), "{added}");
}

#[test]
fn an_account_is_added_to_an_inline_table() {
    let text = edited("accounts = {}\n", |document| document.add(&carol()));
    let read = Configuration::read(&text).expect("valid");
    assert_eq!(read.accounts, [carol()]);
}

#[test]
fn a_changed_value_keeps_its_comment() {
    let text = edited(OLD, |document| {
        document.set_text("ALICE", "username", Some("alice2"));
        document.set_kept("alice", &[CredentialKind::Password, CredentialKind::Totp]);
    });
    let expected = OLD
        .replace("\"alice@example.com\" #", "\"alice2\" #")
        .replace("[ \"password\" ] #", "[\"password\", \"totp\"] #");
    assert_eq!(text, expected);
}

#[test]
fn an_account_without_stored_secrets_has_no_key_for_them() {
    let text = edited(OLD, |document| document.set_kept("alice", &[]));
    assert!(!text.contains("kept"), "{text}");
}

#[test]
fn a_removed_account_is_removed_from_groups_and_empty_groups_are_removed() {
    let text = edited(OLD, |document| document.remove("Alice"));
    let read = Configuration::read(&text).expect("valid");
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
fn removing_the_last_account_empties_the_file() {
    let text = edited("", |document| document.add(&carol()));
    assert_eq!(edited(&text, |document| document.remove("carol")), "");
}

#[test]
fn a_renamed_account_keeps_its_position_and_its_groups() {
    let text = edited(OLD, |document| document.rename("alice", "al"));
    let expected = OLD
        .replace("[accounts.alice]", "[accounts.al]")
        .replace("[\"alice\", \"bob\"]", "[\"al\", \"bob\"]")
        .replace("alone = [\"alice\"]", "alone = [\"al\"]");
    assert_eq!(text, expected);
}

#[test]
fn a_group_is_created_replaced_and_removed() {
    let made = edited("", |document| document.set_group("g", &["a", "b"]));
    assert_eq!(made, "[groups]\ng = [\"a\", \"b\"]\n");
    let replaced = edited(&made, |document| document.set_group("G", &["c"]));
    assert_eq!(replaced, "[groups]\ng = [\"c\"]\n");
    assert_eq!(
        edited(&replaced, |document| document.set_group("g", &[])),
        ""
    );
}

#[test]
fn a_comment_about_the_whole_file_survives_the_removal_of_the_first_account() {
    let text = "# about the file\n\n# about alice\n[accounts.alice]\ngame = \"ttr\"\nusername = \"a\"\n\n# about ttr\n[ttr]\nwrapper = []\n";
    assert_eq!(
        edited(text, |document| document.remove("alice")),
        "# about the file\n\n# about ttr\n[ttr]\nwrapper = []\n"
    );
    let alone = "# about the file\n\n[accounts.alice]\ngame = \"ttr\"\nusername = \"a\"\n";
    assert_eq!(
        edited(alone, |document| document.remove("alice")),
        "# about the file\n\n"
    );
}

#[test]
fn comments_between_the_members_of_a_group_are_preserved() {
    let text = OLD.replace(
        "[\"alice\", \"bob\"]",
        "[\n  \"alice\", # first\n  \"bob\", # second\n]",
    );
    let renamed = edited(&text, |document| document.rename("alice", "al"));
    assert!(
        renamed.contains("\"al\", # first\n  \"bob\", # second\n]"),
        "{renamed}"
    );
    let removed = edited(&text, |document| document.remove("alice"));
    assert!(removed.contains("\"bob\", # second\n]"), "{removed}");
}

#[test]
fn line_ends_and_a_byte_order_mark_are_preserved() {
    let text = format!("\u{feff}{}", OLD.replace('\n', "\r\n"));
    let new = edited(&text, |document| {
        document.set_text("alice", "username", Some("eve"));
    });
    assert_eq!(new, text.replace("alice@example.com", "eve"));
}

#[test]
fn an_edit_keeps_the_line_ends_of_the_other_lines() {
    for last in ["", "\n", "\r\n"] {
        let head =
            "\u{feff}[ttr]\nlog = \"/a\"\r\n\n[accounts.main]\ngame = \"ttcc\"\r\nusername = \"a\"";
        let text = format!("{head}{last}");
        let mut document = ConfigurationDocument::parse(&text).expect("a configuration");
        assert_eq!(document.text(), text);
        document.set_slot("main", 2);
        let (before, after) = if last.is_empty() {
            ("\n", "")
        } else {
            (last, "\n")
        };
        let edited = format!("{head}{before}toon-slot = 2{after}");
        assert_eq!(document.text(), edited);
        document.set_text("main", "toon-slot", None);
        assert_eq!(document.text(), text);
    }
}

#[test]
fn a_changed_line_keeps_its_line_end() {
    let text = "\r\naccounts = { main = { game = \"ttr\", username = \"a\" } }\n";
    let mut document = ConfigurationDocument::parse(text).expect("a configuration");
    document.set_text("main", "username", Some("b"));
    assert_eq!(document.text(), text.replace("\"a\"", "\"b\""));
}

#[test]
fn an_edit_keeps_the_spaces_of_the_other_lines() {
    let text = "accounts.main.game = \"ttr\"\naccounts .main.username = \"a\"";
    let mut document = ConfigurationDocument::parse(text).expect("a configuration");
    assert_eq!(document.text(), text);
    document.set_text("main", "log", Some("/a"));
    assert!(document.text().starts_with(text), "{}", document.text());
}
