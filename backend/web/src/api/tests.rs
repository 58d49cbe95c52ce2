//! The API through every guard, over a real store.
