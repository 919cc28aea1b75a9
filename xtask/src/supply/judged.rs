//! The advisories that were looked at and are lived with, each with its reason. A hole is never among them, and one that no longer applies goes.

use super::Package;
use super::advisories::{About, Advisory};

/// An advisory that is lived with.
#[derive(Debug)]
pub struct Judged {
    pub id: &'static str,
    pub package: &'static str,
    pub reason: &'static str,
}

const GTK3: &str = "Tauri 2 的窗口在 Linux 上用 GTK 3，只有这一套绑定；只是没有人再维护，没有已知漏洞，Tauri 换到 GTK 4 时一起换掉";

/// What is lived with. That nobody looks after a package is no hole: it is looked at again with each snapshot.
pub const JUDGED: &[Judged] = &[
    Judged { id: "RUSTSEC-2024-0411", package: "gdkwayland-sys", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0412", package: "gdk", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0413", package: "atk", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0414", package: "gdkx11-sys", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0415", package: "gtk", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0416", package: "atk-sys", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0417", package: "gdkx11", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0418", package: "gdk-sys", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0419", package: "gtk3-macros", reason: GTK3 },
    Judged { id: "RUSTSEC-2024-0420", package: "gtk-sys", reason: GTK3 },
    Judged {
        id: "RUSTSEC-2024-0429",
        package: "glib",
        reason: "出错的只是 VariantStrIter 的迭代，由 Variant::array_iter_str 得到；锁定的依赖中除 glib 自己外没有一处用到，本项目也不直接依赖 glib",
    },
    Judged { id: "RUSTSEC-2024-0370", package: "proc-macro-error", reason: "只在编译 GTK 3 的宏时运行，不进入程序" },
    Judged { id: "RUSTSEC-2024-0436", package: "paste", reason: "只在编译时展开名字，不进入程序，功能早已完整" },
];

/// A sentence for each advisory that speaks of a locked package and was not judged, and for each judgement that applies no longer.
pub fn problems(advisories: &[Advisory], packages: &[Package]) -> Vec<String> {
    against(advisories, packages, JUDGED)
}

fn against(advisories: &[Advisory], packages: &[Package], judged: &[Judged]) -> Vec<String> {
    let found = || {
        let each = |advisory| packages.iter().map(move |package: &Package| (advisory, package));
        advisories
            .iter()
            .flat_map(each)
            .filter(|(advisory, package): &(&Advisory, &Package)| advisory.speaks_of(&package.name, &package.version))
    };
    let is = |judged: &Judged, advisory: &Advisory| judged.id == advisory.id && judged.package == advisory.package;
    let mut problems: Vec<String> = found()
        .filter(|(advisory, _)| match advisory.about {
            About::Vulnerability => true,
            About::Unsound | About::Unmaintained => !judged.iter().any(|judged| is(judged, advisory)),
            About::Notice => false,
        })
        .map(|(advisory, package)| {
            format!("{} {} {}：{}（{}）", advisory.id, package.name, package.version, advisory.title, advisory.about.word())
        })
        .collect();
    let idle = judged.iter().filter(|judged| !found().any(|(advisory, _)| is(judged, advisory)));
    problems.extend(idle.map(|judged| format!("{} 对 {} 已不适用，请从评估清单中删去", judged.id, judged.package)));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Result;
    use semver::Version;

    fn advisory(about: &str) -> Result<Advisory> {
        Advisory::parse(&format!("X-1\tabacus\t2030-01-02\t{about}\t>=2.0.0\t<1.0.0\tBeads lost"))
    }

    #[test]
    fn a_hole_is_always_told_and_the_rest_unless_it_was_judged() -> Result<()> {
        let locked = |version: &str| -> Result<Package> {
            Ok(Package { name: "abacus".into(), version: version.parse::<Version>()?, source: None, checksum: None })
        };
        let judged = [Judged { id: "X-1", package: "abacus", reason: "counted by hand" }];
        let told = |about: &str, version: &str, judged: &[Judged]| -> Result<usize> {
            Ok(against(&[advisory(about)?], &[locked(version)?], judged).len())
        };
        for (about, unjudged, lived_with) in [("vulnerability", 1, 1), ("unsound", 1, 0), ("unmaintained", 1, 0), ("notice", 0, 0)] {
            assert_eq!((told(about, "1.5.0", &[])?, told(about, "1.5.0", &judged)?), (unjudged, lived_with), "{about}");
        }
        assert_eq!((told("unsound", "2.0.0", &[])?, told("unsound", "2.0.0", &judged)?), (0, 1), "what no longer applies goes");
        Ok(())
    }

    #[test]
    fn every_judgement_has_its_reason() {
        assert!(JUDGED.iter().all(|judged| judged.reason.chars().count() >= 12));
    }
}
