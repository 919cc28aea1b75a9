//! What a password of the console has to be. One rule for the page that asks for it and the server that takes it.

/// Characters a password has at least.
pub const SHORTEST: usize = 8;
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, PasswordProblem, check};

    #[test]
    fn weak_passwords_are_named() {
        for (name, password, problem) in [
            ("demo", "short12", Some(PasswordProblem::Short)),
            ("demo", "short123", None),
            ("demo", "onlyletters", Some(PasswordProblem::OneKind)),
            ("demo", "12345678", Some(PasswordProblem::OneKind)),
            ("demo", "xDEMO12345", Some(PasswordProblem::HoldsName)),
            ("demo", &"a1".repeat(LONGEST), Some(PasswordProblem::Long)),
            ("demo", "银龄饭堂二零二六年1", None),
        ] {
            assert_eq!(check(name, password).err(), problem, "{password}");
        }
    }
}
