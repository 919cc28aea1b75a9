//! Helpers of the suites: real programs on real folders, a browser, a window. No assertion about the
//! product lives here.

pub mod browser;
pub mod canteen;
pub mod crowd;
pub mod data_dictionary;
pub mod device;
pub mod disk;
pub mod fuzz;
pub mod history;
pub mod hostile;
pub mod lacking;
pub mod photo;
pub mod program;
pub mod proxy;
pub mod records;
