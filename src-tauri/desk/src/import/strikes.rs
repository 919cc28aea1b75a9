//! Texts of which parts are struck out: an old phone before the new one, a name over another. What is struck out does not count, and is
//! kept to be named.

/// Characters of what is struck out that are kept.
const NAMED: usize = 60;

/// A text in runs, each struck out or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts(Vec<(bool, String)>);

/// How much of a text is struck out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Struck {
    /// Nothing that says something.
    Nothing,
    /// All that says something.
    All,
    /// A part.
    Part {
        /// What counts.
        kept: String,
        /// What is struck out.
        struck: String,
    },
}

impl Parts {
    pub(super) fn push(&mut self, text: &str, struck: bool) {
        match self.0.last_mut() {
            Some((same, run)) if *same == struck => run.push_str(text),
            _ => self.0.push((struck, text.to_owned())),
        }
    }

    /// All of it.
    pub(super) fn whole(&self) -> String {
        self.0.iter().map(|(_, run)| run.as_str()).collect()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|(_, run)| run.trim().is_empty())
    }

    pub(super) fn struck(&self) -> Struck {
        let runs = |wanted: bool| self.0.iter().filter(|(struck, _)| *struck == wanted).map(|(_, run)| run.as_str()).collect::<String>();
        let says_something = |text: &str| text.contains(char::is_alphanumeric);
        let (kept, struck) = (runs(false), runs(true));
        match (says_something(&kept), says_something(&struck)) {
            (_, false) => Struck::Nothing,
            (false, true) => Struck::All,
            (true, true) => {
                // Of what only has to be named the beginning is enough.
                let struck = struck.chars().take(NAMED).collect();
                let bare = |text: String| text.trim_matches(|c: char| c.is_whitespace() || "、，,；;/／".contains(c)).to_owned();
                Struck::Part { kept: bare(kept), struck: bare(struck) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_struck_out_is_told_from_the_rest() {
        let parts = |runs: &[(bool, &str)]| {
            let mut parts = Parts::default();
            runs.iter().for_each(|(struck, run)| parts.push(run, *struck));
            parts
        };
        let part = |kept: &str, struck: &str| Struck::Part { kept: kept.into(), struck: struck.into() };
        for (runs, expect) in [
            (&[(false, "王桂英")][..], Struck::Nothing),
            (&[(false, "王桂英"), (true, " 、")], Struck::Nothing),
            (&[(true, "王桂"), (true, "英"), (false, " ")], Struck::All),
            (&[(true, "13800000000、"), (false, "13900000000")], part("13900000000", "13800000000")),
            (&[(false, "王"), (true, "挂"), (false, "桂英")], part("王桂英", "挂")),
        ] {
            assert_eq!(parts(runs).struck(), expect, "{runs:?}");
        }
        assert_eq!(parts(&[(true, "a"), (false, "b")]).whole(), "ab");
    }
}
