//! What tests need from the system: installed when we are root on Debian, otherwise named clearly.

use std::path::PathBuf;
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

/// The first of these programs that stands in `PATH` or among the system's servers.
pub(crate) fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    // Servers stand where the path of ordinary users does not lead.
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .flat_map(|folder| programs.iter().map(move |program| folder.join(program)))
        .find(|program| program.is_file())
}

/// Where one of these programs stands; Debian's packages are installed when it is missing.
///
/// # Errors
/// As [`install`].
pub(crate) fn need(programs: &[&str], packages: &[&str]) -> Result<PathBuf, String> {
    if let Some(found) = find(programs) {
        return Ok(found);
    }
    install(packages)?;
    find(programs).ok_or_else(|| {
        format!(
            "{} cannot be found, even with {} installed",
            programs.join(" or "),
            packages.join(" ")
        )
    })
}
