//! `playcookie man`: prints manual pages, generated from the command line definition.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Context;
use crate::base::failure::{Failure, Reason};
use crate::cli::Cli;

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

/// The exit statuses after a signal, with the words of `README.md`.
const SIGNAL_STATUSES: [(&str, &str); 2] = [
    (
        "129, 130, 131, 143",
        "hung up, interrupted, quit, terminated",
    ),
    ("138 (158 on macOS), 142, 152", "other signals"),
];

pub(super) fn man(
    context: &Context,
    command: &[String],
    into: Option<&Path>,
) -> anyhow::Result<i32> {
    let mut tree = Cli::command();
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
    write(context, &page(found, command.is_empty())?)
}

fn write(context: &Context, text: &[u8]) -> anyhow::Result<i32> {
    context.terminal.result(text)?;
    Ok(0)
}

/// Writes one page per command.
fn write_all(tree: &Command, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut commands = vec![tree];
    while let Some(command) = commands.pop() {
        let name = page_name(command);
        let page = page(command, name == "playcookie")?;
        fs::write(folder.join(format!("{name}.1")), page)?;
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

fn page(command: &Command, is_whole_program: bool) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(page_name(command))
        .render(&mut page)?;
    if !is_whole_program {
        return Ok(page);
    }
    let mut roff = Roff::new();
    let entry = |roff: &mut Roff, term: &str, meaning: &str| {
        let roff = roff.control("TP", []).text([bold(term)]);
        roff.text([roman(meaning)]);
    };
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in ENVIRONMENT {
        entry(&mut roff, name, meaning);
    }
    roff.control("SH", ["EXIT STATUS"]).text([roman(
        "The game's own status, 128 + n when signal n ended it; else:",
    )]);
    entry(
        &mut roff,
        "10",
        "`update --check`: files are missing or outdated",
    );
    for reason in Reason::ALL {
        let term = format!("{} {}", reason.status(), reason.name());
        entry(&mut roff, &term, reason.manual_text());
    }
    for (statuses, meaning) in SIGNAL_STATUSES {
        entry(&mut roff, statuses, meaning);
    }
    roff.to_writer(&mut page)?;
    Ok(page)
}
