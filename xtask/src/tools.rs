//! What tests need from the system: installed when we are root on Debian, otherwise named clearly.

use std::process::Command;

/// Installs Debian packages.
///
/// # Errors
/// We may not install, or the installation failed; the message says what to install by hand.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    if !crate::postgres::can_install() {
        return Err(format!(
            "please install these packages and run again: {}",
            packages.join(" ")
        ));
    }
    eprintln!("xtask: installing {}", packages.join(" "));
    let apt = |arguments: &[&str]| {
        let status = Command::new("apt-get")
            .args(["-qq", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::process::Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    // An old list of packages names versions that are gone, so it is renewed first; without network the old one may still do.
    apt(&["update"]);
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    if apt(&arguments) {
        Ok(())
    } else {
        Err(format!("apt-get could not install {}", packages.join(" ")))
    }
}
