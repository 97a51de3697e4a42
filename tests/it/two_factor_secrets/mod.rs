//! Codes generated from a stored two-factor secret: no code is used twice, and after one attempt the user is asked.

mod interrupted;

use std::time::{SystemTime, UNIX_EPOCH};

use playcookie::base::secret::Secret;
use playcookie::stand_in::{CODE_SECRET, Scenario};
use playcookie::totp::Totp;

use crate::harness::accounts::account;
use crate::harness::store::{StoredSecrets, with_a_store};
use crate::harness::ttr::{grant, partial};
use crate::harness::{Home, InteractiveRun, Program, Prompt, Reaction, Scripted, StandInServer};

const PASSWORD: &str = "hunter2-pw";
/// A secret with a short period, so that a test can wait for the next code.
const SHORT: &str = "otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=3";
/// Its key in base32, which must not be printed.
const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn granted() -> Reaction {
    grant("gs.example", "ck-5ec7e7")
}

/// Configures alice's account of `game` with a stored password and two-factor secret.
async fn remember(home: &Home, game: &'static str, root: &str, totp: &str, more: &str) {
    let kept = format!("kept = [\"password\", \"totp\"]\n{more}");
    home.configure(account("alice", game, "alice-u", &kept));
    let username = "alice-u";
    let owner = StoredSecrets {
        game,
        username,
        root,
    };
    owner.set("password", PASSWORD).await;
    owner.set("totp", totp).await;
}

fn login(home: &Home, game: &str, root: &str, more: &[&str]) -> Program {
    home.program(&[&[game, "login", "alice", "--api", root], more].concat())
        .on_the_bus()
}

/// Returns the codes that were sent.
#[track_caller]
fn codes(server: Scripted) -> Vec<String> {
    let requests = server.finish().into_iter();
    let fields = requests.map(|request| {
        form_urlencoded::parse(request.body.as_bytes())
            .into_owned()
            .collect()
    });
    fields
        .filter_map(|fields: Vec<(String, String)>| {
            let mut fields = fields.into_iter();
            fields.find(|(name, _)| name == "appToken")
        })
        .map(|(_, code)| code)
        .collect()
}

/// Returns the recent time step of a code.
#[track_caller]
fn step_of(code: &str) -> u64 {
    let totp = Totp::parse(&Secret::new(SHORT)).expect("a code secret");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    let now = now.as_secs() / totp.period();
    // A slow machine can take several steps.
    let mut steps = (now - 100..=now + 1).rev();
    steps
        .find(|step| totp.code(*step).reveal() == code)
        .expect("a code of the secret")
}

#[test]
fn a_stored_two_factor_secret_answers_without_a_prompt() {
    let name = "two_factor_secrets::a_stored_two_factor_secret_answers_without_a_prompt";
    with_a_store(name, async |home| {
        let server = StandInServer::new(Scenario {
            two_factor: true,
            ..Scenario::default()
        });
        for game in ["ttr", "tlopo"] {
            remember(&home, game, &server.root(), CODE_SECRET, "").await;
            let ended = login(&home, game, &server.root(), &["--json", "-vv"]).run();
            let ended = ended.exits(0).hides(&[PASSWORD, CODE_SECRET]);
            let mut names = ended.event_names();
            // A code that is about to expire is not used.
            names.retain(|name| name != "waiting");
            assert_eq!(names, ["login", "question", "ready"]);
        }
        assert_eq!(server.requests().len(), 4);
    });
}

#[test]
fn the_wait_for_the_next_code_is_reported() {
    let name = "two_factor_secrets::the_wait_for_the_next_code_is_reported";
    with_a_store(name, async |home| {
        let server = Scripted::new([partial("t1"), granted(), partial("t2")]);
        remember(&home, "ttr", &server.root(), KEY, "").await;
        let login = || login(&home, "ttr", &server.root(), &["--json"]);
        login().run().exits(0);
        let second = InteractiveRun::start(login());
        assert_eq!(second.event("question")["kind"], "code");
        let waiting = second.event("waiting");
        assert_eq!(waiting["reason"], "code");
        assert_eq!(waiting["account"], "alice");
        let left = waiting["retry_in"].as_f64().expect("a number");
        assert!(0.0 < left && left <= 60.0, "{left}");
        drop(second);
        assert_eq!(codes(server).len(), 1);
    });
}

#[test]
fn no_code_is_used_twice_in_a_row() {
    let name = "two_factor_secrets::no_code_is_used_twice_in_a_row";
    with_a_store(name, async |home| {
        let answers = [partial("t1"), granted(), partial("t2"), granted()];
        let server = Scripted::new(answers);
        remember(&home, "ttr", &server.root(), SHORT, "").await;
        for _ in 0..2 {
            login(&home, "ttr", &server.root(), &[]).run().exits(0);
        }
        let codes = codes(server);
        assert!(step_of(&codes[0]) < step_of(&codes[1]), "{codes:?}");
    });
}

#[test]
fn without_a_prompt_a_refused_generated_code_fails_with_a_hint_about_the_clock() {
    let name = "two_factor_secrets::without_a_prompt_a_refused_generated_code_fails_with_a_hint_about_the_clock";
    with_a_store(name, async |home| {
        let server = Scripted::new([partial("t1"), partial("t2")]);
        remember(&home, "ttr", &server.root(), SHORT, "").await;
        let ended = login(&home, "ttr", &server.root(), &["--json", "-vv"]).run();
        let ended = ended.fails(77, "code").hides(&[PASSWORD, KEY]);
        assert_eq!(ended.error_event()["reason"], "code");
        assert_eq!(ended.error_event()["account"], "alice");
        let (_, hint) = ended.error_and_hint();
        assert!(
            hint.contains("clock") && hint.contains("--totp-stdin"),
            "{hint}"
        );
        let codes = codes(server);
        assert_eq!(codes.len(), 1);
        ended.hides(&[&codes[0]]);
    });
}

#[test]
fn after_one_generated_code_the_code_is_asked_for() {
    let name = "two_factor_secrets::after_one_generated_code_the_code_is_asked_for";
    with_a_store(name, async |home| {
        let server = Scripted::new([partial("t1"), partial("t2"), granted()]);
        remember(&home, "ttr", &server.root(), SHORT, "").await;
        let mut pty = login(&home, "ttr", &server.root(), &[]).on_a_terminal();
        Prompt::Code.wait(&mut pty);
        assert_eq!(server.count(), 2);
        pty.line("739154");
        pty.wait().exits(0).hides(&["739154", KEY]);
        let codes = codes(server);
        assert_eq!(codes.len(), 2);
        assert_eq!(codes[1], "739154");
    });
}

#[test]
fn a_code_given_for_the_run_overrides_the_stored_secret() {
    let name = "two_factor_secrets::a_code_given_for_the_run_overrides_the_stored_secret";
    with_a_store(name, async |home| {
        for (more, variable) in [
            (&["--code", "739154"][..], ""),
            (&["--code-command", "echo 739154"], ""),
            (&[], "739154"),
        ] {
            let server = Scripted::new([partial("t1"), granted()]);
            remember(&home, "ttr", &server.root(), SHORT, "").await;
            let login = login(&home, "ttr", &server.root(), more);
            login.env("PLAYCOOKIE_CODE", variable).run().exits(0);
            assert_eq!(codes(server), ["739154"], "{more:?}");
        }
    });
}

#[test]
fn the_code_command_of_an_account_is_used() {
    let name = "two_factor_secrets::the_code_command_of_an_account_is_used";
    with_a_store(name, async |home| {
        let server = Scripted::new([partial("t1"), granted()]);
        let command = "code-command = \"echo 739154\"";
        remember(&home, "ttr", &server.root(), SHORT, command).await;
        login(&home, "ttr", &server.root(), &[]).run().exits(0);
        assert_eq!(codes(server), ["739154"]);
    });
}

#[test]
fn the_code_command_of_an_account_is_run_once() {
    let server = Scripted::new([partial("t1"), partial("t2")]);
    let home = Home::new();
    let root = server.root();
    let own = format!(
        "api = \"{root}\"\npassword-command = \"echo hunter2-pw\"\ncode-command = \"echo >>runs; echo 739154\""
    );
    home.configure(account("alice", "ttr", "alice-u", &own));
    let login = ["ttr", "login", "alice", "--api", &server.root()];
    let ended = home.program(&login).run().fails(77, "code");
    ended.hides(&["739154"]);
    let runs = std::fs::read_to_string(home.path().join("runs")).expect("a note");
    assert_eq!(runs.lines().count(), 1);
    assert_eq!(codes(server), ["739154"]);
}

#[test]
fn an_invalid_stored_secret_fails_before_anything_is_sent() {
    let name = "two_factor_secrets::an_invalid_stored_secret_fails_before_anything_is_sent";
    with_a_store(name, async |home| {
        let server = Scripted::untouched();
        remember(&home, "ttr", &server.root(), "no secret at all!", "").await;
        let ended = login(&home, "ttr", &server.root(), &[]).run();
        let ended = ended.fails(78, "alice").hides(&["no secret at all!"]);
        assert!(ended.stderr.contains("--totp-stdin"), "{ended:#?}");
    });
}
