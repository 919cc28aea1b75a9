//! The suites that cross the crates: the scripts' contract, faults, convergence, browser and window.
//! One binary, so that it links once.
#![allow(clippy::unwrap_used)]

mod canaries;
mod capabilities;
mod concern;
mod conflicts;
mod contract;
mod controls;
mod convergence;
mod data_dictionary;
mod demo;
mod faults;
mod folders;
mod forms;
mod glossary;
mod kitchen;
mod lists;
mod live;
mod menu;
mod recorded;
mod rights;
mod runs;
mod screens;
mod sealing;
mod security_paper;
mod simulation;
mod standing;
mod tidy;
mod words;
