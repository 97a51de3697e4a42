//! Text of servers cannot control the terminal, imitate messages of the program or reveal secrets.

use serde_json::json;

use crate::harness::failures::{CODE, DELAYED, Exit, PARTIAL, PASSWORD, WITH_CODE, login_fails};
use crate::harness::{Home, Reaction, RunOutput, Scripted};

const CREDENTIALS: Exit = (77, "credentials");

fn refused(banner: &str) -> Reaction {
    Reaction::json(json!({ "success": "false", "banner": banner }).to_string())
}

#[test]
fn a_banner_is_shown_as_plain_text() {
    for (banner, shown) in [
        ("\u{1b}[31mno\u{1b}[0m entry", "\"no entry\""),
        ("\u{1b}]0;owned\u{7}no entry", "\"no entry\""),
        ("\u{1b}]52;c;cm0gLXJm\u{1b}\\no entry", "\"no entry\""),
        ("\u{9b}2Jno\u{85}entry", "\"no entry\""),
        ("no\u{8}\u{8}\0\u{7f} entry", "\"no entry\""),
        ("\u{202e}yrtne \u{2066}on\u{2069}", "\"yrtne on\""),
        ("no\u{200b} \u{feff}entry\u{ad}", "\"no entry\""),
        ("no\u{2028}entry\r", "\"no entry\""),
        ("Zoë, 日本 🙂", "\"Zoë, 日本 🙂\""),
    ] {
        login_fails(&[refused(banner)], &[], CREDENTIALS, shown);
    }
}

#[test]
fn a_banner_cannot_imitate_an_error_or_an_event() {
    let banner = "no\nerror: all is lost\nhint: run rm -rf ~\n{\"event\":\"ready\"}";
    login_fails(
        &[refused(banner)],
        &[],
        CREDENTIALS,
        "no error: all is lost hint: run rm -rf ~",
    );
}

#[test]
fn a_long_banner_is_truncated() {
    let banner = "é".repeat(100_000);
    for manner in ["--json", "-vv"] {
        let server = Scripted::new([refused(&banner)]);
        let ended = Home::new().ttr("login", &server.root(), &[manner]).run();
        let ended = ended.exits(77);
        assert!(
            ended.stdout.len() + ended.stderr.len() < 10_000,
            "{ended:#?}"
        );
        ended.error_and_hint();
    }
}

#[test]
fn a_question_is_shown_as_plain_text() {
    let banner = "\u{1b}[2JType \u{202e}your\ncode";
    let partial = json!({ "success": "partial", "banner": banner, "responseToken": "rt-5ec7e7" });
    let question = Reaction::json(partial.to_string());
    let words = "\"Type your code\"";
    login_fails(
        std::slice::from_ref(&question),
        &[],
        (66, "input-needed"),
        words,
    );
    let server = Scripted::new([question]);
    let ended = Home::new().ttr("login", &server.root(), &["--json"]).run();
    assert_eq!(ended.events()[1]["text"], "Type your code");
}

#[test]
fn a_status_line_and_headers_are_not_shown() {
    let odd =
        "HTTP/1.1 503 \u{1b}[31mck-5ec7e7\r\nX-\u{7f}: \u{1b}[2J\r\nContent-Length: 0\r\n\r\n";
    let plain = "HTTP/1.1 503 ck-5ec7e7\r\nSet-Cookie: ck-5ec7e7\r\nContent-Length: 0\r\n\r\n";
    login_fails(
        &[Reaction::Bytes(plain.into())],
        &[],
        (69, "server-error"),
        "HTTP 503",
    );
    login_fails(
        &[Reaction::Bytes(odd.into())],
        &[],
        (76, "not-understood"),
        "not HTTP",
    );
}

#[test]
fn a_password_in_a_banner_is_redacted() {
    for banner in [
        "wrong: hunter2-pw",
        "hunter2-pwhunter2-pw",
        "wrong: hun\u{1b}[0mter\u{200b}2-\0pw",
    ] {
        login_fails(&[refused(banner)], &[], CREDENTIALS, "•••");
    }
}

#[test]
fn a_code_in_a_banner_is_redacted() {
    let banner = format!("{CODE} is not the code of {PASSWORD}");
    let reactions = [Reaction::json(PARTIAL), refused(&banner)];
    login_fails(
        &reactions,
        &WITH_CODE,
        (77, "code"),
        "••• is not the code of •••",
    );
    let again = json!({ "success": "partial", "banner": banner, "responseToken": "rt-5ec7e7" });
    let reactions = [Reaction::json(PARTIAL), Reaction::json(again.to_string())];
    login_fails(
        &reactions,
        &WITH_CODE,
        (77, "code"),
        "••• is not the code of •••",
    );
}

#[test]
fn a_password_in_a_field_name_is_redacted() {
    let body = json!({ "success": "maybe", PASSWORD: 1, "reason": PASSWORD, "error": [PASSWORD] });
    login_fails(
        &[Reaction::json(body.to_string())],
        &[],
        (76, "not-understood"),
        "success",
    );
}

/// Returns the output of a refused login with this password, with `--json` and without.
fn refusals(password: &str, banner: &str) -> [RunOutput; 2] {
    ["--json", "-vv"].map(|manner| {
        let server = Scripted::new([refused(banner)]);
        let home = Home::new();
        let program = home.ttr("login", &server.root(), &[manner]);
        program.stdin(format!("{password}\n")).run().exits(77)
    })
}

#[test]
fn a_password_at_the_end_of_a_truncated_banner_is_redacted() {
    let banner = format!("{}{PASSWORD}", ".".repeat(394));
    for ended in refusals(PASSWORD, &banner) {
        ended.hides(&["hunter"]);
    }
}

#[test]
fn a_password_with_control_characters_between_is_redacted() {
    for (password, expected) in [
        ("open  sesame", "open sesame"),
        ("open\u{200b}sesame", "opensesame"),
        ("  opensesame  ", "opensesame"),
    ] {
        for ended in refusals(password, &format!("wrong: {password}!")) {
            ended.hides(&[expected]);
        }
    }
}

#[test]
fn a_form_encoded_password_in_a_banner_is_redacted() {
    let password = "öpen&sesame";
    let banner = "bad request: username=alice&password=%C3%B6pen%26sesame";
    for ended in refusals(password, banner) {
        ended.hides(&[password]);
    }
}

#[cfg(unix)]
#[test]
fn paths_are_escaped_in_messages_and_details() {
    let home = Home::new();
    let game = home.write("a\u{1b}[31m\u{202e}b/TTREngine", "");
    let exe = game.to_str().expect("UTF-8");
    let plan = ["ttr", "--dry-run", "-v", "--exe", exe];
    let ended = home.program(&plan).run().exits(0).prints_plain_text();
    assert!(
        ended.stderr.contains(r"a\u{1b}[31m\u{202e}b/TTREngine"),
        "{ended:#?}"
    );
    let folder = home.path().join("c\u{9b}31m");
    let show = home
        .program(&["config", "show"])
        .env("XDG_CONFIG_HOME", folder);
    let ended = show.run().exits(0).prints_plain_text();
    assert!(ended.stderr.contains(r"c\u{9b}31m"), "{ended:#?}");
}

#[test]
fn a_password_in_any_encoding_in_a_banner_is_redacted() {
    let password = "Zoë's \"5<6\" & a/b";
    for encoded in [
        "Zo%c3%ab%27s%20%225%3c6%22%20%26%20a%2fb",
        "Zo%C3%AB's%20%225%3C6%22%20%26%20a%2Fb",
        "Zo%C3%AB%27s+%225%3C6%22+%26+a%2Fb",
        r#"Zo\u00eb's \"5<6\" & a\/b"#,
        r"Zoë\u0027s \u00225\u003C6\u0022 \u0026 a/b",
        "Zoë&#39;s &quot;5&lt;6&quot; &amp; a/b",
        "Zo&#235;&#x27;s &#34;5&#60;6&#34; &#38; a&#x2F;b",
        "Zoë&apos;s &QUOT;5<6\" & a/b",
    ] {
        for ended in refusals(password, &format!("bad: {encoded}!")) {
            assert!(ended.error().contains("bad: •••!"), "{encoded}: {ended:#?}");
        }
    }
}

#[test]
fn a_token_that_the_server_repeats_in_a_message_is_redacted() {
    let partial = r#"{"success":"partial","banner":"for rt-5ec7e7","responseToken":"rt-5ec7e7"}"#;
    login_fails(
        &[Reaction::json(partial)],
        &[],
        (66, "input-needed"),
        "\"for •••\"",
    );
    let reactions = [Reaction::json(DELAYED), refused("qt-5ec7e7 has expired")];
    login_fails(&reactions, &[], CREDENTIALS, "\"••• has expired\"");
}
