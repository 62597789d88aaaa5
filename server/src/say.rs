//! What a command says.

/// Says a line to whoever typed a command.
#[expect(
    clippy::print_stdout,
    reason = "the command's answer to the person who typed it"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
