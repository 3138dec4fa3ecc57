//! What is written for people: the pages of the rules, the outputs that pages show, and the README.

mod links;
mod maps;
mod pages;
mod readme;

#[path = "../repository/mod.rs"]
mod repository;
