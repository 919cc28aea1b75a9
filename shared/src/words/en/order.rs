//! Orders: taking them, cut-off, late entry, outcomes.

use crate::fault::Warning;
use crate::kinds::OrderState;
use crate::rule::order::OrderWarning;
use crate::words::Told;

/// One warning before an order is saved; a sentence without its end.
#[must_use]
pub fn warning(warning: &OrderWarning) -> String {
    match warning {
        OrderWarning::Standing { number } => format!("This elder already has order {number} for this meal"),
        OrderWarning::AfterCutOff { cut_off } => {
            format!(
                "The cut-off of this meal was {}; saved now, it counts as a late entry and needs a reason",
                cut_off.strftime("%-d %b at %H:%M")
            )
        }
        OrderWarning::Resting { name } => format!("The canteen rests on that day ({name})"),
        OrderWarning::NotActive { status } => format!("The file of this elder is “{}”", status.label().en),
    }
}

/// The warnings are to be confirmed.
#[must_use]
pub fn confirm(warnings: &[Warning]) -> (String, &'static str) {
    let words: Vec<&str> = warnings.iter().map(|one| one.english.as_str()).collect();
    (format!("{}.", words.join("; ")), "If that is right, save once more.")
}

pub const LATE_WITHOUT_REASON: Told = ("A late entry needs a reason.", "Say why it is entered late, “computer broken” for instance.");
pub const DAY_TOO_FAR: Told = ("The day is too far from today.", "Check the day: at most 31 days ahead, late entries within 60 days.");
pub const OUTCOME_OF_ANOTHER_MODE: Told = (
    "This outcome does not fit how the meal is taken.",
    "“Picked up” is for meals that are fetched; delivered meals have the outcome of the delivery.",
);
pub const ENDED: Told = ("This order has ended already.", "Refresh and look at its state.");
pub const NOT_DELIVERED_WITHOUT_REASON: Told = ("It was not delivered, but the reason is missing.", "Choose a reason.");

/// When a meal closes, and how long that is.
#[must_use]
pub fn closes(clock: &str, left: Option<&str>) -> String {
    left.map_or_else(|| format!("cut-off {clock}"), |left| format!("cut-off {clock}, {left} left"))
}

pub const WHICH_MEAL: &str = "Meal";
pub const TAKEN: &str = "Taken";
pub const LATE_ENTRY: &str = "Late entry";
pub const START_DELIVERY: &str = "Start delivery";
pub const CANCEL_ORDER: &str = "Cancel order";
pub const CANCEL_FOR_SURE: &str = "Press again to cancel it";
pub const WHOLE_DAY: &str = "All day";
pub const NONE_FITS: &str = "No order fits. Press Esc to clear the filters.";

#[must_use]
pub fn now_stands(state: OrderState) -> String {
    format!("It is now “{}”.", state.label().en)
}

pub const NONE_HERE: &str = "No orders match here.";
pub const NOT_HERE: Told = ("There is no such order here.", "Refresh and look again.");
