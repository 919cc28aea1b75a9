//! Full numbers of people that leave the sealed store: for what somebody may ask, how many one person may take alone, and how long a file
//! stays where the desk put it.

/// Files lie in a desk's export folder for so many days.
pub const DAYS_HERE: u32 = 7;
