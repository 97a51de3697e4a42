//! `playcookie completions` and `playcookie man`, both from the tree that is parsed.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Context, unwritten};
use crate::base::failure::{Failure, Reason};
use crate::cli::Cli;

/// The variables that the program reads, for the manual page.
const ENVIRONMENT: [(&str, &str); 8] = [
    ("PLAYCOOKIE_USERNAME", "the account, when none is named"),
    ("PLAYCOOKIE_PASSWORD", "its password"),
    (
        "PLAYCOOKIE_CODE",
        "answers the first request for a two-factor code",
    ),
    (
        "PLAYCOOKIE_CONFIG",
        "the configuration, in place of the usual file",
    ),
    ("VISUAL, EDITOR", "the editor of `config edit`"),
    ("NO_COLOR", "no colour, when it is set to anything"),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy to go through; never used for this machine",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "whose certificates to trust, in place of the system's",
    ),
];

pub(super) fn completions(context: &Context, shell: clap_complete::Shell) -> anyhow::Result<i32> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "playcookie", &mut script);
    context
        .terminal
        .result(&script)
        .map_err(|error| unwritten(&error))?;
    Ok(0)
}

pub(super) fn man(
    context: &Context,
    command: &[String],
    into: Option<&Path>,
) -> anyhow::Result<i32> {
    let mut tree = Cli::command();
    tree.build();
    if let Some(folder) = into {
        write_all(&tree, folder).map_err(|error| {
            let message = format!(
                "the manual pages cannot be written to {} ({error})",
                folder.display()
            );
            Failure::new(Reason::Io, message, "name a folder that can be written to")
        })?;
        return Ok(0);
    }
    let mut found = &tree;
    for word in command {
        found = found
            .find_subcommand(word)
            .filter(|found| !found.is_hide_set())
            .ok_or_else(|| {
                Failure::usage(
                    "there is no such command",
                    "see `playcookie --help` for the commands",
                )
            })?;
    }
    context
        .terminal
        .result(&page(found, command.is_empty())?)
        .map_err(|error| unwritten(&error))?;
    Ok(0)
}

/// One page per command.
fn write_all(tree: &Command, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut commands = vec![tree];
    while let Some(command) = commands.pop() {
        let name = page_name(command);
        fs::write(
            folder.join(format!("{name}.1")),
            page(command, name == "playcookie")?,
        )?;
        commands.extend(
            command
                .get_subcommands()
                .filter(|command| !command.is_hide_set()),
        );
    }
    Ok(())
}

/// `playcookie-ttr-login`.
fn page_name(command: &Command) -> String {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned()
}

fn page(command: &Command, whole_program: bool) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(page_name(command))
        .render(&mut page)?;
    if whole_program {
        let mut roff = Roff::new();
        roff.control("SH", ["ENVIRONMENT"]);
        for (name, meaning) in ENVIRONMENT {
            roff.control("TP", [])
                .text([bold(name)])
                .text([roman(meaning)]);
        }
        roff.control("SH", ["EXIT STATUS"]);
        roff.text([roman(
            "The game's own status, 128 + n when signal n ended it; else:",
        )]);
        for reason in Reason::ALL {
            let line = format!("{} {}", reason.status(), reason.name());
            roff.control("TP", [])
                .text([bold(line)])
                .text([roman(reason.meaning())]);
        }
        roff.control("TP", [])
            .text([bold("130, 143")])
            .text([roman("interrupted, terminated")]);
        roff.to_writer(&mut page)?;
    }
    Ok(page)
}
