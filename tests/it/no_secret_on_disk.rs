//! Passwords, two-factor secrets and tokens are in no file except those of the secret store, and are never printed.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

use crate::harness::store::with_a_store;
use crate::harness::ttr::{grant, partial};
use crate::harness::{Engine, Home, Program, Reaction, RunOutput, Scripted};

const PASSWORD: &str = "Gänse/füßchen+Ümlaut?1";
const TYPED: &str = "second pass&word=5ec7e7";
const WRONG: &str = "wrong-pass%word-5ec7e7";
const MISPLACED: &str = "stray-pass'word-5ec7e7";
/// A two-factor secret in base32.
const TOTP: &str = "GM4DSNZWGU2TIMZSGEYDSOBX";
const TOKEN: &str = "lt/5ec7e7+launcher==token";
const COOKIE: &str = "ck/5ec7e7+play==cookie";

/// Returns all encodings of a secret.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let url = form_urlencoded::byte_serialize(bytes).collect::<String>();
    let percent = HEXUPPER.encode(bytes).into_bytes();
    let percent = percent.chunks(2).flat_map(|pair| [b'%', pair[0], pair[1]]);
    let percent = String::from_utf8(percent.collect()).expect("ASCII");
    let unreserved = url.replace('+', "%20");
    let json = serde_json::to_string(secret).expect("a string");
    let escaped = secret.escape_default().to_string();
    let mut forms = vec![
        secret.to_owned(),
        secret.to_lowercase(),
        url,
        unreserved.to_lowercase(),
        unreserved,
        percent,
        json.trim_matches('"').to_owned(),
        escaped,
        HEXLOWER.encode(bytes),
        HEXUPPER.encode(bytes),
    ];
    // Base64 of the secret inside a longer text, at each alignment, without the characters that depend on other bytes.
    for start in 0..3 {
        let whole = &bytes[start..start + (bytes.len() - start) / 3 * 3];
        forms.push(BASE64.encode(whole));
        forms.push(BASE64URL_NOPAD.encode(whole));
    }
    let mut forms: Vec<_> = forms.into_iter().map(String::into_bytes).collect();
    let wide = secret.encode_utf16().flat_map(u16::to_le_bytes);
    forms.push(wide.collect());
    // A two-factor secret also stands for its key.
    if let Ok(key) = BASE32_NOPAD.decode(bytes) {
        forms.push(HEXLOWER.encode(&key).into_bytes());
        forms.push(key);
    }
    forms
}

/// Returns the encoding of a secret that a file contains.
fn found(content: &[u8], secrets: &[&str]) -> Option<String> {
    let is_in = |form: &Vec<u8>| content.windows(form.len()).any(|part| part == form);
    let mut forms = secrets.iter().flat_map(|secret| forms(secret));
    forms
        .find(is_in)
        .map(|form| String::from_utf8_lossy(&form).into_owned())
}

/// Returns all files below a folder except those of the secret store.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let kind = fs::symlink_metadata(&path).expect("its kind");
        if kind.is_dir() && !path.ends_with("data/keyrings") {
            files.extend(self::files(&path));
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files
}

#[test]
fn the_search_finds_every_encoding_of_a_secret() {
    for secret in [PASSWORD, TYPED, TOTP, TOKEN, COOKIE] {
        assert_eq!(found(b"nothing of the kind", &[secret]), None);
        let text = format!("x{secret}").into_bytes();
        for content in [
            text.clone(),
            BASE64.encode(&text).into_bytes(),
            HEXUPPER.encode(&text).into_bytes(),
            form_urlencoded::byte_serialize(&text)
                .collect::<String>()
                .into_bytes(),
        ] {
            assert!(found(&content, &[secret]).is_some(), "{secret}");
        }
    }
}

/// A sequence of commands and their output.
struct Flow {
    home: Home,
    ended: Vec<RunOutput>,
}

impl Flow {
    fn program(&self, words: &[&str]) -> Program {
        self.home.program(words).on_the_bus()
    }

    /// Runs a command with these lines on standard input and asserts its status.
    #[track_caller]
    fn run(&mut self, words: &[&str], input: &[&str], status: i32) {
        let program = self.program(words).stdin(input.join("\n"));
        let ended = program.run().exits(status);
        self.ended.push(ended);
    }

    /// Adds an account and uses its stored secrets.
    fn add_and_use(&mut self, exe: &str) {
        let server = Scripted::new(
            [
                partial("t1"),
                grant("gs", COOKIE),
                partial("t2"),
                partial("t3"),
            ]
            .into_iter()
            .chain([refusal(), Reaction::answer(500, "text/plain", PASSWORD)]),
        );
        let root = &server.root();
        let add = ["accounts", "add", "ttr", "alice", "-u", "alice-u", "--api"];
        let add = [&add[..], &[root, "--password-stdin", "--totp-stdin"]].concat();
        self.run(&add, &[PASSWORD, TOTP], 0);
        self.run(&["ttr", "alice", "--exe", exe, "-vv", "--json"], &[], 0);
        // The code is given as an option, because a second generated code would take half a minute.
        let refused = ["ttr", "login", "alice", "--code", "739154", "-vv"];
        self.run(&refused, &[], 77);
        let login = ["ttr", "login", "alice", "-vv"];
        self.run(&login, &[], 77);
        self.run(&login, &[], 69);
        self.run(&["accounts", "list", "--json"], &[], 0);
        self.run(&["config", "show"], &[], 0);
        let uri = format!("otpauth://totp/alice?secret={TOTP}&period=60");
        let edit = ["accounts", "edit", "alice", "--totp-stdin", "-vv"];
        self.run(&edit, &[&uri], 0);
    }

    /// Stores, uses and revokes a launcher token.
    fn keep_a_token(&mut self) {
        let server = Scripted::new(
            [
                format!(r#"{{"status":true,"reason":1000,"message":"","token":"{TOKEN}","id":1}}"#),
                METADATA.to_owned(),
                format!(r#"{{"status":true,"message":"","token":"{COOKIE}"}}"#),
                r#"{"status":true,"bad_token":false}"#.to_owned(),
            ]
            .map(Reaction::json),
        );
        let root = &server.root();
        let add = ["accounts", "add", "ttcc", "carol", "-u", "carol-u", "-vv"];
        let add = [&add[..], &["--password-stdin", "--api", root]].concat();
        self.run(&add, &[PASSWORD], 0);
        self.run(&["ttcc", "exec", "carol", "-vv", "--", "true"], &[], 0);
        self.run(&["accounts", "remove", "carol", "-vv"], &[], 0);
    }

    /// Saves a password at the prompt, after a wrong one, and passes a password as a wrong argument.
    fn accept_offer(&mut self) {
        let refused = r#"{"status":"1","message":"Not known."}"#;
        let granted = r#"{"status":"7","message":"","token":"t","gameserver":"gs"}"#;
        let server = Scripted::new([refused, granted].map(Reaction::json));
        let root = &server.root();
        let login = ["tlopo", "login", "-u", "dora-u", "-vv", "--api", root];
        let mut pty = self.program(&login).on_a_terminal();
        for password in [WRONG, TYPED] {
            pty.expect("Password for dora-u: ");
            pty.wait_until_hidden();
            pty.line(password);
        }
        pty.expect("[y/N] ");
        pty.line("y");
        self.ended.push(pty.wait().exits(0));
        let joined = format!("--password={MISPLACED}");
        self.run(&["play", "@pair", "--password", MISPLACED], &[], 64);
        self.run(&["tlopo", "login", "--", &joined], &[], 64);
    }
}

const METADATA: &str =
    r#"{"realms":[{"slug":"production","hostname":"gs.example:7198"}],"bad_token":false}"#;

/// Returns a refusal that contains the secrets of the request.
fn refusal() -> Reaction {
    let banner = format!("Incorrect: {PASSWORD}");
    Reaction::json(serde_json::json!({ "success": "false", "banner": banner }).to_string())
}

#[test]
fn no_secret_is_in_a_file_or_output_after_every_command() {
    let name = "no_secret_on_disk::no_secret_is_in_a_file_or_output_after_every_command";
    with_a_store(name, async |home| {
        let engine = Engine::with_script(&home, "TTREngine", "rm -r \"$HOME/started\"");
        let exe = engine.exe().to_owned();
        let ended = Vec::new();
        let mut flow = Flow { home, ended };
        flow.add_and_use(&exe);
        flow.keep_a_token();
        flow.accept_offer();

        let secrets = [PASSWORD, TYPED, WRONG, MISPLACED, TOTP, TOKEN];
        for ended in &flow.ended {
            for stream in [&ended.stdout, &ended.stderr] {
                let found = found(stream.as_bytes(), &secrets);
                assert_eq!(found, None, "{ended:#?}");
            }
        }
        let cookies = [&secrets[..], &[COOKIE, "739154"]].concat();
        let session = PathBuf::from(std::env::var_os("HOME").expect("a home"));
        let files = [files(flow.home.path()), files(&session)].concat();
        for file in &files {
            let content = fs::read(file).expect("a file");
            let found = found(&content, &cookies);
            assert_eq!(found, None, "{}", file.display());
        }
        // The files that the search is about exist.
        for written in ["config.toml", "codes.json"] {
            assert!(
                files.iter().any(|file| file.ends_with(written)),
                "{files:#?}"
            );
        }
    });
}
