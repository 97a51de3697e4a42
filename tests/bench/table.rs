//! The printed table.

use std::process::ExitCode;

use crate::tools::Missing;

/// A figure, or the tool that is missing to measure it.
pub(crate) struct Figure(Result<f64, Missing>);

impl From<f64> for Figure {
    fn from(figure: f64) -> Self {
        Self(Ok(figure))
    }
}

impl From<Result<f64, Missing>> for Figure {
    fn from(figure: Result<f64, Missing>) -> Self {
        Self(figure)
    }
}

/// The goal for a figure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// At most this many times the figure that it is compared to.
    Ratio(f64),
    /// At most this.
    AtMost(f64),
    /// No goal.
    Open,
}

/// A row without figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    measure: &'static str,
    goal: Goal,
}

/// What is printed of a goal that is missed by more than noise.
const MISSED: &str = "not met";

/// The cells of a row.
pub(crate) type Cells = [String; 6];

/// How far a figure may be over its goal before that is more than noise.
const NOISE: f64 = 1.05;

const HEAD: [&str; 6] = ["measure", "figure", "compared to", "ratio", "goal", ""];

impl Row {
    /// Creates a row for a measure with its unit and goal.
    pub(crate) fn new(measure: &'static str, goal: Goal) -> Self {
        Self { measure, goal }
    }

    /// Returns the cells with a figure and the named figure that it is compared to.
    pub(crate) fn shows(
        self,
        figure: impl Into<Figure>,
        name: &str,
        other: impl Into<Figure>,
    ) -> Cells {
        let measure = self.measure.to_owned();
        let goal = match self.goal {
            Goal::Ratio(most) => format!("≤ {most} ×"),
            Goal::AtMost(most) => format!("≤ {most}"),
            Goal::Open => String::new(),
        };
        let (figure, other) = match (figure.into().0, other.into().0) {
            (Ok(figure), Ok(other)) => (figure, other),
            (Err(Missing(what)), _) | (_, Err(Missing(what))) => {
                let why = format!("not measured (no {what})");
                return [
                    measure,
                    why,
                    name.to_owned(),
                    String::new(),
                    goal,
                    String::new(),
                ];
            }
        };
        let ratio = figure / other;
        let over = match self.goal {
            Goal::Ratio(most) => ratio / most,
            Goal::AtMost(most) => figure / most,
            Goal::Open => 0.0,
        };
        let verdict = match self.goal {
            Goal::Open => "",
            _ if over <= 1.0 => "met",
            _ if over <= NOISE => "about met",
            _ => MISSED,
        };
        [
            measure,
            format!("{figure:.2}"),
            format!("{name} {other:.2}"),
            format!("{ratio:.2}"),
            goal,
            verdict.to_owned(),
        ]
    }
}

/// Prints a head and the rows. Returns 1 as the exit status of the benchmark when a goal is missed.
pub(crate) fn print(rows: &[Cells]) -> ExitCode {
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEAD[column].len()]).max().unwrap_or_default()
    });
    let line = |cells: [&str; 6]| {
        let padded = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        println!("{}", padded.collect::<Vec<_>>().join(" | ").trim_end());
    };
    line(HEAD);
    line(
        widths
            .map(|width| "-".repeat(width))
            .each_ref()
            .map(String::as_str),
    );
    for row in rows {
        line(row.each_ref().map(String::as_str));
    }
    let is_missed = rows.iter().flatten().any(|cell| cell == MISSED);
    ExitCode::from(u8::from(is_missed))
}
