//! The mathematics of record linkage: which records tell of the same person, and how sure that is.
//!
//! Records in, evidence out. Nothing here reads a database or knows what a customer is.
