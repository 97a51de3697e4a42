//! The hooks `pre-launch` and `post-exit`.

mod isolation;
mod signals;

use std::fs;

use crate::harness::fixture::{Fixture, granted};
use crate::harness::{Reaction, RunOutput, SendSignal};

/// Hooks that write their environment to files and print a line.
const BOTH: &str = "pre-launch = \"env >before; echo said before\"\n\
    post-exit = \"env >after; echo said after\"\n";

/// A hook that creates the file `hook` and runs until there is a file `over` or the home is removed.
const SLEEPER: &str = ": >hook; \
    until [ -e $HOME/over ] || ! [ -d $HOME ]; do sleep 0.01; done";

/// Adds lines to the tables of games in `config.toml`.
fn set(fixture: &Fixture, games: &[&str], lines: &str) {
    for game in games {
        let header = format!("[{game}]\n");
        fixture.change(&header, &format!("{header}{lines}"));
    }
}

/// Returns the environment of a hook, one variable per line.
#[track_caller]
fn found(fixture: &Fixture, note: &str) -> Vec<String> {
    let text = fs::read_to_string(fixture.home.path().join(note)).expect("a note");
    text.lines().map(ToOwned::to_owned).collect()
}

#[track_caller]
fn play(fixture: &Fixture, words: &[&str]) -> RunOutput {
    let play = fixture.program(words);
    play.env("PLAYCOOKIE_CODE", "739154").run()
}

#[test]
fn hooks_run_around_the_game_and_get_its_account() {
    let fixture = Fixture::new(
        "[ -e \"$home/before\" ] && ! [ -e \"$home/after\" ] && exit 3",
        granted("alice"),
    );
    set(&fixture, &["ttr"], BOTH);
    play(&fixture, &["ttr", "alice"]).exits(3);
    for note in ["before", "after"] {
        let found = found(&fixture, note);
        for line in ["PLAYCOOKIE_GAME=ttr", "PLAYCOOKIE_ACCOUNT=alice"] {
            assert!(found.contains(&line.to_owned()), "{note}: {found:#?}");
        }
        let status = "PLAYCOOKIE_STATUS=3".to_owned();
        assert_eq!(found.contains(&status), note == "after", "{found:#?}");
    }
}

#[test]
fn hooks_get_128_plus_the_signal_that_killed_the_game() {
    let fixture = Fixture::new("kill -TERM $$", granted("alice"));
    set(&fixture, &["ttr"], BOTH);
    play(&fixture, &["ttr", "alice"]).exits(143);
    let found = found(&fixture, "after");
    assert!(
        found.contains(&"PLAYCOOKIE_STATUS=143".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn hooks_get_no_secret() {
    let fixture = Fixture::new("", granted("alice"));
    set(&fixture, &["ttr"], BOTH);
    let play = fixture.program(&["ttr", "-u", "alice-u"]);
    play.env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "739154")
        .env("TTR_PLAYCOOKIE", "inherited")
        .run()
        .exits(0);
    for note in ["before", "after"] {
        let found = found(&fixture, note).join("\n");
        for secret in [
            "hunter2-pw",
            "739154",
            "PASSWORD",
            "CODE",
            "TTR_",
            "inherited",
        ] {
            assert!(!found.contains(secret), "{secret}: {found}");
        }
        // A username without an account has an empty account name.
        assert!(found.contains("PLAYCOOKIE_ACCOUNT=\n") || found.ends_with("PLAYCOOKIE_ACCOUNT="));
    }
}

#[test]
fn a_failing_pre_launch_hook_prevents_the_login() {
    for failing in ["exit 3", "kill -TERM $$"] {
        let fixture = Fixture::new("", []);
        let hooks = format!("pre-launch = \"{failing}\"\npost-exit = \"touch after\"\n");
        set(&fixture, &["ttr"], &hooks);
        let ended = play(&fixture, &["ttr", "alice", "--json"]);
        let ended = ended.fails(72, "pre-launch");
        assert_eq!(ended.error_event()["reason"], "game-start");
        assert_eq!(ended.error_event()["account"], "alice");
        assert!(!fixture.has("alice.started") && !fixture.has("after"));
        assert!(fixture.server.finish().is_empty());
    }
}

#[test]
fn an_unsaved_token_is_revoked_when_the_game_is_not_started() {
    for words in [&["ttcc", "carol"][..], &["play", "carol", "alice"]] {
        let mut reactions = granted("carol");
        if words.contains(&"alice") {
            reactions.extend(granted("alice"));
        }
        let fixture = Fixture::new("", reactions);
        let broken = fixture.home.write("broken", "#!/no/such/interpreter\n");
        let exe = format!("[accounts.carol]\nexe = \"{}\"\n", broken.display());
        fixture.change("[accounts.carol]\n", &exe);
        play(&fixture, words).exits(72);
        assert!(!fixture.has("carol.started"));
        assert_eq!(fixture.has("alice.started"), words.contains(&"alice"));
        let requests = fixture.server.finish();
        assert!(requests[3].line.contains("/revoke_self"), "{requests:#?}");
    }
}

#[test]
fn a_failing_post_exit_hook_is_a_warning() {
    let fixture = Fixture::new("exit 3", granted("alice"));
    set(&fixture, &["ttr"], "post-exit = \"exit 9\"\n");
    let ended = play(&fixture, &["ttr", "alice", "--json"]).exits(3);
    assert!(ended.stderr.contains("warning: "), "{ended:#?}");
    assert!(ended.stderr.contains("post-exit"), "{ended:#?}");
    let names = ended.event_names();
    assert_eq!(names, ["login", "ready", "started", "exited"]);
}

#[test]
fn output_of_hooks_does_not_mix_with_events() {
    let fixture = Fixture::new("echo said by the game", granted("alice"));
    set(&fixture, &["ttr"], BOTH);
    let ended = play(&fixture, &["ttr", "alice", "--json"]).exits(0);
    assert_eq!(ended.events().len(), 4);
    for words in ["said before", "said by the game", "said after"] {
        assert!(ended.stderr.contains(words), "{ended:#?}");
    }
    // Without events, hooks write to standard output like the game.
    let fixture = Fixture::new("", granted("alice"));
    set(&fixture, &["ttr"], BOTH);
    let ended = play(&fixture, &["ttr", "alice"]).exits(0);
    assert_eq!(ended.stdout, "said before\nsaid after\n");
}

#[test]
fn the_hook_of_an_account_replaces_that_of_the_game() {
    let fixture = Fixture::new("", [granted("alice"), granted("bob")].concat());
    set(&fixture, &["ttr"], "pre-launch = \"touch by-the-game\"\n");
    fixture.change(
        "[accounts.alice]\n",
        "[accounts.alice]\npre-launch = \"touch by-alice\"\n",
    );
    fixture.program(&["ttr", "alice"]).run().exits(0);
    assert!(fixture.has("by-alice") && !fixture.has("by-the-game"));
    fixture.program(&["ttr", "bob"]).run().exits(0);
    assert!(fixture.has("by-the-game"));
}

#[test]
fn an_empty_hook_disables_that_of_the_game() {
    let fixture = Fixture::new("", granted("alice"));
    set(&fixture, &["ttr"], "pre-launch = \"exit 3\"\n");
    fixture.change(
        "[accounts.alice]\n",
        "[accounts.alice]\npre-launch = \"\"\n",
    );
    play(&fixture, &["ttr", "alice"]).exits(0);
}

#[test]
fn a_detached_game_has_no_post_exit_hook_and_a_warning_says_so() {
    let fixture = Fixture::new("wait_for over", granted("alice"));
    set(&fixture, &["ttr"], BOTH);
    let ended = play(&fixture, &["ttr", "alice", "--detach"]).exits(0);
    assert!(fixture.has("before"));
    assert!(ended.stderr.contains("warning: post-exit"), "{ended:#?}");
    fixture.note("over");
    fixture.wait_for(&["alice.started"]);
    assert!(!fixture.has("after"));
}

#[test]
fn each_of_several_accounts_has_its_own_hooks() {
    let fixture = Fixture::new(
        "[ $me = dora ] && exit 6; exit 0",
        [granted("alice"), granted("dora")].concat(),
    );
    let hooks = "pre-launch = \"touch before.$PLAYCOOKIE_ACCOUNT\"\n\
        post-exit = \"touch after.$PLAYCOOKIE_ACCOUNT.$PLAYCOOKIE_GAME.$PLAYCOOKIE_STATUS\"\n";
    set(&fixture, &["ttr", "tlopo"], hooks);
    play(&fixture, &["play", "alice", "dora"]).exits(6);
    for note in [
        "before.alice",
        "before.dora",
        "after.alice.ttr.0",
        "after.dora.tlopo.6",
    ] {
        assert!(fixture.has(note), "{note}");
    }
}

#[test]
fn a_running_hook_ends_with_the_launcher() {
    let fixture = Fixture::new("", []);
    let hook = "pre-launch = \"touch waiting; exec sleep 60\"\n";
    set(&fixture, &["ttr"], hook);
    let run = fixture.program(&["ttr", "alice"]).start();
    fixture.wait_for(&["waiting"]);
    run.signal(rustix::process::Signal::INT);
    run.wait().dies_of(rustix::process::Signal::INT);
    assert!(!fixture.has("alice.started"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_play_cookie_is_in_no_argument_of_any_process() {
    use rustix::process::Signal;

    let cookie = "cookie-5ec7e7-in-no-argument";
    let answer = crate::harness::ttr::grant("gs.example", cookie);
    let fixture = Fixture::new("note ready\nwait_for over", [answer] as [Reaction; 1]);
    let wrapper = "env WRAPPED=1 sh -c '\"$0\" \"$@\"'";
    let play = fixture.program(&["ttr", "alice", "--wrapper", wrapper]);
    let run = play.start();
    fixture.wait_for(&[&format!("{cookie}.ready")]);
    let mut checked = 0;
    for process in fs::read_dir("/proc").expect("processes").flatten() {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments);
        assert!(!arguments.contains(cookie), "{arguments}");
        checked += usize::from(arguments.contains(fixture.exe()));
    }
    // At least the processes of the wrapper and the game were checked.
    assert!(checked >= 2, "{checked}");
    fixture.note("over");
    run.signal(Signal::HUP);
    run.wait();
}
