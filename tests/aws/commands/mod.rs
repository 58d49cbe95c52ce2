//! `plimsoll sync`, `work`, `check --sources` and `collect` as processes, against the emulator.

mod check;
mod collect;
mod kill;
mod refusals;
mod sync;
mod workers;
mod world;
