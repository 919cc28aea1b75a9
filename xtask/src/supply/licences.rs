//! By which licences packages come: an allow list that every licence expression has to meet, and the exceptions by name.

use std::collections::BTreeMap;

use semver::Version;
use spdx::{Expression, LicenseReq, ParseMode};

use super::Package;

/// What may be shipped inside programs under Apache-2.0 without giving anything but notices with them.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A licence beside those, for these packages only, and why it may be.
#[derive(Debug)]
struct Exception {
    licence: &'static str,
    packages: &'static [&'static str],
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        licence: "MPL-2.0",
        packages: &["cssparser", "cssparser-macros", "dtoa-short", "option-ext", "selectors"],
        reason: "copyleft by file: unchanged as they come, and their source is where Cargo.lock says",
    },
    Exception {
        licence: "CDLA-Permissive-2.0",
        packages: &["webpki-root-certs"],
        reason: "a licence of data: the list of certificate authorities",
    },
];

/// The one exception to a licence that takes nothing back: it lets compiled code go without notices.
const GRANTS_MORE: &str = "LLVM-exception";

fn may(name: &str, asked: &LicenseReq) -> bool {
    let Some(id) = asked.license.id() else { return false };
    let excepted = EXCEPTIONS.iter().any(|exception| exception.licence == id.name && exception.packages.contains(&name));
    let plain = asked.addition.as_ref().is_none_or(|addition| addition.id().is_some_and(|addition| addition.name == GRANTS_MORE));
    plain && (ALLOWED.contains(&id.name) || excepted)
}

/// The expression as SPDX writes it: older packages part by `/`.
pub fn canonical(licence: &str) -> String {
    Expression::canonicalize(licence).ok().flatten().unwrap_or_else(|| licence.to_owned())
}

fn problem(name: &str, version: &Version, licence: &str) -> Option<String> {
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(|asked| may(name, asked)) => None,
        Ok(_) => Some(format!("{name} {version} 的许可证 {licence} 不在允许之列")),
        Err(_) => Some(format!("{name} {version} 的许可证“{licence}”读不出来")),
    }
}

/// A sentence for each package whose licence is none of ours, and for each exception that nothing needs.
pub fn problems(packages: &[Package], described: &BTreeMap<(String, Version), String>) -> Vec<String> {
    let mut problems = Vec::new();
    for package in packages {
        let licence = described.get(&(package.name.clone(), package.version.clone())).map_or("", String::as_str);
        problems.extend(problem(&package.name, &package.version, licence));
    }
    for exception in EXCEPTIONS {
        let needs = |name: &&&str| described.iter().any(|((known, _), licence)| known == **name && licence.contains(exception.licence));
        let idle = exception.packages.iter().filter(|name| !needs(name));
        problems.extend(idle.map(|name| format!("{name} 不再需要 {} 的例外（{}）", exception.licence, exception.reason)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_expression_counts() {
        let fits = |licence: &str| problem("abacus", &Version::new(1, 0, 0), licence).is_none();
        for right in
            ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(fits(right), "{right}");
        }
        for wrong in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MPL-2.0",
            "MIT AND LGPL-2.1-or-later",
            "LicenseRef-own",
            "see LICENSE",
            "BUSL-1.1",
        ] {
            assert!(!fits(wrong), "{wrong}");
        }
        assert!(problem("selectors", &Version::new(1, 0, 0), "MPL-2.0").is_none(), "an exception by name");
        assert_eq!(canonical("MIT/Apache-2.0"), "MIT OR Apache-2.0");
    }
}
