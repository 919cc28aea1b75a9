//! What a password of the console has to be. One rule for the page that asks for it and the server that takes it.

/// Characters a password has at least.
pub const SHORTEST: usize = 8;
/// Characters a passphrase of a key has at least: whoever finds the file tries as often as they like.
pub const PASSPHRASE_SHORTEST: usize = 12;
/// Bytes a password has at most.
pub const LONGEST: usize = 200;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer than [`SHORTEST`] characters.
    Short,
    /// More than [`LONGEST`] bytes.
    Long,
    /// No digit or no letter.
    OneKind,
    /// The account's name stands in it.
    HoldsName,
    /// Others guess it: one of those that everybody tries first.
    Guessed,
}

/// Whether an account may have this password.
///
/// # Errors
/// The first [`PasswordProblem`].
pub fn check(name: &str, password: &str) -> Result<(), PasswordProblem> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordProblem::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordProblem::Long);
    }
    if !password.chars().any(|c| c.is_ascii_digit()) || !password.chars().any(char::is_alphabetic) {
        return Err(PasswordProblem::OneKind);
    }
    if password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(PasswordProblem::HoldsName);
    }
    if is_run(password) {
        return Err(PasswordProblem::Guessed);
    }
    Ok(())
}

/// Whether a key of an account may lie under this passphrase.
///
/// # Errors
/// The first [`PasswordProblem`].
pub fn check_passphrase(name: &str, passphrase: &str) -> Result<(), PasswordProblem> {
    if passphrase.chars().count() < PASSPHRASE_SHORTEST { Err(PasswordProblem::Short) } else { check(name, passphrase) }
}

/// Signs that are the same or follow each other, so many in a row, are a run.
const RUN: usize = 5;

/// Whether the same sign stands there [`RUN`] times in a row, or most of it is signs in their order, up or down.
fn is_run(password: &str) -> bool {
    let mut signs = password.chars().map(|sign| u32::from(sign.to_ascii_lowercase()));
    let (mut all, mut longest, mut before, mut step, mut run) = (1, 0, signs.next().unwrap_or(0), 2, 1);
    for sign in signs {
        let taken = sign.wrapping_sub(before).cast_signed();
        run = if taken == step { run + 1 } else { 2 };
        if !matches!(taken, -1..=1) {
            run = 1;
        }
        if taken == 0 && run >= RUN {
            return true;
        }
        (all, longest, before, step) = (all + 1, longest.max(run), sign, taken);
    }
    longest >= RUN && longest * 2 > all
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, PasswordProblem, check, check_passphrase};

    #[test]
    fn weak_passwords_are_named() {
        for (name, password, problem) in [
            ("demo", "short12", Some(PasswordProblem::Short)),
            ("demo", "short123", None),
            ("demo", "aaaaaaa1", Some(PasswordProblem::Guessed)),
            ("demo", "1aaaaa-blue", Some(PasswordProblem::Guessed)),
            ("demo", "a123456789", Some(PasswordProblem::Guessed)),
            ("demo", "x987654", Some(PasswordProblem::Short)),
            ("demo", "xy987654", Some(PasswordProblem::Guessed)),
            ("demo", "ABCDEFg1", Some(PasswordProblem::Guessed)),
            ("demo", "blue12345house", None),
            ("demo", "aaaa2222bb", None),
            ("demo", "onlyletters", Some(PasswordProblem::OneKind)),
            ("demo", "12345678", Some(PasswordProblem::OneKind)),
            ("demo", "xDEMO12345", Some(PasswordProblem::HoldsName)),
            ("demo", &"a1".repeat(LONGEST), Some(PasswordProblem::Long)),
            ("demo", "树上有三只麻雀1", None),
        ] {
            assert_eq!(check(name, password).err(), problem, "{password}");
        }
        for (passphrase, problem) in
            [("short12house", None), ("short12hous", Some(PasswordProblem::Short)), ("onlylettershere", Some(PasswordProblem::OneKind))]
        {
            assert_eq!(check_passphrase("demo", passphrase).err(), problem, "{passphrase}");
        }
    }
}
