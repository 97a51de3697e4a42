//! The Silly Meter: a bar, its teams, and what comes next.

use super::{Page, Paper, grouped, told};
use crate::games::ttr::public::silly_meter::{SillyMeter, State, Team};
use crate::terminal::table::{Side, Table, Weight, bar, dressed, folded};

const COLUMNS: [(&str, Side); 2] = [("TEAM", Side::Left), ("POINTS", Side::Right)];
/// How many cells the bar has, where there is room.
const BAR: usize = 40;
/// What stands in front of what a team is about.
const INDENT: &str = "  ";

impl Page for SillyMeter {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, paper: &Paper) -> String {
        let sentence = |text: &str| folded(text.split(' '), paper.width);
        let mut lines = sentence(state(self.state));
        if let Some(points) = self.points {
            lines.push(bar(points, self.full, BAR.min(paper.width.unwrap_or(BAR))));
            lines.extend(sentence(&fullness(points, self.full)));
        }
        if !self.teams.is_empty() {
            lines.extend(teams(self, paper));
        }
        if let Some(winner) = &self.winner {
            lines.extend(sentence(&format!("Winner: {winner}")));
        }
        if let Some(when) = self.next_update.and_then(|then| paper.coming(then)) {
            let next = self
                .state
                .map_or("the next update comes", State::next_event);
            lines.extend(sentence(&format!("Next: {next} {when}")));
        }
        if let Some(age) = self.as_of.and_then(|then| paper.past(then)) {
            lines.extend(sentence(&format!("Told {age}")));
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

const fn state(state: Option<State>) -> &'static str {
    match state {
        Some(State::Active) => "The Silly Meter is being filled",
        Some(State::Reward) => "The Silly Meter was filled: everybody is rewarded",
        Some(State::Inactive) => "The Silly Meter cools down",
        None => "The Silly Meter does something that is not known",
    }
}

/// The points and how much of the whole that is, not more than all of it.
fn fullness(points: u64, full: u64) -> String {
    let percent = u128::from(points.min(full)) * 100 / u128::from(full.max(1));
    format!(
        "{} of {} points, {percent} %",
        grouped(points),
        grouped(full)
    )
}

/// The teams with their points, and below each what it is about; the one that won stands out.
fn teams(meter: &SillyMeter, paper: &Paper) -> Vec<String> {
    let name = |team: &Team| team.name.clone().unwrap_or_else(|| "?".to_owned());
    let rows = meter.teams.iter();
    let rows = rows.map(|team| vec![name(team), told(team.points)]);
    let mut table = Table::new(&COLUMNS, rows);
    table.shorten(0, paper.width.unwrap_or(usize::MAX));
    let mut lines = Vec::new();
    for (at, line) in table.lines_within(paper.width).iter().enumerate() {
        let team = at.checked_sub(1).and_then(|at| meter.teams.get(at));
        let weight = match team {
            None => Weight::Heading,
            Some(team) if team.name.is_some() && team.name == meter.winner => Weight::Striking,
            Some(_) => Weight::Plain,
        };
        lines.push(dressed(line, weight, paper.coloured));
        let about = team.and_then(|team| team.description.as_deref());
        let width = paper.width.map(|width| width.saturating_sub(INDENT.len()));
        let about = folded(about.unwrap_or_default().split_whitespace(), width);
        lines.extend(about.iter().map(|line| format!("{INDENT}{line}")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::public::silly_meter::FULL;
    use crate::terminal::table::width;

    fn meter() -> SillyMeter {
        let team = |name: &str, description: &str, points| Team {
            name: Some(name.to_owned()),
            description: Some(description.to_owned()),
            points: Some(points),
        };
        SillyMeter {
            game: "ttr",
            as_of: Some(97),
            state: Some(State::Active),
            points: Some(2_900_000),
            full: FULL,
            teams: vec![
                team(
                    "Overjoyed Laff Meters",
                    "Every toon has a few more laff points than it would have had without.",
                    1_189_000,
                ),
                team("Doodle Trick Boost", "Doodles do their tricks better.", 25),
                Team::default(),
            ],
            winner: None,
            next_update: Some(820),
        }
    }

    fn drawn(meter: &SillyMeter, width: Option<usize>) -> String {
        meter.text(&Paper {
            width,
            coloured: false,
            now: 100,
        })
    }

    #[test]
    fn everything_that_is_told_is_shown() {
        let expected = "\
The Silly Meter is being filled
███████████████████████░░░░░░░░░░░░░░░░░
2,900,000 of 5,000,000 points, 58 %
TEAM                      POINTS
Overjoyed Laff Meters  1,189,000
  Every toon has a few more laff points than it would have had without.
Doodle Trick Boost            25
  Doodles do their tricks better.
?                              ?
Next: points are counted in 12 min
Told 3 s ago
";
        assert_eq!(drawn(&meter(), None), expected);
        assert_eq!(drawn(&meter(), Some(80)), expected);
    }

    #[test]
    fn a_narrow_terminal_folds_what_it_cannot_hold() {
        for columns in [40, 30, 20] {
            let text = drawn(&meter(), Some(columns));
            let widest = text.lines().map(width).max();
            assert!(widest <= Some(columns), "{columns}:\n{text}");
            let words: Vec<_> = text.split_whitespace().collect();
            assert!(words.join(" ").contains("than it would have had without."));
        }
    }

    #[test]
    fn who_won_is_said_and_stands_out() {
        let mut meter = meter();
        meter.state = Some(State::Reward);
        meter.winner = Some("Doodle Trick Boost".to_owned());
        let text = meter.text(&Paper {
            width: None,
            coloured: true,
            now: 900,
        });
        assert!(text.contains("\u{1b}[35mDoodle Trick Boost"), "{text:?}");
        assert!(text.contains("Winner: Doodle Trick Boost\nNext: the reward ends now\n"));
    }

    #[test]
    fn a_meter_of_which_little_is_told_is_shown_as_far_as_that_goes() {
        let meter = SillyMeter {
            as_of: None,
            state: None,
            points: Some(u64::MAX),
            teams: Vec::new(),
            next_update: Some(u64::MAX),
            ..meter()
        };
        let text = drawn(&meter, Some(40));
        assert!(
            text.contains("points, 100 %") && !text.contains('░'),
            "{text}"
        );
        assert!(!text.contains("Next") && !text.contains("TEAM") && !text.contains("Told"));
    }
}
