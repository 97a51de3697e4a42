//! The checks on a terminal: broken between words below their column, with warnings and failures in colours.

use super::*;

/// Returns what `doctor ttr --offline` of a computer without a game prints on a terminal of this width.
fn printed(columns: u16, no_color: &str) -> String {
    let computer = Computer::empty();
    let program = computer.doctor(&["ttr", "--offline"]);
    let program = program.env("DISPLAY", "").env("NO_COLOR", no_color);
    let output = program.on_a_terminal_of(columns).wait().exits(72);
    let home = computer.home.path().display().to_string();
    output.stderr.replace(&home, "~")
}

#[test]
fn on_a_narrow_terminal_a_row_is_continued_below_its_text() {
    let expected = "\
fail  ttr game        Toontown Rewritten was not found where
                      it is usually installed
      install it with `playcookie ttr update` or with its
      own launcher, or name its directory with `playcookie
      config set ttr.game-dir DIR`
warn  display         neither WAYLAND_DISPLAY nor DISPLAY is
                      set, so that a game has no window
      start it in a desktop session
ok    terminal        passwords and codes can be asked for
                      here
note  prompt helpers  none of pinentry, kdialog, zenity is
                      installed
ok    variables       none makes a runner write secrets out
warn  secret store    no secret store was found
      install and start gnome-keyring, KeePassXC or KWallet,
      with a default keyring in it, or use
      --password-command CMD, and --no-save at a login
ok    configuration   none at
";
    let printed = printed(60, "1");
    assert!(printed.starts_with(expected), "{printed}");
    assert!(
        printed.lines().all(|line| line.chars().count() <= 60),
        "{printed}"
    );
}

#[test]
fn warnings_and_failures_are_coloured_as_errors_are() {
    let plain = printed(240, "1");
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let coloured = printed(240, "");
    let levels = plain
        .replace("fail  ", "\u{1b}[1;31mfail\u{1b}[0m  ")
        .replace("warn  ", "\u{1b}[1;33mwarn\u{1b}[0m  ");
    assert_eq!(coloured, levels);
}
