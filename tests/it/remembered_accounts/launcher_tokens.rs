//! Launcher tokens of Toontown: Corporate Clash, which are stored instead of passwords and removed when they are invalid.

use super::*;

const METADATA: &str =
    r#"{"realms":[{"slug":"production","hostname":"gs.example:7198"}],"bad_token":false}"#;
const GRANTED: &str = r#"{"status":true,"toonstep":false,"message":"","token":"game-5ec7e7"}"#;
const REGISTERED: &str =
    r#"{"status":true,"reason":1000,"toonstep":false,"message":"","token":"new-5ec7e7","id":1}"#;
const REVOKED: &str = r#"{"status":true,"bad_token":false}"#;
const OLD: &str = "old-5ec7e7";
const NEW: &str = "new-5ec7e7";
const SAVED: &str = "kept = [\"token\"]";

/// Returns the last segment of each requested path.
#[track_caller]
fn paths(server: Scripted) -> Vec<String> {
    let requests = server.finish().into_iter();
    let path = requests.map(|request| request.path().to_owned());
    path.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned())
        .collect()
}

fn bad_token() -> Reaction {
    let body = r#"{"error":"Unauthorized","bad_token":true}"#;
    Reaction::answer(401, "application/json", body)
}

fn carol(root: &str) -> StoredSecrets<'_> {
    StoredSecrets {
        game: "ttcc",
        username: "carol-u",
        root,
    }
}

/// Starts a server that refuses Carol's stored token and then gives these answers.
async fn signed_out(home: &Home, more: &str, then: &[&str]) -> Scripted {
    let then = then.iter().map(Reaction::json);
    let server = Scripted::new([bad_token()].into_iter().chain(then));
    let own = format!("api = \"{}\"\n{SAVED}\n{more}", server.root());
    home.configure(account("carol", "ttcc", "carol-u", &own));
    carol(&server.root()).set("token", OLD).await;
    server
}

#[test]
fn a_stored_token_logs_in_and_is_not_revoked() {
    let name = "remembered_accounts::launcher_tokens::a_stored_token_logs_in_and_is_not_revoked";
    with_a_store(name, async |home| {
        let server = Scripted::new([METADATA, GRANTED].map(Reaction::json));
        home.configure(account("carol", "ttcc", "carol-u", SAVED));
        let root = server.root();
        carol(&root).set("token", OLD).await;
        let ended = login(&home, "ttcc", &root, &["carol", "--json", "-vv"]).run();
        let ended = ended.exits(0).hides(&[OLD]);
        assert_eq!(ended.event_names(), ["login", "ready"]);
        assert_eq!(carol(&root).get("token").await.as_deref(), Some(OLD));
        let bearer = server.finish();
        let bearer = bearer.iter().map(|request| request.header("authorization"));
        assert_eq!(bearer.collect::<Vec<_>>(), [Some("Bearer old-5ec7e7"); 2]);
    });
}

#[test]
fn a_bad_token_is_removed_without_a_prompt() {
    let name = "remembered_accounts::launcher_tokens::a_bad_token_is_removed_without_a_prompt";
    with_a_store(name, async |home| {
        let server = signed_out(&home, "", &[]).await;
        let root = server.root();
        let ended = login(&home, "ttcc", &root, &["carol", "--json"]).run();
        let ended = ended.fails(77, "carol").hides(&[OLD]);
        assert_eq!(ended.error_event()["reason"], "signed-out");
        assert_eq!(carol(&root).get("token").await, None);
        let configuration = home.configuration().unwrap_or_default();
        assert!(!configuration.contains("token"), "{configuration}");
        assert!(configuration.contains("[accounts.carol]"));
        // The token is not sent again.
        assert_eq!(paths(server), ["metadata"]);
        let other = Scripted::untouched();
        login(&home, "ttcc", &other.root(), &["carol"])
            .run()
            .fails(66, "a password");
    });
}

#[test]
fn a_bad_token_is_replaced_after_a_password_prompt() {
    let name =
        "remembered_accounts::launcher_tokens::a_bad_token_is_replaced_after_a_password_prompt";
    with_a_store(name, async |home| {
        let server = signed_out(&home, "", &[REGISTERED, METADATA, GRANTED]).await;
        let root = server.root();
        let mut pty = login(&home, "ttcc", &root, &["carol"]).on_a_terminal();
        pty.expect("Password for carol-u: ");
        pty.wait_until_hidden();
        pty.line("typed-5ec7e7");
        let ended = pty.wait().exits(0).hides(&["typed-5ec7e7", OLD, NEW]);
        assert!(!ended.stderr.contains("Remember"), "{ended:#?}");
        assert_eq!(carol(&root).get("token").await.as_deref(), Some(NEW));
        assert_eq!(carol(&root).get("password").await, None);
        assert!(home.configuration().unwrap_or_default().contains(SAVED));
        assert_eq!(paths(server), ["metadata", "register", "metadata", "login"]);
    });
}

#[test]
fn a_bad_token_is_replaced_with_the_password_command() {
    let name =
        "remembered_accounts::launcher_tokens::a_bad_token_is_replaced_with_the_password_command";
    with_a_store(name, async |home| {
        let command = "password-command = \"echo from-a-command\"";
        let server = signed_out(&home, command, &[REGISTERED, METADATA, GRANTED]).await;
        let root = server.root();
        login(&home, "ttcc", &root, &["carol"]).run().exits(0);
        assert_eq!(carol(&root).get("token").await.as_deref(), Some(NEW));
        assert!(home.configuration().unwrap_or_default().contains(SAVED));
        let requests = server.finish();
        assert!(requests[1].body.contains("from-a-command"), "{requests:#?}");
    });
}

#[test]
fn save_stores_the_token_and_not_the_password() {
    let name = "remembered_accounts::launcher_tokens::save_stores_the_token_and_not_the_password";
    with_a_store(name, async |home| {
        let server = Scripted::new([REGISTERED, METADATA, GRANTED].map(Reaction::json));
        let root = server.root();
        let more = ["-u", "carol-u", "--password-stdin", "--save=carol"];
        let login = login(&home, "ttcc", &root, &more).stdin("typed-5ec7e7\n");
        login.run().exits(0).hides(&["typed-5ec7e7", NEW]);
        assert_eq!(carol(&root).get("token").await.as_deref(), Some(NEW));
        assert_eq!(carol(&root).get("password").await, None);
        let configuration = home.configuration().unwrap_or_default();
        assert!(
            configuration.contains("[accounts.carol]"),
            "{configuration}"
        );
        assert!(configuration.contains(SAVED), "{configuration}");
        assert_eq!(paths(server), ["register", "metadata", "login"]);
    });
}

#[test]
fn a_token_is_revoked_when_saving_is_declined() {
    let name = "remembered_accounts::launcher_tokens::a_token_is_revoked_when_saving_is_declined";
    with_a_store(name, async |home| {
        let answers = [REGISTERED, METADATA, GRANTED, REVOKED];
        let server = Scripted::new(answers.map(Reaction::json));
        let root = server.root();
        let mut pty = login(&home, "ttcc", &root, &["-u", "carol-u"]).on_a_terminal();
        pty.expect("Password for carol-u: ");
        pty.wait_until_hidden();
        pty.line("typed-5ec7e7");
        pty.expect("token, not the password");
        pty.expect("[y/N] ");
        pty.line("n");
        pty.wait().exits(0);
        assert_eq!(carol(&root).get("token").await, None);
        let all = ["register", "metadata", "login", "revoke_self"];
        assert_eq!(paths(server), all);
    });
}
