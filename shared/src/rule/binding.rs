//! 绑定: who may send an elder to which canteen, and which day the former binding ends on (requirement B1).

use crate::division;
use jiff::civil::Date;

/// What the desk knows when an elder is to eat elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct MoveFacts<'a> {
    /// Code of the desk's canteen; none at a township office.
    pub desk_canteen: Option<&'a str>,
    /// The division of the desk's scope.
    pub desk_division: &'a str,
    /// The canteen the elder eats at now; its division is empty where it is not known here.
    pub from: Option<Site<'a>>,
    /// The canteen to be.
    pub to: Site<'a>,
}

/// A canteen and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    /// Its code.
    pub canteen: &'a str,
    /// Its town or village.
    pub division: &'a str,
}

/// Why the elder stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveRefusal {
    /// The elder eats there already.
    #[error("bound there already")]
    Same,
    /// A canteen sends nobody to another one, and takes nobody away from one.
    #[error("a canteen moves nobody")]
    OfTheTown,
    /// One of the canteens lies outside of the office's division.
    #[error("a canteen outside of the scope")]
    Outside,
}

/// Whether the elder may be bound to `facts.to`: an office moves elders between the canteens of its
/// division; a canteen may only take in an elder who has none.
///
/// # Errors
/// [`MoveRefusal`]
pub fn bind(facts: &MoveFacts<'_>) -> Result<(), MoveRefusal> {
    if facts.from.is_some_and(|from| from.canteen == facts.to.canteen) {
        return Err(MoveRefusal::Same);
    }
    if let Some(own) = facts.desk_canteen {
        return if facts.from.is_none() && facts.to.canteen == own { Ok(()) } else { Err(MoveRefusal::OfTheTown) };
    }
    let inside = |site: Site<'_>| division::within(site.division, facts.desk_division);
    if inside(facts.to) && facts.from.is_none_or(inside) { Ok(()) } else { Err(MoveRefusal::Outside) }
}

/// The last day of a binding that began on `since` when the next one begins `today`: the day before,
/// never before it began.
#[must_use]
pub fn last_day(since: Date, today: Date) -> Date {
    today.yesterday().unwrap_or(today).max(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn who_may_send_whom_where() {
        let site = |canteen, division| Site { canteen, division };
        let (near, next, far) = (site("C001", "445381001"), site("C002", "445381001008"), site("C003", "445381106"));
        let office = |from, to| bind(&MoveFacts { desk_canteen: None, desk_division: "445381001", from, to });
        let canteen = |from, to| bind(&MoveFacts { desk_canteen: Some("C001"), desk_division: "445381001", from, to });
        for (what, found, expect) in [
            ("within the town", office(Some(near), next), Ok(())),
            ("an elder without a canteen", office(None, near), Ok(())),
            ("there already", office(Some(near), near), Err(MoveRefusal::Same)),
            ("into another town", office(Some(near), far), Err(MoveRefusal::Outside)),
            ("out of another town", office(Some(far), near), Err(MoveRefusal::Outside)),
            ("out of a canteen not known here", office(Some(site("C009", "")), near), Err(MoveRefusal::Outside)),
            ("a canteen takes in who has none", canteen(None, near), Ok(())),
            ("a canteen sends away", canteen(Some(near), next), Err(MoveRefusal::OfTheTown)),
            ("a canteen takes away", canteen(Some(next), near), Err(MoveRefusal::OfTheTown)),
            ("a canteen binds for another", canteen(None, next), Err(MoveRefusal::OfTheTown)),
        ] {
            assert_eq!(found, expect, "{what}");
        }
    }

    #[test]
    fn a_binding_ends_the_day_before_the_next() {
        let today = date(2026, 11, 22);
        assert_eq!(last_day(date(2026, 1, 5), today), date(2026, 11, 21));
        assert_eq!(last_day(today, today), today, "bound this morning by mistake");
    }
}
