//! Files that a tracing policy shows mapped to be run: libraries, most of them. Refuses files that were merely opened or
//! read, mappings of which the policy does not record the protection, and those that were not let happen. What the sensor
//! of loaded files says (`process_loader`) counts for nothing either: it speaks of a file that is mapped to be read as of
//! one that is to be run.

use super::evidence::IDLE;
use super::wire::{Argument, Hook};
use crate::json::Number;

/// The kernel's check of a mapping, as a function and as a hook of its security modules. The file comes first, then the
/// protection.
const MAPPING: [&str; 2] = ["security_mmap_file", "mmap_file"];
/// The bit of a protection by which the mapping can be run.
const EXECUTABLE: u64 = 4;
/// All bits of a protection. A larger number is something else: the flags of a mapping.
const PROTECTION: u64 = 7;

/// The path of a file that was mapped to be run.
pub(super) fn of_hook<'h>(hook: &'h Hook<'_>) -> Option<&'h str> {
    let let_be = hook.action.filled().is_none_or(|action| IDLE.contains(&action));
    let allowed = hook.answer.as_ref().is_none_or(|answer| number(answer) == Some(0));
    if !let_be || !allowed || !MAPPING.contains(&&*hook.function_name) {
        return None;
    }
    let mut arguments = hook.args.iter();
    let file = arguments.find_map(|argument| argument.file_arg.as_ref())?;
    let protection = arguments.find_map(number)?;
    let runs = protection <= PROTECTION && protection & EXECUTABLE != 0;
    file.path.filled().filter(|_| runs && file.flags.is_empty())
}

/// The number that an argument is. What is below nothing is none.
fn number(argument: &Argument<'_>) -> Option<u64> {
    let kinds = [argument.int_arg, argument.uint_arg, argument.long_arg, argument.size_arg];
    kinds.into_iter().find_map(Number::whole)
}
