//! HAProxy in front of the nodes: it asks each whether it is ready and leaves out who is not.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::office::{Folder, pause};

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Proxy {
    child: Child,
    _folder: Folder,
}

impl Proxy {
    pub(super) fn start(front: SocketAddr, nodes: &[SocketAddr]) -> Proxy {
        let program = std::env::var("SONAE_TEST_HAPROXY").unwrap_or_else(|_| {
            panic!("SONAE_TEST_HAPROXY is not set; run the tests with `cargo xtask test`, which finds or installs HAProxy")
        });
        let folder = Folder::new();
        let config = folder.file("haproxy.cfg");
        fs::write(&config, configuration(front, nodes)).expect("writable");
        let child = Command::new(program)
            .args(["-f", &config, "-db"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("HAProxy starts");
        let asked = Instant::now();
        while TcpStream::connect(front).is_err() {
            assert!(asked.elapsed() < PATIENCE, "HAProxy does not listen");
            pause(Duration::from_millis(20));
        }
        Proxy {
            child,
            _folder: folder,
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// As the manual shows it, with quicker checks. A request is given to another node only when the first could not be reached at all:
/// what a node may have begun is never sent twice by the proxy.
fn configuration(front: SocketAddr, nodes: &[SocketAddr]) -> String {
    let servers = nodes.iter().enumerate();
    let servers: String = servers
        .map(|(index, address)| {
            format!("  server node{index} {address} check inter 200ms fall 1 rise 1\n")
        })
        .collect();
    format!(
        "global\n  maxconn 500\n\
         defaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n  \
         option redispatch\n  retries 2\n  option forwardfor\n\
         frontend front\n  bind {front}\n  default_backend nodes\n\
         backend nodes\n  balance roundrobin\n  option httpchk GET /readyz\n{servers}"
    )
}
