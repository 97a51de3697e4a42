//! `playcookie man`: shows or prints manual pages, generated from the command line definition.

use std::fs;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Context;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::{Cli, help};
use crate::launch::manual_page;

/// The environment variables that the program reads, for the manual page.
const ENVIRONMENT: [(&str, &str); 8] = [
    ("PLAYCOOKIE_USERNAME", "the account, when none is named"),
    ("PLAYCOOKIE_PASSWORD", "its password"),
    ("PLAYCOOKIE_CODE", "answers the first request for a code"),
    ("PLAYCOOKIE_CONFIG", "another configuration file"),
    ("VISUAL, EDITOR", "the editor of `config edit`"),
    ("NO_COLOR", "no colour, when it is set to anything"),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy for connections to other machines",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "trusted certificates that replace the system's",
    ),
];

/// The exit statuses of a run without a failure.
const DONE_STATUSES: [(&str, &str); 2] = [
    ("0", "done, or the game ended with 0"),
    ("10", "`update --check`: files are missing or outdated"),
];

/// The exit statuses after a signal, with the words of `README.md`.
const SIGNAL_STATUSES: [(&str, &str); 2] = [
    (
        "129, 130, 131, 143",
        "hung up, interrupted, quit, terminated",
    ),
    ("138 (158 on macOS), 142, 152", "other signals"),
];

pub(super) async fn man(
    context: &Context,
    command: &[String],
    into: Option<&Path>,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let mut tree = Cli::tree();
    tree.build();
    if let Some(folder) = into {
        write_all(&tree, folder).map_err(|error| {
            let folder = folder.display();
            let message = format!("the manual pages cannot be written to {folder} ({error})");
            Failure::new(Reason::Io, message, "name a folder that can be written to")
        })?;
        return Ok(0);
    }
    let unknown = || {
        let hint = "see `playcookie --help` for the commands";
        Failure::usage("there is no such command", hint)
    };
    let mut found = &tree;
    for word in command {
        let named = found.find_subcommand(word);
        let named = named.filter(|named| has_page(named));
        found = named.ok_or_else(unknown)?;
    }
    let page = page(found)?;
    let is_terminal = context.terminal.output_width().is_some();
    if !(is_terminal && manual_page::show(&page, signals).await) {
        context.terminal.result(&page)?;
    }
    Ok(0)
}

/// Writes one page per command.
fn write_all(tree: &Command, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut commands = vec![tree];
    while let Some(command) = commands.pop() {
        let name = page_name(command);
        fs::write(folder.join(format!("{name}.1")), page(command)?)?;
        let subcommands = command.get_subcommands();
        commands.extend(subcommands.filter(|command| has_page(command)));
    }
    Ok(())
}

/// Whether a command has a page; `help` contains a copy of each command.
fn has_page(command: &Command) -> bool {
    !command.is_hide_set() && command.get_name() != "help"
}

/// Returns the name of a command's page, such as `playcookie-ttr-login`.
fn page_name(command: &Command) -> &str {
    let name = command.get_display_name();
    name.unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let (name, path) = (page_name(command), help::path(command));
    let version = env!("CARGO_PKG_VERSION");
    // The crate leaves out an empty date, so that the version would stand in its place.
    let title = format!(".TH {name} 1 \"\" \"playcookie {version}\" \"\"\n");
    let mut page = title.into_bytes();
    // The crate describes no option that `-h` leaves out.
    let shown = command.clone();
    let man = Man::new(shown.mut_args(|argument| argument.hide_short_help(false)));
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let examples = help::examples(&path);
    let mut roff = Roff::new();
    notes(&mut roff, command, examples.is_empty());
    if path.is_empty() {
        roff.control("SH", ["ENVIRONMENT"]);
        for (name, meaning) in ENVIRONMENT {
            entry(&mut roff, name, meaning);
        }
    }
    exit_statuses(&mut roff);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for (what, line) in examples {
        if !what.is_empty() {
            roff.control("PP", []).text([roman(what + ":")]);
        }
        roff.control("RS", []).control("nf", []);
        roff.text([roman(line)]);
        roff.control("fi", []).control("RE", []);
    }
    if !path.is_empty() {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold("playcookie"), roman("(1)")]);
    }
    roff.to_writer(&mut page)?;
    Ok(page)
}

/// Adds the text below the arguments in the help, without the examples.
fn notes(roff: &mut Roff, command: &Command, has_no_examples: bool) {
    let long = command.get_after_long_help().filter(|_| has_no_examples);
    let Some(notes) = command.get_after_help().or(long) else {
        return;
    };
    roff.control("SH", ["NOTES"]);
    for line in notes.to_string().lines() {
        roff.text([roman(line)]).control("br", []);
    }
}

fn exit_statuses(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]).text([roman(
        "The game's own status, 128 + n when signal n ended it; else:",
    )]);
    for (status, meaning) in DONE_STATUSES {
        entry(roff, status, meaning);
    }
    for reason in Reason::ALL {
        let term = format!("{} {}", reason.status(), reason.name());
        entry(roff, &term, reason.manual_text());
    }
    for (statuses, meaning) in SIGNAL_STATUSES {
        entry(roff, statuses, meaning);
    }
}

fn entry(roff: &mut Roff, term: &str, meaning: &str) {
    let roff = roff.control("TP", []).text([bold(term)]);
    roff.text([roman(meaning)]);
}
