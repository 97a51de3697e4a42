//! Updates of games for Windows.

use playcookie::stand_in::Scenario;
use serde_json::json;

use super::{wine, with_wine};
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{Publisher, packed, short_sha256};
use crate::harness::response::Response;
use crate::harness::{Home, StandInServer};

#[test]
fn the_windows_files_of_a_game_without_a_build_for_linux_are_installed_and_run_by_wine() {
    let program = packed(b"a program");
    let list = json!({ "files": { "tlopo.exe": { "hash": short_sha256(b"a program") } } });
    for (published, lists) in [("win64", &["win64"][..]), ("win32", &["win64", "win32"])] {
        let (home, mirror) = (Home::new(), Mirror::new());
        for build in lists {
            let path = format!("/{build}/patcher.json");
            mirror.put(&path, list.to_string());
            if *build != published {
                mirror.always(&path, Response::status(404));
            }
        }
        mirror.put(&format!("/{published}/tlopo.exe.bz2"), &program[..]);
        home.program(&["tlopo", "update", "--api", &mirror.root()])
            .run()
            .exits(0);
        let requests: Vec<_> = mirror.take().into_iter().map(|it| it.path).collect();
        let mut expected: Vec<_> = lists
            .iter()
            .map(|build| format!("/{build}/patcher.json"))
            .collect();
        expected.push(format!("/{published}/tlopo.exe.bz2"));
        assert_eq!(requests, expected);

        let (wine, server) = (wine(&home), StandInServer::new(Scenario::default()));
        let play = home.game("tlopo", "play", &server.root(), &["--no-update"]);
        with_wine(play, &home).run().exits(0);
        assert!(wine.arguments()[0].ends_with("/games/tlopo/tlopo.exe"));
    }
}

#[test]
fn a_runner_without_published_files_is_refused_before_anything_is_sent() {
    let (home, mirror) = (Home::new(), Mirror::new());
    let update = [
        "tlopo",
        "update",
        "--runner",
        "native",
        "--api",
        &mirror.root(),
    ];
    home.program(&update)
        .run()
        .fails(64, "publish no files that the runner native runs");
    assert_eq!(mirror.take().len(), 0);
}

#[test]
fn the_runner_decides_for_which_system_an_update_installs_files() {
    let mut publisher = Publisher::of(&[("TTREngine", b"#!/bin/sh\n"), ("TTREngine64.exe", b"MZ")]);
    publisher.change("TTREngine", |entry| entry["only"] = json!(["linux"]));
    publisher.change("TTREngine64.exe", |entry| entry["only"] = json!(["win64"]));
    let update = |installation: &Installation, options: &[&str]| {
        installation.update(&publisher, options).run().exits(0);
        installation.names()
    };
    assert_eq!(update(&Installation::new(), &[]), ["TTREngine"]);
    let typed = Installation::new();
    assert_eq!(update(&typed, &["--runner", "wine"]), ["TTREngine64.exe"]);
    // Later updates keep to what is there.
    assert_eq!(update(&typed, &[]), ["TTREngine64.exe"]);
    let configured = Installation::new();
    configured.home.configure("[ttr]\nrunner = \"wine\"\n");
    assert_eq!(update(&configured, &[]), ["TTREngine64.exe"]);
}
