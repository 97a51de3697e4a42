//! Paths of the program and of the configuration with characters that a desktop entry must quote.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::desktop_entries::assert_valid;
use super::{MENU, read};
use crate::harness::accounts::account;
use crate::harness::{ClosedPort, Home, is_installed, wait_until};

/// Adds a shortcut with the program in one folder below the home, and the configuration in another.
fn add(home: &Home, bin: &str, folder: &str) -> Output {
    let [bin, folder] = [bin, folder].map(|name| home.path().join(name));
    fs::create_dir_all(&bin).expect("a folder");
    fs::create_dir_all(&folder).expect("a folder");
    let own = Path::new(env!("CARGO_BIN_EXE_playcookie"));
    let program = bin.join("playcookie");
    fs::hard_link(own, &program)
        .or_else(|_| fs::copy(own, &program).map(drop))
        .expect("a program");
    let (exe, marker) = (folder.join("game"), home.path().join("started"));
    fs::write(&exe, "#!/bin/sh\n").expect("a game");
    let options = format!(
        "exe = '''{}'''\napi = \"{}\"\npassword-command = \"echo pw\"\ncode-command = \"echo 1\"\n\
         pre-launch = \"touch {}\"\n",
        exe.display(),
        ClosedPort::new().root(),
        marker.display(),
    );
    let configuration = folder.join("config.toml");
    fs::write(&configuration, account("alice", "ttr", "alice-u", &options)).expect("a file");
    let mut command = Command::new(program);
    command.args(["shortcut", "add", "alice", "--config"]);
    command.arg(configuration);
    command.env_clear().env("HOME", home.path());
    command.output().expect("the program starts")
}

#[test]
fn an_entry_starts_the_program_from_a_folder_with_any_name() {
    for folder in [
        "plain",
        "my \"games\"",
        "$HOME `x` \\ it's",
        "a;b|c&d>e<f*g?h#i(j)~k",
        "Zoë 日本",
    ] {
        let home = Home::new();
        let output = add(&home, folder, &format!("{folder} 50%f %%"));
        assert!(output.status.success(), "{folder}: {output:?}");
        let entry = home.path().join(MENU).join("playcookie-ttr-alice.desktop");
        assert_valid(&entry);
        if is_installed("gio") {
            let mut launch = Command::new("gio");
            launch.arg("launch").arg(&entry).env("HOME", home.path());
            let launched = launch.output().expect("the launcher");
            assert!(launched.status.success(), "{folder}: {launched:?}");
            let marker = home.path().join("started");
            wait_until(&format!("the entry has started it in {folder}"), || {
                marker.exists()
            });
        }
    }
}

#[test]
fn a_path_that_no_entry_can_contain_is_refused() {
    for (bin, folder, words) in [
        ("a=b", "c", "equals or percent sign"),
        ("a%b", "c", "equals or percent sign"),
        ("a\nb", "c", "control characters"),
        ("c", "a\tb", "control characters"),
    ] {
        let home = Home::new();
        let output = add(&home, bin, folder);
        let error = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(64), "{error}");
        assert!(error.contains(words), "{error}");
        assert!(error.contains("\nhint: "), "{error}");
        assert!(!home.path().join(MENU).exists());
    }
}

#[test]
fn an_entry_names_the_program_as_the_path_does() {
    let home = super::home();
    let bin = home.path().join("bin");
    fs::create_dir(&bin).expect("a folder");
    let link = bin.join("playcookie");
    let own = env!("CARGO_BIN_EXE_playcookie");
    let add = || {
        let added = home.program(&["shortcut", "add", "alice"]);
        added.env("PATH", &bin).run().exits(0);
        read(&home, &format!("{MENU}/playcookie-ttr-alice.desktop"))
    };
    std::os::unix::fs::symlink(own, &link).expect("a link");
    let named = format!("\nExec={} play alice\n", link.display());
    assert!(add().contains(&named));
    // Another program of that name is not the one that runs.
    fs::remove_file(&link).expect("a link");
    fs::copy("/bin/true", &link).expect("a program");
    assert!(add().contains(&format!("\nExec={own} play alice\n")));
}
