//! `playcookie <game> districts`: what a game tells anybody.

use clap::{Args, ValueEnum};

use super::values::{Api, Span, seconds};

/// `districts`.
#[derive(Debug, Args)]
pub struct Districts {
    /// Only districts that are invaded
    #[arg(long)]
    pub invasions: bool,
    /// What the rows are sorted by
    #[arg(long, value_name = "COLUMN", default_value = "name")]
    pub sort: Order,
    /// Look again every so often until interrupted [default: 20 seconds]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, value_parser = seconds)]
    pub watch: Option<Option<Span>>,
    /// `current`, `documented`, a URL in place of the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// The values of `--sort`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By name
    #[default]
    Name,
    /// The fullest first
    Population,
    /// The invaded first, those that will last longest on top
    Invasion,
}
