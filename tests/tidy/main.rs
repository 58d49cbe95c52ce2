//! Tidy tests.
fn main(){}
