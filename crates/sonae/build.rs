//! Rebuilds the program when a programme folder gains or loses a file; the compiler itself only watches known files.

fn main() {
    println!("cargo::rerun-if-changed=../../programs");
    println!("cargo::rerun-if-changed=build.rs");
}
