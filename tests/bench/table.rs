//! The table that is printed.

use crate::tools::Missing;

/// A figure, or what was missing to measure it.
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

/// What a figure is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// So many times what stands beside it.
    Ratio(f64),
    /// So much by itself.
    AtMost(f64),
    /// Nothing: it is there to be seen.
    Open,
}

/// A row before its figures are known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    measure: &'static str,
    goal: Goal,
}

/// A row as it is printed.
pub(crate) type Cells = [String; 6];

const HEAD: [&str; 6] = ["measure", "figure", "beside", "ratio", "goal", ""];

impl Row {
    /// A measure, with its unit, and its goal.
    pub(crate) fn new(measure: &'static str, goal: Goal) -> Self {
        Self { measure, goal }
    }

    /// The row with what was measured, and what was measured beside it.
    pub(crate) fn shows(
        self,
        figure: impl Into<Figure>,
        name: &str,
        beside: impl Into<Figure>,
    ) -> Cells {
        let measure = self.measure.to_owned();
        let goal = match self.goal {
            Goal::Ratio(most) => format!("≤ {most} ×"),
            Goal::AtMost(most) => format!("≤ {most}"),
            Goal::Open => String::new(),
        };
        let (figure, beside) = match (figure.into().0, beside.into().0) {
            (Ok(figure), Ok(beside)) => (figure, beside),
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
        let ratio = figure / beside;
        let is_met = match self.goal {
            Goal::Ratio(most) => Some(ratio <= most),
            Goal::AtMost(most) => Some(figure <= most),
            Goal::Open => None,
        };
        [
            measure,
            format!("{figure:.2}"),
            format!("{name} {beside:.2}"),
            format!("{ratio:.2}"),
            goal,
            is_met
                .map_or("", |met| if met { "met" } else { "not met" })
                .to_owned(),
        ]
    }
}

/// Prints the rows below a head.
pub(crate) fn print(rows: &[Cells]) {
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
}
