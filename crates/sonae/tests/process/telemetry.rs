//! Lines of devices, whatever happens to the program while they come in: afterwards figures equal the generated truth, and `verify` is clean.

mod documents;
mod full_disk;
mod import;
mod load;
mod push;
mod two_nodes;
mod ways_in;
