//! ClickHouse servers of our own: in temporary folders, on free ports of loopback, killed and started again by tests, gone with their values.

use std::ffi::OsStr;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "secret#1";
/// Names a Python that has `chdb`, for the newest engine instead of Debian's server; `cargo xtask clickhouse-current` sets it.
const CURRENT: &str = "SONAE_TEST_CLICKHOUSE_CURRENT";

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    protected: u16,
    child: Option<Child>,
}

/// The program that `cargo xtask test` found or installed.
fn program() -> String {
    std::env::var("SONAE_TEST_CLICKHOUSE").unwrap_or_else(|_| {
        panic!("SONAE_TEST_CLICKHOUSE is not set; run the tests with `cargo xtask test`, which brings ClickHouse")
    })
}

fn debian(server: &Server) -> Command {
    let mut command = Command::new(program());
    let config = server.folder.join("config.xml");
    command.arg(format!("--config-file={}", config.display()));
    command.current_dir(&server.folder);
    command
}

/// The newest engine in process, behind a small server of ours.
fn current(python: &OsStr, server: &Server) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/current.py");
    let mut command = Command::new(python);
    command
        // It would read the other server's configuration in its folder.
        .current_dir(server.folder.join("tmp"))
        .arg(script)
        .arg(server.port.to_string())
        .arg(server.folder.join("data"))
        .arg(PASSWORD)
        .args(std::env::var_os("SONAE_TEST_CLICKHOUSE_STATEMENTS"));
    command
}

fn free_ports<const N: usize>() -> [u16; N] {
    // All are held until all are known, so that they differ.
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

pub(crate) fn folder(what: &str) -> PathBuf {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("sonae-{what}-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Waits until the program listens; false when it ended instead.
fn listening(child: &mut Child, port: u16, what: &str) -> bool {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} does not come up");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    true
}

impl Server {
    /// Starts a server; `keeper` is the port of ZooKeeper where it has replicas.
    pub(crate) fn start(keeper: Option<u16>) -> Server {
        let folder = folder("clickhouse");
        let [http, https, tcp, between] = free_ports();
        for name in ["data", "tmp"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        let at = folder.display();
        let tls = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/tls");
        let tls = tls.display();
        let keeper = keeper.map_or_else(String::new, |port| {
            format!("<zookeeper><node><host>127.0.0.1</host><port>{port}</port></node><session_timeout_ms>4000</session_timeout_ms></zookeeper>")
        });
        let config = format!(
            "<yandex><logger><level>warning</level><log>{at}/log</log><errorlog>{at}/errors</errorlog></logger>
             <listen_host>127.0.0.1</listen_host><http_port>{http}</http_port><https_port>{https}</https_port><tcp_port>{tcp}</tcp_port>
             <interserver_http_port>{between}</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
             <path>{at}/data/</path><tmp_path>{at}/tmp/</tmp_path><users_config>users.xml</users_config>
             <default_profile>default</default_profile><default_database>default</default_database>
             <openSSL><server><certificateFile>{tls}/server.pem</certificateFile><privateKeyFile>{tls}/server.key.pem</privateKeyFile>
             <verificationMode>none</verificationMode><loadDefaultCAFile>false</loadDefaultCAFile>
             <disableProtocols>sslv2,sslv3</disableProtocols></server></openSSL>
             <mark_cache_size>67108864</mark_cache_size><timezone>UTC</timezone>{keeper}</yandex>"
        );
        let users = format!(
            "<yandex><profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
             <users><default><password>{PASSWORD}</password><networks><ip>127.0.0.1</ip></networks>
             <profile>default</profile><quota>default</quota></default></users>
             <quotas><default></default></quotas></yandex>"
        );
        fs::write(folder.join("config.xml"), config).unwrap();
        fs::write(folder.join("users.xml"), users).unwrap();
        let mut server = Server {
            folder,
            port: http,
            protected: https,
            child: None,
        };
        server.up();
        server
    }

    /// Starts the server again after it was killed.
    pub(crate) fn up(&mut self) {
        assert!(
            self.started(),
            "clickhouse-server ended: {}",
            self.last_words()
        );
    }

    /// What it wrote as error last.
    fn last_words(&self) -> String {
        let errors = fs::read_to_string(self.folder.join("errors")).unwrap_or_default();
        let lines: Vec<&str> = errors.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn started(&mut self) -> bool {
        let mut command = match std::env::var_os(CURRENT) {
            Some(python) => current(&python, self),
            None => debian(self),
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = self.child.insert(child.unwrap());
        // Its ports open one after the other; the newest engine has no protected one.
        let protected = std::env::var_os(CURRENT).is_none();
        let ports = [Some(self.port), protected.then_some(self.protected)];
        let mut ports = ports.into_iter().flatten();
        ports.all(|port| listening(child, port, "clickhouse-server"))
    }

    /// SIGKILL, at whatever it is doing.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Where it is spoken to through TLS.
    pub(crate) fn protected(&self) -> String {
        format!("127.0.0.1:{}", self.protected)
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// The URL of a cluster: shards, each with its replicas.
pub(crate) fn url(shards: &[Vec<String>], database: &str, options: &str) -> String {
    let shards: Vec<String> = shards.iter().map(|replicas| replicas.join("|")).collect();
    let password = PASSWORD.replace('#', "%23");
    format!(
        "clickhouse://default:{password}@{}/{database}{options}",
        shards.join(",")
    )
}

/// ZooKeeper of Debian's package, by which replicas agree.
pub(crate) struct Keeper {
    folder: PathBuf,
    pub(crate) port: u16,
    child: Child,
}

impl Keeper {
    pub(crate) fn start() -> Keeper {
        let folder = folder("zookeeper");
        let [port] = free_ports();
        let config = format!(
            "tickTime=500\ndataDir={}\nclientPort={port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\nmaxClientCnxns=100\n",
            folder.join("data").display()
        );
        fs::write(folder.join("zoo.cfg"), config).unwrap();
        let child = Command::new("java")
            .args([
                "-Xmx256m",
                "-cp",
                "/etc/zookeeper/conf:/usr/share/java/zookeeper.jar",
            ])
            .arg("org.apache.zookeeper.server.ZooKeeperServerMain")
            .arg(folder.join("zoo.cfg"))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.expect("java, which comes with Debian's zookeeperd");
        assert!(listening(&mut child, port, "zookeeper"), "zookeeper ended");
        Keeper {
            folder,
            port,
            child,
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}
