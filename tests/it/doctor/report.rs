//! The report for a bug report: shown, then written, and masked.

use super::*;

const ACCOUNT: &str =
    "[accounts.evening-main]\ngame = \"ttr\"\nusername = \"alice.smith@example.com\"\n";
const LOG: &str = "start of /HOME/Games/My Game, by alice.smith\nTTR_PLAYCOOKIE=ck-5ec7e7\nwine: Z:\\\\HOME\\\\x: EVENING-MAIN\n\
                   id 0123456789abcdef0123 \u{1b}[2Jend\n";

fn computer() -> Computer {
    let computer = Computer::healthy();
    computer.configure(ACCOUNT);
    let home = computer.home.path().display().to_string();
    let windows = home.replace('/', "\\\\");
    let log = LOG.replace("/HOME", &home).replace("\\\\HOME", &windows);
    let folder = ".local/state/playcookie/logs/ttr-alice.smith_example.com";
    computer.home.write(
        &format!("{folder}/2026-01-01T00-00-00Z-aa.log"),
        "an older one",
    );
    computer
        .home
        .write(&format!("{folder}/2026-01-02T00-00-00Z-aa.log"), log);
    computer
}

#[test]
fn a_report_is_shown_then_written_without_names_paths_and_secrets() {
    let computer = computer();
    let words = ["ttr", "--offline", "--report", "report.txt"];
    let output = computer.doctor(&words).env("USER", "smithy").run().exits(0);
    let file = computer.home.path().join("report.txt");
    let report = std::fs::read_to_string(&file).expect("a report");
    assert_eq!(output.stdout, report);
    assert!(
        output
            .stderr
            .contains("report.txt: read it before you send it"),
        "{output:#?}"
    );
    let mode = file.metadata().expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let home = computer.home.path().display().to_string();
    let output = output.prints_plain_text();
    for private in [
        &home[..],
        "alice",
        "smith",
        "evening",
        "EVENING",
        "My Game",
        "ck-5ec7e7",
        "0123456789abcdef",
    ] {
        assert!(!report.contains(private), "{private}: {report}");
    }
    let (versions, checks) = output.stdout.split_once("\nChecks:\n").expect("checks");
    let build = computer
        .home
        .program(&["-vV"])
        .env("SSL_CERT_FILE", "x")
        .run()
        .exits(0);
    assert_eq!(versions, build.stdout);
    let (checks, log) = checks
        .split_once("\nThe end of the last log:\n")
        .expect("a log");
    assert!(checks.starts_with("ok    ttr game        ~/•••, for 64-bit Windows, found: wine\nok    ttr runner      wine: ~/•••, wine-9.0\n"), "{checks}");
    assert_eq!(
        log,
        "start of ~/•••, by •••\nTTR_PLAYCOOKIE= •••\nwine: Z:~/•••: •••\nid ••• \\u{1b}[2Jend\n"
    );
}

#[test]
fn a_report_replaces_nothing() {
    let computer = computer();
    computer.home.write("there.txt", "mine");
    std::os::unix::fs::symlink("nowhere", computer.home.path().join("link.txt")).expect("a link");
    for file in ["there.txt", "link.txt", "no folder/x.txt"] {
        let words = ["ttr", "--offline", "--report", file];
        computer.doctor(&words).run().fails(74, file);
    }
    let there = std::fs::read_to_string(computer.home.path().join("there.txt"));
    assert_eq!(there.expect("a file"), "mine");
    assert!(!computer.home.path().join("nowhere").exists());
}

#[test]
fn a_report_is_part_of_the_object_in_json() {
    let computer = computer();
    let words = ["ttr", "--offline", "--json", "--report", "report.txt"];
    let output = computer.doctor(&words).run().exits(0);
    let [object] = output.events().try_into().expect("one object");
    let report = std::fs::read_to_string(computer.home.path().join("report.txt"));
    assert_eq!(object["report"], report.expect("a report"));
    assert!(object["checks"].is_array());
}
